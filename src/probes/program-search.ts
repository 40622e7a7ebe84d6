import { type DeadMount, unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { compareVersions, findVersion } from "../versions.ts";

/** Something of the program's name on PATH that cannot be started. */
export interface Unusable {
	readonly path: string;
	/**
	 * `not-executable`: the kernel lets us not execute it; `dangling-link`: it leads nowhere; `closed`: we may not look
	 * into the directory (EACCES); `unreadable`: looking failed otherwise.
	 */
	readonly kind: "not-executable" | "dangling-link" | "closed" | "unreadable";
	/** Permission bits, owner and group of a file that is not executable. */
	readonly mode?: number;
	readonly uid?: number;
	readonly gid?: number;
	/** The errno of a path that is unreadable. */
	readonly code?: string;
}

export interface SearchResult {
	/** The first executable of that name. */
	readonly found?: string;
	readonly unusable: readonly Unusable[];
}

/** What a shell searches where PATH is not set at all. */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The directories of PATH in order. An empty entry is the working directory, a relative one is below it. */
export function pathEntries(host: Host, cwd: string): readonly string[] {
	const entries = (host.env.PATH ?? defaultPath).split(":").map((entry) => absolute(entry, cwd));
	return [...new Set(entries)];
}

/** An entry of PATH that only a shell would expand, and what it would be. */
export interface Unexpanded {
	/** `~/.cargo/bin` */
	readonly entry: string;
	/** `/home/ci/.cargo/bin` */
	readonly meant: string;
}

/**
 * Entries of PATH as they are written for a shell or a unit: with `~`, `$HOME` or `%h`, in quotes, with a blank at an end, or with
 * semicolons. Whatever starts a job takes them as they are.
 */
export function unexpandedEntries(host: Host): readonly Unexpanded[] {
	const entries = (host.env.PATH ?? "").split(":");
	return entries.flatMap((entry) =>
		entry
			.split(";")
			.flatMap((part) => {
				const bare = part.trim().replace(/^["']|["']$/g, "");
				return /^\/[^$]+$/.test(bare) ? [bare] : meantBy(host, bare);
			})
			.filter((path) => path !== entry)
			.map((path) => ({ entry: entry.slice(0, 200), meant: absolute(path, "/").slice(0, 200) })),
	);
}

/** What a shell, or systemd, would make of a path with `~`, `%h` or a variable: one for each home that is known. */
export function meantBy(host: Host, path: string): readonly string[] {
	if (!/^(?:~|%h)|\$/.test(path)) return [];
	const homes = [host.env.HOME, host.userHome].filter((home): home is string => /^\/./.test(home ?? ""));
	return [...new Set(homes)].flatMap((home) => {
		const meant = path.replace(/^(?:~|%h)(?=\/|$)/, home).replace(/\$(?:\{(\w+)\}|(\w+))/g, (all, braced, plain) => {
			const name = braced ?? plain;
			return name === "HOME" ? home : (host.env[name] ?? all);
		});
		return /^\/[^$:]*$/.test(meant) ? [meant] : [];
	});
}

/** `$PATH` as an entry, which was meant to stand for all directories of the system. */
export function literalPath({ env }: Host, directory: string): Unexpanded | undefined {
	const entry = (env.PATH ?? "").split(":").find((one) => /^["']?(?:\$PATH|\$\{PATH\}|%PATH%)["']?$/.test(one));
	const isOfSystem = defaultPath.split(":").includes(directory);
	return entry !== undefined && isOfSystem ? { entry, meant: directory } : undefined;
}

/** A path as a process in `cwd` would understand it, without a slash at its end. */
export function absolute(path: string, cwd: string): string {
	const full = path.startsWith("/") ? path : path === "" || path === "." ? cwd : `${cwd}/${path.replace(/^\.\//, "")}`;
	return full.endsWith("/") ? full.replace(/(?<=.)\/+$/, "") : full;
}

export function join(directory: string, name: string): string {
	return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}

/**
 * Searches the directories as a shell does: in order, skipping everything that is not an executable file, and directories on a mount
 * that does not answer. If it is nowhere else, it may be there, so this rejects with `DeadMount` then.
 * @param onLook Called before each look, so that a file system that never answers can be named.
 */
export async function searchProgram(
	host: Host,
	name: string,
	directories: readonly string[],
	onLook: (directory: string) => void = () => undefined,
): Promise<SearchResult> {
	const unusable: Unusable[] = [];
	let dead: DeadMount | undefined;
	for (const directory of directories) {
		onLook(directory);
		const path = join(directory, name);
		const looked = await unlessDead(lookAt(host, path), (mount) => {
			dead ??= mount;
			return "absent" as const;
		});
		if (looked === "executable") return { found: path, unusable };
		if (looked !== "absent") unusable.push(looked);
	}
	if (dead) throw dead;
	return { unusable };
}

/** Without following links at first: most directories of PATH do not hold the name at all, and that is one call each. */
async function lookAt(host: Host, path: string): Promise<"executable" | "absent" | Unusable> {
	const first = await host.lstat(path);
	const target = first.kind === "link" ? await host.stat(path) : first;
	switch (target.kind) {
		case "absent":
			return first.kind === "link" ? { path, kind: "dangling-link" } : "absent";
		case "unreadable":
			if (target.code === "ELOOP") return { path, kind: "dangling-link" };
			return { path, kind: target.code === "EACCES" ? "closed" : "unreadable", code: target.code };
		case "file": {
			const access = await host.access(path, "x");
			if (access.kind === "granted") return "executable";
			if (access.kind === "unreadable") return { path, kind: "unreadable", code: access.code };
			return { path, kind: "not-executable", mode: target.mode, uid: target.uid, gid: target.gid };
		}
		default:
			return "absent";
	}
}

const nowhere: SearchResult = { unusable: [] };

/**
 * Places where tools are installed without being put on PATH: rustup, cargo, nvm, volta and their like, and the system's
 * own directories. At most eight, each file once, the newest version of a tool first.
 */
export async function searchOffPath(host: Host, name: string, onPath: readonly string[]): Promise<readonly string[]> {
	const meant = unexpandedEntries(host).map((entry) => entry.meant);
	const likely = [...meant, ...(await likelyDirectories(host, name))];
	const directories = likely.filter((directory) => !onPath.includes(directory));
	const hits = await Promise.all(
		[...new Set(directories)].map(async (directory) => {
			const { found } = await unlessDead(searchProgram(host, name, [directory]), () => nowhere);
			if (found === undefined) return undefined;
			const real = await host.realPath(found);
			return { found, real: real.kind === "ok" ? real.value : found };
		}),
	);
	const byFile = new Map<string, string>();
	for (const hit of hits) if (hit && !byFile.has(hit.real)) byFile.set(hit.real, hit.found);
	return [...byFile.values()].slice(0, 8);
}

const binOf: Readonly<Record<string, string>> = {
	CARGO_HOME: "bin",
	VOLTA_HOME: "bin",
	GOROOT: "bin",
	GOPATH: "bin",
	JAVA_HOME: "bin",
	PNPM_HOME: "",
	BUN_INSTALL: "bin",
	ASDF_DATA_DIR: "shims",
	MISE_DATA_DIR: "shims",
	PYENV_ROOT: "shims",
	RBENV_ROOT: "shims",
	NODENV_ROOT: "shims",
	GOENV_ROOT: "shims",
};

const inHome = [
	".cargo/bin",
	".volta/bin",
	".local/share/fnm/aliases/default/bin",
	".local/share/mise/shims",
	".asdf/shims",
	".pyenv/shims",
	".rbenv/shims",
	".nodenv/shims",
	".goenv/shims",
	".sdkman/candidates/java/current/bin",
	".bun/bin",
	".deno/bin",
	".local/bin",
	".nix-profile/bin",
	".npm-global/bin",
	"go/bin",
	"bin",
];

const inSystem = [
	"/usr/local/cargo/bin",
	"/opt/cargo/bin",
	"/usr/local/bin",
	"/usr/bin",
	"/bin",
	"/usr/local/sbin",
	"/usr/sbin",
	"/sbin",
	"/usr/local/go/bin",
	"/usr/local/node/bin",
	"/usr/local/cuda/bin",
	"/usr/local/nvidia/bin",
	"/usr/lib/cargo/bin",
	"/snap/bin",
	"/opt/homebrew/bin",
	"/home/linuxbrew/.linuxbrew/bin",
	"/run/current-system/sw/bin",
	"/nix/var/nix/profiles/default/bin",
];

async function likelyDirectories(host: Host, name: string): Promise<readonly string[]> {
	const { HOME, NVM_DIR } = host.env;
	const homes = [HOME, host.userHome, "/root"].filter((home): home is string => Boolean(home?.startsWith("/")));
	const named = Object.entries(binOf).flatMap(([variable, bin]) => {
		const value = host.env[variable];
		return value?.startsWith("/") ? [absolute(bin === "" ? value : `${value}/${bin}`, "/")] : [];
	});
	const nvm = [NVM_DIR, ...homes.map((home) => join(home, ".nvm"))].filter((directory): directory is string =>
		Boolean(directory?.startsWith("/")),
	);
	const listed = await Promise.all([
		...nvm.map((directory) => versionsIn(host, join(directory, "versions/node"), "bin")),
		...homes.map((home) => versionsIn(host, join(home, ".local/share/fnm/node-versions"), "installation/bin")),
		versionsIn(host, "/opt", "bin"),
		versionsIn(host, "/opt", ""),
		versionsIn(host, "/usr/lib/postgresql", "bin"),
		versionsIn(host, "/usr/lib/jvm", "bin"),
	]);
	return [
		...named,
		...homes.flatMap((home) => inHome.map((directory) => join(home, directory))),
		...listed.flat(),
		...inSystem,
		`/opt/${name}/bin`,
	];
}

/** `<directory>/<entry>/<below>` of every entry, the highest version first. */
async function versionsIn(host: Host, directory: string, below: string): Promise<readonly string[]> {
	const entries = await unlessDead(host.list(directory), () => undefined);
	if (entries?.kind !== "ok") return [];
	const versioned = entries.value.slice(0, 50).map((entry) => ({ entry, version: findVersion(entry) }));
	versioned.sort((a, b) => (a.version && b.version ? compareVersions(b.version, a.version) : 0));
	return versioned.map(({ entry }) => join(join(directory, entry), below).replace(/\/$/, ""));
}
