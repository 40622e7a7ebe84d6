import type { WritableFacts, WritablePlace } from "../../probes/writable.ts";
import { formatBytes } from "../../report/units.ts";
import type { Remedy } from "../check.ts";
import { addOption, restartRunner, runnerService, type Situation, serviceLines } from "../docker/situation.ts";
import { lookAt } from "../find-out.ts";
import { code, listed, octal, shellQuote, shortTitle, systemdText, upperFirst } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { leftoverWords } from "./fs-leftovers-words.ts";
import { noExecWords } from "./fs-noexec-words.ts";
import { isOfSystem, placeName, placeWithPath } from "./places.ts";

export interface Denied {
	/** The place to fix first. */
	readonly place: WritablePlace;
	/** Other places with the same problem. */
	readonly others: readonly WritablePlace[];
	/** What is free there nevertheless, in bytes, and the type of the file system. */
	readonly free?: { readonly bytes: number; readonly fsType: string | undefined };
	/** The job's user; without numbers where the platform has none. */
	readonly user: Pick<WritableFacts, "uid" | "gid">;
	readonly situation: Situation;
}

export const intro =
	"Writes a few bytes to an unnamed file in the workspace, the temporary directory (`RUNNER_TEMP`, else `/tmp`), the one of compilers and `mktemp` (`TMPDIR`, else `/tmp`) and the home directory. An empty file could be created on a full disk, so it writes bytes; an unnamed file leaves no trace. A home that is not set or does not exist is left out, and so is `/`, which Docker sets for a user without an entry in `/etc/passwd`.\n\nThen it reads whether the mounts of the workspace and the temporary directory permit programs (`noexec`), and whether a user other than root can remove what earlier jobs left in the workspace.\n\nIf a file system does not answer, or fails with another error (`EIO`), the result is `error`.";

const expected = "new files can be written";

export const words = {
	"read-only": reason<Denied>({
		level: "fail",
		title: "A directory of the job is read-only",
		headline: ({ place }) => titleOf(place, "is on a read-only file system", "A directory of the job is read-only"),
		why: "Checkout, compilers and caches write there. The job stops at its first file with `Read-only file system`.",
		expected,
		tell: (seen) => ({
			what: `${namesOf(seen)} ${verbOf(seen)} on a read-only file system.`,
			fix: fixReadOnly(seen),
		}),
	}),
	"not-writable": reason<Denied>({
		level: "fail",
		title: "Permission denied in a directory of the job",
		headline: ({ place }) =>
			place.missing
				? titleOf(place, "does not exist", "A directory of the job does not exist")
				: shortTitle(`Permission denied in ${placeName(place.name)}`, "Permission denied in a directory of the job"),
		why: ({ place }) =>
			place.missing
				? "Compilers and `mktemp` create temporary files there. They stop with `No such file or directory`."
				: `Checkout, compilers and caches write there. The job stops at its first file with \`${place.outcome === "EPERM" ? "Operation not permitted" : "Permission denied"}\`.`,
		expected,
		tell: (seen) => ({ what: whatIsDenied(seen), fix: fixPermissions(seen) }),
	}),
	"no-space": reason<Denied>({
		level: "fail",
		title: "A directory of the job is full",
		headline: ({ place, free }) => {
			if (isOverQuota(place)) return "The disk quota of the job's user is used up";
			return free
				? titleOf(place, "has free space but rejects data", "A directory of the job rejects data")
				: titleOf(place, "is full", "A directory of the job is full");
		},
		why: ({ place }) =>
			`The job stops at its first file with \`${isOverQuota(place) ? "Disk quota exceeded" : "No space left on device"}\`; some tools report \`I/O error\` or \`Bus error\` instead.`,
		expected,
		tell: (seen) => ({
			what: `${namesOf(seen)} ${tellFull(seen)}.`,
			fix: seen.free && !isOverQuota(seen.place) ? findWhatIsUsedUp(seen, seen.free) : freeSomeSpace(seen),
		}),
		more: "If `disk/free` or `disk/inodes` already fails for this file system, this check is skipped as `needs:disk/free` or `needs:disk/inodes`.",
	}),
	noexec: noExecWords,
	"foreign-files": leftoverWords,
};

function tellFull(seen: Denied): string {
	const { place, others, free } = seen;
	if (isOverQuota(place))
		return `${verbOf(seen)} full: not even a few bytes can be written, because the quota of the job's user is used up`;
	if (!free) return `${verbOf(seen)} full: not even a few bytes can be written`;
	return `${others.length === 0 ? "rejects" : "reject"} even a few bytes, although ${formatBytes(free.bytes)} are free`;
}

function isOverQuota({ outcome }: WritablePlace): boolean {
	return outcome === "EDQUOT";
}

function titleOf({ name }: WritablePlace, problem: string, general: string): string {
	return shortTitle(`${upperFirst(placeName(name))} ${problem}`, general);
}

