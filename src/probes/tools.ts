import { unlessDead } from "../host/dead-mount.ts";
import type { Host, RunOutcome } from "../host/host.ts";
import { isOfWorkspace } from "../host/workspace.ts";
import { own } from "../own.ts";
import type { Request } from "../request.ts";
import { containerProbe } from "./container.ts";
import { aborted } from "./paths.ts";
import type { Ask, Probe } from "./probe.ts";
import { type ProgramFile, readProgramFile } from "./program-file.ts";
import {
	absolute,
	join,
	literalPath,
	pathEntries,
	type SearchResult,
	searchOffPath,
	searchProgram,
	type Unexpanded,
	type Unusable,
	unexpandedEntries,
} from "./program-search.ts";
import { chosenToolchain, defaultWrittenAt, type ToolchainChoice, type WrittenAt } from "./toolchain-choice.ts";
import { versionPins } from "./version-pins.ts";

/** Where one tool is and what it said when it was asked for its version. */
export interface ToolFacts {
	readonly name: string;
	/** The command that asks for the version, as the policy has it. */
	readonly command: readonly string[];
	/** `process.arch` of this machine. */
	readonly arch: string;
	readonly uid?: number;
	/** Where jobs of this kind run: it decides the fix. */
	readonly mode: "container" | "host" | "unknown";
	/** The directories of PATH in the order of the search, each absolute. */
	readonly path: readonly string[];
	/** PATH as the variable holds it. */
	readonly pathText?: string;
	/** PATH is not set at all: a shell's own default was searched. */
	readonly pathUnset?: boolean;
	/** An entry of PATH that nobody expands, and that would lead to a program of that name, before the one found. */
	readonly unexpanded?: Unexpanded;
	/** Other tools of the profile that are not on PATH either, and in the directory of the first of `elsewhere`. */
	readonly sameDirectory?: readonly string[];
	/** The program that a job would start. */
	readonly found?: { readonly path: string; readonly realPath?: string };
	/** Files of that name on PATH, before the one that was found, that cannot be started. */
	readonly unusable: readonly Unusable[];
	/** Executables of that name in the usual places outside PATH. Looked for only where PATH has none. */
	readonly elsewhere: readonly string[];
	readonly run: ToolRun;
	/** The file's head. Looked at only where the run failed. */
	readonly file?: ProgramFile;
	readonly rustup?: RustupFacts;
	/** It is a shim of Corepack, which downloads the tool when a job first calls it, and was kept from doing that here. */
	readonly corepack?: true;
	/** It is a shim of mise, which installs this when a job first calls it, and was kept from doing that here: `node@22.1.0`. */
	readonly mise?: string;
}

export type ToolRun =
	| { readonly kind: "ran"; readonly outcome: RunOutcome }
	/** It is the very Node that runs us, which knows its version without being started. */
	| { readonly kind: "own-node"; readonly version: string }
	| { readonly kind: "not-found" }
	/**
	 * It was not started, as it is the workspace's, which is untrusted: the policy's `command`, the `program` on PATH, or the `toolchain` that
	 * rustup would choose. `by`: what names it.
	 */
	| { readonly kind: "untrusted"; readonly why: "command" | "program" | "toolchain"; readonly by: string }
	/** The file system did not answer: nothing was started. */
	| { readonly kind: "search-timed-out"; readonly directory: string };

/** What there is to know where the tool is a proxy of rustup, or could be one. */
interface RustupFacts {
	/** The program is a link to `rustup`. A copy or a hard link shows only in what it says. */
	readonly link: boolean;
	/**
	 * Set where rustup was never set up in its home, a directory that it would create when it is run: the program ran with
	 * RUSTUP_HOME out of its reach, and complains about that one if it is rustup.
	 */
	readonly neverSetUp?: { readonly home: string };
	/** What names the toolchain: `RUSTUP_TOOLCHAIN`, or a line. Known only where the run failed. */
	readonly chosenBy?: "RUSTUP_TOOLCHAIN" | WrittenAt;
	/** Homes of rustup in usual places, with toolchains. Looked for only where the run failed. */
	readonly otherHomes?: readonly OtherHome[];
	/** Would a job's rustup install a missing toolchain? Known only where the run failed. */
	readonly autoInstall?: boolean;
	/** The same command with the default toolchain, where the one that the workspace asks for is not installed. */
	readonly outsideWorkspace?: RunOutcome;
}

