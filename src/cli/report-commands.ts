import { expanded } from "../checks/expanded.ts";
import { machineChecks } from "../checks/machine-checks.ts";
import { errnoText } from "../errno-text.ts";
import type { Host } from "../host/host.ts";
import { print, redacted, showsUnicode, terminalWidth, wantsColor } from "../host/terminal.ts";
import { workspaceOf } from "../host/workspace.ts";
import { parseTimeout } from "../inputs.ts";
import { judgeRedacted } from "../judge-report.ts";
import { ConfigurationError, type Mistake } from "../mistake.ts";
import type { Report } from "../report/report.ts";
import { UsageError } from "./arguments.ts";
import { resolveFlags } from "./check-command.ts";
import { type Flags, oneOf } from "./flags.ts";
import { byItself, byPolicy, type Replay } from "./replay.ts";
import { reportShower } from "./show-report.ts";

/** `replay`: judges the facts of an old report again. @throws ConfigurationError if the file is not a report. */
export async function replayReport(host: Host, path: string, flags: Flags): Promise<number> {
	const show = reportShower(host, flags);
	const { forForeignFacts, lintChecks, mistakeInExpectations, mistakeInHead } = await import("../more.ts");
	const report = await loadReport(host, path);
	refuse(mistakeInExpectations(path, report.expectations));
	const { expectations, ...decided } = await replayBy(host, report, flags);
	const { facts, started, duration_ms, id } = report;
	const checks = expanded([...machineChecks, ...lintChecks], expectations).map(forForeignFacts);
	const moment = { ...(id !== undefined && { id }), started, duration_ms, ...decided };
	const again = judgeRedacted(checks, facts, expectations, moment, host.env);
	refuse(mistakeInHead(path, again));
	return show(again);
}

/** @throws ConfigurationError if there is a mistake. */
function refuse(mistake: Mistake | undefined): void {
	if (mistake) throw new ConfigurationError([mistake]);
}

async function replayBy(host: Host, report: Report, { policy, profile }: Flags): Promise<Replay> {
	if (policy === undefined && profile === undefined) return byItself(report);
	const given = { profile: profile ?? report.profile.name, ...(policy !== undefined && { policy }) };
	const { request, policyFile, lostPolicy } = await resolveFlags(host, given);
	if (lostPolicy) throw lostPolicy;
	return byPolicy(report, request.policy, policyFile);
}

/** `diff`: prints what differs between two reports, or what a second look found since the report that it belongs to. */
export async function diffFiles(host: Host, paths: readonly string[]): Promise<number> {
	const [first, second, ...more] = paths;
	if (first === undefined || second === undefined || more.length > 0)
		throw new UsageError("`diff` takes the paths of two reports, or of a report and its `after.json`");
	const { differenceOf, readEither } = await import("../more.ts");
	const [a, b] = await Promise.all([load(host, first, readEither), load(host, second, readEither)]);
	const options = { width: terminalWidth(), unicode: showsUnicode(), color: wantsColor(), groups: false };
	const difference = differenceOf({ path: first, report: a }, { path: second, report: b }, options);
	if ("place" in difference) throw new ConfigurationError([difference]);
	await print(redacted(difference.text));
	return difference.isAny ? 1 : 0;
}

/**
 * `after`: looks at the machine of a report again, and says whether it made a job fail since.
 * @returns 0, whatever it says.
 */
export async function lookAtEnd(host: Host, path: string, flags: Flags, signal: AbortSignal): Promise<0> {
	const format = oneOf(flags.format ?? "text", ["text", "json"]);
	const timeoutMs = parseTimeout(flags.timeout ?? "10s");
	if (timeoutMs === undefined)
		throw new UsageError(`the flag \`--timeout\`: found \`${flags.timeout}\`; allowed: a duration such as \`10s\``);
	const { lookAgain, mistakeInExpectations, renderAfterJson, renderAfterLog } = await import("../more.ts");
	const before = await loadReport(host, path);
	refuse(mistakeInExpectations(path, before.expectations));
	const workspace = workspaceOf(host.env, host.cwd());
	const report = await lookAgain(host, before, { workspace, timeoutMs, isOver: false, hasFailed: false, signal });
	const options = { width: terminalWidth(), unicode: showsUnicode(), color: wantsColor(), groups: false };
	await print(format === "json" ? renderAfterJson(report) : renderAfterLog(report, options));
	return 0;
}

async function loadReport(host: Host, path: string): Promise<Report> {
	const { readReport } = await import("../more.ts");
	return load(host, path, readReport);
}

/** @throws UsageError where the file cannot be read, ConfigurationError where it holds no report. */
async function load<T extends object>(
	host: Host,
	path: string,
	read: (name: string, text: string) => T | Mistake,
): Promise<T> {
	const { maxReportSize } = await import("../more.ts");
	const file = await host.readText(path, maxReportSize + 1);
	if (file.kind !== "ok")
		throw new UsageError(
			`${path} ${file.kind === "absent" ? "does not exist" : `cannot be read: ${errnoText(file.code)}`}`,
		);
	const report = read(path, file.value);
	if ("place" in report) throw new ConfigurationError([report]);
	return report;
}
