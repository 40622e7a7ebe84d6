import {
	type Document,
	isAlias,
	isCollection,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	type Pair,
	parseDocument,
	visit,
} from "yaml";
import { maxDepth, maxEntries, maxValues } from "./limits.ts";

/** A place in a file, counted from 1. */
export interface Place {
	readonly line: number;
	readonly column: number;
}

/** A YAML file as plain data, with the place of each part. */
export interface LocatedYaml {
	readonly data: unknown;
	/** Place of the value at a path, or of its key; of the nearest parent if the path does not exist. */
	placeOf(path: readonly (string | number)[], what: "key" | "value"): Place;
	/** The text at a path as it was written, shortened. */
	sourceOf(path: readonly (string | number)[]): string;
}

export interface YamlMistake {
	readonly place: Place;
	readonly found: string;
	readonly allowed: string;
}

/**
 * Reads one YAML 1.2 document. Numbers that would lose their form (`1.90`) stay text; aliases are followed within bounds.
 * @returns the data with its places, or every mistake found.
 */
export function parseLocated(text: string): LocatedYaml | readonly YamlMistake[] {
	const lines = new LineCounter();
	// The package compares each key with all others of its mapping and looks for each anchor in the whole document:
	// `toData` has a Set, and `targetsOf` goes through the document once.
	// To tell the line of an error in its message, it looks through the text for each.
	const options = { lineCounter: lines, uniqueKeys: false, prettyErrors: false, version: "1.2", merge: false } as const;
	const document = parseDocument(text, options);
	const tooDeep = document.errors.find(({ message }) => /call stack/.test(message));
	if (tooDeep) return [deeperThanAllowed(placeAt(lines, tooDeep.pos[0]))];
	if (document.errors.length > 0) {
		return document.errors.slice(0, 20).map((error) => ({
			place: placeAt(lines, error.pos[0]),
			found: error.message.split("\n")[0] ?? "",
			allowed: hintFor(error.message),
		}));
	}
	let targets: Targets = new Map();
	let values = 0;
	const repeated = new Set<Node>();
	const toData = (node: Node | null, depth: number): unknown => {
		const place = () => placeAt(lines, node?.range?.[0] ?? 0);
		if (depth > maxDepth) throw new Refusal(deeperThanAllowed(place()));
		// The place of one of very many says nothing.
		if (++values > maxValues)
			throw new Refusal(moreThanAllowed({ line: 1, column: 1 }, `more than ${maxValues} values`));
		if (node === null) return null;
		if (isAlias(node)) return toData(targets.get(node) ?? null, depth + 1);
		if (isCollection(node) && node.items.length > maxEntries)
			throw new Refusal(moreThanAllowed(place(), `${node.items.length} entries`, `at most ${maxEntries} entries`));
		if (isSeq(node)) return node.items.map((item) => toData(item as Node, depth + 1));
		if (isMap(node)) {
			const keys = new Set<string>();
			const entries = node.items.map(({ key, value }) => {
				const name = keyOf(key as Node);
				if (keys.has(name)) repeated.add(key as Node);
				keys.add(name);
				return [name, toData(value as Node | null, depth + 1)];
			});
			return Object.fromEntries(entries);
		}
		if (!isScalar(node)) return undefined;
		const keepsItsForm =
			typeof node.value !== "number" || node.source === undefined || String(node.value) === node.source;
		return keepsItsForm ? node.value : node.source;
	};

	let data: unknown;
	try {
		targets = targetsOf(document);
		data = toData(document.contents, 0);
	} catch (error) {
		// The package's own recursion.
		if (error instanceof RangeError) return [deeperThanAllowed({ line: 1, column: 1 })];
		if (error instanceof Refusal) return [error.mistake];
		throw error;
	}
	if (repeated.size > 0) {
		return [...repeated].slice(0, 20).map((key) => ({
			place: placeAt(lines, key.range?.[0] ?? 0),
			found: `\`${keyOf(key).slice(0, 100)}\` a second time`,
			allowed: "each key once",
		}));
	}
	const find = (path: readonly (string | number)[]) => findNode(document, path, targets);
	return {
		data,
		placeOf: (path, what) => {
			const { key, value } = find(path);
			return placeAt(lines, (what === "key" ? (key ?? value) : (value ?? key))?.range?.[0] ?? 0);
		},
		sourceOf: (path) => {
			const [start = 0, end = 0] = find(path).value?.range ?? [];
			const source = text
				.slice(start, Math.min(end, start + 200))
				.replace(/\s+/g, " ")
				.trim();
			return source === "" ? "nothing" : `\`${source}${end - start > 200 ? "…" : ""}\``;
		},
	};
}

/** The file holds more than any policy. */
class Refusal extends Error {
	readonly mistake: YamlMistake;
	constructor(mistake: YamlMistake) {
		super(mistake.found);
		this.mistake = mistake;
	}
}

function moreThanAllowed(
	place: Place,
	found: string,
	allowed = `at most ${maxValues} values, aliases followed`,
): YamlMistake {
	return { place, found, allowed };
}

/** Also a value that holds an alias of itself. */
function deeperThanAllowed(place: Place): YamlMistake {
	return { place, found: `more than ${maxDepth} levels of nesting`, allowed: `at most ${maxDepth}, aliases followed` };
}

const keyOf = (node: Node): string => (isScalar(node) ? String(node.value) : "?");

/** What each alias stands for: the last value before it that has the anchor. */
type Targets = ReadonlyMap<Node, Node>;

function targetsOf(document: Document): Targets {
	const anchors = new Map<string, Node>();
	const targets = new Map<Node, Node>();
	visit(document, {
		Alias(_, alias) {
			const target = anchors.get(alias.source);
			if (target) targets.set(alias, target);
		},
		Value(_, value) {
			if (value.anchor !== undefined) anchors.set(value.anchor, value);
		},
	});
	return targets;
}

function findNode(
	document: Document,
	path: readonly (string | number)[],
	targets: Targets,
): { key: Node | undefined; value: Node | undefined } {
	let key: Node | undefined;
	let value = document.contents as Node | null;
	for (const step of path) {
		if (isAlias(value)) value = targets.get(value) ?? null;
		if (isMap(value)) {
			const pair = value.items.find((item: Pair) => keyOf(item.key as Node) === String(step));
			if (!pair) break;
			key = pair.key as Node;
			value = pair.value as Node | null;
		} else if (isSeq(value) && typeof step === "number") {
			key = undefined;
			value = (value.items[step] as Node | undefined) ?? null;
		} else break;
	}
	return { key, value: value ?? undefined };
}

function placeAt(lines: LineCounter, offset: number): Place {
	const { line, col } = lines.linePos(offset);
	return { line: Math.max(1, line), column: Math.max(1, col) };
}

function hintFor(message: string): string {
	if (/alias|block scalar/i.test(message)) return "a version range that begins with `*` or `>` needs quotes";
	if (/tab/i.test(message)) return "blanks for indentation, never tabs";
	return "YAML 1.2";
}
