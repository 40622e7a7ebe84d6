/** Finds what jobs published in the log of a job. A log is hostile: any step can print anything, also lines like ours. */
import { readReport } from "../cli/read-report.ts";
import { digest, unpack } from "../host/packed.ts";
import type { Report } from "../report/report.ts";
import { markerOf, maxLine, maxPublished, type PublishedKind, partSize } from "./published.ts";

/** Bytes of the largest text that is unpacked: a packed text of the allowed size can hold a thousand times as much. */
const maxUnpacked = 8 * 1024 * 1024;
/** Complete texts of one log that are unpacked, the last ones. A job prints one or two. */
const maxTexts = 10;
const maxParts = Math.ceil(maxPublished / partSize);
/** What the forge puts before a line: the time, and a blank. */
const timestamp = /^\uFEFF?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z /;
const line = /^runner-check-(report|after):1:([0-9a-f]{16}):(\d{1,2})\/(\d{1,2}):([A-Za-z0-9+/]+={0,2})\s*$/;
const kinds: readonly PublishedKind[] = ["report", "after"];

/** A text that was published whole and undamaged. */
interface PublishedText {
	readonly kind: PublishedKind;
	readonly json: string;
}

export interface ReadLog {
	/** In the order of the log. */
	readonly texts: readonly PublishedText[];
	/** Why something that looked like a published text was not taken, a sentence each. */
	readonly rejected: readonly string[];
}

/** Everything that a log carries. Costs one pass over the log, whatever is in it. */
export function readLog(log: string): ReadLog {
	const parts = new Map<string, Map<number, string>>();
	const complete: { readonly kind: PublishedKind; readonly packed: string }[] = [];
	const rejected = new Set<string>();
	for (const text of linesWith(log)) {
		const [, kind, id = "", number = "", count = "", part = ""] = line.exec(text) ?? [];
		if (kind === undefined || Number(number) < 1 || Number(number) > Number(count) || Number(count) > maxParts) {
			rejected.add(damaged);
			continue;
		}
		const key = `${kind} ${id} ${count}`;
		const known = parts.get(key) ?? new Map<number, string>();
		parts.set(key, known.set(Number(number), part));
		if (known.size < Number(count)) continue;
		parts.delete(key);
		const packed = Array.from({ length: Number(count) }, (_, index) => known.get(index + 1) ?? "").join("");
		if (packed.length > maxPublished || digest(packed) !== id) rejected.add(damaged);
		else complete.push({ kind: kind as PublishedKind, packed });
	}
	if (parts.size > 0) rejected.add("a published report is not complete: lines of it are missing in the log");
	if (complete.length > maxTexts)
		rejected.add(`${complete.length} published texts, of which only the last ${maxTexts} are read`);
	const texts = complete.slice(-maxTexts).flatMap(({ kind, packed }): PublishedText[] => {
		const json = unpack(packed, maxUnpacked);
		if (json !== undefined) return [{ kind, json }];
		rejected.add("a published report that cannot be unpacked, or is larger than 8 MiB");
		return [];
	});
	return { texts, rejected: [...rejected] };
}

const damaged =
	"a line that looks like a published report is damaged; a forge does that if a secret of the job is so short that it occurs in it";

/** The lines with a marker, without what the forge puts before them. One that is longer than we print is cut, and so damaged. */
function* linesWith(log: string): Generator<string> {
	for (let start = 0; start < log.length; ) {
		const newline = log.indexOf("\n", start);
		const end = newline < 0 ? log.length : newline;
		const text = log.slice(start, Math.min(end, start + maxLine)).replace(timestamp, "");
		if (kinds.some((kind) => text.startsWith(markerOf(kind)))) yield end - start > maxLine ? "" : text;
		start = end + 1;
	}
}

/** What the forge's record of the job says. It decides which runner a report is of. */
export interface JobRecord {
	readonly repository: string;
	readonly runId: string;
	/** Absent if the forge does not tell: the labels of the job decide then. */
	readonly runner?: string;
}

export interface JobReports {
	/** The report of each profile that counts. */
	readonly reports: readonly Report[];
	/** What the second look after the job said: who caused its failure. */
	readonly after: readonly Cause[];
	readonly rejected: readonly string[];
}

/**
 * The reports in the log of a job. They are of the runner that the forge's record names, whatever they say: one that names
 * another runner, run or repository is rejected. Of two reports of one profile that disagree, the worse one counts, since a step can
 * print a good report of its own.
 */
export function reportsIn(log: string, record: JobRecord): JobReports {
	const { texts, rejected: unread } = readLog(log);
	const rejected = new Set(unread);
	const byProfile = new Map<string, Report>();
	const after: Cause[] = [];
	for (const { kind, json } of texts) {
		if (kind === "after") {
			const cause = causeIn(json);
			if (cause) after.push(cause);
			else rejected.add("a published second look that says no cause");
			continue;
		}
		const report = readReport("the published report", json);
		const why = "place" in report ? `not a report: ${report.found}` : strangerIn(report, record);
		if (why !== undefined || "place" in report) {
			rejected.add(why ?? "");
			continue;
		}
		const { name } = report.profile;
		const known = byProfile.get(name);
		if (known && known.verdict !== report.verdict)
			rejected.add(`two reports of the profile ${name} that disagree; the worse one counts`);
		if (!known || rank[report.verdict] >= rank[known.verdict]) byProfile.set(name, report);
	}
	return { reports: [...byProfile.values()], after, rejected: [...rejected] };
}

const rank = { healthy: 0, degraded: 1, unknown: 2, misconfigured: 3 };

/** Does the report speak of another runner or run than the job's? A runner that tells its job no name is not a contradiction. */
function strangerIn({ runner, job, facts }: Report, record: JobRecord): string | undefined {
	const answer = facts.job;
	const named = answer?.ok ? (answer.value as { readonly runnerName?: unknown } | null)?.runnerName : runner.name;
	if (named !== undefined && typeof named !== "string")
		return "a report that names its runner in another form than text";
	if (named !== undefined && record.runner !== undefined && named !== record.runner)
		return `a report for the runner ${named}, but the job ran on ${record.runner}`;
	if (job?.run_id !== undefined && job.run_id !== record.runId)
		return `a report of run ${job.run_id} in the log of run ${record.runId}`;
	if (job?.repository !== undefined && job.repository.toLowerCase() !== record.repository.toLowerCase())
		return `a report of the repository ${job.repository}`;
	return undefined;
}

/** Who caused the failure of a job, as a second look says. */
export type Cause = "runner" | "job" | "unknown";

/** Reads a second look (`after.json`). */
export function causeIn(json: string): Cause | undefined {
	try {
		const cause = (JSON.parse(json) as { readonly caused_by?: unknown } | null)?.caused_by;
		return cause === "runner" || cause === "job" || cause === "unknown" ? cause : undefined;
	} catch {
		return undefined;
	}
}
