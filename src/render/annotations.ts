import type { Report, Result } from "../report/report.ts";
import { placeOf } from "./place-of.ts";
import { oneLine, plainText } from "./text.ts";
import { headlineOf, locationOf, storyOf, viewOf } from "./view.ts";

/** What a forge shows next to the job or the file. The caller escapes it for workflow commands. */
export interface Annotation {
	readonly level: "error" | "warning";
	readonly message: string;
	/** By the names that `@actions/core` gives them. */
	readonly properties: {
		/** Without a colon: Gitea's page ends the properties there. */
		readonly title: string;
		readonly file?: string;
		readonly startLine?: number;
		readonly startColumn?: number;
	};
}

/** One for each finding and undecided check, the most severe first. */
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

/** Gitea stores no annotations, and runners before 3.1.0 drop the place, so the text names it too. */
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