function namesOf({ place, others }: Denied): string {
	return upperFirst(listed([place, ...others].map(({ name, path }) => placeWithPath(name, path))));
}

function verbOf({ others }: Denied): string {
	return others.length === 0 ? "is" : "are";
}

/** The directory that was tried, for a command. */
function triedPath({ place }: Denied): string {
	return shellQuote(place.directory ?? place.path);
}

function whatIsDenied(seen: Denied): string {
	const { place, user } = seen;
	if (place.missing) return `${upperFirst(placeWithPath(place.name, place.path))} does not exist.`;
	const { uid: owner, mode, directory, path } = place;
	const whose = directory === path || directory === undefined ? "Its owner" : `The owner of ${code(directory)}`;
	const rights = mode === undefined ? "" : `, its mode is ${code(octal(mode))}`;
	const ownership = owner === undefined ? "" : ` ${whose} is uid ${owner}${rights}.`;
	const who = user.uid === undefined ? "This job" : `This job runs as uid ${user.uid} and`;
	return `${who} cannot write to ${listed([place, ...seen.others].map((one) => placeWithPath(one.name, one.path)))}.${ownership}`;
}

function fixReadOnly(seen: Denied): Remedy {
	const { place, situation } = seen;
	const findMount = `findmnt --target ${triedPath(seen)}`;
	if (situation.inContainer) {
		return {
			text: "Look for `:ro` at a volume, or `--read-only`, in `container.options` of the runner's `config.yaml` and in the job's `container`. If you find neither, the disk of the runner's host is read-only.",
			commands: [findMount],
			kind: "runner",
		};
	}
	return {
		text: "Find out how it is mounted. The kernel makes a disk read-only after an error and logs it: check such a disk before you use it again.",
		commands: [findMount, "sudo dmesg | grep -iE 'remount|I/O error|EXT4-fs error' | tail"],
		kind: "host",
		otherwise: {
			text: "If the unit of the runner's service has `ProtectSystem=` or `ProtectHome=`, its jobs see parts of the system read-only: let it write to this directory.",
			...serviceLines(situation, `ReadWritePaths="${systemdText(place.path)}"`),
			kind: "host",
		},
	};
}

function freeSomeSpace(seen: Denied): Remedy {
	const path = triedPath(seen);
	return {
		text: "Free some space, or raise the quota if there is one. Check inodes as well: without a free one, no file can be created even if there is space.",
		commands: [`df -h ${path}`, `df -i ${path}`, `sudo du -xh --max-depth=3 ${path} | sort -h | tail -20`],
		kind: "host",
	};
}

/** There is space for data, and something else is used up. */
function findWhatIsUsedUp(seen: Denied, { fsType }: NonNullable<Denied["free"]>): Remedy {
	const path = triedPath(seen);
	if (fsType !== "btrfs") {
		return {
			text: "Find out what is used up: inodes, the quota of a directory, blocks that are reserved for root, or the space of the thin pool or btrfs underneath.",
			commands: [`df -h ${path}`, `df -i ${path}`, `findmnt --target ${path}`, "sudo dmesg | tail -n 20"],
			kind: "host",
		};
	}
	return {
		text: "btrfs has probably no room for metadata, because the whole disk is allocated to data. If so, `Device unallocated` in the first command is close to zero: remove snapshots or files that nobody needs, then let btrfs compact the data, which frees space. That slows the disk down while it runs.",
		commands: [`sudo btrfs filesystem usage ${path}`, `sudo btrfs balance start -dusage=10 ${path}`],
		kind: "host",
	};
}

function fixPermissions(seen: Denied): Remedy {
	const { place, user, situation } = seen;
	const { uid, gid } = user;
	const path = triedPath(seen);
	const look = `ls -ldn ${path}`;
	if (place.missing) return createTemp(seen);
	if (uid === 0) {
		return {
			text: "Find out what denies access to root, because permission bits do not: NFS with `root_squash`, a user namespace that does not map the owner, SELinux or AppArmor.",
			commands: [look, `findmnt --target ${path}`, "cat /proc/self/uid_map"],
			kind: "host",
		};
	}
	const directory = place.directory ?? place.path;
	if (place.uid !== undefined && place.uid === uid && !isOfSystem(directory)) {
		return {
			text: "Give the directory's mode write permission back. The job's user owns it.",
			commands: [look, `chmod u+rwx ${path}`],
			kind: "host",
		};
	}
	if (place.directory !== undefined && place.directory !== place.path && uid !== undefined) {
		return {
			text: "Create the directory for the job's user, who is not allowed to create it.",
			commands: [`sudo install -d -o ${uid} -g ${gid ?? uid} ${shellQuote(place.path)}`],
			kind: "host",
		};
	}
	if (place.name === "home") return ownHome(seen);
	if (isOfSystem(directory)) return leaveAlone(seen, directory, look);
	if (place.name === "temp") {
		return {
			text: "Open the directory to all users (mode 1777), as is usual for temporary files.",
			commands: [look, `sudo chmod 1777 ${path}`],
			kind: situation.inContainer ? "image" : "host",
		};
	}
	const asOwner = situation.inContainer ? { otherwise: runAsOwner(place, situation) } : {};
	if (uid === undefined || place.uid !== 0) {
		return {
			text: "Use a workspace that the job's user owns, or run the job as the owner of this one. It belongs to another user, so do not take it from them.",
			commands: [look],
			kind: "runner",
			...asOwner,
		};
	}
	return {
		text: `Give the directory to the job's user${situation.inContainer ? ", on the runner's host if it is mounted from there" : ""}. Usually a container that ran as root in this directory left its files behind.`,
		commands: [look, `sudo chown -R ${uid}:${gid ?? uid} ${path}`],
		kind: "host",
		otherwise: {
			text: 'To prevent it, run containers that write to the workspace as its owner: `docker run --user "$(id -u):$(id -g)"`.',
			kind: "workflow",
		},
		...asOwner,
	};
}

