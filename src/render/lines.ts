import type { Report } from "../report/report.ts";
import { oneLine, plainText } from "./text.ts";
import { switchedOffText, unknownText, viewOf } from "./view.ts";

/** One line for each finding, the most severe first, for the log of a daemon; one line for a healthy runner. */
export function renderLines(report: Report): string {
	const lines = viewOf(report).findings.map(
		({ status, id, reason, message }) => `${status} ${id}:${reason}: ${oneLine(message, 300)}`,
	);
	const quiet = unknownText(report) ?? `${report.counts.pass} checks passed`;
	const off = switchedOffText(report);
	const isTold = off === undefined || quiet.includes(off);
	const verdict = `${report.verdict}: ${quiet}${isTold ? "" : `, ${off}`}`;
	const text = lines.length > 0 ? [...lines, ...(off === undefined ? [] : [`note: ${off}`])] : [verdict];
	return `${text.map((line) => plainText(line)).join("\n")}\n`;
}
