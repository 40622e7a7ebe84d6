import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { commitAll, git } from "../support/sources.ts";
import { type AfterOutcome, runAfterJob } from "./support/after-jobs.ts";
import { type Forge, startForge } from "./support/forge.ts";
import { GiteaServer } from "./support/gitea-server.ts";
import { RunnerDaemon } from "./support/runner-daemon.ts";
import { startedAfter, traced } from "./support/trace.ts";

/** A job that succeeds: with the post step, not one process more is started than by the same action without one. */
const world = inject("world");
let forge: Forge;
beforeAll(async () => {
	forge = await startForge(join(world.folder, "after-success-forge"));
	await releaseWithoutPost(forge);
});
afterAll(() => forge?.[Symbol.asyncDispose]());

const withoutPost = "fortemi/no-second-look@v1";

/** The same action without its post step. */
async function releaseWithoutPost({ repositories }: Forge): Promise<void> {
	const folder = await mkdtemp(join(world.folder, "without-post-"));
	git(
		folder,
		"clone",
		"--quiet",
		"--config=advice.detachedHead=false",
		"--branch",
		"v1",
		join(repositories, "fortemi/runner-check"),
		"action",
	);
	const action = join(folder, "action");
	const text = await readFile(join(action, "action.yml"), "utf8");
	const less = text.replace(/^ +post(?:-if)?: .*\n/gm, "");
	expect(text.split("\n").length - less.split("\n").length).toBe(2);
	await writeFile(join(action, "action.yml"), less);
	commitAll(action, "without post");
	const remote = join(repositories, "fortemi/no-second-look");
	await mkdir(remote, { recursive: true });
	git(remote, "init", "--quiet", "--bare", "--initial-branch=main");
	git(action, "push", "--quiet", remote, "HEAD:refs/heads/main", "HEAD:refs/tags/v1");
}

interface Counted {
	readonly outcome: AfterOutcome;
	/** Processes that the runner, or whatever it started, started after the program of the last step; in a container job: at all. */
	readonly processes: readonly string[];
	/** What the engine did with the job's container after the last step: programs that it started there, copies, its end. */
	readonly engine: readonly string[];
}

const mark = "the-program-of-the-last-step";

/** Runs a job with one step after the action, and counts what is started after that. */
async function count(on: "container" | "host", exit: 0 | 1, uses?: string): Promise<Counted> {
	const file = join(await mkdtemp(join(world.folder, "trace-")), "processes");
	const events = new EngineEvents();
	await using server = await GiteaServer.start(world.giteaServer);
	try {
		const runner = await RunnerDaemon.start(world, { instance: server.url, startedBy: await traced(file) });
		const run = `/bin/true ${mark}\nexit ${exit}`;
		const outcome = await runAfterJob(server, forge, { on, run, ...(uses !== undefined && { uses }) });
		await runner.stop();
		if (on === "host") return { outcome, processes: await startedAfter(file, mark), engine: [] };
		return { outcome, processes: await startedAfter(file, '"daemon"'), engine: await events.afterLastStep() };
	} finally {
		await events.stop();
	}
}

/** What the engine tells about containers while it does it. */
class EngineEvents {
	#text = "";
	readonly #client = spawn(world.client, [
		`--host=unix://${world.socket}`,
		"events",
		`--since=${Date.now() / 1000}`,
		"--filter=type=container",
		"--format={{.Action}}",
	]);

	constructor() {
		this.#client.stdout.setEncoding("utf8").on("data", (text: string) => {
			this.#text += text;
		});
	}

	/** Of a container that is removed, when that is told. */
	async afterLastStep(): Promise<readonly string[]> {
		while (!/^destroy$/m.test(this.#text)) await once(this.#client.stdout, "data");
		const actions = this.#text.trim().split("\n");
		const last = actions.map((action) => action.startsWith("exec_create: sh ")).lastIndexOf(true);
		expect(last).toBeGreaterThan(-1);
		return actions.slice(last + 1);
	}

	async stop(): Promise<void> {
		const ended = once(this.#client, "exit");
		this.#client.kill();
		await ended;
	}
}

test.each(["container", "host"] as const)("a %s job that succeeds", { timeout: 120_000 }, async (on) => {
	const without = await count(on, 0, withoutPost);
	const successful = await count(on, 0);
	const failed = await count(on, 1);
	const all = [without, successful, failed];
	expect(all.map(({ outcome }) => outcome.task.result)).toEqual(["success", "success", "failure"]);
	expect(all.map(({ outcome }) => outcome.after !== undefined)).toEqual([false, false, true]);

	expect(successful.processes).toHaveLength(without.processes.length);
	expect(successful.engine).toEqual(without.engine);
	expect(successful.outcome.log).not.toContain("Run Post");
	// The count does see a post step.
	const started = on === "host" ? failed.processes : failed.engine;
	expect(started.filter((text) => /(?:execve|exec_create).*\/dist\/post\.js/.test(text))).toHaveLength(1);
	console.log(
		`${on}: ${without.processes.length + without.engine.length} without a post step, ${successful.processes.length + successful.engine.length} with one, ${failed.processes.length + failed.engine.length} after a failed job`,
	);
});
