import { checkRunner } from "../check-runner.ts";
import type { Host } from "../host/host.ts";
import { OutputError, startProgress } from "../host/terminal.ts";
import { writeReport } from "../host/write-report.ts";
import { type Inputs, type Resolved, resolveInputs } from "../inputs.ts";
import { decideProfile } from "../policy/auto-profile.ts";
import { reportFormats } from "../render/formats.ts";
import type { Report } from "../report/report.ts";
import { type Flags, oneOf } from "./flags.ts";

/** The flags of `check` are the action's inputs. @throws ConfigurationError */
export async function resolveFlags(host: Host, flags: Flags, signal?: AbortSignal): Promise<Resolved> {
	const { workspace = "use", ...inputs } = flags;
	const given = Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== ""));
	return resolveInputs(given as Inputs, {
		host,
		decideProfile: (...known) => decideProfile(host, ...known, signal),
		defaultReportDir: undefined,
		mayUseWorkspace: oneOf(workspace, ["use", "ignore"], "workspace") === "use",
	});
}

/** A report, and why it could not be written into the directory that a flag names for it. The verdict is printed first. */
export interface Checked {
	readonly report: Report;
	readonly unwritten?: OutputError;
}

/** Checks this machine, and writes the report if a flag names a directory for it. */
export async function checkHere(host: Host, flags: Flags, signal: AbortSignal): Promise<Checked> {
	const { request, ...decided } = await resolveFlags(host, flags, signal);
	const progress = startProgress();
	const report = await checkRunner(host, request, {
		...decided,
		signal,
		...(progress && { onWaiting: progress.show }),
	});
	progress?.clear();
	if (request.reportDir === undefined || signal.aborted) return { report };
	const unwritten = await keep(report, request.reportDir, host);
	return { report, ...(unwritten && { unwritten }) };
}

/** Writes the report into a directory. @returns why it could not be written, if so. */
async function keep(report: Report, directory: string, host: Host): Promise<OutputError | undefined> {
	const { file, render } = reportFormats.json;
	const text = render(report);
	try {
		await host.reach(directory);
		writeReport(directory, file, text);
		return undefined;
	} catch (error) {
		return new OutputError(`${directory.replace(/\/$/, "")}/${file}`, error);
	}
}
