import type { ContainerFacts } from "../../probes/container.ts";
import type { Remedy } from "../check.ts";
import { pruningLoses } from "../docker/situation.ts";
import { code, listed, shellQuote, shortTitle, upperFirst } from "../text.ts";
import { type ReasonWords, reason, unknown } from "../words.ts";
import { inodes, type LowLevel, type Quantity, space, type UnreadableLevel } from "./disk-levels.ts";
import { placeName, placeWithPath } from "./places.ts";
import { type Fillers, removeFillers, whoFills } from "./space-users.ts";

interface Low {
	/** The place that has the least of what it needs. */
	readonly level: LowLevel;
	/** Names of other places that are short as well. */
	readonly others: readonly string[];
	/** Who asks for it: "the profile `titan` asks for 40 GiB". */
	readonly demand: string;
	/** Places that cannot be measured. */
	readonly unread: readonly string[];
	readonly mode: ContainerFacts["mode"];
	/** What takes the most of the disk, if it was found out. */
	readonly fillers: Fillers | undefined;
}

interface Unreadable {
	readonly level: UnreadableLevel;
	readonly profile: string;
}

export interface DiskWords {
	readonly low: ReasonWords<Low>;
	readonly unreadable: ReasonWords<Unreadable>;
}

export const freeIntro =
	"Compares what an unprivileged user can still write, without the blocks that are reserved for root, with the floor. Sizes are in binary units: 1 GiB is 1024 MiB.";

export const inodesIntro =
	"Compares the free inodes with the floor. Every file and directory takes one, and ext4 has as many as it was created with. A file system that creates them as it needs them (btrfs, and an overlay on it) cannot run out: it passes, and the message says so.";

export const freeWords: DiskWords = {
	low: reason<Low>({
		level: "fail",
		title: "Too little disk space",
		headline: (seen) => titleOf("Too little disk space", seen, space),
		why: "A build that runs out of space stops halfway with `No space left on device`, or with an error that does not name the cause: compilers and linkers report a bus error or an I/O error, and Docker aborts a pull.",
		expected: ({ level }) => `at least ${space.format(level.floor)} free`,
		tell: (seen) => ({ what: whatIsLow(seen, space), fix: freeSpace(seen) }),
	}),
	unreadable: unreadable("free space", space),
};

export const inodesWords: DiskWords = {
	low: reason<Low>({
		level: "fail",
		title: "Too few free inodes",
		headline: (seen) => titleOf("Too few free inodes", seen, inodes),
		why: "Every file takes an inode. When they run out, jobs fail with `No space left on device` although `df -h` shows free space.",
		expected: ({ level }) => `at least ${inodes.format(level.floor)} free`,
		tell: (seen) => ({ what: whatIsLow(seen, inodes), fix: freeInodes(seen) }),
	}),
	unreadable: unreadable("number of free inodes", inodes),
};

function titleOf(title: string, { level }: Low, { format }: Quantity): string {
	const amounts = `(${format(level.free).replace(" inodes", "")} of ${format(level.floor).replace(" inodes", "")})`;
	return shortTitle(`${title} for ${placeName(level.name)} ${amounts}`, `${title} ${amounts}`);
}

function whatIsLow({ level, others, unread, demand, fillers }: Low, { format }: Quantity): string {
	const more =
		others.length === 0
			? ""
			: ` ${upperFirst(listed(others.map(placeName)))} ${others.length === 1 ? "is" : "are"} short as well.`;
	return `The file system of ${placeName(level.name)} has ${format(level.free)} free; ${demand}.${more}${unread.length === 0 ? "" : ` ${upperFirst(listed(unread.map(placeName)))} cannot be read.`}${whoFills(fillers)}`;
}

/** @param what `free space` */
function unreadable(what: string, { format }: Quantity): ReasonWords<Unreadable> {
	return reason<Unreadable>({
		level: "fail",
		title: `The ${what} cannot be read`,
		headline: ({ level }) =>
			shortTitle(`The ${what} of ${placeName(level.name)} cannot be read`, `The ${what} cannot be read`),
		why: "It is unknown whether a job has room there. Usually the path is wrong, closed to this user, or its file system is gone.",
		expected: ({ level }) => `at least ${format(level.floor)} free`,
		tell: ({ level: { name, place }, profile }) => ({
			what: `The ${what} of ${placeWithPath(name, place.path)} cannot be read: ${errorOf(place.code)}.`,
			fix: fixUnreadable(place, profile),
		}),
	});
}

function fixUnreadable({ path, code: errno }: UnreadableLevel["place"], profile: string): Remedy {
	const quoted = shellQuote(path);
	const findMount = `findmnt --target ${quoted}`;
	const orRemove = `If jobs do not need the place, remove it from \`disk\` in the profile ${code(profile)}.`;
	switch (errno) {
		case "ETIMEDOUT":
			return {
				text: "Check whether the server behind this file system answers, and mount it again.",
				commands: [findMount],
				kind: "host",
			};
		case "ENOENT":
			return {
				text: `Mount what belongs at this path, or correct the path. ${orRemove}`,
				commands: [`ls -ld ${quoted}`, `grep -nF ${quoted} /etc/fstab`],
				kind: "host",
			};
		default:
			return {
				text: `Look at what is at this path, and correct the path, its permissions or its mount. ${orRemove}`,
				commands: [`ls -ld ${quoted}`, `df ${quoted}`, findMount],
				kind: "host",
			};
	}
}

