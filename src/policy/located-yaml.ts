import {
	type Document,
	isAlias,
	isMap,
	isScalar,
	isSeq,
	LineCounter,
	type Node,
	type Pair,
	parseDocument,
	visit,
} from "yaml";

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

/** More parts than any honest file has: an alias bomb has billions. */
const maxParts = 50_000;

/**
 * Reads one YAML 1.2 document. Numbers that would lose their form (`1.90`) stay text; aliases are followed within bounds.
 * @returns the data with its places, or every mistake found.
 */
export function parseLocated(text: string): LocatedYaml | readonly YamlMistake[] {
	const lines = new LineCounter();
	// The package compares each key with all others of its mapping and looks for each anchor in the whole document:
	// `toData` has a Set, and `targetsOf` goes through the document once.
	const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, version: "1.2", merge: false });
	if (document.errors.length > 0) {
		return document.errors.slice(0, 20).map((error) => ({
			place: placeAt(lines, error.pos[0]),
			found: (error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, ""),
			allowed: hintFor(error.message),
		}));
	}
	let targets: Targets = new Map();
	let parts = 0;
	const repeated = new Set<Node>();
	const toData = (node: Node | null): unknown => {
		if (++parts > maxParts) throw new RangeError("too many parts");
		if (node === null) return null;
		if (isAlias(node)) return toData(targets.get(node) ?? null);
		if (isSeq(node)) return node.items.map((item) => toData(item as Node));
		if (isMap(node)) {
			const keys = new Set<string>();
			const entries = node.items.map(({ key, value }) => {
				const name = keyOf(key as Node);
				if (keys.has(name)) repeated.add(key as Node);
				keys.add(name);
				return [name, toData(value as Node | null)];
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
		data = toData(document.contents);
	} catch (error) {
		// A recursion that never ends and one that is merely huge are the same to us: no policy looks like that.
		if (!(error instanceof RangeError)) throw error;
		return [
			{
				place: { line: 1, column: 1 },
				found: `more than ${maxParts} parts, aliases followed`,
				allowed: "a file without aliases of aliases",
			},
		];
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
