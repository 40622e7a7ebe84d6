/** A path is on a mount that does not answer: a call on it would never return. The message names the mount. */
export class DeadMount extends Error {
	override readonly name = "DeadMount";
}

/** By its name: `run.js` and `more.js` each have a class of their own. */
export function isDeadMount(error: unknown): error is DeadMount {
	return error instanceof Error && error.name === "DeadMount";
}

/** What `work` gives, or `otherwise` if it needs a mount that does not answer. */
export async function unlessDead<T, O>(work: Promise<T>, otherwise: (dead: DeadMount) => O): Promise<T | O> {
	try {
		return await work;
	} catch (error) {
		if (isDeadMount(error)) return otherwise(error);
		throw error;
	}
}
