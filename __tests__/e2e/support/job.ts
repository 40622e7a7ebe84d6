import { existsSync } from "node:fs";
import { chmod, cp, mkdir, mkdtemp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { builderImage } from "./builder-image.ts";
import { dockerGroup, hostUser } from "./engine.ts";
import { freePort } from "./free-port.ts";
import type { Outcome, Report } from "./outcome.ts";
import { checkout, shippedWorkflows } from "./project.ts";
import { must, type Ran, run } from "./run.ts";
import type { World } from "./world.ts";

/** Where a container job sees the folder that the test reads the results from. */
const containerResults = "/results";

export interface Job {
	/** Which kind of label the job lands on: `matric-builder` or `titan`. */
	on?: "container" | "host";
	/** Host jobs run as an ordinary user who may use Docker. Otherwise they run as root, who may break things. */
	ordinaryUser?: boolean;
	/** What lies at /var/run/docker.sock (container) or what DOCKER_HOST names (host); `null` for nothing. */
	socket?: string | null;
	/** The image of the job container; otherwise the builder image. */
	image?: string;
	/** Options of the job container, as in `container.options` of the runner's configuration. */
	options?: string;
	/** A shell script that runs as the step before the check. */
	before?: string;
	/** A shell script that runs as the step after the check. What it writes to `$RESULTS`, the test reads from `results` of the outcome. */
	after?: string;
	/** Inputs of the action. */
	with?: Record<string, string>;
	/** The forge that the action is fetched from; otherwise it is `./`, the one in the checkout. */
	forge?: string;
	/** Another action than that: one of the checkout, or the address of one. */
	uses?: string;
	/** A HOME for the runner that outlives the job, with its cache of actions. Otherwise each job has a new one. */
	home?: string;
	/** Is told what the runner prints, when it prints it. */
	onOutput?: (text: string) => void;
}

/** Runs the action as a step of a real job on the real runner. */
export async function runJob(world: World, job: Job): Promise<Outcome & { results: string }> {
	const folder = await mkdtemp(join(world.folder, "job-"));
	const results = join(folder, "results");
	await mkdir(results);
	await chmod(results, 0o777);
	const seenResults = job.on === "host" ? results : containerResults;

	const project = await checkout(join(folder, "project"), { file: "check.yml", content: workflow(job, seenResults) });
	const options = `--volume ${results}:${containerResults} ${job.options ?? ""}`;
	const ran = await execute(world, { ...job, options }, folder, project, "check.yml");

	const read = (file: string) =>
		readFile(join(results, file), "utf8").catch(() => {
			throw new Error(`the job left no ${file}:\n${ran.output}`);
		});
	const { log, exit } = step(ran.output, actionOf(job));
	return {
		exit,
		log,
		folder: join(results, "report"),
		results,
		report: JSON.parse(await read("report/report.json")) as Report,
		outputs: JSON.parse(await read("outputs.json")) as Record<string, string>,
		summary: await read("summary.md"),
		left: (await read("processes.txt")).split("\n").filter((line) => line.includes(leftoverMark)),
	};
}

/** A stand-in tool puts this number into the command line of what it starts, so that the test can tell it from the rest. */
export const leftoverMark = "31415926";

/** What `uses` names. */
const actionOf = (job: Job) => job.uses ?? (job.forge === undefined ? "./" : "fortemi/runner-check@v1");

function workflow(job: Job, results: string) {
	const { on, before, after, with: inputs } = job;
	const collect = [
		`printf %s "$OUTPUTS" > ${results}/outputs.json`,
		`cp "$SUMMARY" ${results}/summary.md`,
		`for process in /proc/[0-9]*; do { tr '\\0' ' ' < "$process/cmdline"; echo; } 2> /dev/null; done > ${results}/processes.txt`,
	];
	return {
		on: "workflow_dispatch",
		jobs: {
			check: {
				"runs-on": on === "host" ? "titan" : "matric-builder",
				steps: [
					{ uses: "actions/checkout@v4" },
					...(before === undefined ? [] : [{ name: "break it", run: before }]),
					{
						uses: actionOf(job),
						id: "check",
						with: { "report-dir": `${results}/report`, formats: "json,markdown", ...inputs },
					},
					...(after === undefined ? [] : [{ if: "always()", run: after, env: { RESULTS: results } }]),
					{
						if: "always()",
						run: collect.join("\n"),
						env: {
							OUTPUTS: expression("toJSON(steps.check.outputs)"),
							SUMMARY: expression("steps.check.outputs.summary"),
						},
					},
				],
			},
		},
	};
}

const expression = (text: string) => `\${{ ${text} }}`;

/** Runs a workflow of one's own. */
export async function runWorkflow(world: World, content: unknown, job: Job): Promise<Ran> {
	const folder = await mkdtemp(join(world.folder, "job-"));
	const project = await checkout(join(folder, "project"), { file: "own.yml", content });
	return execute(world, job, folder, project, "own.yml");
}

/** Runs a workflow of the repository itself, unchanged. */
export async function runShippedWorkflow(world: World, file: string, job: Job): Promise<Ran> {
	const folder = await mkdtemp(join(world.folder, "job-"));
	return execute(world, job, folder, await checkout(join(folder, "project")), file);
}

async function execute(world: World, job: Job, folder: string, project: string, file: string) {
	const socket = job.socket === undefined ? world.socket : job.socket;
	const home = job.home ?? join(folder, "home");
	if (!existsSync(home)) await cp(world.hostHome, home, { recursive: true, verbatimSymlinks: true });
	const common = [
		"exec",
		"--event",
		"workflow_dispatch",
		"--directory",
		project,
		"--workflows",
		join(project, shippedWorkflows, file),
		// It always listens for artifacts, otherwise on a port of its choice that two runs at once would fight for.
		`--artifact-server-port=${await freePort()}`,
	];
	if (job.forge !== undefined) common.push("--default-actions-url", job.forge);
	const env = { PATH: world.hostPath, HOME: home, LANG: "C.UTF-8" };
	const output = job.onOutput === undefined ? {} : { onOutput: job.onOutput };
	if (job.on === "host") {
		// in a mount namespace of its own, so that what the job mounts is gone with it
		const runner = [world.giteaRunner, ...common, "--image=-self-hosted"];
		const become = [`--reuid=${hostUser}`, `--regid=${hostUser}`, `--groups=${dockerGroup}`, "--"];
		if (job.ordinaryUser) await must("chown", ["--recursive", `${hostUser}:${hostUser}`, folder, home]);
		const command = job.ordinaryUser ? ["setpriv", ...become, ...runner] : runner;
		return run("unshare", ["--mount", ...command], {
			...output,
			env: { ...env, ...(socket === null ? {} : { DOCKER_HOST: `unix://${socket}` }) },
		});
	}
	const container = [
		"--image",
		job.image ?? builderImage,
		"--network=host",
		`--container-daemon-socket=${socket ?? "-"}`,
	];
	return run(world.giteaRunner, [...common, ...container, "--container-opts", job.options ?? ""], {
		...output,
		env: { ...env, DOCKER_HOST: `unix://${world.socket}` },
	});
}

/** What one step printed, from the runner's log, without the runner's marks. */
export function step(log: string, name: string): { log: string; exit: number | null } {
	const lines = log.split("\n").map((line) => line.replace(/^\[[^\]]*\] /, ""));
	const start = lines.indexOf(`Run Main ${name}`);
	const end = lines.findIndex((line, index) => index > start && /^(Success|Failure) - Main /.test(line));
	if (start < 0 || end < 0) throw new Error(`the runner did not run the step "${name}":\n${log}`);
	const failure = lines.slice(end).find((line) => line.startsWith("##[error]")); // its outputs come before it
	const exit = lines[end]?.startsWith("Success") ? 0 : Number(/exit code (\d+)/.exec(failure ?? "")?.[1]);
	const printed = lines.slice(start, end).flatMap((line) => (line.startsWith("  | ") ? [line.slice(4)] : []));
	return { log: printed.join("\n"), exit };
}
