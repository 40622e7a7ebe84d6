import { print, showsUnicode, terminalHeight, terminalWidth, wantsColor } from "../host/terminal.ts";
import { reportFormats } from "../render/formats.ts";
import { renderLines } from "../render/lines.ts";
import { renderLog, renderVerdict } from "../render/log.ts";
import type { Report } from "../report/report.ts";
import { exitCodeOf } from "../report/verdict.ts";
import { type Format, formats } from "../request.ts";
import { type Flags, failOnOf, oneOf } from "./flags.ts";

/** Prints a report in the form of `--format`. @returns the exit code that `--fail-on` asks for. @throws UsageError */
export function showReport(report: Report, flags: Flags): 0 | 1 {
	print(render(report, oneOf(flags.format ?? "text", ["text", "lines", ...formats])));
	return exitCodeOf(report.verdict, failOnOf(flags));
}

function render(report: Report, format: "text" | "lines" | Format): string {
	if (format === "lines") return renderLines(report);
	if (format !== "text") return reportFormats[format].render(report);
	const options = { width: terminalWidth(), unicode: showsUnicode(), color: wantsColor(), groups: false };
	const text = renderLog(report, options);
	const scrolls = text.split("\n").length > (terminalHeight() ?? Number.POSITIVE_INFINITY);
	return scrolls ? `${text}\n${renderVerdict(report, options)}` : text;
}
