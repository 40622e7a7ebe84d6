/**
 * What every renderer does first with a text of a report. Such texts hold what tools, files and other machines said,
 * so they are hostile until proved otherwise: `clean` takes away what is never wanted, and only then do the renderers
 * for Markdown (`markdown-text.ts`) and for logs (`log-text.ts`) make the rest inert in their own way.
 */

/** Characters of one text that are shown, unless a place asks for fewer. */
const textLimit = 4000;

/** CSI, OSC and the other escape sequences of a terminal. A sequence without an end stops at the end of its line. */
const terminalSequences =
	/\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b\n]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]|\u009b[0-?]*[ -/]*[@-~]/g;
const lineBreaks = /\r\n?|[\v\f\u0085\u2028\u2029]/g;
/** Controls, format characters (bidi overrides, zero width, tags), half surrogates and whatever else has no glyph. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/** Anything but plain ASCII, line feeds and tabs. Most texts hold none, and one look is cheaper than three. */
const unusual = /[^\n\t -~]/;

/**
 * Removes terminal sequences, control, bidi and invisible characters; keeps line feeds and tabs. Bounded: what is cut
 * is said at the end, with its length where there is room for that. Never longer than `limit` and a few words.
 */
export function clean(text: string, limit: number = textLimit): string {
	// Only the part that can be shown is looked at, so that 10 MB of text cost no more than one page.
	const head = text.slice(0, limit * 4);
	const plain = unusual.test(head) ? withoutUnseen(head) : head;
	if (plain.length <= limit && head.length === text.length) return plain;
	const shown = plain.slice(0, limit).replace(/\p{Cs}/gu, "");
	return limit < 1000 ? `${shown}…` : `${shown} … (${text.length - shown.length} characters more)`;
}

function withoutUnseen(text: string): string {
	return text
		.replace(terminalSequences, "")
		.replace(lineBreaks, "\n")
		.replace(invisible, (character) => (character === "\n" || character === "\t" ? character : ""));
}

/** `clean`, on one line. */
export function oneLine(text: string, limit: number = textLimit): string {
	return clean(text, limit)
		.replace(/\s{2,}|[^\S ]/g, " ")
		.trim();
}

/**
 * Takes the power of a workflow command from a line: a runner obeys `::name::` at its start, after blanks too, and
 * `##[name]` anywhere. A color before or within the command does not stop every reader, so it is skipped.
 */
export function harmless(line: string): string {
	return line.replace(/##(?=(?:\u001b\[\d*m)*\[)/g, "# #").replace(/^((?:\s|\u001b\[\d*m)*):(?=:)/, "$1: ");
}

/** A text for a log or a terminal: cleaned, its lines kept, none of them a workflow command. */
export function plainText(text: string, limit?: number): string {
	return clean(text, limit).split("\n").map(harmless).join("\n");
}

export interface Segment {
	readonly code: boolean;
	/** Holds no backquote where it is code. */
	readonly text: string;
}

/** Splits a cleaned text at its backquotes. The last of an odd number of them is a plain character. */
export function segmentsOf(text: string): readonly Segment[] {
	const parts = text.split("`");
	if (parts.length % 2 === 0) {
		const tail = parts.pop();
		parts[parts.length - 1] += `\`${tail}`;
	}
	return parts.map((part, index) => ({ code: index % 2 === 1, text: part })).filter((segment) => segment.text !== "");
}
