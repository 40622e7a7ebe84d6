import { directoryOf, joined, nameOf } from "../paths.ts";
import { type Entry, entryOf, type Problem, scalarAt, scalarsIn, type Tree } from "../read/tree.ts";
import { parseDocuments } from "../read/yaml-tree.ts";
import { type EnvFile, readEnvFile } from "./env-file.ts";
import { interpolate, type Lookup } from "./interpolate.ts";
import { type Document, documentOf, type Layer, pathsBelow, readLayers, without } from "./layers.ts";
import { hiddenService } from "./mask-service.ts";
import { byTarget } from "./merge.ts";
import type { ComposeProject, Dependency, NetworkDefinition, Service, Variable } from "./model.ts";
import { extendsOf, type ServicePart, type Surroundings } from "./service.ts";

/** The text of a file; `undefined`: it is absent, or cannot be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

export type Loaded =
	| { readonly kind: "ok"; readonly project: ComposeProject }
	| { readonly kind: "broken"; readonly problem: Problem };

/** Names that Compose looks for by itself; only with these it reads an override. */
const usualName = /^(?:docker-)?compose\.ya?ml$/;
const overrides = [
	"compose.override.yml",
	"compose.override.yaml",
	"docker-compose.override.yml",
	"docker-compose.override.yaml",
];
/** Files that include or extend others; nobody has so many. */
const maxFiles = 30;
/** Services that extend another that extends another. */
const maxExtends = 8;

/**
 * Reads a compose file with what belongs to it: `.env`, its override, env files, files that it includes or extends. Nothing is taken
 * from the environment of this process: the file is meant for another shell, maybe for another machine.
 * @param options.hide False: values keep their secrets. For a comparison with Compose itself, which needs them.
 * @param options.base Where a relative path begins. The directory of the file names the project.
 */
export async function loadProject(
	path: string,
	text: string,
	read: ReadText,
	{ hide = true, base = "" }: { readonly hide?: boolean; readonly base?: string } = {},
): Promise<Loaded> {
	const parsed = parseDocuments(text);
	if (parsed.kind === "broken") return parsed;
	const reader = new Reader(read);
	const directory = directoryOf(path);
	const lookup = lookupIn(await reader.environmentOf(joined(directory, ".env"), () => undefined));
	await reader.readFile(parsed.roots, { file: path, directory, lookup });
	if (usualName.test(nameOf(path))) await reader.readOverride(directory, lookup);
	const services = await Promise.all(
		[...reader.services.values()].map(async ({ layers, lookup: own }) => {
			const part = readLayers(layers);
			const service = part && (await reader.finished(part, own));
			return service && hide ? hiddenService(service) : service;
		}),
	);
	const { volumes, networks, files } = reader;
	const names = parsed.roots.map((root) => scalarAt(root, "name")?.text);
	const named = lookup("COMPOSE_PROJECT_NAME") ?? names.filter((one) => one !== undefined).pop();
	const name = projectName(named ?? nameOf(joined(base, directory)));
	return {
		kind: "ok",
		project: {
			path,
			services: services.filter((service) => service !== undefined),
			volumes,
			networks,
			files,
			missing: [...reader.missing],
			...(name !== "" && { name }),
		},
	};
}

function lookupIn(file: EnvFile | undefined, outer: Lookup = () => undefined): Lookup {
	// What is set outside of the file wins.
	return (name) => outer(name) ?? file?.get(name)?.text;
}

class Reader {
	readonly services = new Map<string, { readonly layers: readonly Layer[]; readonly lookup: Lookup }>();
	readonly volumes = new Map<string, boolean>();
	readonly networks = new Map<string, NetworkDefinition>();
	readonly files = new Map<string, { readonly path: string } | { readonly text: string }>();
	readonly missing = new Set<string>();
	private readonly read: ReadText;
	private count = 0;

	constructor(read: ReadText) {
		this.read = read;
	}

	async environmentOf(path: string, lookup: Lookup): Promise<EnvFile | undefined> {
		const text = await this.read(path);
		return text === undefined ? undefined : readEnvFile(text, lookup);
	}

	/** The documents of a file, each over those before it. */
	async readFile(roots: readonly Tree[], where: Surroundings): Promise<void> {
		for (const root of roots) await this.readDocument(root, where);
	}

