import { chmod, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { giteaRows, visibleText } from "../support/gitea-log.ts";
import { type Forge, startForge } from "./support/forge.ts";
import { GiteaServer, type Order, stepLog, type Task } from "./support/gitea-server.ts";
import { leftoverMark } from "./support/job.ts";
import { must } from "./support/run.ts";
import { RunnerDaemon, runnerLabels, runnerName } from "./support/runner-daemon.ts";

/** The real runner's daemon against a forge that speaks its protocol: registration, tasks, logs, cancel. */
const world = inject("world");
let forge: Forge;
let server: GiteaServer;
beforeAll(async () => {
	forge = await startForge(join(world.folder, "daemon-forge"));
});
afterAll(() => forge?.[Symbol.asyncDispose]());
beforeEach(async () => {
	server = await GiteaServer.start(world.giteaServer);
});
afterEach(() => server[Symbol.asyncDispose]());

const startRunner = (options: { dockerHost?: string; shutdownTimeout?: string } = {}) =>
	RunnerDaemon.start(world, { instance: server.url, ...options });

interface Job {
	/** Inputs of the action. */
	with?: Record<string, string>;
	/** Shell scripts that run as the steps around it. */
	before?: string;
	after?: string;
}

/** A job with this action, used as a release is. There is no checkout, as in many real jobs. */
function order(label: string, { with: inputs = {}, before, after }: Job = {}): Order {
	const output = (name: string) => `\${{ steps.check.outputs.${name} }}`;
	const outputs = { verdict: output("verdict"), profile: output("profile"), failures: output("failures") };
	const script = (run: string | undefined) => (run === undefined ? [] : [{ run, shell: "sh" }]);
	const check = { uses: "fortemi/runner-check@v1", id: "check", with: inputs };
	const steps = [...script(before), check, ...script(after)];
	return {
		labels: [label],
		context: { gitea_default_actions_url: forge.url },
		workflow: { name: "check.yml", on: "push", jobs: { check: { "runs-on": label, outputs, steps } } },
	};
}

/** Runs a job to its end. */
async function runTask(order: Order): Promise<Task> {
	const { id } = await server.queue(order);
	return server.ended(id);
}

const visibleLines = (log: string) => visibleText(log).trim().split("\n");

describe("a registered runner", () => {
	test("serves its labels, and a stock registration is one warning of a host job, without the token", async () => {
		await using runner = await startRunner();
		expect(await server.runner()).toMatchObject({ name: runnerName, version: "v1.0.8", labels: runnerLabels });
		expect(((await stat(runner.registration)).mode & 0o777).toString(8)).toBe("644"); // as the runner makes it

		const open = await runTask(order("titan"));
		expect(open.result).toBe("success");
		expect(open.outputs).toEqual({ verdict: "degraded", profile: "titan", failures: "[]" });
		const log = stepLog(open, 0);
		const lines = visibleLines(log);
		expect(lines.slice(0, 3)).toEqual([
			"▸ Run fortemi/runner-check@v1",
			`▲ Runner degraded: ${await hostname()} · titan · host · Gitea runner v1.0.8`,
			expect.stringMatching(/^ {2}rustc [\d.]+, cargo [\d.]+, docker [\d.]+, node [\d.]+, git [\d.]+$/),
		]);
		expect(lines.filter((line) => line.startsWith("▲ ")).slice(1)).toEqual([
			expect.stringMatching(/^▲ Every user can read \//),
		]);
		expect(lines.join("\n")).toContain("[runner/secrets:world-readable-registration]");
		expect(lines).toContain(`      sudo chmod 600 ${runner.registration}`);
		expect(giteaRows(log).filter(({ kind }) => kind === "warning")).toHaveLength(1);
		expect(open.rows.join("\n")).not.toContain(await runner.token());

		await chmod(runner.registration, 0o600); // the fix
		const closed = await runTask(order("titan"));
		expect(closed.outputs).toEqual({ verdict: "healthy", profile: "titan", failures: "[]" });
	});

	test("shows the verdict of a container job in the open, and knows its label from the forge", async () => {
		await using _ = await startRunner();
		const task = await runTask(order("matric-builder", { after: listZombies }));
		expect(task.result).toBe("success");
		// No workflow is in the workspace: a guess from the environment would be a warning.
		expect(task.outputs).toEqual({ verdict: "healthy", profile: "matric-builder", failures: "[]" });
		const lines = visibleLines(stepLog(task, 0));
		expect(lines).toEqual([
			"▸ Run fortemi/runner-check@v1",
			expect.stringMatching(/^✔ Runner healthy: .* · matric-builder · container · Gitea runner v1\.0\.8$/),
			expect.stringMatching(/^ {2}rustc [\d.]+, cargo [\d.]+, docker [\d.]+, node [\d.]+, git [\d.]+$/),
			expect.stringMatching(/^ {2}\d+ passed, \d+ skipped, \d+ ms$/),
			"",
			"▸ All checks",
		]);
		// PID 1 of a job container reaps nothing.
		expect(stepLog(task, 1)).toMatch(/^zombies: *$/m);
	});

	test("shows what is wrong in the open, and the job fails", async () => {
		await using _ = await startRunner({ dockerHost: "-" }); // jobs get no socket
		const task = await runTask(order("matric-builder"));
		expect([task.result, task.steps[0]?.result]).toEqual(["failure", "failure"]);
		expect(task.outputs).toMatchObject({ verdict: "misconfigured", failures: '["docker/socket:missing"]' });
		const log = stepLog(task, 0);
		expect(visibleText(log)).toMatch(
			/^▸ Run fortemi\/runner-check@v1\n✖ Runner misconfigured: [\s\S]*✖ The Docker socket is missing[\s\S]*Fix it in the runner's configuration/,
		);
		expect(giteaRows(log).filter(({ kind }) => kind === "error")).toHaveLength(1);
		expect(task.rows.at(-1)).toBe("Job 'check' failed");
	});
});

/** A script that puts a tool on the PATH of the next steps that hangs, and leaves a child in its place. */
const installHungTool = [
	'mkdir -p "$RUNNER_TEMP/bin"',
	`printf '%s\\n' '#!/bin/sh' 'sleep ${leftoverMark} &' wait > "$RUNNER_TEMP/bin/hung"`,
	'chmod +x "$RUNNER_TEMP/bin/hung"',
	'echo "$RUNNER_TEMP/bin" >> "$GITHUB_PATH"',
].join("\n");

/** A script that prints the names of ended processes that nobody waited for. */
const listZombies = "echo zombies: $(sed -n 's/^[0-9]* (\\(.*\\)) Z .*/\\1/p' /proc/[0-9]*/stat)";

/** Processes that the hung tool started, those in containers too. */
async function hungProcesses(): Promise<number[]> {
	const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const lines = pids.map(async (pid) => {
		const line = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
		return line === `sleep\0${leftoverMark}\0` ? [Number(pid)] : [];
	});
	return (await Promise.all(lines)).flat();
}

/** Waits for processes to come or to go, for ten seconds at most, and gives how many there are. */
async function hung(wanted: number): Promise<number> {
	for (let tries = 0; tries < 100 && (await hungProcesses()).length !== wanted; tries++) await sleep(100);
	return (await hungProcesses()).length;
}

const containers = async () =>
	(await must(world.client, [`--host=unix://${world.socket}`, "ps", "--all", "--quiet"])).trim();
const hostname = async () => (await must("uname", ["--nodename"])).trim();

describe.each(["titan", "matric-builder"])("a check that hangs on %s", (label) => {
	/** Queues the job and waits until its tool hangs. */
	async function untilHung(timeout: string): Promise<number> {
		const inputs = { tools: 'hung: "*"', timeout };
		const { id } = await server.queue(order(label, { with: inputs, before: installHungTool }));
		expect(await hung(1)).toBe(1);
		// The guard, which ends it if the run is killed, starts a moment later.
		await sleep(1000);
		return id;
	}

	afterEach(async () => {
		for (const pid of await hungProcesses()) process.kill(pid, "SIGKILL");
	});

	test("ends when the job is canceled, and nothing of it stays", async () => {
		await using _ = await startRunner();
		const id = await untilHung("50s");
		await server.cancel(id);
		const task = await server.ended(id);
		expect(task.steps.map(({ result }) => result)).toEqual(["success", "failure"]);
		expect(stepLog(task, 1)).toMatch(/##\[error\].*(has been cancelled|context canceled)/);
		expect(await hung(0)).toBe(0);
		expect(await containers()).toBe("");
	});

	test("ends without a verdict when the runner is stopped, and nothing of it stays", async () => {
		await using runner = await startRunner();
		const id = await untilHung("50s");
		await runner.stop();
		const task = await server.ended(id);
		expect(task.steps.at(-1)?.result).toBe("failure");
		expect(task.outputs.verdict).toBe("");
		// This runner reports the job as a success, although a step failed: docs/runner-setup.md warns of it.
		expect([task.result, task.rows.includes("Job succeeded")]).toEqual(["success", true]);
		expect(await hung(0)).toBe(0);
		expect(await containers()).toBe("");
	});

	test("ends with its verdict when the stopped runner waits for it", async () => {
		await using runner = await startRunner({ shutdownTimeout: "30s" });
		const id = await untilHung("3s");
		await runner.stop();
		const task = await server.ended(id);
		expect(task.result).toBe("failure");
		expect(task.outputs).toMatchObject({ verdict: "misconfigured", failures: '["tool/hung:timeout"]' });
		expect(visibleText(stepLog(task, 1))).toMatch(/✖ Runner misconfigured[\s\S]*hung/);
		expect(await hung(0)).toBe(0);
	});
});
