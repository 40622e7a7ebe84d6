import type { Host } from "../host/host.ts";
import { isWithin, readPerhapsInside } from "../host/workspace.ts";
import { absolute, join } from "./program-search.ts";
import { type TomlEntry, tomlEntries } from "./toml-entries.ts";

/** A value of cargo's configuration, and where it is. */
export interface CargoEntry extends TomlEntry {
	/** Relative to the workspace if it is in there. */
	readonly file: string;
	/** What a path in it is relative to: the directory that holds `.cargo`. */
	readonly base: string;
}

export interface CargoConfig {
	/** What goes before comes first: the workspace's file, those of the directories above it, and CARGO_HOME's. */
	readonly entries: readonly CargoEntry[];
	/** A file that could not be read, or not to its end, so that it may say more. */
	readonly unread?: UnreadConfig;
}

export interface UnreadConfig {
	readonly file: string;
	/** An errno; `outside` and `irregular`: it leads out of the workspace, or is not a file; `syntax`: it is not TOML. */
	readonly why: string;
	readonly line?: number;
}

/** The name without an extension is the older one, and goes before the other. */
const names = ["config", "config.toml"];
/** An `include` may name a file that includes others. */
const maxIncludes = 3;

/** Where cargo keeps its configuration and what it downloads; `undefined`: neither CARGO_HOME nor a home is known. */
export function cargoHomeOf(host: Host, cwd: string): string | undefined {
	if (host.env.CARGO_HOME) return absolute(host.env.CARGO_HOME, cwd);
	const home = host.env.HOME || host.userHome;
	return home ? join(absolute(home, cwd), ".cargo") : undefined;
}

/** Source: `.cargo/config` or `.cargo/config.toml` of the workspace and of each directory above it, then those of CARGO_HOME. */
export async function readCargoConfig(host: Host, workspace: string): Promise<CargoConfig> {
	const directories: string[] = [];
	for (let at = workspace; ; at = at.slice(0, Math.max(1, at.lastIndexOf("/")))) {
		directories.push(join(at, ".cargo"));
		if (at === "/") break;
	}
	const home = cargoHomeOf(host, workspace);
	const all = [...new Set([...directories, ...(home === undefined ? [] : [home])])];
	const read = await Promise.all(all.map((directory) => readDirectory(host, workspace, directory)));
	const unread = read.find((one) => one.unread)?.unread;
	return { entries: read.flatMap(({ entries }) => entries), ...(unread && { unread }) };
}

async function readDirectory(host: Host, workspace: string, directory: string): Promise<CargoConfig> {
	for (const name of names) {
		const config = await readFile(host, workspace, join(directory, name), 0);
		if (config) return config;
	}
	return { entries: [] };
}

/** @returns `undefined` where there is no such file. */
async function readFile(host: Host, workspace: string, path: string, depth: number): Promise<CargoConfig | undefined> {
	const file = isWithin(path, workspace) ? path.slice(workspace.length + 1) : path;
	const text = await readPerhapsInside(host, workspace, path, 64 * 1024);
	if (text.kind === "absent") return undefined;
	if (text.kind === "unreadable") {
		return text.code === "ENOTDIR" ? undefined : { entries: [], unread: { file, why: text.code } };
	}
	if (text.kind === "refused") return { entries: [], unread: { file, why: text.why } };
	const directory = parentOf(path);
	const { entries, brokenAt } = tomlEntries(text.value);
	const included = entries.find(({ path: key }) => key.length === 1 && key[0] === "include")?.value ?? [];
	const more =
		depth < maxIncludes && typeof included !== "string"
			? await Promise.all(included.map((one) => readFile(host, workspace, absolute(one, directory), depth + 1)))
			: [];
	const own = entries.map((entry) => ({ ...entry, file, base: parentOf(directory) }));
	const unread =
		brokenAt === undefined ? more.find((one) => one?.unread)?.unread : { file, why: "syntax", line: brokenAt };
	return { entries: [...own, ...more.reverse().flatMap((one) => one?.entries ?? [])], ...(unread && { unread }) };
}

function parentOf(path: string): string {
	return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}
