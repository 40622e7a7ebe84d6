import type { Report, Status } from "../report/report.ts";
import { plainText } from "./text.ts";

type Labels = Readonly<Record<string, string>>;

/** Prometheus' text format, for a textfile collector. Every sample names runner and profile. */
export function renderPrometheus(report: Report): string {
	const runner = { runner: report.runner.name, profile: report.profile.name };
	const statuses: readonly Status[] = ["pass", "warn", "fail", "error", "skip"];
	const metrics = [
		metric("runner_check_info", "What was checked, and by which version.", [
			[
				{
					...runner,
					mode: report.runner.mode,
					system: report.runner.system,
					runner_version: report.runner.version ?? "",
					version: report.generator.version,
				},
				1,
			],
		]),
		metric("runner_check_healthy", "Whether the verdict is healthy (1) or not (0).", [
			[runner, report.verdict === "healthy" ? 1 : 0],
		]),
		metric("runner_check_misconfigured", "Whether some check failed or could not decide (1) or not (0).", [
			[runner, report.verdict === "misconfigured" ? 1 : 0],
		]),
		metric("runner_check_unknown", "Whether no check passed, warned, failed or could not decide (1) or not (0).", [
			[runner, report.verdict === "unknown" ? 1 : 0],
		]),
		metric("runner_check_profile_checks", "Number of checks that the profile asks for.", [
			[runner, report.switched_off.of],
		]),
		metric("runner_check_switched_off", "Number of these checks that are switched off.", [
			[runner, report.switched_off.count],
		]),
		metric(
			"runner_check_results",
			"Number of checks by status.",
			statuses.map((status) => [{ ...runner, status }, report.counts[status]]),
		),
		metric(
			"runner_check_result",
			"Each check, with the status and reason that it has.",
			report.results.map(({ id, status, reason = "" }) => [{ ...runner, id, status, reason }, 1]),
		),
		metric("runner_check_duration_seconds", "Time that the run took.", [[runner, report.duration_ms / 1000]]),
		metric("runner_check_last_run_timestamp_seconds", "When the run began, in Unix time.", [
			[runner, Date.parse(report.started) / 1000],
		]),
	];
	return metrics.join("");
}

function metric(name: string, help: string, samples: readonly (readonly [Labels, number])[]): string {
	const lines = samples.map(([labels, value]) => {
		const text = Object.entries(labels).map(([label, content]) => `${label}="${escapeLabel(content)}"`);
		return `${name}{${text.join(",")}} ${value}\n`;
	});
	return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

function escapeLabel(text: string): string {
	return plainText(text, 500).replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
}
