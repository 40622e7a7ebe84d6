import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { type AfterOutcome, afterOrder, outcomeOf, runAfterJob } from "./support/after-jobs.ts";
import { type Forge, startForge } from "./support/forge.ts";
import { GiteaServer } from "./support/gitea-server.ts";
import { RunnerDaemon } from "./support/runner-daemon.ts";

/** Jobs on the real runner that fail by their own doing: the second look never blames the runner for them. */
const world = inject("world");
let forge: Forge;
let server: GiteaServer;
beforeAll(async () => {
	forge = await startForge(join(world.folder, "after-own-forge"));
});
afterAll(() => forge?.[Symbol.asyncDispose]());
beforeEach(async () => {
	server = await GiteaServer.start(world.giteaServer);
});
afterEach(() => server[Symbol.asyncDispose]());

async function startRunner(options: { capacity?: number } = {}): Promise<RunnerDaemon> {
	const runner = await RunnerDaemon.start(world, { instance: server.url, ...options });
	await chmod(runner.registration, 0o600); // otherwise a warning at the start
	return runner;
}

/** It replaces the shell: this runner kills only that, and waits for its children. */
const sleeping = "echo sleeping; exec sleep 50";

/** What the second look quotes about the runner. */
function evidenceOf(after: AfterOutcome["after"]): readonly string[] {
	return after?.results.find(({ id }) => id === "after/runner")?.evidence.map(({ text }) => text) ?? [];
}

describe.each(["container", "host"] as const)("how a %s job ended, by the forge's record of it", (on) => {
	test("a step that failed is a failed job", async () => {
		await using _ = await startRunner();
		const { task, after } = await runAfterJob(server, forge, { on, run: "exit 3" });
		expect(task.result).toBe("failure");
		expect(after).toMatchObject({ outcome: "failed", caused_by: "job" });
		expect(evidenceOf(after)).toContain("the job is in_progress; last step: Run exit 3 (completed, failure)");
	});

	test("a cancel on the page is a canceled job", async () => {
		await using _ = await startRunner();
		const { id } = await server.queue(afterOrder(forge, { on, run: sleeping }));
		await server.until(id, ({ rows }) => rows.includes("sleeping"));
		await server.cancel(id);
		const ended = outcomeOf(await server.ended(id));
		expect(ended.after).toMatchObject({ outcome: "canceled", caused_by: "job" });
		expect(evidenceOf(ended.after)).toContain("HTTP 401: the job's token is not valid any more, as after a cancel");
	});

	test("a runner that was stopped says so, whatever it reports", async () => {
		await using runner = await startRunner();
		const { id } = await server.queue(afterOrder(forge, { on, run: sleeping }));
		await server.until(id, ({ rows }) => rows.includes("sleeping"));
		await runner.stop();
		const ended = outcomeOf(await server.ended(id));
		expect(ended.after).toMatchObject({ outcome: "stopped", caused_by: "runner", because: "after/runner:restarted" });
	});
});
