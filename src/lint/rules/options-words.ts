import type { Remedy } from "../../checks/check.ts";
import { stopsContainers } from "../../checks/docker/situation.ts";
import { code, cut, titleWith, yamlValue } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { OptionProblem } from "../read/read-options.ts";
import { onlyIn } from "../rule.ts";
import { configLines, isHidden, restartDocker } from "./fixes.ts";
import { mountWords } from "./options-mount-words.ts";

interface UnterminatedQuote {
	readonly what: "'" | '"' | "\\";
	/** The quote is in a line that begins with `#`. */
	readonly inComment: boolean;
}

/** Something that the runner cannot read in the options. */
export type UnknownFlag =
	| Exclude<OptionProblem, { kind: "unterminated" }>
	| { readonly kind: "refused"; readonly flag: string }
	| { readonly kind: "too-new"; readonly flag: string; readonly since: string; readonly version: string };

interface IgnoredNetwork {
	readonly file: string;
	/** As written: `--network`, `--net`. */
	readonly flag: string;
	readonly network: string;
}

interface Stripped {
	readonly file: string;
	/** `--gpus` */
	readonly flag: string;
	/** What is lost: `--privileged` itself, GPUs, or something else. */
	readonly kind: "privileged" | "gpu" | "other";
	/** The releases that drop the option, if this runner's is unknown. */
	readonly versions: string | undefined;
}

interface ReadOnlyRoot {
	readonly file: string;
	/** The options without it. */
	readonly options: string;
}

interface NoexecTmpfs {
	readonly file: string;
	readonly target: string;
	/** `/tmp:exec` */
	readonly fixed: string;
	/** All options, with that value. */
	readonly options: string;
}

interface NotExpanded {
	readonly file: string;
	readonly key: string;
	/** `${HOME}` */
	readonly variable: string;
}

export const intro =
	"Splits `container.options` as the runner does (spaces and newlines separate, quotes work as in a shell, there are no comments), reads the words as options of `docker create`, and compares each mount with `valid_volumes` and `docker_host`.";

const jobsFail = "Every job fails while its container is created, before the first step";