	/** Takes what a document defines; services that are there already are changed by it. */
	private async readDocument(root: Tree, where: Surroundings): Promise<void> {
		const document = documentOf(root);
		const { tree } = document;
		this.takeAway(document);
		await this.include(entryOf(tree, "include")?.value, where);
		for (const [name, { replaced }] of document.services) {
			// An included file may have defined the same service.
			const known = without(this.services.get(name)?.layers ?? [], replaced);
			const layers = [...known, ...(await this.layersOf(name, [document], where, []))];
			this.services.set(name, { layers, lookup: where.lookup });
		}
		for (const { key, value } of entriesOf(tree, "volumes")) this.volumes.set(key, isExternal(value));
		for (const { key, value } of entriesOf(tree, "networks")) {
			const name = scalarAt(value, "name")?.text;
			const driver = scalarAt(value, "driver")?.text ?? "bridge";
			this.networks.set(key, { external: isExternal(value), driver, ...(name !== undefined && { name }) });
		}
		for (const { key, value } of [...entriesOf(tree, "configs"), ...entriesOf(tree, "secrets")]) {
			const file = scalarAt(value, "file");
			const content = scalarAt(value, "content");
			const { text, unset } = interpolate((file ?? content)?.text ?? "", where.lookup);
			if (unset.length > 0 || (!file && !content)) continue;
			this.files.set(key, file ? { path: joined(where.directory, text) } : { text });
		}
	}

	/** What a later file or document replaces. */
	private takeAway({ replaced }: Document): void {
		if (replaced.length === 0) return;
		const paths = pathsBelow(replaced);
		const kinds: readonly (readonly [key: string, found: Map<string, unknown>])[] = [
			["services", this.services],
			["volumes", this.volumes],
			["networks", this.networks],
			["configs", this.files],
			["secrets", this.files],
		];
		for (const [kind, found] of kinds) {
			const inside = paths.get(kind) ?? [];
			if (inside.some((path) => path.length === 0)) found.clear();
			for (const [name, ...rest] of inside) if (rest.length === 0) found.delete(name ?? "");
		}
		for (const [name, lost] of pathsBelow(paths.get("services") ?? [])) {
			const known = this.services.get(name);
			if (known) this.services.set(name, { ...known, layers: without(known.layers, lost) });
		}
	}

	async readOverride(directory: string, lookup: Lookup): Promise<void> {
		for (const name of overrides) {
			const file = joined(directory, name);
			const text = await this.read(file);
			if (text === undefined) continue;
			const parsed = parseDocuments(text);
			if (parsed.kind === "ok") await this.readFile(parsed.roots, { file, directory, lookup });
			else this.missing.add(file);
			return;
		}
	}

	/** The first file of an `include` is the main one, which the others change. */
	private async include(tree: Tree | undefined, where: Surroundings): Promise<void> {
		const texts = (from: Tree, key: string): readonly string[] =>
			scalarsIn(entryOf(from, key)?.value).map(({ text }) => interpolate(text, where.lookup).text);
		for (const item of tree?.kind === "list" ? tree.items : []) {
			const paths = item.kind === "scalar" ? [interpolate(item.text, where.lookup).text] : texts(item, "path");
			const files = paths.map((path) => joined(where.directory, path));
			const [own] = texts(item, "project_directory");
			const directory = own === undefined ? directoryOf(files[0] ?? "") : joined(where.directory, own);
			const named = texts(item, "env_file");
			const variables =
				named.length > 0 ? named.map((path) => joined(where.directory, path)) : [joined(directory, ".env")];
			const lookup = await this.lookupWith(variables, where.lookup);
			for (const file of files) await this.readFile(await this.rootsOf(file), { file, directory, lookup });
		}
	}

	/** What is set outside of the files wins, and then the last file. */
	private async lookupWith(paths: readonly string[], outer: Lookup): Promise<Lookup> {
		const found = new Map<string, string>();
		for (const path of paths) {
			const file = await this.environmentOf(path, (name) => outer(name) ?? found.get(name));
			for (const [name, { text }] of file ?? []) found.set(name, text);
		}
		return (name) => outer(name) ?? found.get(name);
	}

	/** The documents of a file that this one refers to; what it misses is noted. */
	private async rootsOf(file: string): Promise<readonly Tree[]> {
		const text = ++this.count > maxFiles ? undefined : await this.read(file);
		const parsed = text === undefined ? undefined : parseDocuments(text);
		if (parsed?.kind === "ok" && parsed.roots.length > 0) return parsed.roots;
		this.missing.add(file);
		return [];
	}

