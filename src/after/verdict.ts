import { lowerFirst } from "../checks/text.ts";
import { lastStarted, type OwnJob } from "../probes/own-job.ts";
import type { Report, Result } from "../report/report.ts";

/** Who caused the failure of the job. `job`: nothing that was seen gave out, or the job met a limit of its own. */
export type CausedBy = "runner" | "job" | "unknown";

/** How the job ended, as far as it is known. */
export type Outcome = "failed" | "canceled" | "stopped" | "succeeded" | "unknown";

export interface Cause {
	readonly caused_by: CausedBy;
	readonly outcome: Outcome;
	/** Who used what up, and when, in one line. */
	readonly sentence: string;
	/** `id:reason` of the result that the sentence tells. */
	readonly because?: string;
}

/**
 * Blames the runner only if something is proved to have given out during this job. Warnings and what could not be seen make it
 * `unknown`. Pure.
 * @param hasFailed It is known that the job failed or was canceled: the post step runs only then.
 */
export function causeOf(
	results: readonly Result[],
	record: OwnJob | undefined,
	before: Pick<Report, "results" | "verdict">,
	hasFailed: boolean,
): Cause {
	const outcome = outcomeOf(record, results, hasFailed);
	const told = (caused_by: CausedBy, opening: string, result: Result): Cause => ({
		caused_by,
		outcome,
		sentence: `${opening}: ${lowerFirst(result.message.replace(/\.$/, ""))}`,
		because: `${result.id}:${result.reason ?? result.status}`,
	});
	const plain = (caused_by: CausedBy, sentence: string): Cause => ({ caused_by, outcome, sentence });
	const isGood = outcome === "succeeded";

	const fail = results.find(({ status }) => status === "fail");
	if (fail) return told("runner", blames[outcome] ?? "The runner caused this", fail);
	if (isGood) return plain("job", "Nothing that this job ran on gave out");
	// What the job installed is not what made it fail.
	const own = results.find(({ by, id }) => by === "job" && id !== "after/tools");
	if (own) return told("job", "The job caused this", own);
	if (outcome === "canceled") return plain("job", "The job was canceled, and nothing that it ran on gave out before");
	const open = results.find(({ status, by }) => status === "error" || (status === "warn" && by === undefined));
	if (open) return told("unknown", "It is unknown whether the runner caused this", open);
	const already = before.results.filter(({ status }) => status === "fail" || status === "error");
	if (before.verdict === "misconfigured" && already.length > 0)
		return plain(
			"unknown",
			`It is unknown whether the runner caused this: nothing changed during the job, but ${namesOf(already)} failed at the start already`,
		);
	if (!results.some(({ status }) => status === "pass"))
		return plain("unknown", "It is unknown whether the runner caused this: nothing could be compared with the start");
	return plain(
		"job",
		"Nothing shows that the runner caused this: what was looked at was well at the start and at the end",
	);
}

/** Where it is not known that the job failed. */
const blames: Partial<Record<Outcome, string>> = {
	succeeded: "The job succeeded, but the runner gave out",
	unknown: "The runner gave out during this job",
};

function namesOf(results: readonly Result[]): string {
	const names = results.slice(0, 3).map(({ id, reason }) => `\`${reason === undefined ? id : `${id}:${reason}`}\``);
	return names.join(", ") + (results.length > 3 ? ` and ${results.length - 3} more` : "");
}

function outcomeOf(record: OwnJob | undefined, results: readonly Result[], hasFailed: boolean): Outcome {
	if (record?.kind === "refused" && record.status === 401) return "canceled";
	if (results.some(({ id, reason }) => id === "after/runner" && reason === "restarted")) return "stopped";
	const step = record && lastStarted(record);
	if (hasFailed) return "failed";
	if (record?.kind !== "known" || !step) return "unknown";
	const failed = record.steps.some(({ conclusion }) => conclusion === "failure");
	if (failed) return "failed";
	return step.status === "completed" ? "succeeded" : "unknown";
}

/** What happened, for a heading. */
export function outcomeText(outcome: Outcome): string {
	if (outcome === "stopped") return "after the runner was stopped";
	return outcome === "unknown" ? "after the job" : `after the job ${outcome === "canceled" ? "was canceled" : outcome}`;
}
