import type { Report } from "../report/report.ts";
import { oneLine, plainText } from "./text.ts";
import { viewOf } from "./view.ts";

/** One line for each finding, the most severe first, for the log of a daemon; one line for a healthy runner. */
export function renderLines(report: Report): string {
	const lines = viewOf(report).findings.map(
		({ status, id, reason, message }) => `${status} ${id}:${reason}: ${oneLine(message, 300)}`,
	);
	const quiet =
		report.verdict === "unknown" ? "unknown: no check was judged" : `healthy: ${report.counts.pass} checks passed`;
	const text = lines.length > 0 ? lines : [quiet];
	return `${text.map((line) => plainText(line)).join("\n")}\n`;
}
