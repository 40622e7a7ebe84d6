import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { within } from "./deadline.ts";
import { measureDirectories } from "./measure-directories.ts";
import { readMounts } from "./mountinfo.ts";
import { tempDirectory } from "./paths.ts";
import type { Probe } from "./probe.ts";

/** What was written below the job's directories since a moment, by size. */
export interface WrittenSince {
	/** What has the most bytes, the most first, and then what has the most files. */
	readonly written: readonly Written[];
}

export interface Written {
	readonly path: string;
	/** Relative to the workspace, if it is in there: `target/`. */
	readonly shown: string;
	readonly bytes: number;
	readonly files: number;
	/** There is more of it than could be counted. */
	readonly atLeast?: true;
}

const maxListed = 200;
const maxShown = 5;
const budgetMs = 2000;

/**
 * Walks what is in the workspace and in the temporary directory, and counts what was changed since. For findings of `after/disk` and
 * `after/inodes` only.
 * @param since Milliseconds of Unix time.
 */
export function writtenSinceProbe(since: number): Probe<WrittenSince> {
	return {
		name: "written-since",
		async collect(host: Host, request: Request, signal: AbortSignal): Promise<WrittenSince> {
			const { workspace } = request;
			const temp = tempDirectory(host.env);
			const [inside, mounts] = await Promise.all([host.list(workspace), readMounts(host)]);
			// Without the mounts, a walk could get into another file system.
			if (!mounts) return { written: [] };
			const names = inside.kind === "ok" ? inside.value.slice(0, maxListed) : [];
			const named = names.map((name) => ({ path: `${workspace}/${name}`, shown: `${name}/` }));
			const apart = temp !== workspace && !temp.startsWith(`${workspace}/`) && !workspace.startsWith(`${temp}/`);
			const all = [...named, ...(apart ? [{ path: temp, shown: temp }] : [])];
			const sizes = await within(Math.min(budgetMs, request.timeoutMs), signal, (limited) =>
				measureDirectories(
					host,
					all.map(({ path }) => path),
					new Set(mounts.map(({ target }) => target)),
					limited,
					since,
				),
			);
			const sized = all.map(({ path, shown }, at): Written => {
				const { bytes = 0, files = 0, isCut = true, isFile = false } = sizes[at] ?? {};
				const name = isFile ? shown.replace(/\/$/, "") : shown;
				return { path, shown: name, bytes, files, ...(isCut && { atLeast: true as const }) };
			});
			// Thousands of empty files use up inodes without a byte.
			const most = (what: "bytes" | "files"): readonly Written[] =>
				[...sized].sort((a, b) => b[what] - a[what]).slice(0, maxShown);
			const written = new Set([...most("bytes"), ...most("files")]);
			return { written: [...written].filter(({ bytes, files }) => bytes > 0 || files > 0) };
		},
	};
}