/** A home of rustup that is not the one which rustup uses. */
export interface OtherHome {
	readonly path: string;
	readonly toolchains: readonly string[];
}

/** A directory that nobody can create. */
export const unreachableHome = "/dev/null/rustup";

/** Characters kept of PATH. */
const maxPath = 2000;

/** Bytes kept of what a tool prints: a version comes first, and so does the cause of a failure. */
const maxOutput = 4096;

/** Programs that are proxies where rustup installed them. */
const proxies = new Set([
	"cargo",
	"cargo-clippy",
	"cargo-fmt",
	"cargo-miri",
	"clippy-driver",
	"rls",
	"rust-analyzer",
	"rust-gdb",
	"rust-gdbgui",
	"rust-lldb",
	"rustc",
	"rustdoc",
	"rustfmt",
	"rustup",
]);

/** Asked for their version, some tools fetch something first: a toolchain, a package manager, news about themselves. */
const offline = {
	LC_ALL: "C",
	RUSTUP_AUTO_INSTALL: "0",
	// What keeps a rustup from downloading that is too old to know the variable above.
	RUSTUP_DIST_SERVER: "file:///dev/null",
	GOTOOLCHAIN: "local",
	COREPACK_ENABLE_NETWORK: "0",
	MISE_AUTO_INSTALL: "false",
	MISE_EXEC_AUTO_INSTALL: "false",
	MISE_NOT_FOUND_AUTO_INSTALL: "false",
	CHECKPOINT_DISABLE: "1",
};

/**
 * Finds a tool on PATH and asks it for its version. Source: PATH and the file system; the tool itself, started without a shell, and
 * never more than once for a healthy one. It runs in an empty directory, and what the workspace chooses for it is read as text: the
 * workspace is untrusted, and many tools run what they find there.
 */
export function toolProbe(name: string, command: readonly string[]): Probe<ToolFacts> {
	return {
		name: `tool:${name}`,
		async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<ToolFacts> {
			// The program first: whatever else is done before delays its start, and it takes longer than anything else here.
			const overrun = aborted(signal);
			const facts = await look(host, request, signal, overrun, name, command);
			return { ...facts, mode: await inTime(modeOf(ask), overrun, "unknown" as const) };
		},
	};
}

