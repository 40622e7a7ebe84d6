import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readLog } from "../src/fleet/read-log.ts";
import { createRealHost } from "../src/host/real-host.ts";
import { publish } from "../src/publish.ts";
import { createReport } from "./render/builders.ts";
import { createRequest } from "./support/builders.ts";

const host = createRealHost(process.env);
const directory = mkdtempSync(join(tmpdir(), "publish-"));
// One for all of the tests: `@actions/core` keeps the first path that it was given.
const summaryFile = join(directory, "step-summary");
const outputFile = join(directory, "outputs");
const reportDir = join(directory, "reports");

let printed: string;
beforeEach(() => {
	printed = "";
	writeFileSync(summaryFile, "");
	writeFileSync(outputFile, "");
	vi.stubEnv("GITHUB_STEP_SUMMARY", summaryFile);
	vi.stubEnv("GITHUB_OUTPUT", outputFile);
	vi.spyOn(process.stdout, "write").mockImplementation((text) => {
		printed += text;
		return true;
	});
});
afterEach(() => {
	vi.unstubAllEnvs();
	vi.restoreAllMocks();
});
afterAll(() => rmSync(directory, { recursive: true }));

/** The value of an output, as the runner reads it. */
function outputOf(name: string): string | undefined {
	return new RegExp(`^${name}<<(\\S+)\\n(.*)\\n\\1$`, "m").exec(readFileSync(outputFile, "utf8"))?.[2];
}

describe("the job summary", () => {
	it("is written where nobody switched it off", async () => {
		await publish(createReport(), createRequest(), host);
		expect(readFileSync(summaryFile, "utf8")).toContain("matric-builder");
	});

	it("is not written under `summary: false`", async () => {
		await publish(createReport(), createRequest({ summary: false }), host);
		expect(readFileSync(summaryFile, "utf8")).toBe("");
		expect(outputOf("summary")).toBe("");
	});
});

describe("`publish: log`", () => {
	it("prints the report for the fleet, in a folded group at the end", async () => {
		const report = createReport();
		await publish(report, createRequest({ publish: "log" }), host);
		const [, group] = /\n::group::Report for the fleet\n(.*)\n::endgroup::\n$/s.exec(printed) ?? [];
		expect(readLog(group ?? "").texts.map(({ json }) => JSON.parse(json))).toEqual([report]);
	});

	it("prints nothing more without it", async () => {
		await publish(createReport(), createRequest(), host);
		expect(printed).not.toContain("for the fleet");
	});
});

describe("the output `summary`", () => {
	it("is the job summary's path", async () => {
		await publish(createReport(), createRequest({ reportDir }), host);
		expect(outputOf("summary")).toBe(summaryFile);
	});

	it("is the Markdown report's path where that was asked for", async () => {
		await publish(createReport(), createRequest({ reportDir, formats: ["json", "markdown"] }), host);
		const path = outputOf("summary") ?? "";
		expect(path).toMatch(/\.md$/);
		expect(path.startsWith(reportDir)).toBe(true);
		expect(readFileSync(path, "utf8")).toContain("matric-builder");
	});
});

describe("outputs", () => {
	it("go to the runner's file", async () => {
		await publish(createReport(), createRequest({ reportDir }), host);
		expect(outputOf("verdict")).toBe("healthy");
		expect(outputOf("report")).toBe(join(reportDir, "report.json"));
	});

	it("are not printed where there is no such file", async () => {
		vi.stubEnv("GITHUB_OUTPUT", "");
		await publish(createReport(), createRequest({ reportDir }), host);
		expect(printed).toContain("matric-builder");
		expect(printed).not.toContain("set-output");
		expect(readFileSync(outputFile, "utf8")).toBe("");
	});
});

it("a report that cannot be written is one warning, whatever its path says", async () => {
	const hostile = join(summaryFile, "no-directory\n::error::forged\u001b[31m\n##[error]forged");
	await publish(createReport(), createRequest({ reportDir: hostile }), host);
	const [warning, ...others] = printed.split("\n").filter((line) => line.includes("could not write"));
	expect(others).toEqual([]);
	expect(warning).toMatch(/^::warning::runner-check could not write /);
	// The runner turns the escapes back into line breaks, and what it logs then must be no command either.
	const told = (warning ?? "").slice("::warning::".length).replace(/%0[AD]/g, "\n");
	expect(told).toContain("forged");
	expect(told).not.toMatch(/^\s*::/m);
	expect(told).not.toContain("##[");
	expect(told).not.toContain("\u001b");
	expect(outputOf("report")).toBe("");
	expect(outputOf("verdict")).toBe("healthy");
});

it("what cannot be written is told without the secrets in its path", async () => {
	vi.stubEnv("DB_PASS", "CANARY-5f2c9e71");
	const place = join(summaryFile, "CANARY-5f2c9e71");
	await publish(createReport(), createRequest({ reportDir: place }), host);
	expect(printed).toContain("could not write");
	expect(printed).not.toContain("CANARY");
});
