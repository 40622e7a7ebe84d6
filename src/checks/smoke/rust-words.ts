import type { ToolFacts } from "../../probes/tools.ts";
import { anyVersion } from "../../versions.ts";
import type { Remedy } from "../check.ts";
import { code, cut, operand, shellPath, shellQuote, titleWith } from "../text.ts";
import { installRemedy } from "../toolchain/install.ts";
import { reason, unknown } from "../words.ts";
import { hungFix } from "./part.ts";
import type { RustTrouble } from "./rust-trouble.ts";

export const intro = [
	"Builds and runs a crate of two lines with a build script, offline: once with its results in the workspace's file system, and once in the job's temporary directory. Compiler, linker, wrapper and runner are those of the job: cargo's variables, and the configuration in the workspace and in `CARGO_HOME`.",
	"A wrapper, linker or runner that is a file of the workspace runs only with `trust-policy: true`. Without it, cargo does not run in the workspace: what its `.cargo/config.toml` says about programs elsewhere is handed to cargo, and the rest is named in the evidence.",
].join("\n\n");

interface Failed {
	/** `rust in the workspace` */
	readonly place: string;
	/** A directory of that place. */
	readonly directory: string;
	readonly trouble: RustTrouble;
	/** The line that says so. */
	readonly error: string;
	readonly mode: ToolFacts["mode"];
}

const needed = "Every `cargo build`, `cargo test` and `cargo install` of a job fails in the same way.";
const expected = "a crate that is built and runs";
const whereOf = ({ place }: Failed) => place.replace(/^rust /, "");
const said = ({ error }: Failed) => `cargo said: ${code(cut(error, 400))}.`;

export const words = {
	"compile-failed": reason<Failed>({
		level: "fail",
		title: "A Rust crate cannot be compiled",
		headline: ({ trouble }) =>
			trouble.cause === "wrapper" && trouble.subject !== undefined
				? titleWith("cargo cannot start ", trouble.subject)
				: "A Rust crate cannot be compiled",
		why: needed,
		expected,
		tell: (seen) => ({ what: `${compileCause(seen)} ${said(seen)}`, fix: compileFix(seen) }),
	}),
	"link-failed": reason<Failed>({
		level: "fail",
		title: "A Rust crate cannot be linked",
		headline: ({ trouble: { cause, subject } }) =>
			cause === "linker" && subject !== undefined
				? titleWith("Rust cannot find the linker ", subject)
				: "A Rust crate cannot be linked",
		why: `${needed} Even a build script has to be linked.`,
		expected,
		tell: (seen) => ({ what: `${linkCause(seen)} ${said(seen)}`, fix: linkFix(seen) }),
	}),
	"cannot-execute": reason<Failed>({
		level: "fail",
		title: "A program that was just built cannot be run",
		why: `${needed} Build scripts and tests are programs that are run from the target directory.`,
		expected,
		tell: (seen) => ({ what: `${executeCause(seen)} ${said(seen)}`, fix: executeFix(seen) }),
	}),
	timeout: reason<{ readonly place: string }>({
		level: "fail",
		title: "A Rust crate of two lines is not built in time",
		why: "Builds of jobs hang in the same way, until the job's own timeout.",
		expected,
		tell: ({ place }) => ({
			what: `\`cargo run\` (${place}) did not end before the deadline, and was killed.`,
			fix: hungFix([
				"cargo new /tmp/runner-check-by-hand",
				"time cargo run --offline --manifest-path /tmp/runner-check-by-hand/Cargo.toml",
				"uptime",
			]),
		}),
	}),
};

