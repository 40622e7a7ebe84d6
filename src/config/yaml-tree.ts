import {
	type Alias,
	isAlias,
	isCollection,
	isMap,
	isNode,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	type Pair,
	type ParsedNode,
	parseAllDocuments,
	visit,
	type Scalar as YamlScalar,
} from "yaml";
import { readPlainYaml } from "./plain-yaml.ts";
import type { Entry, Problem, Scalar, Tree } from "./tree.ts";

export type YamlText =
	| { readonly kind: "ok"; readonly root: Tree | undefined }
	| { readonly kind: "broken"; readonly problem: Problem };

/** Deeper than any configuration, and shallow enough for a text that is made to exhaust the stack. */
const maxDepth = 40;
const maxBytes = 8 * 1024 * 1024;

/**
 * Reads a YAML text as Go's parser reads it for the runner: the first document only, keys once, merge keys
 * followed. Never throws: any text gives a tree or a located problem.
 */
export async function parseYaml(text: string): Promise<YamlText> {
	const unreadable = findUnreadable(text);
	if (unreadable) return { kind: "broken", problem: unreadable };
	const plain = readPlainYaml(text);
	return plain ? { kind: "ok", root: plain.root } : parseAnyYaml(text);
}

/** Any YAML there is, by the `yaml` package. */
export async function parseAnyYaml(text: string): Promise<YamlText> {
	const lines = new LineCounter();
	const at = (offset: number): { line: number; column: number } => {
		const { line, col } = lines.linePos(offset);
		return { line: Math.max(1, line), column: Math.max(1, col) };
	};
	try {
		const documents = parseAllDocuments(text, {
			lineCounter: lines,
			schema: "failsafe",
			prettyErrors: false,
			uniqueKeys: false,
			logLevel: "silent",
		});
		const [first] = "empty" in documents ? [] : documents;
		if (!first) return { kind: "ok", root: undefined };
		const error = first.errors[0];
		if (error) {
			const opened = error.code === "MISSING_CHAR" ? lastOpened(first.contents) : undefined;
			return {
				kind: "broken",
				problem: { ...at(opened ?? error.pos[0]), message: explain(error.code, error.message) },
			};
		}
		const reader = new TreeReader(text, at, first.contents);
		const root = first.contents ? reader.read(first.contents, 0) : undefined;
		if (reader.problem) return { kind: "broken", problem: reader.problem };
		return { kind: "ok", root };
	} catch (error) {
		// The library is not known to throw on any text; if it does, that text is broken and not we.
		const message = error instanceof Error ? error.message.slice(0, 200) : "it cannot be read";
		return { kind: "broken", problem: { line: 1, column: 1, message } };
	}
}

