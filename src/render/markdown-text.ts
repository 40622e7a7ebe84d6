import { clean, oneLine, type Segment, segmentsOf } from "./text.ts";

/**
 * Characters and words that Markdown, HTML or a forge makes something of, wherever they stand: markup, mentions,
 * references to issues (`#1`, Gitea's `!1`, GitHub's `GH-1`), links that need no markup, emoji names.
 */
const triggers =
	/[&<>\\`*_[\]{}|~$]|@(?=\S)|#(?=\w)|!(?=\d)|\bGH(?=-\d)|:(?=\/\/)|:(?=[\w+-]+:)|\bwww(?=\.)|\bmailto(?=:)|\bxmpp(?=:)/gi;
/** What makes a heading, list, rule or definition of the line that begins with it. */
const lineStart = /^(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))/;

/**
 * Makes a cleaned text inert in Markdown and in HTML alike. Entities do it for markup, in every dialect and inside an
 * HTML block too. Mentions and links that need no markup are found after entities are resolved, so a character without
 * width comes between.
 */
function inert(text: string): string {
	return text.replace(triggers, inertTrigger);
}

/** `inert`, for a text that may begin a line. */
function inertStart(text: string): string {
	const start = lineStart.exec(text)?.[0] ?? "";
	const opening = start === "" ? "" : /^\d/.test(start) ? `${start}&#8203;` : entityOf(start);
	return opening + inert(text.slice(start.length));
}

function inertTrigger(trigger: string): string {
	return /^[@#!:\w]/.test(trigger) && trigger !== "_" ? `${trigger}&#8203;` : entityOf(trigger);
}

function entityOf(character: string): string {
	if (character === "&") return "&amp;";
	if (character === "<") return "&lt;";
	if (character === ">") return "&gt;";
	return `&#${character.charCodeAt(0)};`;
}

function htmlCode(text: string): string {
	return `<code>${inert(text)}</code>`;
}

/** A code span; as HTML where backquotes or the bars of a table would end it. */
function codeSpan(text: string): string {
	const trimmed = text.trim();
	if (trimmed === "") return "";
	return /[`|\\]/.test(trimmed) ? htmlCode(trimmed) : `\`${trimmed}\``;
}

/** An address of unknown origin: it becomes code, to be read and copied, and not a link. */
const address = /\bhttps?:\/\/[^\s<>"'|]*[^\s<>"'|.,;:!?)\]]/gi;

function piecesOf(text: string): readonly Segment[] {
	return segmentsOf(text).flatMap((segment) => {
		if (segment.code || !segment.text.includes("://")) return [segment];
		const addresses = (segment.text.match(address) ?? []).map((found) => ({ code: true, text: found }));
		const between = segment.text.split(address).map((prose) => ({ code: false, text: prose }));
		return between.flatMap((prose, index) => [prose, ...addresses.slice(index, index + 1)]);
	});
}

/**
 * A text of a report as inline Markdown, on one line: text in backquotes becomes code, everything else is inert.
 * Right in a paragraph, a heading, a list and the cell of a table.
 */
export function markdown(text: string, limit?: number): string {
	let result = "";
	for (const segment of piecesOf(oneLine(text, limit))) {
		const prose = result === "" ? inertStart : inert;
		const next = segment.code ? codeSpan(segment.text) : prose(segment.text);
		// Two code spans that touch would be read as one with a longer run of backquotes in it.
		result += result.endsWith("`") && next.startsWith("`") ? htmlCode(segment.text.trim()) : next;
	}
	return result;
}

/** The same for a place that is HTML already, such as `<summary>`, where Markdown is not read. */
export function html(text: string, limit?: number): string {
	return piecesOf(oneLine(text, limit))
		.map((segment) => (segment.code ? htmlCode(segment.text) : inert(segment.text)))
		.join("");
}

/** A name, path or id as code, whatever it holds. */
export function code(text: string, limit = 300): string {
	return codeSpan(oneLine(text, limit));
}

const languages: readonly string[] = ["sh", "yaml", "json", "ini", "toml", "dockerfile"];

/** Lines as a fenced block; the fence is longer than every run of backquotes in them. */
export function fence(text: string, language: string): string {
	const body = clean(text).trimEnd();
	const longest = (body.match(/`+/g) ?? []).reduce((length, run) => Math.max(length, run.length), 2);
	const ticks = "`".repeat(longest + 1);
	return `${ticks}${languages.includes(language) ? language : ""}\n${body}\n${ticks}`;
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
	return [line(head), `|${" --- |".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

/** A folded block. `title` is HTML already; the blank lines let Markdown be read inside. */
export function folded(title: string, body: string): string {
	return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}
