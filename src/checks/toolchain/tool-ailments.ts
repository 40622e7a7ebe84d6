import type { ToolFacts } from "../../probes/tools.ts";
import type { Evidence, Finding } from "../check.ts";
import { code, octal } from "../text.ts";
import type { Ailment } from "./diagnose.ts";
import { directoryOf } from "./paths.ts";
import { type Asked, commandLine, type ToolReason } from "./tool-asked.ts";
import { remedyFor } from "./tool-remedies.ts";

/** What one ailment says of itself. */
interface Words {
	/** What is wrong. */
	readonly message: string;
	/** What was seen, in a few words. */
	readonly observed: string;
	/** What it does to jobs. Default: that the tool does not start. */
	readonly why?: string;
}

/** The finding for a tool that is not there or does not work. */
export function ailmentFinding(asked: Asked, facts: ToolFacts, ailment: Ailment): Finding<ToolReason> {
	const { name, expectation, location } = asked;
	const { message, observed, why } = wordsFor(name, facts, ailment);
	return {
		kind: "finding",
		reason: ailment.reason,
		message,
		why: why ?? `Every step that calls ${code(name)} fails.`,
		expected: `${code(name)} on PATH and working${expectation.version.text === "*" ? "" : `, version ${code(expectation.version.text)}`}`,
		observed,
		evidence: evidenceOf(facts, ailment),
		remedy: remedyFor(asked, facts, ailment),
		...(location && { location }),
	};
}

