import type { Report, Result } from "../report/report.ts";
import { code, markdown } from "./markdown-text.ts";
import { findingBlock, shortFindingBlock } from "./summary-finding.ts";
import { acceptedBlock, passedBlock, skippedBlock, toolchainBlock } from "./summary-lists.ts";
import { marks } from "./summary-marks.ts";
import { harmless } from "./text.ts";
import {
	countsOf,
	decidedByText,
	durationText,
	headlineOf,
	systemOf,
	unknownText,
	unusedText,
	type View,
	verdictOf,
	viewOf,
} from "./view.ts";

/** A forge truncates or refuses a summary over 1 MiB. This one stays below and says what it leaves out. */
const maxBytes = 900_000;
/** Beyond this size, findings are shortened: nobody reads a longer summary. */
const detailBytes = 100_000;
/** From this many findings on, the summary begins with a list of them. */
const overviewFrom = 4;

/**
 * The job summary: GitHub-flavored Markdown that Gitea renders as well. Text from tools is inert in it.
 * @param posture What strangers reach, as Markdown.
 */
export function renderSummary(report: Report, posture = ""): string {
	const view = viewOf(report);
	return assemble([
		heading(report),
		factsLine(report),
		markdown(unknownText(report) ?? "", 300),
		unusedLine(report),
		overview(view),
		...findingBlocks(view),
		posture,
		acceptedBlock(view),
		toolchainBlock(report),
		passedBlock(view),
		skippedBlock(view),
		footer(report),
	]);
}

function heading(report: Report): string {
	const { mark, text } = verdictOf(report);
	return `## ${marks[mark]} ${text}: ${code(report.runner.name, 120)}`;
}

function factsLine(report: Report): string {
	const { runner, profile } = report;
	const parts = [
		`${code(profile.name, 120)} profile, ${markdown(decidedByText(profile.decided_by), 200)}`,
		profile.policy === undefined ? "" : `policy ${code(profile.policy)}`,
		...whereabouts(report),
		markdown(systemOf(runner), 120),
		...countsOf(report).map(({ text, severe }) => (severe ? `**${text}**` : text)),
		durationText(report.duration_ms),
	];
	return parts.filter((part) => part !== "").join(" · ");
}

function unusedLine(report: Report): string {
	const text = unusedText(report);
	return text === undefined ? "" : markdown(text, 1000);
}

function whereabouts({ runner }: Report): readonly string[] {
	if (runner.mode === "host") return ["on the host"];
	if (runner.mode === "unknown") return ["container or host: unknown"];
	return [runner.image === undefined ? "in a container" : `in a container of ${code(runner.image)}`];
}

function overview({ findings }: View): string {
	if (findings.length < overviewFrom) return "";
	const line = (result: Result) =>
		`- ${marks[result.status]} ${markdown(headlineOf(result), 160)} — ${code(result.id, 120)}`;
	const shown = findings.slice(0, 30).map(line);
	const rest = findings.length - shown.length;
	return [...shown, ...(rest > 0 ? [`- … and ${rest} more`] : [])].join("\n");
}

function findingBlocks({ findings, waiting }: View): readonly string[] {
	let bytes = 0;
	return findings.map((result) => {
		if (bytes > detailBytes) return shortFindingBlock(result);
		const block = findingBlock(result, waiting.get(result.id) ?? []);
		bytes += bytesOf(block);
		return block;
	});
}

function footer(report: Report): string {
	const { runner, job } = report;
	const parts = [
		`runner-check ${markdown(report.generator.version, 40)}`,
		markdown(`${runner.os}, ${runner.arch}, user ${runner.user}`, 200),
		markdown([job?.repository, job?.workflow, job?.job].filter((part) => part !== undefined).join(" / "), 300),
		markdown(report.started.replace("T", " ").replace(/:\d\d(?:\.\d+)?Z$/, " UTC"), 40),
	];
	return `<sub>${parts.filter((part) => part !== "").join(" · ")}</sub>`;
}

function assemble(blocks: readonly string[]): string {
	const kept: string[] = [];
	let bytes = 0;
	let left = 0;
	for (const block of blocks.filter((text) => text !== "").map(harmlessLines)) {
		const size = bytesOf(block) + 2;
		if (bytes + size > maxBytes) {
			left++;
			continue;
		}
		bytes += size;
		kept.push(block);
	}
	if (left > 0)
		kept.push(
			`**${left} parts of this summary are left out because it would be too long.** The JSON report has everything.`,
		);
	return `${kept.join("\n\n")}\n`;
}

/** `--format markdown` prints a summary into the log of a job, where a runner would obey a command inside a block of code. */
function harmlessLines(block: string): string {
	return block.split("\n").map(harmless).join("\n");
}

function bytesOf(text: string): number {
	return new TextEncoder().encode(text).length;
}
