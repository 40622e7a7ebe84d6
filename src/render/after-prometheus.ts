import type { AfterReport } from "../after/after-report.ts";
import type { CausedBy } from "../after/verdict.ts";
import { labelText } from "./metrics.ts";

const causes: readonly CausedBy[] = ["runner", "job", "unknown"];
const total = "runner_check_after_total";

/**
 * `after.prom`: how often each was the cause, counted on from the file of before.
 * @param counted What that file holds; empty if there is none.
 */
export function renderAfterPrometheus(report: AfterReport, counted: string): string {
	const lines = counted.split("\n");
	const rows = causes.map((caused_by) => {
		const key = `${total}${labels({ runner: report.runner.name, profile: report.profile.name, caused_by })} `;
		const before = Number(lines.find((line) => line.startsWith(key))?.slice(key.length));
		const known = Number.isSafeInteger(before) && before > 0 ? before : 0;
		return `${key}${known + (caused_by === report.caused_by ? 1 : 0)}\n`;
	});
	return `# HELP ${total} Number of failed jobs by what caused the failure.\n# TYPE ${total} counter\n${rows.join("")}`;
}

function labels(values: Readonly<Record<string, string>>): string {
	const texts = Object.entries(values).map(([name, value]) => {
		const text = labelText(value).replace(/\\/g, "\\\\").replace(/\n/g, "\\n").replace(/"/g, '\\"');
		return `${name}="${text}"`;
	});
	return `{${texts.join(",")}}`;
}
