import type { FileOutcome, Host } from "../host/host.ts";
import { namesById } from "./account-names.ts";
import { isLogin, readAuthConfig } from "./docker-auth-config.ts";
import { bounded, configDirectory, objectOf } from "./docker-endpoint.ts";
import { type Mount, mountOf, readMounts } from "./mountinfo.ts";
import type { Probe } from "./probe.ts";
import { pathEntries, searchProgram } from "./program-search.ts";

/** What the Docker CLI and its plugins need of this user's files and environment. Never a login. */
export interface DockerClientFacts {
	/** The directory of the configuration, and what names it. */
	readonly directory: string;
	readonly namedBy: "DOCKER_CONFIG" | "home";
	/** `config.json`: `invalid` says why, `unreadable` has the errno. */
	readonly config: {
		readonly path: string;
		readonly state: "ok" | "absent" | "invalid" | "unreadable";
		readonly why?: string;
	};
	/** Login helpers that it names and that are not on PATH. */
	readonly missingHelpers: readonly MissingHelper[];
	/** What the CLI or buildx has to use and this user cannot, outermost first. */
	readonly closed?: ClosedPath;
	/** The variable DOCKER_AUTH_CONFIG: why the CLI ignores it, or how many logins it has. */
	readonly authConfig: { readonly state: "unset" | "ok" | "malformed"; readonly why?: string; readonly count?: number };
	readonly user: { readonly uid?: number; readonly name?: string };
}

export interface MissingHelper {
	/** `docker-credential-desktop` */
	readonly helper: string;
	readonly setting: "credsStore" | "credHelpers";
	/** The registry that it keeps the login for; absent: every one. */
	readonly registry?: string;
}

export interface ClosedPath {
	readonly path: string;
	readonly kind: "file" | "directory";
	/** What this user cannot: look into a directory, write into it, or read a file. */
	readonly need: "enter" | "write" | "read";
	readonly mode: number;
	readonly uid: number;
	readonly owner?: string;
	/** It is on a read-only mount. */
	readonly readOnly?: true;
}

/** Longest configuration that is read: it may contain the logins of many registries. */
const maxConfig = 1024 * 1024;
const maxEntries = 20;

/** Source: files only. Nothing is started, and what is missing is not created. */
export const dockerClientProbe: Probe<DockerClientFacts> = {
	name: "docker-client",
	async collect(host: Host): Promise<DockerClientFacts> {
		const directory = configDirectory(host);
		const path = `${directory}/config.json`;
		const [text, closed, names] = await Promise.all([
			host.readText(path, maxConfig),
			firstClosed(host, directory),
			namesById(host, "/etc/passwd"),
		]);
		const read = text.kind === "ok" ? readSettings(text.value) : undefined;
		const owner = closed && names.get(closed.uid);
		const name = host.uid === undefined ? undefined : names.get(host.uid);
		const auth = readAuthConfig(host);
		return {
			directory,
			namedBy: host.env.DOCKER_CONFIG ? "DOCKER_CONFIG" : "home",
			config: {
				path,
				...(text.kind === "unreadable" && { state: "unreadable", why: text.code }),
				...(text.kind === "absent" && { state: "absent" }),
				...(read && (read.why === undefined ? { state: "ok" } : { state: "invalid", why: read.why })),
			} as DockerClientFacts["config"],
			missingHelpers: read?.settings ? await missingHelpers(host, read.settings) : [],
			...(closed && { closed: { ...closed, ...(owner !== undefined && { owner }) } }),
			authConfig: {
				state: auth.kind,
				...(auth.kind === "malformed" && { why: auth.why }),
				...(auth.kind === "ok" && { count: Object.keys(auth.logins).length }),
			},
			user: { ...(host.uid !== undefined && { uid: host.uid }), ...(name !== undefined && { name }) },
		};
	},
};

type Settings = Readonly<Record<string, unknown>>;

/**
 * The settings, and why the CLI cannot read them, if it cannot: it warns then, and goes on without logins. Of a value with the wrong type,
 * it keeps the rest (seen with Docker CLI 28.2).
 */
function readSettings(text: string): { readonly settings?: Settings; readonly why?: string } {
	if (text.trim() === "") return { settings: {} };
	const json = parseFirst(text);
	if (json === null) return { settings: {} };
	const settings = objectOf(json);
	if (!settings) return { why: "it is not a JSON object" };
	const wrong = Object.entries(types).find(([key, { has }]) => settings[key] != null && !has(settings[key]));
	if (wrong) return { settings, why: `its \`${wrong[0]}\` is not ${wrong[1].name}` };
	const entries = Object.entries(objectOf(settings.auths) ?? {});
	// The CLI decodes all logins at once, and a malformed one costs it the whole file.
	const bad = entries.find(([, entry]) => {
		const auth = objectOf(entry)?.auth;
		return auth != null && auth !== "" && !(typeof auth === "string" && isLogin(auth.replace(/[\r\n]/g, "")));
	});
	return bad
		? { settings, why: "the `auth` of one of its logins is not a user and a password in base64" }
		: { settings };
}

interface Type {
	readonly name: string;
	has(value: unknown): boolean;
}

const text: Type = { name: "a text in quotes", has: (value) => typeof value === "string" };
const texts: Type = { name: "an object of texts", has: (value) => everyIn(objectOf(value), text.has) };

