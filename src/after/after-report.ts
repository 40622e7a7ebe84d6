import * as v from "valibot";
import type { Facts } from "../probes/probe.ts";
import type { JobInfo, Report, Result, RunnerInfo } from "../report/report.ts";
import { answerSchema, reportSchema, resultSchema } from "../report/schema.ts";
import type { CausedBy, Outcome } from "./verdict.ts";

/** `after.json`. Versioned like `report.json`. Schema: `schema/after.schema.json`. */
export interface AfterReport {
	readonly version: 1;
	readonly generator: { readonly name: "runner-check"; readonly version: string };
	/** `id` of the report of the start; absent if that is of an older version. */
	readonly report?: string;
	readonly caused_by: CausedBy;
	readonly outcome: Outcome;
	/** Who used what up, and when, in one line. */
	readonly sentence: string;
	/** `id:reason` of the result that the sentence tells. */
	readonly because?: string;
	readonly started: string;
	readonly duration_ms: number;
	/** Of the start: since when is compared. */
	readonly since: string;
	readonly runner: RunnerInfo;
	readonly job?: JobInfo;
	readonly profile: Report["profile"];
	readonly results: readonly Result[];
	/** What the probes saw at the end, redacted. The facts of the start are in the report. */
	readonly facts: Facts;
}

const time = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/));

export const afterSchema = v.looseObject({
	version: v.literal(1),
	generator: reportSchema.entries.generator,
	report: v.optional(v.string()),
	caused_by: v.picklist(["runner", "job", "unknown"]),
	outcome: v.picklist(["failed", "canceled", "stopped", "succeeded", "unknown"]),
	sentence: v.string(),
	because: v.optional(v.string()),
	started: time,
	duration_ms: v.number(),
	since: time,
	runner: reportSchema.entries.runner,
	job: reportSchema.entries.job,
	profile: reportSchema.entries.profile,
	results: v.array(resultSchema),
	facts: v.record(v.string(), answerSchema),
});
