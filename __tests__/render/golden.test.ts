import { describe, expect, test } from "vitest";
import { annotationsOf } from "../../src/render/annotations.ts";
import { renderLog } from "../../src/render/log.ts";
import { outputsOf } from "../../src/render/outputs.ts";
import { renderSummary } from "../../src/render/summary.ts";
import type { Report } from "../../src/report/report.ts";
import { matchesGolden } from "../support/golden.ts";
import * as reports from "./reports.ts";

const cases: readonly { readonly name: string; readonly report: Report; readonly exit: 0 | 1 }[] = [
	{ name: "healthy", report: reports.healthy, exit: 0 },
	{ name: "degraded", report: reports.degraded, exit: 0 },
	{ name: "undecided", report: reports.undecided, exit: 1 },
	{ name: "broken-api-version", report: reports.brokenApiVersion, exit: 1 },
	{ name: "broken-socket", report: reports.brokenSocket, exit: 1 },
	{ name: "broken-in-many-ways", report: reports.brokenInManyWays, exit: 1 },
];

const logOptions = { width: 100, unicode: true, color: false, groups: true };
const paths = { report: "/tmp/runner-check/report.json", summary: "/tmp/runner-check/summary.md" };

describe.each(cases)("$name", ({ name, report, exit }) => {
	const file = (suffix: string) => `${name}.exit${exit}.${suffix}`;

	test("the exit code in the name is the one of `fail-on: fail`", () => {
		expect(report.verdict === "misconfigured" ? 1 : 0).toBe(exit);
	});

	test("summary", () => matchesGolden(file("summary.md"), renderSummary(report)));

	test("log", () => matchesGolden(file("log.txt"), renderLog(report, logOptions)));

	test("terminal without Unicode", () => {
		const text = renderLog(report, { ...logOptions, width: 80, unicode: false, groups: false });
		matchesGolden(file("ascii.txt"), text);
	});

	test("annotations and outputs", () => {
		const annotations = (["gitea", "forgejo", "github"] as const).map((system) => {
			const there = annotationsOf({ ...report, runner: { ...report.runner, system } });
			return [system, there] as const;
		});
		const seen = { annotations: Object.fromEntries(annotations), outputs: outputsOf(report, paths) };
		matchesGolden(file("step.json"), `${JSON.stringify(seen, null, 2)}\n`);
	});
});
