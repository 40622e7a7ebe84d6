/** Words for tools that are found but do not start or fail. */
import { own } from "../../own.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, operand, shellQuote } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { commandLine, onPathAndWorking } from "./expected-tool.ts";
import { hostOrImage, installRemedy } from "./install.ts";
import { baseName } from "./paths.ts";
import type { DefectSeen } from "./tool-words.ts";

export const words = {
	"wrong-architecture": reason<DefectSeen>({
		level: "fail",
		title: "The tool was built for another kind of machine",
		headline: ({ expected: { name }, defect }) =>
			defect.variant === "cpu" ? `${name} needs a newer processor` : `${name} was built for another architecture`,
		why: ({ expected: { name }, defect }) =>
			defect.variant === "cpu"
				? `Every step that calls ${code(name)} fails at once.`
				: `The kernel cannot run it: every step that calls ${code(name)} fails with \`Exec format error\`.`,
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => ({
			what:
				defect.variant === "cpu"
					? `${pathOf(facts)} needs a newer processor than this machine has${inBrackets(defect.subject)}.`
					: `${pathOf(facts)} was built for another architecture${inBrackets(defect.subject)}; this machine is ${code(facts.arch)}.`,
			fix: fixArchitecture(expected.name, facts, install({ expected, facts })),
		}),
		more: "Usually the image was built for another platform, or a binary was copied or downloaded by hand. `CPU does not support x86-64-v3` means that the base image was built for newer processors than the runner's: use another base image.",
	}),

	"missing-library": reason<DefectSeen>({
		level: "fail",
		title: "The tool needs a library that is missing or too old",
		headline: ({ expected: { name }, defect }) => {
			if (defect.variant === "library") return short(`${name} needs ${baseName(defect.subject ?? "a library")}`);
			if (defect.variant === "nixos") return short(`${name} was not built for NixOS`);
			if (defect.variant === "symbol-version") return short(`${name} needs ${defect.subject}, the system is older`);
			return short(`${name} does not fit this system's libraries`);
		},
		why: ({ expected: { name }, defect }) =>
			defect.variant === "loader"
				? `Every step that calls ${code(name)} fails with ${code(`${name}: not found`)}, although the file exists.`
				: `Every step that calls ${code(name)} fails at once.`,
		expected: onPathAndWorking,
		tell: tellLibrary,
		more: "A binary runs on the C library that it was built for and on newer ones. A program for glibc does not run on Alpine, which has musl, and the other way round. `ldd` shows what is missing; `apt-file search` shows which package has it.",
	}),

	broken: reason<DefectSeen>({
		level: "fail",
		title: "The tool does not run",
		headline: ({ expected: { name }, facts, defect }) => short(headlineOfBroken(name, facts, defect)),
		why: ({ expected: { name }, defect }) => {
			if (["rustup-file", "rustup-home", "toolchain-damaged"].includes(defect.variant)) return rustupWhy;
			if (defect.variant === "not-a-program")
				return `Every step that calls ${code(name)} fails or, worse, succeeds without doing anything.`;
			return `Every step that calls ${code(name)} fails.`;
		},
		expected: onPathAndWorking,
		tell: tellBroken,
		more: `Also known:

- \`Error: Cannot find module '../lib/cli.js'\` of npm: only its link was copied into the image, without \`lib/node_modules\`.
- \`node: --… is not allowed in NODE_OPTIONS\`: the variable is set for another version of Node.
- ended by \`SIGKILL\`: memory ran out. \`SIGSEGV\`: damaged, or libraries that do not fit. \`SIGILL\`: the processor lacks instructions that the tool uses.`,
	}),
};

/** Every proxy of rustup fails alike. */
export const rustupWhy = "Every `cargo` and `rustc` command fails before it starts.";

