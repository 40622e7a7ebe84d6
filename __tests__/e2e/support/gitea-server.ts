import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

/** What a runner needs to register. */
export const registrationToken = "registration-token-of-the-tests";

/** A task to queue, as Gitea makes one of a job. */
export interface Order {
	/** The job's `runs-on`. */
	labels: readonly string[];
	/** A workflow of this job alone. */
	workflow: unknown;
	/** Added to what Gitea tells the runner about the run. */
	context?: Record<string, string>;
	secrets?: Record<string, string>;
}

/** A task as the server knows it. */
export interface Task {
	id: number;
	/** A runner has it. */
	picked: boolean;
	/** As the runner reported it last; `unspecified` until it has ended. */
	result: "unspecified" | "success" | "failure" | "cancelled" | "skipped";
	/** What the workflow's page shows of each step: its part of the rows. */
	steps: { result: Task["result"]; logIndex: number; logLength: number }[];
	outputs: Record<string, string>;
	/** The log, a row a line. */
	rows: string[];
	/** The runner sends no more rows. */
	logEnded: boolean;
}

/** A small Gitea that speaks the runner's protocol: `runner-server/main.go`. It ends with this process. */
export class GiteaServer implements AsyncDisposable {
	readonly url: string;
	readonly #process: ChildProcess;

	private constructor(url: string, process: ChildProcess) {
		this.url = url;
		this.#process = process;
	}

	/** Starts the program that `buildGiteaServer` made. */
	static async start(program: string): Promise<GiteaServer> {
		const server = spawn(program, [registrationToken], { stdio: ["pipe", "pipe", "inherit"] });
		const [address] = await once(server.stdout, "data");
		return new GiteaServer(String(address).trim(), server);
	}

	/** The registered runner. */
	runner(): Promise<{ name: string; version: string; labels: string[] }> {
		return this.#ask("GET", "runner");
	}

	queue(order: Order): Promise<Task> {
		return this.#ask("POST", "tasks", order);
	}

	/** What the button on the page does: the runner learns of it with the answer to its next report. */
	cancel(id: number): Promise<Task> {
		return this.#ask("POST", `tasks/${id}/cancel`);
	}

	task(id: number): Promise<Task> {
		return this.#ask("GET", `tasks/${id}`);
	}

	/** Waits until the runner has reported that the task is over, and all of its log. */
	ended(id: number, patienceMs?: number): Promise<Task> {
		return this.until(id, (task) => task.logEnded && task.result !== "unspecified", patienceMs);
	}

	/** Waits until a task is as it should be. */
	async until(id: number, condition: (task: Task) => boolean, patienceMs = 45_000): Promise<Task> {
		for (let tries = 0; tries < patienceMs / 100; tries++) {
			const task = await this.task(id);
			if (condition(task)) return task;
			await sleep(100);
		}
		throw new Error(`the task did not get there: ${JSON.stringify(await this.task(id), undefined, "\t")}`);
	}

	async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
		const answer = await fetch(`${this.url}/test/${path}`, { method, body: JSON.stringify(body) ?? null });
		if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
		return (await answer.json()) as T;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		const ended = once(this.#process, "exit");
		this.#process.stdin?.end();
		await ended;
	}
}

/** The log of one step, as the page gets it. */
export function stepLog(task: Task, step: number): string {
	const { logIndex = 0, logLength = 0 } = task.steps[step] ?? {};
	return task.rows.slice(logIndex, logIndex + logLength).join("\n");
}