function errorOf(errno: string): string {
	switch (errno) {
		case "ETIMEDOUT":
			return "the file system does not answer";
		case "ENODATA":
			return "the file system reports no size";
		case "ENOENT":
			return "it does not exist (ENOENT)";
		default:
			return errno;
	}
}

/** Different things take the space on the host than in a container. */
function freeSpace({ level, mode, fillers }: Low): Remedy {
	const { place, name } = level;
	if (isInMemory(level)) return enlargeTmpfs(level, space, mode);
	const otherwise = lowerFloor(name, "min-free-disk");
	if (fillers) {
		const removal = removeFillers(fillers, "docker");
		const path = shellQuote(place.mount?.target ?? place.path);
		const rest =
			mode === "host"
				? [`sudo du -xh --max-depth=3 ${path} | sort -h | tail -20   # what else is here`]
				: ["docker system df"];
		return { ...removal, commands: [...(removal.commands ?? []), ...rest], otherwise };
	}
	if (name === "docker-root" || mode === "container") {
		return {
			text: `${name === "docker-root" ? "" : "A container job's disk is on the runner's host, usually in Docker's data directory. "}Unused images and build cache fill it first. See how much they take, and remove those that are unused and older than a week. ${pruningLoses("docker")}`,
			commands: [
				"docker system df",
				"docker builder prune --filter until=168h",
				"docker image prune --all --filter until=168h",
			],
			kind: "host",
			otherwise,
		};
	}
	const path = shellQuote(place.measuredAt ?? place.path);
	return {
		text: "Find out what takes the space, and remove what is no longer needed. On a build host it is usually `target` directories of old checkouts, the runner's own caches, and Docker's images and build cache.",
		commands: [
			`df -h ${path}`,
			`sudo du -xh --max-depth=3 ${path} | sort -h | tail -20`,
			...(mode === "host" ? ["du -sh ~/.cache/act ~/.cache/actcache", "docker system df"] : []),
		],
		kind: "host",
		otherwise,
	};
}

function freeInodes({ level, mode, fillers }: Low): Remedy {
	const { place, name } = level;
	if (isInMemory(level)) return enlargeTmpfs(level, inodes, mode);
	const keepsNumber =
		"An ext4 file system keeps the number of inodes that it was created with. Only a new one (`mkfs.ext4 -N`), or XFS, has more.";
	if (fillers) {
		const removal = removeFillers(fillers, "docker");
		return { ...removal, text: `${removal.text} ${keepsNumber}`, otherwise: lowerFloor(name, "min-free-inodes") };
	}
	const path = shellQuote(place.measuredAt ?? place.path);
	const docker = name === "docker-root" || mode === "container";
	return {
		text: `Find the directories with the most files, and delete those that are no longer needed: \`node_modules\`, \`target\`, registries of cargo and npm${docker ? `, and unused images older than a week in Docker's data directory on the runner's host. ${pruningLoses("docker")}` : "."} ${keepsNumber}`,
		commands: docker
			? [
					"df -i /var/lib/docker",
					"docker image prune --all --filter until=168h",
					"docker builder prune --filter until=168h",
				]
			: [`df -i ${path}`, `sudo du -x --inodes --max-depth=3 ${path} | sort -n | tail -20`],
		kind: "host",
		otherwise: lowerFloor(name, "min-free-inodes"),
	};
}

/** Is it a tmpfs? */
export function isInMemory({ place }: LowLevel): boolean {
	return place.mount?.fsType === "tmpfs";
}

/** The floor is for what is free, so what is in use already comes on top. */
function enlargeTmpfs({ place, free, floor }: LowLevel, quantity: Quantity, mode: Low["mode"]): Remedy {
	const on = place.mount?.target ?? place.path;
	const total = (quantity.totalOf(place) ?? free) - free + floor;
	const option = quantity.key === "free" ? `size=${Math.ceil(total / 2 ** 30)}G` : `nr_inodes=${total}`;
	const text =
		"Enlarge this file system, which is in memory (tmpfs) and has a fixed size, if the machine has the memory for it. Or move the directory to a disk.";
	if (mode === "container") {
		return {
			text: `${text} Its size is in the container's \`--tmpfs\` option or volume: set ${code(option)} there for ${code(on)}.`,
			kind: "runner",
		};
	}
	return { text, commands: [`sudo mount -o remount,${option} ${shellQuote(on)}`], kind: "host" };
}

function lowerFloor(name: string, input: "min-free-disk" | "min-free-inodes"): Omit<Remedy, "otherwise"> {
	const orInput = name === "workspace" ? `the input \`${input}\` or ` : "";
	return {
		text: `If the jobs of this label need less, lower ${orInput}\`disk\` in their profile of the policy file.`,
		kind: "workflow",
	};
}

/** Only an old report: its run had another profile. */
export const notMeasured = unknown<{ readonly places: string; readonly quantity: Quantity }>({
	title: "The report did not measure a place of the profile",
	headline: ({ quantity }) =>
		`The report lacks ${quantity.key === "free" ? "the free space" : "the free inodes"} of some places`,
	why: "A build that runs out of space stops halfway with `No space left on device`.",
	expected: ({ places }) => `figures for ${places}`,
	tell: ({ places }) => ({
		what: `These facts do not cover ${places}: they come from a run with another profile.`,
		fix: { text: "Run the check on the runner again, with this profile.", kind: "workflow" },
	}),
});
