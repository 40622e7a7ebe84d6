import type { Host } from "../host/host.ts";
import { OutputError, print, showsUnicode, terminalHeight, terminalWidth, wantsColor } from "../host/terminal.ts";
import { writeOutput } from "../host/write-report.ts";
import { reportFormats } from "../render/formats.ts";
import { renderLines } from "../render/lines.ts";
import { renderLog, renderVerdict } from "../render/log.ts";
import type { Report } from "../report/report.ts";
import { exitCodeOf } from "../report/verdict.ts";
import { type Format, formats } from "../request.ts";
import { type Flags, failOnOf, oneOf } from "./flags.ts";

/**
 * Reads `--format`, `--output` and `--fail-on`, before there is a report: a typing error costs no run.
 * @returns what prints a report, or writes it, and gives the exit code for it.
 * @throws UsageError
 */
export function reportShower(host: Host, flags: Flags): (report: Report) => Promise<0 | 1> {
	const format = oneOf(flags.format ?? "text", ["text", "lines", ...formats]);
	const failOn = failOnOf(flags);
	const { output } = flags;
	return async (report) => {
		if (output === undefined) await print(await render(report, format, wantsColor()));
		else await write(host, output, await render(report, format, false));
		return exitCodeOf(report.verdict, failOn);
	};
}

/** @throws OutputError */
async function write(host: Host, path: string, text: string): Promise<void> {
	try {
		await host.reach(path);
		writeOutput(path, text);
	} catch (error) {
		throw new OutputError(path, error);
	}
}

async function render(report: Report, format: "text" | "lines" | Format, color: boolean): Promise<string> {
	if (format === "lines") return renderLines(report);
	if (format !== "text") return reportFormats[format].render(report);
	const options = { width: terminalWidth(), unicode: showsUnicode(), color, groups: false };
	const text = renderLog(report, options);
	const scrolls = text.split("\n").length > (terminalHeight() ?? Number.POSITIVE_INFINITY);
	return scrolls ? `${text}\n${renderVerdict(report, options)}` : text;
}