	/** What the documents of a file say of a service. */
	private async layersOf(
		name: string,
		documents: readonly Document[],
		where: Surroundings,
		seen: readonly string[],
	): Promise<readonly Layer[]> {
		let layers: readonly Layer[] = [];
		for (const { services } of documents) {
			const found = services.get(name);
			if (!found) continue;
			const { entry, replaced } = found;
			const base = without(await this.extended(entry, documents, where, seen), replaced);
			layers = [...without(layers, replaced), { entry, where, base }];
		}
		return layers;
	}

	/**
	 * The layers of the service that one extends, which may extend another.
	 * @param documents Those of its file.
	 */
	private async extended(
		{ value }: Entry,
		documents: readonly Document[],
		where: Surroundings,
		seen: readonly string[],
	): Promise<readonly Layer[]> {
		const from = extendsOf(value, where);
		if (!from) return [];
		const { service, file } = from;
		const id = `${file ?? where.file}:${service}`;
		if (seen.includes(id) || seen.length > maxExtends) return [];
		const others = file === undefined ? documents : (await this.rootsOf(file)).map(documentOf);
		const other = file === undefined ? where : { ...where, file, directory: directoryOf(file) };
		const layers = await this.layersOf(service, others, other, [...seen, id]);
		if (layers.length > 0) return layers;
		const included = file === undefined ? this.services.get(service)?.layers : undefined;
		if (!included) this.missing.add(`${service} in ${file ?? where.file}`);
		return included ?? [];
	}

	/** The service with the variables of its env files. */
	async finished(part: ServicePart, lookup: Lookup): Promise<Service> {
		const environment = new Map<string, Variable>();
		let open = false;
		for (const { path, open: isOpen } of part.envFiles) {
			const inEarlier: Lookup = (name) => lookup(name) ?? environment.get(name)?.text;
			const file = isOpen ? undefined : await this.environmentOf(path, inEarlier);
			if (!file) open = true;
			for (const [name, { text, unset, line }] of file ?? []) {
				const place = { file: path, line, column: 1 };
				environment.set(name, { text, unset, literal: false, place, passed: false, filled: text !== "" });
			}
		}
		for (const [name, { value, place }] of part.environment) {
			const given = value ?? passedOn(name, lookup, place);
			environment.set(name, { ...given, passed: value === undefined, filled: given.text !== "" });
		}
		const { entry, envFiles: _, networks, privileged = false, mounts, file, ...rest } = part;
		return {
			...rest,
			place: { file, line: entry.line, column: entry.column },
			environment,
			openEnvironment: open,
			mounts: byTarget(mounts),
			dependsOn: [...part.dependsOn, ...implied(part)],
			networks: networks ?? (part.networkMode ? new Map() : new Map([["default", []]])),
			privileged,
		};
	}
}

/** A service waits for those that it links to, and for the one whose network it shares. */
function implied({ links, networkMode, dependsOn }: ServicePart): readonly Dependency[] {
	const shared = /^service:(.+)$/.exec(networkMode?.text ?? "")?.[1];
	const names = [
		...links.map(({ text, place }) => ({ service: text.split(":")[0] ?? "", place })),
		...(networkMode && shared !== undefined ? [{ service: shared, place: networkMode.place }] : []),
	];
	return names
		.filter(({ service }) => !dependsOn.some((other) => other.service === service))
		.map((name) => ({ ...name, condition: "service_started" }));
}

/** What Compose makes of a name: lowercase letters, digits, `-` and `_`. */
function projectName(text: string): string {
	return text
		.toLowerCase()
		.replace(/[^a-z0-9_-]/g, "")
		.replace(/^[_-]+/, "");
}

/** `- NAME`: the value that Compose has for it itself. */
function passedOn(name: string, lookup: Lookup, place: Variable["place"]) {
	const text = lookup(name);
	return { text: text ?? "", unset: text === undefined ? [name] : [], literal: false, place };
}

function entriesOf(root: Tree | undefined, key: string): readonly Entry[] {
	const map = entryOf(root, key)?.value;
	return map?.kind === "map" ? map.entries : [];
}

function isExternal(tree: Tree): boolean {
	const external = entryOf(tree, "external")?.value;
	return external !== undefined && !(external.kind === "scalar" && /^(?:false|no|off|n|)$/i.test(external.text));
}
