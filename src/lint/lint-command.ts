import { listed } from "../checks/text.ts";
import { jobsWithoutLabels, knownRunners, unservedJobs, workflowRunsOn } from "../checks/workflow/runs-on.ts";
import { jobsWithSocketAndSecrets, workflowUntrustedSocket } from "../checks/workflow/untrusted-socket.ts";
import type { Host } from "../host/host.ts";
import { annotationOf } from "../render/annotations.ts";
import { escaped } from "../render/json.ts";
import { writeFix } from "../render/log.ts";
import { createLogWriter, type LogWriter } from "../render/log-text.ts";
import { storyOf } from "../render/view.ts";
import type { Result } from "../report/report.ts";
import { maskComposeLine } from "./compose/compose-line.ts";
import { composeRunners, lintCompose } from "./compose/lint.ts";
import { contextOf } from "./config-check.ts";
import { type Excerpt, excerptOf, excerptOfLine, type LinesOf, linesOfTexts } from "./excerpt.ts";
import type { Look } from "./fix/fix-files.ts";
import {
	changesIn,
	type Fixes,
	fixFields,
	fixText,
	makeFixes,
	type ShownResult,
	type WriteFixed,
} from "./fix/make-fixes.ts";
import { toJunit, toSarif } from "./formats.ts";
import { withoutIgnored } from "./ignores.ts";
import { type LintResult, lintFiles, lintResults, withDistinctTitles } from "./lint.ts";
import { type Posture, postureOf } from "./posture/posture.ts";
import { postureLines, postureNotes, rowForPrograms } from "./posture/posture-text.ts";
import { type LabelPowers, labelPowers } from "./posture/powers.ts";
import { printable } from "./printable.ts";
import { type Loaded, loadRunnerConfig } from "./read/load.ts";
import { requireRunnerVersion } from "./read/runner-version.ts";
import { readWorkflow } from "./read/workflow.ts";
import type { WorkflowFile } from "./read/workflow-facts.ts";
import { placeText } from "./rule.ts";
import { syntax, syntaxError } from "./rules/syntax.ts";
import { type Setup, setupsOf } from "./setup/setup.ts";
import { count, files } from "./setup/subjects.ts";

export const lintFormats = ["text", "json", "github", "sarif", "junit"] as const;
export type LintFormat = (typeof lintFormats)[number];

export interface LintOptions {
	/** Paths to lint; empty: where runners keep their files. */
	readonly files: readonly string[];
	/** Version of the runner that reads the files, if it is not the one found on this machine. */
	readonly runnerVersion?: string;
	readonly format: LintFormat;
	/** Which level makes the exit code 1. */
	readonly failOn: "fail" | "warn" | "never";
	readonly color: boolean;
	/** False: ASCII only. */
	readonly unicode: boolean;
	/** Make the fixes that are certain: how to write a file, or `show` what would be written. */
	readonly fix?: "show" | WriteFixed;
	/** Files that are not a runner's are no problem. */
	readonly skipOthers?: boolean;
	/** Also show what strangers reach. */
	readonly posture?: boolean;
	/** In a job: also print the commands that make annotations of the problems. */
	readonly annotate: boolean;
	/** Columns of the terminal. */
	readonly width: number;
	readonly signal: AbortSignal;
}

export interface LintOutcome {
	/** For stdout, with its last newline. */
	readonly text: string;
	/** 0: meets `failOn`; 1: problems; 2: nothing to lint. */
	readonly exitCode: 0 | 1 | 2;
	/** The problems in the shape of a report's results. */
	readonly results: readonly ShownResult[];
	/** With `fix`: files that could not be written, a sentence each. */
	readonly unwritten?: readonly string[];
}

/**
 * `runner-check lint`: reads the files and reports every problem in them with its line.
 * @throws ConfigurationError if the version is not one.
 */
export async function runLint(host: Host, options: LintOptions): Promise<LintOutcome> {
	requireRunnerVersion(options.runnerVersion);
	const first = await look(host, options);
	if (first.paths.length === 0) {
		const isFine = options.skipOthers && options.files.length > 0;
		return isFine ? allSkipped(options) : nothingToLint(options.format);
	}
	if (!options.fix) return outcomeOf(first, options);
	const fixes = await makeFixes(host, first, options.fix, (other) => look(other, options));
	// What is reported is what the files have now.
	return outcomeOf(fixes.isWritten ? await look(host, options) : first, options, fixes);
}

