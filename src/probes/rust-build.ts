import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { compareVersions, findVersion } from "../versions.ts";
import { type CargoConfig, type CargoEntry, cargoHomeOf, readCargoConfig, type UnreadConfig } from "./cargo-config.ts";
import {
	crossLinker,
	defaultLinker,
	holdsFor,
	hostTarget,
	isTarget,
	isTargetVariable,
	type Target,
} from "./cargo-target.ts";
import { containerProbe } from "./container.ts";
import type { Ask, Probe } from "./probe.ts";
import { absolute, join, meantBy, pathEntries, searchProgram, type Unusable } from "./program-search.ts";
import { lookOffPath, type ToolFacts, toolProbe } from "./tools.ts";

/** The programs that cargo and rustc start in every build of the workspace. */
export interface RustBuildFacts extends Pick<ToolFacts, "mode" | "path" | "pathText"> {
	/** There is a `Cargo.toml`. Without it, the rest is not looked at. */
	readonly project: boolean;
	/** In the order in which a build needs them. */
	readonly programs: readonly BuildProgram[];
	/** Compilers on PATH that can link. Looked for only if `cc` is not there. */
	readonly compilers?: readonly string[];
	/** A target that the workspace builds for, and whose linker rustc brings, or that is not known. */
	readonly otherTarget?: string;
	/** A file of cargo's configuration that could not be read. */
	readonly unread?: UnreadConfig;
}

export interface BuildProgram extends Asked, Partial<Pick<ToolFacts, "elsewhere" | "unexpanded" | "sameDirectory">> {
	/** `ld`: the linker that the compiler is told to start; `libc`: what the compiler links into every program. */
	readonly role: "rustc" | "wrapper" | "workspace-wrapper" | "linker" | "ld" | "libc";
	/** The target that it links for. */
	readonly target?: string;
	/** Where it has to be; absent if it is searched along PATH. */
	readonly path?: string;
	/** The file that will be started. */
	readonly found?: string;
	/** The path that a shell would have made of it: `/home/ci/bin/sccache` of `~/bin/sccache`. */
	readonly meant?: string;
	/** What is there instead. */
	readonly unusable?: Unusable;
	/** The build would link with `cc`, which does not link for the target, as nothing names this program. */
	readonly isCross?: true;
	/** Its path, if it is installed all the same. */
	readonly unnamed?: string;
}

/** What names a program: a variable, or a place in a file. Neither: it is the default. */
interface Asked {
	/** As it is written. */
	readonly program: string;
	readonly variable?: string;
	readonly file?: string;
	readonly line?: number;
}

/** With the directory that a path in it is relative to. */
type Named = Asked & { readonly base: string };

/** Source: cargo's variables, its configuration files, and a search along PATH. Starts nothing. */
export const rustBuildProbe: Probe<RustBuildFacts> = {
	name: "rust-build",
	async collect(host: Host, request: Request, _signal: AbortSignal, ask: Ask): Promise<RustBuildFacts> {
		const { workspace } = request;
		const path = pathEntries(host, workspace);
		const base = {
			mode: await modeOf(ask),
			path,
			...(host.env.PATH !== undefined && { pathText: host.env.PATH.slice(0, 2000) }),
		};
		const manifest = request.usesWorkspace ? (await host.stat(join(workspace, "Cargo.toml"))).kind : "absent";
		if (manifest !== "file") return { ...base, project: false, programs: [] };
		const [config, target, searched] = await Promise.all([
			readCargoConfig(host, workspace),
			hostTarget(host),
			pathOfCargo(host, workspace, path),
		]);
		const asked = new Questions(host.env, config, workspace);
		const targets = asked.targets(target);
		const linkers = targets.map((one) => asked.linkerFor(one, target));
		const wrappers = [
			{ role: "rustc" as const, named: asked.program("rustc") },
			{ role: "wrapper" as const, named: asked.program("rustc-wrapper") },
			{ role: "workspace-wrapper" as const, named: asked.program("rustc-workspace-wrapper") },
		].flatMap(({ role, named }) => (named ? [{ role, named }] : []));
		const all: readonly Question[] = [...wrappers, ...linkers.flatMap((linker) => linker.programs)];
		const looks = await Promise.all(
			all.map(async ({ named, ...rest }): Promise<BuildProgram> => {
				const { found, ...program } = await find(host, request, named, searched);
				if (found === undefined) return { ...rest, ...program };
				return { ...rest, ...program, ...(rest.isCross ? { unnamed: found } : { found }) };
			}),
		);
		const isAsked = await Promise.all(looks.map((one) => isNeeded(host, request, one, target, ask)));
		const started = looks.filter((_, index) => isAsked[index]);
		const programs = [...started, ...(await libcFor(host, started, target))];
		const lacksCc = programs.some(({ program, found }) => program === "cc" && found === undefined);
		const otherTarget = linkers.find(({ isOwn }) => isOwn)?.target.name;
		return {
			...base,
			project: true,
			programs,
			...(lacksCc && { compilers: await compilersOn(host, searched) }),
			...(otherTarget !== undefined && { otherTarget }),
			...(config.unread && { unread: config.unread }),
		};
	},
};

