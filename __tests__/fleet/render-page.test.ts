import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Fleet } from "../../src/fleet/fleet.ts";
import { fleetFormats } from "../../src/fleet/formats.ts";
import type { PageData } from "../../src/fleet/page/data.ts";
import { renderFleetPage, renderReportPage } from "../../src/fleet/render-page.ts";
import { reportFormats } from "../../src/render/formats.ts";
import type { Report } from "../../src/report/report.ts";
import { createResult } from "../render/builders.ts";
import { hostileTexts } from "../render/hostile.ts";
import { createFleet, createFleetRunner } from "./support/fleets.ts";
import { hostileFleet } from "./support/hostile-fleet.ts";
import { plausibleFleet } from "./support/plausible-fleet.ts";

const dataElement = /<script type="application\/json" id="data">(.*?)<\/script>/s;
const dataOf = (page: string): PageData => JSON.parse(dataElement.exec(page)?.[1] ?? "");
/** The page without its data: the same for every fleet. */
const frameOf = (page: string): string => page.replace(dataElement, "");

const page = renderFleetPage(plausibleFleet(8, 5));
const digest = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("the page", () => {
	test("allows its own script and style by their digests, and nothing else", () => {
		const text = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? "";
		const policy = new Map(
			text.split("; ").map((directive) => [directive.split(" ")[0], directive.replace(/^\S+ /, "")]),
		);
		const script = /<script>(.*?)<\/script>/s.exec(page)?.[1] ?? "";
		const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? "";
		expect(script.length).toBeGreaterThan(1000);
		const allowed = [...policy].filter(([, value]) => value !== "'none'");
		expect(Object.fromEntries(allowed)).toEqual({
			"script-src": digest(script),
			"style-src": digest(style),
			"img-src": "data:",
			"require-trusted-types-for": "'script'",
		});
		// `default-src` does not cover the others.
		for (const name of ["default-src", "base-uri", "form-action", "trusted-types"])
			expect(policy.get(name), name).toBe("'none'");
		// The policy holds for what comes after it.
		expect(page.indexOf("Content-Security-Policy")).toBeLessThan(page.search(/<(?:script|style|link)/));
	});

	test("is at most 40 kB without its data, and names no file of its own", () => {
		expect(frameOf(page).length).toBeLessThan(40_000);
		expect([...frameOf(page).matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1])).toEqual(["data:,"]);
		expect(frameOf(page)).not.toMatch(/@import|url\(|innerHTML|insertAdjacentHTML|document\.write|eval\(/);
	});

	test("has the fleet as its data", () => {
		const fleet = plausibleFleet(8, 5);
		expect(dataOf(page)).toEqual(JSON.parse(JSON.stringify({ kind: "fleet", fleet })));
	});
});

describe.each(Object.entries(hostileTexts))("%s", (_, text) => {
	test.skipIf(text.length > 100_000)("is data, and never an element", () => {
		const hostile = renderFleetPage(hostileFleet(text));
		expect(frameOf(hostile)).toBe(frameOf(page));
		const data = dataElement.exec(hostile)?.[1] ?? "";
		expect(data).not.toMatch(/[<\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b]|##\[/);
		expect((JSON.parse(data) as PageData).fleet.runners).toHaveLength(2);
	});
});

describe("what is too much", () => {
	test("ten megabytes in every text make a page that a browser can open", () => {
		expect(renderFleetPage(hostileFleet("<b>`|::error::\n".repeat(700_000))).length).toBeLessThan(1_000_000);
	});

	test("findings of the last runners are left out, and that is said", () => {
		const evidence = [...Array(50)].map(() => ({ source: "x".repeat(4000), text: "y".repeat(4000) }));
		const results = [...Array(40)].map(() =>
			createResult("docker/socket", { status: "fail", reason: "missing", evidence }),
		);
		const runners = [...Array(5).keys()].map((index) => createFleetRunner({ name: `r${index}`, results }));
		const { fleet } = dataOf(renderFleetPage(createFleet({ runners })));
		expect(fleet.runners.map((runner) => runner.results.length)).toEqual([40, 0, 0, 0, 0]);
		expect(fleet.notes[0]).toBe(
			"The page is too large: the findings and the history of 4 runners are in fleet.json only.",
		);
		expect(dataOf(renderFleetPage(createFleet({ runners: runners.slice(0, 2) }))).fleet.notes[0]).toContain(
			"of one runner ",
		);
	});

	test("the last 30 looks are shown", () => {
		const history = [...Array(60).keys()].map((index) => ({
			at: new Date(index * 86_400_000).toISOString(),
			status: "reported" as const,
			failures: [],
			warnings: [],
		}));
		const { fleet } = dataOf(renderFleetPage(createFleet({ runners: [createFleetRunner({ history })] })));
		expect(fleet.runners[0]?.history).toEqual(history.slice(30));
	});
});

describe("a report", () => {
	const report: Report = JSON.parse(readFileSync("__tests__/fixtures/reports/broken-container.json", "utf8"));

	test("is a fleet of one, with what passed and what was skipped", () => {
		const { kind, fleet } = dataOf(renderReportPage(report));
		expect(kind).toBe("report");
		expect(fleet).toMatchObject({ verdict: "misconfigured", generated: report.started });
		expect(fleet.runners).toHaveLength(1);
		expect(fleet.runners[0]).toMatchObject({
			name: "titan",
			profile: "matric-builder",
			failures: expect.arrayContaining(["docker/socket:missing"]),
		});
		expect(fleet.runners[0]?.results.map(({ id }) => id)).toEqual(report.results.map(({ id }) => id));
	});

	test("has it by `formats: html`, and so has the fleet", async () => {
		expect(reportFormats.html.file).toBe("report.html");
		expect(await reportFormats.html.render(report)).toBe(renderReportPage(report));
		const fleet: Fleet = plausibleFleet(3, 2);
		expect(fleetFormats.html).toMatchObject({ file: "fleet.html" });
		expect(fleetFormats.html.render(fleet)).toBe(renderFleetPage(fleet));
	});
});
