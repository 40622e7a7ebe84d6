import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { own } from "../own.ts";
import type { VersionRange } from "../versions.ts";
import type { AlsoWanted, Policy, ToolExpectation } from "./policy.ts";
import { intersect, parseRange } from "./ranges.ts";

/** What a file of the repository asks of a tool. */
interface Requirement {
	readonly tool: string;
	readonly range: string;
	/** `rust-toolchain.toml line 2` */
	readonly source: string;
}

/** File -> how its requirements are read. Channels (`stable`, `lts/*`) name no version and ask for nothing here. */
const readers: Readonly<Record<string, (lines: readonly string[], file: string) => readonly Requirement[]>> = {
	"rust-toolchain.toml": rustChannel,
	"rust-toolchain": rustChannel,
	"Cargo.toml": rustVersion,
	".nvmrc": nodeVersion,
	".node-version": nodeVersion,
	"package.json": engines,
};

/** Bytes. No `package.json` that people write is larger, and one that is cut off could not be read. */
const maxFile = 1024 * 1024;

/** The files of a repository that state versions. */
export const requirementFiles = Object.keys(readers);

/**
 * Adds the versions that the repository already states to a policy. Only tools that the policy asks for are affected. A
 * requirement that is not a version range is left to the tool that reads it.
 */
export async function sharpen(policy: Policy, host: Host, workspace: string): Promise<Policy> {
	const files = await Promise.all(
		Object.entries(readers).map(async ([file, read]) => {
			const text = await unlessDead(host.readInside(workspace, `${workspace}/${file}`, maxFile), () => undefined);
			return text?.kind === "ok" ? read(text.value.replace(/^\uFEFF/, "").split(/\r?\n/), file) : [];
		}),
	);
	const tools: Record<string, ToolExpectation> = { ...policy.tools };
	for (const { tool, range, source } of files.flat()) {
		const expectation = own(tools, tool);
		const version = expectation && parseRange(range);
		if (!version) continue;
		const known = expectation.alsoWanted ?? [];
		const others = [{ version: expectation.version, source: "policy" }, ...known];
		const contradicts = firstContradiction(version, others);
		const wanted = { version, source, ...(contradicts !== undefined && { contradicts }) };
		tools[tool] = { ...expectation, alsoWanted: [...known, wanted] };
	}
	return { ...policy, tools };
}

/** Source of the first that leaves no version for both. */
function firstContradiction(version: VersionRange, others: readonly AlsoWanted[]): string | undefined {
	return others.find((other) => !intersect(version, other.version))?.source;
}

const at = (file: string, index: number): string => `${file} line ${index + 1}`;

/** `channel = "1.92"`, or the old form, a file with nothing but the channel. Cargo belongs to the same toolchain. */
function rustChannel(lines: readonly string[], file: string): readonly Requirement[] {
	const whole = lines.join("").trim();
	for (const [index, line] of lines.entries()) {
		const channel = /^\s*channel\s*=\s*["']([^"']+)["']/.exec(line)?.[1] ?? (whole === line.trim() ? whole : undefined);
		if (channel === undefined) continue;
		const version = /^\d+\.\d+(?:\.\d+)?$/.exec(channel)?.[0];
		return version === undefined
			? []
			: ["rustc", "cargo"].map((tool) => ({ tool, range: version, source: at(file, index) }));
	}
	return [];
}

/** `rust-version = "1.85"` of the package or the workspace: the oldest that builds it. */
function rustVersion(lines: readonly string[], file: string): readonly Requirement[] {
	let section = "";
	for (const [index, line] of lines.entries()) {
		section = /^\s*\[([^\]]+)\]/.exec(line)?.[1]?.trim() ?? section;
		const version = /^\s*rust-version\s*=\s*["'](\d+\.\d+(?:\.\d+)?)["']/.exec(line)?.[1];
		if (version !== undefined && (section === "package" || section === "workspace.package")) {
			return [{ tool: "rustc", range: `>=${version}`, source: at(file, index) }];
		}
	}
	return [];
}

/** `22`, `v22.11.0`: the first line that is not a comment. */
function nodeVersion(lines: readonly string[], file: string): readonly Requirement[] {
	const index = lines.findIndex((line) => line.trim() !== "" && !line.trim().startsWith("#"));
	const version = /^v?(\d+(?:\.\d+){0,2})$/.exec(lines[index]?.trim() ?? "")?.[1];
	return version === undefined ? [] : [{ tool: "node", range: version, source: at(file, index) }];
}

/** `engines` of package.json: of the tools that it names, node, npm and their like. */
function engines(lines: readonly string[], file: string): readonly Requirement[] {
	let wanted: unknown;
	try {
		wanted = (JSON.parse(lines.join("\n")) as { engines?: unknown } | null)?.engines;
	} catch {
		// npm reports it better than we could.
		return [];
	}
	if (typeof wanted !== "object" || wanted === null) return [];
	const start = lines.findIndex((line) => line.includes('"engines"'));
	const lineOf = new Map<string, number>();
	for (const [offset, line] of lines.slice(start).entries()) {
		for (const [, name = ""] of line.matchAll(/"([^"]+)"/g)) if (!lineOf.has(name)) lineOf.set(name, start + offset);
	}
	return Object.entries(wanted).flatMap(([tool, range]): Requirement[] =>
		typeof range === "string" ? [{ tool, range, source: at(file, lineOf.get(tool) ?? start) }] : [],
	);
}
