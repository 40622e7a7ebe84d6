import { expect, inject, test } from "vitest";
import { runAction } from "./support/action.ts";
import { dockerGroup, hostUser } from "./support/engine.ts";
import { findings } from "./support/outcome.ts";

const world = inject("world");

test("a uid without a name, HOME, USER and XDG folders is no fault", async () => {
	const { exit, report } = await runAction(world, {
		uid: hostUser,
		groups: [dockerGroup],
		// Cargo alone does not start without a home of its own.
		env: { HOME: undefined, CARGO_HOME: "/tmp/cargo" },
		with: { profile: "generic", docker: "required" },
	});
	expect(findings(report, "fail", "error", "warn")).toEqual([]);
	expect(exit).toBe(0);
});
