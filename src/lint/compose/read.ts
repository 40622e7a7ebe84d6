import type { Problem } from "../read/tree.ts";
import { loadProject, type ReadText } from "./project.ts";
import { type RunnerService, runnersOf } from "./runner.ts";

/** A compose file, and the runners that it starts. */
export interface ComposeFile {
	readonly path: string;
	readonly runners: readonly RunnerService[];
	/** Why Compose cannot read it. */
	readonly problem?: Problem;
}

/**
 * Reads a compose file with the files that belong to it.
 * @param base Where relative paths begin.
 * @returns `undefined` if it starts no runner.
 */
export async function readComposeFile(
	path: string,
	text: string,
	read: ReadText,
	base: string,
): Promise<ComposeFile | undefined> {
	const loaded = await loadProject(path, text, read, { base });
	if (loaded.kind === "broken") return { path, runners: [], problem: loaded.problem };
	const runners = await runnersOf(loaded.project, read);
	return runners.length === 0 ? undefined : { path, runners };
}