/** Where the last quote or bracket was opened: that is what lacks its end, not the place where the library noticed. */
function lastOpened(contents: ParsedNode | null): number | undefined {
	let offset: number | undefined;
	if (!contents) return undefined;
	visit(contents, (_, node) => {
		const isOpened =
			(isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE")) ||
			(isCollection(node) && node.flow === true);
		if (isOpened && isNode(node)) offset = node.range?.[0];
	});
	return offset;
}

/** What the library found, in words for who wrote the file; none of them quotes the text, which may be a secret. */
function explain(code: string, message: string): string {
	switch (code) {
		case "TAB_AS_INDENT":
			return "a tab is used as indentation: YAML allows only blanks there";
		case "MISSING_CHAR":
			return /quote/.test(message)
				? "a quote is opened here and never closed"
				: "a bracket is opened here and never closed";
		case "BAD_INDENT":
			return /flow|end with/.test(message)
				? "a bracket is opened before this and not closed"
				: "the indentation fits no line above it";
		case "UNEXPECTED_TOKEN":
		case "IMPOSSIBLE":
			return "this does not belong here: a quote, a bracket or a colon is missing or too much";
		case "BLOCK_IN_FLOW":
			return "a bracket is opened before this and not closed";
		case "BLOCK_AS_IMPLICIT_KEY":
			return "the value goes on in the next line as if that were a part of it: is the next line indented too deep, or is a quote missing around a text with a colon?";
		case "MULTILINE_IMPLICIT_KEY":
			return "no key: a colon has to be followed by a blank, and keys of one section begin in one column";
		case "BAD_SCALAR_START":
			return "a text may not begin with this character unless it is in quotes";
		default:
			return lowerFirst(message.replace(/:\s.*$/s, "")).slice(0, 200);
	}
}

function lowerFirst(text: string): string {
	return text.slice(0, 1).toLowerCase() + text.slice(1);
}

/** Bytes that are no text: control characters, what is no UTF-8 (decoded to U+FFFD), and too much of it. */
function findUnreadable(text: string): Problem | undefined {
	if (text.length > maxBytes) return { line: 1, column: 1, message: "longer than 8 MiB: this is no configuration" };
	const match = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(text);
	if (!match) return undefined;
	const before = text.slice(0, match.index);
	const line = before.split(/\r\n|\r|\n/).length;
	const column = match.index - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r"));
	const message =
		match[0] === "\ufffd"
			? "this is not UTF-8"
			: "a control character, which YAML does not allow: is this a text file?";
	return { line, column, message };
}

/** Turns the library's nodes into plain ones; stops at the first thing that the runner refuses. */
class TreeReader {
	problem: Problem | undefined;
	private readonly anchors = new Map<string, ParsedNode>();
	private copied = 0;
	private readonly text: string;
	private readonly at: (offset: number) => { line: number; column: number };

	constructor(text: string, at: TreeReader["at"], root: ParsedNode | null) {
		this.text = text;
		this.at = at;
		if (root && text.includes("&")) this.collectAnchors(root);
	}

	read(node: Node | null | undefined, depth: number): Tree {
		const place = this.at(node?.range?.[0] ?? 0);
		if (this.problem || !node) return { kind: "scalar", text: "", plain: true, ...place };
		if (depth > maxDepth) return this.fail(place, `nested more than ${maxDepth} levels deep`);
		if (isAlias(node)) return this.follow(node, depth, place);
		if (isMap(node)) return { kind: "map", ...place, entries: this.entries(node.items, depth) };
		if (isSeq(node)) {
			const items = node.items.map((item) => this.read(item as Node, depth + 1));
			return { kind: "list", ...place, items };
		}
		return this.scalar(node as YamlScalar, place);
	}

	private entries(pairs: readonly Pair[], depth: number): readonly Entry[] {
		const entries: Entry[] = [];
		const merged: Entry[] = [];
		const seen = new Map<string, number>();
		for (const pair of pairs) {
			const key = pair.key as Node | null;
			const place = this.at(key?.range?.[0] ?? 0);
			if (!isScalar(key)) {
				this.fail(place, "a key has to be a word, not a list or a map");
				return entries;
			}
			const name = String(key.source ?? key.value ?? "");
			const read = this.read(pair.value as Node | null, depth + 1);
			// Nothing stands somewhere too: after the colon.
			const isNothing = read.kind === "scalar" && read.plain && read.text === "";
			const value = isNothing ? { ...read, ...this.at((key.range?.[1] ?? 0) + 1) } : read;
			if (name === "<<" && value.kind === "map") {
				merged.push(...value.entries);
				continue;
			}
			const first = seen.get(name);
			if (first !== undefined) {
				this.fail(place, `the key is here for the second time; the first is in line ${first}`);
				return entries;
			}
			seen.set(name, place.line);
			entries.push({ key: name, ...place, value });
		}
		return merged.length === 0 ? entries : [...entries, ...merged.filter((entry) => !seen.has(entry.key))];
	}

	private scalar(node: YamlScalar, place: { line: number; column: number }): Scalar {
		const text = String(node.value ?? "");
		const isPlain = node.type === undefined || node.type === "PLAIN";
		// A tag says what a scalar is, quoted or not.
		const plain = node.tag === undefined ? isPlain : /^tag:yaml\.org,2002:(?:int|float|bool|null)$/.test(node.tag);
		const words = /\s/.test(text) && node.range ? this.words(text, node.range[0], node.range[2]) : undefined;
		return { kind: "scalar", text, plain, ...place, ...(words && { words }) };
	}

	/**
	 * Finds each word of a text again in the file, whatever the style it is written in: block, folded, quoted.
	 * What escapes hide is not found; then the word before it tells the place.
	 */
	private words(text: string, from: number, to: number): readonly (readonly [number, number, number])[] {
		const found: [number, number, number][] = [];
		let cursor = from;
		for (const match of text.matchAll(/\S+/g)) {
			const index = this.text.indexOf(match[0], cursor);
			if (index < 0 || index >= to) continue;
			cursor = index + match[0].length;
			const { line, column } = this.at(index);
			found.push([match.index, line, column]);
		}
		return found;
	}

	private collectAnchors(root: ParsedNode): void {
		visit(root, (_, node) => {
			if (isNode(node) && !isAlias(node) && node.anchor !== undefined) {
				this.anchors.set(node.anchor, node as ParsedNode);
			}
		});
	}

	private follow(alias: Alias, depth: number, place: { line: number; column: number }): Tree {
		const target = this.anchors.get(alias.source);
		if (!target) return this.fail(place, "an alias of an anchor that is nowhere");
		// Aliases of aliases can stand for billions of values.
		if (++this.copied > 1000) return this.fail(place, "more than 1000 aliases");
		return this.read(target, depth + 1);
	}

	private fail(place: { line: number; column: number }, message: string): Tree {
		this.problem ??= { ...place, message };
		return { kind: "scalar", text: "", plain: true, ...place };
	}
}
