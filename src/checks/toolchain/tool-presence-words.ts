/** Words for tools that are not found: not installed, not on PATH, or not executable. */

import type { Unexpanded } from "../../probes/program-search.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote, systemdText, titleWith } from "../text.ts";
import { reason } from "../words.ts";
import { type ExpectedTool, onPathAndWorking } from "./expected-tool.ts";
import { choose, dockerfileText, type Fix, hostOrImage, installRemedy } from "./install.ts";
import { directoryOf, pathOf } from "./paths.ts";
import { useNixpkgs } from "./tool-start-words.ts";
import type { DefectSeen } from "./tool-words.ts";
import { fixByManager, managerOf } from "./version-managers.ts";

export const words = {
	missing: reason<DefectSeen>({
		level: "fail",
		title: "The tool is not installed",
		headline: ({ expected: { name }, defect }) =>
			defect.variant === "shim" ? `${name} is a shim without a tool behind it` : `${name} is not installed`,
		why: ({ expected: { name } }) =>
			`Every step that calls ${code(name)} fails with ${code(`${name}: command not found`)} (exit code 127).`,
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => ({
			what: tellMissing(expected, facts, defect),
			fix:
				(defect.variant === "shim" ? fixByManager(expected.name, facts, expected.expectation.version) : undefined) ??
				installRemedy(expected.name, facts.mode, expected.expectation.version),
		}),
		more: "If jobs can do without the tool, set `optional: true` in the policy.",
	}),

	"off-path": reason<DefectSeen>({
		level: "fail",
		title: "The tool is installed, but not on PATH",
		headline: ({ expected: { name }, facts: { unexpanded } }) =>
			unexpanded === undefined
				? `${name} is installed, but not on PATH`
				: titleWith(
						"",
						name,
						` is off PATH: ${whyWrong(unexpanded.entry) ?? `${shellWord(unexpanded.entry)} is not expanded`}`,
					),
		why: ({ expected: { name } }) =>
			`Every step that calls ${code(name)} fails with ${code(`${name}: command not found`)}, although it works when you log in. A job does not read \`~/.profile\` or \`~/.cargo/env\`: it has the PATH of its image or of the runner's service.`,
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => ({
			what:
				facts.unexpanded === undefined
					? `${code(expected.name)} is at ${code(defect.subject ?? "")}, but that directory is not on PATH.`
					: `${code(expected.name)} is at ${code(defect.subject ?? "")}. ${tellUnexpanded(facts.unexpanded)}`,
			fix: defect.subject?.startsWith("/run/current-system/")
				? useNixpkgs(expected.name, hostOrImage(facts))
				: fixPath(directoryOf(defect.subject ?? ""), facts, expected.service),
		}),
		more: "The first tool of a directory that PATH lacks is reported, the others wait for it. `~` and `$HOME` in PATH are for a shell: a unit, `/etc/environment` and the runner's environment file keep them as they are. `%h` in a system's unit is `/root`, whatever `User=` says. The check looks in `~/.cargo/bin`, `/usr/local/cargo/bin`, nvm, Volta, `/usr/local/bin` and other usual places.",
	}),

	"not-executable": reason<DefectSeen>({
		level: "fail",
		title: "The job's user cannot execute the tool",
		headline: ({ expected: { name } }) => `Permission denied to execute ${name}`,
		why: ({ expected: { name } }) =>
			`Every step that calls ${code(name)} fails with \`Permission denied\` (exit code 126).`,
		expected: onPathAndWorking,
		tell: ({ expected, facts, defect }) => {
			const user = `the job's user${facts.uid === undefined ? "" : ` (uid ${facts.uid})`}`;
			const path = defect.subject ?? facts.found?.path ?? expected.name;
			if (defect.variant === "closed") {
				return {
					what: `${code(expected.name)} is in no directory that ${user} can enter, and ${code(directoryOf(path))}, which is on PATH, is closed to it.`,
					fix: fixClosed(directoryOf(path), installRemedy(expected.name, facts.mode, expected.expectation.version)),
				};
			}
			return {
				what: `${code(path)} is on PATH, but ${user} has no permission to execute it.`,
				fix: fixPermission(path, facts),
			};
		},
		more: "Either the executable bit is missing (a downloaded file, or a `COPY` from a file system without such bits), or it is set for other users only, or the file system is mounted with `noexec`. A tool that is not found while a directory on PATH is closed to this user, such as `/root/.cargo/bin`, has the same reason.",
	}),
};

function tellMissing({ name }: ExpectedTool, facts: ToolFacts, { variant, subject }: DefectSeen["defect"]): string {
	if (variant === "dangling-link") return `${code(subject ?? "")} is a dangling link: its target does not exist.`;
	if (variant === "shim") {
		const manager = managerOf(facts);
		const shim = manager === undefined ? "a shim" : `a shim of ${manager}`;
		return `${code(facts.found?.path ?? name)} is ${shim} for ${code(name)}, but no version of it is installed or selected.`;
	}
	return `${code(name)} is in none of the directories on PATH, nor in the usual places outside it.`;
}

