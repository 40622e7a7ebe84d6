import type { Host, HttpRequest } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import { jobIdOf } from "../policy/job-labels.ts";
import type { Request } from "../request.ts";
import { pause, within } from "./deadline.ts";
import { bounded, objectOf } from "./docker-endpoint.ts";
import { forgeApi, forgeRequest, type TrustedApi } from "./forge-request.ts";
import type { Probe } from "./probe.ts";

/** The record of this very job, as its forge has it. */
export type OwnJob =
	/** Not a job of Gitea's runner, or its token may not be sent to the address that is named. */
	| { readonly kind: "not-asked"; readonly why: "no-job" | "no-api" | "insecure" | "foreign" }
	| { readonly kind: "no-answer"; readonly code: string }
	/** 401: the token is dead, which is so after a cancel. */
	| { readonly kind: "refused"; readonly status: number }
	| {
			readonly kind: "known";
			readonly status: string;
			readonly conclusion?: string;
			/** When it began, by the forge's clock, in milliseconds of Unix time. */
			readonly startedAt?: number;
			/** In their order. */
			readonly steps: readonly OwnStep[];
			/** How often it was asked: a step that is said to run may have just ended. */
			readonly asked: number;
			/** A step of the job asked, which is in progress itself. */
			readonly inStep?: true;
	  };

export interface OwnStep {
	readonly name: string;
	readonly status: string;
	readonly conclusion?: string;
}

const budgetMs = 2000;
/** Runners report the end of a step at once, old ones every second, and who is late must not be taken for one that was stopped. */
const waitMs = 5500;
/** After less, a runner that reports every second may be late. */
const leastWaitMs = 2000;
const maxSteps = 200;

/**
 * `GET /repos/{owner}/{repository}/actions/jobs/{id}` with ACTIONS_RUNTIME_TOKEN, which names the job; only sent to the forge itself.
 * If a step is still said to run, it asks once more.
 * @param isOver After the steps of the job: none of them should be in progress any more.
 */
export function ownJobProbe(isOver: boolean): Probe<OwnJob> {
	return { name: "own-job", collect: (host, request, signal) => recordOf(host, request, signal, isOver) };
}

async function recordOf(host: Host, request: Request, signal: AbortSignal, isOver: boolean): Promise<OwnJob> {
	const own = ownApi(host.env);
	if ("why" in own) return { kind: "not-asked", why: own.why };
	const ask = (asked: number): Promise<OwnJob> =>
		within(Math.min(budgetMs, request.timeoutMs), signal, (limited) => askOnce(host, own, limited, asked));
	const first = await ask(1);
	if (lastStarted(first)?.status !== "in_progress") return first;
	if (!isOver) return first.kind === "known" ? { ...first, inStep: true } : first;
	const wait = Math.min(waitMs, request.timeoutMs / 3);
	if (wait < leastWaitMs) return first;
	await pause(wait, signal);
	const second = await ask(2);
	return second.kind === "no-answer" ? first : second;
}

/** Where the forge has this very job, and the token that may read it. */
export interface OwnApi {
	readonly api: TrustedApi;
	/** `/repos/{owner}/{repository}/actions/jobs/{id}` */
	readonly path: string;
	readonly token: string;
}

export function ownApi(env: Host["env"]): OwnApi | { readonly why: "no-job" | "no-api" | "insecure" | "foreign" } {
	const { ACTIONS_RUNTIME_TOKEN: token, GITHUB_REPOSITORY: repository } = env;
	const id = jobIdOf(token);
	if (token === undefined || id === undefined || !repository) return { why: "no-job" };
	const forge = forgeApi(env);
	if (forge.kind === "none") return { why: "no-api" };
	if (forge.kind === "refused") return { why: forge.why };
	const parts = ["repos", ...repository.split("/"), "actions", "jobs", id].map(encodeURIComponent);
	return { api: forge.api, path: `/${parts.join("/")}`, token };
}

/** A request for the job itself (`""`), or for what is below it. */
export function ownRequest({ api, path, token }: OwnApi, below: string, signal: AbortSignal): HttpRequest {
	const request = forgeRequest(api, `${path}${below}`, token, signal);
	return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

/** The last step that was begun. */
export function lastStarted(job: OwnJob): OwnStep | undefined {
	if (job.kind !== "known") return undefined;
	const started = job.steps.filter(({ status, conclusion }) => isBegun(status) && conclusion !== "skipped");
	return started[started.length - 1];
}

function isBegun(status: string): boolean {
	return status === "in_progress" || status === "completed";
}

async function askOnce(host: Host, own: OwnApi, signal: AbortSignal, asked: number): Promise<OwnJob> {
	const answer = await host.request(ownRequest(own, "", signal));
	if (answer.kind === "timed-out") return { kind: "no-answer", code: "ETIMEDOUT" };
	if (answer.kind === "failed") return { kind: "no-answer", code: bounded(answer.code, 50) };
	if (answer.status !== 200) return { kind: "refused", status: answer.status };
	const job = objectOf(jsonOf(answer.body));
	if (!job || typeof job.status !== "string") return { kind: "no-answer", code: "ENODATA" };
	const started = typeof job.started_at === "string" ? Date.parse(job.started_at) : 0;
	return {
		kind: "known",
		...stateOf(job),
		...(started > 0 && { startedAt: started }),
		steps: stepsOf(job.steps),
		asked,
	};
}

function stateOf(value: Readonly<Record<string, unknown>>): { status: string; conclusion?: string } {
	const { status, conclusion } = value;
	return {
		status: typeof status === "string" ? bounded(status, 50) : "",
		...(typeof conclusion === "string" && conclusion !== "" && { conclusion: bounded(conclusion, 50) }),
	};
}

function stepsOf(steps: unknown): readonly OwnStep[] {
	return (Array.isArray(steps) ? steps : []).slice(0, maxSteps).flatMap((entry: unknown) => {
		const step = objectOf(entry);
		const name = typeof step?.name === "string" ? bounded(step.name, 200) : "";
		return step ? [{ name, ...stateOf(step) }] : [];
	});
}
