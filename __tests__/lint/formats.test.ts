import { describe, expect, test } from "vitest";
import { type LintFormat, type LintOutcome, runLint } from "../../src/lint/lint-command.ts";
import { lintOptions } from "../support/lint-options.ts";
import { createConfigHost } from "./support/lint.ts";

function lintAs(format: LintFormat, files: Readonly<Record<string, string>>): Promise<LintOutcome> {
	return runLint(createConfigHost(files), lintOptions({ files: Object.keys(files), format }));
}

const hostile = 'runner:\n  capacity: "4"\n  labels:\n    - "a<b>&:docker://x:latest"\n    - "x::error::y"\n';

describe("formats", () => {
	test("SARIF has every finding with its place and its rule", async () => {
		const { text, results } = await lintAs("sarif", { "config.yaml": hostile });
		const log = JSON.parse(text);
		expect(log.version).toBe("2.1.0");
		const [run] = log.runs;
		expect(run.results).toHaveLength(results.length);
		for (const result of run.results) {
			expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
			expect(["error", "warning"]).toContain(result.level);
			expect(result.message.text).toMatch(/\w/);
			const [{ physicalLocation }] = result.locations;
			expect(physicalLocation.artifactLocation.uri).toBe("config.yaml");
			expect(physicalLocation.region.startLine).toBeGreaterThan(0);
		}
	});

	test("JUnit has a failure for each error, and a test for a file without findings", async () => {
		const { text, results } = await lintAs("junit", {
			"config.yaml": hostile,
			"a/other.yaml": "runner:\n  capacity: 1\n",
		});
		expect(text.match(/<failure /g) ?? []).toHaveLength(results.filter(({ status }) => status === "fail").length);
		expect(text).toContain('classname="a/other.yaml" name="no problems found"');
		expect(text.replace(/&(?:amp|lt|gt|quot|apos);/g, "")).not.toMatch(/&|<b>/);
	});

	test("github has one command in each line, and nothing else", async () => {
		const { text, results } = await lintAs("github", { "config.yaml": hostile });
		const lines = text.trimEnd().split("\n");
		expect(lines).toHaveLength(results.length);
		for (const line of lines) expect(line).toMatch(/^::(?:error|warning) file=config\.yaml,line=\d+/);
	});
});

describe("a comment", () => {
	const label = '    - "builder:docker://ghcr.io/team/builder:latest"';
	const ignore = "# runner-check: ignore config/label:floating-tag";
	const config = (line: string) => `runner:\n  labels:\n${line}\n`;

	test.for([
		["behind the line", config(`${label} ${ignore} -- rebuilt every night`)],
		["above the line", config(`    ${ignore} -- rebuilt every night\n${label}`)],
		["for the whole check", config(`${label} # runner-check: ignore config/label -- rebuilt every night`)],
	] as const)("%s takes the finding out", async ([, text]) => {
		const { results, text: said, exitCode } = await lintAs("text", { "config.yaml": text });
		expect(results).toEqual([]);
		expect(said).not.toContain("ignore");
		expect(exitCode).toBe(0);
	});

	test.for([
		["without a reason", config(`${label} ${ignore}`), "Add a reason"],
		["for another line", config(`${label}\n    ${ignore} -- no\n    - "a:host"`), "Nothing to ignore"],
		["for another finding", config(`${label} # runner-check: ignore config/cache -- no`), "Nothing to ignore"],
	] as const)("%s takes nothing out, and that is said", async ([, text, said]) => {
		const outcome = await lintAs("text", { "config.yaml": text });
		expect(outcome.results).toHaveLength(1);
		expect(outcome.text).toContain(said);
	});
});