/** Compilers and `mktemp` use the directory that `TMPDIR` names, else `/tmp`, and do not create it. */
function createTemp({ place, user: { uid, gid }, situation }: Denied): Remedy {
	const path = shellQuote(place.path);
	const own = uid === undefined ? "-m 1777" : `-o ${uid} -g ${gid ?? uid}`;
	const command = place.path === "/tmp" ? `install -d -m 1777 ${path}` : `install -d ${own} ${path}`;
	const text =
		place.path === "/tmp"
			? "Create the directory, which every system has."
			: "Create the directory, or correct `TMPDIR` where it is set (`env:` in the workflow, `runner.envs`, the runner's service, the image).";
	return situation.inContainer
		? { text, config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${command}` }, kind: "image" }
		: { text, commands: [`sudo ${command}`], kind: "host" };
}

function runAsOwner({ uid, gid }: WritablePlace, situation: Situation): Omit<Remedy, "otherwise"> {
	const text = "Run the job as the directory's owner with `--user`.";
	return uid === undefined
		? { text, kind: "runner" }
		: { text, ...addOption(situation, `--user ${uid}:${gid ?? uid}`) };
}

function leaveAlone({ place, situation }: Denied, directory: string, look: string): Remedy {
	if (place.name !== "temp") {
		return {
			text: `Start the job in a workspace of its own: ${code(directory)} is a directory of the system, and must keep its owner and mode.`,
			commands: [look],
			kind: "runner",
		};
	}
	if (situation.inContainer) {
		return {
			text: `Find the instruction in the Dockerfile that changes ${code(directory)}, for example a \`COPY\` onto it: in the base image it has mode 1777, which lets all users write.`,
			commands: [look],
			kind: "image",
		};
	}
	return {
		text: `Restore the mode that the distribution gives ${code(directory)}, which is 1777 and lets all users write.`,
		commands: [look, `sudo systemd-tmpfiles --create --prefix=${shellQuote(directory)}`],
		kind: "host",
	};
}

/** The home of another user must not be given away: the job's user needs its own. */
function ownHome({ place, user, situation }: Denied): Remedy {
	const { uid, gid } = user;
	const text = `Set \`HOME\` to a directory of the job's user: ${code(place.path)} is another user's home.`;
	if (situation.inContainer) {
		return uid === undefined
			? { text, kind: "image" }
			: {
					text,
					config: {
						file: "Dockerfile",
						language: "dockerfile",
						text: `RUN install -d -o ${uid} -g ${gid ?? uid} /home/ci\nENV HOME=/home/ci`,
					},
					kind: "image",
				};
	}
	return {
		text: `${text} Look in the unit of the runner's service, and in the runner's configuration, for the line that sets it.`,
		commands: [
			...(uid === undefined ? [] : [`getent passwd ${uid} | cut -d: -f6   # the right home`]),
			`systemctl cat ${runnerService(situation)} | grep -i home`,
			...restartRunner(situation),
		],
		kind: "host",
	};
}

export const unknowns = {
	unknown: unknown<{ readonly places: readonly WritablePlace[] }>({
		title: "Unknown whether the job can write to its directories",
		headline: ({ places: [first] }) =>
			first === undefined
				? "Unknown whether the job can write"
				: shortTitle(`Unknown whether ${placeName(first.name)} is writable`, "Unknown whether a directory is writable"),
		why: "Steps that write there fail, or hang until the job's own timeout.",
		expected: "a file can be written",
		tell: ({ places }) => {
			const [first] = places;
			return {
				what: `Could not find out whether the job can write to ${places.map(problemOf).join(", and to ")}.`,
				fix: lookAt(first?.directory ?? first?.path ?? "/", first?.outcome ?? "EIO"),
			};
		},
	}),
};

function problemOf({ name, path, outcome }: WritablePlace): string {
	const problem = outcome === "ETIMEDOUT" ? "the file system does not answer" : outcome;
	return `${placeWithPath(name, path)} (${problem})`;
}
