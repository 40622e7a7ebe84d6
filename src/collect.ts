import { now, since } from "./clock.ts";
import { DeadMount, isDeadMount } from "./host/dead-mount.ts";
import type { Host } from "./host/host.ts";
import { messageOf } from "./message-of.ts";
import type { Answer, Ask, Facts, Probe } from "./probes/probe.ts";
import type { Request } from "./request.ts";

/** Time that a probe gets after its deadline to report how far it came (a killed child, a half answer). */
const graceMs = 600;

/**
 * Runs probes side by side until one common deadline: N hung tools cost one deadline, not N. A probe runs once, however often
 * it is asked for, and one that is asked for late has only the rest of the time. Never rejects.
 * @param onWaiting Called every second with the names of the probes that are still waited for.
 * @param stop Ends every probe before its deadline.
 * @param known Answers from before, which are not asked for again and are among those that are returned.
 */
export async function collectFacts(
	probes: readonly Probe<unknown>[],
	host: Host,
	request: Request,
	onWaiting?: (names: readonly string[]) => void,
	stop?: AbortSignal,
	known: Facts = {},
): Promise<Facts> {
	const end = now() + request.timeoutMs;
	const answers = new Map(Object.entries(known).map(([name, answer]) => [name, Promise.resolve(answer)]));
	/** Name of a probe that runs -> what ends it. One listener for all: Node warns of a signal with more than ten. */
	const waiting = new Map<string, AbortController>();
	const stopAll = (): void => {
		for (const controller of waiting.values()) controller.abort();
	};
	stop?.addEventListener("abort", stopAll);

	const start = (probe: Probe<unknown>): Promise<Answer<unknown>> => {
		const started = answers.get(probe.name);
		if (started) return started;
		const controller = new AbortController();
		if (stop?.aborted) controller.abort();
		waiting.set(probe.name, controller);
		const answer = runProbe(probe, host, request, ask, { controller, end }).finally(() => waiting.delete(probe.name));
		answers.set(probe.name, answer);
		return answer;
	};
	const ask: Ask = async <T>(probe: Probe<T>): Promise<T> => {
		const answer = await start(probe);
		if (!answer.ok && answer.reason === "mount") throw new DeadMount(answer.message);
		if (!answer.ok) throw new ProbeFailure(answer.reason, answer.message);
		return answer.value as T;
	};

	const ticker = onWaiting && setInterval(() => onWaiting([...waiting.keys()].sort()), 1000);
	try {
		await Promise.all(probes.filter(({ last }) => !last).map(start));
		await Promise.all(probes.filter(({ last }) => last).map(start));
		const entries = await Promise.all([...answers].map(async ([name, answer]) => [name, await answer] as const));
		return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
	} finally {
		clearInterval(ticker);
		stop?.removeEventListener("abort", stopAll);
	}
}

/** Why a probe's signal aborts once the probe is over. Node would make up an error with a stack for each. */
const over = "the probe is over";

type Failure = Extract<Answer<unknown>, { ok: false }>["reason"];

/** Carries the failure of an asked probe into the asking one, so that both say the same. */
class ProbeFailure extends Error {
	readonly reason: Failure;
	constructor(reason: Failure, message: string) {
		super(message);
		this.reason = reason;
	}
}

interface Limits {
	/** Ends the probe. */
	readonly controller: AbortController;
	/** When every probe has to be finished, on the clock of `now`. */
	readonly end: number;
}

async function runProbe(
	probe: Probe<unknown>,
	host: Host,
	request: Request,
	ask: Ask,
	{ controller, end }: Limits,
): Promise<Answer<unknown>> {
	const started = now();
	const left = Math.max(0, end - started);
	const deadline = setTimeout(() => controller.abort(), left);
	let lastCall: NodeJS.Timeout | undefined;
	const overrun = new Promise<never>((_, reject) => {
		lastCall = setTimeout(() => {
			reject(new ProbeFailure("timeout", `no answer within ${request.timeoutMs / 1000} s`));
		}, left + graceMs);
	});
	try {
		const value = await Promise.race([probe.collect(host, request, controller.signal, ask), overrun]);
		return { ok: true, value, ms: since(started) };
	} catch (error) {
		// What a probe throws after its deadline is the deadline's work.
		const late = controller.signal.aborted ? "timeout" : "crashed";
		const reason = error instanceof ProbeFailure ? error.reason : isDeadMount(error) ? "mount" : late;
		return { ok: false, reason, message: messageOf(error), ms: since(started) };
	} finally {
		clearTimeout(deadline);
		clearTimeout(lastCall);
		controller.abort(over);
	}
}
