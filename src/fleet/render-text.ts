import { createLogWriter, type LogOptions, type LogWriter } from "../render/log-text.ts";
import { timeText } from "../render/time-text.ts";
import type { Result } from "../report/report.ts";
import type { Fleet, FleetRunner } from "./fleet.ts";
import { isSick, stateOf } from "./judge-fleet.ts";
import { bySeverity, changeText, countsText, nameOf, remarksOf } from "./words.ts";

/** Findings of one runner, and entries of one list, that are printed; `fleet.json` has all. */
const maxFindings = 20;
const maxEntries = 50;

/** The fleet for a terminal, or for the log of a job. */
export function renderFleetText(fleet: Fleet, options: LogOptions): string {
	const log = createLogWriter(options);
	log.endGroup();
	log.text(`Fleet: ${fleet.verdict} — ${countsText(fleet)}`, { style: "bold" });
	const sorted = bySeverity(fleet.runners);
	const healthy = sorted.filter(isQuiet);
	for (const runner of sorted.filter((one) => !isQuiet(one))) writeRunner(log, runner);
	if (healthy.length > 0) {
		log.gap();
		log.group("Healthy", () => {
			for (const runner of healthy)
				log.text(`${nameOf(runner)}${runner.last_report ? `, ${timeText(runner.last_report)}` : ""}`, {
					prefix: "✔ ",
					prefixStyle: "green",
				});
		});
	}
	const drift = fleet.drift.map(({ profile, what, values, since }) => {
		const shown = values.map(({ value, runners }) => `${value} on ${runners.slice(0, 10).join(", ")}`);
		return `${profile}, ${what}: ${shown.join("; ")}${since === undefined ? "" : `, since ${timeText(since)}`}`;
	});
	list(log, "Drift: runners of one profile that differ", drift);
	const unserved = fleet.unserved.map(({ label, file, line }) => `${label} (${file}:${line})`);
	list(log, "Labels that no runner serves", unserved);
	const changes = fleet.changes.map((change) => `${nameOf(change)}: ${changeText(change)}`);
	list(log, "Changed since the run before", changes);
	const rejected = fleet.rejected.map(({ file, reason }) => `${file}: ${reason}`);
	list(log, "Not read", rejected);
	list(log, "Notes", fleet.notes);
	return log.toString();
}

function isQuiet(runner: FleetRunner): boolean {
	return !isSick(runner) && runner.verdict === "healthy";
}

function writeRunner(log: LogWriter, runner: FleetRunner): void {
	log.gap();
	const isBad = isSick(runner);
	const [prefix, prefixStyle] = isBad ? (["✖ ", "red"] as const) : (["▲ ", "yellow"] as const);
	log.text(`${nameOf(runner)}: ${stateOf(runner)}`, { prefix, prefixStyle, style: "bold" });
	for (const remark of remarksOf(runner)) log.text(remark, { prefix: "  " });
	const results = runner.results.slice(0, maxFindings);
	for (const result of results) writeFinding(log, result);
	const more = runner.results.length - results.length;
	if (more > 0) log.text(`… and ${more} more`, { prefix: "  " });
	if (runner.url !== undefined) log.verbatim(runner.url, 2, "dim");
}

function writeFinding(log: LogWriter, { id, reason, title, remedy }: Result): void {
	log.text(`${id}:${reason ?? ""} — ${title}`, { prefix: "  ", limit: 300 });
	if (remedy) log.text(`Fix: ${remedy.text}`, { prefix: "    ", limit: 1000 });
}

function list(log: LogWriter, title: string, entries: readonly string[]): void {
	if (entries.length === 0) return;
	log.gap();
	log.text(title, { style: "bold" });
	for (const entry of entries.slice(0, maxEntries)) log.text(entry, { prefix: "· ", limit: 1000 });
	const more = entries.length - maxEntries;
	if (more > 0) log.text(`… and ${more} more`, { prefix: "  " });
}
