import type { Report, Result } from "../report/report.ts";
import { placeOf } from "./place-of.ts";
import { oneLine, plainText } from "./text.ts";
import { headlineOf, locationOf, storyOf, viewOf } from "./view.ts";

/** What a forge shows beside the job or the file. Whoever emits it escapes it as workflow commands need. */
export interface Annotation {
	readonly level: "error" | "warning";
	readonly message: string;
	/** By the names that `@actions/core` gives them. */
	readonly properties: {
		/** Without a colon, which would end the properties for Gitea's page. */
		readonly title: string;
		readonly file?: string;
		readonly startLine?: number;
		readonly startColumn?: number;
	};
}

/** One for each result that failed, could not be decided or warned; the gravest first. */
export function annotationsOf(report: Report): readonly Annotation[] {
	return viewOf(report).findings.map((result) => ({
		level: result.status === "warn" ? "warning" : "error",
		message: messageOf(result),
		properties: { title: titleOf(result), ...placeInFile(result) },
	}));
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

/** Gitea keeps no annotation and, before runner 3.1.0, drops the place: so the text names it too. */
function messageOf(result: Result): string {
	const { remedy } = result;
	const location = locationOf(result);
	const place = location === undefined ? "" : `${oneLine(location, 300)}: `;
	const lines = [
		`${place}${oneLine(storyOf(result), 2500)}`,
		remedy ? `Fix it ${placeOf(remedy)}: ${oneLine(remedy.text, 1500)}` : "",
		...(remedy?.commands ?? []).slice(0, 10).map((command) => `  ${oneLine(command, 900)}`),
	];
	return lines
		.filter((line) => line !== "")
		.map((line) => plainText(line))
		.join("\n");
}
