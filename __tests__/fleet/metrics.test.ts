import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { pushGroups, renderFleetMetrics } from "../../src/fleet/metrics.ts";
import { metricHelp } from "../../src/render/metrics.ts";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import type { Report } from "../../src/report/report.ts";
import { createResult } from "../render/builders.ts";
import { hostileTexts } from "../render/hostile.ts";
import { createFleet, createFleetRunner } from "./support/fleets.ts";

const lowDisk = createResult("disk/free", { status: "fail", reason: "low" });
const sick = createFleetRunner({
	name: "gpu-1",
	profile: "gpu",
	labels: ["gpu"],
	verdict: "misconfigured",
	failures: ["disk/free:low"],
	results: [lowDisk, createResult("docker/plugins", { status: "warn", reason: "buildx-missing" })],
	since: "2026-11-26T03:17:00.000Z",
	busy: false,
	runner: { name: "gpu-1", system: "gitea", version: "v3.3.0", mode: "host", os: "Debian 12", arch: "x64", user: "ci" },
	versions: { "tool/rustc": "1.92.0", image: "sha256:0123" },
	disks: { workspace: { free: 1000, total: 4000, free_inodes: 5, total_inodes: 9 }, home: { free: 10, total: 20 } },
	failed: 1,
	after: { runner: 2, job: 3, unknown: 0 },
});
const silent = createFleetRunner({ status: "silent", last_report: "2026-11-20T03:17:00.000Z" });
const fleet = createFleet({
	verdict: "misconfigured",
	runners: [sick, silent],
	drift: [
		{
			profile: "gpu",
			what: "tool/rustc",
			values: [
				{ value: "1.92.0", runners: ["a", "b"] },
				{ value: "1.91.0", runners: ["c"] },
			],
			since: "2026-11-25T03:17:00.000Z",
		},
	],
	unserved: [
		{ label: "arm64", file: ".gitea/workflows/ci.yml", line: 12 },
		{ label: "arm64", file: ".gitea/workflows/ci.yml", line: 30 },
	],
	rejected: [{ file: "x.json", reason: "not a report" }],
});

