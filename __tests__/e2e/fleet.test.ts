import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { readLog } from "../../src/fleet/read-log.ts";
import type { Report } from "../../src/report/report.ts";
import { type FakeJob, ForgeApi, repository, token } from "../fleet/support/forge-api.ts";
import { Servers } from "../support/servers.ts";
import { type Forge, startForge } from "./support/forge.ts";
import { GiteaServer, stepLog, type Task } from "./support/gitea-server.ts";
import { RunnerDaemon, runnerName } from "./support/runner-daemon.ts";

/** The whole way: a real runner prints its report into a log, and the fleet action, in a job of a real runner, reads it from a forge. */
const world = inject("world");
let actions: Forge;
let server: GiteaServer;
let api: ForgeApi;
let servers: Servers;
/** One address for both: the runner takes the forge's API to be where it fetches its tasks. */
let instance: string;
beforeAll(async () => {
	actions = await startForge(join(world.folder, "fleet-forge"));
});
afterAll(() => actions?.[Symbol.asyncDispose]());
beforeEach(async () => {
	server = await GiteaServer.start(world.giteaServer);
	api = await ForgeApi.start();
	servers = new Servers();
	const port = await servers.http((request, response) => {
		const isApi = request.headers.authorization === `token ${token}`;
		const target = new URL(request.url ?? "/", isApi ? api.url : server.url);
		const { method, headers } = request;
		const onward = httpRequest(target, { method, headers }, (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		onward.on("error", () => response.destroy());
		request.pipe(onward);
	});
	instance = `http://127.0.0.1:${port}`;
});
afterEach(async () => {
	servers.close();
	await server[Symbol.asyncDispose]();
	await api[Symbol.asyncDispose]();
});

/** Runs one step in a job of the runner. */
async function job(label: string, uses: string, inputs: Readonly<Record<string, string>>): Promise<Task> {
	const steps = [{ uses, with: inputs }];
	const { id } = await server.queue({
		labels: [label],
		context: { gitea_default_actions_url: actions.url, repository },
		secrets: { FLEET_TOKEN: token },
		workflow: { name: "health-check.yml", on: "push", jobs: { check: { "runs-on": label, steps } } },
	});
	return server.ended(id);
}

/** The log of a task as Gitea's API serves it: the time, a blank, and the row. */
const served = ({ rows }: Task): string =>
	rows.map((row) => `${new Date().toISOString().replace("Z", "1234Z")} ${row}\n`).join("");

/** A job of the health check on the real runner, as the forge records it. */
async function checked(
	id: number,
	inputs: Readonly<Record<string, string>> = {},
): Promise<{ run: number; job: FakeJob }> {
	const at = new Date().toISOString();
	const task = await job("titan", "fortemi/runner-check@v1", {
		publish: "log",
		profile: "titan",
		"fail-on": "never",
		...inputs,
	});
	const log = served(task);
	const [published] = readLog(log).texts;
	const report = JSON.parse(published?.json ?? "null") as Report;
	// This runner tells a job no name of its own.
	expect(report.facts.job).toMatchObject({ ok: true, value: { inJob: true } });
	return {
		run: Number(report.job?.run_id),
		job: { id, name: "check (titan)", labels: ["titan"], runner: runnerName, status: "success", at, log },
	};
}

describe("a real runner and the fleet action", () => {
	test("the report comes through the log, and the action, in a subdirectory of the release, tells about it", {
		timeout: 180_000,
	}, async () => {
		await using _ = await RunnerDaemon.start(world, { instance });
		const { run, job: healthy } = await checked(1);
		const { run: next, job: sick } = await checked(2, { tools: "no-such-tool: '*'" });
		api.runs = [
			{ id: run, jobs: [healthy] },
			{ id: next, jobs: [sick] },
		];
		// The job of the fleet is on the same runner, and asks the forge.
		const task = await job("titan", "fortemi/runner-check/fleet@v1", {
			token: "${{ secrets.FLEET_TOKEN }}",
			runs: "5",
		});
		const log = stepLog(task, 0);
		expect(task.result, log).toBe("failure");
		expect(log.replace(/\u001b\[\d+m/g, "")).toContain("Fleet: misconfigured — 1 runner: 1 misconfigured");
		expect(log).toContain("tool/no-such-tool:missing");
		expect(log).not.toContain(token);
		expect(api.issues).toMatchObject([{ title: `Runner ${runnerName} (titan): misconfigured`, state: "open" }]);

		const { run: last, job: well } = await checked(3);
		api.runs.push({ id: last, jobs: [well] });
		const again = await job("titan", "fortemi/runner-check/fleet@v1", { token: "${{ secrets.FLEET_TOKEN }}" });
		expect(again.result, stepLog(again, 0)).toBe("success");
		expect(api.issues).toMatchObject([{ state: "closed" }]);
	});

	test("the action starts in a job container, too", { timeout: 120_000 }, async () => {
		await using _ = await RunnerDaemon.start(world, { instance });
		const task = await job("matric-builder", "fortemi/runner-check/fleet@v1", { token: "", issues: "false" });
		expect(stepLog(task, 0)).toMatch(/The input `token` is empty|cannot be read/);
	});
});