function tellLibrary({ expected, facts, defect }: DefectSeen): Told {
	const { name } = expected;
	const subject = code(defect.subject ?? "");
	const fix = install({ expected, facts });
	switch (defect.variant) {
		case "symbol-version":
			return {
				what: `${pathOf(facts)} was built for a newer system: it needs ${subject}, and the C library here is older.`,
				fix: fixForThisSystem(name, facts, "symbol-version", fix),
			};
		case "symbol":
			return {
				what: `${pathOf(facts)} does not fit the installed libraries: none of them has ${subject}.`,
				fix: fixForThisSystem(name, facts, "symbol", fix),
			};
		case "loader":
			return {
				what: `${pathOf(facts)} cannot start: its loader ${subject} does not exist. It was built for another C library (glibc and musl have different loaders).`,
				fix: fixForThisSystem(name, facts, "loader", fix),
			};
		case "foreign-loader":
			return {
				what: `${pathOf(facts)} is, or starts, a program whose loader does not exist. It was built for another C library (glibc and musl have different loaders).`,
				fix: fixForThisSystem(name, facts, "loader", fix),
			};
		case "nixos":
			return {
				what: `${pathOf(facts)} was built for another distribution. NixOS has no loader for it, only a program that says so.`,
				fix: {
					...useNixpkgs(name, hostOrImage(facts)),
					otherwise: {
						text: "Programs of other distributions, such as those that setup actions download, run with `programs.nix-ld.enable = true;` in the system's configuration.",
						kind: hostOrImage(facts),
					},
				},
			};
		default:
			return {
				what: `${pathOf(facts)} needs the library ${subject}, which is not installed or cannot be used.`,
				fix: fixRefused(facts, defect.told) ?? fixLibrary(defect.subject ?? "", facts),
			};
	}
}

function headlineOfBroken(name: string, facts: ToolFacts, { variant, subject }: DefectSeen["defect"]): string {
	switch (variant) {
		case "rustup-file":
			return `rustup cannot read ${baseName(subject ?? "a file")}, so ${name} fails`;
		case "rustup-home":
			return `rustup cannot use its home, so ${name} fails`;
		case "toolchain-damaged":
			return `The Rust toolchain of ${name} is damaged`;
		case "not-a-proxy":
			return `${name} is a link to rustup, which does not know it`;
		case "snap":
			return `${name} is a snap, which does not start here`;
		case "interpreter":
		case "delegate":
			return `${name} needs ${baseName(subject ?? "a program")}, which is missing`;
		case "windows-lines":
			return `${name} is a script with Windows line endings`;
		case "not-a-program":
			return facts.file?.format === "empty" ? `${name} is an empty file` : `${name} is not a program`;
		case "signal":
			return `${name} was ended by ${subject}`;
		default:
			return subject !== undefined && /^\d/.test(subject) ? `${name} fails with exit code ${subject}` : `${name} fails`;
	}
}

function tellBroken({ expected, facts, defect }: DefectSeen): Told {
	const { name } = expected;
	const path = facts.found?.path ?? name;
	const subject = code(defect.subject ?? "");
	const kind = hostOrImage(facts);
	switch (defect.variant) {
		case "rustup-file":
			return {
				what: `rustup cannot read ${subject}, so it starts nothing.`,
				fix: {
					text: `Correct ${subject}, or move it away and let rustup write a new one.`,
					commands: [`cat ${shellQuote(defect.subject ?? "")}`, "rustup show"],
					kind: defect.subject?.endsWith("settings.toml") ? kind : "workflow",
				},
			};
		case "rustup-home":
			return {
				what: `rustup cannot use its home${defect.subject === undefined ? "" : `: ${subject} cannot be read or written`}.`,
				fix: fixRustupHome(facts, defect.subject),
			};
		case "toolchain-damaged":
			return {
				what: `The Rust toolchain ${subject} is damaged: parts of it are missing.`,
				fix: reinstallToolchain(defect.subject ?? "stable", facts),
			};
		case "not-a-proxy": {
			const fix = install({ expected, facts });
			return {
				what: `${code(path)} is a link to rustup, but rustup has no proxy of that name.`,
				fix: { ...fix, text: `Remove the link ${code(path)}, which hides the real program. ${fix.text}` },
			};
		}
		case "interpreter":
		case "delegate": {
			const what =
				defect.variant === "interpreter"
					? `${code(path)} is a script for ${subject}, which is not installed.`
					: `${code(path)} only starts ${subject}, which is not installed.`;
			const needed = baseName(defect.subject ?? "");
			if (/^(?:asdf|pyenv|rbenv|nodenv|goenv)$/.test(needed) && needed !== defect.subject) {
				return {
					what: `${code(path)} is a shim that starts ${subject}, which does not exist: ${needed} was probably upgraded or moved after it wrote the shim.`,
					fix: {
						text: `Let ${needed} write its shims again, as their owner.`,
						commands: [`${needed} ${needed === "asdf" ? "reshim" : "rehash"}`],
						kind,
					},
				};
			}
			// A version manager is not a package. Its shim shows that it is installed.
			if (/^(?:asdf|mise|rtx|pyenv|rbenv|nodenv|goenv|volta)$/.test(needed)) {
				return {
					what: `${code(path)} only starts ${subject}, which is not on PATH.`,
					fix: {
						text: `Find ${code(needed)}, and add its directory to the PATH of the runner's service, or of the image.`,
						commands: [
							`ls -d ~/.local/bin/${needed} ~/.${needed}/bin/${needed} ~/bin/${needed} /usr/local/bin/${needed} /opt/*/bin/${needed}`,
						],
						kind,
					},
				};
			}
			return {
				what,
				fix: {
					...installRemedy(needed, facts.mode, { text: "*", anyOf: [[]] }),
					text: `Install ${code(needed)} where jobs find it, or install ${code(name)} again with everything it needs.`,
				},
			};
		}
		case "snap":
			return {
				what: `${code(path)} is a snap, and ${whenSnapsStart(defect.told)}.`,
				fix: leaveSnap(name, install({ expected, facts })),
			};
		case "windows-lines":
			return {
				what: `${code(path)} is a script with Windows line endings: the kernel looks for an interpreter whose name ends in a carriage return.`,
				fix: {
					text: "Convert the script to Unix line endings.",
					commands: [`sed -i 's/\\r$//' ${shellQuote(path)}`],
					kind,
				},
			};
		case "not-a-program": {
			const fix = install({ expected, facts });
			return {
				what: `${code(path)} is not a program: it is ${facts.file?.format === "empty" ? "empty" : "neither a binary nor a script"}.`,
				fix: { ...fix, text: `Remove ${code(path)} and install the tool again. ${fix.text}` },
			};
		}
		case "signal":
			return {
				what: `${code(commandLine(facts))} was ended by ${subject}${signalHint(defect.subject)}.`,
				fix: runByHand(facts),
			};
		default:
			return {
				what: `${code(commandLine(facts))} failed${exitText(defect.subject)}.`,
				fix: runByHand(facts),
			};
	}
}

