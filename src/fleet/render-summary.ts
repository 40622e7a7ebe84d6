import { code, fence, folded, html, markdown, table } from "../render/markdown-text.ts";
import { docsUrl } from "../render/summary-marks.ts";
import { harmless } from "../render/text.ts";
import { timeText } from "../render/time-text.ts";
import type { Result } from "../report/report.ts";
import type { Fleet, FleetRunner } from "./fleet.ts";
import { isSick, stateOf } from "./judge-fleet.ts";
import { bySeverity, changeText, countsText, nameOf, remarksOf } from "./words.ts";

/** Rows and entries that are shown: a summary has at most 1 MiB, and nobody reads that much. */
const maxRows = 200;
const maxDetailed = 30;
const maxFindings = 10;
const maxEntries = 30;
const maxCharacters = 300_000;

const marks = { sick: "❌", degraded: "⚠️", healthy: "✅" };

/** The fleet as Markdown, for the job summary and for issues. Texts of reports are inert in it. */
export function renderFleetSummary(fleet: Fleet): string {
	const runners = bySeverity(fleet.runners);
	const sick = runners.filter(isSick);
	const blocks = [
		`## ${fleet.verdict === "healthy" ? marks.healthy : fleet.verdict === "degraded" ? marks.degraded : marks.sick} Fleet ${fleet.verdict}: ${countsText(fleet)}`,
		runners.length === 0 ? "No report was found, and no runner is expected." : overview(runners),
		...runners
			.filter((runner) => isSick(runner) || runner.verdict === "degraded")
			.slice(0, maxDetailed)
			.map(details),
		sick.length > maxDetailed ? `… and ${sick.length - maxDetailed} more sick runners: \`fleet.json\` has all.` : "",
		section(
			"Drift",
			fleet.drift.map(({ profile, what, values, since }) => {
				const shown = values.map(
					({ value, runners: named }) => `${code(value, 100)} on ${markdown(named.slice(0, 10).join(", "), 300)}`,
				);
				const when = since === undefined ? "" : `, since ${markdown(timeText(since), 40)}`;
				return `${code(profile)}, ${code(what)}: ${shown.join("; ")}${when}`;
			}),
		),
		section(
			"Labels that no runner serves",
			fleet.unserved.map(({ label, file, line }) => `${code(label)} in ${code(`${file}:${line}`)}`),
		),
		section(
			"Changed since the run before",
			fleet.changes.map((change) => `${code(nameOf(change))}: ${markdown(changeText(change), 500)}`),
		),
		section(
			"Not read",
			fleet.rejected.map(({ file, reason }) => `${code(file)}: ${markdown(reason, 300)}`),
		),
		section(
			"Notes",
			fleet.notes.map((note) => markdown(note, 600)),
		),
	];
	return assemble(blocks);
}

function overview(runners: readonly FleetRunner[]): string {
	const rows = runners
		.slice(0, maxRows)
		.map((runner) => [
			isSick(runner) ? marks.sick : runner.verdict === "degraded" ? marks.degraded : marks.healthy,
			runner.url === undefined ? code(runner.name, 100) : linked(runner.name, runner.url),
			code(runner.profile ?? "", 100),
			stateOf(runner),
			runner.last_report === undefined ? "never" : markdown(timeText(runner.last_report), 40),
			markdown(findingsOf(runner).slice(0, 5).join(", "), 300),
		]);
	const rest = runners.length - rows.length;
	const lines = table(["", "runner", "profile", "state", "last report", "findings"], rows);
	return rest > 0 ? `${lines}\n\n… and ${rest} more` : lines;
}

/** What its newest job said: the report, or the end of the log. */
function findingsOf({ status, failures, warnings, results }: FleetRunner): readonly string[] {
	if (status === "set-up-failed") return results.map(({ id, reason }) => `${id}:${reason ?? ""}`);
	return [...failures, ...warnings];
}

/** Only an address without anything that Markdown knows becomes a link. */
function linked(name: string, url: string): string {
	return /^https?:\/\/[\w.:/%-]+$/.test(url) ? `[${code(name, 100)}](${url})` : code(name, 100);
}

/** What is wrong with one runner, with the fixes. */
export function details(runner: FleetRunner): string {
	const mark = isSick(runner) ? marks.sick : marks.degraded;
	const remarks = remarksOf(runner).map((remark) => markdown(remark, 1000));
	const findings = runner.results.slice(0, maxFindings).map(findingText);
	const more = runner.results.length - findings.length;
	return [
		`### ${mark} ${code(nameOf(runner), 200)}: ${stateOf(runner)}`,
		remarks.join(" "),
		...findings,
		more > 0 ? `… and ${more} more findings` : "",
	]
		.filter((part) => part !== "")
		.join("\n\n");
}

function findingText({ id, reason, title, message, why, remedy, docs }: Result): string {
	const url = docsUrl(docs);
	const commands = remedy?.commands ?? [];
	const body = [
		markdown(message, 1500),
		why === undefined ? "" : markdown(why, 1000),
		remedy === undefined ? "" : `**Fix:** ${markdown(remedy.text, 1500)}`,
		commands.length === 0 ? "" : fence(commands.slice(0, 20).join("\n"), "sh"),
		remedy?.config === undefined
			? ""
			: `${code(remedy.config.file)}:\n\n${fence(remedy.config.text, remedy.config.language)}`,
		url === undefined ? "" : `[More](${url})`,
	];
	return folded(
		`${html(title, 200)} — <code>${html(`${id}:${reason ?? ""}`, 150)}</code>`,
		body.filter((part) => part !== "").join("\n\n"),
	);
}

function section(title: string, entries: readonly string[]): string {
	if (entries.length === 0) return "";
	const rest = entries.length - maxEntries;
	const lines = entries.slice(0, maxEntries).map((entry) => `- ${entry}`);
	return `### ${title}\n\n${lines.join("\n")}${rest > 0 ? `\n- … and ${rest} more` : ""}`;
}

function assemble(blocks: readonly string[]): string {
	let length = 0;
	let left = 0;
	const kept = blocks
		.filter((block) => block !== "")
		.map((block) => block.split("\n").map(harmless).join("\n"))
		.filter((block) => {
			length += block.length;
			if (length > maxCharacters) left++;
			return length <= maxCharacters;
		});
	if (left > 0)
		kept.push(`**${left} parts are left out because this would be too long.** \`fleet.json\` has everything.`);
	return `${kept.join("\n\n")}\n`;
}
