/** The format of `fleet.json`, for `schema/fleet.schema.json`. Unknown keys are allowed everywhere: within version 1 there are additions. */
import * as v from "valibot";
import { reportSchema } from "../report/schema.ts";

const verdict = v.picklist(["healthy", "degraded", "misconfigured", "unknown"]);
const status = v.picklist(["reported", "silent", "waiting", "set-up-failed", "offline", "disabled"]);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const names = v.array(v.string());
const text = v.optional(v.string());

const disk = v.looseObject({
	free: v.number(),
	total: v.number(),
	free_inodes: v.optional(v.number()),
	total_inodes: v.optional(v.number()),
});

const sighting = v.looseObject({
	at: v.string(),
	status,
	verdict: v.optional(verdict),
	failures: names,
	warnings: names,
	url: text,
});

const runner = v.looseObject({
	name: v.string(),
	profile: text,
	labels: names,
	status,
	verdict: v.optional(verdict),
	last_report: text,
	failures: names,
	warnings: names,
	why: text,
	busy: v.optional(v.boolean()),
	since: text,
	url: text,
	runner: v.optional(reportSchema.entries.runner),
	results: reportSchema.entries.results,
	versions: v.record(v.string(), v.string()),
	disks: v.optional(v.record(v.string(), disk)),
	history: v.array(sighting),
	failed: count,
	after: v.optional(v.looseObject({ runner: count, job: count, unknown: count })),
});

export const fleetSchema = v.looseObject({
	version: v.literal(1),
	generated: v.string(),
	verdict,
	runners: v.array(runner),
	drift: v.array(
		v.looseObject({
			profile: v.string(),
			what: v.string(),
			values: v.array(v.looseObject({ value: v.string(), runners: names })),
			since: text,
		}),
	),
	unserved: v.array(v.looseObject({ label: v.string(), file: v.string(), line: count })),
	rejected: v.array(v.looseObject({ file: v.string(), reason: v.string() })),
	changes: v.array(
		v.looseObject({ name: v.string(), profile: text, before: text, now: v.string(), came: names, went: names }),
	),
	notes: names,
});
