import { type Entry, entryOf, type Problem, scalarAt, type Tree } from "../read/tree.ts";
import { parseYaml } from "../read/yaml-tree.ts";
import { type EnvFile, readEnvFile } from "./env-file.ts";
import { interpolate, type Lookup } from "./interpolate.ts";
import { hiddenService } from "./mask-service.ts";
import { byTarget, merged } from "./merge.ts";
import type { ComposeProject, Dependency, NetworkDefinition, Service, Variable } from "./model.ts";
import { joined, nameOf } from "./paths.ts";
import { readService, type ServicePart, type Surroundings } from "./service.ts";

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
	const parsed = parseYaml(text);
	if (parsed.kind === "broken") return parsed;
	const reader = new Reader(read);
	const directory = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) || "/" : ".";
	const lookup = lookupIn(await reader.environmentOf(joined(directory, ".env"), () => undefined));
	await reader.readRoot(parsed.root, { file: path, directory, lookup });
	if (usualName.test(nameOf(path))) await reader.readOverride(directory, lookup);
	const services = await Promise.all(
		[...reader.services.values()].map(async ({ part, lookup: own }) => {
			const service = await reader.finished(part, own);
			return hide ? hiddenService(service) : service;
		}),
	);
	const { volumes, networks, files } = reader;
	const named = lookup("COMPOSE_PROJECT_NAME") ?? scalarAt(parsed.root, "name")?.text;
	const name = projectName(named ?? nameOf(joined(base, directory)));
	return {
		kind: "ok",
		project: { path, services, volumes, networks, files, missing: [...reader.missing], ...(name !== "" && { name }) },
	};
}

function lookupIn(file: EnvFile | undefined, outer: Lookup = () => undefined): Lookup {
	// What is set outside of the file wins.
	return (name) => outer(name) ?? file?.get(name)?.text;
}

class Reader {
	readonly services = new Map<string, { readonly part: ServicePart; readonly lookup: Lookup }>();
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

	/** Takes what a file defines; services that are there already are changed by it. */
	async readRoot(root: Tree | undefined, where: Surroundings): Promise<void> {
		await this.include(entryOf(root, "include")?.value, where);
		for (const entry of entriesOf(root, "services")) {
			const part = await this.extended(readService(entry, where), root, where, []);
			const base = this.services.get(entry.key);
			this.services.set(entry.key, { part: base ? merged(base.part, part) : part, lookup: where.lookup });
		}
		for (const { key, value } of entriesOf(root, "volumes")) this.volumes.set(key, isExternal(value));
		for (const { key, value } of entriesOf(root, "networks")) {
			const name = scalarAt(value, "name")?.text;
			const driver = scalarAt(value, "driver")?.text ?? "bridge";
			this.networks.set(key, { external: isExternal(value), driver, ...(name !== undefined && { name }) });
		}
		for (const { key, value } of [...entriesOf(root, "configs"), ...entriesOf(root, "secrets")]) {
			const file = scalarAt(value, "file");
			const content = scalarAt(value, "content");
			const { text, unset } = interpolate((file ?? content)?.text ?? "", where.lookup);
			if (unset.length > 0 || (!file && !content)) continue;
			this.files.set(key, file ? { path: joined(where.directory, text) } : { text });
		}
	}

	async readOverride(directory: string, lookup: Lookup): Promise<void> {
		for (const name of overrides) {
			const file = joined(directory, name);
			const text = await this.read(file);
			if (text === undefined) continue;
			const parsed = parseYaml(text);
			if (parsed.kind === "ok") await this.readRoot(parsed.root, { file, directory, lookup });
			else this.missing.add(file);
			return;
		}
	}

	private async include(tree: Tree | undefined, where: Surroundings): Promise<void> {
		for (const item of tree?.kind === "list" ? tree.items : []) {
			const paths = item.kind === "scalar" ? [item] : listAt(item, "path");
			for (const { text } of paths) {
				const file = joined(where.directory, text);
				const own = scalarAt(item, "project_directory");
				const directory = own
					? joined(where.directory, own.text)
					: file.slice(0, Math.max(0, file.lastIndexOf("/"))) || ".";
				const [env] = listAt(item, "env_file");
				const envPath = env ? joined(where.directory, env.text) : joined(directory, ".env");
				const lookup = lookupIn(await this.environmentOf(envPath, where.lookup), where.lookup);
				const root = await this.rootOf(file);
				if (root) await this.readRoot(root, { file, directory, lookup });
			}
		}
	}

	/** A file that this one refers to; what it misses is noted. */
	private async rootOf(file: string): Promise<Tree | undefined> {
		const text = ++this.count > maxFiles ? undefined : await this.read(file);
		const parsed = text === undefined ? undefined : parseYaml(text);
		if (parsed?.kind === "ok" && parsed.root) return parsed.root;
		this.missing.add(file);
		return undefined;
	}

	/** A service over the one that it extends, which may extend another. */
	private async extended(
		part: ServicePart,
		root: Tree | undefined,
		where: Surroundings,
		seen: readonly string[],
	): Promise<ServicePart> {
		if (!part.extends) return part;
		const { service, file } = part.extends;
		const id = `${file ?? where.file}:${service}`;
		if (seen.includes(id)) return part;
		const otherRoot = file === undefined ? root : await this.rootOf(file);
		const entry = entriesOf(otherRoot, "services").find(({ key }) => key === service);
		if (!entry) {
			this.missing.add(`${service} in ${file ?? where.file}`);
			return part;
		}
		const directory = file === undefined ? where.directory : file.slice(0, Math.max(0, file.lastIndexOf("/"))) || ".";
		const other = file === undefined ? where : { ...where, file, directory };
		const base = await this.extended(readService(entry, other), otherRoot, other, [...seen, id]);
		return { ...merged(base, part), name: part.name, file: part.file, entry: part.entry };
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
		const { entry, envFiles: _, extends: __, networks, privileged = false, mounts, file, ...rest } = part;
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

function listAt(tree: Tree, key: string): readonly { readonly text: string }[] {
	const value = entryOf(tree, key)?.value;
	if (value?.kind === "list") return value.items.flatMap((item) => (item.kind === "scalar" ? [item] : []));
	return value?.kind === "scalar" ? [value] : [];
}

function isExternal(tree: Tree): boolean {
	const external = entryOf(tree, "external")?.value;
	return external !== undefined && !(external.kind === "scalar" && /^(?:false|no|off|n|)$/i.test(external.text));
}
