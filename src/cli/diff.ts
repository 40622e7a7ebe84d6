import type { AfterReport } from "../after/after-report.ts";
import { type Mistake, quoted } from "../mistake.ts";
import { renderAfterLog } from "../render/after.ts";
import { escaped } from "../render/json.ts";
import type { LogOptions } from "../render/log-text.ts";
import { plainText } from "../render/text.ts";
import type { Report, Result, Status } from "../report/report.ts";

interface Read {
	readonly path: string;
	readonly report: Report | AfterReport;
}

export interface Difference {
	readonly text: string;
	/** Something differs, or the second look has a finding. */
	readonly isAny: boolean;
}

/** Of two reports, or of a report and the second look at its machine, in whatever order; or why these two do not go together. */
export function differenceOf(first: Read, second: Read, options: LogOptions): Difference | Mistake {
	const [a, b] = [first.report, second.report];
	if (isAfter(a)) {
		if (!isAfter(b)) return differenceOf(second, first, options);
		const allowed = "two reports, or a report and its `after.json`";
		return { place: second.path, found: "a second look, like the other file", allowed };
	}
	if (!isAfter(b)) {
		const text = diffReports(a, b);
		return { text, isAny: text !== "" };
	}
	if (a.id !== b.report) {
		const allowed = `the id of ${first.path}, ${a.id === undefined ? "which has none" : quoted(a.id)}`;
		return { place: `${second.path}, report`, found: b.report === undefined ? "nothing" : quoted(b.report), allowed };
	}
	const isAny = b.results.some(({ status }) => status !== "pass" && status !== "skip");
	return { text: renderAfterLog(b, options, a), isAny };
}

const isAfter = (report: Report | AfterReport): report is AfterReport => "caused_by" in report;

/** Facts that differ from run to run on one and the same machine: times, free space, load, identities of a job. */
const volatile = [
	/\.ms$/,
	/\.(?:free|used)(?:Bytes|Inodes|MiB)?$/i,
	/(?:freeBytes|freeInodes|memoryFree|memoryUsed|temperature|utilization)/i,
	/^facts\.(?:job|process|machine-state)\./,
	/^facts\.self-container\.value\.(?:id|names)\b/,
	/^facts\.container\.value\.names\b/,
	/^facts\.os\.value\.hostname$/,
	/^facts\.memory\.value\..*\.(?:available|cache)Bytes$/,
	// A session or a container has a control group of its own, named after it.
	/^facts\.cgroups\./,
	/^facts\.(?:memory|cpu)\.value\.(?:groups|quotas)\.\d+\.source$/,
];

/**
 * What differs between two reports, a line each: the checks in words, then the rest with its place. Empty text where nothing does.
 */
export function diffReports(first: Report, second: Report): string {
	const a = flatten(first);
	const b = flatten(second);
	const paths = [...new Set([...a.keys(), ...b.keys()])].filter(
		(path) => !volatile.some((pattern) => pattern.test(path)),
	);
	const values = paths
		.filter((path) => a.get(path) !== b.get(path))
		.map((path) => `${path}: ${a.get(path) ?? "(nothing)"} -> ${b.get(path) ?? "(nothing)"}`);
	const verdict = first.verdict === second.verdict ? [] : [`verdict: ${first.verdict} -> ${second.verdict}`];
	// Escapes, and not nothing: two texts may differ in what cannot be seen.
	const lines = [...verdict, ...changedResults(first, second), ...values].map((line) => plainText(escaped(line)));
	return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

const words: Readonly<Record<Status, string>> = {
	pass: "passed",
	warn: "warned",
	fail: "failed",
	error: "undecided",
	skip: "skipped",
};

/** `docker/socket: passed -> failed (missing): The Docker socket is missing` */
function changedResults(first: Report, second: Report): readonly string[] {
	const [was, is] = [first, second].map(({ results }) => new Map(results.map((result) => [result.id, result])));
	const ids = new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])]);
	return [...ids].flatMap((id) => {
		const [before, now] = [was?.get(id), is?.get(id)];
		if (before?.status === now?.status && before?.reason === now?.reason) return [];
		const title = now && now.status !== "pass" && now.status !== "skip" ? `: ${now.title}` : "";
		return [`${id}: ${became(before)} -> ${became(now)}${title}`];
	});
}

function became(result: Result | undefined): string {
	if (!result) return "not in the report";
	return result.reason === undefined ? words[result.status] : `${words[result.status]} (${result.reason})`;
}

/** Path -> value of what two runs can be compared by: runner, profile, and the facts. */
function flatten({ runner, profile, facts }: Report): Map<string, string> {
	const flat = new Map<string, string>();
	const walk = (path: string, value: unknown): void => {
		if (typeof value !== "object" || value === null) {
			flat.set(path, JSON.stringify(value) ?? "");
			return;
		}
		for (const [key, entry] of Object.entries(value)) {
			// As in JSON, without its quotes: a line feed in a name makes no new line.
			const name = JSON.stringify(key).slice(1, -1);
			walk(path === "" ? name : `${path}.${name}`, entry);
		}
	};
	walk("", { runner, profile, facts });
	return flat;
}
