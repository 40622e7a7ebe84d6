import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";

/** Finds out one group of facts. Knows no limits: it says what is, not whether that is enough. */
export interface Probe<T> {
	/** Key of the facts in the report: `docker-engine`, `tool:rustc`. */
	readonly name: string;
	/**
	 * Looks. `signal` aborts at the deadline; a probe that throws or overruns becomes a failed answer.
	 * `ask` gives the facts of another probe, which runs once however often it is asked, and throws
	 * (ending this probe as failed too) where that probe failed.
	 */
	collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<T>;
	/** The facts that hold where a report has none from this probe because no input named anything to look at. */
	readonly unnamed?: T;
	/** Looks when all other probes are through, because it tells what they came across. */
	readonly last?: true;
}

export type Ask = <T>(probe: Probe<T>) => Promise<T>;

/** What became of a probe. Facts have to survive JSON: they go into the report and come back in `replay`. */
export type Answer<T> =
	| { readonly ok: true; readonly value: T; readonly ms: number }
	| {
			readonly ok: false;
			/** `mount`: it needs a mount that does not answer. */
			readonly reason: "timeout" | "crashed" | "mount";
			readonly message: string;
			readonly ms: number;
	  };

/** Name of probe -> its answer. */
export type Facts = Readonly<Record<string, Answer<unknown>>>;
