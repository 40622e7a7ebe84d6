import type { Report } from "../report/report.ts";
import { versionsOf } from "../report/versions.ts";
import { oneLine } from "./text.ts";

/** Paths of the files of a run; an empty string for a file that was not written. */
export interface OutputPaths {
	readonly report: string;
	readonly summary: string;
}

/** The outputs of the action, by their names in `action.yml`. */
export function outputsOf(report: Report, paths: OutputPaths): Readonly<Record<string, string>> {
	const { counts } = report;
	const failures = report.results
		.filter(({ status }) => status === "fail" || status === "error")
		.map(({ id, reason }) => oneLine(`${id}:${reason ?? ""}`, 300));
	const versions = [...versionsOf(report)].map(([name, version]) => [oneLine(name, 100), oneLine(version, 100)]);
	return {
		verdict: report.verdict,
		passed: String(counts.pass),
		warned: String(counts.warn),
		failed: String(counts.fail),
		errored: String(counts.error),
		skipped: String(counts.skip),
		failures: JSON.stringify(failures),
		versions: JSON.stringify(Object.fromEntries(versions)),
		profile: oneLine(report.profile.name, 200),
		report: paths.report,
		summary: paths.summary,
	};
}
