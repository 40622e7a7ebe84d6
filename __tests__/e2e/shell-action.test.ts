import { expect, inject, test } from "vitest";
import { runJob } from "./support/job.ts";
import { oneLine } from "./support/outcome.ts";

const world = inject("world");

test.each(["container", "host"] as const)("sh/action.yml does what action.yml does, in a %s job", async (on) => {
	const outcome = await runJob(world, { on, ordinaryUser: true, uses: "./sh", with: { "min-free-disk": "1GiB" } });
	console.log(oneLine(`sh/action.yml, ${on}`, outcome));
	expect(outcome.exit).toBe(0);
	expect(outcome.outputs).toMatchObject({ verdict: "healthy", failures: "[]" });
	expect(outcome.report.results.length).toBeGreaterThan(40);
	// An input whose name has a hyphen comes through the shell, too.
	expect(JSON.stringify(outcome.report)).toContain("input `min-free-disk`");
});

test("sh/action.yml says that node is missing, where no JavaScript action could start", async () => {
	const job = runJob(world, { uses: "./sh", before: 'mv "$(command -v node)" /node-is-gone' });
	await expect(job).rejects.toThrow(/runner-check: node is not installed here, so no JavaScript action can start/);
});
