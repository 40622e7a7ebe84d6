import type { AfterReport } from "../after/after-report.ts";
import type { CausedBy } from "../after/verdict.ts";
import { renderMetrics, sample, seriesOf } from "./metrics.ts";

const causes: readonly CausedBy[] = ["runner", "job", "unknown"];
const name = "runner_check_after_total";

/**
 * `after.prom`: how often each was the cause, counted on from the file of before.
 * @param counted What that file holds; empty if there is none.
 */
export function renderAfterPrometheus(report: AfterReport, counted: string): string {
	const lines = counted.split("\n");
	const samples = causes.flatMap((caused_by) => {
		const labels = { runner: report.runner.name, profile: report.profile.name, caused_by };
		const start = `${seriesOf({ name, labels })} `;
		const before = Number(lines.find((line) => line.startsWith(start))?.slice(start.length));
		const known = Number.isSafeInteger(before) && before > 0 ? before : 0;
		return sample(name, labels, known + (caused_by === report.caused_by ? 1 : 0));
	});
	return renderMetrics(samples);
}
