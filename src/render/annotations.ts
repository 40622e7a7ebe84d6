import type { Remedy } from "../checks/check.ts";
import type { Report, Result } from "../report/report.ts";
import { placeOf } from "./place-of.ts";
import { clean, oneLine, plainText } from "./text.ts";
import { headlineOf, locationOf, storyOf, unknownText, verdictOf, viewOf } from "./view.ts";

/** What a forge shows next to the job or the file. The caller escapes it for workflow commands. */
export interface Annotation {
	readonly level: "error" | "warning";
	readonly message: string;
	/** By the names that `@actions/core` gives them. */
	readonly properties: {
		/** Without a colon: Gitea's page ends the properties there. */
		readonly title?: string;
		readonly file?: string;
		readonly startLine?: number;
		readonly startColumn?: number;
	};
}

/**
 * One for each finding and undecided check, the most severe first, or one that nothing was judged. Only GitHub shows annotations next to the job. Elsewhere an
 * annotation is a row of the log that cannot break lines, and the log has the rest, so it is short, and has no title: runner 3.1.0 and
 * newer would put it before the text, which says the same.
 */
export function annotationsOf(report: Report): readonly Annotation[] {
	const isLogRow = report.runner.system !== "github";
	const unknown = unknownText(report);
	const annotations: readonly Annotation[] =
		unknown === undefined
			? viewOf(report).findings.map((result) => annotationOf(result, isLogRow))
			: [{ level: "error", message: unknown, properties: { title: verdictOf(report).text } }];
	return isLogRow ? annotations.map(withoutTitle) : annotations;
}

function withoutTitle({ properties: { title: _, ...properties }, ...annotation }: Annotation): Annotation {
	return { ...annotation, properties };
}

/** @param isLogRow The forge shows it as a row of the log. */
export function annotationOf(result: Result, isLogRow: boolean): Annotation {
	return {
		level: result.status === "warn" ? "warning" : "error",
		message: isLogRow ? rowOf(result) : messageOf(result),
		properties: { title: titleOf(result), ...placeInFile(result) },
	};
}

/** Characters of a row: a page of usual width does not wrap it. */
const maxRow = 120;

/**
 * `config.yaml:12:5: rustc is not installed: apt-get install rustc`. Without the command if it does not fit whole, or if lines of
 * configuration come before it: a restart alone fixes nothing.
 */
function rowOf(result: Result): string {
	const location = locationOf(result);
	const place = location === undefined ? "" : `${oneLine(location, 60)}: `;
	const head = `${place}${oneLine(headlineOf(result), maxRow)}`;
	const command = result.remedy?.config ? undefined : result.remedy?.commands?.[0];
	const whole = command === undefined ? head : `${head}: ${oneLine(command)}`;
	return plainText(oneLine(whole.length <= maxRow ? whole : head, maxRow - 1));
}

function titleOf(result: Result): string {
	return plainText(oneLine(`${headlineOf(result)} (${result.id})`, 250)).replace(/\s*:+\s*/g, " - ");
}

function placeInFile({ location }: Result): Partial<Annotation["properties"]> {
	if (!location) return {};
	const { file, line, column } = location;
	return {
		file: oneLine(file, 500),
		...(line !== undefined && { startLine: line }),
		...(line !== undefined && column !== undefined && { startColumn: column }),
	};
}

/** Older runners drop the place of an annotation, so the text names it too. */
function messageOf(result: Result): string {
	const { remedy } = result;
	const location = locationOf(result);
	const place = location === undefined ? "" : `${oneLine(location, 300)}: `;
	const lines = [
		`${place}${oneLine(storyOf(result), 2500)}`,
		remedy ? `Fix it ${placeOf(remedy)}: ${oneLine(remedy.text, 1500)}` : "",
		...configLines(remedy?.config),
		...(remedy?.commands ?? []).slice(0, 10).map((command) => `  ${oneLine(command, 900)}`),
	];
	return lines
		.filter((line) => line !== "")
		.map((line) => plainText(line))
		.join("\n");
}

/** The lines to write come before the commands, which then restart what reads them. */
function configLines(config: Remedy["config"]): readonly string[] {
	if (!config) return [];
	const lines = clean(config.text).trimEnd().split("\n").slice(0, 20);
	return [`  in ${oneLine(config.file, 200)}:`, ...lines.map((line) => `    ${line.slice(0, 200)}`)];
}