/** `$HOME` of `$HOME/.cargo/bin` */
function shellWord(entry: string): string {
	return /\$(?:\{\w+\}|\w+)/.exec(entry)?.[0] ?? entry.split("/")[0] ?? entry;
}

/** Why an entry that names a directory does not lead there, if nothing in it has to be expanded. */
function whyWrong(entry: string): string | undefined {
	if (/["']/.test(entry)) return "quotes are part of a name there";
	if (entry.includes(";")) return "a semicolon separates nothing there";
	return /^\s|\s$/.test(entry) ? "a blank is part of a name there" : undefined;
}

export function tellUnexpanded({ entry, meant }: Unexpanded): string {
	const why = whyWrong(entry) ?? `nothing expands ${code(shellWord(entry))} there`;
	return `PATH has the entry ${code(entry)}, and ${why}: it has to be ${code(meant)}.`;
}

/** What has to be known to put a directory on PATH. */
type PathFacts = Pick<ToolFacts, "mode" | "path" | "pathText" | "unexpanded">;

/** PATH as the variable holds it, with the missing directory in the place of the entry that meant it, else first. */
function completed(directory: string, facts: PathFacts): string {
	const entries = pathOf(facts).split(":");
	const { unexpanded } = facts;
	if (!unexpanded) return [directory, ...entries].join(":");
	return [...new Set(entries.map((entry) => (entry === unexpanded.entry ? directory : entry)))].join(":");
}

/** A job has the PATH of its image, or of the runner's service. @param service Its unit. */
export function fixPath(directory: string, facts: PathFacts, service: string): Remedy {
	const { unexpanded } = facts;
	const ofVersion = /\/\.nvm\/versions\//.test(directory)
		? " nvm puts it there for shells that load nvm, which a job's do not. The entry has to change with each version."
		: "";
	const write = unexpanded && `Write ${code(directory)} instead of ${code(unexpanded.entry)}`;
	const image: Fix = {
		text: write
			? `${write} where the image or the workflow sets PATH.`
			: "Add the directory to PATH with `ENV`. A job starts no login shell, so `~/.profile`, `/etc/profile.d` and `~/.cargo/env` are never read.",
		config: { file: "Dockerfile", language: "dockerfile", text: `ENV PATH="${dockerfileText(directory)}:$PATH"` },
		kind: "image",
	};
	const host: Fix = {
		text: write
			? `${write} where PATH is set: the runner's unit, \`/etc/environment\`, or the runner's environment file. Then restart the runner while no job runs.`
			: `Add the directory to the PATH of the runner's service: if the file has a PATH already, to that one, since only the last one counts. Then restart the runner while no job runs.${ofVersion}`,
		config: {
			file: `/etc/systemd/system/${service}.service.d/override.conf`,
			language: "ini",
			text: `[Service]\nEnvironment="PATH=${systemdText(completed(directory, facts))}"`,
		},
		commands: [`sudo systemctl edit ${service}   # opens this file`, `sudo systemctl restart ${service}`],
		kind: "host",
	};
	const step: Fix = {
		text: "Until then, add the directory in the first step of the job.",
		commands: [`echo ${shellQuote(directory)} >> "$GITHUB_PATH"`],
		kind: "workflow",
	};
	const fix = choose(facts.mode, image, host);
	return fix.otherwise ? fix : { ...fix, otherwise: step };
}

function fixPermission(path: string, facts: ToolFacts): Remedy {
	const mode = facts.unusable.find((entry) => entry.path === path)?.mode;
	// The search found a program that does not start: it has the bit.
	if (mode !== undefined && (mode & 0o111) === 0) {
		return {
			text: "Make the file executable.",
			commands: [`${facts.mode === "host" ? "sudo " : ""}chmod a+rx ${shellQuote(path)}`],
			kind: hostOrImage(facts),
		};
	}
	return {
		text: "Find out who can execute the file and whether its file system is mounted with `noexec`. Then install the tool where every user can execute it, such as `/usr/local/bin`.",
		commands: [`namei -l ${shellQuote(path)}`, `findmnt -T ${shellQuote(path)}`],
		kind: hostOrImage(facts),
	};
}

function fixClosed(directory: string, { otherwise: _, ...install }: Remedy): Remedy {
	return {
		text: "Install the tool where every user can enter, such as `/usr/local`. Files below `/root` are for root only.",
		commands: [`namei -l ${shellQuote(directory)}`],
		kind: install.kind,
		otherwise: { ...install, text: `If the tool is not installed at all: ${install.text}` },
	};
}
