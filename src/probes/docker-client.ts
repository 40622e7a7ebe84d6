import type { FileOutcome, Host } from "../host/host.ts";
import type { Policy } from "../policy/policy.ts";
import { namesById } from "./account-names.ts";
import { readAuthConfig } from "./docker-auth-config.ts";
import { readConfigFile, type Settings } from "./docker-config-file.ts";
import { bounded, configDirectory, objectOf } from "./docker-endpoint.ts";
import { type Mount, mountOf, readMounts } from "./mountinfo.ts";
import { homeDirectory, nearestExisting } from "./paths.ts";
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
	/** A login helper that is there and needs a D-Bus session, which there is none of. */
	readonly unusableHelper?: UnusableHelper;
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

export interface UnusableHelper {
	/** `docker-credential-secretservice` */
	readonly helper: string;
	/** Nothing names it: the CLI takes it because it is on PATH. */
	readonly isDetected?: true;
}

export interface ClosedPath {
	readonly path: string;
	readonly kind: "file" | "directory";
	/** What this user cannot: look into a directory, write into it, read a file, or create the directory. */
	readonly need: "enter" | "write" | "read" | "create";
	/** Of the directory above that does not permit it, if it has to be created. */
	readonly mode: number;
	readonly uid: number;
	readonly owner?: string;
	/** It is on a read-only mount. */
	readonly readOnly?: true;
	/** cargo cannot create its own directory next to it either, as `rust/consistency` reports. */
	readonly cargoToo?: true;
}

/** Longest configuration that is read: it may contain the logins of many registries. */
const maxConfig = 1024 * 1024;
const maxEntries = 20;

/** Source: files only. Nothing is started, and what is missing is not created. */
export const dockerClientProbe: Probe<DockerClientFacts> = {
	name: "docker-client",
	async collect(host: Host, { policy }): Promise<DockerClientFacts> {
		const directory = configDirectory(host);
		const path = `${directory}/config.json`;
		const [text, closed, names] = await Promise.all([
			host.readText(path, maxConfig),
			firstClosed(host, directory).then((closed) => withCargo(host, policy, directory, closed)),
			namesById(host, "/etc/passwd"),
		]);
		const read = text.kind === "ok" ? readConfigFile(text.value) : undefined;
		const owner = closed && names.get(closed.uid);
		const name = host.uid === undefined ? undefined : names.get(host.uid);
		const auth = readAuthConfig(host);
		const unusable = read || text.kind === "absent" ? await unusableHelper(host, read?.settings ?? {}) : undefined;
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
			...(unusable && { unusableHelper: unusable }),
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

/**
 * Asks the desktop's key ring over D-Bus. Without a session it fails, whatever it is asked: `Cannot autolaunch D-Bus without X11 $DISPLAY`.
 */
const keyRing = "secretservice";

/**
 * The CLI takes this helper by itself if its configuration has no login and `pass` is not installed. Source: `DetectDefaultStore` of
 * Docker CLI 29.5.
 */
async function unusableHelper(host: Host, settings: Settings): Promise<UnusableHelper | undefined> {
	const { env } = host;
	const store = settings.credsStore || undefined;
	const isDetected = store === undefined && ![settings.auths, settings.credHelpers].some(hasEntries);
	if (store !== keyRing && !isDetected) return undefined;
	if (env.DBUS_SESSION_BUS_ADDRESS || env.DISPLAY) return undefined;
	const helper = helperName(keyRing);
	if (!(await isOnPath(host, helper)) || (isDetected && (await isOnPath(host, "pass")))) return undefined;
	const bus = env.XDG_RUNTIME_DIR ? await host.stat(`${env.XDG_RUNTIME_DIR}/bus`) : undefined;
	if (bus && bus.kind !== "absent") return undefined;
	return { helper, ...(isDetected && { isDetected }) };
}

function hasEntries(value: unknown): boolean {
	return Object.keys(objectOf(value) ?? {}).length > 0;
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
		return (await host.stat(directory)).kind === "absent" ? cannotCreate(host, buildx) : cannotWrite(host, directory);
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

/** One that buildx creates with its parents. A home that cannot be written is a finding of `fs/writable`, unless it is `/` or absent. */
async function cannotCreate(host: Host, path: string): Promise<ClosedPath | undefined> {
	const existing = await nearestExisting(host, path);
	if (existing.kind !== "found") return undefined;
	const above = existing.path;
	const home = homeDirectory(host);
	const realHome = home === undefined ? undefined : await host.realPath(home);
	if (realHome?.kind === "ok" && realHome.value === above) return undefined;
	const [seen, access] = await Promise.all([host.stat(above), host.access(above, "w")]);
	if (seen.kind !== "directory" || access.kind !== "denied") return undefined;
	return { path, kind: "directory", need: "create", mode: seen.mode, uid: seen.uid };
}

/** One cause, one finding: without a home, cargo has no place for its files either. */
async function withCargo(
	host: Host,
	{ tools }: Policy,
	directory: string,
	closed: ClosedPath | undefined,
): Promise<ClosedPath | undefined> {
	if (closed?.need !== "create" || host.env.CARGO_HOME || !(tools.cargo || tools.rustc)) return closed;
	const home = (host.env.HOME || host.userHome || "").replace(/\/+$/, "");
	if (directory !== `${home}/.docker` || (await host.stat(`${home}/.cargo`)).kind !== "absent") return closed;
	return { ...closed, cargoToo: true };
}

async function mountHolding(host: Host, path: string): Promise<Mount | undefined> {
	const [mounts, real] = await Promise.all([readMounts(host), host.realPath(path)]);
	return mounts && mountOf(mounts, real.kind === "ok" ? real.value : path);
}
