import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { runAction } from "./support/action.ts";
import { dockerGroup, hostUser } from "./support/engine.ts";
import { node } from "./support/node-versions.ts";
import { findings } from "./support/outcome.ts";
import { actionDist } from "./support/project.ts";
import { run } from "./support/run.ts";

const world = inject("world");
const current = await runAction(world);

describe("a Node too old to run the checks says so", () => {
	// as a step without inputs has it: `auto`, with a token, beside a forge that it would ask
	const defaults = { profile: "auto", token: "t0ken" };
	const forge = { GITHUB_API_URL: "http://127.0.0.1:9/api/v1", GITHUB_REPOSITORY: "a/b", GITHUB_RUN_ID: "1" };
	const cases = [6, 8, 10, 12, 14].flatMap((major) => [[major, {}] as const, [major, defaults] as const]);
	test.each(cases)(
		"Node %i %o",
		async (major, inputs) => {
			const options = { node: await node(major), with: inputs, env: forge };
			const { exit, outputs, summary, log, stderr } = await runAction(world, options);
			console.log(`Node ${major}: exit ${exit}, ${outputs.verdict}, ${outputs.failures}`);

			expect(exit).toBe(1);
			expect(stderr).toBe("");
			expect(outputs).toMatchObject({ verdict: "misconfigured", failures: '["node/runtime:too-old"]', failed: "1" });
			expect(outputs).toMatchObject({ versions: expect.stringContaining(`"node":"${major}.`), report: "" });
			for (const text of [log, summary]) {
				expect(text).toContain(`Node ${major}.`);
				expect(text).toContain("node/runtime");
			}
			expect(log).toMatch(/^::error title=.*\n$/);

			const accepted = await runAction(world, { ...options, with: { ...inputs, "fail-on": "never" } });
			expect(accepted.exit).toBe(0);
			expect(accepted.outputs.failures).toBe(outputs.failures);
		},
		120_000,
	);

	test.each([6, 14])("Node %i in a terminal and in the runner's hooks", async (major) => {
		const ran = await run(await node(major), [join(actionDist, "cli.js"), "check", "--format", "lines"]);
		expect(ran.code).toBe(1);
		expect(ran.stderr).toBe("");
		expect(ran.stdout).toMatch(new RegExp(`^fail node/runtime:too-old: .*Node ${major}\\.`));
	});
});

describe("every Node that can run the checks runs all of them", () => {
	test.each(["16.0.0", "16", "18", "20", "22", "24", "26"])(
		"Node %s",
		async (version) => {
			const { exit, report, left } = await runAction(world, {
				node: await node(version),
				uid: hostUser,
				groups: [dockerGroup],
			});
			const warnings = findings(report, "warn");
			console.log(
				`Node ${version}: exit ${exit}, ${report.verdict}, ${report.results.length} results, ${warnings.join(", ")}`,
			);

			expect(findings(report, "fail", "error")).toEqual([]);
			expect(exit).toBe(0);
			expect(report.results.map(({ id }) => id)).toEqual(current.report.results.map(({ id }) => id));
			expect(warnings).toEqual(
				report.results.find(({ id }) => id === "node/runtime")?.status === "warn" ? ["node/runtime:end-of-life"] : [],
			);
			if (Number.parseInt(version, 10) < 20) expect(warnings).not.toEqual([]); // the later ones end while this test lives
			expect(left).toEqual([]);
		},
		120_000,
	);
});
