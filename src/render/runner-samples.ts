import type { DiskSpace } from "../report/disk-space.ts";
import type { VerdictName } from "../report/report.ts";
import { type MetricName, type Sample, sample } from "./metrics.ts";

/** Labels that every sample of a runner has. */
export type RunnerLabels = { readonly runner: string; readonly profile: string };

const verdicts: readonly (readonly [MetricName, VerdictName])[] = [
	["runner_check_healthy", "healthy"],
	["runner_check_degraded", "degraded"],
	["runner_check_misconfigured", "misconfigured"],
	["runner_check_unknown", "unknown"],
];

/** One gauge for each verdict, so that a rule can name the one it is about. */
export function verdictSamples(labels: RunnerLabels, verdict: VerdictName | undefined): readonly Sample[] {
	if (verdict === undefined) return [];
	return verdicts.flatMap(([name, which]) => sample(name, labels, verdict === which ? 1 : 0));
}

/** Space of each place. The path is not a label: a job's workspace may have another one in every run, and each would be a new series. */
export function diskSamples(labels: RunnerLabels, places: Readonly<Record<string, DiskSpace>>): readonly Sample[] {
	return Object.entries(places).flatMap(([place, { free, total, free_inodes, total_inodes }]) => [
		...sample("runner_check_disk_free_bytes", { ...labels, place }, free),
		...sample("runner_check_disk_total_bytes", { ...labels, place }, total),
		...sample("runner_check_disk_free_inodes", { ...labels, place }, free_inodes),
		...sample("runner_check_disk_total_inodes", { ...labels, place }, total_inodes),
	]);
}

/** @param versions By what they are of: `tool/rustc`, `image`. */
export function versionSamples(labels: RunnerLabels, versions: Readonly<Record<string, string>>): readonly Sample[] {
	return Object.entries(versions).flatMap(([what, version]) =>
		sample("runner_check_version_info", { ...labels, what, version }, 1),
	);
}
