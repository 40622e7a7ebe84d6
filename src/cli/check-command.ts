import { checkRunner } from "../check-runner.ts";
import type { Host } from "../host/host.ts";
import { complain, startProgress } from "../host/terminal.ts";
import { writeReport } from "../host/write-report.ts";
import { type Inputs, type Resolved, resolveInputs } from "../inputs.ts";
import { decideProfile } from "../policy/auto-profile.ts";
import { reportFormats } from "../render/formats.ts";
import type { Report } from "../report/report.ts";
import type { Flags } from "./flags.ts";

/** The flags of `check` are the action's inputs. @throws ConfigurationError */
export async function resolveFlags(host: Host, flags: Flags): Promise<Resolved> {
	const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== ""));
	return resolveInputs(given as Inputs, {
		host,
		decideProfile: (token, timeoutMs, file) => decideProfile(host, token, timeoutMs, file),
		defaultReportDir: undefined,
	});
}

/** Checks this machine, and writes the report if a flag names a directory for it. */
export async function checkHere(host: Host, flags: Flags, signal: AbortSignal): Promise<Report> {
	const { request, ...decided } = await resolveFlags(host, flags);
	const progress = startProgress();
	const report = await checkRunner(host, request, {
		...decided,
		signal,
		...(progress && { onWaiting: progress.show }),
	});
	progress?.clear();
	if (request.reportDir !== undefined && !signal.aborted) keep(report, request.reportDir);
	return report;
}

/** Writes the report into a directory. If that fails, the verdict is still printed. */
function keep(report: Report, directory: string): void {
	const { file, render } = reportFormats.json;
	const text = render(report);
	try {
		writeReport(directory, file, text);
	} catch (error) {
		complain(`could not write ${directory.replace(/\/$/, "")}/${file}: ${String(error)}`);
	}
}
