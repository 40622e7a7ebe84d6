/** Reads the runs of the health-check workflow: which job ran on which runner, and what it published in its log. */
import { nextTurn } from "../../probes/deadline.ts";
import { compare } from "../collect-looks.ts";
import type { Rejected } from "../fleet.ts";
import type { WaitingJob } from "../judge-fleet.ts";
import { type Look, lookOf } from "../look.ts";
import { reportsIn } from "../read-log.ts";
import type { ForgeCache, JobSaid } from "./cache.ts";
import type { ForgeClient, ForgeReply } from "./client.ts";
import type { setUpTrouble } from "./set-up.ts";
import { entriesIn, type Job, jobOf, type Run, runOf, totalOf } from "./shapes.ts";

/** Entries of a page: the most that Gitea gives, and GitHub. */
const pageSize = { limit: 50, per_page: 100 };
const maxPages = 20;
/** A job that waits for less time may be about to start. */
const patienceMs = 600_000;
/** Logs that are asked for at once. */
const parallel = 4;

/**
 * Events that a stranger cannot cause. A pull request from a fork decides what its workflow prints, and a log is all that the fleet
 * has to go by.
 */
const trustedEvents = ["schedule", "workflow_dispatch", "push", "repository_dispatch"];

export interface ForgeReading {
	readonly looks: readonly Look[];
	readonly waiting: readonly WaitingJob[];
	readonly rejected: readonly Rejected[];
	readonly notes: readonly string[];
	/** Everything that was asked for was answered. */
	readonly isComplete: boolean;
}

export interface ForgeQuestion {
	/** File of the workflow: `health-check.yml`. */
	readonly workflow: string;
	/** Newest runs to read. */
	readonly runs: number;
	/** Requests after which no further run is begun. Default: 700. */
	readonly budget?: number;
	/** Comes from `run.js`, which has the signatures of the checks already. */
	readonly diagnose: typeof setUpTrouble;
	/** What earlier runs have kept. */
	readonly cache: ForgeCache;
	/** ISO 8601. */
	readonly now: string;
	readonly maxAgeMs: number;
	readonly signal: AbortSignal;
}

/** Requests after which no further run is begun: the rest is for the issues. */
const budget = 700;

/** Reads the newest runs of a workflow on the default branch, the newest first: an old one can be missed. Never throws. */
export async function readForge(forge: ForgeClient, question: ForgeQuestion): Promise<ForgeReading> {
	const reading = new Reading(forge, question);
	const runs = await reading.listRuns();
	let read = 0;
	for (const run of runs) {
		if (question.signal.aborted || reading.isOver) break;
		if (read > 0 && forge.requests >= (question.budget ?? budget)) break;
		await reading.readRun(run);
		read++;
	}
	return reading.result(read, runs.length);
}

class Reading {
	readonly #looks: Look[] = [];
	readonly #waiting: WaitingJob[] = [];
	readonly #rejected: Rejected[] = [];
	readonly #notes = new Set<string>();
	readonly #silentJobs = new Set<string>();
	readonly #forge: ForgeClient;
	readonly #cache: ForgeCache;
	readonly #question: ForgeQuestion;
	#isComplete = true;
	/** Nothing more will be answered. */
	isOver = false;

	constructor(forge: ForgeClient, question: ForgeQuestion) {
		this.#forge = forge;
		this.#cache = question.cache;
		this.#question = question;
	}

