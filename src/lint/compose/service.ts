import { isPath, joined } from "../paths.ts";
import { isYes } from "../read/go-values.ts";
import { splitWords } from "../read/shell-words.ts";
import {
	type Entry,
	entryAt,
	entryOf,
	isNull,
	type MapTree,
	type Scalar,
	scalarAt,
	scalarsIn,
	type Tree,
} from "../read/tree.ts";
import { interpolate, type Lookup } from "./interpolate.ts";
import type { Command, Dependency, Mount, ServiceFields, Value } from "./model.ts";

/** A service as one file defines it, before its env files are read. */
export interface ServicePart extends ServiceFields {
	readonly file: string;
	readonly entry: Entry;
	/** `undefined`: the file says `- NAME`, so the value comes from elsewhere. */
	readonly environment: ReadonlyMap<string, { readonly value: Value | undefined; readonly place: Value["place"] }>;
	readonly envFiles: readonly EnvFileReference[];
	/** `undefined`: the file does not say. */
	readonly networks: ReadonlyMap<string, readonly string[]> | undefined;
	readonly privileged?: boolean;
}

interface EnvFileReference {
	readonly path: string;
	readonly required: boolean;
	/** The path has variables that are not set here. */
	readonly open: boolean;
}

/** Where a file is, and what its variables are replaced by. */
export interface Surroundings {
	readonly file: string;
	/** Relative paths begin here. */
	readonly directory: string;
	readonly lookup: Lookup;
}

/** Reads one service of a file. Total: what has a form that Compose refuses is left out. */
export function readService(entry: Entry, where: Surroundings): ServicePart {
	const { key: name, value: tree } = entry;
	const value = (key: string): Value | undefined => {
		const scalar = scalarAt(tree, key);
		return scalar && resolved(scalar, where);
	};
	const values = (key: string): readonly Value[] =>
		scalarsIn(entryOf(tree, key)?.value).map((scalar) => resolved(scalar, where));
	const optional = <K extends string>(key: K, of: Value | Command | undefined) =>
		of === undefined ? {} : { [key]: of };
	const privileged = value("privileged");
	const build = entryOf(tree, "build");
	return {
		name,
		file: where.file,
		entry,
		...optional("image", value("image")),
		...optional("build", build && { text: "", unset: [], literal: true, place: placeOf(build, where) }),
		...optional("command", commandOf(tree, "command", where)),
		...optional("entrypoint", commandOf(tree, "entrypoint", where)),
		environment: environmentOf(entryOf(tree, "environment")?.value, where),
		envFiles: envFilesOf(entryOf(tree, "env_file")?.value, where),
		mounts: mountsOf(entryOf(tree, "volumes")?.value, where),
		ports: portsOf(entryOf(tree, "ports")?.value, where),
		dependsOn: dependenciesOf(entryOf(tree, "depends_on")?.value, where),
		networks: networksOf(entryOf(tree, "networks")?.value),
		...optional("networkMode", value("network_mode")),
		...optional("restart", value("restart")),
		restartPolicy: entryAt(tree, "deploy", "restart_policy") !== undefined,
		...(privileged && { privileged: isYes(privileged.text) }),
		...optional("user", value("user")),
		groups: values("group_add"),
		...optional("hostname", value("hostname")),
		...optional("containerName", value("container_name")),
		extraHosts: pairsOf(entryOf(tree, "extra_hosts")?.value, where),
		links: values("links"),
		profiles: values("profiles").map(({ text }) => text),
		placed: [
			...placedOf(entryOf(tree, "secrets")?.value, "/run/secrets/", where),
			...placedOf(entryOf(tree, "configs")?.value, "/", where),
		],
	} as ServicePart;
}

function placeOf({ line, column }: { line: number; column: number }, { file }: Surroundings): Value["place"] {
	return { file, line, column };
}

