import { matchesFinding } from "../checks/matches-finding.ts";
import { code } from "../checks/text.ts";
import type { Result } from "../report/report.ts";
import type { Ignore } from "./facts.ts";

/** The comment itself. */
interface IgnoreComment extends Ignore {
	/** Its line. */
	readonly line: number;
	readonly reason: string;
}

export interface Kept<R extends Result> {
	/** The findings that no comment takes out. */
	readonly results: readonly R[];
	/** Comments that take nothing out, and why. */
	readonly notes: readonly string[];
}

const comment = /(?:^|\s)#\s*runner-check:\s*ignore\b(.*)$/;

/** Takes out what comments in the files ignore. A reason is required; a comment that ignores nothing is said. */
export function withoutIgnored<R extends Result>(results: readonly R[], texts: ReadonlyMap<string, string>): Kept<R> {
	const ignores = [...texts].flatMap(([file, text]) => ignoresIn(file, text));
	if (ignores.length === 0) return { results, notes: [] };
	const used = new Set<IgnoreComment>();
	const kept = results.filter((result) => {
		const found = ignores.filter((ignore) => ignore.reason !== "" && isIgnored(result, ignore));
		for (const ignore of found) used.add(ignore);
		return found.length === 0;
	});
	const notes = ignores.flatMap((ignore) => {
		const place = `${ignore.file}:${ignore.line}`;
		const what = ignore.patterns.map((pattern) => code(pattern.slice(0, 80))).join(", ") || "nothing";
		if (ignore.reason === "") return [`Not ignored: ${what} at ${place}. Add a reason to the comment, after \`--\`.`];
		return used.has(ignore) ? [] : [`Nothing to ignore: ${what} at ${place}. Remove the comment.`];
	});
	return { results: kept, notes };
}

/** Most comments that are kept in facts, and most of each. */
const [maxIgnores, maxPatterns] = [200, 20];

/** What names checks. Anything else may be a secret. */
const ofCheck = /^(?:config|\*)\/[a-z*-]{1,40}(?::[a-z*-]{1,40})?$/;

/** The comments with a reason, as facts. The reason stays in the file: it may say anything. */
export function ignoreFacts(texts: ReadonlyMap<string, string>): readonly Ignore[] {
	return [...texts]
		.flatMap(([file, text]) => ignoresIn(file, text))
		.filter(({ reason }) => reason !== "")
		.slice(0, maxIgnores)
		.map(({ file, target, patterns }) => ({
			file,
			target,
			patterns: patterns.slice(0, maxPatterns).filter((pattern) => ofCheck.test(pattern)),
		}));
}

/** Does the comment take this finding out? */
export function isIgnored(
	{ id, reason, location }: Pick<Result, "id" | "reason" | "location">,
	{ file, target, patterns }: Ignore,
): boolean {
	return (
		location?.file === file &&
		location.line === target &&
		patterns.some((pattern) => matchesFinding(pattern, id, reason))
	);
}

function ignoresIn(file: string, text: string): readonly IgnoreComment[] {
	if (!text.includes("runner-check:")) return [];
	const lines = text.split(/\r?\n/);
	return lines.flatMap((line, index) => {
		const found = comment.exec(line);
		if (!found) return [];
		const [written = "", reason = ""] = (found[1] ?? "").split(/\s--\s*(.*)$/);
		const patterns = written.split(/[\s,]+/).filter((word) => word !== "");
		const isAlone = line.trimStart().startsWith("#");
		const next = lines.findIndex(
			(other, at) => at > index && other.trim() !== "" && !other.trimStart().startsWith("#"),
		);
		return [{ file, line: index + 1, target: isAlone ? next + 1 : index + 1, patterns, reason: reason.trim() }];
	});
}
