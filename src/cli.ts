#!/usr/bin/env node
/** Entry of the terminal: the same engine, policy and check ids as the action. Exit codes: 0, 1 findings, 2 usage, 3 internal error. */
import { promises as fs } from "node:fs";
import { join } from "node:path";
import { checkRunner } from "./check-runner.ts";
import { type Arguments, parseArguments, UsageError } from "./cli/arguments.ts";
import { diffReports } from "./cli/diff.ts";
import { type Docs, explain } from "./cli/explain.ts";
import { policyFor } from "./cli/init.ts";
import { renderList } from "./cli/list.ts";
import { byItself, byPolicy, type Replay } from "./cli/replay.ts";
import { renderPolicy } from "./cli/show-policy.ts";
import { usage } from "./cli/usage.ts";
import { createRealHost } from "./host/real-host.ts";
import { type Inputs, inputNames, type Resolved, resolveInputs } from "./inputs.ts";
import { ConfigurationError, isConfigurationError, type Mistake } from "./mistake.ts";
import { sharpen } from "./policy/requirements.ts";
import { plainText } from "./render/text.ts";
import { createRedactor } from "./report/redact.ts";
import type { Report } from "./report/report.ts";
import { exitCodeOf } from "./report/verdict.ts";
import { type FailOn, type Format, formats as knownFormats } from "./request.ts";
import { version } from "./version.ts";

/** Command -> its flags; the first is the default. The flags of `check` are the action's inputs. */
const checkFlags = inputNames.filter((name) => name !== "formats" && name !== "summary");
const commands = {
	check: [...checkFlags, "format"],
	list: ["format"],
	explain: [],
	policy: ["profile", "policy"],
	init: [...checkFlags, "runner", "runner-version"],
	replay: ["policy", "profile", "format", "fail-on"],
	diff: [],
	lint: ["runner-version", "format", "fail-on"],
};

const takesNoWords = ["check", "list", "policy", "init"];

main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(error: unknown) => {
		const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
		process.stderr.write(`runner-check: this is a bug in runner-check: ${plainText(text)}\n`);
		process.exit(3);
	},
);

async function main(argv: readonly string[]): Promise<number> {
	if (argv[0] === "help" || argv.includes("--help") || argv.includes("-h")) return print(usage(commands));
	if (argv[0] === "--version") return print(`${version}\n`);
	try {
		return await run(parseArguments(argv, commands));
	} catch (error) {
		if (!(error instanceof UsageError) && !isConfigurationError(error)) throw error;
		process.stderr.write(`runner-check: ${plainText(redacted(error.message)).replace(/input `/g, "`--")}\n`);
		return 2;
	}
}

/** A mistake shows what was found. A line each, as the redactor bounds what it is given. */
function redacted(mistakes: string): string {
	const { text } = createRedactor(process.env);
	return mistakes.split("\n").map(text).join("\n");
}

async function run({ command, words, flags }: Arguments): Promise<number> {
	const { allChecks } = await import("./judge.ts");
	if (words[0] !== undefined && takesNoWords.includes(command))
		throw new UsageError(`\`${command}\` takes no \`${words[0]}\`, only flags`);
	switch (command) {
		case "list":
			return print(renderList(allChecks, oneOf(flags.format ?? "text", ["text", "json"])));
		case "explain":
			return print(
				explain(
					only(words, "explain", "a check id, such as `docker/socket` or `docker/socket:missing`"),
					allChecks,
					await readDocs(),
				),
			);
		case "policy":
			return print(await effectivePolicy(flags));
		case "init":
			return flags.runner === undefined
				? print(policyFor(await checkHere(flags)))
				: initRunner(flags.runner, flags["runner-version"]);
		case "replay":
			return replayReport(only(words, "replay", "the path of a report"), flags);
		case "diff":
			return diff(words);
		case "lint":
			return lint(words, flags);
		default: {
			const { format = "text", ...inputs } = flags;
			const report = await checkHere(inputs);
			return show(report, format, failOnOf(flags));
		}
	}
}

