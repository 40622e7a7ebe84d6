import { randomUUID } from "node:crypto";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Outcome, Report } from "./outcome.ts";
import { actionDist } from "./project.ts";
import { must, run } from "./run.ts";
import type { World } from "./world.ts";

export interface ActionRun {
	/** The Node that runs it; otherwise a supported one. */
	node?: string;
	/** The PATH; otherwise that of a well set up host. */
	path?: string;
	/** More environment variables. A host's are HOME, DOCKER_HOST and what the runner sets; `undefined` takes one away. */
	env?: NodeJS.ProcessEnv;
	/** Inputs of the action. */
	with?: Record<string, string>;
	/** The user it runs as. */
	uid?: number;
	/** Further groups of that user. */
	groups?: number[];
}

export interface ActionOutcome extends Outcome {
	stdout: string;
	stderr: string;
	/** The file of outputs as it was written. */
	outputsFile: string;
	/** Milliseconds that the step took. */
	ms: number;
}

/** A Node too old to run the checks writes none. */
const noReport: Report = {
	verdict: "",
	duration_ms: 0,
	profile: { name: "", decided_by: "" },
	counts: {},
	results: [],
};

/** Runs the action as the runner starts a step on a host, without the runner, to see every byte and millisecond of it. */
export async function runAction(world: World, options: ActionRun = {}): Promise<ActionOutcome> {
	const folder = await mkdtemp(join(world.folder, "action-"));
	await chmod(folder, 0o755);
	const action = join(folder, "action");
	await cp(actionDist, join(action, "dist"), { recursive: true });
	const home = join(folder, "home");
	await cp(world.hostHome, home, { recursive: true, verbatimSymlinks: true });

	// as the runner lays them out for a job on the host
	const job = join(home, ".cache/act/0123456789abcdef");
	const [workspace, temp, workflow] = [join(job, "hostexecutor"), join(job, "tmp"), join(job, "act/workflow")];
	for (const each of [workspace, temp, workflow]) {
		await mkdir(each, { recursive: true });
		await chmod(each, 0o777);
	}
	const [outputsPath, summaryPath] = [join(workflow, "outputcmd.txt"), join(workflow, "SUMMARY.md")];
	for (const each of [outputsPath, summaryPath]) {
		await writeFile(each, "");
		await chmod(each, 0o666);
	}

	const mark = randomUUID();
	const env: NodeJS.ProcessEnv = {
		PATH: options.path ?? world.hostPath,
		HOME: home,
		LANG: "C.UTF-8",
		CI: "true",
		GITHUB_ACTIONS: "true",
		GITEA_ACTIONS: "true",
		GITEA_ACTIONS_RUNNER_VERSION: "v4.1.0",
		GITHUB_JOB: "check",
		GITHUB_WORKSPACE: workspace,
		GITHUB_EVENT_PATH: join(workflow, "event.json"),
		GITHUB_OUTPUT: outputsPath,
		GITHUB_STEP_SUMMARY: summaryPath,
		RUNNER_TEMP: temp,
		DOCKER_HOST: `unix://${world.socket}`,
		RUNNER_CHECK_E2E_MARK: mark, // inherited by whatever is started, so that leftovers can be told
		...inputsEnv({ profile: "titan", ...options.with }),
		...options.env,
	};
	const groups = options.groups?.length ? `--groups=${options.groups.join(",")}` : "--clear-groups";
	if (options.uid !== undefined) await must("chown", ["--recursive", `${options.uid}:${options.uid}`, home]);
	const become = options.uid === undefined ? [] : [`--reuid=${options.uid}`, `--regid=${options.uid}`, groups];
	const node = options.node ?? world.node;
	const ran = await run("setpriv", [...become, "--", node, join(action, "dist/main.js")], { env, cwd: workspace });

	const outputsFile = await readFile(outputsPath, "utf8");
	const outputs = parseOutputs(outputsFile);
	return {
		exit: ran.code,
		log: ran.output,
		stdout: ran.stdout,
		stderr: ran.stderr,
		ms: ran.ms,
		report: outputs.report ? (JSON.parse(await readFile(outputs.report, "utf8")) as Report) : noReport,
		outputs,
		outputsFile,
		summary: await readFile(summaryPath, "utf8"),
		left: await processesWith(mark),
		folder: temp,
	};
}

/** A folder of programs for a PATH: each a shell script. */
export async function standIns(world: World, scripts: Record<string, string>): Promise<string> {
	const folder = await mkdtemp(join(world.folder, "bin-"));
	for (const [name, script] of Object.entries(scripts)) {
		await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
		await chmod(join(folder, name), 0o755);
	}
	return folder;
}

function inputsEnv(inputs: Record<string, string>): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

/** `name=value` and `name<<MARK`, as a runner reads them. */
function parseOutputs(file: string): Record<string, string> {
	const outputs: Record<string, string> = {};
	const lines = file.split("\n");
	for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
		const [, name, kind, rest] = /^([^=<]+)(=|<<)(.*)$/.exec(line) ?? [];
		if (name === undefined || rest === undefined) continue;
		outputs[name] =
			kind === "="
				? rest
				: lines
						.splice(0, lines.indexOf(rest) + 1)
						.slice(0, -1)
						.join("\n");
	}
	return outputs;
}

async function processesWith(mark: string): Promise<string[]> {
	const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
	const found = await Promise.all(
		pids.map(async (pid) => {
			const env = await readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");
			return env.includes(mark) ? [await readFile(`/proc/${pid}/cmdline`, "latin1").catch(() => pid)] : [];
		}),
	);
	return found.flat();
}
