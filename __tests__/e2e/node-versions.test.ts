import { describe, expect, inject, test } from "vitest";
import { runAction } from "./support/action.ts";
import { node } from "./support/node-versions.ts";
import { findings } from "./support/outcome.ts";

const world = inject("world");
const current = await runAction(world);

describe("a Node too old to run the checks says so", () => {
	// as a step without inputs has it: `auto`, with a token, beside a forge that it would ask
	const defaults = { profile: "auto", token: "t0ken" };
	const forge = { GITHUB_API_URL: "http://127.0.0.1:9/api/v1", GITHUB_REPOSITORY: "a/b", GITHUB_RUN_ID: "1" };
	test.each([
		[12, {}],
		[14, {}],
		[12, defaults],
		[14, defaults],
	])(
		"Node %i %o",
		async (major, inputs) => {
			const options = { node: await node(major), with: inputs, env: forge };
			const { exit, outputs, summary, log } = await runAction(world, options);
			console.log(`Node ${major}: exit ${exit}, ${outputs.verdict}, ${outputs.failures}`);

			expect(exit).toBe(1);
			expect(outputs).toMatchObject({ verdict: "misconfigured", failures: '["node/runtime:too-old"]', failed: "1" });
			for (const text of [log, summary]) {
				expect(text).toContain(`${major}.`);
				expect(text).toContain("node/runtime");
			}
			expect(log).not.toMatch(/SyntaxError|ReferenceError/);
		},
		120_000,
	);
});

describe("every Node that can run the checks runs all of them", () => {
	test.each([16, 18, 20, 22, 24, 26])(
		"Node %i",
		async (major) => {
			const { exit, report, left } = await runAction(world, { node: await node(major) });
			const warnings = findings(report, "warn");
			console.log(
				`Node ${major}: exit ${exit}, ${report.verdict}, ${report.results.length} results, ${warnings.join(", ")}`,
			);

			expect(findings(report, "fail", "error")).toEqual([]);
			expect(exit).toBe(0);
			expect(report.results.map(({ id }) => id)).toEqual(current.report.results.map(({ id }) => id));
			expect(warnings).toEqual(
				report.results.find(({ id }) => id === "node/runtime")?.status === "warn" ? ["node/runtime:end-of-life"] : [],
			);
			if (major < 20) expect(warnings).not.toEqual([]); // the later ones end while this test lives
			expect(left).toEqual([]);
		},
		120_000,
	);
});
