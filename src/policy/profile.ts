import type { DiskExpectation, GpuExpectation, Policy, Requirement, ToolExpectation } from "./policy.ts";
import builtIn from "./profiles.yaml";
import { parseRange } from "./ranges.ts";
import { parseDuration, parseSize } from "./units.ts";

/** A profile as YAML holds it. Whoever reads one from outside has to check it first: here it is taken at its word. */
export interface ProfileSource {
	readonly labels?: readonly string[];
	readonly "runs-in"?: Policy["runsIn"];
	readonly image?: string;
	readonly "image-max-age"?: string;
	readonly privileged?: Policy["privileged"];
	readonly tools?: Readonly<Record<string, ToolSource>>;
	readonly docker?: Requirement | { readonly require: Requirement; readonly plugins?: readonly string[] };
	readonly gpu?: Requirement | GpuSource;
	readonly "tool-cache"?: "persistent";
	readonly disk?: readonly DiskSource[];
}

export type ToolSource =
	| string
	| { readonly version?: string; readonly command?: readonly string[]; readonly optional?: boolean };

export interface GpuSource {
	readonly require: Requirement;
	readonly count?: number;
	readonly memory?: string;
	readonly "free-memory"?: string;
	readonly driver?: string;
	readonly "compute-capability"?: string;
}

export interface DiskSource {
	readonly path: string;
	readonly free?: string;
	readonly inodes?: number;
}

/** The built-in profiles by name. */
export const builtInProfiles = (builtIn as { profiles: Readonly<Record<string, ProfileSource>> }).profiles;

/**
 * The effective expectations that a profile states.
 * @throws Error if a range, size or duration in it is none: it was not checked before.
 */
export async function toPolicy(name: string, source: ProfileSource): Promise<Policy> {
	const docker = typeof source.docker === "string" ? { require: source.docker } : source.docker;
	return {
		profile: name,
		runsIn: source["runs-in"] ?? "any",
		tools: await toolsOf(source.tools ?? {}),
		docker: { require: docker?.require ?? "optional", plugins: docker?.plugins ?? [] },
		gpu: await gpuOf(source.gpu ?? "optional"),
		privileged: source.privileged ?? "allowed",
		...(source.image !== undefined && { image: source.image }),
		...(source["image-max-age"] !== undefined && { imageMaxAgeDays: days(source["image-max-age"]) }),
		...(source["tool-cache"] !== undefined && { toolCache: source["tool-cache"] }),
		disk: (source.disk ?? []).map(diskOf),
		skip: [],
		severity: {},
		accept: [],
		sources: {},
	};
}

/** Tools with their ranges parsed and their default commands filled in. */
export async function toolsOf(sources: Readonly<Record<string, ToolSource>>): Promise<Policy["tools"]> {
	const entries = Object.entries(sources).map(async ([name, source]): Promise<[string, ToolExpectation]> => {
		const {
			version = "*",
			command = [name, "--version"],
			optional = false,
		} = typeof source === "string" ? { version: source } : source;
		return [name, { version: must(await parseRange(version), version), command, optional }];
	});
	return Object.fromEntries(await Promise.all(entries));
}

async function gpuOf(source: Requirement | GpuSource): Promise<GpuExpectation> {
	if (typeof source === "string") return { require: source };
	const { count, memory, driver, "free-memory": freeMemory, "compute-capability": capability } = source;
	return {
		require: source.require,
		...(count !== undefined && { count }),
		...(memory !== undefined && { memory: must(parseSize(memory), memory) }),
		...(freeMemory !== undefined && { freeMemory: must(parseSize(freeMemory), freeMemory) }),
		...(driver !== undefined && { driver: must(await parseRange(driver), driver) }),
		...(capability !== undefined && { computeCapability: must(await parseRange(capability), capability) }),
	};
}

function diskOf({ path, free, inodes }: DiskSource): DiskExpectation {
	return {
		path,
		...(free !== undefined && { free: must(parseSize(free), free) }),
		...(inodes !== undefined && { inodes }),
	};
}

function days(duration: string): number {
	return must(parseDuration(duration), duration) / 86_400_000;
}

function must<T>(value: T | undefined, text: string): T {
	if (value === undefined) throw new Error(`the profile holds \`${text}\`, which nobody checked`);
	return value;
}
