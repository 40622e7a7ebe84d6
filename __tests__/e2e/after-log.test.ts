import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { findingsOf, runAfterJob } from "./support/after-jobs.ts";
import { type Forge, startForge } from "./support/forge.ts";
import { GiteaServer } from "./support/gitea-server.ts";
import { RunnerDaemon } from "./support/runner-daemon.ts";

/** A job's own log is read where the machine shows nothing any more. */
const world = inject("world");
let forge: Forge;
let server: GiteaServer;
let runner: RunnerDaemon;
beforeAll(async () => {
	forge = await startForge(join(world.folder, "after-log-forge"));
	server = await GiteaServer.start(world.giteaServer);
	runner = await RunnerDaemon.start(world, { instance: server.url });
});
afterAll(async () => {
	await runner?.[Symbol.asyncDispose]();
	await server?.[Symbol.asyncDispose]();
	await forge?.[Symbol.asyncDispose]();
});

// Docker gives a container 64 MiB there.
const fillAndFree = "dd if=/dev/zero of=/dev/shm/full bs=1M count=200; rm /dev/shm/full; exit 1";

test("a disk that was filled and freed again is unknown, with what the job's log says", async () => {
	const outcome = await runAfterJob(server, forge, { on: "container", run: fillAndFree });
	expect(findingsOf(outcome)).toContain("after/disk:undecided (error)");
	expect(outcome.after).toMatchObject({ caused_by: "unknown", because: "after/disk:undecided" });
	expect(outcome.after?.sentence).toMatch(/the job's log says `dd: .*: No space left on device`, at \d\d:\d\d UTC/);
});

test("a script that only looks for these words changes nothing", async () => {
	const run = "grep -q 'No space left on device' /etc/hostname";
	const outcome = await runAfterJob(server, forge, { on: "host", run });
	expect(findingsOf(outcome)).not.toContain("after/disk:undecided (error)");
	expect(outcome.after?.caused_by).not.toBe("runner");
});
