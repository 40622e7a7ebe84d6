import type { Remedy } from "../checks/check.ts";
import { type SmokeStepsFacts, smokeStepsProbe } from "../probes/smoke-steps.ts";
import type { Report, Result, Status } from "../report/report.ts";
import { versionsOf } from "../report/versions.ts";
import { createLogWriter, type LogOptions, type LogWriter, type Style } from "./log-text.ts";
import { placeOf } from "./place-of.ts";
import { docsUrl } from "./summary-marks.ts";
import {
	areaOf,
	countsOf,
	durationText,
	headlineOf,
	locationOf,
	skipGroups,
	storyOf,
	systemOf,
	unknownText,
	unusedText,
	type View,
	verdictOf,
	viewOf,
} from "./view.ts";

const signs: Readonly<Record<Status, { readonly sign: string; readonly style: Style }>> = {
	pass: { sign: "✔ ", style: "green" },
	warn: { sign: "▲ ", style: "yellow" },
	fail: { sign: "✖ ", style: "red" },
	error: { sign: "? ", style: "red" },
	skip: { sign: "· ", style: "dim" },
};
/** Findings shown in full. Each further finding gets one line. */
const maxDetailed = 40;
const maxEvidence = 6;
const maxCommands = 30;
/** A healthy run stays below 40 lines: with more passed checks than this, each area gets one line. */
const maxPassedLines = 22;

/** The report for a job log or a terminal. Its only workflow commands are its own groups. */
export function renderLog(report: Report, options: LogOptions): string {
	const view = viewOf(report);
	const log = createLogWriter(options);
	log.endGroup();
	writeHead(log, report);
	for (const [index, result] of view.findings.entries()) {
		if (index < maxDetailed) writeFinding(log, result, view.waiting.get(result.id) ?? []);
		else writeHeadline(log, result);
	}
	writeAccepted(log, view);
	log.gap();
	if (options.groups) writeSmoke(log, report);
	log.group("All checks", () => {
		writePassed(log, view);
		for (const { why, ids } of skipGroups(view.skipped)) log.text(`${ids.join(", ")}: ${why}`, skipLine);
	});
	return log.toString();
}

/** The verdict alone: the last line of a report that is longer than the screen. */
export function renderVerdict(report: Report, options: LogOptions): string {
	const log = createLogWriter(options);
	writeVerdict(log, report);
	return log.toString();
}

/** What the programs of `smoke` printed, for who wants to see them at work. A terminal shows what failed. */
function writeSmoke(log: LogWriter, { facts }: Report): void {
	const { [smokeStepsProbe.name]: answer } = facts;
	const parts = answer?.ok ? (answer.value as SmokeStepsFacts).parts : {};
	for (const [part, became] of Object.entries(parts ?? {})) {
		if (became?.kind !== "done") continue;
		log.group(`smoke/${part}: what it printed`, () => {
			for (const { command, output } of became.steps) {
				log.verbatim(`$ ${command}`, 2, "bold");
				if (output.trim() !== "") log.verbatim(output, 4, "dim");
			}
		});
	}
}

const skipLine = { prefix: "  · ", style: "dim", limit: 1000 } as const;

function writeVerdict(log: LogWriter, report: Report): void {
	const { mark, text } = verdictOf(report);
	const { runner, profile } = report;
	const where = { container: "container", host: "host", unknown: "container or host: unknown" }[runner.mode] ?? "";
	const line = [`${text}: ${runner.name.slice(0, 200)}`, profile.name.slice(0, 100), where, systemOf(runner)].join(
		" · ",
	);
	log.text(line, { prefix: signs[mark].sign, prefixStyle: signs[mark].style, style: "bold" });
}

function writeHead(log: LogWriter, report: Report): void {
	writeVerdict(log, report);
	const versions = [...versionsOf(report)].map(([name, version]) => `${name} ${version}`);
	if (versions.length > 0) log.text(versions.join(", "), { prefix: "  ", limit: 600 });
	const counts = countsOf(report).map((count) => count.text);
	log.text([...counts, durationText(report.duration_ms)].join(", "), { prefix: "  " });
	const unknown = unknownText(report);
	if (unknown !== undefined) log.text(unknown, { prefix: "  " });
	const unused = unusedText(report);
	if (unused !== undefined) log.text(unused, { prefix: "  ", limit: 1000 });
}

