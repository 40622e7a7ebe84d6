import { join, resolve } from "node:path";
import * as core from "@actions/core";
import type { FleetOptions } from "./fleet/inputs.ts";
import type { Watched } from "./fleet/watch.ts";
import type { Host } from "./host/host.ts";
import { writeReport } from "./host/write-report.ts";
import { couldNotWrite } from "./message-of.ts";
import { mustTakeText } from "./publish.ts";
import { publishError, publishWarning } from "./publish-mistakes.ts";
import { plainText } from "./render/text.ts";

/** Annotations of runners: the log has all. */
const maxAnnotations = 20;

/**
 * Log, files, summary, annotations and outputs of the fleet action.
 * @returns false if a file is missing in a directory that an input names.
 */
export async function publishFleet(watched: Watched, options: FleetOptions, host: Host): Promise<boolean> {
	const { fleetFormats, isSick, renderFleetText, sickLines } = await import("./more.ts");
	const { fleet, errors, warnings, done } = watched;
	const look = { width: 100, unicode: true, color: !process.env.NO_COLOR, groups: true };
	process.stdout.write(renderFleetText(fleet, look));
	for (const line of done) process.stdout.write(`${plainText(`Issues: ${line}`)}\n`);
	const isNamed = options.reportDir !== undefined;
	const directory = resolve(
		host.cwd(),
		options.reportDir ?? join(process.env.RUNNER_TEMP || "/tmp", "runner-check-fleet"),
	);
	const written = new Map<string, string>();
	for (const format of options.formats) {
		const { file, render } = fleetFormats[format];
		try {
			await host.reach(directory);
			written.set(format, writeReport(directory, file, render(fleet)));
		} catch (error) {
			(isNamed ? publishError : publishWarning)(couldNotWrite(join(directory, file), error));
		}
	}
	if (options.summary) await writeSummary(host, fleetFormats.markdown.render(fleet));
	for (const error of errors) publishError(error);
	for (const warning of warnings) publishWarning(warning);
	for (const line of sickLines(fleet).slice(0, maxAnnotations)) publishError(line);
	await setOutputs(host, {
		verdict: fleet.verdict,
		sick: JSON.stringify(fleet.runners.filter(isSick).map(({ name }) => name)),
		silent: JSON.stringify(fleet.runners.filter(({ status }) => status === "silent").map(({ name }) => name)),
		changes: String(fleet.changes.length),
		fleet: written.get("json") ?? "",
	});
	return !isNamed || options.formats.every((format) => written.has(format));
}

async function writeSummary(host: Host, markdown: string): Promise<void> {
	const path = process.env.GITHUB_STEP_SUMMARY;
	if (!path) return;
	try {
		await mustTakeText(host, path);
		await core.summary.addRaw(markdown, true).write();
	} catch (error) {
		publishWarning(couldNotWrite("the job summary", error));
	}
}

async function setOutputs(host: Host, outputs: Readonly<Record<string, string>>): Promise<void> {
	const path = process.env.GITHUB_OUTPUT;
	if (!path) return;
	try {
		await mustTakeText(host, path);
		for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value);
	} catch (error) {
		publishWarning(couldNotWrite("its outputs", error));
	}
}
