import * as v from "valibot";
import { type AfterReport, afterSchema } from "../after/after-report.ts";
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
	const data = parsed(name, text);
	return "mistake" in data ? data.mistake : asReport(name, data.value);
}

/** Reads a report, or the second look of `after.json`, which says who caused a failure. */
export function readEither(name: string, text: string): Report | AfterReport | Mistake {
	const data = parsed(name, text);
	if ("mistake" in data) return data.mistake;
	const { value } = data;
	if (typeof value !== "object" || value === null || !("caused_by" in value)) return asReport(name, value);
	const outcome = v.safeParse(afterSchema, value);
	return outcome.success ? (value as unknown as AfterReport) : mistakeIn(name, outcome.issues[0]);
}

function asReport(name: string, value: unknown): Report | Mistake {
	const outcome = v.safeParse(reportSchema, value);
	return outcome.success ? (value as Report) : mistakeIn(name, outcome.issues[0]);
}

function mistakeIn(name: string, issue: v.BaseIssue<unknown>): Mistake {
	return mistakeOf(issue, (path) => (path === "" ? name : `${name}, ${path}`));
}

function parsed(name: string, text: string): { readonly value: unknown } | { readonly mistake: Mistake } {
	const refused = (found: string) => ({ mistake: { place: name, found, allowed: reportAllowed } });
	if (text.length > maxReportSize) return refused("a file of more than 16 MiB");
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		const why = error instanceof Error ? error.message.slice(0, 200) : "unreadable";
		return refused(`no JSON (${why})`);
	}
	return isShallow(value, maxDepth) ? { value } : refused(`more than ${maxDepth} levels`);
}

/** Has this value at most so many levels? What walks through a report goes down as deep as it is. */
function isShallow(value: unknown, levels: number): boolean {
	if (typeof value !== "object" || value === null) return true;
	return levels > 0 && Object.values(value).every((entry) => isShallow(entry, levels - 1));
}
