import type { RunOutcome } from "../../host/host.ts";
import { isOfficialToolchain } from "../../knowledge/rust-channels.ts";
import { signatureIn } from "../../knowledge/tool-signatures.ts";
import { own } from "../../own.ts";
import type { ProgramFile } from "../../probes/program-file.ts";
import type { Unusable } from "../../probes/program-search.ts";
import { type ToolFacts, unreachableHome } from "../../probes/tools.ts";
import { findVersion, type Version } from "../../versions.ts";
import { isExhausted } from "../find-out.ts";

/** The state of a tool, before its version is compared with a range. */
export type Diagnosis = Works | Defect | Unknown | Untrusted;

export interface Works {
	readonly kind: "works";
	readonly version: Version;
	/** A toolchain that the workspace asks for and a job would have to download: the version is the default toolchain's. */
	readonly insteadOf?: string;
	/** Corepack downloads it when a job first calls it, and the version has no number yet: what Corepack said of that. */
	readonly byCorepack?: string;
}

export interface Defect {
	readonly kind: "defect";
	readonly reason:
		| "missing"
		| "off-path"
		| "not-executable"
		| "wrong-architecture"
		| "missing-library"
		| "broken"
		| "no-default-toolchain"
		| "toolchain-not-installed"
		| "component-missing"
		| "unreadable-version"
		| "timeout";
	/** Which case of the reason it is: each has its own words. */
	readonly variant:
		| "architecture"
		| "closed"
		| "component"
		| "component-damaged"
		| "component-unavailable"
		| "cpu"
		| "dangling-link"
		| "delegate"
		| "exit"
		| "foreign-loader"
		| "interpreter"
		| "library"
		| "loader"
		| "never-set-up"
		| "nixos"
		| "no-default"
		| "not-a-program"
		| "not-a-proxy"
		| "nowhere"
		| "permission"
		| "place"
		| "run"
		| "rustup-file"
		| "rustup-home"
		| "search"
		| "shim"
		| "signal"
		| "silent"
		| "snap"
		| "subcommand"
		| "symbol"
		| "symbol-version"
		| "toolchain"
		| "toolchain-damaged"
		| "toolchain-path"
		| "usage"
		| "version"
		| "windows-lines";
	/** What it is about: a toolchain, a component, a library, a directory, a signal. */
	readonly subject?: string;
	/** What the subject belongs to: the toolchain of a component, the file that needs a symbol. */
	readonly within?: string;
	/** The lines that say so, in the tool's own words. Empty if it said nothing. */
	readonly told: string;
	/** rustup failed before it started the tool. */
	readonly rustup?: true;
}

/** It could not be found out. */
export interface Unknown {
	readonly kind: "unknown";
	readonly message: string;
	/** Why not: `EMFILE`. */
	readonly errno: string;
	/** What could not be read; absent if the tool could not be started. */
	readonly path?: string;
	/** mise installs this when a job first calls the tool: `node@22.1.0`. */
	readonly byMise?: string;
	readonly told: string;
}

/** It is the workspace's, and was not run. */
export interface Untrusted {
	readonly kind: "untrusted";
	readonly why: Extract<ToolFacts["run"], { kind: "untrusted" }>["why"];
	readonly by: string;
}

/** What the facts mean: first by what was found, then by the output, and only then by the exit code. */
export function diagnose(facts: ToolFacts): Diagnosis {
	switch (facts.run.kind) {
		case "own-node": {
			const version = findVersion(facts.run.version);
			return version ? { kind: "works", version } : defect("unreadable-version", "version", facts.run.version);
		}
		case "not-found":
			return diagnoseAbsence(facts);
		case "untrusted":
			return facts.run;
		case "search-timed-out":
			return defect("timeout", "search", "", facts.run.directory);
		case "ran":
			return diagnoseRun(facts, facts.run.outcome);
	}
}

/** Without the address, which may be a private one. */
const keptOffline = "Network access disabled by the environment";
const notYet: Version = { text: "not downloaded yet", numbers: [0, 0, 0], prerelease: [], unnumbered: true };

function diagnoseAbsence({ unusable, elsewhere, command }: ToolFacts): Diagnosis {
	const first = (kind: Unusable["kind"]) => unusable.find((entry) => entry.kind === kind);
	const unreadable = first("unreadable");
	if (unreadable) {
		const message = `\`${unreadable.path}\` cannot be read (\`${unreadable.code}\`), so \`${command[0]}\` may or may not be there.`;
		const { path, code: errno = "EIO" } = unreadable;
		return { kind: "unknown", message, errno, path, told: `${path}: ${errno}` };
	}
	const forbidden = first("not-executable");
	if (forbidden) return defect("not-executable", "permission", "", forbidden.path);
	const place = elsewhere[0];
	if (place !== undefined) return defect("off-path", "place", "", place);
	const closed = first("closed");
	if (closed) return defect("not-executable", "closed", "", closed.path);
	const dangling = first("dangling-link");
	if (dangling) return defect("missing", "dangling-link", "", dangling.path);
	return defect("missing", "nowhere", "");
}

