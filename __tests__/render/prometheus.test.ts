import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderPrometheus } from "../../src/render/prometheus.ts";
import type { Report } from "../../src/report/report.ts";

const read = (name: string): Report => JSON.parse(readFileSync(`__tests__/fixtures/reports/${name}.json`, "utf8"));
const labels = 'runner="titan",profile="matric-builder"';

test("the space of each place that was measured, by its name", () => {
	const text = renderPrometheus(read("healthy-container"));
	expect(text).toContain(`\nrunner_check_disk_free_bytes{${labels},place="workspace"} 107368693760\n`);
	expect(text).toContain(`\nrunner_check_disk_total_bytes{${labels},place="temp"} 270553174016\n`);
	expect(text).toContain(`\nrunner_check_disk_free_inodes{${labels},place="home"} 16274037\n`);
	// Not visible in this container.
	expect(text).not.toContain("docker-root");
});

test("the versions of the profile's tools", () => {
	expect(renderPrometheus(read("healthy-container"))).toMatch(
		/^runner_check_version_info\{.*,what="tool\/rustc",version="1\.\d+\.\d+"\} 1$/m,
	);
});

test.each([
	["healthy-container", "healthy"],
	["degraded-host", "degraded"],
	["broken-container", "misconfigured"],
])("%s is %s, and nothing else", (name, verdict) => {
	const gauges = [
		...renderPrometheus(read(name)).matchAll(/^runner_check_(healthy|degraded|misconfigured|unknown)\{.*\} 1$/gm),
	];
	expect(gauges.map((match) => match[1])).toEqual([verdict]);
});

test.each([
	["places is not a record", { places: 3 }],
	["nothing at all", null],
	["a place that is none", { places: { a: null, b: { kind: "measured", freeBytes: "1", totalBytes: -1 } } }],
])("facts of another form are left out: %s", (_, value) => {
	const report = read("healthy-container");
	const facts = { ...report.facts, disks: { ok: true, value, ms: 1 } } as Report["facts"];
	expect(renderPrometheus({ ...report, facts })).not.toMatch(/disk_|NaN/);
});