export const unknowns = {
	"no-cargo": unknown<{ readonly mode: ToolFacts["mode"] }>({
		title: "`smoke` has no cargo to build with",
		why: needed,
		expected,
		tell: ({ mode }) => ({
			what: "`smoke` asks for a build, but `cargo` is not on the PATH.",
			fix: installRemedy("cargo", mode, anyVersion),
		}),
	}),
	"not-run": unknown<{ readonly error: string }>({
		title: "cargo could not be run to its end",
		why: needed,
		expected,
		tell: ({ error }) => ({
			what: `cargo did not run to its end: ${code(cut(error, 400))}.`,
			fix: {
				text: "Run it by hand, as the job's user.",
				commands: ["cargo --version --verbose", "cargo new /tmp/runner-check-by-hand"],
				kind: "host",
			},
		}),
	}),
};

function room({ directory }: Failed): Remedy {
	return {
		text: "Make room. The commands show how full this file system and the temporary directory are.",
		commands: [`df -h ${shellPath(directory)} /tmp`, `df -i ${shellPath(directory)} /tmp`],
		kind: "host",
	};
}

function byHand(text: string): Remedy {
	return {
		text,
		commands: [
			"cargo new /tmp/runner-check-by-hand",
			"cargo run --offline --verbose --manifest-path /tmp/runner-check-by-hand/Cargo.toml",
		],
		kind: "host",
	};
}

const notKnown = "runner-check does not know the cause.";
const memory: Remedy = {
	text: "See who uses the memory, and which limit the job's control group has. Fewer jobs at a time (`runner.capacity`) need less.",
	commands: ["free -m", "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory.events"],
	kind: "host",
};

function compileCause({ trouble: { cause, subject } }: Failed): string {
	switch (cause) {
		case "no-space":
			return "A disk that the build writes to is full.";
		case "memory":
			return "The compiler was killed, or got no memory.";
		case "wrapper":
			return `Cargo is set up to start ${code(subject ?? "a program")} in place of the compiler, and cannot.`;
		case "standard-library":
			return `The standard library ${subject === undefined ? "of the target" : `for ${code(subject)}`} is not installed.`;
		default:
			return notKnown;
	}
}

function compileFix(seen: Failed): Remedy {
	const { cause, subject } = seen.trouble;
	switch (cause) {
		case "no-space":
			return room(seen);
		case "memory":
			return memory;
		case "wrapper":
			return {
				text: "Install the program, or take it out of `RUSTC_WRAPPER`, `RUSTC` or `[build]` in cargo's configuration. The commands show where it is named.",
				commands: [
					`command -v ${operand(subject ?? "sccache")}`,
					"env | grep -E '^(RUSTC|CARGO_BUILD_RUSTC)'",
					'grep -n -E "rustc" .cargo/config.toml "${CARGO_HOME:-$HOME/.cargo}/config.toml"',
				],
				kind: seen.mode === "container" ? "image" : "host",
			};
		case "standard-library":
			return {
				text: "Install it for the toolchain that jobs use.",
				commands: [
					subject === undefined ? "rustup target list --installed" : `rustup target add ${shellQuote(subject)}`,
					"rustup show",
				],
				kind: seen.mode === "container" ? "image" : "host",
			};
		default:
			return byHand("Build a new crate by hand, as the job's user, and see what differs.");
	}
}

function linkCause({ trouble: { cause, subject = "" } }: Failed): string {
	switch (cause) {
		case "linker":
			return `The linker ${code(subject)} is not installed, or not on the PATH.`;
		case "linker-choice":
			if (subject === "ld")
				return "The compiler does not find the linker that it starts: `ld`, or what `-fuse-ld` names in `RUSTFLAGS` or in cargo's configuration.";
			return `The compiler is told to link with ${code(subject)}, which is not installed.`;
		case "link-library":
			return `A library or start file that each program needs is missing: ${code(subject)}.`;
		case "no-space":
			return "The linker could not write: its file system is full, or fails.";
		default:
			return `The linker failed. ${notKnown}`;
	}
}

