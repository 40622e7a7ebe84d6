import type { Remedy } from "../../checks/check.ts";
import { code, listed, shellPath, titleWith } from "../../checks/text.ts";
import { reason, unknown } from "../../checks/words.ts";
import { nameOf } from "../paths.ts";
import type { Problem } from "../read/tree.ts";
import type { Setup } from "../setup/setup.ts";

/** What a file is, as far as its name and content tell. */
export type FileKind = "config" | "registration" | "workflow" | "compose";

interface InvalidYaml {
	readonly file: string;
	readonly kind: FileKind;
	readonly problem: Problem;
}

type Other = Setup["others"][number];

/** A file that gives nothing to read. */
export type Unreadable = Extract<Other, { readonly kind: "absent" | "unreadable" | "other" }>;

export const intro = "Reads each file. A file that cannot be read is not judged by any other check.";

export const words = {
	"invalid-yaml": reason<InvalidYaml>({
		level: "fail",
		title: "A file has a syntax error",
		headline: ({ file, problem }) => titleWith("Syntax error in ", nameOf(file), `, line ${problem.line}`),
		why: ({ kind }) => consequences[kind],
		expected: ({ kind }) => languages[kind],
		tell: ({ file, kind, problem }) => ({
			what: `${code(file)} cannot be read: ${problem.message}.`,
			fix: fixSyntax(file, kind, problem.line),
		}),
		more: "Go's YAML parser refuses more than others do: a key that occurs twice, a tab as indentation, bytes that are not text.",
	}),
	unreadable: reason<{ readonly file: Unreadable }>({
		level: "fail",
		title: "A file is missing or cannot be read",
		headline: ({ file }) => {
			switch (file.kind) {
				case "absent":
					return titleWith("", nameOf(file.path), " does not exist");
				case "unreadable":
					return titleWith("No permission to read ", nameOf(file.path));
				case "other":
					return titleWith("", nameOf(file.path), " has nothing to read");
			}
		},
		why: ({ file }) =>
			file.kind === "absent"
				? "A runner that is started with this file exits with `open config file`. Nothing in it could be checked."
				: "Nothing in it could be checked.",
		expected: "a file of the runner that can be read",
		tell: ({ file }) => {
			switch (file.kind) {
				case "absent":
					return {
						what: `${code(file.path)} does not exist.`,
						fix: {
							text: "Name the file that the runner really reads: `ExecStart` of its unit has it after `--config`.",
							commands: ["systemctl cat '*runner*.service' | grep ExecStart"],
							kind: "host",
						},
					};
				case "unreadable":
					return {
						what: `This user cannot read ${code(file.path)} (${file.code}). The runner's own user may be able to.`,
						fix: {
							text: "Run the lint as the runner's user or as root.",
							commands: [`sudo runner-check lint ${shellPath(file.path)}`],
							kind: "host",
						},
					};
				case "other":
					return {
						what: `${code(file.path)} is ${file.what}.`,
						fix: { text: "Lint a `config.yaml`, a `.runner` or a systemd unit of a runner.", kind: "host" },
					};
			}
		},
	}),

	"not-a-config": reason<Extract<Other, { readonly kind: "foreign" }>>({
		level: "fail",
		title: "A file is not a runner's",
		headline: ({ path }) => titleWith("", nameOf(path), " is not a runner's file"),
		why: "No runner reads such a file, so nothing in it was judged.",
		expected: "a `config.yaml`, a `.runner` or a systemd unit of Gitea's or Forgejo's runner, or a workflow",
		tell: ({ path, what }) => ({
			what: `${code(path)} is ${what}, not a file of Gitea's or Forgejo's runner.`,
			fix: {
				text: "Name the file that the runner really reads: `ExecStart` of its unit has it after `--config`, and its container has it in `CONFIG_FILE`.",
				commands: ["systemctl cat '*runner*.service' | grep ExecStart"],
				kind: "host",
			},
		}),
		more: "The content tells, whatever the name: a file is a configuration of a runner unless more of its keys at the top are foreign than belong to one.",
	}),

	template: reason<Extract<Other, { readonly kind: "template" }>>({
		level: "fail",
		title: "A file is a template",
		headline: ({ path }) => titleWith("", nameOf(path), " is a template"),
		why: "A runner fills nothing in. Whether the configuration is valid shows only in what the template produces.",
		expected: "a file without placeholders",
		tell: ({ path, form, line }) => ({
			what: `${code(path)} has placeholders, the first (${code(form)}) on line ${line}.`,
			fix: { text: "Lint the file that is made from this template.", kind: "runner" },
		}),
	}),
};

export const unknowns = {
	empty: unknown<{ readonly paths: readonly string[] }>({
		title: "The runner's files are empty",
		headline: ({ paths: [path = ""] }) => titleWith("", nameOf(path), " has no settings"),
		why: "A file that was cut off, by a full disk or a template that failed, looks the same. A runner that reads it runs with its defaults, without labels and limits.",
		expected: "a file with settings",
		tell: ({ paths }) => ({
			what: `${listed(paths.map(code))} ${paths.length === 1 ? "has" : "have"} no settings, so nothing shows that the runner is configured.`,
			fix: {
				text: "Look at the file, and name the one that the runner really reads: `ExecStart` of its unit has it after `--config`. If it is meant to be empty, do not name it.",
				commands: [`ls -l ${paths.map(shellPath).join(" ")}`, "systemctl cat '*runner*.service' | grep ExecStart"],
				kind: "host",
			},
		}),
	}),
};

const languages: Readonly<Record<FileKind, string>> = {
	config: "YAML",
	registration: "JSON, as the runner writes it",
	workflow: "YAML",
	compose: "YAML",
};

const consequences: Readonly<Record<FileKind, string>> = {
	config: "The runner reads its configuration once, when it starts, and exits with `parse config file`.",
	registration: "Without its registration, the runner does not know its forge and takes no job.",
	workflow: "The forge ignores a workflow that it cannot read, so none of its jobs runs.",
	compose: "Compose refuses the whole file, and starts none of its services.",
};

function fixSyntax(file: string, kind: FileKind, line: number): Remedy {
	switch (kind) {
		case "config":
			return {
				text: `Correct line ${line}. Then restart the runner while no job runs, and look at its log.`,
				kind: "runner",
			};
		case "registration":
			return {
				text: "Move the file away and register the runner again. Only the runner writes this file; do not edit it by hand.",
				commands: [`sudo mv ${shellPath(file)} ${shellPath(`${file}.broken`)}`],
				kind: "host",
			};
		case "workflow":
			return { text: `Correct line ${line}.`, kind: "workflow" };
		case "compose":
			return { text: `Correct line ${line}.`, kind: "runner" };
	}
}
