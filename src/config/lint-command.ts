import type { Host } from "../host/host.ts";
import { escaped } from "../render/json.ts";
import { harmless } from "../render/text.ts";
import { contextOf, placeOf } from "./check.ts";
import { excerptOf } from "./excerpt.ts";
import { lintFiles, type Mistake } from "./lint.ts";
import type { Loaded } from "./load.ts";
import { knownRunners, unservedJobs } from "./rules/runs-on.ts";
import { jobsWithSocketAndSecrets, socketLabels } from "./rules/untrusted-socket.ts";
import { requireRunnerVersion } from "./runner-version.ts";
import type { Problem } from "./tree.ts";

export interface LintOptions {
	/** Paths to lint; none: where runners keep their files. */
	readonly files: readonly string[];
	/** Version of the runner that reads the files, where it is not the one found on this machine. */
	readonly runnerVersion?: string;
	readonly format: "text" | "json";
	/** Which level makes the exit code 1. */
	readonly failOn: "fail" | "warn" | "never";
	readonly colour: boolean;
	/** Also print the commands that make annotations of the mistakes: in a job. */
	readonly annotate: boolean;
	/** Columns of the terminal. */
	readonly width: number;
	readonly signal: AbortSignal;
}

export interface LintOutcome {
	/** For stdout, with its last newline. Only `json` where that is the format. */
	readonly text: string;
	/** 0: as good as `failOn` asks; 1: mistakes; 2: nothing to lint. */
	readonly exitCode: 0 | 1 | 2;
	readonly mistakes: readonly Mistake[];
}

/**
 * `runner-check lint`: reads the files and says every mistake in them, with its line.
 * @throws ConfigurationError where the version is none.
 */
export async function runLint(host: Host, options: LintOptions): Promise<LintOutcome> {
	const { files, runnerVersion, format, failOn } = options;
	requireRunnerVersion(runnerVersion);
	const sources = { files, directory: host.cwd(), ...(runnerVersion && { runnerVersion }) };
	const { loadRunnerConfig } = await import("../more.ts");
	const loaded = await loadRunnerConfig(host, sources, options.signal);
	if (loaded.facts.files.length === 0 && loaded.workflows.length === 0) return nothing(format);
	const mistakes = [...lintFiles(loaded.facts, contextOf(loaded.facts)), ...(await lintWorkflows(loaded))];
	const isBad = mistakes.some(({ level }) => level === "fail" || failOn === "warn");
	return {
		text: format === "json" ? toJson(loaded, mistakes) : toText(loaded, mistakes, options),
		exitCode: failOn !== "never" && isBad ? 1 : 0,
		mistakes,
	};
}

/** Workflows that were named beside configurations: are their labels served, and is the socket safe from strangers? */
async function lintWorkflows({ facts, workflows, texts }: Loaded): Promise<readonly Mistake[]> {
	if (workflows.length === 0) return [];
	const { readWorkflow } = await import("../more.ts");
	const files = workflows.map((path) => readWorkflow(path, texts.get(path) ?? ""));
	const broken = files.flatMap((file) => (file.problem ? [brokenWorkflow(file.path, file.problem)] : []));
	const runners = knownRunners(facts, { files });
	const unserved = runners.length === 0 ? [] : unservedJobs(files, runners);
	return [...broken, ...unserved, ...jobsWithSocketAndSecrets(files, socketLabels(facts))];
}

function brokenWorkflow(file: string, { line, column, message }: Problem): Mistake {
	return {
		id: "config/syntax",
		reason: "invalid-yaml",
		level: "fail",
		file,
		line,
		column,
		message: `${file} cannot be read: ${message}`,
		why: "The forge ignores a workflow that it cannot read, so none of its jobs runs.",
		expected: "YAML",
		found: message,
		remedy: { text: `Mend line ${line}.`, kind: "workflow" },
	};
}

function nothing(format: "text" | "json"): LintOutcome {
	const text =
		format === "json"
			? `${JSON.stringify({ version: 1, files: [], mistakes: [] }, null, "\t")}\n`
			: "No configuration of a runner is where runners keep theirs. Name it: runner-check lint config.yaml\n";
	return { text, exitCode: 2, mistakes: [] };
}

/** The same for programs: every field of every mistake. */
function toJson({ facts, workflows }: Loaded, mistakes: readonly Mistake[]): string {
	const document = {
		version: 1,
		...(facts.runnerVersion && { runner: facts.runnerVersion }),
		files: [
			...facts.files.map(({ path, kind }) => ({ path, kind })),
			...workflows.map((path) => ({ path, kind: "workflow" })),
		],
		mistakes: mistakes.map(({ id, reason, level, file, line, column, ...rest }) => ({
			id,
			reason,
			level,
			file,
			line,
			column,
			...rest,
		})),
	};
	return `${escaped(JSON.stringify(document, null, "\t"))}\n`;
}

