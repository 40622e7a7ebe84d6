import { forgejoKeys, giteaKeys } from "../knowledge/config-keys.ts";
import { maskComposeLine } from "./compose/compose-line.ts";
import type { SourceFile } from "./facts.ts";
import type { Loaded } from "./read/load.ts";
import type { Scalar, Tree } from "./read/tree.ts";
import { maskSetting, maskText } from "./secrets/mask.ts";
import { secretsOf } from "./secrets/secret-places.ts";
import { maskProse, stars } from "./secrets/secret-text.ts";
import { maskWorkflowLine } from "./secrets/workflow-line.ts";

/** Characters of a line that are shown. Of a longer line, it is the part around the place. */
const maxWidth = 160;

/** A line of a file without its secrets, and the marked place in it. */
export interface Excerpt {
	readonly text: string;
	/** Offset of the marked character in `text`. */
	readonly mark: number;
}

/** Path -> the lines of the text. */
export type LinesOf = (path: string) => readonly string[];

/** The lines of texts, each split once. The parsers count lines like this; otherwise the stars would be in the wrong line. */
export function linesOfTexts(texts: ReadonlyMap<string, string>): LinesOf {
	const known = new Map<string, readonly string[]>();
	return (path) => {
		const lines = known.get(path) ?? (texts.get(path) ?? "").split(/\r?\n/);
		known.set(path, lines);
		return lines;
	};
}

/**
 * The line that a problem is in. Secrets become stars, and every character keeps its column. Of a file that could not be read,
 * only keys and the values of keys that are known to be harmless are shown.
 * @param isLabel The place is that of a workflow's label.
 */
export function excerptOf(
	file: SourceFile | undefined,
	lines: readonly string[],
	line: number,
	column: number,
	isLabel = false,
): Excerpt | undefined {
	return excerptOfLine(lines, line, column, (raw) =>
		file ? maskLine(file, raw, line) : maskWorkflowLine(raw, isLabel ? column - 1 : undefined),
	);
}

/** A line as `mask` shows it, which keeps every character in its column. */
export function excerptOfLine(
	lines: readonly string[],
	line: number,
	column: number,
	mask: (raw: string) => string,
): Excerpt | undefined {
	const raw = lines[line - 1];
	if (raw === undefined) return undefined;
	const whole = mask(raw);
	const masked = whole.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "?");
	const mark = Math.min(column - 1, masked.length);
	const start = mark > maxWidth - 20 ? mark - 60 : 0;
	const shown = masked
		.slice(start, start + maxWidth)
		.split("\t")
		.join(" ");
	if (shown.trim() === "") return undefined;
	return { text: `${start > 0 ? "…" : ""}${shown}`, mark: mark - start + (start > 0 ? 1 : 0) };
}

/** A whole text without its secrets. @param loaded The files that it is one of. */
export function maskedText(
	{ facts, composes }: Pick<Loaded, "facts" | "composes">,
	path: string,
	text: string,
): string {
	const file = facts.files.find((one) => one.path === path);
	const isCompose = composes.some((one) => one.path === path);
	const mask = (raw: string, line: number): string =>
		isCompose ? maskComposeLine(raw) : file ? maskLine(file, raw, line) : maskWorkflowLine(raw);
	return text
		.split("\n")
		.map((raw, index) => (raw.endsWith("\r") ? `${mask(raw.slice(0, -1), index + 1)}\r` : mask(raw, index + 1)))
		.join("\n");
}

