import type { DiskSpace } from "../report/disk-space.ts";
import type { VerdictName } from "../report/report.ts";
import { type Sample, sample } from "./metrics.ts";

/** Labels that every sample of a runner has. */
export type RunnerLabels = { readonly runner: string; readonly profile: string };

export const verdicts: readonly VerdictName[] = ["healthy", "degraded", "misconfigured", "unknown"];

/** One gauge for each verdict, so that a rule can name the one it is about. */
export function verdictSamples(labels: RunnerLabels, verdict: VerdictName | undefined): readonly Sample[] {
	if (verdict === undefined) return [];
	return verdicts.flatMap((which) => sample(`runner_check_${which}`, labels, verdict === which ? 1 : 0));
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
