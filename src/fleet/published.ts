/** How a job's log carries a report to the fleet: lines with a marker, the number of the line, and a part of the packed JSON. */
import type { AfterReport } from "../after/after-report.ts";
import { digest, pack } from "../host/packed.ts";
import type { Report } from "../report/report.ts";

/** What a log can carry. `after` is what the second look after a failed job found (`after.json`). */
export type PublishedKind = "report" | "after";

/** Characters of the longest line. Gitea 1.27 gave a line of 44,000 back unchanged. */
export const maxLine = 40_000;
/** Characters of all parts of one report. */
export const maxPublished = 200_000;
/** Characters of a part: the rest of the line is for the marker, and for the timestamp that the forge adds. */
export const partSize = maxLine - 200;

/** `runner-check-report:1:<digest>:<line>/<lines>:<part>`. The digest is that of all parts, so that a mixed or cut report is noticed. */
export function markerOf(kind: PublishedKind): string {
	return `runner-check-${kind}:1:`;
}

/**
 * The lines that carry a text through a log.
 * @returns `undefined` if it needs more than `maxPublished` characters.
 */
export function publishedLines(kind: PublishedKind, json: string): readonly string[] | undefined {
	const packed = pack(json);
	if (packed.length > maxPublished) return undefined;
	const id = digest(packed);
	const count = Math.ceil(packed.length / partSize);
	return Array.from({ length: count }, (_, index) => {
		const part = packed.slice(index * partSize, (index + 1) * partSize);
		return `${markerOf(kind)}${id}:${index + 1}/${count}:${part}`;
	});
}

/** A report as it is printed for the fleet, in a folded group. */
export interface PublishedReport {
	readonly text: string;
	/** The report is too large, even without its facts: nothing carries it. */
	readonly isTooLarge?: true;
}

/** The text that a job prints so that the fleet can read its report. */
export function publishedReport(report: Report): PublishedReport {
	const whole = publishedLines("report", JSON.stringify(report));
	if (whole) return { text: inGroup(whole) };
	// The job's own facts stay: they tell which runner the report speaks of.
	const { job } = report.facts;
	const small = publishedLines("report", JSON.stringify({ ...report, facts: job ? { job } : {} }));
	const limit = maxPublished.toLocaleString("en-US");
	if (!small) return { text: "", isTooLarge: true };
	const note = `The facts are left out: with them, the packed report has more than ${limit} characters. The fleet shows no versions for this runner.`;
	return { text: inGroup([note, ...small]) };
}

/** What the second look found, as a job prints it for the fleet. Without its facts, which the fleet does not use. */
export function publishedAfter({ facts: _, ...report }: AfterReport): string {
	const lines = publishedLines("after", JSON.stringify(report));
	return lines ? inGroup(lines) : "";
}

function inGroup(lines: readonly string[]): string {
	return `::group::Report for the fleet\n${lines.join("\n")}\n::endgroup::\n`;
}