const linesOf = (text: string): readonly string[] => text.split("\n").filter((line) => /^[^#]/.test(line));
const series = (text: string): readonly string[] => linesOf(text).map((line) => line.replace(/ \S+$/, ""));

describe("a fleet as metrics", () => {
	const lines = linesOf(renderFleetMetrics(fleet));

	test.each([
		'runner_check_status{runner="gpu-1",profile="gpu",status="reported"} 1',
		'runner_check_status{runner="gpu-1",profile="gpu",status="silent"} 0',
		'runner_check_status{runner="titan",profile="titan",status="silent"} 1',
		'runner_check_info{runner="gpu-1",profile="gpu",mode="host",system="gitea",runner_version="v3.3.0"} 1',
		'runner_check_healthy{runner="gpu-1",profile="gpu"} 0',
		'runner_check_misconfigured{runner="gpu-1",profile="gpu"} 1',
		'runner_check_results{runner="gpu-1",profile="gpu",status="fail"} 1',
		'runner_check_results{runner="gpu-1",profile="gpu",status="error"} 0',
		'runner_check_result{runner="gpu-1",profile="gpu",id="disk/free",status="fail",reason="low"} 1',
		'runner_check_version_info{runner="gpu-1",profile="gpu",what="image",version="sha256:0123"} 1',
		'runner_check_disk_free_bytes{runner="gpu-1",profile="gpu",place="workspace"} 1000',
		'runner_check_disk_total_bytes{runner="gpu-1",profile="gpu",place="workspace"} 4000',
		'runner_check_disk_free_inodes{runner="gpu-1",profile="gpu",place="workspace"} 5',
		'runner_check_last_run_timestamp_seconds{runner="titan",profile="titan"} 1795144620',
		'runner_check_sick_since_timestamp_seconds{runner="gpu-1",profile="gpu"} 1795663020',
		'runner_check_busy{runner="gpu-1",profile="gpu"} 0',
		'runner_check_runs_read{runner="gpu-1",profile="gpu"} 1',
		'runner_check_runs_failed{runner="gpu-1",profile="gpu"} 1',
		'runner_check_failed_jobs{runner="gpu-1",profile="gpu",caused_by="runner"} 2',
		'runner_check_fleet_verdict{verdict="misconfigured"} 1',
		'runner_check_fleet_verdict{verdict="healthy"} 0',
		"runner_check_fleet_runners 2",
		"runner_check_fleet_generated_timestamp_seconds 1795845600",
		'runner_check_drift_runners{profile="gpu",what="tool/rustc",value="1.91.0"} 1',
		'runner_check_drift_since_timestamp_seconds{profile="gpu",what="tool/rustc"} 1795576620',
		'runner_check_unserved_label{label="arm64",file=".gitea/workflows/ci.yml"} 1',
		"runner_check_rejected_reports 1",
	])("%s", (line) => expect(lines).toContain(line));

	test("each series comes once, also of what comes twice", () => {
		const twice = createFleet({ ...fleet, runners: [sick, sick, silent] });
		const all = series(renderFleetMetrics(twice));
		expect(all.length).toBeGreaterThan(40);
		expect(new Set(all).size).toBe(all.length);
	});

	test("no inodes, and no sample of a time or a verdict that is not known", () => {
		const runner = createFleetRunner({
			status: "waiting",
			last_report: "no time",
			disks: { home: { free: 1, total: 2 } },
		});
		const { verdict: _, ...unknown } = runner;
		const text = renderFleetMetrics(createFleet({ runners: [unknown] }));
		expect(text).toMatch(/_status\{.*status="waiting"\} 1/);
		expect(text).not.toMatch(/NaN|inodes|last_run|_healthy\{/);
	});

	test("what a report tells of its runner has the same name and labels in both", () => {
		const report: Report = JSON.parse(readFileSync("__tests__/fixtures/reports/broken-container.json", "utf8"));
		const single = renderPrometheus(report);
		const both = renderFleetMetrics(createFleet({ runners: [sick] }));
		const shape = (text: string, name: string) =>
			new RegExp(`^${name}\\{.*`, "m")
				.exec(text)?.[0]
				.replace(/="[^"]*"/g, "")
				.replace(/ .*/, "");
		for (const name of [
			"healthy",
			"degraded",
			"results",
			"result",
			"version_info",
			"disk_free_bytes",
			"disk_total_inodes",
		])
			expect(shape(single, `runner_check_${name}`), name).toBe(shape(both, `runner_check_${name}`) ?? "missing");
	});

	test.each(Object.entries(hostileTexts))("%s cannot add a line", (_, text) => {
		const hostile = createFleetRunner({ name: text, profile: text, versions: { [text]: text } });
		const metrics = renderFleetMetrics(
			createFleet({ runners: [hostile], unserved: [{ label: text, file: text, line: 1 }] }),
		);
		for (const line of metrics.trimEnd().split("\n")) {
			const label = String.raw`\w+="(?:[^"\\\n]|\\["\\n])*"`;
			expect(line).toMatch(
				new RegExp(
					String.raw`^(?:# (?:HELP|TYPE) runner_check_.*|runner_check_\w+(?:\{${label}(?:,${label})*\})? [\d.]+)$`,
				),
			);
			expect(line.length).toBeLessThan(5000);
		}
	});
});

describe("groups of a Pushgateway", () => {
	test("one for each runner and profile, and one for the fleet", () => {
		const groups = pushGroups(fleet);
		expect(groups.map(({ path }) => path)).toEqual([
			"/metrics/job/runner_check/runner/gpu-1/profile/gpu",
			"/metrics/job/runner_check/runner/titan/profile/titan",
			"/metrics/job/runner_check_fleet",
		]);
		expect(groups.flatMap(({ text }) => series(text)).sort()).toEqual([...series(renderFleetMetrics(fleet))].sort());
		expect(groups[1]?.text).not.toContain("gpu-1");
	});

	test("a name cannot lead to another group", () => {
		const runner = createFleetRunner({ name: "../../x/y?z", profile: "" });
		const path = pushGroups(createFleet({ runners: [runner] }))[0]?.path ?? "";
		expect(path).toBe("/metrics/job/runner_check/runner@base64/Li4vLi4veC95P3o/profile@base64/=");
		expect(Buffer.from("Li4vLi4veC95P3o", "base64url").toString()).toBe("../../x/y?z");
	});
});

test("docs/prometheus.md lists every metric with its text", () => {
	const page = readFileSync("docs/prometheus.md", "utf8");
	for (const [name, help] of Object.entries(metricHelp))
		expect(page).toMatch(new RegExp(`\\| \`${name}\` \\|.*\\| ${literal(help)} \\|`));
	const listed = [...page.matchAll(/^\| `(runner_check_\w+)` \|/gm)].map((match) => match[1]);
	expect(listed.sort()).toEqual(Object.keys(metricHelp).sort());
});

test("the rules of the examples use metrics that exist", () => {
	const rules = readFileSync("examples/prometheus/runner-check.rules.yml", "utf8");
	const used = new Set([...rules.matchAll(/\brunner_check_\w+/g)].map(([name]) => name));
	expect(used.size).toBeGreaterThan(8);
	for (const name of used) expect(Object.keys(metricHelp)).toContain(name);
});

const literal = (text: string): string => text.replace(/[()]/g, "\\$&");
