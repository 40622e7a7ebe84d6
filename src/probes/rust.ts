import type { AccessOutcome, FileOutcome, Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { findVersion } from "../versions.ts";
import { disksProbe } from "./disks.ts";
import { mountOf, readMounts } from "./mountinfo.ts";
import { nearestExisting } from "./paths.ts";
import type { Ask, Probe } from "./probe.ts";
import { absolute, join } from "./program-search.ts";
import { pinIn, toolchainFiles } from "./toolchain-choice.ts";
import { rustupHome, type ToolFacts, toolProbe } from "./tools.ts";

/** Facts about Rust beyond the single tools. */
export interface RustFacts {
	readonly uid?: number;
	readonly mode: ToolFacts["mode"];
	/** The tools, for those that the profile asks for and that are on PATH. */
	readonly rustc?: RustTool;
	readonly cargo?: RustTool;
	/** Which of them are the workspace's, and were not run. */
	readonly untrusted?: readonly string[];
	readonly cargoHome: CargoHome;
	/** CARGO_NET_OFFLINE: cargo uses local crates and downloads nothing. */
	readonly offline?: true;
	/** The toolchain that a file in the workspace asks rustup for. */
	readonly pinned?: PinnedToolchain;
	/** RUSTUP_TOOLCHAIN, which wins over the file. */
	readonly override?: string;
	readonly toolchains: Toolchains;
}

export interface RustTool {
	readonly path: string;
	/** Where its links lead, if elsewhere. */
	readonly realPath?: string;
	/** As it printed it; absent where it printed none. */
	readonly version?: string;
	/** It is a proxy of rustup. */
	readonly rustup: boolean;
	/** rustup found that the toolchain which the workspace asks for is not installed: the version is the default's. */
	readonly instead: boolean;
}

/** Where cargo keeps what it downloads. */
export type CargoHome =
	| { readonly kind: "writable"; readonly path: string; readonly full?: FullHome }
	/** `at` is the directory below (or the parent, where cargo would have to create it) that does not let us write. */
	| {
			readonly kind: "not-writable";
			readonly path: string;
			readonly at: string;
			readonly exists: boolean;
			readonly mode?: number;
			readonly uid?: number;
			readonly gid?: number;
			/** There are unpacked crates, as in an image that brings them: a cargo that is offline only reads these. */
			readonly crates?: true;
	  }
	/** Neither CARGO_HOME nor HOME is set, and the user has no entry in the user database. */
	| { readonly kind: "no-home" }
	| { readonly kind: "unknown"; readonly path: string; readonly code: string };

/** Nothing can be written: no space for a job's user, or no inode, is left. */
export interface FullHome {
	readonly freeBytes: number;
	readonly freeInodes?: number;
	/** The mount that holds it. */
	readonly target?: string;
	/** Places of a job on the same mount, by their names in a policy: `workspace`, `temp`, `home`. */
	readonly shared: readonly string[];
}

type NotWritable = Extract<CargoHome, { kind: "not-writable" }>;
type Unknown = Extract<CargoHome, { kind: "unknown" }>;

export interface PinnedToolchain {
	/** Relative to the workspace. */
	readonly file: string;
	readonly line: number;
	readonly channel: string;
}

export type Toolchains =
	| { readonly kind: "listed"; readonly home: string; readonly names: readonly string[] }
	| { readonly kind: "unknown"; readonly home: string; readonly code: string };

/** Source: the tools' own probes, CARGO_HOME, RUSTUP_HOME and the workspace's toolchain file. Starts nothing itself. */
export const rustProbe: Probe<RustFacts> = {
	name: "rust",
	async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<RustFacts> {
		const facts = (name: "rustc" | "cargo") => {
			const tool = request.policy.tools[name];
			return tool && ask(toolProbe(name, tool.command));
		};
		const exists = (await host.stat(request.workspace)).kind === "directory";
		const cwd = exists ? request.workspace : host.cwd();
		const [rustc, cargo, cargoHome, pinned, toolchains] = await Promise.all([
			facts("rustc"),
			facts("cargo"),
			lookAtCargoHome(host, cwd).then((home) => withSpace(host, home, signal, ask)),
			request.usesWorkspace ? readPin(host, cwd) : undefined,
			listToolchains(host, cwd),
		]);
		const untrusted = [rustc, cargo].flatMap((tool) => (tool?.run.kind === "untrusted" ? [tool.name] : []));
		return {
			...(host.uid !== undefined && { uid: host.uid }),
			mode: (rustc ?? cargo)?.mode ?? "unknown",
			...(rustc?.found && { rustc: rustTool(rustc, rustc.found) }),
			...(cargo?.found && { cargo: rustTool(cargo, cargo.found) }),
			...(untrusted.length > 0 && { untrusted }),
			cargoHome,
			...(/^(?:true|1)$/.test(host.env.CARGO_NET_OFFLINE ?? "") && { offline: true as const }),
			...(pinned && { pinned }),
			...(host.env.RUSTUP_TOOLCHAIN && { override: host.env.RUSTUP_TOOLCHAIN.slice(0, 200) }),
			toolchains,
		};
	},
};

function rustTool({ run, rustup }: ToolFacts, { path, realPath }: NonNullable<ToolFacts["found"]>): RustTool {
	const outside = rustup?.outsideWorkspace;
	const printed = run.kind === "ran" ? findVersion(run.outcome.stdout) : undefined;
	const version = printed ?? (outside && findVersion(outside.stdout));
	return {
		path,
		...(realPath !== undefined && realPath !== path && { realPath }),
		...(version && { version: version.text }),
		rustup: rustup?.link === true || outside !== undefined,
		instead: outside !== undefined,
	};
}

const unpacked = "registry/src";
/** Directories in which cargo writes when it fetches a dependency. A cargo that once ran as root leaves them root's. */
const written = ["", "registry", "registry/index", "registry/cache", unpacked, "git", "git/db"];

async function lookAtCargoHome(host: Host, cwd: string): Promise<CargoHome> {
	const home = host.env.HOME || host.userHome;
	const path = host.env.CARGO_HOME
		? absolute(host.env.CARGO_HOME, cwd)
		: home
			? join(absolute(home, cwd), ".cargo")
			: undefined;
	if (path === undefined) return { kind: "no-home" };
	const own = await host.stat(path);
	if (own.kind === "unreadable") {
		return own.code === "EACCES" ? closed(path, path, false, own) : { kind: "unknown", path, code: own.code };
	}
	if (own.kind === "absent") {
		const isLink = (await host.lstat(path)).kind === "link";
		return isLink ? { kind: "unknown", path, code: "ENOENT" } : creatable(host, path);
	}
	if (own.kind !== "directory") return closed(path, path, true, own);
	return lookBelow(host, path);
}

/** Less than one file of an index: cargo fails with `No space left on device`. */
const fullBelow = 64 * 1024;

/** Is there room? Only where there is none, it is asked which other places of the job have the same cause. */
async function withSpace(host: Host, home: CargoHome, signal: AbortSignal, ask: Ask): Promise<CargoHome> {
	if (home.kind !== "writable") return home;
	const existing = await nearestExisting(host, home.path);
	if (existing.kind !== "found") return home;
	const space = await host.space(existing.path, signal);
	if (space.kind !== "ok") return home;
	const { freeBytes, freeInodes, totalInodes } = space.value;
	const lacksInodes = freeInodes === 0 && totalInodes !== 0;
	if (freeBytes >= fullBelow && !lacksInodes) return home;
	// Some file systems do not tell their free space.
	const written = await host.tryWrite(existing.path);
	if (written.kind !== "unreadable" || !/^(?:ENOSPC|EDQUOT)$/.test(written.code)) return home;
	const target = mountOf((await readMounts(host)) ?? [], existing.path)?.target;
	const disks = await ask(disksProbe).catch(() => undefined);
	const shared = Object.entries(disks?.places ?? {}).filter(
		([, place]) => place.kind === "measured" && target !== undefined && place.mount?.target === target,
	);
	return {
		...home,
		full: {
			freeBytes,
			...(freeInodes !== undefined && { freeInodes }),
			...(target !== undefined && { target }),
			shared: shared.map(([name]) => name),
		},
	};
}

async function lookBelow(host: Host, path: string): Promise<CargoHome> {
	const parts = await Promise.all(written.map((name) => lookAtPart(host, path, name)));
	// In the home itself there is but the lock, without which cargo goes on: a volume for its registry may be all that is the
	// user's. Seen with cargo 1.95.
	const needed = parts[written.indexOf("registry")] === "open" ? parts.slice(1) : parts;
	const shut = needed.find((part) => typeof part === "object");
	if (typeof shut !== "object") return { kind: "writable", path };
	if (shut.kind === "unknown") return shut;
	const hasCrates =
		parts[written.indexOf(unpacked)] !== "absent" && (await host.access(join(path, unpacked), "x")).kind === "granted";
	return hasCrates ? { ...shut, crates: true } : shut;
}

/**
 * cargo creates what is absent, but not in place of a file or of a link that leads nowhere: `File exists (os error 17)`. A
 * directory that is closed to us is below a closed one.
 */
async function lookAtPart(host: Host, path: string, name: string): Promise<"absent" | "open" | NotWritable | Unknown> {
	const at = name === "" ? path : join(path, name);
	const unknown = (code: string): Unknown => ({ kind: "unknown", path: at, code });
	const seen = await host.stat(at);
	switch (seen.kind) {
		case "directory": {
			const fill = await mayFill(host, at);
			if (fill.kind === "unreadable") return unknown(fill.code);
			return fill.kind === "granted" ? "open" : closed(path, at, true, seen);
		}
		case "absent":
			return (await host.lstat(at)).kind === "link" ? unknown("ENOENT") : "absent";
		case "unreadable":
			return seen.code === "EACCES" ? "absent" : unknown(seen.code);
		default:
			return unknown("ENOTDIR");
	}
}

/** Cargo creates its home with all its parents: the nearest that exists has to let us. */
async function creatable(host: Host, path: string): Promise<CargoHome> {
	let parent = path;
	while (parent !== "/") {
		parent = parent.slice(0, Math.max(1, parent.lastIndexOf("/")));
		const seen = await host.stat(parent);
		if (seen.kind === "absent") continue;
		if (seen.kind === "unreadable" && seen.code !== "EACCES") return { kind: "unknown", path, code: seen.code };
		const fill = seen.kind === "directory" ? await mayFill(host, parent) : undefined;
		if (fill?.kind === "unreadable") return { kind: "unknown", path, code: fill.code };
		return fill?.kind === "granted" ? { kind: "writable", path } : closed(path, parent, false, seen);
	}
	return { kind: "writable", path };
}

async function mayFill(host: Host, directory: string): Promise<AccessOutcome> {
	const write = await host.access(directory, "w");
	return write.kind === "granted" ? host.access(directory, "x") : write;
}

function closed(path: string, at: string, exists: boolean, seen: FileOutcome): NotWritable {
	const owner = "mode" in seen ? { mode: seen.mode, uid: seen.uid, gid: seen.gid } : {};
	return { kind: "not-writable", path, at, exists, ...owner };
}

async function readPin(host: Host, workspace: string): Promise<PinnedToolchain | undefined> {
	for (const file of toolchainFiles) {
		const text = await host.readInside(workspace, join(workspace, file), 16 * 1024);
		if (text.kind === "absent") continue;
		const pin = text.kind === "ok" ? pinIn(text.value) : undefined;
		return pin && pin !== "none" ? { file, ...pin } : undefined;
	}
	return undefined;
}

async function listToolchains(host: Host, cwd: string): Promise<Toolchains> {
	const home = rustupHome(host, cwd);
	if (home === undefined) return { kind: "listed", home: "~/.rustup", names: [] };
	const names = await host.list(join(home, "toolchains"));
	if (names.kind === "unreadable") return { kind: "unknown", home, code: names.code };
	return { kind: "listed", home, names: names.kind === "ok" ? names.value.slice(0, 100) : [] };
}
