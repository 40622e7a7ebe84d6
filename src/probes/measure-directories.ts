import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { nextTurn } from "./deadline.ts";

/** The size of a directory with all that is in it. */
export interface Measured {
	/** Sum of the sizes of its files. */
	readonly bytes: number;
	/** Its files and directories, each of which takes an inode. */
	readonly files: number;
	/** It was not walked to its end: it holds more. */
	readonly isCut: boolean;
}

/** Looked at in all directories together: a second or two. */
const maxEntries = 60_000;
/** Looked at between two turns of the event loop. */
const batch = 256;

/**
 * Walks all directories side by side, so that a large one does not hide the others: follows no link, enters no mount, and ends at
 * the signal or after `maxEntries`.
 * @param mounts Targets of mounts.
 */
export async function measureDirectories(
	host: Host,
	directories: readonly string[],
	mounts: ReadonlySet<string>,
	signal: AbortSignal,
): Promise<readonly Measured[]> {
	let entries = 0;
	const walks = directories.map((path) => ({ bytes: 0, files: 0, isCut: false, left: [path] }));
	const isOver = (): boolean => signal.aborted || entries >= maxEntries;

	const step = async (walk: (typeof walks)[number]): Promise<void> => {
		const directory = walk.left.pop();
		if (directory === undefined) return;
		const listed = await unlessDead(host.list(directory), () => undefined);
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
			walk.files += paths.length;
			const looks = await Promise.all(
				paths.map((path) => (mounts.has(path) ? undefined : unlessDead(host.lstat(path), () => undefined))),
			);
			for (const [at, look] of looks.entries()) {
				if (look?.kind === "directory") walk.left.push(paths[at] ?? "");
				else if (look?.kind === "file") walk.bytes += look.size;
			}
			await nextTurn();
		}
	};

	while (!isOver() && walks.some(({ left }) => left.length > 0)) await Promise.all(walks.map(step));
	return walks.map(({ bytes, files, isCut, left }) => ({ bytes, files, isCut: isCut || left.length > 0 }));
}