function exitText(subject: string | undefined): string {
	if (subject === undefined) return "";
	return ` (${/^\d/.test(subject) ? `exit code ${subject}` : code(subject)})`;
}

function signalHint(signal: string | undefined): string {
	switch (signal) {
		case "SIGKILL":
			return ", as the kernel does when memory runs out";
		case "SIGILL":
			return ": it uses instructions that this processor lacks, or it is damaged";
		case "SIGSEGV":
		case "SIGBUS":
			return ": it is damaged, or does not fit the installed libraries";
		default:
			return "";
	}
}

function fixArchitecture(name: string, facts: ToolFacts, { otherwise: _, ...install }: Remedy): Remedy {
	const fresh = { ...install, text: `Install the build of ${code(name)} for ${code(facts.arch)}. ${install.text}` };
	if (facts.mode === "host") return fresh;
	const platform = own(platforms, facts.arch) ?? `linux/${facts.arch}`;
	return {
		text: `Build the image for the machine that runs it: \`docker buildx build --platform ${platform}\`. A file copied from elsewhere, or a base image of another platform, brings programs of that platform.`,
		kind: "image",
		otherwise: fresh,
	};
}

/** `process.arch` -> Docker's platform */
const platforms: Readonly<Record<string, string>> = {
	x64: "linux/amd64",
	arm64: "linux/arm64",
	arm: "linux/arm/v7",
	ia32: "linux/386",
	s390x: "linux/s390x",
	ppc64: "linux/ppc64le",
	riscv64: "linux/riscv64",
};

function fixForThisSystem(
	name: string,
	facts: ToolFacts,
	what: "symbol" | "symbol-version" | "loader",
	install: Remedy,
): Remedy {
	const hint =
		what === "loader"
			? "On Alpine, use Alpine's package or a build for musl, elsewhere a build for glibc. `apk add gcompat` helps small programs only."
			: "A newer base image, or a build for an older system, also works.";
	return {
		...install,
		text: `Install the ${code(name)} of this system instead of one copied from another. ${hint} ${install.text}`,
		otherwise: {
			text: "See what it needs and what is installed.",
			commands: [`ldd ${shellQuote(facts.found?.path ?? name)}`, "ldd --version", "cat /etc/os-release"],
			kind: install.kind,
		},
	};
}

