import { constants } from "node:os";

/** Time for what runs to kill its children and to remove what it created. */
const graceMs = 2000;

/**
 * Does `work` until a signal ends it: programs run in process groups of their own, so a signal to ours does not reach them.
 * A second signal ends the process at once.
 * @param work Gets a signal that aborts then.
 * @returns the exit code of `work`; 128 + the number of the signal that ended it.
 */
export async function untilSignal(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
	const controller = new AbortController();
	const ended = new Promise<number>((resolve) => {
		for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
			process.once(name, () => {
				controller.abort();
				resolve(128 + constants.signals[name]);
			});
		}
	});
	const done = work(controller.signal);
	const first = await Promise.race([done.then(() => undefined), ended]);
	if (first === undefined) return done;
	const patience = new Promise((resolve) => setTimeout(resolve, graceMs));
	await Promise.race([done.catch(() => undefined), patience]);
	return first;
}
