import * as fs from "node:fs";
import { outcomeOf } from "./files.ts";
import type { ReadOutcome, Space } from "./host.ts";
import { runProgram } from "./run-program.ts";

/** Free space and inodes of the file system that holds `path`. Node 16 has no statfs and asks `df`. */
export async function space(path: string, signal: AbortSignal, env: NodeJS.ProcessEnv): Promise<ReadOutcome<Space>> {
	if (typeof fs.statfs !== "function") return spaceByDf(path, signal, env);
	const outcome = await outcomeOf<fs.StatsFs>((done) => fs.statfs(path, done));
	if (outcome.kind !== "ok") return outcome;
	const { bsize, blocks, bavail, files, ffree } = outcome.value;
	return {
		kind: "ok",
		value: {
			freeBytes: bavail * bsize,
			totalBytes: blocks * bsize,
			freeInodes: files === 0 ? undefined : ffree,
			totalInodes: files === 0 ? undefined : files,
			source: "statfs",
		},
	};
}

async function spaceByDf(path: string, signal: AbortSignal, env: NodeJS.ProcessEnv): Promise<ReadOutcome<Space>> {
	const options = { signal, env: { LC_ALL: "C" } };
	const [blocks, inodes] = await Promise.all([
		runProgram(["df", "-kP", path], options, env),
		runProgram(["df", "-iP", path], options, env),
	]);
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
