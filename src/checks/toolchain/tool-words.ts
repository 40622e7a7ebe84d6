import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { lookAt, makeRoom } from "../find-out.ts";
import { code, operand, shellQuote, titleWith } from "../text.ts";
import { unknown } from "../words.ts";
import type { Defect, Unknown, Untrusted } from "./diagnose.ts";
import type { ExpectedTool } from "./expected-tool.ts";
import { choose } from "./install.ts";
import { words as presence } from "./tool-presence-words.ts";
import { words as rustup } from "./tool-rustup-words.ts";
import { words as start } from "./tool-start-words.ts";
import { words as version } from "./tool-version-words.ts";

export const intro = `The tool is searched for along PATH as a shell does it, and then started once, without a shell, in an empty directory: \`rustc --version\`. Programs that are known to need another word get it (\`go version\`, \`java -version\`, \`ffmpeg -version\`, \`ssh -V\` and a few more); for any other, \`command\` in the policy says how. The \`node\` that runs the check knows its version and is not started again. What the tool prints decides before its exit code does, on stdout or stderr.

A workspace is untrusted, because anyone who opens a pull request can write it. So what is in it is read and not run: a \`command\` of its policy, a program of its own on PATH, a Rust toolchain that its \`rust-toolchain.toml\` names by a path. Such a tool is skipped as \`untrusted\`, unless the input \`trust-policy\` is \`true\`. Versions that the workspace chooses (\`rust-toolchain.toml\`, \`.tool-versions\`, \`.python-version\` and their like) are read as text and given to rustup, asdf, mise, pyenv and their like as variables.

The check installs and downloads nothing: rustup, Go, Corepack and mise are told to stay offline. A shim of Corepack that has not downloaded its tool passes if any version is accepted. A rustup that was never set up is kept from setting itself up.

With \`optional: true\`, a tool that is not installed is skipped (\`absent\`). A tool that is installed and does not work is a finding. If Docker is optional, so is its CLI.

One cause is one failure. If rustup fails for all its proxies alike, only \`tool/rustc\` fails, and \`tool/cargo\`, \`tool/rustfmt\` and the like wait for it. \`tool/cargo\` waits too if no Rust is installed at all. Of the tools in one directory that is not on PATH, whichever they are, only the first fails. \`tool/npm\` waits for \`tool/node\` if that is what it lacks, \`tool/docker\` for \`docker/cli\`, and \`tool/nvidia-smi\` for \`gpu/driver\`.`;

const { missing, "off-path": offPath, "not-executable": notExecutable } = presence;

/** In the order of the docs page: not found, does not start, rustup, and what it prints. */
export const words = {
	missing,
	"off-path": offPath,
	"not-executable": notExecutable,
	...start,
	...rustup,
	...version,
};

export type ToolReason = keyof typeof words;

/** What the sentences about a defect need to know. */
export interface DefectSeen {
	readonly expected: ExpectedTool;
	readonly facts: ToolFacts;
	readonly defect: Defect;
}

export function passed(name: string, version: string, insteadOf: string | undefined): string {
	const instead =
		insteadOf === undefined
			? ""
			: `: the default toolchain, because ${code(insteadOf)} of the workspace is not installed`;
	return `${code(name)} ${version}${instead}`;
}

export function byCorepackWhenCalled(name: string): string {
	return `${code(name)} is a shim of Corepack, which downloads it when a job first calls it`;
}

/** Why the absence of an optional tool is not a finding; `undefined` if the tool is there and broken. */
export function absence(name: string, { reason, variant, subject = name }: Defect): string | undefined {
	const optional = "and it is optional in the profile";
	if (reason === "missing") return `${code(name)} is not installed, ${optional}.`;
	if (reason === "component-missing") return `${code(subject)} is not installed, ${optional}.`;
	if (reason === "off-path") return `${code(name)} is not on PATH, ${optional}. It is at ${code(subject)}.`;
	if (variant !== "closed") return undefined;
	return `${code(name)} is in no directory on PATH that this user can read, ${optional}. ${code(subject)} is closed to this user.`;
}

export function notRun(name: string, { why, by }: Pick<Untrusted, "why" | "by">): string {
	const allow = "To trust this workspace, set the input `trust-policy: true`.";
	switch (why) {
		case "command":
			return `${code(name)} was not run: the workspace's policy asks for ${code(by)}, and a policy in a workspace starts no program. ${allow}`;
		case "program":
			return `${code(by)} was not run: it is a file of the workspace, and what is in a workspace is not run. ${allow}`;
		case "toolchain":
			return `${code(name)} was not run: ${code(by)} may lead rustup to a toolchain in the workspace, and what is in a workspace is not run. ${allow}`;
	}
}

export function sameCause(name: string, leader: string): string {
	return `${code(name)} fails for the same reason as ${code(leader)}: see \`tool/${leader}\`.`;
}

function installNow(version: string, mode: ToolFacts["mode"]): Remedy {
	const command = `mise install ${operand(version)}`;
	return choose(
		mode,
		{
			text: "Let mise install it into the image. Without a network, the first step that calls it fails.",
			config: { file: "Dockerfile", language: "dockerfile", text: `RUN ${command}` },
			kind: "image",
		},
		{
			text: "Let mise install it for the runner's user. Without a network, the first step that calls it fails.",
			commands: ["# as the runner's user", command],
			kind: "host",
		},
	);
}

export const unknowns = {
	unknown: unknown<{ readonly name: string; readonly unknown: Unknown; readonly mode: ToolFacts["mode"] }>({
		title: "Unknown whether a tool works",
		headline: ({ name }) => titleWith("Unknown whether ", name, " works"),
		why: ({ name }) => `Steps of a job that call ${code(name)} may fail.`,
		expected: ({ name }) => `${name} on PATH, and its version`,
		tell: ({ name, mode, unknown: { message, path, errno, byMise } }) => ({
			what: `Could not find out whether ${code(name)} works: ${message}`,
			fix: byMise !== undefined ? installNow(byMise, mode) : path === undefined ? makeRoom(errno) : lookAt(path, errno),
		}),
	}),
	corepack: unknown<{
		readonly name: string;
		readonly range: string;
		/** What asks for the range. */
		readonly source: string;
		readonly mode: ToolFacts["mode"];
	}>({
		title: "Unknown which version Corepack downloads",
		headline: ({ name }) => titleWith("Unknown which ", name, " Corepack downloads"),
		why: ({ name }) =>
			`The first step that calls ${code(name)} downloads it: the version that \`packageManager\` in \`package.json\` names, else the default of Corepack. Without a network it fails.`,
		expected: ({ range, source }) => `${code(range)} (${source})`,
		tell: ({ name, range, source, mode }) => {
			const prepare = `corepack prepare ${shellQuote(`${name}@${range}`)} --activate`;
			return {
				what: `${byCorepackWhenCalled(name)}, so it has no version yet, and ${source} asks for ${code(range)}.`,
				fix: choose(
					mode,
					{
						text: `Let Corepack download ${code(name)} into the image, in a place where every user finds it.`,
						config: {
							file: "Dockerfile",
							language: "dockerfile",
							text: `ENV COREPACK_HOME=/usr/local/share/corepack\nRUN ${prepare}`,
						},
						kind: "image",
					},
					{
						text: `Let Corepack download ${code(name)} for the runner's user.`,
						commands: ["# as the runner's user", prepare],
						kind: "host",
					},
				),
			};
		},
	}),
};