/** Files as they are, and what is wrong in them. */
interface Seen extends Look {
	readonly loaded: Loaded;
	readonly workflowFiles: readonly WorkflowFile[];
	readonly powers: readonly LabelPowers[];
	/** What is to be said about comments that ignore findings. */
	readonly ignoreNotes: readonly string[];
}

async function look(host: Host, options: LintOptions): Promise<Seen> {
	const { runnerVersion } = options;
	const skipOthers = options.skipOthers === true;
	const sources = { files: options.files, directory: host.cwd(), skipOthers, ...(runnerVersion && { runnerVersion }) };
	const loaded = await loadRunnerConfig(host, sources, options.signal);
	const { facts, composes, texts } = loaded;
	const ofRunner = lintFiles(facts, contextOf(facts));
	// The release of the image's tag decides, unless one was named.
	const ofCompose = lintCompose(composes, runnerVersion === undefined ? {} : { version: runnerVersion });
	const workflowFiles = readWorkflows(loaded);
	const powers = labelPowers(facts, composes);
	const ofWorkflows = lintWorkflows(loaded, workflowFiles, powers);
	const { results, notes: ignoreNotes } = withoutIgnored([...ofRunner, ...ofCompose, ...ofWorkflows], texts);
	return { loaded, texts, paths: pathsOf(loaded), results, workflowFiles, powers, ignoreNotes };
}

function outcomeOf(seen: Seen, options: LintOptions, fixes?: Fixes): LintOutcome {
	const { loaded, workflowFiles, powers } = seen;
	const { format, failOn } = options;
	const problems = withDistinctTitles(seen.results);
	// Without a workflow, nothing says what strangers reach.
	const posture = options.posture && workflowFiles.length > 0 ? postureOf(workflowFiles, powers) : undefined;
	const changes = changesIn(seen.texts);
	const linesOf = linesOfTexts(seen.texts);
	const shown = problems.map(({ edits, ...result }) => {
		const found = edits && changes(result.location?.file ?? "", edits);
		return withExcerpt(loaded, linesOf, { ...result, ...(found && { edits: found }) });
	});
	const results = shown.map(({ result }) => result);
	const notes = [
		...loaded.notes,
		...notesOn(loaded, workflowFiles),
		...(posture ? postureNotes(posture) : []),
		...(options.posture && !posture ? [noWorkflows] : []),
		...seen.ignoreNotes,
	];
	if (results.length === 0 && isNothingSeen(loaded, workflowFiles)) return nothingIn(loaded, notes, options);
	const isBad = results.some(({ status }) => status === "fail" || failOn === "warn");
	return {
		text: textIn(format, loaded, shown, notes, options, posture, fixes),
		exitCode: failOn !== "never" && isBad ? 1 : 0,
		results,
		...(fixes && { unwritten: fixes.unwritten }),
	};
}

const noWorkflows = "Not checked: what strangers reach, because no workflow was named.";

function textIn(
	format: LintFormat,
	loaded: Loaded,
	shown: readonly Shown[],
	notes: readonly string[],
	options: LintOptions,
	posture?: Posture,
	fixes?: Fixes,
): string {
	const linted = { files: pathsOf(loaded), results: shown.map(({ result }) => result) };
	switch (format) {
		case "text":
			return (fixes ? fixText(fixes) : "") + toText(loaded, shown, notes, posture, options);
		case "json":
			return toJson(loaded, linted.results, notes, posture, fixes);
		case "github":
			return linted.results.map((result) => `${annotationCommand(result)}\n`).join("");
		case "sarif":
			return escaped(toSarif(linted));
		case "junit":
			return toJunit(linted);
	}
}

function pathsOf({ facts, workflows, composes }: Loaded): readonly string[] {
	return [...facts.files.map(({ path }) => path), ...workflows, ...composes.map(({ path }) => path)];
}

function readWorkflows({ workflows, texts }: Loaded): readonly WorkflowFile[] {
	return workflows.map((path) => readWorkflow(path, texts.get(path) ?? ""));
}