function wordsFor(name: string, facts: ToolFacts, ailment: Ailment): Words {
	const tool = code(name);
	const path = code(facts.found?.path ?? name);
	const subject = code(ailment.subject ?? "");
	switch (ailment.variant) {
		case "nowhere":
			return {
				message: `${tool} is not installed: it is in none of the directories on PATH, nor in the usual places beside them.`,
				observed: "not found",
				why: `Every step that calls ${tool} fails with ${code(`${name}: command not found`)} (exit code 127).`,
			};
		case "dangling-link":
			return {
				message: `${subject} is a link that leads nowhere: what it pointed to was removed or never installed.`,
				observed: "a dangling link",
			};
		case "shim":
			return {
				message: `${path} only hands on to the real ${tool}, and finds none: no version of it is installed or chosen.`,
				observed: "a shim without its tool",
			};
		case "place":
			return {
				message: `${tool} is installed at ${subject}, but that directory is not on PATH, so no step finds it.`,
				observed: `only at ${ailment.subject ?? ""}`,
				why: `Every step that calls ${tool} fails with ${code(`${name}: command not found`)}, although it works in a login shell: a job reads neither \`~/.profile\` nor \`~/.cargo/env\`, it has the PATH of the image or of the runner's service.`,
			};
		case "permission":
			return {
				message: `${code(ailment.subject ?? facts.found?.path ?? name)} may not be executed by the user of the job${facts.uid === undefined ? "" : ` (uid ${facts.uid})`}.`,
				observed: "permission denied",
				why: `Every step that calls ${tool} fails with \`Permission denied\` (exit code 126).`,
			};
		case "closed":
			return {
				message: `${tool} is in no directory that the user of the job may enter, and ${code(directoryOf(ailment.subject ?? "/"))}, which is on PATH, is closed to it${facts.uid === undefined ? "" : ` (uid ${facts.uid})`}.`,
				observed: "a directory on PATH is closed to this user",
			};
		case "architecture":
			return {
				message: `${path} was built for another architecture${ailment.subject === undefined ? "" : ` (${code(ailment.subject)})`}; this machine is ${code(facts.arch)}.`,
				observed: ailment.subject ?? "another architecture",
				why: `The kernel cannot run it: every step that calls ${tool} fails with \`Exec format error\`.`,
			};
		case "cpu":
			return {
				message: `${path} needs a newer processor than this machine has${ailment.subject === undefined ? "" : ` (${subject})`}.`,
				observed: "a processor that is too old for it",
			};
		case "symbol-version":
			return {
				message: `${path} was built for a newer system: it needs ${subject}, and the C library here is older.`,
				observed: `${ailment.subject ?? ""} not found`,
			};
		case "library":
			return {
				message: `${path} needs the library ${subject}, which is not installed here or cannot be used.`,
				observed: `${ailment.subject ?? ""} missing`,
			};
		case "symbol":
			return {
				message: `${path} does not fit the libraries here: none of them has ${subject}.`,
				observed: `${ailment.subject ?? ""} not found`,
			};
		case "loader":
			return {
				message: `${path} cannot be started: its loader ${subject} does not exist here. It was built for another C library (glibc and musl have different loaders).`,
				observed: `${ailment.subject ?? ""} missing`,
				why: `Every step that calls ${tool} fails with ${code(`${name}: not found`)}, although the file is there.`,
			};
		case "foreign-loader":
			return {
				message: `${path} is or starts a program whose loader does not exist here. It was built for another C library (glibc and musl have different loaders).`,
				observed: "the loader is missing",
			};
		case "no-default":
			return {
				message: `${path} is rustup's proxy, and rustup has no default toolchain to run ${tool} from.`,
				observed: "no default toolchain",
				why: rustupWhy,
			};
		case "never-set-up":
			return {
				message: `${path} is rustup's proxy, and rustup was never set up for this user: there is nothing in ${subject}, where it looks for toolchains.`,
				observed: "no toolchain and no settings",
				why: rustupWhy,
			};
		case "toolchain":
			return {
				message: `The Rust toolchain ${subject} is asked for, and rustup has not installed it.`,
				observed: "toolchain not installed",
				why: "A job can only try to download it, every time, and fails where that is switched off or there is no network.",
			};
		case "toolchain-path":
			return {
				message: `The workspace's toolchain file names the directory ${subject}, and there is no toolchain in it.`,
				observed: "no toolchain at that path",
				why: rustupWhy,
			};
		case "component":
			return {
				message: `${path} is rustup's proxy, and the component with ${subject} is not installed${ailment.within === undefined ? "" : ` in the toolchain ${code(ailment.within)}`}.`,
				observed: "component not installed",
			};
		case "component-damaged":
			return {
				message: `${path} is rustup's proxy. rustup counts the component ${subject} as installed in the toolchain ${code(ailment.within ?? "")}, but its program is not there.`,
				observed: "a component without its program",
			};
		case "component-unavailable":
			return {
				message: `${path} is rustup's proxy, and the toolchain ${code(ailment.within ?? "")} has no component ${subject}: it is not made for it.`,
				observed: "a component that this toolchain does not have",
			};
		case "subcommand":
			return {
				message: `${code(facts.command[0] ?? name)} works, but knows no command ${subject}: what provides it is not installed.`,
				observed: `no command ${ailment.subject ?? ""}`,
			};
		case "rustup-file":
			return {
				message: `rustup cannot make sense of ${subject}, so it starts nothing.`,
				observed: "a file that rustup cannot read",
				why: rustupWhy,
			};
		case "rustup-home":
			return {
				message: `rustup cannot use its home${ailment.subject === undefined ? "" : `: ${subject} cannot be read or written`}.`,
				observed: "rustup's home is unusable",
				why: rustupWhy,
			};
		case "toolchain-damaged":
			return {
				message: `The Rust toolchain ${subject} is damaged: parts of it are missing.`,
				observed: "a damaged toolchain",
				why: rustupWhy,
			};
		case "not-a-proxy":
			return {
				message: `${path} is a link to rustup, and rustup has no proxy of that name.`,
				observed: "a link to rustup",
			};
		case "interpreter":
			return {
				message: `${path} is a script for ${subject}, and that is not there.`,
				observed: `${ailment.subject ?? ""} not found`,
			};
		case "delegate":
			return {
				message: `${path} only starts ${subject}, and that is not there.`,
				observed: `${ailment.subject ?? ""} not found`,
			};
		case "windows-lines":
			return {
				message: `${path} is a script with line ends of Windows: the kernel looks for an interpreter whose name ends in a carriage return.`,
				observed: "CRLF at the end of the first line",
			};
		case "not-a-program":
			return {
				message: `${path} is no program: it is ${facts.file?.format === "empty" ? "empty" : "neither a binary nor a script"}.`,
				observed: facts.file?.format === "empty" ? "an empty file" : "no program",
				why: `Every step that calls ${tool} fails or, worse, goes on without having done anything.`,
			};
		case "signal":
			return {
				message: `${code(commandLine(facts))} was ended by ${subject}${signalHint(ailment.subject)}.`,
				observed: ailment.subject ?? "ended by a signal",
			};
		case "exit":
			return {
				message: `${code(commandLine(facts))} failed${ailment.subject === undefined ? "" : ` (${/^\d/.test(ailment.subject) ? `exit code ${ailment.subject}` : code(ailment.subject)})`}.`,
				observed: ailment.subject === undefined ? "it failed" : `exit code ${ailment.subject}`,
			};
		case "silent":
			return {
				message: `${code(commandLine(facts))} ended well and printed nothing.`,
				observed: "no output",
				why: unreadableWhy(name),
			};
		case "version":
			return {
				message:
					ailment.subject === undefined
						? `${code(commandLine(facts))} printed no version.`
						: `${code(commandLine(facts))} tells its version as ${subject}, which names a build and no number.`,
				observed: ailment.subject ?? "no version in the output",
				why: unreadableWhy(name),
			};
		case "usage":
			return {
				message: `${path} does not understand ${code(commandLine(facts))}, so its version cannot be told.`,
				observed: "the option is not known",
				why: unreadableWhy(name),
			};
		case "run":
			return {
				message: `${code(commandLine(facts))} did not end within the deadline${wasAbandoned(facts) ? " and outlived even SIGKILL: the kernel holds it" : ""}.`,
				observed: "no end",
				why: `A step that calls ${tool} hangs in the same way, until the job's own time limit.`,
			};
		case "search":
			return {
				message: `The file system did not answer while ${tool} was searched for${ailment.subject ? ` in ${subject}` : ""}.`,
				observed: "no answer",
				why: "Every step that looks for a program there hangs. It is often a network mount whose server is gone.",
			};
	}
}