function resolved(scalar: Scalar, where: Surroundings): Value {
	const { text, unset, used } = interpolate(scalar.text, where.lookup);
	return { text, unset, literal: unset.length === 0 && used.length === 0, place: placeOf(scalar, where) };
}

/** The service that a service extends. */
export function extendsOf(
	tree: Tree,
	where: Surroundings,
): { readonly service: string; readonly file?: string } | undefined {
	const from = entryOf(tree, "extends")?.value;
	if (from?.kind === "scalar") return { service: resolved(from, where).text };
	const service = scalarAt(from, "service");
	if (!service) return undefined;
	const file = scalarAt(from, "file");
	return {
		service: resolved(service, where).text,
		...(file && { file: joined(where.directory, resolved(file, where).text) }),
	};
}

function commandOf(tree: Tree, key: string, where: Surroundings): Command | undefined {
	const entry = entryOf(tree, key);
	if (!entry || isNull(entry.value)) return undefined;
	const place = placeOf(entry, where);
	if (entry.value.kind === "list") {
		const values = scalarsIn(entry.value).map((scalar) => resolved(scalar, where));
		return {
			words: values.map(({ text }) => text),
			unset: values.flatMap(({ unset }) => unset),
			place,
			empty: values.length === 0,
		};
	}
	if (entry.value.kind !== "scalar") return undefined;
	const { text, unset } = resolved(entry.value, where);
	const split = splitWords(text);
	const words = split.kind === "ok" ? split.words.map((word) => word.text) : text.split(/\s+/).filter(Boolean);
	return { words, unset, place, empty: words.length === 0 };
}

/** A map or a list of `NAME=value`. */
function environmentOf(tree: Tree | undefined, where: Surroundings): ServicePart["environment"] {
	const found = new Map<string, { value: Value | undefined; place: Value["place"] }>();
	if (tree?.kind === "map") {
		for (const { key, value, ...position } of tree.entries) {
			const place = placeOf(position, where);
			if (value.kind !== "scalar") continue;
			found.set(key, { value: isNull(value) ? undefined : { ...resolved(value, where), place }, place });
		}
	}
	for (const scalar of tree?.kind === "list" ? scalarsIn(tree) : []) {
		const { text, ...rest } = resolved(scalar, where);
		const { place } = rest;
		const equals = text.indexOf("=");
		const name = equals < 0 ? text : text.slice(0, equals);
		found.set(name, { value: equals < 0 ? undefined : { ...rest, text: text.slice(equals + 1) }, place });
	}
	return found;
}

function envFilesOf(tree: Tree | undefined, where: Surroundings): readonly EnvFileReference[] {
	const items = tree?.kind === "list" ? tree.items : tree ? [tree] : [];
	return items.flatMap((item) => {
		const path = item.kind === "scalar" ? item : scalarAt(item, "path");
		if (!path || isNull(path)) return [];
		const { text, unset } = resolved(path, where);
		const required = scalarAt(item, "required")?.text !== "false";
		return [{ path: joined(where.directory, text), required, open: unset.length > 0 }];
	});
}

function mountsOf(tree: Tree | undefined, where: Surroundings): readonly Mount[] {
	const items = tree?.kind === "list" ? tree.items : [];
	return items.flatMap((item) => {
		if (item.kind === "map") return longMount(item, where);
		return item.kind === "scalar" ? shortMount(resolved(item, where), where) : [];
	});
}

function longMount(item: MapTree, where: Surroundings): readonly Mount[] {
	const part = (key: string): Value | undefined => {
		const scalar = scalarAt(item, key);
		return scalar && resolved(scalar, where);
	};
	const target = part("target");
	if (!target) return [];
	const source = part("source");
	const type = part("type")?.text ?? "volume";
	return [
		{
			type,
			source: type === "bind" && source ? joined(where.directory, source.text) : (source?.text ?? ""),
			written: source?.text ?? "",
			target: target.text,
			readOnly: /^true$/i.test(part("read_only")?.text ?? ""),
			unset: [...target.unset, ...(source?.unset ?? [])],
			place: placeOf(item, where),
		},
	];
}