async function look(
	host: Host,
	request: Request,
	signal: AbortSignal,
	overrun: Promise<void>,
	name: string,
	command: readonly string[],
): Promise<Omit<ToolFacts, "mode">> {
	const [program = name, ...args] = command;
	const workspace = await inTime(existing(host, request.workspace), overrun, undefined);
	const cwd = workspace ?? host.cwd();
	const path = pathEntries(host, cwd);
	const base = {
		name,
		command,
		arch: host.arch,
		...(host.uid !== undefined && { uid: host.uid }),
		path,
		...(host.env.PATH === undefined ? { pathUnset: true } : { pathText: host.env.PATH.slice(0, maxPath) }),
	};
	const commandFrom = own(request.policy.tools, name)?.commandFrom;
	if (commandFrom === "untrusted") {
		const by = command.join(" ").slice(0, 200);
		return { ...base, unusable: [], elsewhere: [], run: { kind: "untrusted", why: "command", by } };
	}

	let directory = "";
	const proxy = proxies.has(baseName(program));
	const home = rustupHome(host, cwd);
	// A rustup that cannot do without a home on a dead mount fails; any other Rust runs.
	const ofProxy = <T>(look: () => Promise<T>) =>
		proxy
			? inTime(
					unlessDead(look(), () => undefined),
					overrun,
					undefined,
				)
			: undefined;
	const [searched, neverSetUp, choice, pins] = await Promise.all([
		inTime(
			search(host, program, path, cwd, (now) => {
				directory = now;
			}),
			overrun,
			undefined,
		),
		ofProxy(() => homeOfUnsetRustup(host, cwd)),
		ofProxy(() => chosenToolchain(host, { ...request, workspace: cwd }, home)),
		request.usesWorkspace ? inTime(versionPins(host, cwd), overrun, {}) : {},
	]);
	if (!searched) return { ...base, unusable: [], elsewhere: [], run: { kind: "search-timed-out", directory } };
	const { found: file, unusable } = searched;
	if (file === undefined) {
		const off = program.includes("/") ? {} : await inTime(lookOffPath(host, request, name, program, path), overrun, {});
		return { ...base, unusable, elsewhere: [], ...off, run: { kind: "not-found" } };
	}

	const ownNode =
		name === "node" && asksForVersion(args) ? await inTime(ownPath(host, file), overrun, undefined) : undefined;
	if (ownNode !== undefined) {
		const found = { path: file, realPath: ownNode };
		return { ...base, found, unusable, elsewhere: [], run: { kind: "own-node", version: host.nodeVersion } };
	}

	const [real, isInside, hasRustup] = await Promise.all([
		inTime(host.realPath(file), overrun, undefined),
		inTime(isOfWorkspace(host, file, cwd), overrun, true),
		proxy ? inTime(isBesideRustup(host, file), overrun, false) : false,
	]);
	const realPath = real?.kind === "ok" ? real.value : undefined;
	const link = /\/rustup(?:-init)?$/.test(realPath ?? "") && baseName(program) !== "rustup";
	const unexpanded = await inTime(shadowing(host, program, file), overrun, undefined);
	const located = {
		...base,
		...(unexpanded && { unexpanded }),
		found: { path: file, ...(realPath !== undefined && { realPath }) },
		unusable,
		elsewhere: [],
	};
	const untrusted: Pick<ToolRun & { kind: "untrusted" }, "why" | "by"> | undefined = isInside
		? { why: "program", by: file }
		: choice?.kind === "untrusted" && (link || hasRustup)
			? { why: "toolchain", by: choice.by }
			: undefined;
	if (untrusted && !request.trusts) return { ...located, run: { kind: "untrusted", ...untrusted } };

	const toolchain = choice?.kind === "named" ? { RUSTUP_TOOLCHAIN: choice.name } : {};
	const inWorkspace = workspace !== undefined && (commandFrom === "workspace" || untrusted !== undefined);
	const where = inWorkspace ? { cwd: workspace, isTrusted: true } : {};
	const run = (chosen: Readonly<Record<string, string>>) => {
		const env = { ...offline, ...pins, ...chosen, ...(neverSetUp && { RUSTUP_HOME: unreachableHome }) };
		return host.run([file, ...args], { signal, env, maxOutput, ...where });
	};
	const outcome = await run(inWorkspace ? {} : toolchain);
	const failed = outcome.kind !== "exited" || outcome.code !== 0;
	const ofMise = failed ? waitsForMise(outcome, host) : undefined;
	const rustup = {
		link,
		...(neverSetUp && { neverSetUp }),
		...(failed && proxy && (await inTime(whyNoToolchain(host, cwd, choice, located.found), overrun, {}))),
		...(choice?.kind === "named" && lacksToolchain(outcome) && { outsideWorkspace: await run({}) }),
	};
	return {
		...located,
		run: { kind: "ran", outcome },
		...(failed && { file: await inTime(readProgramFile(host, file), overrun, { format: "unreadable" as const }) }),
		...((proxy || link) && { rustup }),
		...(failed && waitsForCorepack(name, outcome, host) && { corepack: true as const }),
		...(ofMise !== undefined && { mise: ofMise }),
	};
}

/** What mise wanted to install, as it may in a job. */
function waitsForMise({ stdout, stderr }: RunOutcome, { env }: Host): string | undefined {
	const isOff = (name: string) => /^(?:0|false|no|n|off)$/i.test(env[name] ?? "");
	return isOff("MISE_AUTO_INSTALL") || isOff("MISE_NOT_FOUND_AUTO_INSTALL")
		? undefined
		: /^(?:mise ERROR )?Missing tool version: (\S{1,200})$/m.exec(`${stderr}\n${stdout}`)?.[1];
}

/** Did Corepack want to download the tool, as it may in a job? Other tools start one of its shims, and say the same. */
function waitsForCorepack(name: string, { stdout, stderr }: RunOutcome, { env }: Host): boolean {
	return (
		/^(?:npm|npx|pnpm|pnpx|yarn|yarnpkg)$/.test(name) &&
		env.COREPACK_ENABLE_NETWORK !== "0" &&
		/Network access disabled by the environment; can't reach/.test(`${stderr}${stdout}`)
	);
}

