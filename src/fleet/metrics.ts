import { labelText, renderMetrics, type Sample, sample, unixTime } from "../render/metrics.ts";
import { diskSamples, type RunnerLabels, verdictSamples, verdicts, versionSamples } from "../render/runner-samples.ts";
import type { Drift, Fleet, FleetRunner, RunnerStatus, Unserved } from "./fleet.ts";

const statuses: readonly RunnerStatus[] = ["reported", "silent", "waiting", "set-up-failed", "offline", "disabled"];
const judged = ["fail", "error", "warn"] as const;

/** The fleet in Prometheus' text format. What a single report tells of its runner has the same name here. */
export function renderFleetMetrics(fleet: Fleet): string {
	return renderMetrics([...fleet.runners.flatMap(runnerSamples), ...fleetSamples(fleet)]);
}

/** What a Pushgateway gets: the metrics of one group, and where its API has that group. */
export interface PushGroup {
	/** To be appended to the gateway's address: `/metrics/job/runner_check/runner/titan/profile/gpu`. */
	readonly path: string;
	readonly text: string;
}

/** A group for each runner and profile, and one for the fleet. A push replaces the whole group. */
export function pushGroups(fleet: Fleet): readonly PushGroup[] {
	const groups = new Map<string, Sample[]>();
	for (const runner of fleet.runners) {
		const path = groupPath({ job: "runner_check", ...labelsOf(runner) });
		groups.set(path, [...(groups.get(path) ?? []), ...runnerSamples(runner)]);
	}
	groups.set(groupPath({ job: "runner_check_fleet" }), [...fleetSamples(fleet)]);
	return [...groups].map(([path, samples]) => ({ path, text: renderMetrics(samples) }));
}

/** A value with a slash, or an empty one, can only be sent in base64. */
function groupPath(labels: Readonly<Record<string, string>>): string {
	const parts = Object.entries(labels).map(([label, value]) => {
		if (/^[\w-][\w.-]*$/.test(value)) return `${label}/${value}`;
		return `${label}@base64/${value === "" ? "=" : base64Url(value)}`;
	});
	return `/metrics/${parts.join("/")}`;
}

function base64Url(text: string): string {
	return Buffer.from(text).toString("base64url");
}

function labelsOf({ name, profile = "" }: FleetRunner): RunnerLabels {
	return { runner: labelText(name), profile: labelText(profile) };
}

function runnerSamples(runner: FleetRunner): readonly Sample[] {
	const labels = labelsOf(runner);
	const { runner: info, results } = runner;
	const after: Readonly<Record<string, number>> = runner.after ?? {};
	const about = info && { mode: info.mode, system: info.system, runner_version: info.version ?? "" };
	return [
		...statuses.flatMap((status) =>
			sample("runner_check_status", { ...labels, status }, runner.status === status ? 1 : 0),
		),
		...(about ? sample("runner_check_info", { ...labels, ...about }, 1) : []),
		...verdictSamples(labels, runner.verdict),
		...judged.flatMap((status) => {
			const count = results.filter((result) => result.status === status).length;
			return sample("runner_check_results", { ...labels, status }, count);
		}),
		...results.flatMap(({ id, status, reason = "" }) =>
			sample("runner_check_result", { ...labels, id, status, reason }, 1),
		),
		...versionSamples(labels, runner.versions),
		...diskSamples(labels, runner.disks ?? {}),
		...sample("runner_check_last_run_timestamp_seconds", labels, unixTime(runner.last_report)),
		...sample("runner_check_sick_since_timestamp_seconds", labels, unixTime(runner.since)),
		...sample("runner_check_busy", labels, runner.busy === undefined ? undefined : Number(runner.busy)),
		...sample("runner_check_runs_read", labels, runner.history.length),
		...sample("runner_check_runs_failed", labels, runner.failed),
		...Object.entries(after).flatMap(([caused_by, count]) =>
			sample("runner_check_failed_jobs", { ...labels, caused_by }, count),
		),
	];
}

function fleetSamples(fleet: Fleet): readonly Sample[] {
	return [
		...verdicts.flatMap((verdict) =>
			sample("runner_check_fleet_verdict", { verdict }, fleet.verdict === verdict ? 1 : 0),
		),
		...sample("runner_check_fleet_runners", {}, fleet.runners.length),
		...sample("runner_check_fleet_generated_timestamp_seconds", {}, unixTime(fleet.generated)),
		...fleet.drift.flatMap(driftSamples),
		...fleet.unserved.flatMap(unservedSamples),
		...sample("runner_check_rejected_reports", {}, fleet.rejected.length),
	];
}

function driftSamples({ profile, what, values, since }: Drift): readonly Sample[] {
	return [
		...values.flatMap(({ value, runners }) =>
			sample("runner_check_drift_runners", { profile, what, value }, runners.length),
		),
		...sample("runner_check_drift_since_timestamp_seconds", { profile, what }, unixTime(since)),
	];
}

/** The line is not a label: it changes with every edit of the workflow. */
function unservedSamples({ label, file }: Unserved): readonly Sample[] {
	return sample("runner_check_unserved_label", { label, file }, 1);
}
