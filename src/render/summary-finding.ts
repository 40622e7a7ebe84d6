import type { Remedy } from "../checks/check.ts";
import type { Result } from "../report/report.ts";
import { code, fence, folded, html, markdown, table } from "./markdown-text.ts";
import { placeOf } from "./place-of.ts";
import { docsUrl, marks } from "./summary-marks.ts";
import { headlineOf, locationOf, storyOf } from "./view.ts";

const maxEvidence = 15;
const maxCommands = 30;
const maxWaiting = 40;

/** One finding: what is wrong, why it matters, how to fix it, and, folded, the evidence. */
export function findingBlock(result: Result, waiting: readonly string[]): string {
	return [
		headingOf(result),
		paragraph(result),
		expired(result),
		...(result.remedy ? fixBlocks(result.remedy, "Fix it") : []),
		...(result.remedy?.otherwise ? fixBlocks(result.remedy.otherwise, "Or") : []),
		waitingLine(waiting),
		evidenceBlock(result),
		docsLine(result),
	]
		.filter((block) => block !== "")
		.join("\n\n");
}

/** The same in two lines, for a report with very many findings. */
export function shortFindingBlock(result: Result): string {
	return `${headingOf(result)}\n\n${markdown(result.message, 300)}`;
}

function headingOf(result: Result): string {
	return `### ${marks[result.status]} ${markdown(headlineOf(result), 160)} — ${code(result.id, 120)}`;
}

function paragraph(result: Result): string {
	const location = locationOf(result);
	const place = location === undefined || result.message.includes(location) ? "" : `${code(location)}: `;
	return `${place}${markdown(storyOf(result), 2500)}`;
}

function expired({ acceptance_expired: until }: Result): string {
	return until === undefined
		? ""
		: `**This finding was accepted until ${markdown(until, 40)}. The acceptance has expired, so it counts again.**`;
}

/** A fix with its commands and lines of configuration. */
export function fixBlocks(remedy: Omit<Remedy, "otherwise">, opening: string): readonly string[] {
	const { commands, config } = remedy;
	const text = `**${`${opening} ${placeOf(remedy)}`.trim()}:** ${markdown(remedy.text, 1500)}`;
	const more = commands && commands.length > maxCommands ? `\n# … and ${commands.length - maxCommands} more lines` : "";
	return [
		text,
		// The lines first: most commands then restart what reads them.
		config ? `In ${fileName(config.file)}:\n\n${fence(config.text, config.language)}` : "",
		commands && commands.length > 0 ? fence(commands.slice(0, maxCommands).join("\n") + more, "sh") : "",
	];
}

/** A description, such as "the workflow's job", is not a name to be marked. */
function fileName(file: string): string {
	return /^[\w.'`/-]+(?: [\w.'`/-]+)+$/.test(file) ? markdown(file) : code(file);
}

function waitingLine(waiting: readonly string[]): string {
	if (waiting.length === 0) return "";
	const shown = waiting.slice(0, maxWaiting).map((id) => code(id, 120));
	const rest = waiting.length - shown.length;
	return `Waiting for this: ${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}.`;
}

function docsLine(result: Result): string {
	const url = docsUrl(result.docs);
	return url === undefined ? "" : `[More about ${code(`${result.id}:${result.reason ?? ""}`, 160)}](${url})`;
}

function evidenceBlock({ evidence, expected, observed }: Result): string {
	const contrast = [
		expected === undefined ? "" : `expected ${html(expected, 200)}`,
		observed === undefined ? "" : `found ${html(observed, 200)}`,
	].filter((part) => part !== "");
	if (evidence.length === 0) return contrast.length === 0 ? "" : `${upperFirst(contrast.join(", "))}.`;
	const rows = evidence.slice(0, maxEvidence).map(({ source, text }) => [markdown(text, 500), markdown(source, 200)]);
	const rest = evidence.length - rows.length;
	if (rest > 0) rows.push([`… and ${rest} more`, ""]);
	return folded(
		["Evidence", contrast.join(", ")].filter((part) => part !== "").join(": "),
		table(["seen", "where"], rows),
	);
}

function upperFirst(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
