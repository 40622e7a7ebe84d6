import { constants } from "node:os";

/** Time for what runs to kill its children and to remove what it created: a container takes the longest. */
const graceMs = 4000;

const names = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/**
 * Does `work` until a signal ends it: programs run in process groups of their own, so a signal to ours does not reach them.
 * A second signal ends the process at once.
 * @param work Gets a signal that aborts then.
 * @returns the exit code of `work`; 128 + the number of the signal that ended it.
 */
export async function untilSignal(work: (signal: AbortSignal) => Promise<number>): Promise<number> {
	const controller = new AbortController();
	const ended = new Promise<number>((resolve) => {
		const end = (name: (typeof names)[number]): void => {
			// The next signal, whichever it is, does what it does to any program.
			for (const other of names) process.off(other, end);
			controller.abort();
			resolve(128 + constants.signals[name]);
		};
		for (const name of names) process.on(name, end);
	});
	const done = work(controller.signal);
	const first = await Promise.race([done.then(() => undefined), ended]);
	if (first === undefined) return done;
	const patience = new Promise((resolve) => setTimeout(resolve, graceMs));
	await Promise.race([done.catch(() => undefined), patience]);
	return first;
}
