import type * as v from "valibot";
import type { Mistake } from "../mistake.ts";

/** What a report must be: the end of every message about a file that is not one. */
export const reportAllowed = "a report of runner-check, version 1";

/** What a schema says of a report. @param placeOf Names the place with this path: `expectations.tools.rustc`. */
export function mistakeOf(issue: v.BaseIssue<unknown>, placeOf: (path: string) => string): Mistake {
	const path = (issue.path ?? []).map((step) => String(step.key)).join(".");
	// A map only stands for an object here: see `expectations.ts`.
	const wanted = issue.expected === "Map" ? "Object" : (issue.expected ?? issue.message);
	return { place: placeOf(path), found: issue.received, allowed: `${wanted}: ${reportAllowed}` };
}
