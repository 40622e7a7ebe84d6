/** Reports that the published schema accepts, and that this program did not write: a mistake with its place, or an undecided check. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { checksFor } from "../../src/checks/list.ts";
import { diffReports } from "../../src/cli/diff.ts";
import { forForeignFacts, mistakeInExpectations, mistakeInHead, readReport } from "../../src/cli/read-report.ts";
import { byItself, byPolicy } from "../../src/cli/replay.ts";
import { judgeFacts } from "../../src/judge-report.ts";
import { describeMistake } from "../../src/mistake.ts";
import { reportFormats } from "../../src/render/formats.ts";
import { renderLines } from "../../src/render/lines.ts";
import { renderLog } from "../../src/render/log.ts";
import type { Report } from "../../src/report/report.ts";
import { createPolicy } from "../support/builders.ts";

const folder = fileURLToPath(new URL("../fixtures/reports/", import.meta.url));
const names = readdirSync(folder).sort();
const read = (name: string): unknown => JSON.parse(readFileSync(`${folder}${name}`, "utf8"));

/** Judges a file again as `replay` does, in every format: the report, or the mistake in the file. */
async function replay(data: unknown): Promise<Report | string> {
	const report = readReport("r.json", JSON.stringify(data));
	if ("place" in report) return describeMistake(report);
	const wrong = mistakeInExpectations("r.json", report.expectations);
	if (wrong) return describeMistake(wrong);
	const { expectations, ...decided } = byItself(report);
	const { facts, started, duration_ms } = report;
	const checks = checksFor(expectations);
	const again = judgeFacts(checks.map(forForeignFacts), facts, expectations, { started, duration_ms, ...decided });
	const strange = mistakeInHead("r.json", again);
	if (strange) return describeMistake(strange);
	renderLog(again, { width: 100, unicode: true, color: true, groups: false });
	renderLines(again);
	for (const { render } of Object.values(reportFormats)) await render(again);
	diffReports(report, again);
	return again;
}

type Path = readonly (string | number)[];

/** The path of every part of a value, but for what is far inside of long lists. */
function pathsIn(value: unknown, path: Path = []): readonly Path[] {
	if (typeof value !== "object" || value === null) return [path];
	const entries = Array.isArray(value) ? [...value.slice(0, 2).entries()] : Object.entries(value);
	return [path, ...entries.flatMap(([key, entry]) => pathsIn(entry, [...path, key]))];
}

/** A copy with something else at a path; `undefined` takes it out. */
function changed(data: unknown, path: Path, value: unknown): unknown {
	const [step, ...rest] = path;
	if (step === undefined) return value;
	if (Array.isArray(data)) return data.map((entry, index) => (index === step ? changed(entry, rest, value) : entry));
	const record = data as Readonly<Record<string, unknown>>;
	return { ...record, [step]: changed(record[step], rest, value) };
}

const healthy = read("healthy-container.json");
const withFacts = (name: string, value: unknown): unknown => changed(healthy, ["facts", name, "value"], value);
const withExpectation = (path: Path, value: unknown): unknown => changed(healthy, ["expectations", ...path], value);

describe("expectations", () => {
	test.each<[Path, unknown, string]>([
		[["tools"], undefined, "r.json, expectations.tools: found undefined; allowed: Object"],
		[["tools"], null, "r.json, expectations.tools: found null"],
		[["tools"], [], "r.json, expectations.tools: found Array"],
		[["tools", "rustc", "version", "anyOf"], [7], "r.json, expectations.tools.rustc.version.anyOf.0: found 7"],
		[["tools", "constructor"], 7, "r.json, expectations.tools.constructor: found 7"],
		[["docker"], {}, "r.json, expectations.docker.require: found undefined"],
		[["disk"], [null], "r.json, expectations.disk.0: found null"],
		[["severity"], { "docker/*": "loud" }, 'r.json, expectations.severity.docker/*: found "loud"'],
		[["accept"], "none", 'r.json, expectations.accept: found "none"'],
	])("%j as %j is a mistake with its place", async (path, value, mistake) => {
		expect(await replay(withExpectation(path, value))).toContain(mistake);
	});

	test("with more in them than this version knows are judged", async () => {
		expect(await replay(withExpectation(["later"], { than: "this" }))).toMatchObject({ verdict: "healthy" });
	});

	test("that name a tool like what every object has are judged", async () => {
		const tool = { version: { text: "*", anyOf: [[]] }, command: ["constructor", "--version"], optional: false };
		const again = await replay(withExpectation(["tools", "constructor"], tool));
		const results = typeof again === "string" ? [] : again.results;
		expect(results.find(({ id }) => id === "tool/constructor")).toMatchObject({ reason: "no-facts" });
	});

	test("of another policy keep no requirement that only an object's members have", async () => {
		const report = readReport("r.json", JSON.stringify(healthy)) as Report;
		const tools = { toString: { version: { text: "*", anyOf: [[]] }, command: ["toString"], optional: false } };
		expect(byPolicy(report, createPolicy({ tools }), undefined).expectations.tools).toEqual(tools);
	});
});

describe("facts", () => {
	test.each([null, 7, "text", true])("that are %j leave their checks undecided, and say which facts", async (value) => {
		const again = await replay(withFacts("memory", value));
		const results = typeof again === "string" ? [] : again.results;
		expect(results.find(({ id }) => id === "memory/available")).toMatchObject({
			status: "error",
			reason: "undecided",
			message: "The facts `memory` of this report have another form than this check reads.",
		});
		expect(results.filter(({ status }) => status === "error")).toHaveLength(1);
	});

	test("no part of another form gets into a result", async () => {
		const again = await replay(changed(healthy, ["facts", "tool:git", "value", "found"], { path: 7 }));
		const results = typeof again === "string" ? [] : again.results;
		expect(results.find(({ id }) => id === "tool/git")).toMatchObject({
			status: "error",
			reason: "undecided",
			message: expect.stringMatching(/^The facts `tool:git`.* have another form/),
		});
	});

	test("that the head of the report is made of are a mistake where they are no text", async () => {
		expect(await replay(changed(healthy, ["facts", "os", "value", "name"], {}))).toContain(
			"r.json, facts that tell runner.os: found Object",
		);
	});
});

test("what is deeper than any report is refused, and nothing walks through it", () => {
	const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
	const text = JSON.stringify(withFacts("memory", "HERE")).replace('"HERE"', deep);
	expect(readReport("r.json", text)).toMatchObject({ place: "r.json" });
});

describe.each(names)("%s", (name) => {
	const data = read(name) as Readonly<Record<string, unknown>>;

	test("is judged as ever where nothing is strange", async () => {
		expect(reportFormats.json.render((await replay(data)) as Report)).toBe(readFileSync(`${folder}${name}`, "utf8"));
	});

	test("with something else in any one place never ends the program", async () => {
		const strange: readonly unknown[] = [undefined, null, 7, "text", [], {}, [null], { constructor: null }];
		const places = ["expectations", "facts"].flatMap((part) => pathsIn(data[part], [part]));
		const crashes: string[] = [];
		for (const [index, path] of places.entries()) {
			// Every place gets something strange, and all of it gets everywhere.
			const value = strange[(index + name.length) % strange.length];
			await replay(changed(data, path, value)).catch((error: unknown) => {
				crashes.push(`${path.join(".")} as ${JSON.stringify(value)}: ${String(error)}`);
			});
		}
		expect(crashes).toEqual([]);
		expect(places.length).toBeGreaterThan(300);
	});
});
