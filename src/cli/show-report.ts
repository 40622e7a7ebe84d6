import { print, showsUnicode, terminalHeight, terminalWidth, wantsColor } from "../host/terminal.ts";
import { reportFormats } from "../render/formats.ts";
import { renderLines } from "../render/lines.ts";
import { renderLog, renderVerdict } from "../render/log.ts";
import type { Report } from "../report/report.ts";
import { exitCodeOf } from "../report/verdict.ts";
import { type Format, formats } from "../request.ts";
import { type Flags, failOnOf, oneOf } from "./flags.ts";

/**
 * Reads `--format` and `--fail-on`, before there is a report: a typing error costs no run.
 * @returns what prints a report and gives the exit code for it.
 * @throws UsageError
 */
export function reportShower(flags: Flags): (report: Report) => Promise<0 | 1> {
	const format = oneOf(flags.format ?? "text", ["text", "lines", ...formats]);
	const failOn = failOnOf(flags);
	return async (report) => {
		await print(render(report, format));
		return exitCodeOf(report.verdict, failOn);
	};
}

function render(report: Report, format: "text" | "lines" | Format): string {
	if (format === "lines") return renderLines(report);
	if (format !== "text") return reportFormats[format].render(report);
	const options = { width: terminalWidth(), unicode: showsUnicode(), color: wantsColor(), groups: false };
	const text = renderLog(report, options);
	const scrolls = text.split("\n").length > (terminalHeight() ?? Number.POSITIVE_INFINITY);
	return scrolls ? `${text}\n${renderVerdict(report, options)}` : text;
}
