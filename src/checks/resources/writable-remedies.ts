import type { ContainerFacts } from "../../probes/container.ts";
import type { WritableFacts, WritablePlace } from "../../probes/writable.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";

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
	const look = `ls -ldn ${path}`;
	if (place.uid !== undefined && place.uid === uid) {
		return {
			text: "The directory is the job's own, but its mode lets nobody write.",
			commands: [look, `chmod u+rwx ${path}`],
			kind: "host",
		};
	}
	const owner = uid === undefined ? undefined : `-o ${uid} -g ${gid ?? uid}`;
	if (place.directory !== undefined && place.directory !== place.path && owner !== undefined) {
		return {
			text: "The directory does not exist, and the job's user may not make it. Make it for that user.",
			commands: [`sudo install -d ${owner} ${shellQuote(place.path)}`],
			kind: "host",
		};
	}
	if (place.name === "home") return homeRemedy(place, owner, inContainer);
	if (place.name === "temp") {
		return {
			text: "A directory for temporary files belongs to everybody (mode 1777), or to the job's user alone.",
			commands: [look, `sudo chmod 1777 ${path}`],
			kind: inContainer ? "image" : "host",
		};
	}
	// Never tell anybody to give a directory of the system away: the job was started in a wrong place then.
	const ofSystem = /^\/[^/]*$/.test(place.directory ?? place.path);
	return {
		text: `Mostly these are leftovers of a container that ran as root in this directory. Give it to the job's user${inContainer ? ", on the runner's host if it is mounted from there" : ""}.`,
		commands: uid === undefined || ofSystem ? [look] : [look, `sudo chown -R ${uid}:${gid ?? uid} ${path}`],
		kind: "host",
		otherwise: inContainer
			? { text: "Or let the job run as the directory's owner: `--user` in `container.options`.", kind: "runner" }
			: {
					text: 'So that it does not happen again, let containers that write into the workspace run as its owner: `docker run --user "$(id -u):$(id -g)"`.',
					kind: "workflow",
				},
	};
}

/** The home of another user is not to be given away: the job's user needs one of its own. */
function homeRemedy(place: WritablePlace, owner: string | undefined, inContainer: boolean): Remedy {
	const text = `${code(place.path)} is another user's home. Name one of the job's own user.`;
	if (inContainer) {
		return {
			text,
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: `RUN install -d ${owner ?? "-o <uid> -g <gid>"} /home/ci\nENV HOME=/home/ci`,
			},
			kind: "image",
		};
	}
	return {
		text,
		config: { file: "gitea-runner.service", language: "ini", text: "[Service]\nEnvironment=HOME=/home/<user>" },
		commands: ["sudo systemctl edit gitea-runner", "sudo systemctl restart gitea-runner"],
		kind: "host",
	};
}