interface Linkers {
	readonly target: Target;
	readonly programs: readonly Question[];
	/** rustc brings one, or which one it is cannot be told. */
	readonly isOwn?: boolean;
}

interface Question extends Pick<BuildProgram, "role" | "target" | "isCross"> {
	readonly named: Named;
}

/** A flag for rustc, and what names it. */
type Flag = Omit<Named, "program"> & { readonly text: string };

/** What cargo is told, in its order of precedence. */
class Questions {
	private readonly env: Host["env"];
	private readonly entries: readonly CargoEntry[];
	private readonly workspace: string;

	constructor(env: Host["env"], { entries }: CargoConfig, workspace: string) {
		this.env = env;
		this.entries = entries;
		this.workspace = workspace;
	}

	/** An empty value switches a wrapper off, and goes before what comes after it. */
	program(key: "rustc" | "rustc-wrapper" | "rustc-workspace-wrapper"): Named | undefined {
		const own = key.toUpperCase().replace(/-/g, "_");
		const named = this.variable(own) ?? this.variable(`CARGO_BUILD_${own}`) ?? this.entry(["build", key]);
		return named?.program === "" ? undefined : named;
	}

	/** What is built for: this machine, unless something names other targets. */
	targets(machine: Target): readonly Target[] {
		const value =
			this.env.CARGO_BUILD_TARGET ?? this.entries.find((one) => isAt(one, ["build", "target"]))?.value ?? [];
		const names = (typeof value === "string" ? [value] : value).filter((name) => name !== "").slice(0, 8);
		if (names.length === 0) return [machine];
		return names.map((name) =>
			name === "host-tuple" || isTarget(name, machine) ? machine : { name: name.slice(0, 100), isHost: false },
		);
	}

	linkerFor(target: Target, machine: Target): Linkers {
		const flags = this.flagsFor(target);
		const of = (role: "linker" | "ld", named: Named | undefined): readonly Question[] =>
			named ? [{ role, target: target.name, named }] : [];
		const named = lastOf(flags, /^(?:-C|--codegen=)?linker=(.*)/) ?? this.linker(target);
		const flavor = lastOf(flags, /^(?:-C|--codegen=)?linker-flavor=(.*)/);
		const usual = defaultLinker(target);
		// A cross compiler has linkers of its own, with other names.
		const ld = target.isHost ? ldIn(flags) : undefined;
		// rustc searches these among its own files as well.
		const isOwn = flavor || named === "unclear" || (named && /^(?:rust-lld|wasm-component-ld)$/.test(named.program));
		if (isOwn) return { target, programs: [], isOwn: true };
		if (typeof named === "object") return { target, programs: [...of("linker", named), ...of("ld", ld)] };
		if (usual === undefined) return { target, programs: [], isOwn: true };
		const cross = crossLinker(target, machine);
		if (cross === undefined)
			return { target, programs: [...of("linker", { program: usual, base: "/" }), ...of("ld", ld)] };
		return {
			target,
			programs: [{ role: "linker", target: target.name, named: { program: cross, base: "/" }, isCross: true }],
		};
	}

	/** `unclear`: it depends on a `cfg` that only rustc can evaluate. */
	private linker(target: Target): Named | "unclear" | undefined {
		const variable = Object.keys(this.env).find((name) => isTargetVariable(name, "LINKER", target));
		const own = (variable && this.variable(variable)) || this.firstOf(target, "linker")[0];
		if (own) return own;
		const unclear = this.ofTarget(target, "linker").some(({ holds }) => holds === undefined);
		return unclear ? "unclear" : undefined;
	}

