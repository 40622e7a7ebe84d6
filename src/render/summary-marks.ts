import type { Status } from "../report/report.ts";

/** One sign for each status, each with its own shape, so that color does not matter. */
export const marks: Readonly<Record<Status, string>> = {
	pass: "✅",
	warn: "⚠️",
	fail: "❌",
	error: "❓",
	skip: "➖",
};

/** The release itself carries no docs: a job gets a copy of all that it holds. */
const docsBase = "https://github.com/fortemi/runner-check/blob/main/";

/** Absolute address of a docs page; undefined where a report holds something else in its place. */
export function docsUrl(docs: string): string | undefined {
	return /^docs\/[\w./-]{1,100}(?:#[\w-]{1,100})?$/.test(docs) && !docs.includes("..") ? docsBase + docs : undefined;
}
