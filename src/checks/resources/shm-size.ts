import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { shmProbe } from "../../probes/shm.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCheck, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { finding } from "../words.ts";
import { demandFor } from "./floors.ts";
import { intro, words } from "./shm-size-words.ts";

export const shmSize = defineCheck({
	id: "shm/size",
	title: "Shared memory is as large as the profile asks for",
	intro,
	reasons: words,
	needs: { shm: shmProbe, container: containerProbe, job: jobProbe },
	applies: (policy) => policy.shm !== undefined,
	judge({ shm, container, job }, policy): Verdict<"small"> {
		const floor = policy.shm ?? 0;
		const small = {
			floor,
			demand: demandFor("shm", formatBytes(floor), policy),
			situation: situationOf(container, job),
		};
		switch (shm.kind) {
			case "not-linux":
				return { kind: "skip", reason: "not-applicable", message: "`/dev/shm` exists on Linux only." };
			case "unreadable":
				return {
					kind: "undecided",
					message: `The size of \`/dev/shm\` cannot be read: ${shm.code}.`,
					evidence: [{ source: "statfs /dev/shm", text: shm.code }],
				};
			case "absent":
				return finding(
					words,
					"small",
					{ ...small, size: undefined },
					{ observed: "absent", evidence: [{ source: "statfs /dev/shm", text: "ENOENT" }] },
				);
			case "measured":
				break;
		}
		const size = formatBytes(shm.totalBytes);
		const evidence = [{ source: `${shm.source} /dev/shm`, text: `${formatBytes(shm.freeBytes)} free of ${size}` }];
		// Mounted with `size=0`, it has no limit of its own, and reports no size.
		if (shm.totalBytes === 0) return { kind: "pass", message: "`/dev/shm` is limited only by memory", evidence };
		if (shm.totalBytes >= floor) {
			return { kind: "pass", message: `\`/dev/shm\` has ${size} (${formatBytes(floor)} asked for)`, evidence };
		}
		return finding(words, "small", { ...small, size: shm.totalBytes }, { observed: size, evidence });
	},
});