function diagnoseRun(facts: ToolFacts, outcome: RunOutcome): Diagnosis {
	const stdout = plain(outcome.stdout);
	const text = `${plain(outcome.stderr)}\n${stdout}`;
	const version = findVersion(stdout, facts.name);
	const ended = outcome.kind === "exited" && outcome.code === 0;

	if (facts.rustup?.neverSetUp && text.includes(unreachableHome)) {
		if (ended && version) return { kind: "works", version };
		return { ...defect("no-default-toolchain", "never-set-up", "", facts.rustup.neverSetUp.home), rustup: true };
	}
	// A tool that succeeded and printed its version may print any other warning.
	if (ended && version && !signatureIn(stdout)) return { kind: "works", version };
	if (facts.corepack) return { kind: "works", version: notYet, byCorepack: keptOffline };
	if (facts.mise !== undefined) {
		const message = "it is a shim of mise, which installs the version when a job first calls it.";
		return { kind: "unknown", message, errno: "not installed yet", byMise: facts.mise, told: firstLines(text) };
	}
	if (facts.file?.windowsLines) return defect("broken", "windows-lines", firstLines(text));
	const signature = signatureIn(text);
	if (signature) return defaultInstead(facts, signature) ?? emptyHanded(facts, signature);

	switch (outcome.kind) {
		case "timed-out":
			return defect("timeout", "run", firstLines(text));
		case "not-started":
			return diagnoseStart(outcome.code, facts.file);
		case "signalled":
			return defect("broken", "signal", firstLines(text), outcome.signal);
		case "exited":
			return outcome.code === 0 ? diagnoseSilence(text, facts.name) : diagnoseExit(facts, outcome.code, text);
	}
}

/**
 * A toolchain that only the workspace asks for is downloaded by the first job that needs it, so the tool works.
 * `rust/consistency` reports the download.
 */
function defaultInstead({ rustup }: ToolFacts, { reason, subject }: Defect): Works | undefined {
	const outside = rustup?.outsideWorkspace;
	// Nothing can be downloaded for a name that is not a channel.
	if (subject !== undefined && !isOfficialToolchain(subject)) return undefined;
	if (reason !== "toolchain-not-installed" || !rustup?.autoInstall || outside?.kind !== "exited") return undefined;
	const version = findVersion(plain(outside.stdout));
	if (outside.code !== 0 || !version) return undefined;
	return { kind: "works", version, ...(subject !== undefined && { insteadOf: subject }) };
}

/** `env: 'node': No such file` printed by node itself: a wrapper without its tool. */
function emptyHanded({ command }: ToolFacts, signature: Defect): Defect {
	const same = signature.variant === "interpreter" && signature.subject === command[0];
	return same ? { ...signature, reason: "missing", variant: "shim" } : signature;
}

function diagnoseStart(code: string, file: ProgramFile | undefined): Diagnosis {
	if (isExhausted(code)) {
		return { kind: "unknown", message: `it could not be started (\`${code}\`).`, errno: code, told: code };
	}
	if (code === "ENOEXEC") return defect("wrong-architecture", "architecture", code);
	if (code === "EACCES" || code === "EPERM") return defect("not-executable", "permission", code);
	if (file?.interpreter !== undefined && file.interpreterFound === false) {
		const variant = file.format === "elf" ? "loader" : "interpreter";
		return defect(variant === "loader" ? "missing-library" : "broken", variant, code, file.interpreter);
	}
	return defect("broken", "exit", code, code);
}

function diagnoseSilence(text: string, name: string): Diagnosis {
	const version = findVersion(text, name);
	if (version) return { kind: "works", version };
	return defect("unreadable-version", text.trim() === "" ? "silent" : "version", firstLines(text));
}

const usage =
	/(?:unrecogni[sz]ed|unknown|invalid|illegal|unsupported|bad) (?:command[- ]line )?(?:option|flag|argument|command|switch|parameter)\b|flag provided but not defined/i;

function diagnoseExit({ arch, command, file }: ToolFacts, code: number, text: string): Defect {
	if (file?.format === "mach-o" || file?.format === "windows") return defect("wrong-architecture", "architecture", "");
	if (file?.machine !== undefined && !runsOn(file.machine, arch)) {
		return defect("wrong-architecture", "architecture", "", file.machine);
	}
	// A shell runs a file that is not a program as a shell script.
	if (file?.format === "empty" || file?.format === "other") return defect("broken", "not-a-program", telling(text));
	if (code === 127 && saysItselfMissing(text, command[0] ?? "")) return defect("missing", "shim", telling(text));
	if (usage.test(text)) return defect("unreadable-version", "usage", telling(text));
	return defect("broken", "exit", telling(text), String(code));
}

/** `bash: line 1: node: command not found`, printed by a wrapper called `node`. */
function saysItselfMissing(text: string, program: string): boolean {
	return text.split("\n").some((line) => {
		const named = /(?:^|\s)['‘]?([\w.+-]+)['’]?: (?:command )?not found\s*$/.exec(line)?.[1];
		return named !== undefined && named === program;
	});
}

/** A 64-bit kernel also runs 32-bit programs of these, if their loader is installed. */
const alsoRuns: Readonly<Record<string, string>> = { x64: "ia32", arm64: "arm" };

function runsOn(machine: string, arch: string): boolean {
	return machine === arch || own(alsoRuns, arch) === machine;
}

function defect(reason: Defect["reason"], variant: Defect["variant"], told: string, subject?: string): Defect {
	return { kind: "defect", reason, variant, told, ...(subject !== undefined && { subject }) };
}

/** Without terminal colors. */
function plain(text: string): string {
	return text.replace(/\u001b\[[\d;]*m/g, "").replace(/\r\n?/g, "\n");
}

function firstLines(text: string): string {
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	return lines.slice(0, 3).join("\n").slice(0, 600);
}

/** The line that says most about a failure, and the one after it. A stack trace starts with other lines. */
function telling(text: string): string {
	const lines = text.split("\n").filter((line) => line.trim() !== "");
	const at = lines.findIndex((line) =>
		/\b(?:\w*error|fatal|panic\w*|cannot|can't|denied|not found|failed)\b/i.test(line),
	);
	return lines
		.slice(Math.max(0, at), Math.max(0, at) + 2)
		.join("\n")
		.slice(0, 600);
}
