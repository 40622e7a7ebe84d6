import actionYml from "../../action.yml";
import type { InputName } from "../inputs.ts";
import { switches } from "./arguments.ts";
import { wrap } from "./wrap.ts";

/** A command as its help describes it. */
interface Command {
	/** What follows the command's name: `ID[:REASON]`. */
	readonly words: string;
	readonly summary: string;
	/** More about it, a paragraph each. */
	readonly more?: readonly string[];
	/** Descriptions of flags that are not inputs of the action, or mean something else here. */
	readonly flags?: Readonly<Record<string, string>>;
}

const inputs = (actionYml as { readonly inputs: Readonly<Record<InputName, { readonly description: string }>> }).inputs;

const reportFormat =
	"How to print the report: `text`, `lines` (one line for each finding), `json`, `markdown`, `html`, `junit` or `prometheus`. Default: `text`.";
const outputFile =
	"File for the report, instead of stdout. It is replaced at once: nobody reads a part of it, nor does a textfile collector.";
const workspaceUse =
	"Whether files of the workspace say what is expected: `use` or `ignore`, as the runner's hooks do. Default: `use`.";
const runnerVersion = "Version of the runner that reads the files, such as `3.3.0`. Default: the one on this machine.";

const commands: Readonly<Record<string, Command>> = {
	check: {
		words: "",
		summary: "checks this machine and prints the report",
		flags: { workspace: workspaceUse, format: reportFormat, output: outputFile },
	},
	list: {
		words: "",
		summary: "prints every check with its reasons",
		flags: { format: "`text` or `json`. Default: `text`." },
	},
	explain: {
		words: "AREA | ID[:REASON]",
		summary: "explains a check, one of its reasons, or all checks of an area",
		more: [
			"Examples: `explain docker`, `explain docker/socket`, `explain docker/socket:missing`, `explain not-applicable`.",
		],
	},
	policy: {
		words: "",
		summary: "prints what a profile expects, and which line of which file says so",
	},
	init: {
		words: "",
		summary: "prints a policy that expects what this machine has",
		more: ["With `--runner`, it prints a `config.yaml` for a runner with these labels instead."],
		flags: {
			runner: "Labels, separated by commas: `titan:host,builder:docker://image:1`.",
			"runner-version": runnerVersion,
		},
	},
	replay: {
		words: "REPORT",
		summary: "judges a recorded report again",
		flags: { format: reportFormat, output: outputFile },
	},
	diff: {
		words: "REPORT REPORT",
		summary: "prints the differences between two reports, or between the start and the end of a job",
		more: ["The second one may be the `after.json` of the first. Exit code 1: something differs, or gave out."],
	},
	after: {
		words: "REPORT",
		summary: "looks at this machine again, and says whether it made a job fail since the report",
		more: ["REPORT is the `report.json` of the start. The exit code is 0, whatever it says."],
		flags: {
			format: "`text` or `json`. Default: `text`.",
			timeout: "Deadline of the look: `500ms`, `10s`. Default: `10s`.",
		},
	},
	fleet: {
		words: "DIR…",
		summary: "reads folders of reports and tells which runner is healthy, sick, silent or different",
		more: [
			"Exit code 0: the fleet is healthy or degraded. The workflow action `fortemi/runner-check/fleet@v1` reads runs of the health check instead of folders.",
		],
		flags: {
			format: "How to print the fleet: `text`, `json`, `markdown`, `html` or `prometheus`. Default: `text`.",
			policy:
				"Path of a policy file, whose `fleet.runners` are expected. Default: `.gitea/runner-check.yml`, else `.github/runner-check.yml`, if it exists in the workspace.",
			"max-age": "Age from which on a runner without a newer report is silent. Default: the policy's, else `26h`.",
			now: "The time to judge by, such as `2026-11-24T06:00:00Z`. Default: now.",
			out: "Directory to write the fleet into, in every format: `fleet.json`, `fleet.html`, `fleet.md`, `fleet.prom`.",
		},
	},
	lint: {
		words: "[FILE|FOLDER|PATTERN…]",
		summary: "checks a runner's config.yaml, .runner, systemd units, compose files and workflows",
		more: [
			"Without FILE, it looks where runners keep their files. `-` is standard input. Of a folder, it reads the files of runners at any depth, except in `node_modules` and `.git`. A pattern such as `'deploy/**/*.yml'` needs no shell that expands it.",
		],
		flags: {
			"runner-version": runnerVersion,
			format: "`text`, `json`, `github`, `sarif` or `junit`. Default: `text`.",
			"skip-others":
				"Skips named files that are not a runner's, such as compose files of other programs, instead of reporting them. Exit code 0 if no file is left.",
			fix: "Writes the fixes that are certain into the files, and reports what is left. A secret, an image, or what a person has to decide is never changed.",
			"dry-run": "With `--fix`: writes nothing, and shows what it would change as a unified diff.",
			posture:
				"Also shows what strangers reach: which event that anyone can cause starts which job, on which label, and what that gives.",
		},
	},
};

const exitCodes =
	"Exit code: 0 meets --fail-on, 1 findings, 2 usage or policy error (a missing file too), 3 internal error.";

/** The help of the whole program. @param width Columns of the terminal. */
export function help(width: number): string {
	const rows = Object.entries(commands).map(([name, { words, summary }]) => {
		const head = `  ${`runner-check ${name} ${words}`.trimEnd()}`;
		return `${head}\n${wrap(summary, width, "      ")}`;
	});
	return `${[
		wrap(
			"runner-check checks that this machine is a correctly configured runner. `check` is the default command.",
			width,
		),
		rows.join("\n"),
		wrap("`runner-check COMMAND --help` describes the flags of a command. `--version` prints the version.", width),
		wrap(exitCodes, width),
	].join("\n\n")}\n`;
}

/** The help of one command. @param flags The flags that it takes. */
export function helpFor(name: string, flags: readonly string[], width: number): string {
	const { words, summary, more = [], flags: own = {} } = commands[name] ?? { words: "", summary: "" };
	const described = flags.map((flag) => {
		const text = own[flag] ?? inputs[flag as InputName]?.description ?? "";
		return `  --${flag}${switches.has(flag) ? "" : " VALUE"}\n${wrap(text, width, "      ")}`;
	});
	return `${[
		`runner-check ${name} ${words}${flags.length > 0 ? " [FLAG…]" : ""}`.replace(/ +/g, " ").trimEnd(),
		wrap(`${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`, width, "  "),
		...more.map((text) => wrap(text, width, "  ")),
		...(described.length > 0 ? [`Flags\n${described.join("\n")}`] : []),
		wrap(exitCodes, width),
	].join("\n\n")}\n`;
}
