import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type ShmFacts, shmProbe } from "../../probes/shm.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCheck, type Remedy, type Verdict } from "../check.ts";
import { addOption, type Situation, situationOf } from "../docker/situation.ts";
import { demandFor, mebibytes } from "./floors.ts";

const why =
	"Programs that share memory between processes (PyTorch's data loaders, Chromium, PostgreSQL) die of a bus error, or of `No space left on device`, when `/dev/shm` is full.";

export const shmSize = defineCheck({
	id: "shm/size",
	title: "Shared memory is as big as the profile asks for",
	reasons: { small: { level: "warn", summary: "`/dev/shm` is smaller than the profile asks for, or not there" } },
	needs: { shm: shmProbe, container: containerProbe, job: jobProbe },
	applies: (policy) => policy.shm !== undefined,
	judge({ shm, container, job }, policy): Verdict<"small"> {
		const floor = policy.shm ?? 0;
		const demand = demandFor("shm", formatBytes(floor), policy);
		const small = {
			kind: "finding",
			reason: "small",
			why,
			expected: `at least ${formatBytes(floor)}`,
			remedy: remedyOf(shm, floor, situationOf(container, job)),
		} as const;
		switch (shm.kind) {
			case "not-linux":
				return { kind: "skip", reason: "not-applicable", message: "Only Linux has `/dev/shm`." };
			case "unreadable":
				return {
					kind: "undecided",
					message: `The size of \`/dev/shm\` cannot be read: ${shm.code}.`,
					evidence: [{ source: "statfs /dev/shm", text: shm.code }],
				};
			case "absent":
				return {
					...small,
					message: `There is no \`/dev/shm\`; ${demand}.`,
					observed: "absent",
					evidence: [{ source: "statfs /dev/shm", text: "ENOENT" }],
				};
			case "measured":
				break;
		}
		const size = formatBytes(shm.totalBytes);
		const evidence = [{ source: `${shm.source} /dev/shm`, text: `${formatBytes(shm.freeBytes)} free of ${size}` }];
		// Made with `size=0`, it has no limit of its own, and counts nothing.
		if (shm.totalBytes === 0) return { kind: "pass", message: "`/dev/shm` is as big as memory is" };
		if (shm.totalBytes >= floor) {
			return { kind: "pass", message: `\`/dev/shm\` holds ${size} (${formatBytes(floor)} asked for)`, evidence };
		}
		return { ...small, message: `\`/dev/shm\` holds ${size}; ${demand}.`, observed: size, evidence };
	},
});

function remedyOf(shm: ShmFacts, floor: number, situation: Situation): Remedy {
	const size = mebibytes(floor);
	const option = `--shm-size=${size}`;
	if (situation.inRunnerContainer) {
		return {
			text: `This job runs on the runner's own system, and that is a container: start it anew with \`${option}\`.`,
			commands: [`docker run ${option} …`],
			kind: "host",
		};
	}
	if (situation.inContainer) {
		return {
			text: `Docker gives a container 64 MiB unless told otherwise. Write \`${option}\` into its options, beside what is there already; \`--ipc=host\` is no way, because a runner without \`privileged\` drops it.`,
			...addOption(situation, option),
		};
	}
	const fstab = `tmpfs /dev/shm tmpfs nosuid,nodev,size=${size} 0 0`;
	return {
		text: `It is a file system in memory, as big as it was made. Mount it ${shm.kind === "absent" ? "" : "bigger "}now, and write it into \`/etc/fstab\` for the next start.`,
		commands: [
			...(shm.kind === "absent"
				? ["sudo mkdir -p /dev/shm", `sudo mount -t tmpfs -o nosuid,nodev,size=${size} tmpfs /dev/shm`]
				: [`sudo mount -o remount,size=${size} /dev/shm`]),
			`echo '${fstab}' | sudo tee -a /etc/fstab`,
		],
		kind: "host",
	};
}