/** `source:target:options`; a letter before the first colon is a drive of Windows. */
function shortMount({ text, unset, place }: Value, where: Surroundings): readonly Mount[] {
	const parts = text.split(/(?<!^[A-Za-z]|:[A-Za-z]):/);
	if (text === "" || parts.length > 3 || parts.includes("")) return [];
	const [first = "", second, options = ""] = parts;
	if (second === undefined) {
		return [{ type: "volume", source: "", written: "", target: first, readOnly: false, unset, place }];
	}
	const isBind = isPath(first);
	return [
		{
			type: isBind ? "bind" : "volume",
			source: isBind ? joined(where.directory, first) : first,
			written: first,
			target: second,
			readOnly: options.split(",").includes("ro"),
			unset,
			place,
		},
	];
}

/** Published ports as `[ip:]published:target`; a long form is written as a short one. */
function portsOf(tree: Tree | undefined, where: Surroundings): readonly Value[] {
	const items = tree?.kind === "list" ? tree.items : [];
	return items.flatMap((item): readonly Value[] => {
		if (item.kind === "scalar") return [resolved(item, where)];
		const [published, target, address] = ["published", "target", "host_ip"].map((key) => {
			const scalar = scalarAt(item, key);
			return scalar && resolved(scalar, where);
		});
		if (!target) return [];
		return [
			{
				text: [address?.text, published?.text, target.text].filter((part) => part !== undefined).join(":"),
				unset: [...target.unset, ...(published?.unset ?? [])],
				literal: target.literal,
				place: placeOf(item, where),
			},
		];
	});
}

function dependenciesOf(tree: Tree | undefined, where: Surroundings): readonly Dependency[] {
	if (tree?.kind === "map") {
		return tree.entries.map(({ key, value, ...position }) => ({
			service: key,
			condition: scalarAt(value, "condition")?.text ?? "service_started",
			place: placeOf(position, where),
		}));
	}
	return scalarsIn(tree).map((scalar) => {
		const { text, place } = resolved(scalar, where);
		return { service: text, condition: "service_started", place };
	});
}

function networksOf(tree: Tree | undefined): ServicePart["networks"] {
	if (!tree || isNull(tree)) return undefined;
	if (tree.kind === "map") {
		return new Map(
			tree.entries.map(({ key, value }) => [key, scalarsIn(entryOf(value, "aliases")?.value).map(({ text }) => text)]),
		);
	}
	return new Map(scalarsIn(tree).map(({ text }) => [text, []]));
}

/** `extra_hosts`: a list of `name:address` or `name=address`, or a map. */
function pairsOf(tree: Tree | undefined, where: Surroundings): readonly Value[] {
	if (tree?.kind !== "map") return scalarsIn(tree).map((scalar) => resolved(scalar, where));
	return tree.entries.flatMap(({ key, value, ...position }) =>
		value.kind === "scalar"
			? [{ ...resolved(value, where), text: `${key}=${value.text}`, place: placeOf(position, where) }]
			: [],
	);
}

/** Secrets and configs of a service: a name, or where it is mounted. */
function placedOf(tree: Tree | undefined, folder: string, where: Surroundings): readonly Mount[] {
	const items = tree?.kind === "list" ? tree.items : [];
	return items.flatMap((item) => {
		const source = item.kind === "scalar" ? item : scalarAt(item, "source");
		if (!source) return [];
		const name = resolved(source, where);
		const target = scalarAt(item, "target");
		const written = target ? resolved(target, where).text : name.text;
		const path = written.startsWith("/") ? written : folder + written;
		return [
			{
				type: "file",
				source: name.text,
				written: name.text,
				target: path,
				readOnly: true,
				unset: name.unset,
				place: placeOf(item, where),
			},
		];
	});
}
