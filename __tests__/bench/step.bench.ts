import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { startForge } from "../e2e/support/forge.ts";
import { runWorkflow } from "../e2e/support/job.ts";
import { commitAll, git, repository } from "../support/sources.ts";
import { contentOf, RunnerLog, type StepCost } from "./runner-log.ts";

/** Each is a runner's first job and a later one. */
const rounds = Number(process.env.BENCH_STEP_ROUNDS ?? 10);

test("what a step costs in a container job, from the runner's own log", { timeout: 1_200_000 }, async () => {
	const world = inject("world");
	const folder = join(world.folder, "bench-step");
	await using forge = await startForge(folder);
	const address = (name: string) => `${forge.url}/fortemi/${name}`;
	const bare = (name: string) => join(forge.repositories, "fortemi", name);
	// As it is in reality: next to the releases, the repository has the sources with their history.
	git(repository, "push", "--quiet", "--force", bare("runner-check"), "HEAD:refs/heads/main");
	const onlyReleases = ["--single-branch", "--branch=releases/v1"];
	git(folder, "clone", "--quiet", "--bare", ...onlyReleases, bare("runner-check"), bare("only-releases"));
	await helloWorld(bare("hello"));

	/** What the table says -> `uses` or `run`. */
	const subjects = new Map([
		["`run: true`", "true"],
		["a JavaScript action that prints one line", address("hello@main")],
		["**runner-check@v1**", address("runner-check@v1")],
		["the same, in a repository of releases only", address("only-releases@v1")],
		["the whole repository as an action", address("runner-check@main")],
	]);
	const steps = [...subjects.values()];

	const first: Map<string, StepCost>[] = [];
	const later: Map<string, StepCost>[] = [];
	const copied = new Map<string, string>();
	for (let round = 0; round < rounds; round++) {
		const home = join(folder, `home-${round}`);
		const turn = [...steps.slice(round % steps.length), ...steps.slice(0, round % steps.length)];
		for (const jobs of [first, later]) {
			const log = new RunnerLog();
			const ran = await runWorkflow(world, workflow(turn), { home, onOutput: log.add });
			expect(ran.code, ran.output).toBe(0);
			jobs.push(new Map(steps.map((step) => [step, log.costOf(step)])));
			for (const step of steps.slice(1)) {
				const all = await contentOf(log.copiedFrom(step));
				const ofGit = await contentOf(join(log.copiedFrom(step), ".git"));
				copied.set(
					step,
					`${inWords(all.files - ofGit.files, all.bytes - ofGit.bytes)} | ${inWords(ofGit.files, ofGit.bytes)}`,
				);
			}
		}
	}

	const median = (jobs: Map<string, StepCost>[], step: string, part: keyof StepCost) => {
		const sorted = jobs.map((costs) => costs.get(step)?.[part] ?? Number.NaN).sort((a, b) => a - b);
		return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
	};
	const cost = (step: string) =>
		[first, later].flatMap((jobs) => (["fetch", "copy", "step"] as const).map((part) => median(jobs, step, part)));
	const least = median(later, address("hello@main"), "step");
	const rows = [...subjects].map(([title, step]) => [
		...[title, copied.get(step) ?? " | ", ...cost(step).map((ms) => ms.toFixed(0))],
		(median(later, step, "step") / least).toFixed(2),
	]);
	console.log(
		[
			`Medians of ${rounds} rounds in ms: the first job of a runner, and a later one. The steps take turns within a job.\n`,
			"| step | checkout | its .git | first: fetch | copy | step | later: fetch | copy | step | × the one line |",
			"|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
			...rows.map((cells) => `| ${cells.join(" | ")} |`),
		].join("\n"),
	);
	expect(rows.flat()).not.toContain("NaN");
});

const inWords = (files: number, bytes: number) => `${files} files, ${(bytes / 1e6).toFixed(2)} MB`;

/** One job with these steps. */
function workflow(steps: readonly string[]) {
	const asSteps = steps.map((step) => (step.includes("://") ? { uses: step } : { run: step }));
	return { on: "workflow_dispatch", jobs: { bench: { "runs-on": "matric-builder", steps: asSteps } } };
}

/** The least that a JavaScript action can be. */
async function helloWorld(bare: string): Promise<void> {
	const source = `${bare}-source`;
	await mkdir(source);
	const action = { name: "hello", description: "hello", runs: { using: "node20", main: "index.js" } };
	await writeFile(join(source, "action.yml"), JSON.stringify(action));
	await writeFile(join(source, "index.js"), 'console.log("Hello, world");\n');
	git(source, "init", "--quiet", "--initial-branch=main");
	commitAll(source, "hello");
	git(source, "clone", "--quiet", "--bare", ".", bare);
}
