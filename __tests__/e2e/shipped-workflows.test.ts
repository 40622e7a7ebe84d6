import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { startForge } from "./support/forge.ts";
import { runJob, runShippedWorkflow, step } from "./support/job.ts";
import { oneLine } from "./support/outcome.ts";

const world = inject("world");

describe("test-builder.yml", () => {
	test("succeeds in the builder image", async () => {
		await using forge = await startForge(join(world.folder, "forge-builder"));
		const { code, output } = await runShippedWorkflow(world, "test-builder.yml", { forge: forge.url });
		const check = step(output, "fortemi/runner-check@v1");
		console.log(check.log);
		expect(check.log).toContain("healthy");
		expect(check.exit).toBe(0);
		for (const tool of ["rustc", "cargo", "docker", "node"]) expect(step(output, `${tool} --version`).exit).toBe(0);
		expect(code).toBe(0);
	});

	test("fails on a host, which its label does not promise", async () => {
		await using forge = await startForge(join(world.folder, "forge-titan"));
		const { code, output } = await runShippedWorkflow(world, "test-builder.yml", { on: "host", forge: forge.url });
		const check = step(output, "fortemi/runner-check@v1");
		console.log(check.log);
		expect(check.log).toContain("host-instead-of-container");
		expect(check.exit).toBe(1);
		expect(code).toBe(1);
	});
});

describe("the action, fetched from a forge", () => {
	test.each(["container", "host"] as const)("finds a well set up %s runner healthy", async (on) => {
		await using forge = await startForge(join(world.folder, `forge-${on}`));
		const outcome = await runJob(world, { on, ordinaryUser: true, forge: forge.url });
		console.log(oneLine(`fortemi/runner-check@v1, ${on}`, outcome));
		expect(outcome.report.verdict).toBe("healthy");
		expect(outcome.exit).toBe(0);
	});
});

describe("health-check.yml", () => {
	/** The verdict that each label's job comes to. */
	const labels = ["matric-builder", "matric-builder-gpu", "titan", "gpu"];
	test.each([
		{ on: "container" as const, exits: [0, 1, 1, 1] }, // no GPU there, and no host
		{ on: "host" as const, exits: [1, 1, 0, 1] },
	])("tells the labels apart that a $on runner serves", async ({ on, exits }) => {
		await using forge = await startForge(join(world.folder, `health-${on}`));
		const { output } = await runShippedWorkflow(world, "health-check.yml", { on, forge: forge.url });
		const found = labels.map((_, index) => {
			const mark = new RegExp(`^\\[[^\\]]*/check-${index + 1} *\\]`);
			return step(
				output
					.split("\n")
					.filter((line) => mark.test(line))
					.join("\n"),
				"fortemi/runner-check@v1",
			).exit;
		});
		expect(found).toEqual(exits);
	});
});
