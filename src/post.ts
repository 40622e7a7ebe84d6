import { join } from "node:path";
import * as core from "@actions/core";
import type { AfterReport } from "./after/after-report.ts";
import type { Host } from "./host/host.ts";
import { onCrash } from "./host/on-crash.ts";
import { createRealHost } from "./host/real-host.ts";
import { complain, doWithoutStderr, watchStdout } from "./host/terminal.ts";
import { untilSignal } from "./host/until-signal.ts";
import { workspaceOf } from "./host/workspace.ts";
import { writeReport } from "./host/write-report.ts";
import { inputOf } from "./input-of.ts";
import { mountPatienceMs, parseTimeout } from "./inputs.ts";
import { couldNotWrite, messageOf } from "./message-of.ts";
import type { Report } from "./report/report.ts";

const defaultTimeoutMs = 10_000;

/**
 * The post step of the action: the second look after a failed or canceled job. It never changes the job's result, whatever happens.
 * @returns 0
 */
export async function runPost(): Promise<0> {
	onCrash(tellCrash, 0);
	doWithoutStderr();
	try {
		await untilSignal(async (signal) => {
			await run(signal);
			return 0;
		});
	} catch (error) {
		tellCrash(error);
	}
	return 0;
}

function tellCrash(error: unknown): void {
	complain(`the second look crashed, which is a bug in it: ${messageOf(error)}`);
}

async function run(signal: AbortSignal): Promise<void> {
	const { env } = process;
	if (inputOf(env, "after") === "never") return;
	const { STATE_report: path, STATE_id: id } = env;
	// hooks/job-completed.sh, which also runs after a job that succeeded. Its report is gone with the job.
	const isHook = env.STATE_hook === "true";
	watchStdout();
	if (!path) return say("The first look wrote no report, so nothing can be compared with it.");
	const timeout = inputOf(env, "timeout");
	const host = createRealHost(env, mountPatienceMs(timeout));
	const before = await readBefore(host, path);
	if (typeof before === "string") return say(before);
	// Another step of this job has replaced the report, and looks again itself.
	if (id && before.id !== id) return;
	const { lookAgain } = await import("./more.ts");
	const report = await lookAgain(host, before, {
		workspace: workspaceOf(env, host.cwd()),
		timeoutMs: parseTimeout(timeout ?? "") ?? defaultTimeoutMs,
		isOver: true,
		hasFailed: !isHook,
		signal,
	});
	if (signal.aborted) return;
	await printAfter(report);
	if (isHook) return;
	await writeAfter(report, path, host, inputOf(env, "summary")?.toLowerCase() !== "false");
	if (inputOf(env, "publish") !== "log") return;
	const { publishedAfter } = await import("./more.ts");
	process.stdout.write(publishedAfter(report));
}

/** Without what Gitea folds around a step. */
function say(text: string): void {
	process.stdout.write(`::endgroup::\nrunner-check: ${text}\n`);
}

/** The report of the start, or why there is none to compare with. */
async function readBefore(host: Host, path: string): Promise<Report | string> {
	const { maxReportSize, mistakeInExpectations, readReport } = await import("./more.ts");
	const file = await host.readText(path, maxReportSize + 1);
	if (file.kind !== "ok")
		return `The report of the start is gone: \`${path}\` (${file.kind === "absent" ? "ENOENT" : file.code}).`;
	const report = readReport(path, file.value);
	const mistake = "place" in report ? report : mistakeInExpectations(path, report.expectations);
	if (mistake || "place" in report) return "The report of the start was changed, so it cannot be used.";
	return report;
}

/** First of all: after a cancel, Gitea stores no summary. */
async function printAfter(report: AfterReport): Promise<void> {
	const { renderAfterLog } = await import("./more.ts");
	const color = !process.env.NO_COLOR;
	process.stdout.write(renderAfterLog(report, { width: 100, unicode: true, color, groups: true }));
}

/** `after.json` next to the report, and the summary. */
async function writeAfter(report: AfterReport, path: string, host: Host, wantsSummary: boolean): Promise<void> {
	const { renderAfterJson, renderAfterPrometheus, renderAfterSummary } = await import("./more.ts");
	const directory = join(path, "..");
	const write = (name: string, text: string): void =>
		attempt(join(directory, name), () => writeReport(directory, name, text));
	await host.reach(directory).catch(() => undefined);
	write("after.json", renderAfterJson(report));
	if (/\bprometheus\b/.test(inputOf(process.env, "formats") ?? "")) {
		const counted = await host.readText(join(directory, "after.prom"));
		write("after.prom", renderAfterPrometheus(report, counted.kind === "ok" ? counted.value : ""));
	}
	const summary = process.env.GITHUB_STEP_SUMMARY;
	if (!wantsSummary || !summary) return;
	const look = await host.stat(summary).catch(() => undefined);
	if (look?.kind !== "file") return;
	await core.summary
		.addRaw(renderAfterSummary(report), true)
		.write()
		.catch((error) => complain(couldNotWrite("the job summary", error)));
}

/** A full disk takes neither file, and the log has it all. */
function attempt(what: string, work: () => unknown): void {
	try {
		work();
	} catch (error) {
		complain(couldNotWrite(what, error));
	}
}