async function resolveFlags(inputs: Readonly<Record<string, string>>): Promise<Resolved> {
	const host = createRealHost(process.env);
	const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ""));
	return resolveInputs(given as Inputs, {
		host,
		decideProfile: async (token, timeoutMs, file) => {
			const { decideProfile } = await import("./policy/auto-profile.ts");
			return decideProfile(host, token, timeoutMs, file);
		},
		loadChecks: () => import("./checks/known-checks.ts"),
		defaultReportDir: undefined,
	});
}

async function effectivePolicy(flags: Readonly<Record<string, string>>): Promise<string> {
	const { policy, workspace } = (await resolveFlags(flags)).request;
	return renderPolicy(await sharpen(policy, createRealHost(process.env), workspace));
}

/** Checks this machine, and writes the report if a flag names a directory for it. */
async function checkHere(inputs: Readonly<Record<string, string>>): Promise<Report> {
	const { request, ...decided } = await resolveFlags(inputs);
	const progress = startProgress();
	const report = await checkRunner(createRealHost(process.env), request, {
		...decided,
		...(progress && { onWaiting: progress.show }),
	});
	progress?.clear();
	if (request.reportDir !== undefined) await keep(report, request.reportDir);
	return report;
}

/** Writes the report into a directory. Where that fails the verdict still stands, and is still printed. */
async function keep(report: Report, directory: string): Promise<void> {
	const { reportFormats, writeReport } = await import("./judge.ts");
	const { file, render } = reportFormats.json;
	const text = render(report);
	try {
		writeReport(directory, file, text);
	} catch (error) {
		const message = `could not write ${join(directory, file)}: ${String(error)}`;
		process.stderr.write(`runner-check: ${plainText(redacted(message))}\n`);
	}
}

async function replayReport(path: string, flags: Readonly<Record<string, string>>): Promise<number> {
	const { format = "text", policy, profile } = flags;
	const { forForeignFacts, mistakeInExpectations, mistakeInHead } = await import("./cli/read-report.ts");
	const report = await loadReport(path);
	refuse(mistakeInExpectations(path, report.expectations));
	const by = policy === undefined && profile === undefined ? byItself(report) : await byFlags(report, policy, profile);
	const { expectations, ...decided } = by;
	const { facts, started, duration_ms } = report;
	const { judgeFacts, loadChecks } = await import("./judge.ts");
	const checks = await loadChecks(expectations, "runner-config" in facts || "workflows" in facts);
	const moment = { started, duration_ms, ...decided };
	const again = judgeFacts(checks.map(forForeignFacts), facts, expectations, moment);
	refuse(mistakeInHead(path, again));
	return show(again, format, failOnOf(flags));
}

/** @throws ConfigurationError if there is a mistake. */
function refuse(mistake: Mistake | undefined): void {
	if (mistake) throw new ConfigurationError([mistake]);
}

async function byFlags(report: Report, policy: string | undefined, profile = report.profile.name): Promise<Replay> {
	const { request, policyFile } = await resolveFlags({ profile, ...(policy !== undefined && { policy }) });
	return byPolicy(report, request.policy, policyFile);
}

async function diff(words: readonly string[]): Promise<number> {
	const [first, second, ...more] = words;
	if (first === undefined || second === undefined || more.length > 0)
		throw new UsageError("`diff` takes the paths of two reports");
	const [a, b] = await Promise.all([loadReport(first), loadReport(second)]);
	const text = diffReports(a, b);
	print(text);
	return text === "" ? 0 : 1;
}

/** Prints a configuration for a runner with these labels. What is wrong with the labels is said, too. */
async function initRunner(labels: string, runnerVersion: string | undefined): Promise<number> {
	const { runnerTemplate } = await import("./checks/rare-checks.ts");
	const { text, mistakes } = await runnerTemplate(
		labels.split(",").map((label) => label.trim()),
		runnerVersion,
	);
	print(text);
	for (const { id, reason, message } of mistakes)
		process.stderr.write(`runner-check: ${id}:${reason}: ${plainText(message)}\n`);
	return mistakes.some(({ level }) => level === "fail") ? 1 : 0;
}

