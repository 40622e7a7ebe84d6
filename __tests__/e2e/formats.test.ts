import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkJunit, checkMetrics, sarifProblems } from "./support/format-checkers.ts";
import { run } from "./support/run.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "runner-check-formats-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A report in a format, of a machine on which something fails, warns, passes and is skipped. */
async function report(format: string): Promise<string> {
	const tools = 'no-such-tool: "*"\nrustc: ">=999"';
	const { stdout } = await run("node", [
		"dist/cli.js",
		"check",
		"--profile",
		"matric-builder",
		"--tools",
		tools,
		"--format",
		format,
		"--fail-on",
		"never",
	]);
	expect(stdout.length).toBeGreaterThan(1000);
	return stdout;
}

describe("formats that other programs read", () => {
	test("promtool takes the metrics, and has nothing to say against them", { timeout: 300_000 }, async () => {
		const metrics = join(folder, "metrics.prom");
		await writeFile(metrics, await report("prometheus"));
		expect(await checkMetrics(metrics)).toMatchObject({ code: 0, output: "" });
	});

	test("Jenkins' schema of JUnit reports holds", { timeout: 300_000 }, async () => {
		const xml = join(folder, "junit.xml");
		await writeFile(xml, await report("junit"));
		expect(await checkJunit(xml)).toMatchObject({ code: 0, output: "" });
		expect(await readFile(xml, "utf8")).toContain('<failure type="missing"');
	});
});

describe("formats of the lint", () => {
	/** Findings of every level, with and without a certain fix, and a file without any. */
	async function lint(format: string): Promise<string> {
		const broken = join(folder, "config ö&<.yaml");
		const unit = join(folder, "gitea-runner.service");
		await writeFile(
			broken,
			'runner:\n  capacity: "2"\n  labels: ["a<&:Docker://x.example/y:latest", "b"]\n  nothing: 1\n',
		);
		await writeFile(unit, "[Service]\nExecStart=/usr/bin/gitea-runner daemon\nRestart=always # ]]>\n");
		await writeFile(join(folder, "good.yaml"), "runner:\n  capacity: 1\n");
		const files = [broken, unit, join(folder, "good.yaml")];
		return (await run("node", ["dist/cli.js", "lint", ...files, "--format", format])).stdout;
	}

	test("the schema of SARIF 2.1.0 holds", { timeout: 300_000 }, async () => {
		const log = JSON.parse(await lint("sarif"));
		expect(log.runs[0].results.length).toBeGreaterThan(4);
		expect(log.runs[0].results.filter(({ fixes }: { fixes?: unknown }) => fixes)).not.toEqual([]);
		expect(await sarifProblems(log)).toEqual([]);
		expect(await sarifProblems({ ...log, runs: [{ ...log.runs[0], tool: {} }] })).not.toEqual([]);
	});

	test("Jenkins' schema of JUnit reports holds", { timeout: 300_000 }, async () => {
		const xml = join(folder, "lint.xml");
		await writeFile(xml, await lint("junit"));
		expect(await checkJunit(xml)).toMatchObject({ code: 0, output: "" });
		expect(await readFile(xml, "utf8")).toContain('<failure type="config/type:wrong-type"');
	});
});
