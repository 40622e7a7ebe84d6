import { now } from "../clock.ts";
import type { Host, HttpRequest } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import { pause, within } from "./deadline.ts";
import { bounded, type DockerEndpoint } from "./docker-endpoint.ts";
import { errorOf, targetOf } from "./docker-engine.ts";

/** How long to wait for a container that may still be created. */
const againMs = 200;

export type Reply =
	| { readonly ok: true; readonly body: unknown }
	| { readonly ok: false; readonly status: number | undefined; readonly message: string };

/** Requests that change something in the engine. Nothing else in this program sends any. */
export class Engine {
	readonly #host: Host;
	readonly #to: HttpRequest["to"] | undefined;
	readonly #end: number;

	/** @param end When everything has to be finished, on the clock of `now`. */
	constructor(host: Host, endpoint: DockerEndpoint, end: number) {
		this.#host = host;
		this.#to = targetOf(endpoint);
		this.#end = end;
	}

	/** Milliseconds until everything has to be finished. */
	get leftMs(): number {
		return Math.max(0, this.#end - now());
	}

	async order(method: "POST" | "DELETE" | "HEAD", path: string, signal: AbortSignal, body?: unknown): Promise<Reply> {
		if (!this.#to) return { ok: false, status: undefined, message: "no engine to ask" };
		const answer = await this.#host.request({
			to: this.#to,
			method,
			path,
			headers: { host: "docker", "content-type": "application/json" },
			...(body !== undefined && { body: JSON.stringify(body) }),
			signal,
		});
		if (answer.kind === "timed-out") return { ok: false, status: undefined, message: "no answer in time" };
		if (answer.kind === "failed") return { ok: false, status: undefined, message: bounded(answer.message, 500) };
		if (answer.status >= 300) return { ok: false, status: answer.status, message: bounded(errorOf(answer.body), 1000) };
		return { ok: true, body: jsonOf(answer.body) };
	}
}

/**
 * Takes whatever time is left, even after the deadline of the rest, because it has to happen.
 * @param exists False: the container may come into being only now.
 */
export async function removeContainer(engine: Engine, name: string, exists: boolean): Promise<boolean> {
	return within(engine.leftMs, new AbortController().signal, async (signal) => {
		while (true) {
			const removed = await engine.order("DELETE", `/containers/${name}?force=1&v=1`, signal);
			if (removed.ok) return true;
			// 409: it is being removed.
			if (removed.status !== 404 && removed.status !== 409) return false;
			if (exists && removed.status === 404) return true;
			if (signal.aborted) return false;
			await pause(againMs, signal);
		}
	});
}
