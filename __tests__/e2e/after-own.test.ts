import { once } from "node:events";
import { chmod, mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { AfterReport } from "../../src/after/after-report.ts";
import jobsFile from "./after-own-jobs.yaml";
import {
	type AfterJob,
	type AfterOutcome,
	afterOrder,
	findingsOf,
	outcomeOf,
	runAfterJob,
} from "./support/after-jobs.ts";
import { builderImage } from "./support/builder-image.ts";
import { Engine, hostUser } from "./support/engine.ts";
import { type Forge, startForge } from "./support/forge.ts";
import { GiteaServer } from "./support/gitea-server.ts";
import { must } from "./support/run.ts";
import { type DaemonOptions, RunnerDaemon } from "./support/runner-daemon.ts";

/** Jobs on the real runner that fail by their own doing: the second look never blames the runner for them. */
const world = inject("world");
const ownJobs: readonly OwnJob[] = jobsFile as readonly OwnJob[];
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

async function startRunner(options: Partial<DaemonOptions> = {}): Promise<RunnerDaemon> {
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
		const ended = await runAfterJob(server, forge, { on, run: sleeping, cancel: "sleeping" });
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

/** An entry of after-own-jobs.yaml, which says what its keys mean. */
interface OwnJob extends AfterJob {
	readonly name: string;
	readonly says?: AfterReport["caused_by"] | "none";
	readonly findings?: readonly string[];
	readonly alone?: boolean;
}

/** A forge and registry that refuses every login. */
async function startDenial(): Promise<AsyncDisposable & { readonly address: string }> {
	const denial = createServer((_, response) => {
		response.writeHead(401, { "www-authenticate": 'Basic realm="private"' }).end("no");
	});
	await once(denial.listen(0, "127.0.0.1"), "listening");
	return {
		address: `127.0.0.1:${(denial.address() as AddressInfo).port}`,
		async [Symbol.asyncDispose]() {
			denial.closeAllConnections();
			denial.close();
			await once(denial, "close");
		},
	};
}

/** How many jobs run at once. */
const capacity = 5;

/** Works on the parts of a list, some at a time, in its order. */
async function inTurns<T>(list: readonly T[], atOnce: number, work: (one: T, index: number) => Promise<void>) {
	const left = [...list.entries()];
	const worker = async (): Promise<void> => {
		for (let next = left.shift(); next; next = left.shift()) await work(next[1], next[0]);
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
}

test("a job that fails by its own doing never blames the runner", { timeout: 400_000 }, async () => {
	await using denial = await startDenial();
	await using _ = await startRunner({ capacity });
	const rows: (readonly [OwnJob, AfterOutcome])[] = [];
	const work = async (own: OwnJob, index: number): Promise<void> => {
		const env = { IMAGE: builderImage, DENIED: denial.address, RUN: `own-${own.alone ? "alone-" : ""}${index}` };
		const job = { env, ...JSON.parse(JSON.stringify(own.job ?? {}).replace(/\$IMAGE/g, builderImage)) };
		rows.push([own, await runAfterJob(server, forge, { ...own, job })]);
	};
	try {
		await inTurns(
			ownJobs.filter(({ alone }) => !alone),
			capacity,
			work,
		);
		await inTurns(
			ownJobs.filter(({ alone }) => alone),
			1,
			work,
		);
	} finally {
		const client = ["--host", `unix://${world.socket}`];
		const left = (await must(world.client, [...client, "ps", "--all", "--quiet", "--filter", "name=own-"])).trim();
		if (left !== "") await must(world.client, [...client, "rm", "--force", ...left.split("\n")]);
	}

	const said = rows.map(([own, outcome]) => ({
		job: `${own.name} (${own.on})`,
		says: outcome.after?.caused_by ?? "none",
		findings: findingsOf(outcome),
	}));
	console.log(
		[
			"| job | verdict | findings |",
			"|---|---|---|",
			...said.map(({ job, says, findings }) => `| ${job} | ${says} | ${findings.join(", ") || "none"} |`),
		].join("\n"),
	);
	expect(said.filter(({ says }) => says === "runner")).toEqual([]);
	expect(said).toEqual(
		rows.map(([{ name, on, says = "job", findings = [] }]) => ({ job: `${name} (${on})`, says, findings })),
	);
	// They failed: a script that succeeds by mistake proves nothing.
	const failed = rows.filter(([{ cancel }, { task }]) => task.result === "failure" || cancel !== undefined);
	expect(failed).toHaveLength(ownJobs.length);
});

describe("a host job that fails by its own doing, on a machine of its own", () => {
	test("the Docker socket that it removed", async () => {
		const folder = await mkdtemp(join(world.folder, "engine-"));
		await using engine = await Engine.start({ folder, path: world.enginePath });
		await chmod(folder, 0o777);
		await using _ = await startRunner({ socket: engine.socket });
		const ended = await runAfterJob(server, forge, { on: "host", run: `rm ${engine.socket}\ndocker ps` });
		expect(ended.log).toMatch(/[Cc]annot connect to the Docker daemon|failed to connect to the docker API/);
		expect(ended.after).toMatchObject({ outcome: "failed", caused_by: "job", because: "after/docker:gone" });
		expect(findingsOf(ended)).toEqual(["after/docker:gone (job)"]);
	});

	test("a disk that it filled to 80 %", async () => {
		const folder = await mkdtemp(join(world.folder, "disk-"));
		const disk = join(folder, "mnt");
		const make = 'truncate -s 400M "$1.img" && mkfs.ext4 -q "$1.img" && mkdir "$1" && mount -o loop "$1.img" "$1"';
		await must("sh", ["-c", `${make} && chown ${hostUser}:${hostUser} "$1"`, "sh", disk]);
		try {
			await chmod(folder, 0o755);
			await using _ = await startRunner({ workspaces: disk });
			const inputs = { profile: "generic", "min-free-disk": "50MiB", "min-free-inodes": "100" };
			const run = "head -c 270M /dev/zero > big\ndf --output=pcent .\nexit 1";
			const ended = await runAfterJob(server, forge, { on: "host", with: inputs, run });
			expect(ended.log).toMatch(/^ *8\d%$/m);
			expect(ended.after).toMatchObject({ outcome: "failed", caused_by: "job" });
			expect(findingsOf(ended)).toEqual([]);
		} finally {
			await must("umount", ["--lazy", disk]);
		}
	});
});