/** What people write with another type: `"experimental": true`, or the `features` of daemon.json. */
const types: Readonly<Record<string, Type>> = {
	auths: {
		name: "an object",
		has: (value) => everyIn(objectOf(value), (entry) => objectOf(entry ?? {}) !== undefined),
	},
	credsStore: text,
	credHelpers: texts,
	currentContext: text,
	HttpHeaders: texts,
	experimental: text,
	features: texts,
	aliases: texts,
	cliPluginsExtraDirs: { name: "a list", has: (value) => Array.isArray(value) && value.every(text.has) },
};

function everyIn(value: Settings | undefined, has: (entry: unknown) => boolean): boolean {
	return value !== undefined && Object.values(value).every(has);
}

/** The first JSON value of a text: the CLI reads no further. */
function parseFirst(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch (error) {
		const end = / at position (\d+)/.exec(String(error))?.[1];
		if (end === undefined) return undefined;
		try {
			return JSON.parse(text.slice(0, Number(end)));
		} catch {
			return undefined;
		}
	}
}

async function missingHelpers(host: Host, { credsStore, credHelpers }: Settings): Promise<readonly MissingHelper[]> {
	const named: MissingHelper[] = [];
	const add = (store: unknown, more: Omit<MissingHelper, "helper">): void => {
		if (typeof store === "string" && store !== "") named.push({ helper: helperName(store), ...more });
	};
	add(credsStore, { setting: "credsStore" });
	for (const [registry, store] of Object.entries(objectOf(credHelpers) ?? {}).slice(0, maxEntries)) {
		add(store, { setting: "credHelpers", registry: bounded(registry, 200) });
	}
	const isThere = await Promise.all(named.map(({ helper }) => isOnPath(host, helper)));
	return named.filter((_, index) => !isThere[index]);
}

/** `docker-credential-desktop` of `desktop`. */
function helperName(store: string): string {
	return bounded(`docker-credential-${store}`, 100);
}

/** Like the CLI, never in the working directory. */
async function isOnPath(host: Host, helper: string): Promise<boolean> {
	if (!/^[\w.-]+$/.test(helper)) return false;
	const directories = pathEntries(host, "/").filter((entry) => entry !== "/");
	return (await searchProgram(host, helper, directories)).found !== undefined;
}

/**
 * The first path that a CLI with buildx cannot use, or a read-only directory of this user. buildx replaces its files, so it has to write into their directories, but only
 * to read the files (seen with buildx 0.13: a foreign file with mode 0644 does no harm, with 0600 it ends every build).
 */
async function firstClosed(host: Host, directory: string): Promise<ClosedPath | undefined> {
	const buildx = (host.env.BUILDX_CONFIG ?? "").replace(/\/+$/, "") || `${directory}/buildx`;
	const outer = await closedOne(host, buildx === `${directory}/buildx` ? directory : buildx, "enter");
	if (outer) return outer;
	const there = await host.stat(buildx);
	if (there.kind === "absent") {
		// It has to be created.
		return (await host.stat(directory)).kind === "absent" ? undefined : cannotWrite(host, directory);
	}
	const inside = await Promise.all(["activity", "refs"].map((name) => entriesOf(host, `${buildx}/${name}`)));
	const paths = [
		...["activity", "defaults", "instances", "refs", ".lock", "current"].map((name) => `${buildx}/${name}`),
		...inside.flat(),
	];
	const closed = await Promise.all([cannotWrite(host, buildx), ...paths.map((path) => closedOne(host, path, "write"))]);
	return closed.find((one) => one !== undefined);
}

async function entriesOf(host: Host, directory: string): Promise<readonly string[]> {
	const entries = await host.list(directory);
	return entries.kind === "ok" ? entries.value.slice(0, maxEntries).map((name) => `${directory}/${name}`) : [];
}

/** A path that belongs to another user and that this one cannot use. */
async function closedOne(host: Host, path: string, need: "enter" | "write"): Promise<ClosedPath | undefined> {
	const seen: FileOutcome = await host.stat(path);
	if (seen.kind !== "directory" && seen.kind !== "file") return undefined;
	if (seen.uid === host.uid) return undefined;
	const modes = seen.kind === "file" ? (["r"] as const) : need === "enter" ? (["x"] as const) : (["w", "x"] as const);
	const answers = await Promise.all(modes.map((mode) => host.access(path, mode)));
	if (answers.every(({ kind }) => kind !== "denied")) return undefined;
	return { path, kind: seen.kind, need: seen.kind === "file" ? "read" : need, mode: seen.mode, uid: seen.uid };
}

/**
 * A directory in which buildx has to create its own, and cannot: one of another user, or one on a read-only mount, as a mounted secret
 * is. A home that is read-only as a whole is a finding of `fs/writable`.
 */
async function cannotWrite(host: Host, path: string): Promise<ClosedPath | undefined> {
	const [seen, access] = await Promise.all([host.stat(path), host.access(path, "w")]);
	if (seen.kind !== "directory" || access.kind !== "denied") return undefined;
	const mount = await mountHolding(host, path);
	if (!mount?.readOnly) return closedOne(host, path, "write");
	const home = await mountHolding(host, host.env.HOME || host.userHome || "/");
	if (home?.target === mount.target) return undefined;
	return { path, kind: "directory", need: "write", mode: seen.mode, uid: seen.uid, readOnly: true };
}

async function mountHolding(host: Host, path: string): Promise<Mount | undefined> {
	const [mounts, real] = await Promise.all([readMounts(host), host.realPath(path)]);
	return mounts && mountOf(mounts, real.kind === "ok" ? real.value : path);
}
