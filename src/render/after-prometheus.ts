import type { AfterReport } from "../after/after-report.ts";
import type { CausedBy } from "../after/verdict.ts";
import { type MetricName, renderMetrics, type Sample, sample, seriesOf } from "./metrics.ts";

const causes: readonly CausedBy[] = ["runner", "job", "unknown"];
const name: MetricName = "runner_check_after_total";
/** Lines of ours, whatever the values of their labels are. */
const line = new RegExp(
	`^${name}\\{runner="((?:[^"\\\\\\n]|\\\\.)*)",profile="((?:[^"\\\\\\n]|\\\\.)*)",caused_by="(\\w+)"\\} (\\d{1,15})$`,
);
/** A runner has a few profiles. More, and somebody else wrote the file. */
const maxSeries = 300;

/**
 * `after.prom`: how often each was the cause, counted on from the file of before, which also holds what jobs with other profiles had.
 * @param counted What that file holds; empty if there is none.
 */
export function renderAfterPrometheus(report: AfterReport, counted: string): string {
	const known = counted.split("\n").slice(0, maxSeries).flatMap(sampleIn);
	const labels = { runner: report.runner.name, profile: report.profile.name };
	const own = causes.flatMap((caused_by) => {
		const series = seriesOf({ name, labels: { ...labels, caused_by } });
		const before = known.find((one) => seriesOf(one) === series)?.value ?? 0;
		return sample(name, { ...labels, caused_by }, before + (caused_by === report.caused_by ? 1 : 0));
	});
	// The first of two with the same labels counts.
	return renderMetrics([...own, ...known]);
}

function sampleIn(text: string): readonly Sample[] {
	const [, runner, profile, caused_by = "", value] = line.exec(text) ?? [];
	if (runner === undefined || profile === undefined || !(causes as readonly string[]).includes(caused_by)) return [];
	return sample(name, { runner: unescaped(runner), profile: unescaped(profile), caused_by }, Number(value));
}

function unescaped(content: string): string {
	return content.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character));
}