	/** Of these places, the first that has flags counts. The last flag wins. */
	private flagsFor(target: Target): readonly Flag[] {
		const { CARGO_ENCODED_RUSTFLAGS: encoded, RUSTFLAGS: plain } = this.env;
		const base = this.workspace;
		const split = (value: string, variable: string, by: RegExp): readonly Flag[] =>
			value.split(by).flatMap((text) => (text === "" ? [] : [{ text, variable, base }]));
		if (encoded !== undefined) return split(encoded, "CARGO_ENCODED_RUSTFLAGS", /\u001f/);
		if (plain !== undefined) return split(plain, "RUSTFLAGS", /\s+/);
		const variable = Object.keys(this.env).find((name) => isTargetVariable(name, "RUSTFLAGS", target)) ?? "";
		const ofTarget = [
			...this.ofTarget(target, "rustflags").flatMap(({ entry, holds }) => (holds ? flagsOf(entry) : [])),
			...split(this.env[variable] ?? "", variable, /\s+/),
		];
		if (ofTarget.length > 0) return ofTarget;
		const name = "CARGO_BUILD_RUSTFLAGS";
		const ofBuild = this.entries.filter((one) => isAt(one, ["build", "rustflags"])).reverse();
		return [...ofBuild.flatMap(flagsOf), ...split(this.env[name] ?? "", name, /\s+/)];
	}

	/** A table of the target's own name goes before one with a `cfg`. */
	private firstOf(target: Target, key: string): readonly Named[] {
		const all = this.ofTarget(target, key).filter(({ holds }) => holds);
		const sorted = [...all.filter(({ isCfg }) => !isCfg), ...all.filter(({ isCfg }) => isCfg)];
		return sorted.flatMap(({ entry }) => namedIn(entry));
	}

