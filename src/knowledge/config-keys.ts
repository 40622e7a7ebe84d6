import { own } from "../own.ts";
import file from "./config-keys.json" with { type: "json" };

/** What a value of a key has to be. */
export type KeyType =
	| "text"
	| "flag"
	| "number"
	| "port"
	/** Go's durations: `3h`, `1h30m`, `0s`. */
	| "duration"
	/** `10GB`, `512MB`, or bytes. */
	| "size"
	| "texts"
	/** Names to values, all of them text. */
	| "environment";

/** `config-keys.schema.json` describes the fields. */
export interface KnownKey {
	readonly type: KeyType;
	readonly since?: string;
	readonly oneOf?: readonly string[];
	readonly insteadOf?: string;
	readonly secret?: true;
	readonly example: unknown;
}

/** Dotted path -> what is known about the key. */
export type KeyTable = Readonly<Record<string, KnownKey>>;

/** Whose runner reads a configuration. */
export type RunnerSystem = "gitea" | "forgejo";

interface KnownConfiguration {
	readonly upTo: string;
	readonly otherSections: readonly string[];
	readonly keys: KeyTable;
}

/** A test validates the file against its schema, which JSON's inferred type is too wide for. */
const known: Readonly<Record<RunnerSystem, KnownConfiguration>> = {
	gitea: file.gitea as KnownConfiguration,
	forgejo: file.forgejo as KnownConfiguration,
};

export const giteaKeys = known.gitea.keys;
export const forgejoKeys = known.forgejo.keys;

/** The newest release of Gitea's runner whose keys are known. */
export const giteaKeysUpTo = known.gitea.upTo;

export function keysOf(system: RunnerSystem): KeyTable {
	return known[system].keys;
}

/** Is this a section at the top that the runner reads, but whose keys are not known here? */
export function isOtherSection(system: RunnerSystem, name: string): boolean {
	return known[system].otherSections.includes(name);
}

const sections: ReadonlyMap<KeyTable, ReadonlySet<string>> = new Map(
	[giteaKeys, forgejoKeys].map((table) => [table, new Set(Object.keys(table).flatMap(pathsAbove))]),
);

/** `log.job.dir` -> `log`, `log.job` */
function pathsAbove(path: string): readonly string[] {
	const keys = path.split(".");
	return keys.slice(1).map((_, index) => keys.slice(0, index + 1).join("."));
}

/** Is there a key below this path, so that it takes a map? */
export function isSection(table: KeyTable, path: string): boolean {
	return sections.get(table)?.has(generic(path)) ?? false;
}

/** What is known about a key. */
export function knownKey(table: KeyTable, path: string): KnownKey | undefined {
	return own(table, generic(path));
}

/** The path of a key in a section. The author chooses the names of connections, which may have dots. */
export function pathBelow(section: string, key: string): string {
	if (section === "") return key;
	return `${section}.${section === connections ? key.split(".").join("·") : key}`;
}

const connections = "server.connections";

/** `server.connections.main.url` -> `server.connections.*.url` */
function generic(path: string): string {
	return path.startsWith(`${connections}.`) ? path.replace(/^(server\.connections\.)[^.]+/, "$1*") : path;
}
