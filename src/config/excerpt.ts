import type { SourceFile } from "./facts.ts";
import { forgejoKeys, giteaKeys } from "./keys.ts";
import { maskSetting, maskText, stars } from "./mask.ts";
import type { Tree } from "./tree.ts";

/** Longest part of a line that is shown; around the place in question where it is longer. */
const maxWidth = 160;

/** A line of a file, fit to be shown: secrets starred out, and the place marked. */
export interface Excerpt {
	readonly text: string;
	/** Offset of the marked character in `text`. */
	readonly mark: number;
}

/**
 * The line that a mistake is in. Characters keep their columns while secrets become stars. In a file that could not be
 * read, everything is starred out but keys and the values of keys that are known to be harmless.
 */
export function excerptOf(
	file: SourceFile | undefined,
	text: string,
	line: number,
	column: number,
): Excerpt | undefined {
	const raw = text.split(/\r\n|\r|\n/, line)[line - 1];
	if (raw === undefined) return undefined;
	const masked = maskLine(file, raw, line).replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "?");
	const mark = Math.min(column - 1, masked.length);
	const start = mark > maxWidth - 20 ? mark - 60 : 0;
	const shown = masked
		.slice(start, start + maxWidth)
		.split("\t")
		.join(" ");
	if (shown.trim() === "") return undefined;
	return { text: `${start > 0 ? "…" : ""}${shown}`, mark: mark - start + (start > 0 ? 1 : 0) };
}

function maskLine(file: SourceFile | undefined, raw: string, line: number): string {
	// A workflow, which names its secrets and holds none.
	if (!file) return maskText(raw);
	switch (file.kind) {
		case "config":
			return file.root && !file.problem ? maskRead(raw, file.root, line) : maskUnread(raw);
		case "registration":
			// Only labels are of interest here, and they are strings of their own lines.
			return file.labels.some((label) => label.line === line) && !file.problem ? maskText(raw) : maskQuoted(raw);
		case "unit": {
			const match = /^(\s*([\w-]+)\s*=)(.*)$/.exec(raw);
			return match ? `${match[1]}${maskSetting(match[2] ?? "", match[3] ?? "")}` : raw.replace(/\S/g, "*");
		}
		default:
			return "";
	}
}

/** Stars in a line what was starred out when the file was read. */
function maskRead(raw: string, root: Tree, line: number): string {
	let masked = maskText(raw);
	for (const { column, text } of secretsIn(root, line)) {
		const at = column - 1;
		const source = raw.slice(at, at + text.length);
		// Where escapes or folding put the text elsewhere, nothing after its beginning is shown.
		const isAligned = [...text].every((char, index) => char === "*" || char === source[index]);
		masked = isAligned
			? masked.slice(0, at) + overlay(masked.slice(at, at + text.length), text) + masked.slice(at + text.length)
			: masked.slice(0, at) + stars(masked.slice(at));
	}
	return masked;
}

function overlay(shown: string, text: string): string {
	return [...shown].map((char, index) => (text[index] === "*" ? "*" : char)).join("");
}

interface SecretWord {
	readonly column: number;
	/** With stars for what is secret. */
	readonly text: string;
}

/** The words in a line that have stars in them. */
function secretsIn(tree: Tree, line: number): readonly SecretWord[] {
	if (tree.kind === "map") return tree.entries.flatMap((entry) => secretsIn(entry.value, line));
	if (tree.kind === "list") return tree.items.flatMap((item) => secretsIn(item, line));
	const { text, words, plain } = tree;
	if (!text.includes("*")) return [];
	if (!words) return tree.line === line ? [{ column: tree.column + (plain ? 0 : 1), text }] : [];
	return words.flatMap(([offset, wordLine, column]) => {
		const word = /^\S*/.exec(text.slice(offset))?.[0] ?? "";
		return wordLine === line && word.includes("*") ? [{ column, text: word }] : [];
	});
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
	if (name !== "options" && harmlessKeys.has(name)) return key + maskText(value);
	return key + value.replace(/[A-Za-z0-9]/g, "*");
}

function maskQuoted(raw: string): string {
	return raw.replace(/:(.*)$/, (_, value: string) => `:${value.replace(/[A-Za-z0-9]/g, "*")}`);
}
