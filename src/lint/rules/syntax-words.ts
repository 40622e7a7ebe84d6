import type { Remedy } from "../../checks/check.ts";
import { code, listed, shellPath, titleWith } from "../../checks/text.ts";
import { reason, unknown } from "../../checks/words.ts";
import type { Problem } from "../read/tree.ts";
import type { Setup } from "../setup.ts";

/** What a file is, as far as its name and content tell. */
export type FileKind = "config" | "registration" | "unit" | "workflow";

interface InvalidYaml {
	readonly file: string;
	readonly kind: FileKind;
	readonly problem: Problem;
}

interface Unreadable {
	readonly file: Setup["others"][number];
}

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
	unreadable: reason<Unreadable>({
		level: "fail",
		title: "A file is missing, unreadable or not a runner's file",
		headline: ({ file }) => {
			switch (file.kind) {
				case "absent":
					return titleWith("", nameOf(file.path), " does not exist");
				case "unreadable":
					return titleWith("No permission to read ", nameOf(file.path));
				case "other":
					return titleWith("", nameOf(file.path), " is not a runner's file");
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
						what: `${code(file.path)} is ${file.what}, not a file of Gitea's or Forgejo's runner.`,
						fix: { text: "Lint a `config.yaml`, a `.runner` or a systemd unit of a runner.", kind: "host" },
					};
			}
		},
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
	unit: "a systemd unit",
	workflow: "YAML",
};

const consequences: Readonly<Record<FileKind, string>> = {
	config: "The runner reads its configuration once, when it starts, and exits with `parse config file`.",
	registration: "Without its registration, the runner does not know its forge and takes no job.",
	unit: "systemd ignores the line, so the service does not do what the file says.",
	workflow: "The forge ignores a workflow that it cannot read, so none of its jobs runs.",
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
		case "unit":
			return {
				text: `Correct line ${line}, then let systemd read the unit again.`,
				commands: ["sudo systemctl daemon-reload"],
				kind: "host",
			};
		case "workflow":
			return { text: `Correct line ${line}.`, kind: "workflow" };
	}
}

function nameOf(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1);
}
