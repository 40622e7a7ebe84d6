import type { Undecided } from "./check.ts";
import { code, titleWith } from "./text.ts";
import { undecidedOf, unknown } from "./words.ts";

const nothing = unknown<{ readonly id: string }>({
	title: "The facts of a check show nothing",
	headline: ({ id }) => titleWith("The facts show nothing for ", id),
	why: ({ id }) => `It is unknown whether ${code(id)} holds. Jobs may depend on it.`,
	expected: "facts that show how it is",
	tell: ({ id }) => ({
		what: `The facts that ${code(id)} needs are empty or cut off, so nothing shows that it holds.`,
		fix: {
			text: "Run runner-check on the runner again. If its new report says the same, report it as a bug, with `report.json` (secrets are already removed).",
			kind: "workflow",
		},
	}),
});

/**
 * The verdict if nothing is wrong, because nothing was seen: no probe gives such facts, but a report that was edited or cut off
 * can. @param facts What is empty: "looks", "places".
 */
export function nothingSeen(id: string, facts: string): Undecided {
	return undecidedOf(
		nothing,
		{ id },
		{ observed: "nothing", evidence: [{ source: "facts", text: `${facts}: empty` }] },
	);
}