const rustupWhy = "Every cargo and rustc command fails before it has begun, whatever it is to build.";

function unreadableWhy(name: string): string {
	return `Whether ${code(name)} is the version that jobs need cannot be told, nor whether it is ${code(name)} at all.`;
}

function signalHint(signal: string | undefined): string {
	switch (signal) {
		case "SIGKILL":
			return ", as the kernel does when memory runs out";
		case "SIGILL":
			return ": it uses instructions that this processor lacks, or found itself damaged";
		case "SIGSEGV":
		case "SIGBUS":
			return ": it is damaged, or does not fit the libraries here";
		default:
			return "";
	}
}

function wasAbandoned({ run }: ToolFacts): boolean {
	return run.kind === "ran" && run.outcome.kind === "timed-out" && run.outcome.abandoned;
}

function evidenceOf(facts: ToolFacts, ailment: Ailment): readonly Evidence[] {
	const told = ailment.told === "" ? [] : [{ source: commandLine(facts), text: ailment.told }];
	const found = facts.found ? [{ source: "PATH", text: locationText(facts.found) }] : [];
	const unusable = facts.unusable.slice(0, 4).map((entry) => ({ source: entry.path, text: unusableText(entry) }));
	const elsewhere = facts.elsewhere.slice(0, 4).map((place) => ({ source: "outside PATH", text: place }));
	const file = facts.file?.format === "elf" ? [{ source: "ELF header", text: elfText(facts.file) }] : [];
	const path = facts.found
		? []
		: [{ source: facts.pathUnset ? "PATH is not set" : "PATH", text: facts.path.join(":").slice(0, 1000) }];
	return [...told, ...found, ...file, ...unusable, ...elsewhere, ...path];
}

function locationText({ path, realPath }: NonNullable<ToolFacts["found"]>): string {
	return realPath === undefined || realPath === path ? path : `${path} -> ${realPath}`;
}

function unusableText({ kind, mode, uid, gid, code: errno }: ToolFacts["unusable"][number]): string {
	switch (kind) {
		case "not-executable":
			return mode === undefined ? "not executable" : `mode ${octal(mode)}, owner ${uid}, group ${gid}`;
		case "dangling-link":
			return "a link that leads nowhere";
		default:
			return errno ?? "cannot be looked at";
	}
}

function elfText({ machine, interpreter, interpreterFound }: NonNullable<ToolFacts["file"]>): string {
	const loader = interpreter === undefined ? "" : `, loader ${interpreter}`;
	return `built for ${machine ?? "?"}${loader}${interpreterFound === false ? " (missing)" : ""}`;
}
