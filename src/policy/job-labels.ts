import type { Host } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import { forgeApi, forgeRequest, type Refusal } from "../probes/forge-request.ts";
import { workflowDirectories } from "./workflow-directories.ts";
import { labelsIn, type WorkflowText } from "./workflow-labels.ts";

/** The labels of the running job as the forge tells them, or why it does not. */
export type ForgeLabels =
	| { readonly kind: "labels"; readonly labels: readonly string[] }
	| { readonly kind: "unknown"; readonly why: "no-token" | "forbidden" | "no-answer" | "ambiguous" | Refusal };

/** A job as the API tells it; other software fills it in, so any part may have another type. */
interface JobOfApi {
	readonly name?: unknown;
	/** `in_progress` while it runs. */
	readonly status?: unknown;
	readonly runner_name?: unknown;
	readonly labels?: unknown;
}

type Answer = { readonly status: number; readonly data: unknown } | undefined;
type Ask = (path: readonly string[], query?: string) => Promise<Answer>;

/**
 * Asks the forge for the labels of this job: by the job's own id if the runner says it (Gitea), else among the jobs of the run,
 * else in the workflow of the run's commit, which needs less permission.
 * @param signal Ends all requests.
 */
export async function labelsFromForge(
	host: Host,
	token: string | undefined,
	signal: AbortSignal,
): Promise<ForgeLabels> {
	const { GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run, GITHUB_JOB: job } = host.env;
	const forge = forgeApi(host.env);
	if (token === undefined) return { kind: "unknown", why: "no-token" };
	if (forge.kind === "none" || !repository || !run || !job) return { kind: "unknown", why: "no-answer" };
	if (forge.kind === "refused") return { kind: "unknown", why: forge.why };
	const ask: Ask = async (path, query = "") => {
		const parts = ["repos", ...repository.split("/"), ...path].map(encodeURIComponent).join("/");
		const answer = await host.request(forgeRequest(forge.api, `/${parts}${query}`, token, signal));
		return answer.kind === "answered" ? { status: answer.status, data: jsonOf(answer.body) } : undefined;
	};

	const id = jobIdOf(host.env.ACTIONS_RUNTIME_TOKEN);
	const own = id === undefined ? undefined : await ask(["actions", "jobs", id]);
	const ownLabels = own?.status === 200 ? labelsOf(own.data as JobOfApi | null) : [];
	if (ownLabels.length > 0) return { kind: "labels", labels: ownLabels };

	// `limit` is Gitea's word, `per_page` GitHub's; each with the most that it gives at once.
	const list = await ask(["actions", "runs", run, "jobs"], "?limit=50&per_page=100");
	const found = list?.status === 200 ? labelsOf(jobHere(jobsOf(list.data), job, host.env.RUNNER_NAME)) : [];
	if (found.length > 0) return { kind: "labels", labels: found };

	const inWorkflow = await labelsAtCommit(host, ask, job, signal);
	if (inWorkflow.length > 0) return { kind: "labels", labels: inWorkflow };
	if (list === undefined) return { kind: "unknown", why: "no-answer" };
	return { kind: "unknown", why: list.status === 200 ? "ambiguous" : list.status === 403 ? "forbidden" : "no-answer" };
}

/**
 * The job's id in the payload of Gitea's runtime token, a JWT: `{"RunID":75,"JobID":117,…}`. It is only read, to ask for the
 * job's labels, so its signature does not matter.
 */
export function jobIdOf(token: string | undefined): string | undefined {
	const payload = token?.split(".")[1];
	if (payload === undefined || payload.length > 16_384) return undefined;
	const data = jsonOf(Buffer.from(payload.replace(/-/g, "+").replace(/_/g, "/"), "base64").toString("utf8"));
	const id = (data as { readonly JobID?: unknown } | null | undefined)?.JobID;
	return Number.isSafeInteger(id) && (id as number) > 0 ? String(id) : undefined;
}

/** Files of a directory of workflows that are read at most. */
const maxWorkflows = 20;

/** Labels in the workflow of the run's commit, which the contents API shows to a token with `contents: read`. */
async function labelsAtCommit(host: Host, ask: Ask, job: string, signal: AbortSignal): Promise<readonly string[]> {
	const { GITHUB_SHA: sha } = host.env;
	if (sha === undefined || !/^[0-9a-f]{40,64}$/.test(sha)) return [];
	for (const directory of workflowDirectories(host.env)) {
		const parts = ["contents", ...directory.split("/")];
		const listing = await ask(parts, `?ref=${sha}`);
		if (listing?.status !== 200 || !Array.isArray(listing.data)) continue;
		const names = listing.data
			.map((entry) => (entry as { readonly name?: unknown } | null)?.name)
			.filter((name): name is string => typeof name === "string" && /^[\w.-]+\.ya?ml$/.test(name));
		const texts = names.slice(0, maxWorkflows).map(async (file): Promise<readonly WorkflowText[]> => {
			const answer = await ask([...parts, file], `?ref=${sha}`);
			const content = (answer?.data as { readonly content?: unknown } | null | undefined)?.content;
			if (answer?.status !== 200 || typeof content !== "string") return [];
			return [{ directory, file, text: Buffer.from(content, "base64").toString("utf8") }];
		});
		return (await labelsIn(host.env, job, (await Promise.all(texts)).flat(), signal)) ?? [];
	}
	return [];
}

function labelsOf(job: JobOfApi | null | undefined): readonly string[] {
	const labels = job?.labels;
	return Array.isArray(labels) ? labels.filter((label): label is string => typeof label === "string") : [];
}

/** The jobs of the run; none if the forge has more than it told, for the one looked for may be among those. */
function jobsOf(data: unknown): readonly JobOfApi[] {
	const { jobs, total_count: total } = (data ?? {}) as { readonly jobs?: unknown; readonly total_count?: unknown };
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