function fixLibrary(name: string, facts: ToolFacts): Remedy {
	const root = facts.mode === "host" ? "sudo " : "";
	return {
		text: `Find the package that has ${code(baseName(name))} and install it. The distribution's own package of the tool brings its libraries along.`,
		commands: [
			`ldd ${shellQuote(facts.found?.path ?? facts.name)}`,
			`${root}apt-get update && ${root}apt-get install -y apt-file && ${root}apt-file update && apt-file search ${operand(baseName(name))}`,
		],
		kind: hostOrImage(facts),
	};
}

/** The library exists, and may not be loaded. */
function fixRefused(facts: ToolFacts, told: string): Remedy | undefined {
	const look = `ldd ${shellQuote(facts.found?.path ?? facts.name)}`;
	const kind = hostOrImage(facts);
	if (/executable stack/.test(told)) {
		return {
			text: "Install a newer release of the tool, or of the library. This one asks for a stack that can be executed, which glibc 2.41 and newer and hardened kernels refuse.",
			commands: [look],
			kind,
		};
	}
	if (!/failed to map segment/.test(told)) return undefined;
	return {
		text: "Find the file system of the library: it is mounted with `noexec`. Some programs unpack their libraries into the temporary directory. Mount it with `exec`, or set `TMPDIR` to a directory elsewhere.",
		commands: [look, 'findmnt --target "${TMPDIR:-/tmp}"'],
		kind,
	};
}

/** @param kind Where the job runs. */
export function useNixpkgs(name: string, kind: Remedy["kind"]): Omit<Remedy, "otherwise"> {
	return {
		text: `Use the ${code(name)} of nixpkgs. For jobs on a NixOS host, add its package to \`services.gitea-actions-runner.instances.<name>.hostPackages\`, or to \`services.github-runners.<name>.extraPackages\`, and rebuild while no job runs: that restarts the runner.`,
		kind,
	};
}

function whenSnapsStart(told: string): string {
	if (/^Sorry, /.test(told)) return "a snap starts only for users whose home is below `/home`";
	return /^snap-confine /.test(told)
		? "a snap starts only if the service `snapd.apparmor` has loaded its AppArmor profile"
		: "a snap starts only in the session of a user, not in a service such as the runner";
}

function leaveSnap(name: string, { otherwise: _, ...install }: Remedy): Remedy {
	return {
		...install,
		text: `Install ${code(name)} from another source than a snap. Ubuntu's packages of Chromium and Firefox install the snap again: use those of the browser's vendor. ${install.text}`,
	};
}

function fixRustupHome(facts: ToolFacts, path: string | undefined): Remedy {
	if (facts.mode === "container") {
		return {
			text: "Give rustup a home that every user of the image can write to.",
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: 'ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo\nRUN chmod -R a+w "$RUSTUP_HOME" "$CARGO_HOME"',
			},
			kind: "image",
		};
	}
	return {
		text: "Give the runner's user a home directory that it can write to, and set HOME (or `RUSTUP_HOME`) to it in the runner's unit.",
		commands: [
			...(path === undefined ? [] : [`namei -l ${shellQuote(path)}`]),
			"systemctl show '*runner*.service' --property=Id,User,Environment",
		],
		kind: "host",
	};
}

/** An interrupted installation, or two at once, leaves a damaged toolchain. `rustup component add` does not repair it. */
export function reinstallToolchain(name: string, facts: ToolFacts): Remedy {
	return {
		text: "Install the toolchain again while no job runs: jobs that use it fail until it is back. An interrupted installation, or two at the same time, leaves one like this; `rustup component add` does not repair it.",
		commands: [`rustup toolchain uninstall ${operand(name)} && rustup toolchain install ${operand(name)}`],
		kind: hostOrImage(facts),
	};
}

function runByHand(facts: ToolFacts): Remedy {
	return {
		text: "Run it by hand, as the job's user, and read what it says. If the installation is damaged, install the tool again.",
		commands: [facts.command.map(shellQuote).join(" "), `ldd ${shellQuote(facts.found?.path ?? facts.name)}`],
		kind: hostOrImage(facts),
	};
}

function install({ expected: { name, expectation }, facts }: Pick<DefectSeen, "expected" | "facts">): Remedy {
	return installRemedy(name, facts.mode, expectation.version);
}

function pathOf(facts: ToolFacts): string {
	return code(facts.found?.path ?? facts.name);
}

function inBrackets(subject: string | undefined): string {
	return subject === undefined ? "" : ` (${code(subject)})`;
}

/** A name from outside may be long; a title is not. */
function short(title: string): string {
	return title.length <= 60 ? title : `${title.slice(0, 59)}…`;
}
