import { type Entry, entryOf, type Tree } from "../read/tree.ts";
import { merged } from "./merge.ts";
import { readService, type ServicePart, type Surroundings } from "./service.ts";

/** Keys from the top of a document to a value. */
export type Path = readonly string[];

/** What one document says of a service. */
export interface Layer {
	readonly entry: Entry;
	readonly where: Surroundings;
	/** The service that it extends, from the lowest layer up. */
	readonly base: readonly Layer[];
}

/** A document without its tags: what they take away is gone. */
export interface Document {
	readonly tree: Tree | undefined;
	/** The paths that lower layers lose. */
	readonly replaced: readonly Path[];
	/** Each service, and what its lower layers lose. */
	readonly services: ReadonlyMap<string, { readonly entry: Entry; readonly replaced: readonly Path[] }>;
}

/** Carries out `!reset`, which takes a value away, here and in lower layers, and `!override`, which takes it from lower layers alone. */
export function documentOf(root: Tree): Document {
	const { tree, replaced } = withoutTags(root, []);
	const services = entryOf(tree, "services")?.value;
	const ofServices = pathsBelow(replaced).get("services") ?? [];
	const paths = pathsBelow(ofServices);
	const entries = services?.kind === "map" ? services.entries : [];
	return {
		tree,
		replaced,
		services: new Map(entries.map((entry) => [entry.key, { entry, replaced: paths.get(entry.key) ?? [] }])),
	};
}

function withoutTags(tree: Tree, path: Path): { readonly tree: Tree | undefined; readonly replaced: readonly Path[] } {
	if (tree.tag === "reset") return { tree: undefined, replaced: [path] };
	if (tree.tag === "override") return { tree, replaced: [path] };
	if (tree.kind === "scalar") return { tree, replaced: [] };
	if (tree.kind === "list") {
		const items = tree.items.map((item) => withoutTags(item, path).tree).filter((item) => item !== undefined);
		// Items have no keys, so lower layers keep theirs.
		return { tree: { ...tree, items }, replaced: [] };
	}
	const read = tree.entries.map((entry) => ({ entry, inside: withoutTags(entry.value, [...path, entry.key]) }));
	const entries = read.flatMap(({ entry, inside }) => (inside.tree ? [{ ...entry, value: inside.tree }] : []));
	return { tree: { ...tree, entries }, replaced: read.flatMap(({ inside }) => inside.replaced) };
}

/** First key -> what is left of the paths after it; an empty path stands for the value of the key itself. */
export function pathsBelow(paths: readonly Path[]): ReadonlyMap<string, readonly Path[]> {
	const found = new Map<string, Path[]>();
	for (const [key, ...rest] of paths) {
		if (key === undefined) continue;
		const known = found.get(key);
		if (known) known.push(rest);
		else found.set(key, [rest]);
	}
	return found;
}

/** Layers of a service without what an upper one replaces. */
export function without(layers: readonly Layer[], paths: readonly Path[]): readonly Layer[] {
	if (paths.length === 0 || layers.length === 0) return layers;
	// Compose makes a list of variables that several layers set, and takes none of a list away.
	const isList = everyLayer(layers).filter(({ entry }) => entryOf(entry.value, "environment")).length > 1;
	const counting = isList ? paths.filter(([first, ...rest]) => first !== "environment" || rest.length === 0) : paths;
	const pruned = (layer: Layer): Layer => ({
		...layer,
		entry: { ...layer.entry, value: withoutPaths(layer.entry.value, counting) },
		base: layer.base.map(pruned),
	});
	return layers.map(pruned);
}

function everyLayer(layers: readonly Layer[]): readonly Layer[] {
	return layers.flatMap((layer) => [layer, ...everyLayer(layer.base)]);
}

/** Lists that Compose reads as maps of the same names. */
const namedLists: ReadonlySet<string> = new Set(["depends_on", "networks"]);

function withoutPaths(tree: Tree, paths: readonly Path[]): Tree {
	if (tree.kind !== "map" || paths.length === 0) return tree;
	const lost = pathsBelow(paths);
	const entries = tree.entries.flatMap((entry) => {
		const inside = lost.get(entry.key);
		if (!inside) return [entry];
		if (inside.some((path) => path.length === 0)) return [];
		const { value } = entry;
		if (value.kind !== "list" || !namedLists.has(entry.key)) return [{ ...entry, value: withoutPaths(value, inside) }];
		const names = new Set(inside.map(([name]) => name));
		const items = value.items.filter((item) => item.kind !== "scalar" || !names.has(item.text));
		return [{ ...entry, value: { ...value, items } }];
	});
	return { ...tree, entries };
}

/** What all layers say together; `undefined` without any. */
export function readLayers(layers: readonly Layer[]): ServicePart | undefined {
	const [lowest, ...upper] = layers.map(readLayer);
	return lowest && upper.reduce(merged, lowest);
}

function readLayer({ entry, where, base }: Layer): ServicePart {
	const part = readService(entry, where);
	const extended = readLayers(base);
	return extended ? { ...merged(extended, part), name: part.name, file: part.file, entry: part.entry } : part;
}
