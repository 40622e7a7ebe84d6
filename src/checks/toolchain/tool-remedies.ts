import { own } from "../../own.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import type { Ailment } from "./diagnose.ts";
import { choose, dockerfileText, hostOrImage, installRemedy } from "./install.ts";
import { baseName, directoryOf } from "./paths.ts";
import { component, damaged, defaultToolchain, onNightly, rustupHome, toolchain } from "./rustup-remedies.ts";
import type { Asked } from "./tool-asked.ts";

type Way = Omit<Remedy, "otherwise">;

/** The way out of an ailment, where this kind of job has to take it. */
export function remedyFor(asked: Asked, facts: ToolFacts, ailment: Ailment): Remedy {
	const { name, expectation } = asked;
	const { mode } = facts;
	const install = () => installRemedy(name, mode, expectation.version);
	const path = ailment.subject ?? facts.found?.path ?? name;
	switch (ailment.variant) {
		case "nowhere":
		case "dangling-link":
		case "shim":
			return install();
		case "place":
			return onPath(directoryOf(path), facts);
		case "permission":
			return executable(path, facts);
		case "closed":
			return opened(directoryOf(path), install());
		case "architecture":
		case "cpu":
			return rebuilt(name, facts, install());
		case "symbol-version":
		case "symbol":
		case "loader":
		case "foreign-loader":
			return forThisSystem(name, facts, ailment, install());
		case "library":
			return library(ailment.subject ?? "", facts);
		case "no-default":
		case "never-set-up":
			return defaultToolchain(facts, ailment);
		case "toolchain":
			return toolchain(ailment.subject ?? "stable", facts);
		case "toolchain-path":
			return {
				text: "Put the toolchain there, or name a channel in the toolchain file instead of a path.",
				config: { file: "rust-toolchain.toml", language: "toml", text: '[toolchain]\nchannel = "stable"' },
				kind: "workflow",
			};
		case "component":
			return component(name, facts, ailment);
		case "component-damaged":
			return damaged(ailment.within ?? "stable", facts);
		case "component-unavailable":
			return onNightly(name, facts, ailment);
		case "subcommand":
			return subcommand(facts, ailment, install());
		case "rustup-file":
			return {
				text: `Correct ${code(path)}: read what it says, or move it away and let rustup write a new one.`,
				commands: [`cat ${shellQuote(path)}`, "rustup show"],
				kind: path.endsWith("settings.toml") ? hostOrImage(facts) : "workflow",
			};
		case "rustup-home":
			return rustupHome(facts, ailment);
		case "toolchain-damaged":
			return damaged(ailment.subject ?? "", facts);
		case "not-a-proxy":
			return {
				...install(),
				text: `Remove the link ${code(facts.found?.path ?? name)}, which hides the real program. ${install().text}`,
			};
		case "interpreter":
		case "delegate":
			return {
				...installRemedy(baseName(path), mode, { text: "*", anyOf: [[]] }),
				text: `Install ${code(baseName(path))} beside it, where jobs find it, or install ${code(name)} anew with what it needs.`,
			};
		case "windows-lines":
			return {
				text: "Give the script the line ends of Unix.",
				commands: [`sed -i 's/\\r$//' ${shellQuote(facts.found?.path ?? name)}`],
				kind: hostOrImage(facts),
			};
		case "not-a-program":
			return { ...install(), text: `Remove ${code(facts.found?.path ?? name)} and install it anew. ${install().text}` };
		case "version":
			return ailment.subject === undefined ? otherCommand(asked, facts) : numberedBuild(name, install());
		case "usage":
		case "silent":
			return otherCommand(asked, facts);
		case "run":
		case "search":
			return slow(facts, ailment);
		case "signal":
		case "exit":
			return byHand(facts);
	}
}

/** A job has the PATH of its image, or of the service that the runner is. Neither reads a profile of a shell. */
function onPath(directory: string, facts: ToolFacts): Remedy {
	const image: Way = {
		text: "Put the directory on PATH in the image. A job starts no login shell, so `ENV` is the place: `~/.profile`, `/etc/profile.d` and `~/.cargo/env` are never read.",
		config: { file: "Dockerfile", language: "dockerfile", text: `ENV PATH="${dockerfileText(directory)}:$PATH"` },
		kind: "image",
	};
	const service = [directory, ...facts.path].join(":");
	const host: Way = {
		text: "Put the directory on the PATH of the runner's service: systemd reads no shell profile and no `~/.cargo/env`. Restart the runner when no job runs. (An older set-up calls the service `act_runner`.)",
		config: {
			file: "/etc/systemd/system/gitea-runner.service.d/override.conf",
			language: "ini",
			text: `[Service]\nEnvironment="PATH=${systemdText(service)}"`,
		},
		commands: ["sudo systemctl edit gitea-runner # and write these lines", "sudo systemctl restart gitea-runner"],
		kind: "host",
	};
	const step: Way = {
		text: "Until then, a first step of the workflow can do it for the steps after it.",
		commands: [`echo ${shellQuote(directory)} >> "$GITHUB_PATH"`],
		kind: "workflow",
	};
	const remedy = choose(facts.mode, image, host);
	return remedy.otherwise ? remedy : { ...remedy, otherwise: step };
}

function executable(path: string, facts: ToolFacts): Remedy {
	const file = facts.unusable.find((entry) => entry.path === path);
	const hasBit = ((file?.mode ?? 0) & 0o111) !== 0;
	return {
		text: hasBit
			? "The file has the bit, so it is not meant for this user, or lies on a file system that is mounted `noexec`. See which, then open it or mount it without."
			: "Make the file executable for everyone who builds.",
		commands: hasBit
			? [`namei -l ${shellQuote(path)}`, `findmnt -T ${shellQuote(path)}`, `chmod a+rx ${shellQuote(path)}`]
			: [`chmod a+rx ${shellQuote(path)}`],
		kind: hostOrImage(facts),
	};
}

