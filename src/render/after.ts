import type { AfterReport } from "../after/after-report.ts";
import { clock } from "../after/span.ts";
import { type CausedBy, outcomeText } from "../after/verdict.ts";
import type { Result } from "../report/report.ts";
import { writeFinding } from "./log.ts";
import { createLogWriter, type LogOptions, type Style } from "./log-text.ts";
import { code, folded, markdown } from "./markdown-text.ts";
import { findingBlock } from "./summary-finding.ts";
import { harmless } from "./text.ts";
import { durationText, skipText } from "./view.ts";

const signs: Readonly<Record<CausedBy, { readonly sign: string; readonly style: Style; readonly mark: string }>> = {
	runner: { sign: "✖ ", style: "red", mark: "❌" },
	unknown: { sign: "? ", style: "yellow", mark: "❓" },
	job: { sign: "· ", style: "cyan", mark: "ℹ️" },
};

const maxDetailed = 10;

/** The second look for a job's log or a terminal: who caused the failure, then why, then what was compared. */
export function renderAfterLog(report: AfterReport, options: LogOptions): string {
	const log = createLogWriter(options);
	log.endGroup();
	const { sign, style } = signs[report.caused_by];
	log.text(report.sentence, { prefix: sign, prefixStyle: style, style: "bold", limit: 1000 });
	log.text(lookedText(report), { prefix: "  ", style: "dim" });
	const findings = findingsOf(report);
	for (const result of findings.slice(0, maxDetailed)) writeFinding(log, result, []);
	log.gap();
	log.group("What was compared", () => {
		for (const { id, message } of having(report, "pass"))
			log.text(`${id}: ${message}`, { prefix: "  ✔ ", prefixStyle: "green", limit: 300 });
		for (const { id, evidence } of having(report, "pass"))
			for (const { source, text } of evidence.slice(0, 6))
				log.text(`${id}: ${text} (${source})`, { prefix: "    ", limit: 400 });
		for (const result of having(report, "skip"))
			log.text(`${result.id}: ${result.message || skipText(result)}`, { prefix: "  · ", limit: 400 });
	});
	return log.toString();
}

/** The same for the job summary, below that of the start. */
export function renderAfterSummary(report: AfterReport): string {
	const { mark } = signs[report.caused_by];
	const passed = having(report, "pass").map(({ id, message }) => `- ✅ ${code(id, 120)}: ${markdown(message, 300)}`);
	const skipped = having(report, "skip").map(
		(result) => `- ➖ ${code(result.id, 120)}: ${markdown(result.message || skipText(result), 300)}`,
	);
	const blocks = [
		`## ${mark} ${markdown(report.sentence, 1000)}`,
		markdown(lookedText(report), 300),
		...findingsOf(report)
			.slice(0, maxDetailed)
			.map((result) => findingBlock(result, [])),
		folded("What was compared", [...passed, ...skipped].join("\n")),
	];
	const text = blocks.filter((block) => block !== "").join("\n\n");
	return `${text.split("\n").map(harmless).join("\n")}\n`;
}

function lookedText({ outcome, since, started, duration_ms }: AfterReport): string {
	const from = Date.parse(since);
	const times = Number.isFinite(from) ? `${clock(from)}–${clock(Date.parse(started))} UTC, ` : "";
	return `runner-check looked again ${outcomeText(outcome)}: ${times}${durationText(duration_ms)}`;
}

/** What is proved first, then what is unknown, then warnings. */
function findingsOf(report: AfterReport): readonly Result[] {
	return [...having(report, "fail"), ...having(report, "error"), ...having(report, "warn")];
}

function having({ results }: AfterReport, status: Result["status"]): readonly Result[] {
	return results.filter((result) => result.status === status);
}
