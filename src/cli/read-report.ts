import * as v from "valibot";
import type { Mistake } from "../mistake.ts";
import type { Report } from "../report/report.ts";
import { reportSchema } from "../report/schema.ts";
import { mistakeOf, reportAllowed } from "./mistake-of.ts";

export { mistakeInExpectations } from "./expectations.ts";
export { forForeignFacts, mistakeInHead } from "./foreign-facts.ts";

/** Bytes of the largest report that is read. */
export const maxReportSize = 16 * 1024 * 1024;
/** Levels of the deepest one: our own have about a dozen. */
const maxDepth = 100;

/** Reads a report, or says with its place what is wrong with it. */
export function readReport(name: string, text: string): Report | Mistake {
	const allowed = reportAllowed;
	if (text.length > maxReportSize) return { place: name, found: "a file of more than 16 MiB", allowed };
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch (error) {
		const why = error instanceof Error ? error.message.slice(0, 200) : "unreadable";
		return { place: name, found: `no JSON (${why})`, allowed };
	}
	if (!isShallow(data, maxDepth)) return { place: name, found: `more than ${maxDepth} levels`, allowed };
	const outcome = v.safeParse(reportSchema, data);
	if (outcome.success) return data as Report;
	return mistakeOf(outcome.issues[0], (path) => (path === "" ? name : `${name}, ${path}`));
}

/** Has this value at most so many levels? What walks through a report goes down as deep as it is. */
function isShallow(value: unknown, levels: number): boolean {
	if (typeof value !== "object" || value === null) return true;
	return levels > 0 && Object.values(value).every((entry) => isShallow(entry, levels - 1));
}