function linkFix(seen: Failed): Remedy {
	const { cause, subject = "" } = seen.trouble;
	const name = subject.slice(subject.lastIndexOf("/") + 1);
	switch (cause) {
		case "linker":
			return installRemedy(name === "cc" || name === "" ? "gcc" : name, seen.mode, anyVersion);
		case "linker-choice":
			if (subject === "ld")
				return {
					text: "The commands show which linker is asked for, and which ones are there. Install the one that is missing: `ld` comes with `binutils`, `ld.lld` with `lld`, and `mold` with `mold`.",
					commands: [
						"command -v ld mold ld.lld",
						"env | grep RUSTFLAGS",
						'grep -n fuse-ld .cargo/config.toml "${CARGO_HOME:-$HOME/.cargo}/config.toml"',
					],
					kind: seen.mode === "container" ? "image" : "host",
				};
			return installRemedy(
				/^(?:ld\.)?lld/.test(name) ? "lld" : /^ld$|^bfd$/.test(name) ? "ld" : name,
				seen.mode,
				anyVersion,
			);
		case "link-library":
			return /crt|^(?:c|m|dl|pthread|rt|util|gcc|gcc_s)$/.test(subject)
				? {
						text: "Install the C library's files for development.",
						commands: ["sudo apt-get install -y libc6-dev gcc"],
						kind: seen.mode === "container" ? "image" : "host",
					}
				: byHand(
						"Cargo's configuration links each program with this library. Install it with its files for development, or take it out.",
					);
		case "no-space":
			return room(seen);
		default:
			return byHand("Build a new crate by hand, as the job's user: the linker's own words are at the end.");
	}
}

function executeCause(seen: Failed): string {
	const { cause, subject = "" } = seen.trouble;
	switch (cause) {
		case "noexec":
			return `Programs ${whereOf(seen)} cannot be executed: its file system is mounted with \`noexec\`, or a security module denies it.`;
		case "instruction":
			return "It was built for a CPU that this machine does not have: it stopped at an instruction that the CPU does not know.";
		case "foreign":
			return "It was built for another architecture, and nothing here runs that.";
		case "runner":
			return `Cargo is set up to run it with ${code(subject)}, which is not installed.`;
		case "library":
			return `It needs the library ${code(subject)}, which is not installed.`;
		default:
			return notKnown;
	}
}

function executeFix(seen: Failed): Remedy {
	const { trouble, directory, mode } = seen;
	const kind = mode === "container" ? "image" : "host";
	switch (trouble.cause) {
		case "noexec":
			return {
				text: "Mount this file system without `noexec`, or give jobs a directory on another one. For builds alone, `CARGO_TARGET_DIR` is enough.",
				commands: [`findmnt --target ${shellPath(directory)} --output TARGET,FSTYPE,OPTIONS`],
				kind: "host",
			};
		case "instruction":
			return {
				text: "Lower `target-cpu` in `RUSTFLAGS` or in cargo's configuration to what all runners have, such as `x86-64-v2`. `native` is for programs that never leave the machine.",
				commands: [
					"env | grep RUSTFLAGS",
					'grep -rn target-cpu .cargo "${CARGO_HOME:-$HOME/.cargo}/config.toml"',
					"grep -m1 'model name' /proc/cpuinfo",
				],
				kind: "workflow",
			};
		case "foreign":
			return {
				text: "Name a `runner` for this target in cargo's configuration, such as `qemu-aarch64`, or build for this machine.",
				commands: ["env | grep -E 'CARGO_BUILD_TARGET|_RUNNER'", "rustc --version --verbose"],
				kind: "workflow",
			};
		case "runner":
			return installRemedy(packageOf(trouble.subject ?? ""), mode, anyVersion);
		case "library":
			return {
				text: "Install the library in the place where jobs run.",
				commands: [`ldconfig -p | grep ${shellQuote(trouble.subject ?? "libc.so")}`],
				kind,
			};
		default:
			return byHand("Build and run a new crate by hand, as the job's user, and see what differs.");
	}
}

/** Debian's package of a program that runs others. */
function packageOf(runner: string): string {
	const name = runner.slice(runner.lastIndexOf("/") + 1);
	return name.startsWith("qemu-") ? "qemu-user" : name;
}