function maskLine(file: SourceFile, raw: string, line: number): string {
	switch (file.kind) {
		case "config":
			return file.root && !file.problem ? maskRead(raw, file.root, line) : maskUnread(raw);
		case "registration":
			return maskRegistration(raw, file.problem ? [] : file.labels.filter((label) => label.line === line));
		case "unit": {
			const match = /^(\s*([\w-]+)\s*=)(.*)$/.exec(raw);
			const isSetting = (at: { readonly line: number }): boolean => at.line === line;
			const isKnown =
				file.settings.some(isSetting) || (file.ignored ?? []).some((one) => "name" in one && isSetting(one));
			// Text outside of a setting can be anything.
			if (match && !isKnown) return `${match[1]}${stars(match[3] ?? "")}`;
			if (!match) return /^\s*\[[\w -]+\]\s*$/.test(raw) ? raw : starsBehind(/^\s*[#;]?/, raw);
			return `${match[1]}${maskSetting(match[2] ?? "", match[3] ?? "")}`;
		}
		default:
			return "";
	}
}

function starsBehind(start: RegExp, raw: string): string {
	const shown = start.exec(raw)?.[0] ?? "";
	return shown + stars(raw.slice(shown.length));
}

/** A line of a `.runner`, which may be the whole file: only labels are shown. */
function maskRegistration(raw: string, labels: readonly Scalar[]): string {
	let masked = raw.replace(/[^\s[\]{},:"]/g, "*");
	for (const { column, text } of labels) {
		const source = /^"((?:\\.|[^"\\])*)"/.exec(raw.slice(column - 1))?.[1];
		// A label with escapes has other columns, so it is not shown.
		if (source === undefined || !isAligned(text, source)) continue;
		masked = masked.slice(0, column) + overlay(source, text) + masked.slice(column + source.length);
	}
	const key = /"labels"(?=\s*:)/.exec(raw);
	return key ? masked.slice(0, key.index) + key[0] + masked.slice(key.index + key[0].length) : masked;
}

/** Hides in a line what was hidden when the file was read. */
function maskRead(raw: string, root: Tree, line: number): string {
	let masked = maskProperties(maskComment(maskText(raw)));
	for (const { column, text } of secretsOf(root).onLine(line)) {
		const at = column - 1;
		// A text with escapes or folds has other columns, so nothing after its start is shown.
		masked =
			text !== undefined && isAligned(text, raw.slice(at, at + text.length))
				? masked.slice(0, at) + overlay(masked.slice(at, at + text.length), text) + masked.slice(at + text.length)
				: masked.slice(0, at) + stars(masked.slice(at));
	}
	const rest = secretsOf(root).hiddenUpTo(line);
	return stars(masked.slice(0, rest)) + masked.slice(rest);
}

/** A value that begins with `!` or `&` is a tag or an anchor for YAML, and maybe a password for its author. */
function maskProperties(raw: string): string {
	return raw.replace(/(?<=^|[\s[{,:])[!&][^\s,\]}]+/g, (word) => (/^!!\w+$/.test(word) ? word : stars(word)));
}

/** A comment explains nothing about a problem, and may hold the password that somebody wrote down. */
function maskComment(raw: string): string {
	const start = raw.search(/(?:^|\s)#/);
	return start < 0 ? raw : raw.slice(0, start + 2) + stars(raw.slice(start + 2));
}

/** Is every character of the source a star or the same in the text? */
function isAligned(text: string, source: string): boolean {
	return text.length === source.length && text.split("").every((char, index) => char === "*" || char === source[index]);
}

function overlay(shown: string, text: string): string {
	// Columns count UTF-16 units, so no code points here.
	return shown
		.split("")
		.map((char, index) => (text[index] === "*" ? "*" : char))
		.join("");
}

const harmlessKeys = new Set(
	[...Object.entries(giteaKeys), ...Object.entries(forgejoKeys)]
		.filter(([, key]) => !key.secret && key.type !== "environment" && key.type !== "texts")
		.map(([path]) => path.slice(path.lastIndexOf(".") + 1)),
);

/** A line of a file whose structure is unknown. */
function maskUnread(raw: string): string {
	const match = /^(\s*(?:- +)?["']?([\w.-]+)["']?\s*:)(.*)$/.exec(raw);
	if (!match) return raw.replace(/[A-Za-z0-9]/g, "*");
	const [, key = "", name = "", value = ""] = match;
	if (name === "options" || !harmlessKeys.has(name)) return key + value.replace(/[A-Za-z0-9]/g, "*");
	// What follows a comma or a bracket is another value.
	const end = /[{}[\],]|$/.exec(value)?.index ?? 0;
	return key + maskProse(maskText(value.slice(0, end))) + stars(value.slice(end));
}