const colours = { fail: 31, warn: 33, quiet: 2, bold: 1 } as const;

function toText(loaded: Loaded, mistakes: readonly Mistake[], options: LintOptions): string {
	const paint = (text: string, colour: keyof typeof colours): string =>
		options.colour ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;
	const blocks = mistakes.map((mistake) => oneMistake(loaded, mistake, paint, options.width));
	const text = [...blocks, summaryOf(loaded, mistakes, paint)].join("\n");
	// Nor must it be taken for a command by the runner whose job this is.
	const lines = text.split("\n").map(harmless);
	return `${[...(options.annotate ? mistakes.map(annotation) : []), ...lines].join("\n")}\n`;
}

/** The command with which a job shows a mistake beside its file. Gitea keeps no annotations, so the text has the place too. */
function annotation(mistake: Mistake): string {
	const { id, reason, level, file, line, column, message } = mistake;
	const escaped = (text: string): string => printable(text).replace(/%/g, "%25");
	const property = (text: string): string => escaped(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
	const place = [
		`file=${property(file)}`,
		...(line === undefined ? [] : [`line=${line}`]),
		...(column === undefined ? [] : [`col=${column}`]),
		`title=${property(`${id} - ${reason}`)}`,
	];
	return `::${level === "fail" ? "error" : "warning"} ${place.join(",")}::${escaped(`${placeOf(mistake)}: ${message}`)}`;
}

type Paint = (text: string, colour: keyof typeof colours) => string;

function oneMistake({ facts, texts }: Loaded, mistake: Mistake, paint: Paint, width: number): string {
	const { id, reason, level, message, why, remedy, versions, file, line, column } = mistake;
	const lines = [
		`${printable(placeOf(mistake))}: ${paint(level, level)} ${paint(`${id}:${reason}`, "bold")}`,
		...wrap(printable(message), width - 2).map((part) => `  ${part}`),
	];
	const source = facts.files.find(({ path }) => path === file);
	// A workflow that cannot be read has anything there.
	const isLabel = id.startsWith("workflow/");
	const excerpt = line === undefined ? undefined : excerptOf(source, texts.get(file) ?? "", line, column ?? 1, isLabel);
	if (excerpt && line !== undefined) {
		const number = String(line);
		lines.push(
			"",
			`  ${paint(`${number} |`, "quiet")} ${printable(excerpt.text)}`,
			`  ${" ".repeat(number.length)} ${paint("|", "quiet")} ${" ".repeat(excerpt.mark)}${paint("^", level)}`,
		);
	}
	lines.push("", ...wrap(printable(why), width - 2).map((part) => `  ${part}`));
	if (versions !== undefined) lines.push(`  Holds for runners ${versions}.`);
	for (const way of [remedy, ...(remedy.otherwise ? [remedy.otherwise] : [])]) {
		lines.push(
			...wrap(`→ ${printable(way.text)}`, width - 2).map((part, index) => `  ${index === 0 ? "" : "  "}${part}`),
		);
		if (way.config) lines.push(...way.config.text.split("\n").map((part) => `      ${printable(part)}`));
		lines.push(...(way.commands ?? []).map((command) => `      $ ${printable(command)}`));
	}
	return `${lines.join("\n")}\n`;
}

function summaryOf({ facts, workflows }: Loaded, mistakes: readonly Mistake[], paint: Paint): string {
	const fails = mistakes.filter(({ level }) => level === "fail").length;
	const warns = mistakes.length - fails;
	const read = [...facts.files.map(({ path }) => path), ...workflows].map(printable).join(", ");
	const version = facts.runnerVersion
		? ` for runner ${printable(facts.runnerVersion.text)} (${printable(facts.runnerVersion.source)})`
		: "";
	if (mistakes.length === 0) return `${read}: nothing wrong${version}.`;
	const counts = [
		...(fails > 0 ? [paint(`${fails} to mend`, "fail")] : []),
		...(warns > 0 ? [paint(`${warns} to look at`, "warn")] : []),
	];
	return `${read}: ${counts.join(", ")}${version}.`;
}

/** What comes from a file must not steer the terminal. One sign for each character, so that columns hold. */
function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, "?");
}

function wrap(text: string, width: number): readonly string[] {
	const lines: string[] = [];
	let line = "";
	for (const word of text.split(/\s+/)) {
		if (line !== "" && line.length + word.length + 1 > width) {
			lines.push(line);
			line = word;
		} else line = line === "" ? word : `${line} ${word}`;
	}
	return line === "" ? lines : [...lines, line];
}
