import type { Host } from "../../host/host.ts";
import type { LintResult } from "../lint.ts";
import { withEdits } from "./edits.ts";
import { withTexts } from "./with-texts.ts";

/** Files, and what was found in them. */
export interface Look {
	readonly texts: ReadonlyMap<string, string>;
	/** Paths of the files that were named or found, not of what belongs to them. */
	readonly paths: readonly string[];
	readonly results: readonly LintResult[];
}

/** A file with its certain fixes. */
export interface FixedFile {
	readonly path: string;
	readonly before: string;
	readonly after: string;
	/** How many problems were fixed. */
	readonly problems: number;
}

/** A fix may show another one. No file needs more passes. */
const maxPasses = 10;

/**
 * Makes every certain fix, in memory, until there is none left.
 * @param look Lints the files as this machine has them.
 */
export async function fixFiles<L extends Look>(
	host: Host,
	first: L,
	look: (host: Host) => Promise<L>,
): Promise<{ readonly files: readonly FixedFile[]; readonly last: L }> {
	const fixed = new Map<string, FixedFile>();
	let now = first;
	for (let pass = 0; pass < maxPasses; pass++) {
		const edited = editedIn(now);
		if (edited.length === 0) break;
		for (const file of edited) {
			const { before = file.before, problems = 0 } = fixed.get(file.path) ?? {};
			fixed.set(file.path, { ...file, before, problems: problems + file.problems });
		}
		now = await look(withTexts(host, new Map([...fixed.values()].map(({ path, after }) => [path, after]))));
	}
	return { files: [...fixed.values()], last: now };
}

function editedIn({ texts, paths, results }: Look): readonly FixedFile[] {
	return paths.flatMap((path) => {
		const before = texts.get(path);
		const groups = results.flatMap(({ location, edits }) => (edits && location?.file === path ? [edits] : []));
		if (before === undefined || groups.length === 0) return [];
		const { text: after, made } = withEdits(before, groups);
		return made === 0 || after === before ? [] : [{ path, before, after, problems: made }];
	});
}
