/** Entry of the action: reads the inputs, runs the checks, reports, and is the only place that sets failed and exits. */
import "./host/node-12.ts";
import { promises as fs } from "node:fs";
import { join } from "node:path";
import * as core from "@actions/core";
import { checkRunner } from "./check-runner.ts";
import { createRealHost } from "./host/real-host.ts";
import { defaultReportDir, inputsFromEnv, resolveInputs } from "./inputs.ts";
import { ConfigurationError, describeMistake } from "./mistake.ts";
import { decideProfile } from "./policy/auto-profile.ts";
import { plainText } from "./render/text.ts";
import type { Report } from "./report/report.ts";
import { exitCodeOf } from "./report/verdict.ts";
import type { Request } from "./request.ts";

// Unconditionally: "am I the main module" is false below /var/run, where Gitea's runner keeps actions.
main().then(
	(code) => process.exit(code),
	(error: unknown) => {
		core.error(
			`runner-check crashed, which is a bug in it: ${plainText(error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
		);
		process.exit(1);
	},
);

/** @returns the exit code of the step. */
async function main(): Promise<number> {
	const host = createRealHost(process.env);
	try {
		const { request, ...decided } = await resolveInputs(inputsFromEnv(host.env), {
			host,
			decideProfile: (token, timeoutMs, file) => decideProfile(host, token, timeoutMs, file),
			loadChecks: () => import("./judge.ts"),
			defaultReportDir: defaultReportDir(host.env),
		});
		const report = await checkRunner(host, request, decided);
		await publish(report, request);
		return exitCodeOf(report.verdict, request.failOn);
	} catch (error) {
		if (!(error instanceof ConfigurationError)) throw error;
		for (const mistake of error.mistakes)
			core.error(plainText(describeMistake(mistake)), { title: "runner-check inputs" });
		return 1;
	}
}

/** Log, files, summary, outputs and annotations. What cannot be written is said, and stops nothing else. */
async function publish(report: Report, request: Request): Promise<void> {
	const { annotationsOf, outputsOf, renderLog, renderSummary, reportFormats } = await import("./judge.ts");
	process.stdout.write(renderLog(report, { width: 120, unicode: true, colour: false, groups: true }));
	const written = new Map<string, string>();
	for (const format of request.formats) {
		const { file, render } = reportFormats[format];
		const path = await write(request.reportDir, file, render(report));
		if (path !== undefined) written.set(format, path);
	}
	const summary = (request.summary ? await writeSummary(renderSummary(report)) : undefined) ?? "";
	for (const { level, message, properties } of annotationsOf(report)) {
		if (level === "error") core.error(message, properties);
		else core.warning(message, properties);
	}
	const paths = { report: written.get("json") ?? "", summary: written.get("markdown") ?? summary };
	await setOutputs(outputsOf(report, paths));
}

async function write(directory: string | undefined, name: string, text: string): Promise<string | undefined> {
	if (directory === undefined) return undefined;
	const path = join(directory, name);
	try {
		await fs.mkdir(directory, { recursive: true });
		await fs.writeFile(path, text);
		return path;
	} catch (error) {
		core.warning(`runner-check could not write ${plainText(path)}: ${plainText(String(error))}`);
		return undefined;
	}
}

/** @returns the path of the job summary, if there is one and it could be written. */
async function writeSummary(markdown: string): Promise<string | undefined> {
	const path = process.env.GITHUB_STEP_SUMMARY;
	if (!path) return undefined;
	try {
		await core.summary.addRaw(markdown, true).write();
		return path;
	} catch (error) {
		core.warning(`runner-check could not write the job summary: ${plainText(String(error))}`);
		return undefined;
	}
}

/** Without the runner's file for them, outputs have nobody to go to: the old command would only litter the log. */
async function setOutputs(outputs: Readonly<Record<string, string>>): Promise<void> {
	if (!process.env.GITHUB_OUTPUT) return;
	try {
		for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
	} catch (error) {
		core.warning(`runner-check could not write its outputs: ${plainText(String(error))}`);
	}
}
