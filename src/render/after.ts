import type { AfterReport } from "../after/after-report.ts";
import { clock } from "../after/span.ts";
import { type CausedBy, outcomeText } from "../after/verdict.ts";
import type { Report, Result } from "../report/report.ts";
import { writeFinding } from "./log.ts";
import { createLogWriter, type LogOptions, type Style } from "./log-text.ts";
import { code, folded, markdown } from "./markdown-text.ts";
import { findingBlock } from "./summary-finding.ts";
import { harmless } from "./text.ts";
import { countsOf, durationText, skipText, verdictOf, viewOf } from "./view.ts";

const signs: Readonly<Record<CausedBy, { readonly sign: string; readonly style: Style; readonly mark: string }>> = {
	runner: { sign: "✖ ", style: "red", mark: "❌" },
	unknown: { sign: "? ", style: "yellow", mark: "❓" },
	job: { sign: "· ", style: "cyan", mark: "ℹ️" },
};

const maxDetailed = 10;

/**
 * The second look for a job's log or a terminal: who caused the failure, then why, then what was compared.
 * @param before The report of the start, for who has not seen it.
 */
export function renderAfterLog(report: AfterReport, options: LogOptions, before?: Report): string {
	const log = createLogWriter(options);
	log.endGroup();
	const { sign, style } = signs[report.caused_by];
	log.text(report.sentence, { prefix: sign, prefixStyle: style, style: "bold", limit: 1000 });
	log.text(lookedText(report), { prefix: "  ", style: "dim" });
	if (before) log.text(startText(before), { prefix: "  ", limit: 1000 });
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
	const [from, to] = [Date.parse(since), Date.parse(started)];
	const times = Number.isFinite(from) && Number.isFinite(to) ? `${clock(from)}–${clock(to)} UTC, ` : "";
	return `runner-check looked again ${outcomeText(outcome)}: ${times}${durationText(duration_ms)}`;
}

/** `At the start: Runner degraded: titan · generic · 1 warning, 30 passed; disk/free:low` */
function startText(before: Report): string {
	const { runner, profile } = before;
	const findings = viewOf(before).findings.map(({ id, reason }) => (reason === undefined ? id : `${id}:${reason}`));
	const counts = countsOf(before).map(({ text }) => text);
	const head = [
		`${verdictOf(before).text}: ${runner.name.slice(0, 200)}`,
		profile.name.slice(0, 100),
		counts.join(", "),
	];
	return `At the start: ${head.join(" · ")}${findings.length > 0 ? `: ${findings.join(", ")}` : ""}`;
}

/** What is proved first, then what is unknown, then warnings. */
function findingsOf(report: AfterReport): readonly Result[] {
	return [...having(report, "fail"), ...having(report, "error"), ...having(report, "warn")];
}

function having({ results }: AfterReport, status: Result["status"]): readonly Result[] {
	return results.filter((result) => result.status === status);
}
