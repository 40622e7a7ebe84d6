import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { visibleText } from "../support/gitea-log.ts";
import { GiteaServer, type Task } from "./support/gitea-server.ts";
import { must } from "./support/run.ts";
import { RunnerDaemon } from "./support/runner-daemon.ts";

/**
 * The runner's two hooks on a real runner. The newest release that Go's module system can name has no hooks yet, so its first and
 * its last step do what they do, in the same way and the same place. RUNNER_WITH_HOOKS names the program of one that has them.
 */
const withHooks = process.env.RUNNER_WITH_HOOKS;
const world = inject("world");
const home = join(world.folder, "runner-check-for-hooks");
let server: GiteaServer;
let runner: RunnerDaemon;

beforeAll(async () => {
	await mkdir(home);
	for (const part of ["dist", "hooks"]) await cp(part, join(home, part), { recursive: true });
	await must("chmod", ["--recursive", "a+rX", home]);
	server = await GiteaServer.start(world.giteaServer);
	runner = await RunnerDaemon.start(world, {
		instance: server.url,
		hooks: home,
		...(withHooks !== undefined && { program: withHooks }),
	});
}, 120_000);
afterAll(async () => {
	await runner?.[Symbol.asyncDispose]();
	await server?.[Symbol.asyncDispose]();
});

/** A hook gets no files for outputs, state and summary. It is no step either, so it must not see that of this one in the job's record. */
const hook = (name: string) =>
	`env -u GITHUB_OUTPUT -u GITHUB_STATE -u GITHUB_STEP_SUMMARY -u ACTIONS_RUNTIME_TOKEN bash -e ${home}/hooks/${name} </dev/null`;

async function runJob(label: string, script: string): Promise<Task> {
	const job = { run: script, shell: "sh" };
	const asHooks = [
		{ run: hook("job-started.sh"), shell: "sh" },
		job,
		{ run: hook("job-completed.sh"), shell: "sh", if: "always()" },
	];
	const env = { RUNNER_CHECK_PROFILE: "generic" };
	const steps = withHooks === undefined ? asHooks : [job];
	const { id } = await server.queue({
		labels: [label],
		workflow: { name: "hooks.yml", on: "push", jobs: { build: { "runs-on": label, env, steps } } },
	});
	return server.ended(id);
}

/** What the job's log says from its end on. */
function ofEnd({ rows }: Task): string {
	const text = visibleText(rows.join("\n"));
	return text.slice(text.lastIndexOf("job-completed.sh"));
}

test("a full disk fails no job", async () => {
	const script = `
		mount -t tmpfs -o size=64k tmpfs "$1" && cp /dev/zero "$1/full" 2>/dev/null
		export RUNNER_TEMP="$1" RUNNER_CHECK_PROFILE=generic RUNNER_CHECK_FAIL_ON=never
		bash -e "$2/hooks/job-started.sh" >/dev/null 2>&1; echo "started $?"
		bash -e "$2/hooks/job-completed.sh"; echo "completed $?"; ls "$1"`;
	const full = join(world.folder, "full");
	await mkdir(full);
	const output = await must("unshare", ["--mount", "sh", "-c", script, "sh", full, home]);
	expect(output).toMatch(/^started 0\n[\s\S]*nothing can be compared with it\.\ncompleted 0\nfull\n$/);
});

describe.each(["titan", "matric-builder"])("a job of %s", (label) => {
	test("that succeeds is compared with its start, and still succeeds", { timeout: 120_000 }, async () => {
		const task = await runJob(label, "exit 0");
		expect([task.result, ofEnd(task)]).toEqual([
			"success",
			expect.stringMatching(/\n[·?✖] .*[\s\S]*runner-check looked again after the job/),
		]);
	});

	test("that fails is never the runner's doing by that alone", { timeout: 120_000 }, async () => {
		const task = await runJob(label, "echo gone; exit 3");
		expect(task.result).toBe("failure");
		expect(ofEnd(task)).toMatch(/\n[·?] .*[\s\S]*runner-check looked again after the job/);
	});

	test.skipIf(withHooks === undefined)("has a record that says how it ended", { timeout: 120_000 }, async () => {
		const [good, bad] = [await runJob(label, "exit 0"), await runJob(label, "exit 3")].map(ofEnd);
		expect(good).toMatch(
			/\n· Nothing that this job ran on gave out\n {2}runner-check looked again after the job succeeded/,
		);
		expect(bad).toMatch(/\n· Nothing shows that the runner caused this.*[\s\S]*after the job failed/);
	});

	test("leaves no report behind", async () => {
		expect(await must("find", [runner.folder, "-name", "runner-check-hook-*"])).toBe("");
	});
});
