import * as v from "valibot";
import { ConfigurationError } from "../mistake.ts";
import type { Report } from "../report/report.ts";
import { reportSchema } from "../report/schema.ts";

/** Bytes of the largest report that is read. */
export const maxReportSize = 16 * 1024 * 1024;

/**
 * Reads a report back.
 * @throws ConfigurationError where it is none, with the place in it.
 */
export function readReport(name: string, text: string): Report {
	const reject = (place: string, found: string, allowed: string): never => {
		throw new ConfigurationError([{ place, found, allowed }]);
	};
	if (text.length > maxReportSize) reject(name, "a file of more than 16 MiB", "a report of runner-check");
	let data: unknown;
	try {
		data = JSON.parse(text);
	} catch (error) {
		reject(
			name,
			`no JSON (${error instanceof Error ? error.message.slice(0, 200) : "unreadable"})`,
			"a report of runner-check",
		);
	}
	const outcome = v.safeParse(reportSchema, data);
	if (!outcome.success) {
		const issue = outcome.issues[0];
		const path = issue.path?.map((step) => String(step.key)).join(".") ?? "";
		reject(
			`${name}${path === "" ? "" : `, ${path}`}`,
			issue.received,
			`${issue.expected ?? issue.message}, as in a report of version 1`,
		);
	}
	return data as Report;
}