/** What was not checked, so that "no problems" does not sound like more than it is. */
function notesOn({ facts, composes }: Loaded, workflows: readonly WorkflowFile[]): readonly string[] {
	const empty = setupsOf(facts).flatMap((setup) =>
		[setup.config, ...setup.units].filter(
			(file) => file && !("problem" in file && file.problem) && !isSeen(setup, file.path),
		),
	);
	const named = workflows.filter(({ jobs, problem }) => jobs.length > 0 && !problem).map(({ path }) => `\`${path}\``);
	const isUnknown = named.length > 0 && knownRunners(facts, { files: [] }).length === 0 && composes.length === 0;
	return [
		...empty.map((file) => `Not checked: \`${file?.path}\`, which has no settings.`),
		...workflows
			.filter(({ jobs, problem }) => jobs.length === 0 && !problem)
			.map(({ path }) => `Not checked: \`${path}\`, which has no jobs.`),
		...(isUnknown
			? [
					`Not checked: the labels in ${listed(named)}, because no linted file has those of a runner. Name its \`config.yaml\` or \`.runner\` as well.`,
				]
			: []),
	];
}

function isSeen(setup: Setup, path: string): boolean {
	return files.seen(setup).some(({ source }) => source === path);
}

function isNothingSeen({ facts, composes }: Loaded, workflows: readonly WorkflowFile[]): boolean {
	return (
		composes.length === 0 &&
		setupsOf(facts).every((setup) => files.seen(setup).length === 0) &&
		workflows.every(({ jobs }) => jobs.length === 0)
	);
}

/** Workflows that were named as well: do their labels have runners, and is the socket safe from pull requests? */
function lintWorkflows(
	{ facts, composes }: Loaded,
	files: readonly WorkflowFile[],
	powers: readonly LabelPowers[],
): readonly LintResult[] {
	const broken = [
		...files.flatMap(({ path, problem }) => (problem ? [syntaxError(path, "workflow", problem)] : [])),
		...composes.flatMap(({ path, problem }) => (problem ? [syntaxError(path, "compose", problem)] : [])),
	];
	const runners = [...knownRunners(facts, { files }), ...composeRunners(composes)];
	const unserved = runners.length === 0 ? [] : unservedJobs(files, runners);
	return [
		...lintResults(syntax, broken),
		...lintResults(workflowRunsOn, [...unserved, ...jobsWithoutLabels(files)]),
		...lintResults(workflowUntrustedSocket, jobsWithSocketAndSecrets(files, powers)),
	];
}

interface Shown {
	readonly result: ShownResult;
	readonly excerpt: Excerpt | undefined;
}

/** The line that a problem is in is its evidence. */
function withExcerpt({ facts }: Loaded, linesOf: LinesOf, result: ShownResult): Shown {
	const { id, location } = result;
	if (location?.line === undefined) return { result, excerpt: undefined };
	if (id.startsWith("compose/")) return withComposeExcerpt(linesOf, result);
	const file = facts.files.find(({ path }) => path === location.file);
	// A workflow that cannot be read can hold anything there.
	const isLabel = id.startsWith("workflow/");
	const excerpt = excerptOf(file, linesOf(location.file), location.line, location.column ?? 1, isLabel);
	const evidence = excerpt ? [{ source: placeText(location), text: excerpt.text.trim() }] : [];
	return { result: { ...result, evidence }, excerpt };
}

/** The same for a line of a compose file, or of one that belongs to it. */
function withComposeExcerpt(linesOf: LinesOf, result: ShownResult): Shown {
	const { location } = result;
	const excerpt =
		location?.line === undefined
			? undefined
			: excerptOfLine(linesOf(location.file), location.line, location.column ?? 1, maskComposeLine);
	const evidence = excerpt && location ? [{ source: placeText(location), text: excerpt.text.trim() }] : [];
	return { result: { ...result, evidence }, excerpt };
}

/** Every file is empty: like no file at all, except that each is named. */
function nothingIn(loaded: Loaded, notes: readonly string[], options: LintOptions): LintOutcome {
	const text =
		options.format === "text"
			? notes.map((note) => `${printable(note)}\n`).join("")
			: textIn(options.format, loaded, [], notes, options);
	return { text, exitCode: 2, results: [] };
}

/** None of the named files is a runner's, and that is fine. */
function allSkipped({ files, format }: LintOptions): LintOutcome {
	const said = { text: `No file of a runner among ${count(files.length, "file")}.\n`, github: "" };
	return { text: emptyIn(format, said), exitCode: 0, results: [] };
}

function nothingToLint(format: LintFormat): LintOutcome {
	const said = "There is no runner configuration where runners keep it. Name the file: runner-check lint config.yaml\n";
	return { text: emptyIn(format, { text: said, github: said }), exitCode: 2, results: [] };
}

