import { plainText } from "./text.ts";

/**
 * Every metric, with its `HELP` text. The names and labels are public: rules and dashboards depend on them.
 * docs/prometheus.md lists them.
 */
export const metricHelp = {
	runner_check_info: "What was checked, and by which version.",
	runner_check_healthy: "Whether the verdict is healthy (1) or not (0).",
	runner_check_degraded: "Whether some check warned and none failed (1) or not (0).",
	runner_check_misconfigured: "Whether some check failed or could not decide (1) or not (0).",
	runner_check_unknown: "Whether no check passed, warned, failed or could not decide (1) or not (0).",
	runner_check_profile_checks: "Number of checks that the profile asks for.",
	runner_check_switched_off: "Number of these checks that are switched off.",
	runner_check_results: "Number of checks by status.",
	runner_check_result: "Each check, with the status and reason that it has.",
	runner_check_version_info: "Version of a tool, or of something else that the machine has.",
	runner_check_disk_free_bytes: "Free space of a place for an unprivileged user.",
	runner_check_disk_total_bytes: "Size of the file system of a place.",
	runner_check_disk_free_inodes: "Free inodes of the file system of a place.",
	runner_check_disk_total_inodes: "Number of inodes of the file system of a place.",
	runner_check_duration_seconds: "Time that the run took.",
	runner_check_last_run_timestamp_seconds: "When the run began, in Unix time.",
	runner_check_status: "What the fleet knows of the runner: 1 for the status that it has, 0 for the others.",
	runner_check_sick_since_timestamp_seconds: "Since when the runner is sick or silent without a break, in Unix time.",
	runner_check_busy: "Whether the forge says that the runner runs a job (1).",
	runner_check_runs_read: "Number of looks at the runner in the runs that the fleet has read.",
	runner_check_runs_failed: "Number of these looks that were not healthy or degraded.",
	runner_check_failed_jobs: "Number of failed jobs of others on the runner, by what caused the failure.",
	runner_check_fleet_verdict: "Verdict of the fleet: 1 for the one that it has, 0 for the others.",
	runner_check_fleet_runners: "Number of runners and profiles in the fleet.",
	runner_check_fleet_generated_timestamp_seconds: "When the fleet was put together, in Unix time.",
	runner_check_drift_runners: "Number of runners of a profile that have this value, where they differ.",
	runner_check_drift_since_timestamp_seconds: "Since when the runners of a profile differ, in Unix time.",
	runner_check_unserved_label: "A label in a workflow that no runner serves (1).",
	runner_check_rejected_reports: "Number of files and logs that were offered as a report and are not one.",
	runner_check_after_total: "Number of failed jobs by what caused the failure.",
} as const;

export type MetricName = keyof typeof metricHelp;

export interface Sample {
	readonly name: MetricName;
	readonly labels: Readonly<Record<string, string>>;
	readonly value: number;
}

/** A sample, or none if there is no number for it. */
export function sample(name: MetricName, labels: Sample["labels"], value: number | undefined): readonly Sample[] {
	return value === undefined || !Number.isFinite(value) ? [] : [{ name, labels, value }];
}

/** Unix time of an ISO 8601 text. */
export function unixTime(text: string | undefined): number | undefined {
	return text === undefined ? undefined : Date.parse(text) / 1000;
}

/**
 * Prometheus' text format. All samples of a metric are in one place, as the format asks. A series that comes twice would
 * spoil the whole file, so its first sample counts.
 */
export function renderMetrics(samples: readonly Sample[]): string {
	const lines = new Map<MetricName, Map<string, number>>();
	for (const { name, labels, value } of samples) {
		const series = lines.get(name) ?? new Map<string, number>();
		lines.set(name, series);
		const key = seriesOf({ name, labels });
		if (!series.has(key)) series.set(key, value);
	}
	const names = (Object.keys(metricHelp) as MetricName[]).filter((name) => lines.has(name));
	return names.map((name) => block(name, lines.get(name) ?? new Map())).join("");
}

/** What is before the number in a sample's line. */
export function seriesOf({ name, labels }: Pick<Sample, "name" | "labels">): string {
	const texts = Object.entries(labels).map(([label, content]) => `${label}="${escapeLabel(content)}"`);
	return `${name}${texts.length > 0 ? `{${texts.join(",")}}` : ""}`;
}

function block(name: MetricName, series: ReadonlyMap<string, number>): string {
	const rows = [...series].map(([key, value]) => `${key} ${value}\n`);
	const type = name.endsWith("_total") ? "counter" : "gauge";
	return `# HELP ${name} ${metricHelp[name]}\n# TYPE ${name} ${type}\n${rows.join("")}`;
}

/** A text as the value of a label: plain and bounded. */
export function labelText(text: string): string {
	return plainText(text, 500);
}

function escapeLabel(text: string): string {
	return labelText(text).replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}
