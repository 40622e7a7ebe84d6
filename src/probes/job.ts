import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import type { Probe } from "./probe.ts";

/** What the runner tells the job about itself, through the environment. Names, never secrets. */
export interface JobFacts {
	/** Is this a job at all? The runner's own health check is not. */
	readonly inJob: boolean;
	readonly system: "gitea" | "forgejo" | "github" | "act" | "none";
	readonly runnerName?: string;
	/** As the runner reports it: `v3.3.0`, `dev`. */
	readonly runnerVersion?: string;
	/** Words of GITEA_ACTIONS_CAPABILITIES. */
	readonly capabilities: readonly string[];
	/** JOB_CONTAINER_NAME, which Gitea's runner sets in container mode only. */
	readonly containerName?: string;
	/** Is there a file for the job summary (GITHUB_STEP_SUMMARY)? Whether the forge shows it is another question. */
	readonly summaryFile?: boolean;
	readonly repository?: string;
	readonly workflow?: string;
	readonly job?: string;
	readonly runId?: string;
	readonly event?: string;
	readonly serverUrl?: string;
	/** A pull request whose head is in another repository: code of a stranger. `undefined`: could not find out. */
	readonly fromFork?: boolean;
}

type Env = Host["env"];

/** Longest event file that is read: that of a pull request has some tens of kilobytes. */
const maxEventBytes = 1024 * 1024;
const maxText = 512;

/** Source: the environment, and for `fromFork` the event's JSON file, GITHUB_EVENT_PATH. */
export const jobProbe: Probe<JobFacts> = {
	name: "job",
	async collect(host: Host): Promise<JobFacts> {
		const { env } = host;
		const system = systemOf(env);
		const inJob = system !== "none" && !isHealthCheckEnv(env);
		return {
			inJob,
			system,
			capabilities: (env.GITEA_ACTIONS_CAPABILITIES ?? "")
				.slice(0, maxText)
				.split(/[\s,]+/)
				.filter(Boolean),
			summaryFile: text(env.GITHUB_STEP_SUMMARY) !== undefined,
			...defined({
				runnerName: text(env.RUNNER_NAME) ?? text(env.GITEA_RUNNER_NAME),
				runnerVersion:
					system === "forgejo"
						? (text(env.FORGEJO_ACTIONS_RUNNER_VERSION) ?? text(env.GITEA_ACTIONS_RUNNER_VERSION))
						: text(env.GITEA_ACTIONS_RUNNER_VERSION),
				containerName: text(env.JOB_CONTAINER_NAME),
				repository: text(env.GITHUB_REPOSITORY),
				workflow: text(env.GITHUB_WORKFLOW),
				job: text(env.GITHUB_JOB),
				runId: text(env.GITHUB_RUN_ID),
				event: text(env.GITHUB_EVENT_NAME),
				serverUrl: withoutCredentials(env.GITHUB_SERVER_URL),
				fromFork: inJob ? await isFromFork(host) : false,
			}),
		};
	},
};

/**
 * Which runner started this process. The order matters: Forgejo's runner also sets Gitea's variables, both also set
 * GITHUB_ACTIONS and ACT, and `exec` of Gitea's runner (a run without a server) sets ACT_EXEC but not GITEA_ACTIONS.
 */
export function systemOf(env: Env): JobFacts["system"] {
	if (isOn(env.FORGEJO_ACTIONS) || text(env.FORGEJO_ACTIONS_RUNNER_VERSION) || text(env.FORGEJO_RUN_ID))
		return "forgejo";
	if (isOn(env.GITEA_ACTIONS)) return "gitea";
	if (isOn(env.ACT_EXEC) || isOn(env.ACT)) return "act";
	return isOn(env.GITHUB_ACTIONS) ? "github" : "none";
}

/** The runner's health check runs with the variables of a job, but is not a job. */
export function isHealthCheckEnv(env: Env): boolean {
	return isOn(env.GITEA_RUNNER_HEALTH_CHECK);
}

/** Are these the facts of the runner's own health check, which has no job? */
export function isHealthCheck({ inJob, system }: JobFacts): boolean {
	return !inJob && system !== "none";
}

/** Runners set `true`; a script may set `1`. */
function isOn(value: string | undefined): boolean {
	return !["", "0", "false"].includes((value ?? "").trim().toLowerCase());
}

function text(value: string | undefined): string | undefined {
	return value?.trim().slice(0, maxText) || undefined;
}

/**
 * The address of the forge, without user and password, whatever characters these contain: no path of a forge has an @. `exec`
 * of Gitea's runner sets just `https://`, which is not an address.
 */
function withoutCredentials(value: string | undefined): string | undefined {
	const match = /^\s*(https?:\/\/)(?:.*@)?([^/?#@\s]+)([^?#]*)/is.exec(value ?? "");
	return match ? text(`${match[1]}${match[2]}${match[3]}`)?.replace(/\/+$/, "") : undefined;
}

/** Reads the event's file only of a pull request, or if the event has no name: no other event brings a stranger's branch. */
async function isFromFork(host: Host): Promise<boolean | undefined> {
	const name = text(host.env.GITHUB_EVENT_NAME);
	if (name !== undefined && !name.startsWith("pull_request")) return false;
	const path = host.env.GITHUB_EVENT_PATH;
	const file = path ? await unlessDead(host.readText(path, maxEventBytes), () => undefined) : undefined;
	const event = file?.kind === "ok" ? jsonOf(file.value) : undefined;
	const isOther = name === undefined && isEvent(event) && field(event, "pull_request") === undefined;
	return isOther ? false : headIsForeign(event);
}

/** The runner writes `{}` or a list in the place of an event that it does not know: that tells nothing. */
function isEvent(value: unknown): boolean {
	return field(value, "repository") !== undefined;
}

/** Compares head and base of the pull request by id, or by name. A head without a repository is a fork that was deleted. */
function headIsForeign(event: unknown): boolean | undefined {
	const head = field(field(event, "pull_request"), "head");
	const base = field(field(event, "pull_request"), "base");
	if (head === undefined || base === undefined) return undefined;
	const headId = idOf(head);
	const baseId = idOf(base);
	if (headId !== undefined && baseId !== undefined) return headId !== baseId;
	if (field(head, "repo") === null) return true;
	const headName = field(field(head, "repo"), "full_name");
	const baseName = field(field(base, "repo"), "full_name");
	return typeof headName === "string" && typeof baseName === "string" ? headName !== baseName : undefined;
}

/** Gitea also has the repository's id next to the repository, where it stays when the repository is deleted. */
function idOf(branch: unknown): unknown {
	return field(field(branch, "repo"), "id") ?? field(branch, "repo_id") ?? undefined;
}

function field(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Leaves out `undefined` fields, so that facts are the same before and after JSON. */
type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(fields: T): Defined<T> {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>;
}
