import type { Entry, MapTree, Scalar, Tree } from "./tree.ts";

/**
 * Reads the YAML that configurations are written in: block maps, lists of one-line scalars, quotes without escapes,
 * literal blocks, comments. For anything else, mistakes included, it gives up, and the caller takes the `yaml` package,
 * which needs 40 ms to load and ten times as long to read. A test compares the two on all that this one accepts.
 */
export function readPlainYaml(text: string): { readonly root: Tree | undefined } | undefined {
	// Tabs, anchors, aliases, tags, directives, documents, explicit keys: none of them is plain.
	if (/\t|\r(?!\n)|^(?:---|\.\.\.|%)|^[^#\n]*(?:^|[\s:-])[&*!?](?:\s|\S*\s*$)/m.test(text)) return undefined;
	try {
		const reader = new PlainReader(text.split(/\r?\n/));
		return { root: reader.document() };
	} catch (error) {
		if (error instanceof NotPlain) return undefined;
		throw error;
	}
}

class NotPlain extends Error {}

function giveUp(): never {
	throw new NotPlain();
}

const keyLine = /^ *([A-Za-z_][\w.-]*):(?: +(\S.*)| *)$/;
/** What a plain scalar may begin with: nothing that means something else there. */
const plainStart = /^[A-Za-z0-9_/.~$(+<=^\\;]/;
const maxDepth = 12;

class PlainReader {
	private index = 0;
	private readonly lines: readonly string[];

	constructor(lines: readonly string[]) {
		this.lines = lines;
	}

	document(): Tree | undefined {
		if (this.peek() === undefined) return undefined;
		const tree = this.block(this.indent(), 0);
		if (this.peek() !== undefined) giveUp();
		return tree;
	}

	/** The next line that is neither empty nor a comment. */
	private peek(): string | undefined {
		while (this.index < this.lines.length) {
			const line = this.lines[this.index] ?? "";
			if (!/^ *(?:#|$)/.test(line)) return line;
			this.index++;
		}
		return undefined;
	}

	private indent(): number {
		const line = this.peek() ?? "";
		return line.length - line.trimStart().length;
	}

	private block(indent: number, depth: number): Tree {
		if (depth > maxDepth) giveUp();
		const line = this.peek() ?? "";
		return line.slice(indent).startsWith("-") ? this.list(indent) : this.map(indent, depth);
	}

	private map(indent: number, depth: number): MapTree {
		const place = { line: this.index + 1, column: indent + 1 };
		const entries: Entry[] = [];
		const seen = new Set<string>();
		for (let line = this.peek(); line !== undefined && this.indent() >= indent; line = this.peek()) {
			if (this.indent() > indent) giveUp();
			const match = keyLine.exec(line);
			const [, key = "", rest] = match ?? giveUp();
			if (seen.has(key)) giveUp();
			seen.add(key);
			const at = { line: this.index + 1, column: indent + 1 };
			const column = line.indexOf(":", indent) + 2;
			const value = this.value(rest, line, indent, column, depth);
			entries.push({ key, ...at, value });
		}
		return { kind: "map", ...place, entries };
	}

	/** What stands after `key:`, in the same line or below it. */
	private value(rest: string | undefined, line: string, indent: number, column: number, depth: number): Tree {
		const lineNumber = this.index + 1;
		if (rest !== undefined && !rest.startsWith("#")) {
			const start = line.length - rest.length + 1;
			if (/^[|>]/.test(rest)) return this.literal(rest, lineNumber, start, indent);
			this.index++;
			const scalar = readScalar(rest, lineNumber, start);
			// A deeper line after a scalar continues it.
			if (this.peek() !== undefined && this.indent() > indent) giveUp();
			return scalar;
		}
		this.index++;
		const next = this.peek();
		if (next !== undefined) {
			if (this.indent() > indent) return this.block(this.indent(), depth + 1);
			// A list may stand as far left as its key.
			if (this.indent() === indent && /^ *-(?: |$)/.test(next)) return this.list(indent);
		}
		return { kind: "scalar", text: "", plain: true, line: lineNumber, column };
	}

	private list(indent: number): Tree {
		const place = { line: this.index + 1, column: indent + 1 };
		const items: Tree[] = [];
		for (let line = this.peek(); line !== undefined && this.indent() >= indent; line = this.peek()) {
			if (this.indent() > indent) giveUp();
			const match = /^ *- +(\S.*)$/.exec(line);
			if (!match) {
				// A list as far left as its key ends where the next key begins.
				if (keyLine.test(line) && items.length > 0) break;
				giveUp();
			}
			const rest = match[1] ?? "";
			const start = line.length - rest.length + 1;
			items.push(readScalar(rest, this.index + 1, start));
			this.index++;
		}
		return { kind: "list", ...place, items };
	}

	/** `|` and `|-`: the lines below, as they are. */
	private literal(header: string, line: number, column: number, indent: number): Scalar {
		const match = /^\|(-?) *(?: #.*)?$/.exec(header);
		if (!match) giveUp();
		this.index++;
		const first = this.lines[this.index] ?? "";
		const inner = first.length - first.trimStart().length;
		if (first.trim() === "" || inner <= indent) giveUp();
		const texts: string[] = [];
		const words: [number, number, number][] = [];
		let offset = 0;
		for (; this.index < this.lines.length; this.index++) {
			const raw = this.lines[this.index] ?? "";
			if (raw.trim() !== "" && raw.length - raw.trimStart().length < inner) break;
			const text = raw.slice(inner);
			for (const word of text.matchAll(/\S+/g)) {
				words.push([offset + word.index, this.index + 1, inner + word.index + 1]);
			}
			texts.push(text);
			offset += text.length + 1;
		}
		while (texts[texts.length - 1] === "") texts.pop();
		// A line of blanks at the end is a matter of taste between parsers.
		if (texts[texts.length - 1]?.trim() === "") giveUp();
		const next = this.peek();
		if (next !== undefined && this.indent() > indent) giveUp();
		const text = `${texts.join("\n")}${match[1] === "-" ? "" : "\n"}`;
		return { kind: "scalar", text, plain: false, line, column, ...(/\s/.test(text) && { words }) };
	}
}

/** A scalar of one line, with the comment after it taken off. */
function readScalar(text: string, line: number, column: number): Tree {
	const place = { line, column };
	const quoted = /^"([^"\\]*)" *(?: #.*)?$/.exec(text) ?? /^'([^']*)' *(?: #.*)?$/.exec(text);
	if (quoted) return scalar(quoted[1] ?? "", false, line, column, 1);
	if (/^\[ *\] *(?: #.*)?$/.test(text)) return { kind: "list", ...place, items: [] };
	if (/^\{ *\} *(?: #.*)?$/.test(text)) return { kind: "map", ...place, entries: [] };
	const bare = text.replace(/ +#.*$/, "").trimEnd();
	const isOption = /^-[^\s-]/.test(bare) || /^--\w/.test(bare);
	if ((!plainStart.test(bare) && !isOption) || /:(?: |$)/.test(bare)) giveUp();
	return scalar(bare, true, line, column, 0);
}

function scalar(text: string, plain: boolean, line: number, column: number, quote: number): Scalar {
	const base = { kind: "scalar", text, plain, line, column } as const;
	if (!/\s/.test(text)) return base;
	const words = [...text.matchAll(/\S+/g)].map((word) => [word.index, line, column + quote + word.index] as const);
	return { ...base, words };
}