async function lint(files: readonly string[], flags: Readonly<Record<string, string>>): Promise<number> {
	const { runLint } = await import("./checks/rare-checks.ts");
	const runnerVersion = flags["runner-version"];
	const { text, exitCode } = await runLint(createRealHost(process.env), {
		files,
		...(runnerVersion !== undefined && { runnerVersion }),
		format: oneOf(flags.format ?? "text", ["text", "json"]),
		failOn: failOnOf(flags),
		colour: wantsColour(),
		annotate: process.env.GITHUB_ACTIONS === "true",
		width: terminalWidth(),
		signal: AbortSignal.timeout(10_000),
	});
	print(text);
	return exitCode;
}

function failOnOf(flags: Readonly<Record<string, string>>): FailOn {
	return oneOf(flags["fail-on"] ?? "fail", ["fail", "warn", "never"], "fail-on");
}

async function show(report: Report, format: string, failOn: FailOn): Promise<number> {
	print(await render(report, oneOf(format, ["text", "lines", ...knownFormats])));
	return exitCodeOf(report.verdict, failOn);
}

async function render(report: Report, format: "text" | "lines" | Format): Promise<string> {
	const { renderLines, renderLog, reportFormats } = await import("./judge.ts");
	if (format === "lines") return renderLines(report);
	if (format !== "text") return reportFormats[format].render(report);
	const { env } = process;
	return renderLog(report, {
		width: terminalWidth(),
		unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ""),
		colour: wantsColour(),
		groups: false,
	});
}

function terminalWidth(): number {
	return Math.max(40, Math.min(process.stdout.columns ?? 100, 120));
}

/** NO_COLOR and FORCE_COLOR as https://no-color.org and Node take them; else colour is for terminals. */
function wantsColour(): boolean {
	const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
	if (NO_COLOR) return false;
	if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
	return Boolean(process.stdout.isTTY) && TERM !== "dumb";
}

/** Says on a terminal what is being waited for: a silent program looks like a hung one. */
function startProgress(): { show: (names: readonly string[]) => void; clear: () => void } | undefined {
	const { stderr } = process;
	if (!stderr.isTTY) return undefined;
	return {
		show: (names) => stderr.write(`\r\u001b[Kwaiting for ${names.join(", ").slice(0, 60)} …`),
		clear: () => stderr.write("\r\u001b[K"),
	};
}

function print(text: string): 0 {
	process.stdout.write(text);
	return 0;
}

function oneOf<const T extends string>(text: string, allowed: readonly T[], flag = "format"): T {
	const found = allowed.find((value) => value === text);
	if (found === undefined)
		throw new UsageError(`the flag \`--${flag}\`: found \`${text}\`; allowed: ${allowed.join(", ")}`);
	return found;
}

function only(words: readonly string[], command: string, what: string): string {
	const [word, ...more] = words;
	if (word === undefined || more.length > 0) throw new UsageError(`\`${command}\` takes ${what}, and only one`);
	return word;
}

/** @throws UsageError where the file cannot be read, ConfigurationError where it holds no report. */
async function loadReport(path: string): Promise<Report> {
	const { maxReportSize, readReport } = await import("./cli/read-report.ts");
	const report = readReport(path, await readFile(path, maxReportSize));
	if ("place" in report) throw new ConfigurationError([report]);
	return report;
}

/** @throws UsageError where the file cannot be read. */
async function readFile(path: string, maxSize: number): Promise<string> {
	const file = await createRealHost(process.env).readText(path, maxSize + 1);
	if (file.kind === "ok") return file.value;
	throw new UsageError(`${path} ${file.kind === "absent" ? "does not exist" : `cannot be read (${file.code})`}`);
}

async function readDocs(): Promise<Docs> {
	return JSON.parse(await fs.readFile(join(__dirname, "docs.json"), "utf8"));
}
