import type { Skip } from "../../checks/check.ts";

/** There is nothing to compare with. */
export function notSeenBefore(what: string): Skip<never> {
	return { kind: "skip", reason: "not-applicable", message: `The report of the start does not have ${what}.` };
}

/** Counters began again when the machine was started, which `after/runner` reports. */
export const afterReboot: Skip<never> = {
	kind: "skip",
	reason: "needs:after/runner",
	message: "The machine was started again, so nothing can be compared.",
};

/** What `after/runner` reports, too. */
export const otherMachine: Skip<never> = {
	kind: "skip",
	reason: "needs:after/runner",
	message: "This is another machine than that of the report.",
};
