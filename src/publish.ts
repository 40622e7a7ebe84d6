import { join } from "node:path";
import * as core from "@actions/core";
import type { Host } from "./host/host.ts";
import { writeReport } from "./host/write-report.ts";
import { couldNotWrite } from "./message-of.ts";
import { publishError, publishWarning } from "./publish-mistakes.ts";
import { annotationsOf } from "./render/annotations.ts";
import { renderWholeSummary, reportFormats } from "./render/formats.ts";
import { renderJson } from "./render/json.ts";
import { renderLog } from "./render/log.ts";
import { outputsOf } from "./render/outputs.ts";
import type { Report } from "./report/report.ts";
import type { Request } from "./request.ts";

/**
 * Log, files, summary, annotations and outputs of the action. What cannot be written is said, and stops nothing else.
 * @returns false if a report is missing in a directory that an input names: somebody counts on it.
 */
export async function publish(report: Report, request: Request, host: Host): Promise<boolean> {
	// Gitea and GitHub render colors in a job's log, although it is not a terminal.
	process.stdout.write(renderLog(report, { width: 100, unicode: true, color: !process.env.NO_COLOR, groups: true }));
	const written = new Map<string, string>();
	for (const format of request.formats) {
		const { file, render } = reportFormats[format];
		const path = await write(host, request, file, await render(report));
		if (path !== undefined) written.set(format, path);
	}
	const summary = (request.summary ? await writeSummary(host, await renderWholeSummary(report)) : undefined) ?? "";
	for (const { level, message, properties } of annotationsOf(report)) {
		if (level === "error") core.error(message, properties);
		else core.warning(message, properties);
	}
	await rememberReport(report, request, host, written.get("json"));
	const paths = { report: written.get("json") ?? "", summary: written.get("markdown") ?? summary };
	await setOutputs(host, outputsOf(report, paths));
	if (request.publish === "log") await publishForFleet(report);
	return !request.reportDirNamed || request.formats.every((format) => written.has(format));
}

/** Prints the report into the log, where the fleet reads it. */
async function publishForFleet(report: Report): Promise<void> {
	const { publishedReport } = await import("./more.ts");
	const { text, isTooLarge } = publishedReport(report);
	process.stdout.write(text);
	if (isTooLarge) publishWarning("The report is too large for the log, so the fleet does not get it.");
}

/** Names the report for the post step. Without the format `json`, it gets a file of its own. */
async function rememberReport(report: Report, request: Request, host: Host, path: string | undefined): Promise<void> {
	const state = process.env.GITHUB_STATE;
	if (request.after === "never" || !state || report.id === undefined) return;
	const known =
		path ?? (await write(host, { ...request, reportDirNamed: undefined }, "before.json", renderJson(report)));
	if (known === undefined) return;
	try {
		await mustTakeText(host, state);
		core.saveState("report", known);
		core.saveState("id", report.id);
	} catch (error) {
		warn("the state for the post step", error);
	}
}

/** @returns the path of the file, if it could be written. */
async function write(
	host: Host,
	{ reportDir, reportDirNamed }: { readonly [K in "reportDir" | "reportDirNamed"]?: Request[K] | undefined },
	name: string,
	text: string,
): Promise<string | undefined> {
	if (reportDir === undefined) return undefined;
	try {
		await host.reach(reportDir);
		return writeReport(reportDir, name, text);
	} catch (error) {
		const tell = reportDirNamed ? publishError : publishWarning;
		tell(couldNotWrite(join(reportDir, name), error));
		return undefined;
	}
}

/** @returns the path of the job summary, if there is one and it could be written. */
async function writeSummary(host: Host, markdown: string): Promise<string | undefined> {
	const path = process.env.GITHUB_STEP_SUMMARY;
	if (!path) return undefined;
	try {
		await mustTakeText(host, path);
		await core.summary.addRaw(markdown, true).write();
		return path;
	} catch (error) {
		return warn("the job summary", error);
	}
}

/** Without the runner's file for them, outputs have no receiver: the old command would only clutter the log. */
async function setOutputs(host: Host, outputs: Readonly<Record<string, string>>): Promise<void> {
	const path = process.env.GITHUB_OUTPUT;
	if (!path) return;
	try {
		await mustTakeText(host, path);
		for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
	} catch (error) {
		warn("its outputs", error);
	}
}

/** A FIFO or a socket keeps its writer until somebody reads, which may be never. What is absent, the writer reports. */
export async function mustTakeText(host: Host, path: string): Promise<void> {
	const { kind } = await host.stat(path);
	if (kind === "other" || kind === "socket" || kind === "directory") throw new Error(`${path} is not a regular file`);
}

function warn(what: string, error: unknown): undefined {
	publishWarning(couldNotWrite(what, error));
}