function opened(directory: string, install: Remedy): Remedy {
	return {
		text: `If it is in ${code(directory)}, let everybody enter that directory and those above it, or move the tools to one such as \`/usr/local\`. Tools in \`/root\` are for root only.`,
		commands: [`namei -l ${shellQuote(directory)}`, `chmod a+rx ${shellQuote(directory)}`],
		kind: install.kind,
		otherwise: withoutOtherwise({ ...install, text: `If it is not there at all: ${install.text}` }),
	};
}

function rebuilt(name: string, facts: ToolFacts, install: Remedy): Remedy {
	const platform = own(platforms, facts.arch) ?? `linux/${facts.arch}`;
	const fresh = withoutOtherwise({
		...install,
		text: `Install the build of ${code(name)} for ${code(facts.arch)}. ${install.text}`,
	});
	if (facts.mode === "host") return fresh;
	return {
		text: "Build the image for the machine that runs it: a file copied from elsewhere, or a base image of another platform, brings programs of that platform along.",
		commands: [`docker buildx build --platform ${shellQuote(platform)} --push --tag IMAGE .`],
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

function forThisSystem(name: string, facts: ToolFacts, ailment: Ailment, install: Remedy): Remedy {
	const other =
		ailment.variant === "loader" || ailment.variant === "foreign-loader"
			? "On Alpine take the package of Alpine (or a build for musl), elsewhere a build for glibc; `apk add gcompat` helps small programs only."
			: "A base image with a newer system, or a build for an older one, ends it as well: a binary runs on the C library that it was built for and on newer ones.";
	return {
		...install,
		text: `Install the ${code(name)} that belongs to this system instead of one copied from another. ${other} ${install.text}`,
		otherwise: {
			text: "See what it needs and what is here.",
			commands: [`ldd ${shellQuote(facts.found?.path ?? name)}`, "ldd --version", "cat /etc/os-release"],
			kind: install.kind,
		},
	};
}

function library(name: string, facts: ToolFacts): Remedy {
	const file = shellQuote(baseName(name));
	const find = [
		`ldd ${shellQuote(facts.found?.path ?? "")}`,
		`apt-get install -y apt-file && apt-file update && apt-file search ${file}`,
	];
	return {
		text: `Find the package that has ${code(baseName(name))} and install it; installing the tool from the distribution's own package brings its libraries along.`,
		commands: find,
		kind: hostOrImage(facts),
	};
}

function subcommand(facts: ToolFacts, { subject = "" }: Ailment, install: Remedy): Remedy {
	const program = facts.command[0] ?? "";
	const provider = `${program}-${subject}`;
	if (program === "docker") {
		return {
			text: `Docker finds its commands as plugins: install ${code(provider)} (package ${code(`docker-${subject}-plugin`)} of Docker).`,
			commands: [`apt-get install -y ${shellQuote(`docker-${subject}-plugin`)}`],
			kind: install.kind,
		};
	}
	return installRemedy(provider, facts.mode, { text: "*", anyOf: [[]] });
}

function numberedBuild(name: string, install: Remedy): Remedy {
	return {
		...install,
		text: `Install a release of ${code(name)}, which has a number, or ask for any version (\`*\`) in the profile. ${install.text}`,
	};
}

function otherCommand({ name, profile, expectation }: Asked, facts: ToolFacts): Remedy {
	const entry = JSON.stringify({ version: expectation.version.text, command: [facts.command[0] ?? name, "-V"] });
	return {
		text: `See how ${code(name)} wants to be asked for its version, and say so in the policy file.`,
		commands: [`${commandOf(facts)}; echo "exit code $?"`],
		config: {
			file: ".gitea/runner-check.yml",
			language: "yaml",
			text: [
				"version: 1",
				"profiles:",
				`  ${JSON.stringify(profile)}:`,
				"    tools:",
				`      ${JSON.stringify(name)}: ${entry}`,
			].join("\n"),
		},
		kind: "workflow",
	};
}

function slow(facts: ToolFacts, { variant, subject }: Ailment): Remedy {
	if (variant === "search") {
		return {
			text: "Find the mount whose server does not answer, and mount it again or take it off PATH.",
			commands: ["findmnt --types nfs,nfs4,cifs,fuse", ...(subject ? [`timeout 5 ls -d ${shellQuote(subject)}`] : [])],
			kind: "host",
		};
	}
	return {
		text: `See what it waits for: a lock, a network, or a device. If the machine is only slow, the input \`timeout\` gives it longer.`,
		commands: [`time timeout 60 ${commandOf(facts)}`, `timeout 10 strace -f ${commandOf(facts)}`],
		kind: hostOrImage(facts),
	};
}

function byHand(facts: ToolFacts): Remedy {
	return {
		text: "Run it by hand, as the user of the job, and see what it says. If its installation is damaged, install it anew.",
		commands: [commandOf(facts), `ldd ${shellQuote(facts.found?.path ?? facts.name)}`],
		kind: hostOrImage(facts),
	};
}

function commandOf(facts: ToolFacts): string {
	return facts.command.map(shellQuote).join(" ");
}

function withoutOtherwise({ otherwise: _, ...way }: Remedy): Way {
	return way;
}

/** A value between the double quotes of a unit file. */
function systemdText(value: string): string {
	return value
		.replace(/[\u0000-\u001f]/g, "?")
		.replace(/["\\]/g, "\\$&")
		.split("%")
		.join("%%");
}
