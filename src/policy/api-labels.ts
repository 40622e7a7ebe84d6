import type { Host, HttpRequest } from "../host/host.ts";
import { forgeRequest } from "../probes/forge-request.ts";
import { urlOf } from "../probes/proxy.ts";

/** A job as the API tells it; other software fills it in, so that any of it may be something else. */
interface JobOfApi {
	readonly name?: unknown;
	/** `in_progress` while it runs. */
	readonly status?: unknown;
	readonly runner_name?: unknown;
	readonly labels?: unknown;
}

/**
 * Labels of the job that runs here, from `GET /repos/{owner}/{repo}/actions/runs/{run}/jobs` (Gitea 1.25, GitHub); none where
 * that does not tell, or not in time.
 */
export async function labelsFromApi(host: Host, token: string, timeoutMs: number): Promise<readonly string[]> {
	const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_JOB: job, RUNNER_NAME: runner } = host.env;
	const api = urlOf(host.env.GITHUB_API_URL);
	if (!api || !repository || !run || !job) return [];
	const path = ["repos", ...repository.split("/"), "actions", "runs", run, "jobs"].map(encodeURIComponent).join("/");
	// `limit` is Gitea's word, `per_page` GitHub's; each with the most that it gives at once.
	const answer = await ask(
		host,
		(signal) => forgeRequest(api, `/${path}?limit=50&per_page=100`, token, signal),
		timeoutMs,
	);
	if (answer?.status !== 200) return [];
	const labels = jobHere(jobsOf(answer.body), job, runner)?.labels;
	return Array.isArray(labels) ? labels.filter((label): label is string => typeof label === "string") : [];
}

async function ask(
	host: Host,
	request: (signal: AbortSignal) => HttpRequest,
	timeoutMs: number,
): Promise<{ readonly status: number; readonly body: string } | undefined> {
	const controller = new AbortController();
	const deadline = setTimeout(() => controller.abort(), timeoutMs);
	try {
		const answer = await host.request(request(controller.signal));
		return answer.kind === "answered" ? answer : undefined;
	} finally {
		clearTimeout(deadline);
	}
}

/** The jobs of the run; none where the forge has more than it told, for the one looked for may be among those. */
function jobsOf(body: string): readonly JobOfApi[] {
	let answer: { readonly jobs?: unknown; readonly total_count?: unknown } | null;
	try {
		answer = JSON.parse(body) as typeof answer;
	} catch {
		return [];
	}
	const { jobs, total_count: total } = answer ?? {};
	if (!Array.isArray(jobs) || (typeof total === "number" && total > jobs.length)) return [];
	return jobs.filter((job): job is JobOfApi => typeof job === "object" && job !== null);
}

/**
 * The one that runs on this runner, else the one with the job's name. `name:` gives a job any name, a matrix adds its values
 * (`build (a)`), a runner may run several at a time, and an old one does not tell its name: an ambiguous job is not used.
 */
function jobHere(jobs: readonly JobOfApi[], job: string, runner: string | undefined): JobOfApi | undefined {
	const here = jobs.filter(({ status, runner_name: name }) => runner && status === "in_progress" && name === runner);
	if (here.length === 1) return here[0];
	const possible = here.length > 0 ? here : jobs;
	const named = possible.filter(({ name }) => name === job);
	const chosen =
		named.length > 0 ? named : possible.filter(({ name }) => typeof name === "string" && name.startsWith(`${job} (`));
	return chosen.length === 1 ? chosen[0] : undefined;
}