/** Where a program is that PATH does not lead to, which entry should have led there, and which other tools wait for the same. */
export async function lookOffPath(
	host: Host,
	request: Request,
	name: string,
	program: string,
	path: readonly string[],
): Promise<Pick<ToolFacts, "elsewhere" | "unexpanded" | "sameDirectory">> {
	const elsewhere = await searchOffPath(host, program, path);
	const directory = elsewhere[0]?.replace(/\/[^/]*$/, "");
	if (directory === undefined) return { elsewhere };
	const unexpanded = unexpandedEntries(host).find(({ meant }) => meant === directory) ?? literalPath(host, directory);
	const others = Object.entries(request.policy.tools).filter(
		([other, { commandFrom }]) => other !== name && commandFrom !== "untrusted",
	);
	const together = await Promise.all(
		others.map(async ([other, { command }]) => {
			const file = command[0] ?? other;
			if (file.includes("/") || !(await searchProgram(host, file, [directory])).found) return [];
			const { found, unusable } = await searchProgram(host, file, path);
			// What is on PATH and cannot be used has a cause of its own.
			if (found || unusable.some(({ kind }) => kind === "not-executable" || kind === "unreadable")) return [];
			const [first] = await searchOffPath(host, file, path);
			return first === join(directory, file) ? [other] : [];
		}),
	);
	const sameDirectory = together.flat();
	return {
		elsewhere,
		...(unexpanded && { unexpanded }),
		...(sameDirectory.length > 0 && { sameDirectory }),
	};
}

/** An entry of PATH before the one that led to `file`, which nobody expands, and in whose directory there is such a program too. */
async function shadowing(host: Host, program: string, file: string): Promise<Unexpanded | undefined> {
	const entries = unexpandedEntries(host);
	if (entries.length === 0 || program.includes("/")) return undefined;
	const order = (host.env.PATH ?? "").split(":");
	const at = order.indexOf(file.slice(0, file.lastIndexOf("/")));
	for (const entry of entries) {
		if (order.indexOf(entry.entry) > at) continue;
		if ((await searchProgram(host, program, [entry.meant])).found) return entry;
	}
	return undefined;
}

/** rustup's proxies need not be links: it copies itself where it cannot make any. */
async function isBesideRustup(host: Host, file: string): Promise<boolean> {
	return (await host.stat(join(file.slice(0, file.lastIndexOf("/")), "rustup"))).kind === "file";
}

/** A command with a slash names its file; any other is searched for along PATH. */
async function search(
	host: Host,
	program: string,
	path: readonly string[],
	cwd: string,
	onLook: (directory: string) => void,
): Promise<SearchResult> {
	const slash = program.lastIndexOf("/");
	const directories = slash < 0 ? path : [absolute(program.slice(0, slash) || "/", cwd)];
	return searchProgram(host, program.slice(slash + 1), directories, onLook);
}

function asksForVersion(args: readonly string[]): boolean {
	return args.length === 1 && (args[0] === "--version" || args[0] === "-v");
}

/** Real path of the Node that runs us, if `file` leads to it. */
async function ownPath(host: Host, file: string): Promise<string | undefined> {
	const [real, own] = await Promise.all([host.realPath(file), host.realPath(host.execPath)]);
	return real.kind === "ok" && own.kind === "ok" && real.value === own.value ? real.value : undefined;
}

async function modeOf(ask: Ask): Promise<ToolFacts["mode"]> {
	try {
		return (await ask(containerProbe)).mode;
	} catch {
		// It only chooses the wording of the remedy: no reason to lose what is known of the tool.
		return "unknown";
	}
}

/** The workspace, if it exists; `/` if it is on a dead mount, in which no program could be started. */
async function existing(host: Host, directory: string): Promise<string | undefined> {
	const seen = await unlessDead(host.stat(directory), () => undefined);
	if (seen === undefined) return "/";
	return seen.kind === "directory" ? directory : undefined;
}

/** Where rustup keeps its toolchains and settings; `undefined` where it would find no home. */
export function rustupHome(host: Host, cwd: string): string | undefined {
	const { RUSTUP_HOME, HOME } = host.env;
	if (RUSTUP_HOME) return absolute(RUSTUP_HOME, cwd);
	const home = HOME || host.userHome;
	return home ? join(absolute(home, cwd), ".rustup") : undefined;
}

/**
 * rustup writes its settings when it is first run, and we change nothing. Without settings it has no default toolchain, so
 * it could only work where something else names one (RUSTUP_TOOLCHAIN, a file, the system's settings) and one is installed.
 */