	private ofTarget(target: Target, key: string) {
		return this.entries.flatMap((entry) => {
			const [table, name = "", last, ...more] = entry.path;
			if (table !== "target" || last !== key || more.length > 0) return [];
			const isCfg = /^cfg\s*\(/.test(name);
			return [{ entry, isCfg, holds: isCfg ? holdsFor(name, target) : isTarget(name, target) }];
		});
	}

	private variable(variable: string): Named | undefined {
		const program = this.env[variable];
		return program === undefined ? undefined : { program: program.slice(0, 200), variable, base: this.workspace };
	}

	private entry(path: readonly string[]): Named | undefined {
		return this.entries.filter((one) => isAt(one, path)).flatMap(namedIn)[0];
	}
}

function isAt({ path }: CargoEntry, wanted: readonly string[]): boolean {
	return path.length === wanted.length && path.every((part, index) => part === wanted[index]);
}

function namedIn({ value, file, line, base }: CargoEntry): readonly Named[] {
	return typeof value === "string" ? [{ program: value.slice(0, 200), file, line, base }] : [];
}

function flagsOf({ value, file, line }: CargoEntry): readonly Flag[] {
	const texts = typeof value === "string" ? value.split(/\s+/) : value;
	return texts.map((text) => ({ text, file, line, base: "" }));
}

/** The last flag of a form; after a lone `-C` it is a word of its own. */
function lastOf(flags: readonly Flag[], form: RegExp): Named | undefined {
	return flags.reduce<Named | undefined>((last, { text, ...from }, index) => {
		const value = form.exec(text)?.[1];
		const isFlag = text.startsWith("-") || /^(?:-C|--codegen)$/.test(flags[index - 1]?.text ?? "");
		return value !== undefined && isFlag ? { program: value.slice(0, 200), ...from } : last;
	}, undefined);
}

/** `-fuse-ld=mold` makes the compiler start `ld.mold`; clang also knows `--ld-path=`. */
function ldIn(flags: readonly Flag[]): Named | undefined {
	const path = lastOf(flags, /^(?:-C|--codegen=)?link-args?=(?:.*\s)?--ld-path=(\S+)/);
	if (path) return path;
	const named = lastOf(flags, /^(?:-C|--codegen=)?link-args?=(?:.*\s)?-fuse-ld=(\S+)/);
	if (!named) return undefined;
	return named.program.includes("/") ? named : { ...named, program: `ld.${named.program}` };
}

/** Debian has them in a package that its compiler only recommends. */
const multiarch: Readonly<Record<string, string>> = {
	"x86_64-unknown-linux-gnu": "/usr/lib/x86_64-linux-gnu",
	"aarch64-unknown-linux-gnu": "/usr/lib/aarch64-linux-gnu",
};

/** The C library's start files, if the system's own compiler links for this machine and Debian's package of them is not installed. */
async function libcFor(
	host: Host,
	programs: readonly BuildProgram[],
	machine: Target,
): Promise<readonly BuildProgram[]> {
	const directory = multiarch[machine.name];
	const compiler = programs.find(({ role, target }) => role === "linker" && target === machine.name)?.found ?? "";
	if (directory === undefined || !/^\/usr\/bin\/(?:cc|gcc|clang)(?:-\d+)?$/.test(compiler)) return [];
	const [debian, file] = await Promise.all([host.stat("/var/lib/dpkg/status"), host.stat(`${directory}/crti.o`)]);
	if (debian.kind !== "file" || file.kind !== "absent") return [];
	return [{ role: "libc", target: machine.name, program: "crti.o", path: `${directory}/crti.o` }];
}

/** Is it needed after all? What is installed is not asked about. */
async function isNeeded(
	host: Host,
	request: Request,
	{ program, role, found, isCross }: BuildProgram,
	machine: Target,
	ask: Ask,
): Promise<boolean> {
	// `cross` builds in a container that has the linker.
	if (isCross) return (await host.stat(join(request.workspace, "Cross.toml"))).kind !== "file";
	if (role !== "ld" || program !== "ld.lld" || found !== undefined) return true;
	// Since 1.90, rustc for this target links with its own `ld.lld`, and shows the compiler where it is.
	if (machine.name !== "x86_64-unknown-linux-gnu") return true;
	const { rustc } = request.policy.tools;
	const tool = rustc && (await ask(toolProbe("rustc", rustc.command)).catch(() => undefined));
	const version = tool?.run.kind === "ran" ? findVersion(tool.run.outcome.stdout) : undefined;
	return version !== undefined && compareVersions(version, { numbers: [1, 90, 0], prerelease: [] }) < 0;
}

/** Looks for a program as the kernel would, or along PATH. One in the workspace is looked at, too, and not run. */
async function find(
	host: Host,
	request: Request,
	{ base, ...asked }: Named,
	path: readonly string[],
): Promise<Asked & Omit<BuildProgram, "role">> {
	const { program } = asked;
	const file = program.includes("/") ? normal(absolute(program, base || request.workspace)) : undefined;
	const slash = file?.lastIndexOf("/") ?? 0;
	const { found, unusable } =
		file === undefined
			? await searchProgram(host, program || "?", path)
			: await searchProgram(host, file.slice(slash + 1), [file.slice(0, slash) || "/"]);
	const own = { ...asked, ...(file !== undefined && { path: file }) };
	if (found !== undefined) return { ...own, found };
	const [bad] = unusable;
	const off = file === undefined && program !== "" ? await lookOffPath(host, request, program, program, path) : {};
	const [meant] = meantBy(host, program);
	return { ...own, ...(meant !== undefined && { meant }), ...(bad && { unusable: bad }), ...off };
}

/** Without `.` and `..`. */
function normal(path: string): string {
	const parts: string[] = [];
	for (const part of path.split("/")) {
		if (part === "..") parts.pop();
		else if (part !== "" && part !== ".") parts.push(part);
	}
	return `/${parts.join("/")}`;
}

/** rustup's cargo puts the directory of cargo's own programs first on PATH. */
async function pathOfCargo(host: Host, workspace: string, path: readonly string[]): Promise<readonly string[]> {
	const { found } = await unlessDead(searchProgram(host, "cargo", path), () => ({ found: undefined }));
	const home = cargoHomeOf(host, workspace);
	if (found === undefined || home === undefined) return path;
	const [real, sibling] = await Promise.all([
		host.realPath(found),
		host.stat(join(found.slice(0, found.lastIndexOf("/")), "rustup")),
	]);
	const isProxy = sibling.kind === "file" || (real.kind === "ok" && /\/rustup(?:-init)?$/.test(real.value));
	return isProxy ? [join(home, "bin"), ...path] : path;
}

async function compilersOn(host: Host, path: readonly string[]): Promise<readonly string[]> {
	const found = await Promise.all(["gcc", "clang"].map((name) => searchProgram(host, name, path)));
	return found.flatMap((one) => one.found ?? []);
}

async function modeOf(ask: Ask): Promise<ToolFacts["mode"]> {
	try {
		return (await ask(containerProbe)).mode;
	} catch {
		// It only chooses the wording of the fix.
		return "unknown";
	}
}