export const words = {
	"unterminated-quote": reason<UnterminatedQuote>({
		level: "fail",
		title: "`container.options` has an unterminated quote",
		headline: ({ what }) =>
			what === "\\" ? "`container.options` ends in a backslash" : "`container.options` has an unterminated quote",
		why: ({ what }) => `${jobsFail}: \`Cannot split container options: … '${parserErrors[what]}'\`.`,
		expected: ({ what }) => (what === "\\" ? "a character after the backslash" : "a closing quote"),
		tell: ({ what, inComment }) => ({
			what:
				what === "\\"
					? "Nothing follows the backslash in `container.options`."
					: `A ${what === "'" ? "single" : "double"} quote in \`container.options\` is never closed.`,
			fix: {
				text: fixQuote(what, inComment),
				kind: "runner",
			},
		}),
	}),

	"unknown-flag": reason<UnknownFlag>({
		level: "fail",
		title: "The runner cannot read an option",
		headline: headlineUnknown,
		why: (seen) => {
			if (seen.kind === "bad-value" && /^(?:-v|--volume)$/.test(seen.flag)) {
				return "The runner leaves out such a mount, or the job fails while its container is created.";
			}
			return `${jobsFail}${seen.kind === "unknown" ? `: \`Cannot parse container options: … 'unknown flag: ${cut(seen.flag, 40)}'\`` : ""}.`;
		},
		expected: (seen) => {
			switch (seen.kind) {
				case "unknown":
					return seen.meant === undefined ? "an option of `docker create`" : code(seen.meant);
				case "no-value":
					return `a value after ${code(seen.flag)}`;
				case "bad-value":
					return seen.expected;
				case "refused":
					return "`container.docker_host`";
				case "too-new":
					return `runner ${seen.since} or later`;
			}
		},
		tell: (seen) => ({ what: whatUnknown(seen), fix: fixUnknown(seen) }),
		more: "The runner stops at the first option that it cannot read, so options after it are not checked.",
	}),

	"ignored-network": reason<IgnoredNetwork>({
		level: "warn",
		title: "`--network` in `container.options` has no effect",
		headline: ({ flag }) => `\`${flag}\` in \`container.options\` has no effect`,
		why: "Jobs cannot reach what this option should make reachable.",
		expected: "the network in `container.network`",
		tell: ({ file, flag, network }) => ({
			what: `The runner ignores ${code(`${flag} ${cut(network)}`)} and chooses the network itself.`,
			fix: {
				text: "Remove the option, and name the network in `container.network`. With `host` or `bridge`, jobs cannot reach service containers by name.",
				config: configLines(file, `container:\n  network: ${yamlValue(network)}`),
				kind: "runner",
			},
		}),
	}),

	"read-only-root": reason<ReadOnlyRoot>({
		level: "fail",
		title: "A read-only job container cannot start a job",
		why: "The runner copies its files into every job container, and the engine refuses that: `container rootfs is marked read-only`. No job gets to its first step.",
		expected: "no `--read-only`",
		tell: ({ file, options }) => ({
			what: "`--read-only` in `container.options` makes the file system of every job container read-only.",
			fix: {
				text: "Remove the option. What jobs must not change can be a volume with `:ro`.",
				...(!isHidden(options) && { config: configLines(file, `container:\n  options: ${yamlValue(options)}`) }),
				kind: "runner",
			},
		}),
	}),

	"noexec-tmpfs": reason<NoexecTmpfs>({
		level: "warn",
		title: "A tmpfs keeps jobs from starting programs",
		headline: ({ target }) => titleWith("Jobs cannot start programs in ", target),
		why: "Docker mounts a tmpfs with `noexec`. What a job downloads or builds there fails with `Permission denied`.",
		expected: ({ fixed }) => code(cut(`--tmpfs ${fixed}`)),
		tell: ({ file, target, fixed, options }) => ({
			what: `\`container.options\` mounts a tmpfs on ${code(cut(target))} without \`exec\`.`,
			fix: {
				text: `Write ${code(cut(`--tmpfs ${fixed}`))}.`,
				...(!isHidden(options) && { config: configLines(file, `container:\n  options: ${yamlValue(options.trim())}`) }),
				kind: "runner",
			},
		}),
	}),

	"not-expanded": reason<NotExpanded>({
		level: "fail",
		title: "A variable in the configuration is not expanded",
		headline: ({ variable }) => titleWith("Nothing expands ", variable),
		why: ({ key, variable }) =>
			key === "container.options" || key === "container.valid_volumes"
				? `The runner reads no variables in its configuration, so Docker gets the text ${code(cut(variable))} itself. The mount is left out, or every job fails during setup.`
				: `The runner reads no variables in its configuration: it uses the text ${code(cut(variable))} itself.`,
		expected: "the value",
		tell: ({ key, variable }) => ({
			what: `${code(key)} contains ${code(cut(variable))}, which neither the runner nor Docker expands.`,
			fix: {
				text: "Write the value. Compose and shells expand variables in their own files only.",
				kind: "runner",
			},
		}),
		more: "Values of `runner.envs` are not reported: a `$` there may be wanted.",
	}),

	stripped: reason<Stripped>({
		level: "fail",
		title: "The runner drops an option",
		headline: ({ flag }) => titleWith("The runner drops ", flag, " from `container.options`"),
		why: ({ flag, kind, versions }) =>
			kind === "privileged"
				? "Nothing reports it. The containers are not privileged, and what needs that (Docker in Docker) fails inside the job."
				: `The job's setup log says \`container option "${flag}" is not allowed when privileged mode is disabled and will be ignored\`. The job then starts without ${kind === "gpu" ? "a GPU and finds no `nvidia-smi`" : "it"}.${onlyIn(versions)}`,
		expected: ({ kind }) =>
			kind === "privileged"
				? "`container.privileged: true`, or no `--privileged`"
				: "a runner that keeps the options of its own configuration: 3.3.1 or later, or before 3.0.0",
		tell: ({ file, flag, kind, versions }) => ({
			what: `${versions === undefined ? "The" : "Depending on its release, the"} runner drops ${code(flag)} because \`container.privileged\` is not \`true\`.`,
			fix: fixStripped(file, kind),
		}),
		more: "Runners 3.0.0 to 3.3.0 drop all options that reach out of the container, even from their own configuration: `--gpus`, `--device`, `--runtime`, `--cap-add`, `--security-opt`, `--pid`, `--ipc`, `--sysctl` and others. Every release drops `--privileged`.",
	}),

	...mountWords,
};

