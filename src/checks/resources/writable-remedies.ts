import type { ContainerFacts } from "../../probes/container.ts";
import type { WritableFacts, WritablePlace } from "../../probes/writable.ts";
import type { Remedy } from "../check.ts";
import { shellQuote } from "../docker/words.ts";

export type Trouble = "read-only" | "not-writable" | "no-space";

/** The way out, for a job container or for the host. */
export function remedyOf(
	trouble: Trouble,
	place: WritablePlace,
	facts: WritableFacts,
	container: ContainerFacts,
): Remedy {
	const path = shellQuote(place.directory ?? place.path);
	const inContainer = container.mode === "container";
	switch (trouble) {
		case "read-only":
			return {
				text: inContainer
					? "Look for `:ro` at a volume, or `--read-only`, in `container.options` of the runner's `config.yaml` and in the job's `container`. If neither is there, the disk of the runner's host went read-only."
					: "See how it is mounted. A disk that the kernel made read-only after an error says so in its log, and wants a check before it is used again.",
				commands: inContainer
					? [`findmnt --target ${path}`]
					: [`findmnt --target ${path}`, "sudo dmesg | grep -iE 'remount|I/O error|EXT4-fs error' | tail"],
				kind: inContainer ? "runner" : "host",
				otherwise: {
					text: "A service of systemd sees the system read-only where its unit says `ProtectSystem=` or `ProtectHome=`: let it write there.",
					config: { file: "gitea-runner.service", language: "ini", text: `[Service]\nReadWritePaths=${place.path}` },
					kind: "host",
				},
			};
		case "no-space":
			return {
				text: "Free some space, or raise the quota where there is one. Look at inodes too: without a free one no file can be made, however much space there is.",
				commands: [`df -h ${path}`, `df -i ${path}`, `sudo du -xh --max-depth=3 ${path} | sort -h | tail -20`],
				kind: "host",
			};
		case "not-writable":
			return permissionRemedy(path, place, facts, inContainer);
	}
}

function permissionRemedy(
	path: string,
	place: WritablePlace,
	{ uid, gid }: WritableFacts,
	inContainer: boolean,
): Remedy {
	if (uid === 0) {
		return {
			text: "Even root is refused, so it is no matter of permission bits: NFS with `root_squash`, a user namespace that does not map the owner, or SELinux or AppArmor. See which.",
			commands: [`ls -ldn ${path}`, `findmnt --target ${path}`, "cat /proc/self/uid_map"],
			kind: "host",
		};
	}
	const owner = uid === undefined ? "<user>" : `${uid}:${gid ?? uid}`;
	const leftover = "Mostly these are leftovers of a container that ran as root in this directory.";
	if (inContainer && place.name === "home") {
		const user = `-o ${uid} -g ${gid ?? uid}`;
		return {
			text: `Give the image a home that its user owns, and name it in the Dockerfile: \`RUN install -d ${user} /home/ci\` and \`ENV HOME=/home/ci\`.`,
			kind: "image",
		};
	}
	return {
		text: `${leftover} Give the directory to the job's user${inContainer ? ", on the runner's host if it is mounted from there" : ""}.`,
		commands: [`ls -ldn ${path}`, `sudo chown -R ${owner} ${path}`],
		kind: "host",
		otherwise: inContainer
			? { text: "Or let the job run as the directory's owner: `--user` in `container.options`.", kind: "runner" }
			: {
					text: 'So that it does not happen again, let containers that write into the workspace run as its owner: `docker run --user "$(id -u):$(id -g)"`.',
					kind: "workflow",
				},
	};
}
