import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { runnerTemplate } from "../../src/lint/init-runner.ts";
import { brief, lint } from "./support/lint.ts";

/** Both sides of each change that matters to these files, and no version. */
const versions = [undefined, "1.0.8", "2.3.0", "3.0.0", "3.3.0", "3.3.1", "4.1.0"];

function filesBelow(folder: string): readonly string[] {
	return readdirSync(folder).flatMap((name) => {
		const path = join(folder, name);
		return statSync(path).isDirectory() ? filesBelow(path) : [path];
	});
}

describe("the examples", () => {
	const files = filesBelow("examples").filter((path) => /config\.yaml$|\.service$/.test(path));

	test("are there", () => {
		expect(files.length).toBeGreaterThanOrEqual(3);
	});

	test.for(files)("%s is healthy", async (path) => {
		expect(brief(await lint({ [path]: readFileSync(path, "utf8") }))).toEqual([]);
	});

	test("are healthy together", async () => {
		const runner = files.filter((path) => path.startsWith("examples/runner/"));
		expect(brief(await lint(Object.fromEntries(runner.map((path) => [path, readFileSync(path, "utf8")]))))).toEqual([]);
	});
});

describe("the guide", () => {
	const guide = readFileSync("docs/runner-setup.md", "utf8");
	const blocks = [...guide.matchAll(/^```(yaml|ini)\n([\s\S]*?)^```$/gm)].map(
		(match) => [match[1] ?? "", match[2] ?? ""] as const,
	);
	const configs = blocks.filter(([language, text]) => language === "yaml" && /^(?:runner|container):/m.test(text));
	const units = blocks.filter(([language]) => language === "ini");

	test.for(configs.map(([, text]) => text))("has a configuration that is healthy: %s", async (text) => {
		expect(brief(await lint(text, "4.1.0"))).toEqual([]);
	});

	test.for(units.map(([, text]) => text))("has a unit that is healthy: %s", async (text) => {
		expect(brief(await lint({ "gitea-runner.service": text }))).toEqual([]);
	});

	test("has a configuration and a unit that are healthy together", async () => {
		for (const [, config] of configs)
			for (const [, unit] of units)
				expect(brief(await lint({ "config.yaml": config, "gitea-runner.service": unit }, "4.1.0"))).toEqual([]);
	});

	test("names no file that is not there", () => {
		const links = [...guide.matchAll(/\]\(\.\.\/(examples[^)#]*)/g)].map((match) => match[1] ?? "");
		expect(links.length).toBeGreaterThan(3);
		for (const link of links) expect(() => statSync(link), link).not.toThrow();
	});
});

describe("init --runner", () => {
	const labels = [
		"matric-builder:docker://ghcr.io/team/builder:1",
		"matric-builder-gpu:docker://ghcr.io/team/builder:gpu",
		"titan:host",
	];

	test.for(versions)("prints a configuration that is healthy for runner %s", async (version) => {
		const { text, results } = await runnerTemplate(labels, version);
		expect(results).toEqual([]);
		expect(brief(await lint(text, version))).toEqual([]);
		for (const label of labels) expect(text).toContain(JSON.stringify(label));
	});

	test("needs nothing of Docker for labels of the host", async () => {
		expect((await runnerTemplate(["titan:host"])).text).not.toContain("container:");
	});

	test("says what is wrong with a label", async () => {
		expect((await runnerTemplate(["builder:dokcer://x:1"])).results).toMatchObject([
			{ id: "config/label", reason: "bad-schema" },
		]);
		expect((await runnerTemplate(['a"b\u0007:host', "x"])).text).toContain('"a\\"b\\u0007:host"');
	});
});
