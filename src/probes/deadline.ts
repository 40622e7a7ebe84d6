/**
 * Gives `work` a signal that aborts after `ms`, or with `signal`, whichever comes first: for a question whose answer is worth
 * less than the probe's whole time. Ours, because `AbortSignal.any` needs Node 20 and the action runs from Node 16 on.
 */
export async function within<T>(
	ms: number,
	signal: AbortSignal,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const controller = new AbortController();
	const abort = (): void => controller.abort();
	const timer = setTimeout(abort, ms);
	if (signal.aborted) abort();
	signal.addEventListener("abort", abort, { once: true });
	try {
		return await work(controller.signal);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", abort);
	}
}

/** Gives `work` what `graceMs` says when `signal` aborts, for what must not be broken off halfway. */
export async function afterAbort<T>(
	graceMs: () => number,
	signal: AbortSignal,
	work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
	const controller = new AbortController();
	let timer: NodeJS.Timeout | undefined;
	const wait = (): void => {
		timer = setTimeout(() => controller.abort(), graceMs());
	};
	if (signal.aborted) wait();
	else signal.addEventListener("abort", wait, { once: true });
	try {
		return await work(controller.signal);
	} finally {
		clearTimeout(timer);
		signal.removeEventListener("abort", wait);
	}
}

/** Resolves after `ms`, or with `signal`. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return within(
		ms,
		signal,
		(limited) =>
			new Promise((resolve) => {
				if (limited.aborted) resolve();
				else limited.addEventListener("abort", () => resolve(), { once: true });
			}),
	);
}

/** Lets timers and signals act between two pieces of work that nothing can interrupt. */
export function nextTurn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
