import { own } from "../own.ts";
import { versionCommand } from "../probes/version-command.ts";
import { expected } from "./expected.ts";
import type { DiskExpectation, GpuExpectation, Policy, ToolExpectation } from "./policy.ts";
import type { PolicyFile } from "./policy-file.ts";
import builtIn from "./profiles.yaml";
import { parseRange } from "./ranges.ts";
import type { ProfileSource, ToolSource } from "./schema.ts";
import { parseDuration, parseSize } from "./units.ts";

/** The built-in profiles by name. */
export const builtInProfiles = (builtIn as { profiles: Readonly<Record<string, ProfileSource>> }).profiles;

/** Names of all profiles: the policy's and the built-in ones. */
export function profileNames(file: PolicyFile | undefined): readonly string[] {
	return [...new Set([...Object.keys(file?.source.profiles ?? {}), ...Object.keys(builtInProfiles)])];
}

/** The labels that select a profile under `profile: auto`. They are not inherited by `extends`. */
export function labelsOf(name: string, file: PolicyFile | undefined): readonly string[] {
	return own(file?.source.profiles ?? {}, name)?.labels ?? own(builtInProfiles, name)?.labels ?? [];
}

/** One profile as one place states it. */
interface Layer {
	readonly source: ProfileSource;
	/** The place of the value at a path; `undefined` for built-in profiles. */
	readonly originOf: ((path: readonly (string | number)[]) => string) | undefined;
}

/** The layers of a profile, the most general first: what it extends, the built-in one of its name, its own values. */
function layersOf(name: string, file: PolicyFile | undefined): readonly Layer[] {
	const stated = own(file?.source.profiles ?? {}, name);
	const general = own(builtInProfiles, name);
	const parent = stated?.extends;
	return [
		...(parent !== undefined && parent !== name ? layersOf(parent, file) : []),
		...(general ? [{ source: general, originOf: undefined }] : []),
		...(stated && file
			? [{ source: stated, originOf: (path: readonly (string | number)[]) => file.lineOf(["profiles", name, ...path]) }]
			: []),
	];
}

/**
 * The effective expectations of a profile, with the place of everything that is not built in.
 * Mappings are merged, lists and single values replaced; floors of disks are merged by their path.
 * @throws Error if a range, size or duration is invalid; `readPolicy` must have checked them.
 */
export function toPolicy(name: string, file?: PolicyFile): Policy {
	const sources: Record<string, string> = {};
	const merged: { -readonly [K in keyof ProfileSource]: ProfileSource[K] } = {};
	const ofFile = new Set<string>();
	for (const { source, originOf } of layersOf(name, file)) {
		const note = (path: readonly (string | number)[], key = path.join(".")): void => {
			if (originOf) sources[key] = originOf(path);
			else delete sources[key];
		};
		const { tools, disk, docker, gpu, extends: _parent, ...rest } = source;
		Object.assign(merged, rest);
		for (const key of Object.keys(rest)) note([key], publicName(key));
		for (const list of ["registries", "services"] as const) if (originOf && rest[list]) ofFile.add(list);
		if (docker !== undefined) {
			merged.docker = { ...asMapping(merged.docker), ...asMapping(docker) };
			note(["docker"]);
		}
		if (gpu !== undefined) {
			merged.gpu = { ...asMapping(merged.gpu), ...asMapping(gpu) };
			note(["gpu"]);
		}
		for (const [tool, wanted] of Object.entries(tools ?? {})) {
			merged.tools = { ...merged.tools, [tool]: { ...asTool(own(merged.tools ?? {}, tool)), ...asTool(wanted) } };
			note(["tools", tool]);
			const { command } = asTool(wanted);
			if (originOf && command && !isUsual(tool, command)) ofFile.add(`tools.${tool}`);
		}
		for (const [index, entry] of (disk ?? []).entries()) {
			const known = merged.disk?.find(({ path }) => path === entry.path);
			merged.disk = [...(merged.disk ?? []).filter(({ path }) => path !== entry.path), { ...known, ...entry }];
			for (const floor of ["free", "inodes"] as const) {
				if (entry[floor] !== undefined) note(["disk", index], `disk.${entry.path}.${floor}`);
			}
		}
	}
	const expectations = expectationsOf(name, merged);
	const expect = expected(file);
	for (const { name } of expect) sources[`expect.${name}`] = file?.lineOf(["expect", name]) ?? "";
	const untrusted = (["registries", "services"] as const).filter((list) => ofFile.has(list));
	return {
		...expectations,
		tools: file?.from ? withOrigin(expectations.tools, ofFile, file.from) : expectations.tools,
		...(expect.length > 0 && { expect }),
		...(file?.from === "untrusted" && untrusted.length > 0 && { untrusted }),
		severity: file?.source.severity ?? {},
		accept: file?.source.accept ?? [],
		sources,
	};
}