const parserErrors = {
	"'": "Unterminated single-quoted string",
	'"': "Unterminated double-quoted string",
	"\\": "Unterminated backslash-escape",
};

function fixQuote(what: UnterminatedQuote["what"], inComment: boolean): string {
	if (inComment) {
		return "Move the comment out of the value. Options have no comments: `#` is a word like any other, and quotes after it count.";
	}
	if (what === "\\") return "Remove the backslash, or write the character that it should escape.";
	return "Close the quote, or escape it with a backslash.";
}

function headlineUnknown(seen: UnknownFlag): string {
	switch (seen.kind) {
		case "unknown":
			return titleWith("Unknown option ", seen.flag);
		case "no-value":
			return titleWith("The option ", seen.flag, " has no value");
		case "bad-value":
			return titleWith("The value of ", seen.flag, " is invalid");
		case "refused":
			return titleWith("The runner refuses ", seen.flag);
		case "too-new":
			return titleWith("The option ", seen.flag, ` needs runner ${seen.since}`);
	}
}

function whatUnknown(seen: UnknownFlag): string {
	const flag = code(cut(seen.flag));
	switch (seen.kind) {
		case "unknown":
			return `${flag} in \`container.options\` is not an option of \`docker create\`.${seen.meant === undefined ? "" : ` Did you mean ${code(seen.meant)}?`}`;
		case "no-value":
			return `${flag} at the end of \`container.options\` has no value.`;
		case "bad-value":
			return `The runner cannot read ${code(cut(seen.value))} as the value of ${flag}.`;
		case "refused":
			return `The runner refuses ${flag} in \`container.options\`.`;
		case "too-new":
			return `Runner ${seen.version} does not know ${flag} yet: it was added in ${seen.since}.`;
	}
}

function fixUnknown(seen: UnknownFlag): Remedy {
	const kind = "runner";
	switch (seen.kind) {
		case "unknown":
			return seen.meant === undefined
				? { text: "Remove the option. Only options of `docker create` are allowed here.", kind }
				: { text: `Write ${code(seen.meant)}.`, kind };
		case "no-value":
			return { text: "Write the value after the option, or remove the option.", kind };
		case "bad-value":
			return { text: `Write ${seen.expected}.`, kind };
		case "refused":
			return {
				text: "Remove the option. The runner mounts the socket itself, unless `container.docker_host` forbids it.",
				kind,
			};
		case "too-new":
			return {
				text: "Remove the option.",
				kind,
				otherwise: { text: `Upgrade the runner to ${seen.since} or later.`, kind: "host" },
			};
	}
}

function fixStripped(file: string, kind: Stripped["kind"]): Remedy {
	const makePrivileged =
		"If jobs need it, and every job of this runner may be root on the machine, set `container.privileged` to `true`.";
	if (kind === "privileged") {
		return {
			text: "Remove the option: the runner drops it, so nothing changes.",
			kind: "runner",
			otherwise: { text: makePrivileged, kind: "runner" },
		};
	}
	return {
		text: "Upgrade the runner to 3.3.1 or later, which keeps the options of its own configuration.",
		kind: "host",
		otherwise:
			kind === "gpu"
				? {
						text: `Make the daemon give GPUs to every container: set \`nvidia\` as its default runtime, and name the GPUs in a variable, which no release drops. ${stopsContainers}`,
						config: configLines(file, "container:\n  options: --env NVIDIA_VISIBLE_DEVICES=all"),
						commands: ["sudo nvidia-ctk runtime configure --runtime=docker --set-as-default", restartDocker],
						kind: "host",
					}
				: { text: makePrivileged, kind: "runner" },
	};
}
