import type { AfterReport } from "../../../src/after/after-report.ts";
import { readLog } from "../../../src/fleet/read-log.ts";
import type { Forge } from "./forge.ts";
import type { GiteaServer, Order, Task } from "./gitea-server.ts";
import { runnerLabels } from "./runner-daemon.ts";

/** A job that uses this action first, as a release is used, and then does something. */
export interface AfterJob {
	readonly on: "container" | "host";
	/** A script for a shell, or several: the steps after the action. */
	readonly run: string | readonly string[];
	/** Another action than a release of this one. */
	readonly uses?: string;
	/** Inputs of the action. */
	readonly with?: Readonly<Record<string, string>>;
	/** Keys of every step of `run`: `env`, `timeout-minutes`, `shell`. */
	readonly step?: Readonly<Record<string, unknown>>;
	/** Keys of the job: `container`, `services`, `env`, `timeout-minutes`. */
	readonly job?: Readonly<Record<string, unknown>>;
	/** A line of the log after which somebody cancels the job on the page. */
	readonly cancel?: string;
}

/** For a job that waits for its runner among others, and takes a minute. */
const patienceMs = 200_000;

/** What became of it. */
export interface AfterOutcome {
	readonly task: Task;
	readonly log: string;
	/** What the second look said, without its facts; absent if it did not run or did not finish. */
	readonly after?: Omit<AfterReport, "facts">;
}

/** The order of a job. It needs no checkout. */
export function afterOrder(forge: Forge, { on, run, uses, with: inputs, step, job }: AfterJob): Order {
	const [container, host] = runnerLabels;
	const label = (on === "container" ? container : host) ?? "";
	const scripts = typeof run === "string" ? [run] : run;
	const steps = [
		// The log carries what it found: a host job's files are gone when it has ended, and on a full disk there are none.
		{ uses: uses ?? "fortemi/runner-check@v1", with: { publish: "log", ...inputs } },
		...scripts.map((script) => ({ run: script, shell: "sh", ...step })),
	];
	return {
		labels: [label],
		context: { gitea_default_actions_url: forge.url },
		workflow: { name: "after.yml", on: "push", jobs: { after: { "runs-on": label, ...job, steps } } },
	};
}

/** What the second look of a job that has ended said. */
export function outcomeOf(task: Task): AfterOutcome {
	const log = task.rows.join("\n");
	const [text] = readLog(log).texts.filter(({ kind }) => kind === "after");
	return { task, log, ...(text && { after: JSON.parse(text.json) as AfterReport }) };
}

/** Runs a job to its end, a failed one as well. */
export async function runAfterJob(server: GiteaServer, forge: Forge, job: AfterJob): Promise<AfterOutcome> {
	const { id } = await server.queue(afterOrder(forge, job));
	if (job.cancel !== undefined) {
		await server.until(id, ({ rows }) => rows.includes(job.cancel ?? ""), patienceMs);
		await server.cancel(id);
	}
	return outcomeOf(await server.ended(id, patienceMs));
}

/** `id:reason` of what the second look found, with its level; and `mark` for what is the job's own. */
export function findingsOf({ after }: AfterOutcome): readonly string[] {
	const found = after?.results.filter(({ status }) => ["fail", "warn", "error"].includes(status)) ?? [];
	return found.map(({ id, reason, status, by }) => `${id}:${reason} (${by === "job" ? "job" : status})`);
}
