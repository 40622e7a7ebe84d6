import { diskSpaceOf } from "../report/disk-space.ts";
import type { Report, Status } from "../report/report.ts";
import { versionsOf } from "../report/versions.ts";
import { renderMetrics, sample, unixTime } from "./metrics.ts";
import { diskSamples, verdictSamples, versionSamples } from "./runner-samples.ts";

const statuses: readonly Status[] = ["pass", "warn", "fail", "error", "skip"];

/** A report in Prometheus' text format, for a textfile collector. Every sample names runner and profile. */
export function renderPrometheus(report: Report): string {
	const { mode, system, version: runner_version = "" } = report.runner;
	const labels = { runner: report.runner.name, profile: report.profile.name };
	const info = { ...labels, mode, system, runner_version, version: report.generator.version };
	const tools = [...versionsOf(report)].map(([name, version]) => [`tool/${name}`, version] as const);
	return renderMetrics([
		...sample("runner_check_info", info, 1),
		...verdictSamples(labels, report.verdict),
		...sample("runner_check_profile_checks", labels, report.switched_off.of),
		...sample("runner_check_switched_off", labels, report.switched_off.count),
		...statuses.flatMap((status) => sample("runner_check_results", { ...labels, status }, report.counts[status])),
		...report.results.flatMap(({ id, status, reason = "" }) =>
			sample("runner_check_result", { ...labels, id, status, reason }, 1),
		),
		...versionSamples(labels, Object.fromEntries(tools)),
		...diskSamples(labels, diskSpaceOf(report.facts)),
		...sample("runner_check_duration_seconds", labels, report.duration_ms / 1000),
		...sample("runner_check_last_run_timestamp_seconds", labels, unixTime(report.started)),
	]);
}
