import * as v from "valibot";
import type { Mistake } from "../mistake.ts";
import type { Report } from "../report/report.ts";
import { reportSchema } from "../report/schema.ts";

/** Bytes of the largest report that is read. */
export const maxReportSize = 16 * 1024 * 1024;

/** Reads a report back, or says with the place in it why it is none. */
export function readReport(name: string, text: string): Report | Mistake {
	const allowed = "a report of runner-check, version 1";
	if (text.length > maxReportSize) return { place: name, found: "a file of more than 16 MiB", allowed };
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch (error) {
		const why = error instanceof Error ? error.message.slice(0, 200) : "unreadable";
		return { place: name, found: `no JSON (${why})`, allowed };
	}
	const outcome = v.safeParse(reportSchema, data);
	if (outcome.success) return data as Report;
	const issue = outcome.issues[0];
	const path = issue.path?.map((step) => String(step.key)).join(".");
	const place = path === undefined ? name : `${name}, ${path}`;
	return { place, found: issue.received, allowed: `${issue.expected ?? issue.message}: ${allowed}` };
}