async function homeOfUnsetRustup(host: Host, cwd: string): Promise<{ home: string } | undefined> {
	const home = rustupHome(host, cwd);
	if (home === undefined) return undefined;
	if ((await host.stat(join(home, "settings.toml"))).kind !== "absent") return undefined;
	const [toolchains, ...named] = await Promise.all([
		host.list(join(home, "toolchains")),
		host.stat(join(cwd, "rust-toolchain.toml")),
		host.stat(join(cwd, "rust-toolchain")),
		host.stat("/etc/rustup/settings.toml"),
	]);
	const installed = toolchains.kind === "ok" && toolchains.value.length > 0;
	const chosen = Boolean(host.env.RUSTUP_TOOLCHAIN) || named.some((file) => file.kind !== "absent");
	return installed && chosen ? undefined : { home };
}

/** rustup installs what is missing unless RUSTUP_AUTO_INSTALL or its settings say no. */
async function autoInstalls(host: Host, cwd: string): Promise<boolean> {
	if (host.env.RUSTUP_AUTO_INSTALL !== undefined) return host.env.RUSTUP_AUTO_INSTALL !== "0";
	const home = rustupHome(host, cwd);
	if (home === undefined) return true;
	const settings = await host.readText(join(home, "settings.toml"));
	return settings.kind !== "ok" || !/^\s*auto_install\s*=\s*["']disable["']/m.test(settings.value);
}

/** What decides the fix of a rustup that fails. */
async function whyNoToolchain(
	host: Host,
	cwd: string,
	choice: ToolchainChoice | undefined,
	{ path, realPath }: NonNullable<ToolFacts["found"]>,
): Promise<Pick<RustupFacts, "autoInstall" | "chosenBy" | "otherHomes">> {
	const home = rustupHome(host, cwd);
	const [autoInstall, byDefault, otherHomes] = await Promise.all([
		autoInstalls(host, cwd),
		home === undefined ? undefined : defaultWrittenAt(host, home),
		homesNear(host, home, [path, realPath ?? path]),
	]);
	const named = host.env.RUSTUP_TOOLCHAIN ? ("RUSTUP_TOOLCHAIN" as const) : undefined;
	const chosenBy = named ?? (choice?.kind === "named" ? choice.at : byDefault);
	return {
		autoInstall,
		...(chosenBy && { chosenBy }),
		...(otherHomes.length > 0 && { otherHomes }),
	};
}

/** Toolchains are often installed for another user or HOME: next to the `.cargo` of the proxy, or where images have them. */
async function homesNear(
	host: Host,
	home: string | undefined,
	proxies: readonly string[],
): Promise<readonly OtherHome[]> {
	const near = proxies.flatMap((path) => {
		const of = /^(.*\/)(\.?)cargo\/bin\/[^/]+$/.exec(path);
		return of ? [`${of[1]}${of[2]}rustup`] : [];
	});
	const usual = ["/usr/local/rustup", "/opt/rustup", "/opt/rust/rustup", "/root/.rustup"];
	const own = host.userHome?.startsWith("/") ? [join(host.userHome, ".rustup")] : [];
	const places = [...new Set([...near, ...own, ...usual])].filter((place) => place !== home);
	const found = await Promise.all(
		places.map(async (path): Promise<OtherHome[]> => {
			const names = await unlessDead(host.list(join(path, "toolchains")), () => undefined);
			return names?.kind === "ok" && names.value.length > 0 ? [{ path, toolchains: names.value.slice(0, 8) }] : [];
		}),
	);
	return found.flat().slice(0, 4);
}

/** Did rustup say that the toolchain asked for is not installed, or try to fetch it? */
function lacksToolchain(outcome: RunOutcome): boolean {
	return /toolchain '[^'\n]+'[^\n]* is not installed|syncing channel updates for/.test(outcome.stdout + outcome.stderr);
}

function baseName(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}

/** `work`, or `otherwise` where the deadline comes first: a file system that hangs cannot be interrupted. */
function inTime<T, O>(work: Promise<T>, overrun: Promise<void>, otherwise: O): Promise<T | O> {
	// One turn later: after the deadline there is still an answer that is known already.
	return Promise.race([work, overrun.then(nextTurn).then(() => otherwise)]);
}

function nextTurn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
