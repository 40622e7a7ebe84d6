import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv from "ajv";
import { describe, expect, test } from "vitest";
import { checksFor } from "../src/checks/list.ts";
import { diffReports } from "../src/cli/diff.ts";
import { readReport } from "../src/cli/read-report.ts";
import { byItself } from "../src/cli/replay.ts";
import { judgeFacts } from "../src/judge-report.ts";
import { renderJson } from "../src/render/json.ts";
import type { Report } from "../src/report/report.ts";

/**
 * Reports of real jobs; names of machines and paths are others. What these facts were judged to be then, they are now.
 * Where a rule is made better on purpose, UPDATE_GOLDEN=1 writes the files anew; read the difference before committing it.
 */
const update = process.env.UPDATE_GOLDEN === "1";
const folder = fileURLToPath(new URL("fixtures/reports/", import.meta.url));
const names = readdirSync(folder).sort();

function load(name: string): Report {
	const report = readReport(name, written(name));
	if ("place" in report) throw new Error(`${report.place}: ${report.found}`);
	return report;
}

async function replay(report: Report): Promise<Report> {
	const { expectations, decidedBy, policyFile } = byItself(report);
	const { facts, started, duration_ms } = report;
	const checks = checksFor(expectations);
	return judgeFacts(checks, facts, expectations, { started, duration_ms, decidedBy, policyFile });
}

/** As the file has it. */
const written = (name: string): string => readFileSync(`${folder}${name}`, "utf8");
const resultsOf = (text: string): string =>
	text.slice(text.indexOf('\n  "results": ['), text.indexOf('\n  "expectations": {'));

const valid = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
	JSON.parse(readFileSync("schema/report.schema.json", "utf8")),
);

test("there are reports of each verdict, in a container and on a host", () => {
	const reports = names.map(load);
	expect(new Set(reports.map(({ verdict }) => verdict))).toEqual(new Set(["healthy", "degraded", "misconfigured"]));
	expect(new Set(reports.map(({ runner }) => runner.mode))).toEqual(new Set(["container", "host"]));
});

describe.each(names)("%s", (name) => {
	test("is judged as it was, to the byte", async () => {
		const again = renderJson(await replay(load(name)));
		if (update) writeFileSync(`${folder}${name}`, again);
		expect(resultsOf(again)).toBe(resultsOf(written(name)));
		expect(resultsOf(again).length).toBeGreaterThan(10_000);
		expect(again).toBe(written(name));
	});

	test("is judged as it was by the program as it is shipped", () => {
		const args = ["dist/cli.js", "replay", `${folder}${name}`, "--format", "json", "--fail-on", "never"];
		const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
		expect(stderr).toBe("");
		expect(status).toBe(0);
		expect(resultsOf(stdout)).toBe(resultsOf(written(name)));
	});

	test("is what the published schema says", () => {
		valid(load(name));
		expect(valid.errors).toBeNull();
	});

	test("differs in nothing from itself", () => {
		expect(diffReports(load(name), load(name))).toBe("");
	});

	test("says nothing of the machine that it was made on, and holds no secret", () => {
		expect(written(name)).not.toMatch(/runner-check-e2e|process_api|\/work\/|ghp_|"auth"|Bearer /);
		expect(written(name).length).toBeLessThan(60_000);
	});
});

test("the differences of two runners are told, and nothing else", () => {
	const told = diffReports(load("healthy-host.json"), load("degraded-host.json"));
	expect(told).toContain("verdict: healthy -> degraded");
	expect(told).toMatch(/^node\/runtime: passed -> warned \(end-of-life\): \S/m);
	expect(told).not.toMatch(/freeBytes|\.ms:/);
});
