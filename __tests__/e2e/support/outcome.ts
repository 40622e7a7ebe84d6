import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The part of a report that the tests look at. */
export interface Report {
	verdict: string;
	duration_ms: number;
	profile: { name: string; decided_by: string };
	counts: Record<string, number>;
	results: { id: string; status: string; reason?: string; message?: string; observed?: string }[];
}

/** What somebody who runs the action gets to see. */
export interface Outcome {
	/** The action's exit status. */
	exit: number | null;
	/** What it printed. */
	log: string;
	report: Report;
	outputs: Record<string, string>;
	/** The Markdown for the job summary. */
	summary: string;
	/** Command lines of the processes that it left behind. */
	left: string[];
	/** Where the report files are. */
	folder: string;
}

/** `id:reason` of the results with one of these statuses, sorted. */
export function findings(report: Report, ...statuses: string[]): string[] {
	const found = report.results.filter((result) => statuses.includes(result.status));
	return found.map((result) => `${result.id}:${result.reason}`).sort();
}

/** One line for the record: the verdict, the exit status and everything that was not as it should be. */
export function oneLine(name: string, { exit, report }: Outcome): string {
	const all = [...findings(report, "fail", "error"), ...findings(report, "warn").map((finding) => `(warn) ${finding}`)];
	return `${name.padEnd(50)} ${report.verdict}, exit ${exit}${all.length === 0 ? "" : `: ${all.join(", ")}`}`;
}

/** The text of every file in a folder. */
export async function everyFile(folder: string): Promise<{ path: string; text: string }[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
	return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, "utf8") })));
}
