import { unlessDead } from "../host/dead-mount.ts";
import type { FileOutcome, Host } from "../host/host.ts";
import { nextTurn } from "./deadline.ts";

/** The size of a directory with all that is in it. */
export interface Measured {
	/** Sum of the sizes of its files. */
	readonly bytes: number;
	/** Its files and directories, each of which takes an inode. */
	readonly files: number;
	/** It was not walked to its end: it holds more. */
	readonly isCut: boolean;
	/** It is a file itself. */
	readonly isFile?: true;
}

/** Looked at in all directories together: a second or two. */
const maxEntries = 60_000;
/** Looked at between two turns of the event loop. */
const batch = 256;

/**
 * Walks all directories side by side, so that a large one does not hide the others: follows no link, enters no mount, and ends at
 * the signal or after `maxEntries`.
 * @param mounts Targets of mounts.
 * @param since Only what was changed after this moment counts, in milliseconds of Unix time; a path may then also name a file.
 */
export async function measureDirectories(
	host: Host,
	directories: readonly string[],
	mounts: ReadonlySet<string>,
	signal: AbortSignal,
	since?: number,
): Promise<readonly Measured[]> {
	let entries = 0;
	const walks = directories.map((path) => ({ path, bytes: 0, files: 0, isCut: false, isFile: false, left: [path] }));
	const isOver = (): boolean => signal.aborted || entries >= maxEntries;

	const step = async (walk: (typeof walks)[number]): Promise<void> => {
		const directory = walk.left.pop();
		if (directory === undefined) return;
		const listed = await unlessDead(host.list(directory), () => undefined);
		if (listed?.kind === "absent" && since !== undefined && directory === walk.path) {
			const look = await unlessDead(host.lstat(directory), () => undefined);
			if (look?.kind === "file") Object.assign(walk, { isFile: true, ...countedFile(look, since) });
			return;
		}
		// One that this user cannot read holds something, or is gone by now.
		if (listed?.kind !== "ok") {
			walk.isCut ||= listed?.kind !== "absent";
			return;
		}
		for (let from = 0; from < listed.value.length; from += batch) {
			if (isOver()) {
				walk.isCut = true;
				return;
			}
			const paths = listed.value.slice(from, from + batch).map((name) => `${directory}/${name}`);
			entries += paths.length;
			const looks = await Promise.all(
				paths.map((path) => (mounts.has(path) ? undefined : unlessDead(host.lstat(path), () => undefined))),
			);
			for (const [at, look] of looks.entries()) {
				if (look?.kind === "directory") walk.left.push(paths[at] ?? "");
				const { bytes, files } = countedFile(look, since);
				walk.bytes += bytes;
				walk.files += files;
			}
			await nextTurn();
		}
	};

	while (!isOver() && walks.some(({ left }) => left.length > 0)) await Promise.all(walks.map(step));
	return walks.map(({ bytes, files, isCut, isFile, left }) => ({
		bytes,
		files,
		isCut: isCut || left.length > 0,
		...(isFile && { isFile: true as const }),
	}));
}

/** What one entry adds, if it counts. */
function countedFile(look: FileOutcome | undefined, since: number | undefined): { bytes: number; files: number } {
	const changed = look && "changed" in look ? (look.changed ?? 0) : 0;
	if (since !== undefined && changed < since) return { bytes: 0, files: 0 };
	return { bytes: look?.kind === "file" ? look.size : 0, files: 1 };
}
