import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { runAction } from "./support/action.ts";
import { findings } from "./support/outcome.ts";

const world = inject("world");

test("the action lints the configuration that it is given, and annotates its lines", async () => {
	const config = join(world.folder, "config.yaml");
	await writeFile(config, 'runner:\n  labels:\n    - "titan:host"\ncontainer:\n  labels: [a]\n');
	const { exit, report, stdout } = await runAction(world, { with: { "runner-config": config } });
	expect(findings(report, "fail", "error")).toEqual(["config/unknown-key:misplaced-key"]);
	expect(exit).toBe(1);
	expect(stdout).toContain(`file=${config},line=5,col=3`);
});
