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
import { lowerFirst } from "../../checks/text.ts";
import { type Moved, movedRight } from "./go-indent.ts";
import { refusedTab } from "./go-tabs.ts";
import type { Entry, MapTree, Position, Problem, Scalar, Tree } from "./tree.ts";

interface Broken {
	readonly kind: "broken";
	readonly problem: Problem;
}

export type YamlText = { readonly kind: "ok"; readonly root: Tree | undefined } | Broken;

export type YamlDocuments = { readonly kind: "ok"; readonly roots: readonly Tree[] } | Broken;

/** No configuration is deeper. The limit protects the stack from hostile texts. */
const maxDepth = 40;
/** To read the most expensive text of that length takes about a second, and nothing can interrupt it. */
export const maxYamlSize = 256 * 1024;
/** No file has more. Each has aliases of its own, which may stand for many values. */
const maxDocuments = 20;
/** Aliases of aliases can stand for billions of values. */
const maxCopied = 10_000;

/**
 * Reads a YAML text as the runner's Go parser does: only the first document, no key twice, merge keys applied. Never throws: any
 * text gives a tree or a problem with its place.
 */
export function parseYaml(text: string): YamlText {
	const parsed = parse(text, "first");
	return parsed.kind === "ok" ? { kind: "ok", root: parsed.roots[0] } : parsed;
}

/** The same for all documents of a text, as Compose reads it. Empty ones are left out. */
export function parseDocuments(text: string): YamlDocuments {
	return parse(text, "all");
}

function parse(text: string, which: "first" | "all"): YamlDocuments {
	const unreadable = findUnreadable(text);
	if (unreadable) return { kind: "broken", problem: unreadable };
	const first = attempt({ text, moved: new Map() }, which);
	let last = first;
	// Each list or quote may need one more, which costs as much as the first. Only a large text has to do with few.
	for (let tries = 0; last.kind === "broken" && last.tooFarLeft && tries * text.length < maxYamlSize; tries++) {
		last = attempt(last.tooFarLeft, which);
	}
	return last.kind === "ok" ? last : first;
}

type Attempt = YamlDocuments & { readonly tooFarLeft?: Moved | undefined };

function attempt({ text, moved }: Moved, which: "first" | "all"): Attempt {
	const lines = new LineCounter();
	const at = (offset: number): Position => {
		const { line, col } = lines.linePos(offset);
		return { line: Math.max(1, line), column: Math.max(1, col - (moved.get(line) ?? 0)) };
	};
	try {
		const documents = parseAllDocuments(text, {
			lineCounter: lines,
			schema: "failsafe",
			prettyErrors: false,
			// The package compares each key with all others of its map. `TreeReader` uses a set, and knows the place.
			uniqueKeys: false,
			logLevel: "silent",
		});
		const all = "empty" in documents ? [] : documents;
		const read = which === "all" ? all : all.slice(0, 1);
		const surplus = read[maxDocuments];
		if (surplus) throw new Refusal(at(surplus.range[0]), `it has more than ${maxDocuments} documents`);
		let from = 0;
		for (const document of read) {
			const { errors, contents } = document;
			const error = errors.find((one) => !goAccepts(one));
			if (!error) {
				const tab = refusedTab(text, document, from);
				from = document.range[2];
				if (tab === undefined) continue;
				return { kind: "broken", problem: { ...at(tab), message: explain("TAB_AS_INDENT", "") } };
			}
			const opened = neverClosed(error) ? lastOpened(contents) : undefined;
			const message = explain(error.code, error.message);
			const problem = { ...at(opened ?? error.pos[0]), message };
			return { kind: "broken", problem, tooFarLeft: movedRight({ text, moved }, error) };
		}
		const roots = read.flatMap(({ contents }) => (contents ? [new TreeReader(text, at).read(contents, 0)] : []));
		return { kind: "ok", roots };
	} catch (error) {
		if (error instanceof Refusal) return { kind: "broken", problem: error.problem };
		// The package is not known to throw. If it does, the text is at fault.
		const message = error instanceof Error ? error.message.slice(0, 200) : "it cannot be read";
		return { kind: "broken", problem: { line: 1, column: 1, message } };
	}
}

