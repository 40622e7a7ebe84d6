import type { Report } from "../report/report.ts";
import { oneLine, plainText } from "./text.ts";

/** One line for each finding, the most severe first, for the log of a daemon; one line for a healthy runner. */
export function renderLines(report: Report): string {
	const order = ["fail", "error", "warn"];
	const findings = report.results.filter(({ status }) => order.includes(status));
	const sorted = [...findings].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
	const lines = sorted.map(({ status, id, reason, message }) => `${status} ${id}:${reason}: ${oneLine(message, 300)}`);
	const quiet =
		report.verdict === "unknown" ? "unknown: no check was judged" : `healthy: ${report.counts.pass} checks passed`;
	const text = lines.length > 0 ? lines : [quiet];
	return `${text.map((line) => plainText(line)).join("\n")}\n`;
}
