import type { Host } from "../host/host.ts";
import { containerProbe } from "../probes/container.ts";
import type { PolicyFile } from "./policy-file.ts";
import { labelsOf, profileNames } from "./profile.ts";

/** The profile that `auto` chose, and the step that decided. */
export interface AutoProfile {
	readonly name: string;
	readonly decidedBy: "runs-on" | "api" | "environment";
}

/**
 * Decides `profile: auto`: by the `runs-on` of the running job in the checked-out workflow, else by the labels that the
 * forge's API tells of this job, else by the environment. Each step that cannot tell leaves it to the next.
 * @param token For the API; sent to GITHUB_API_URL only.
 * @param file A policy, whose profiles may have labels of their own.
 */
export async function decideProfile(
	host: Host,
	token: string | undefined,
	timeoutMs: number,
	file?: PolicyFile,
): Promise<AutoProfile> {
	const controller = new AbortController();
	const deadline = setTimeout(() => controller.abort(), timeoutMs);
	try {
		const byRunsOn = profileOf(await labelsFromWorkflow(host), file);
		if (byRunsOn) return { name: byRunsOn, decidedBy: "runs-on" };
		const byApi =
			token === undefined ? undefined : profileOf(await labelsFromApi(host, token, controller.signal), file);
		if (byApi) return { name: byApi, decidedBy: "api" };
		return { name: await profileByEnvironment(host), decidedBy: "environment" };
	} finally {
		clearTimeout(deadline);
	}
}

/** The first label that a profile names: the first that a runner knows decides where the job lands, too. */
function profileOf(labels: readonly string[], file: PolicyFile | undefined): string | undefined {
	for (const label of labels) {
		const name = profileNames(file).find((profile) => labelsOf(profile, file).includes(label));
		if (name !== undefined) return name;
	}
	return undefined;
}

/** The workflow directories, in the order in which Gitea looks at them. */
const workflowDirectories = [".gitea/workflows", ".github/workflows"];

async function labelsFromWorkflow(host: Host): Promise<readonly string[]> {
	const { GITHUB_JOB: job, GITHUB_WORKFLOW: workflow, GITHUB_WORKSPACE: workspace } = host.env;
	if (!job || !workspace) return [];
	const texts: string[] = [];
	for (const directory of workflowDirectories) {
		const names = await host.list(`${workspace}/${directory}`);
		if (names.kind !== "ok") continue;
		const files = names.value.filter((name) => /\.ya?ml$/.test(name)).sort();
		for (const name of files) {
			const text = await host.readText(`${workspace}/${directory}/${name}`, 256 * 1024);
			// A parser costs its milliseconds: only a file that can hold this job is worth it.
			if (text.kind === "ok" && text.value.includes(`${job}:`)) texts.push(`${name}\n${text.value}`);
		}
		// Where the first directory exists the other is ignored.
		break;
	}
	if (texts.length === 0) return [];
	const { parse } = await import("../yaml.ts");
	const candidates = texts.flatMap((entry) => {
		const [name = "", ...lines] = entry.split("\n");
		return jobsOf(name, lines.join("\n"), job, parse);
	});
	// The forge says either the workflow's name or its file: the one that fits decides between jobs of the same id.
	const named = candidates.filter(({ names }) => workflow !== undefined && names.includes(workflow));
	const chosen = named.length > 0 ? named : candidates;
	return chosen.length === 1 ? (chosen[0]?.labels ?? []) : [];
}

interface Candidate {
	readonly names: readonly string[];
	readonly labels: readonly string[];
}

function jobsOf(file: string, text: string, job: string, parse: (text: string) => unknown): Candidate[] {
	let workflow: { name?: unknown; jobs?: Record<string, { "runs-on"?: unknown }> } | null;
	try {
		workflow = parse(text) as typeof workflow;
	} catch {
		// The forge could not have run it either.
		return [];
	}
	const runsOn = workflow?.jobs?.[job]?.["runs-on"];
	const labels = (Array.isArray(runsOn) ? runsOn : [runsOn]).filter(
		(label): label is string => typeof label === "string",
	);
	if (labels.length === 0 || labels.some((label) => label.includes("${{"))) return [];
	const names = [file, `.gitea/workflows/${file}`, `.github/workflows/${file}`, String(workflow?.name ?? "")];
	return [{ names, labels }];
}

/** Labels of the job that runs here, from `GET /repos/{owner}/{repo}/actions/runs/{run}/jobs` (Gitea 1.25, GitHub). */
async function labelsFromApi(host: Host, token: string, signal: AbortSignal): Promise<readonly string[]> {
	const {
		GITHUB_API_URL: api,
		GITHUB_REPOSITORY: repository,
		GITHUB_RUN_ID: run,
		GITHUB_JOB: job,
		RUNNER_NAME: runner,
	} = host.env;
	// A runner without an instance says `https:///api/v1`, which a URL parser takes for a host called `api`.
	if (!api || !/^https?:\/\/[^/]/.test(api) || !repository || !run || !job) return [];
	const url = new URL(`${api}/repos/${repository}/actions/runs/${run}/jobs`);
	const secure = url.protocol === "https:";
	const answer = await host.request({
		to: { host: url.hostname, port: Number(url.port) || (secure ? 443 : 80), ...(secure && { tls: { verify: true } }) },
		path: url.pathname,
		headers: {
			host: url.host,
			accept: "application/json",
			authorization: `token ${token}`,
			"user-agent": "runner-check",
		},
		signal,
	});
	if (answer.kind !== "answered" || answer.status !== 200) return [];
	const jobs = jobsOfAnswer(answer.body).filter((entry) => entry.name === job);
	const here = jobs.filter((entry) => runner !== undefined && entry.runner_name === runner);
	const chosen = here.length > 0 ? here : jobs;
	return chosen.length === 1 ? (chosen[0]?.labels ?? []) : [];
}

interface JobOfApi {
	readonly name?: string;
	readonly runner_name?: string;
	readonly labels?: readonly string[];
}

function jobsOfAnswer(body: string): readonly JobOfApi[] {
	try {
		const { jobs } = JSON.parse(body) as { jobs?: unknown };
		return Array.isArray(jobs) ? (jobs as JobOfApi[]) : [];
	} catch {
		return [];
	}
}

async function profileByEnvironment(host: Host): Promise<string> {
	const inJob = host.env.GITHUB_ACTIONS === "true" || host.env.GITEA_ACTIONS === "true";
	if (!inJob) return "generic";
	const [{ mode }, devices] = await Promise.all([containerProbe.collect(host), host.lstat("/dev/nvidiactl")]);
	const hasGpu = devices.kind === "device";
	if (mode === "container") return hasGpu ? "matric-builder-gpu" : "matric-builder";
	return hasGpu ? "gpu" : "titan";
}
