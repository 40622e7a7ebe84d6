/**
 * A YAML text as plain data with places: what the facts hold and the rules judge. Scalars stay text, because their meaning
 * depends on the type of the key, and Go and JavaScript read them differently (`yes`, `010`, `1_000`, `0`).
 */

/** Line and column, both from 1; the column counts UTF-16 units, as editors do. */
export interface Position {
	readonly line: number;
	readonly column: number;
}

export type Tree = MapTree | ListTree | Scalar;

/** A tag of Compose on a value; the runner's parser ignores it. */
interface Tagged {
	readonly tag?: "reset" | "override";
}

export interface MapTree extends Position, Tagged {
	readonly kind: "map";
	readonly entries: readonly Entry[];
}

/** Position of the key; the value has its own. */
export interface Entry extends Position {
	readonly key: string;
	readonly value: Tree;
}

export interface ListTree extends Position, Tagged {
	readonly kind: "list";
	readonly items: readonly Tree[];
}

export interface Scalar extends Position, Tagged {
	readonly kind: "scalar";
	readonly text: string;
	/** Without quotes, and not a block: then `true`, `4` and an empty text are not strings. */
	readonly plain: boolean;
	/** The places of its words in the file, if it has more than one: `[offset in text, line, column]`. */
	readonly words?: readonly (readonly [number, number, number])[];
}

/** Why a text cannot be read, and the place. */
export interface Problem extends Position {
	readonly message: string;
}

/** YAML's null, as Go's parser sees it. */
export function isNull(tree: Tree): boolean {
	return tree.kind === "scalar" && tree.plain && ["", "~", "null", "Null", "NULL"].includes(tree.text);
}

/** The scalars of a list, or a single one. */
export function scalarsIn(tree: Tree | undefined): readonly Scalar[] {
	if (!tree || isNull(tree)) return [];
	if (tree.kind === "scalar") return [tree];
	return tree.kind === "list" ? tree.items.filter((item): item is Scalar => item.kind === "scalar") : [];
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

/** The scalar at a path; `undefined` if it is absent, null, a map or a list. */
export function scalarAt(root: Tree | undefined, ...path: readonly string[]): Scalar | undefined {
	const value = entryAt(root, ...path)?.value;
	return value?.kind === "scalar" && !isNull(value) ? value : undefined;
}

/** The place in the file of an offset in the text of a scalar. */
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