/** Is it the command that asks this tool for its version anyway? */
function isUsual(tool: string, command: readonly string[]): boolean {
	const usual = [tool, "--version"];
	return [usual, versionCommand(tool, usual)].some((known) => JSON.stringify(known) === JSON.stringify(command));
}

/** Notes which commands a file of the workspace states. */
function withOrigin(
	tools: Policy["tools"],
	ofFile: ReadonlySet<string>,
	commandFrom: NonNullable<ToolExpectation["commandFrom"]>,
): Policy["tools"] {
	const entries = Object.entries(tools).map(([name, tool]): [string, ToolExpectation] => [
		name,
		ofFile.has(`tools.${name}`) ? { ...tool, commandFrom } : tool,
	]);
	return Object.fromEntries(entries);
}

const publicNames: Readonly<Record<string, string>> = {
	"runs-in": "runsIn",
	"image-max-age": "imageMaxAgeDays",
	"tool-cache": "toolCache",
	"open-files": "openFiles",
};

/** The path that an expectation has in a `Policy`. */
function publicName(key: string): string {
	return publicNames[key] ?? key;
}

type Mapped<T> = Exclude<T, string | number | undefined>;

function asMapping<T extends { readonly require: string } | string | undefined>(
	value: T,
): Mapped<T> | { require: "optional" } {
	if (value === undefined) return { require: "optional" };
	return (typeof value === "string" ? { require: value } : value) as Mapped<T>;
}

function asTool(tool: ToolSource | undefined): Mapped<ToolSource> {
	if (tool === undefined) return {};
	return typeof tool === "object" ? tool : { version: tool };
}

function expectationsOf(name: string, source: ProfileSource): Omit<Policy, "severity" | "accept" | "sources"> {
	const docker = asMapping(source.docker);
	return {
		profile: name,
		runsIn: source["runs-in"] ?? "any",
		tools: toolsOf(source.tools ?? {}),
		docker: { require: docker.require, plugins: "plugins" in docker ? (docker.plugins ?? []) : [] },
		gpu: gpuOf(asMapping(source.gpu)),
		privileged: source.privileged ?? "allowed",
		...(source.image !== undefined && { image: source.image }),
		...(source["image-max-age"] !== undefined && {
			imageMaxAgeDays: must(parseDuration(source["image-max-age"]), source["image-max-age"]) / 86_400_000,
		}),
		...(source["tool-cache"] !== undefined && { toolCache: source["tool-cache"] }),
		...(source.memory !== undefined && { memory: sizeOf(source.memory) }),
		...(source.cpus !== undefined && { cpus: source.cpus }),
		...(source.shm !== undefined && { shm: sizeOf(source.shm) }),
		...(source["open-files"] !== undefined && { openFiles: source["open-files"] }),
		disk: (source.disk ?? []).map(diskOf),
		registries: source.registries ?? [],
		services: servicesOf(source.services ?? []),
		skip: [],
	};
}

export type ServiceSources = NonNullable<ProfileSource["services"]>;

export function servicesOf(sources: ServiceSources): Policy["services"] {
	return sources.map(({ name, url, models = [] }) => ({ name, url, models }));
}

/** Tools with their ranges parsed and their default commands filled in. */
export function toolsOf(sources: Readonly<Record<string, ToolSource>>): Policy["tools"] {
	const entries = Object.entries(sources).map(([name, source]): [string, ToolExpectation] => {
		const { version = "*", command = [name, "--version"], optional = false } = asTool(source);
		return [name, { version: must(parseRange(String(version)), String(version)), command, optional }];
	});
	return Object.fromEntries(entries);
}

function gpuOf(source: Mapped<ProfileSource["gpu"]> | { require: "optional" }): GpuExpectation {
	if (
		!(
			"count" in source ||
			"memory" in source ||
			"free-memory" in source ||
			"driver" in source ||
			"compute-capability" in source
		)
	) {
		return { require: source.require };
	}
	const { count, memory, driver, "free-memory": freeMemory, "compute-capability": capability } = source;
	return {
		require: source.require,
		...(count !== undefined && { count }),
		...(memory !== undefined && { memory: sizeOf(memory) }),
		...(freeMemory !== undefined && { freeMemory: sizeOf(freeMemory) }),
		...(driver !== undefined && { driver: must(parseRange(String(driver)), String(driver)) }),
		...(capability !== undefined && {
			computeCapability: must(parseRange(String(capability)), String(capability)),
		}),
	};
}

function diskOf({ path, free, inodes }: Mapped<ProfileSource["disk"]>[number]): DiskExpectation {
	return { path, ...(free !== undefined && { free: sizeOf(free) }), ...(inodes !== undefined && { inodes }) };
}

function sizeOf(size: string | number): number {
	return must(parseSize(String(size)), String(size));
}

function must<T>(value: T | undefined, text: string): T {
	if (value === undefined) throw new Error(`the profile holds \`${text}\`, which was not validated`);
	return value;
}
