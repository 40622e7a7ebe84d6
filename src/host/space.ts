import { promises, type StatsFs } from "node:fs";
import { outcomeOf } from "./files.ts";
import type { Host, ReadOutcome, Space } from "./host.ts";

/** Only the newest Nodes tell `frsize`, which blocks are counted in. */
type Stats = StatsFs & { readonly frsize?: number };
type Statfs = (path: string) => Promise<Stats>;

/** No block file system of Linux has blocks larger than the largest page. */
const maxBlock = 64 * 1024;

/**
 * Free space and inodes of the file system that holds `path`. Node 16 has no statfs and asks `df`; so does any Node that
 * does not tell in which size a file system counts its blocks.
 */
export async function space(
	path: string,
	signal: AbortSignal,
	run: Host["run"],
	statfs: Statfs | undefined = promises.statfs,
): Promise<ReadOutcome<Space>> {
	if (statfs === undefined) return spaceByDf(path, signal, run);
	const outcome = await outcomeOf(() => statfs(path));
	if (outcome.kind !== "ok") return outcome;
	const { blocks, bavail, files, ffree } = outcome.value;
	const size = blockSize(outcome.value);
	if (size === undefined) return spaceByDf(path, signal, run);
	return {
		kind: "ok",
		value: {
			freeBytes: bavail * size,
			totalBytes: blocks * size,
			freeInodes: files === 0 ? undefined : ffree,
			totalInodes: files === 0 ? undefined : files,
			source: "statfs",
		},
	};
}

/**
 * Blocks count in `frsize` (POSIX, statvfs); `bsize` is the size of a transfer. Disks have one for both, but virtiofs and
 * other FUSE have 4 KiB and up to 1 MiB: there, `bsize` would make 10 GiB into 2.5 TiB. `undefined`: it may be such a one.
 */
function blockSize({ bsize, frsize }: Stats): number | undefined {
	return frsize || (bsize <= maxBlock ? bsize : undefined);
}

async function spaceByDf(path: string, signal: AbortSignal, run: Host["run"]): Promise<ReadOutcome<Space>> {
	const options = { signal, env: { LC_ALL: "C" } };
	const [blocks, inodes] = await Promise.all([run(["df", "-kP", path], options), run(["df", "-iP", path], options)]);
	const bytes = dfColumns(blocks.stdout);
	if (blocks.kind !== "exited" || blocks.code !== 0 || !bytes) {
		return /no such file/i.test(blocks.stderr) ? { kind: "absent" } : { kind: "unreadable", code: "EDF" };
	}
	const counts = dfColumns(inodes.stdout);
	const countable = counts !== undefined && counts.total > 0;
	return {
		kind: "ok",
		value: {
			freeBytes: bytes.free * 1024,
			totalBytes: bytes.total * 1024,
			freeInodes: countable ? counts.free : undefined,
			totalInodes: countable ? counts.total : undefined,
			source: "df",
		},
	};
}

/** Total and free of the last line of `df -P`: the source may hold blanks, so count from `NN%`. */
function dfColumns(output: string): { total: number; free: number } | undefined {
	const match = /\s(\d+)\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+\S.*$/.exec(output.trim().split("\n").pop() ?? "");
	return match ? { total: Number(match[1]), free: Number(match[2]) } : undefined;
}