	result(read: number, wanted: number): ForgeReading {
		const notes = [...this.#notes];
		if (read < wanted && this.#isComplete)
			notes.push(
				`Only the newest ${read} of ${wanted} runs were read: more would be too many requests. \`runs\` can ask for fewer, \`cache-dir\` saves most of them.`,
			);
		if (this.#silentJobs.size > 0) {
			const names = [...this.#silentJobs].slice(0, 5).join(", ");
			notes.push(
				`Jobs that succeeded and printed no report: ${names}. Set \`publish: log\` in the step that uses runner-check.`,
			);
		}
		return {
			looks: this.#looks,
			waiting: [...this.#waiting].sort((a, b) => compare(a.since, b.since)),
			rejected: this.#rejected,
			notes,
			isComplete: this.#isComplete,
		};
	}

	/** The newest runs that count, newest first. */
	async listRuns(): Promise<readonly Run[]> {
		const branch = await this.#defaultBranch();
		if (branch === undefined) return [];
		const { workflow, runs: wanted } = this.#question;
		const isForgejo = this.#forge.system === "forgejo";
		const path = isForgejo ? ["actions", "runs"] : ["actions", "workflows", workflow, "runs"];
		const runs: Run[] = [];
		let seen = 0;
		for (let page = 1; page <= maxPages && runs.length < wanted; page++) {
			const query = { page, ...pageSize, ...(isForgejo && { workflow_id: workflow }) };
			const reply = await this.#forge.ask(this.#cache, path, query);
			const entries = reply.kind === "ok" ? entriesIn(reply.data, "workflow_runs") : undefined;
			if (reply.kind !== "ok" || !entries) {
				this.#tell(`The runs of \`${workflow}\` cannot be read`, reply, forbiddenRuns);
				break;
			}
			if (entries.length === 0) break;
			for (const entry of entries) {
				const run = runOf(entry, this.#forge.repository);
				if (!run || run.isForeign || run.branch !== branch || !trustedEvents.includes(run.event)) continue;
				if (runs.length < wanted) runs.push(run);
			}
			seen += entries.length;
			if (seen >= totalOf(reply.data)) break;
		}
		if (runs.length === 0 && this.#isComplete)
			this.#notes.add(
				`The workflow \`${workflow}\` has no run on the branch ${branch} that was scheduled or started by hand.`,
			);
		return runs;
	}

	async #defaultBranch(): Promise<string | undefined> {
		const reply = await this.#forge.ask(this.#cache, []);
		const branch =
			reply.kind === "ok" ? (reply.data as { readonly default_branch?: unknown } | null)?.default_branch : undefined;
		if (typeof branch === "string") return branch;
		this.#tell("The repository cannot be read", reply, forbiddenRuns);
		return undefined;
	}

	async readRun(run: Run): Promise<void> {
		const jobs = await this.#jobsOf(run);
		const done: Job[] = [];
		for (const job of jobs) {
			if (
				job.state === "waiting" ||
				(job.state === "canceled" && job.runner === undefined && this.#forge.system !== "forgejo")
			)
				this.#note(job);
			else if (job.state === "success" || job.state === "failure") done.push(job);
		}
		for (let index = 0; index < done.length; index += parallel) {
			if (this.#question.signal.aborted || this.isOver) return;
			await Promise.all(done.slice(index, index + parallel).map((job) => this.#readJob(run, job)));
			await nextTurn();
		}
	}

	/** A job that no runner took. The forge cancels it after a day; one that a person canceled at once says nothing about runners. */
	#note({ labels, created, completed, url }: Job): void {
		if (labels.length === 0 || created === undefined) return;
		const { now, maxAgeMs } = this.#question;
		const waited = Date.parse(completed ?? now) - Date.parse(created);
		if (waited < patienceMs || Date.parse(now) - Date.parse(created) > maxAgeMs) return;
		this.#waiting.push({ labels, since: created, ...(url !== undefined && { url }) });
	}

	async #jobsOf(run: Run): Promise<readonly Job[]> {
		const jobs: Job[] = [];
		for (let page = 1; page <= maxPages; page++) {
			const reply = await this.#forge.ask(this.#cache, ["actions", "runs", run.id, "jobs"], { page, ...pageSize });
			const entries = reply.kind === "ok" ? entriesIn(reply.data, "jobs") : undefined;
			if (reply.kind !== "ok" || !entries) {
				this.#tell(`The jobs of run ${run.id} cannot be read`, reply, forbiddenRuns);
				break;
			}
			for (const entry of entries) {
				const job = jobOf(entry);
				if (job) jobs.push(job);
			}
			// Forgejo answers with the whole list, in one page.
			if (Array.isArray(reply.data) || entries.length === 0 || jobs.length >= totalOf(reply.data)) break;
		}
		return jobs;
	}

	async #readJob(run: Run, job: Job): Promise<void> {
		// A caller of another workflow has no labels and no runner.
		if (job.labels.length === 0 && job.runner === undefined) return;
		const key = [run.id, job.id, job.started ?? "", job.state].join(" ");
		const said = this.#cache.job(key) ?? (await this.#askLog(run, job));
		if (!said) return;
		if (!said.isPassing) this.#cache.keepJob(key, said);
		for (const look of said.looks) this.#looks.push(look);
		for (const reason of said.rejected) this.#rejected.push({ file: placeOf(run, job), reason });
		if (said.looks.length === 0 && !said.isPassing && job.state === "success") this.#silentJobs.add(job.name);
	}

	/** What the log of a job says; `undefined` if the forge does not answer. */
	async #askLog(run: Run, job: Job): Promise<JobSaid | undefined> {
		const at = job.started ?? job.created;
		// Forgejo does not say which runner had the job, so a runner goes by its labels there: no job can choose those.
		const name = job.runner ?? job.labels.join(", ");
		const known = { name, labels: job.labels, ...(job.url !== undefined && { url: job.url }) };
		const died = (log: string, why?: string): readonly Look[] =>
			job.state === "failure" && at !== undefined
				? [{ ...this.#question.diagnose(log, job.name), ...known, at, ...(why !== undefined && { why }) }]
				: [];
		const reply = await this.#forge.log(job.id);
		if (reply.kind === "refused" && [404, 410, 500].includes(reply.status)) {
			// Logs expire, and a job whose runner died may have none.
			const why = `The job ${job.name} failed, and the forge has no log (${reply.why}).`;
			return { looks: died("", why), rejected: [`its log is gone: ${reply.why}`], isPassing: true };
		}
		if (reply.kind !== "ok") {
			this.#tell(`The log of ${placeOf(run, job)} cannot be read`, reply, forbiddenRuns);
			return undefined;
		}
		const record = {
			repository: this.#forge.repository,
			runId: run.id,
			...(job.runner !== undefined && { runner: job.runner }),
		};
		const { reports, after, rejected } = reportsIn(reply.text, record);
		const causes = { runner: 0, job: 0, unknown: 0 };
		for (const cause of after) causes[cause]++;
		const looks = reports.map((report, index) => ({
			...lookOf(report, { ...known, at: at ?? report.started }),
			...(index === 0 && after.length > 0 && { after: causes }),
		}));
		const cut = reply.isCut ? ["its log has more than 8 MiB; the rest was not read"] : [];
		return { looks: looks.length > 0 ? looks : died(reply.text), rejected: [...rejected, ...cut] };
	}

	#tell(what: string, reply: ForgeReply | { readonly kind: "ok" }, forbidden: string): void {
		this.#isComplete = false;
		if (reply.kind === "ok") this.#notes.add(`${what}: the answer has another form.`);
		else if (reply.kind === "failed") {
			this.isOver = true;
			this.#notes.add(`${what}: ${reply.why}.`);
		} else
			this.#notes.add(
				`${what}: ${reply.why}.${reply.status === 403 || reply.status === 401 ? ` ${forbidden}` : reply.status === 404 ? ` ${missing}` : ""}`,
			);
	}
}

const forbiddenRuns = "The job needs `permissions: { contents: read, actions: read }`.";
const missing =
	"Either there is no such workflow, or the forge is too old: runs, jobs and logs need Gitea 1.25 (tested: 1.27), Forgejo 16, or GitHub.";

function placeOf(run: Run, job: Job): string {
	return `job ${job.id} (${job.name}) of run ${run.id}`;
}