/** A document without files, or what is said to people. */
function emptyIn(format: LintFormat, said: Readonly<Record<"text" | "github", string>>): string {
	const nothing = { files: [], results: [] };
	switch (format) {
		case "text":
		case "github":
			return said[format];
		case "json":
			return `${JSON.stringify({ version: 1, ...nothing }, null, "\t")}\n`;
		case "sarif":
			return toSarif(nothing);
		case "junit":
			return toJunit(nothing);
	}
}

function toJson(
	{ facts, workflows, composes }: Loaded,
	results: readonly Result[],
	notes: readonly string[],
	posture?: Posture,
	fixes?: Fixes,
): string {
	const document = {
		version: 1,
		...(facts.runnerVersion && { runner: facts.runnerVersion }),
		files: [
			...facts.files.map(({ path, kind }) => ({ path, kind })),
			...workflows.map((path) => ({ path, kind: "workflow" })),
			...composes.map(({ path }) => ({ path, kind: "compose" })),
		],
		results,
		...(fixes && fixFields(fixes)),
		...(posture && { posture: posture.rows.map(rowForPrograms), closed: posture.closed }),
		...(notes.length > 0 && { notes }),
	};
	return `${escaped(JSON.stringify(document, null, "\t"))}\n`;
}

function toText(
	loaded: Loaded,
	shown: readonly Shown[],
	notes: readonly string[],
	posture: Posture | undefined,
	{ color, unicode, width, annotate }: LintOptions,
): string {
	const log = createLogWriter({ width, unicode, color: color, groups: false });
	for (const one of shown) writeProblem(log, one);
	log.text(
		summaryOf(
			loaded,
			shown.map(({ result }) => result),
		),
	);
	if (posture) {
		log.gap();
		for (const line of postureLines(posture)) log.verbatim(printable(line), 0);
	}
	for (const note of notes) log.text(note);
	const annotations = annotate ? shown.map(({ result }) => `${annotationCommand(result)}\n`) : [];
	return [...annotations, log.toString()].join("");
}

function writeProblem(log: LogWriter, { result, excerpt }: Shown): void {
	const { id, reason, status, title, location, remedy } = result;
	const [level, style] = status === "warn" ? (["warning", "yellow"] as const) : (["error", "red"] as const);
	const place = location ? `${printable(placeText(location))}: ` : "";
	log.verbatim(`${place}${level}: ${printable(title)} [${id}:${reason}]`, 0, style);
	if (excerpt && location?.line !== undefined) {
		const number = String(location.line);
		log.verbatim(`${number} | ${printable(excerpt.text)}`, 2, "dim");
		log.verbatim(`${" ".repeat(number.length)} | ${" ".repeat(excerpt.mark)}^`, 2, style);
	}
	log.text(storyOf(result), { prefix: "  " });
	if (remedy) writeFix(log, remedy);
	log.gap();
}

/** The command with which a job shows a problem next to its file. */
function annotationCommand(result: Result): string {
	const { level, message, properties } = annotationOf(result, true);
	const data = (text: string): string => printable(text, "\n").replace(/%/g, "%25").replace(/\n/g, "%0A");
	const property = (text: string): string => data(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
	const { title, file, startLine, startColumn } = properties;
	const place = [
		...(file === undefined ? [] : [`file=${property(file)}`]),
		...(startLine === undefined ? [] : [`line=${startLine}`]),
		...(startColumn === undefined ? [] : [`col=${startColumn}`]),
		...(title === undefined ? [] : [`title=${property(title)}`]),
	];
	return `::${level} ${place.join(",")}::${data(message)}`;
}

function summaryOf(loaded: Loaded, results: readonly Result[]): string {
	const errors = results.filter(({ status }) => status === "fail").length;
	const warnings = results.length - errors;
	const files = pathsOf(loaded).join(", ");
	const { runnerVersion: runner } = loaded.facts;
	const version = runner ? ` for runner ${runner.text} (${runner.source})` : "";
	const counts = [
		...(errors > 0 ? [`${errors} error${errors === 1 ? "" : "s"}`] : []),
		...(warnings > 0 ? [`${warnings} warning${warnings === 1 ? "" : "s"}`] : []),
	];
	return `${files}: ${counts.length === 0 ? "no problems found" : counts.join(", ")}${version}.`;
}