/** Go's scanner takes a `#` for a comment wherever a token may begin, also right behind a quote or a bracket. */
function goAccepts({ message }: { readonly message: string }): boolean {
	return message.startsWith("Comments must be separated");
}

/** The package has one code for all that is missing: a quote, a bracket, a comma, a colon, a dash. */
function neverClosed({ code, message }: { readonly code: string; readonly message: string }): boolean {
	return code === "MISSING_CHAR" && /quote|end with/.test(message);
}

/** The place of the last opening quote or bracket. The package reports where it noticed that the closing one is missing. */
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

/** A finding of the package in words for the author of the file. They never quote the text, which may be secret. */
function explain(code: string, message: string): string {
	switch (code) {
		case "TAB_AS_INDENT":
			return "the line is indented with a tab, and YAML allows only spaces";
		case "MISSING_CHAR":
			return missing(message);
		case "BAD_INDENT":
			return /flow|end with/.test(message)
				? "a bracket before this place is not closed"
				: "the indentation does not match any line above";
		case "UNEXPECTED_TOKEN":
		case "IMPOSSIBLE":
			return "unexpected text: a quote, a bracket or a colon is missing or superfluous";
		case "BLOCK_IN_FLOW":
			return "a bracket before this place is not closed";
		case "BLOCK_AS_IMPLICIT_KEY":
			return "the next line continues this value: it may be indented too far, or a value with a colon may lack its quotes";
		case "MULTILINE_IMPLICIT_KEY":
			return "this is not a key: a colon must be followed by a space, and the keys of a section must start in the same column";
		case "BAD_SCALAR_START":
			return "a value cannot start with this character unless it is in quotes";
		default:
			return lowerFirst(message.replace(/:\s.*$/s, "")).slice(0, 200);
	}
}

function missing(message: string): string {
	if (/quote/.test(message)) return "the quote that is opened here is never closed";
	if (/end with/.test(message)) return "the bracket that is opened here is never closed";
	if (/^Missing ,/.test(message)) return "a comma is missing before this place";
	if (/^Implicit map keys/.test(message)) return "this is not a key, because no colon follows it";
	return lowerFirst(message.replace(/:\s.*$/s, "")).slice(0, 200);
}

/** What is not text: control characters, bytes that are not UTF-8 (decoded as U+FFFD), and files that are too long. */
function findUnreadable(text: string): Problem | undefined {
	if (text.length > maxYamlSize) return { line: 1, column: 1, message: "it is longer than 256 KiB" };
	const match = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/.exec(text);
	if (!match) return undefined;
	const before = text.slice(0, match.index);
	const line = before.split(/\r\n|\r|\n/).length;
	const column = match.index - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r"));
	const message =
		match[0] === "\ufffd" ? "it is not UTF-8" : "it contains a control character, which YAML does not allow";
	return { line, column, message };
}

/** What the package reads and the runner refuses. */
class Refusal extends Error {
	readonly problem: Problem;

	constructor(place: Position, message: string) {
		super(message);
		this.problem = { ...place, message };
	}
}

/** What an alias stands for. */
interface Anchored {
	readonly tree: Tree;
	/** Values in it, aliases followed. */
	readonly size: number;
}

/** Turns the package's nodes into plain ones. Throws a `Refusal` at the first thing that the runner refuses. */
class TreeReader {
	/** By name; `undefined` while the value itself is being read. */
	private readonly anchors = new Map<string, Anchored | undefined>();
	/** Values read so far, and how many of them through aliases. */
	private size = 0;
	private copied = 0;
	private readonly text: string;
	private readonly at: (offset: number) => Position;

	constructor(text: string, at: TreeReader["at"]) {
		this.text = text;
		this.at = at;
	}

	read(node: Node | null, depth: number): Tree {
		const place = this.at(node?.range?.[0] ?? 0);
		if (depth > maxDepth) throw new Refusal(place, `it is nested more than ${maxDepth} levels deep`);
		if (isAlias(node)) return this.follow(node, place);
		if (node?.anchor === undefined) return this.readHere(node, depth, place);
		this.anchors.set(node.anchor, undefined);
		const before = this.size;
		const tree = this.readHere(node, depth, place);
		this.anchors.set(node.anchor, { tree, size: this.size - before });
		return tree;
	}

