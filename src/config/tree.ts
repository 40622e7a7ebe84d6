/**
 * A YAML text as plain located data: what the facts hold and the rules judge. Scalars stay text, because what
 * a text means depends on the type of its key, and there Go and JavaScript differ (`yes`, `010`, `1_000`, `0`).
 */

/** Line and column, both from 1; the column counts UTF-16 units, as editors do. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

export type Tree = MapTree | ListTree | Scalar;

export interface MapTree extends Position {
	readonly kind: "map";
	readonly entries: readonly Entry[];
}

/** Position of the key; the value has its own. */
export interface Entry extends Position {
	readonly key: string;
	readonly value: Tree;
}

export interface ListTree extends Position {
	readonly kind: "list";
	readonly items: readonly Tree[];
}

export interface Scalar extends Position {
	readonly kind: "scalar";
	readonly text: string;
	/** Written without quotes and not as a block: then `true`, `4` and nothing at all are no strings. */
	readonly plain: boolean;
	/** Where its words begin in the file, for texts that hold more than one: `[offset in text, line, column]`. */
	readonly words?: readonly (readonly [number, number, number])[];
}

/** What is wrong with a text that cannot be read, and where. */
export interface Problem extends Position {
	readonly message: string;
}

/** YAML's null, as Go's parser sees it. */
export function isNull(tree: Tree): boolean {
	return tree.kind === "scalar" && tree.plain && ["", "~", "null", "Null", "NULL"].includes(tree.text);
}

export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
	return tree?.kind === "map" ? tree.entries.find((entry) => entry.key === key) : undefined;
}

/** Follows a path of keys: `entryAt(root, "container", "options")`. */
export function entryAt(root: Tree | undefined, ...path: readonly string[]): Entry | undefined {
	let tree = root;
	let entry: Entry | undefined;
	for (const key of path) {
		entry = entryOf(tree, key);
		tree = entry?.value;
	}
	return entry;
}

/** The scalar at a path; `undefined` where there is none, null, or something that is no scalar. */
export function scalarAt(root: Tree | undefined, ...path: readonly string[]): Scalar | undefined {
	const value = entryAt(root, ...path)?.value;
	return value?.kind === "scalar" && !isNull(value) ? value : undefined;
}

/** Where in the file the text of a scalar is at an offset. */
export function positionIn(scalar: Scalar, offset: number): Position {
	const words = scalar.words ?? [];
	let low = 0;
	let high = words.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((words[middle]?.[0] ?? 0) <= offset) low = middle + 1;
		else high = middle;
	}
	const found = words[low - 1];
	if (!found) return { line: scalar.line, column: scalar.column };
	return { line: found[1], column: found[2] + (offset - found[0]) };
}