function writeHeadline(log: LogWriter, result: Result): void {
	const { sign, style } = signs[result.status];
	const id = result.reason === undefined ? result.id : `${result.id}:${result.reason}`;
	log.text(`${headlineOf(result)} [${id}]`, { prefix: sign, prefixStyle: style, style: "bold", limit: 300 });
}

export function writeFinding(log: LogWriter, result: Result, waiting: readonly string[]): void {
	log.gap();
	writeHeadline(log, result);
	const location = locationOf(result);
	if (location !== undefined) log.text(location, { prefix: "  at ", limit: 300 });
	log.text(storyOf(result), { prefix: "  ", limit: 2500 });
	if (result.acceptance_expired !== undefined)
		log.text(
			`This finding was accepted until ${result.acceptance_expired}. The acceptance has expired, so it counts again.`,
			{
				prefix: "  ",
			},
		);
	if (result.expected !== undefined) log.text(result.expected, { prefix: "  expected: ", limit: 400 });
	if (result.observed !== undefined) log.text(result.observed, { prefix: "  found:    ", limit: 400 });
	for (const { source, text } of result.evidence.slice(0, maxEvidence)) log.text(`${text} (${source})`, evidenceLine);
	if (result.remedy) writeFix(log, result.remedy);
	if (waiting.length > 0) log.text(`Waiting for this: ${waiting.join(", ")}`, { prefix: "  ", limit: 1000 });
	const url = docsUrl(result.docs);
	if (url !== undefined) log.text(url, { prefix: "  More: ", style: "dim" });
}

const evidenceLine = { prefix: "  seen:     ", style: "dim", limit: 500 } as const;

/** A fix, and its `otherwise` if it has one. */
export function writeFix(log: LogWriter, remedy: Remedy): void {
	writeRemedy(log, remedy, "Fix it");
	if (remedy.otherwise) writeRemedy(log, remedy.otherwise, "Or");
}

function writeRemedy(log: LogWriter, remedy: Omit<Remedy, "otherwise">, opening: string): void {
	log.text(`${opening} ${placeOf(remedy)}: ${remedy.text}`, { prefix: "  ", limit: 1500 });
	const { commands = [], config } = remedy;
	// The lines first: most commands restart what reads them.
	if (config) {
		log.text(`in ${config.file}:`, { prefix: "    ", limit: 300 });
		log.verbatim(config.text, 6);
		if (commands.length > 0) log.text("then run:", { prefix: "    " });
	}
	for (const command of commands.slice(0, maxCommands)) log.verbatim(command, 6);
	if (commands.length > maxCommands) {
		log.text(`… and ${commands.length - maxCommands} more lines`, { prefix: "      " });
	}
}

function writeAccepted(log: LogWriter, { accepted }: View): void {
	if (accepted.length === 0) return;
	log.gap();
	log.text("Accepted for now", { style: "bold" });
	for (const result of accepted) {
		const { reason = "", until = "" } = result.accepted ?? {};
		log.text(`${headlineOf(result)} [${result.id}] — until ${until}: ${reason}`, { prefix: "  · ", limit: 600 });
	}
}

function writePassed(log: LogWriter, { passed }: View): void {
	const { sign, style } = signs.pass;
	const prefix = `  ${sign}`;
	if (passed.length <= maxPassedLines) {
		for (const { id, message } of passed) log.text(`${id}: ${message}`, { prefix, prefixStyle: style, limit: 160 });
		return;
	}
	const areas = new Map<string, string[]>();
	for (const { id } of passed) areas.set(areaOf(id), [...(areas.get(areaOf(id)) ?? []), id]);
	for (const ids of areas.values()) log.text(ids.join(", "), { prefix, prefixStyle: style, limit: 1000 });
}