	private readHere(node: Exclude<Node, Alias> | null, depth: number, place: Position): Tree {
		this.size++;
		const tag = tagOf(node);
		if (isMap(node)) {
			return { kind: "map", ...place, ...tag, entries: this.entries(node.items as readonly Pair[], depth) };
		}
		if (isSeq(node)) {
			const items = node.items.map((item) => this.read(item as Node | null, depth + 1));
			return { kind: "list", ...place, ...tag, items };
		}
		return { ...this.scalar(node, place), ...tag };
	}

	private follow(alias: Alias, place: Position): Tree {
		const target = this.anchors.get(alias.source);
		if (!target) {
			const isOpen = this.anchors.has(alias.source);
			throw new Refusal(
				place,
				isOpen
					? "the alias is inside the value that it refers to"
					: "the alias refers to an anchor that is not defined above",
			);
		}
		this.size += target.size;
		this.copied += target.size;
		if (this.copied > maxCopied) throw new Refusal(place, `aliases expand to more than ${maxCopied} values`);
		return target.tree;
	}

	private entries(pairs: readonly Pair[], depth: number): readonly Entry[] {
		const entries: Entry[] = [];
		const merged: Entry[] = [];
		const lines = new Map<string, number>();
		for (const pair of pairs) {
			const key = pair.key as Node | null;
			const place = this.at(key?.range?.[0] ?? 0);
			if (!isScalar(key)) throw new Refusal(place, "a key must be a word, not a list or a map");
			const name = String(key.source ?? key.value ?? "");
			const read = this.read(pair.value as Node | null, depth + 1);
			const first = lines.get(name);
			if (first !== undefined) throw new Refusal(place, `the key occurs twice, first on line ${first}`);
			lines.set(name, place.line);
			if (name === "<<" && key.type === "PLAIN") {
				for (const map of mapsOf(read, place)) for (const entry of map.entries) merged.push(entry);
				continue;
			}
			// An empty value is located after the colon.
			const isNothing = read.kind === "scalar" && read.plain && read.text === "";
			const value = isNothing ? { ...read, ...this.at((key.range?.[1] ?? 0) + 1) } : read;
			entries.push({ key: name, ...place, value });
		}
		const names = new Set(entries.map(({ key }) => key));
		for (const entry of merged) {
			if (names.has(entry.key)) continue;
			names.add(entry.key);
			entries.push(entry);
		}
		return entries;
	}

	private scalar(node: YamlScalar | null, place: Position): Scalar {
		const text = String(node?.value ?? "");
		const isPlain = node?.type === undefined || node.type === "PLAIN";
		// A tag says what a scalar is, quoted or not.
		const plain = node?.tag === undefined ? isPlain : /^tag:yaml\.org,2002:(?:int|float|bool|null)$/.test(node.tag);
		const words = /\s/.test(text) && node?.range ? this.words(text, node.range[0], node.range[2]) : undefined;
		return { kind: "scalar", text, plain, ...place, ...(words && { words }) };
	}

	/**
	 * Finds the words of a text in the file, in any style: block, folded, quoted. A word with escapes is not found; then the word
	 * before it has the place.
	 */
	private words(text: string, from: number, to: number): NonNullable<Scalar["words"]> {
		const source = this.text.slice(from, to);
		const found: [number, number, number][] = [];
		let cursor = 0;
		let missed = 0;
		for (const match of text.matchAll(/\S+/g)) {
			const index = source.indexOf(match[0], cursor);
			// Each missing word costs a search through the rest of the text.
			if (index < 0 && ++missed > 100) break;
			if (index < 0) continue;
			cursor = index + match[0].length;
			const { line, column } = this.at(from + index);
			found.push([match.index, line, column]);
		}
		return found;
	}
}

function tagOf(node: Node | null): Pick<Tree, "tag"> {
	const tag = node && "tag" in node ? node.tag : undefined;
	return tag === "!reset" || tag === "!override" ? { tag: tag === "!reset" ? "reset" : "override" } : {};
}

/** The maps that `<<` merges. The first of two with the same key counts. */
function mapsOf(value: Tree, place: Position): readonly MapTree[] {
	const maps = value.kind === "list" ? value.items : [value];
	return maps.map((map) => {
		if (map.kind !== "map") throw new Refusal(place, "`<<` takes a map, or a list of maps");
		return map;
	});
}
