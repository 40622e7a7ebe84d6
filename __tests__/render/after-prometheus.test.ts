import { expect, test } from "vitest";
import type { AfterReport } from "../../src/after/after-report.ts";
import { renderAfterPrometheus } from "../../src/render/after-prometheus.ts";
import { hostileTexts } from "./hostile.ts";

const after = (name: string, caused_by: AfterReport["caused_by"], profile = "gpu"): AfterReport => ({
	version: 1,
	generator: { name: "runner-check", version: "1.0.0" },
	caused_by,
	outcome: "failed",
	sentence: "",
	started: "2026-11-28T06:00:00.000Z",
	duration_ms: 90,
	since: "2026-11-28T05:00:00.000Z",
	runner: { name, mode: "host", system: "gitea", os: "Debian 12", arch: "x64", user: "ci" },
	profile: { name: profile, decided_by: "input" },
	results: [],
	facts: {},
});
const valuesOf = (text: string) =>
	[...text.matchAll(/caused_by="(\w+)"\} (.*)$/gm)].map(([, cause, value]) => [cause, value]);

test("is a counter with a series for each cause", () => {
	expect(renderAfterPrometheus(after("titan", "runner"), "")).toBe(
		`# HELP runner_check_after_total Number of failed jobs by what caused the failure.
# TYPE runner_check_after_total counter
runner_check_after_total{runner="titan",profile="gpu",caused_by="runner"} 1
runner_check_after_total{runner="titan",profile="gpu",caused_by="job"} 0
runner_check_after_total{runner="titan",profile="gpu",caused_by="unknown"} 0
`,
	);
});

test.each(["titan", 'a "name" \\ with all of it', ...Object.values(hostileTexts)])("counts on: %j", (name) => {
	const first = renderAfterPrometheus(after(name, "runner"), "");
	const second = renderAfterPrometheus(after(name, "job"), first);
	const third = renderAfterPrometheus(after(name, "runner"), second);
	expect(valuesOf(third)).toEqual([
		["runner", "2"],
		["job", "1"],
		["unknown", "0"],
	]);
	expect(third.trimEnd().split("\n")).toHaveLength(5);
});

test.each(["1e400", "-3", "1.5", "NaN", "words", ""])("a file that says %j begins again", (value) => {
	const counted = `runner_check_after_total{runner="titan",profile="gpu",caused_by="job"} ${value}\n`;
	expect(valuesOf(renderAfterPrometheus(after("titan", "job"), counted))[1]).toEqual(["job", "1"]);
});

test("jobs with other profiles on the runner keep their counts", () => {
	const first = renderAfterPrometheus(after("titan", "runner", 'a "b"\\n'), "");
	const second = renderAfterPrometheus(after("titan", "job", "gpu"), first);
	const third = renderAfterPrometheus(after("titan", "runner", 'a "b"\\n'), second);
	const rows = third.split("\n").filter((line) => line.startsWith("runner_check"));
	expect(rows.filter((row) => !row.endsWith(" 0"))).toEqual([
		'runner_check_after_total{runner="titan",profile="a \\"b\\"\\\\n",caused_by="runner"} 2',
		'runner_check_after_total{runner="titan",profile="gpu",caused_by="job"} 1',
	]);
	expect(rows).toHaveLength(6);
});

test.each([
	'other_metric{runner="x",profile="y",caused_by="job"} 1',
	'runner_check_after_total{runner="x",profile="y",caused_by="evil"} 1',
	'runner_check_after_total{runner="x",profile="y",caused_by="job",more="z"} 1',
	'runner_check_after_total{runner="x",profile="y",caused_by="job"} 1 1700000000000',
	'runner_check_after_total{runner="x" } 1\n::error::forged',
	"# HELP runner_check_after_total forged",
])("what is not ours is not kept: %s", (line) => {
	const text = renderAfterPrometheus(after("titan", "job"), `${line}\n`);
	expect(text).toBe(renderAfterPrometheus(after("titan", "job"), ""));
});

test("a file that grew without end is cut", () => {
	const rows = Array.from(
		{ length: 5000 },
		(_, at) => `runner_check_after_total{runner="x",profile="${at}",caused_by="job"} 1`,
	);
	expect(renderAfterPrometheus(after("titan", "job"), rows.join("\n")).split("\n").length).toBeLessThan(400);
});
