/**
 * The format of `report.json`, for `schema/report.schema.json` and for reading reports back (`replay`, `diff`). Unknown keys are
 * allowed everywhere: within version 1 there are additions, and an older program has to read a newer report.
 */
import * as v from "valibot";

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const status = v.picklist(["pass", "warn", "fail", "error", "skip"]);
const evidence = v.looseObject({ source: v.string(), text: v.string() });
const remedyParts = {
	text: v.string(),
	commands: v.optional(v.array(v.string())),
	config: v.optional(v.looseObject({ file: v.string(), language: v.string(), text: v.string() })),
	kind: v.picklist(["image", "host", "runner", "workflow", "forge"]),
};
const remedy = v.looseObject({ ...remedyParts, otherwise: v.optional(v.looseObject(remedyParts)) });
const location = v.looseObject({ file: v.string(), line: v.optional(count), column: v.optional(count) });

export const resultSchema = v.looseObject({
	id: v.pipe(v.string(), v.regex(/^[a-z]+\/.+$/)),
	status,
	reason: v.optional(v.string()),
	title: v.string(),
	message: v.string(),
	why: v.optional(v.string()),
	expected: v.optional(v.string()),
	observed: v.optional(v.string()),
	evidence: v.array(evidence),
	remedy: v.optional(remedy),
	docs: v.string(),
	duration_ms: v.number(),
	location: v.optional(location),
	by: v.optional(v.literal("job")),
	accepted: v.optional(v.looseObject({ reason: v.string(), until: v.string() })),
	acceptance_expired: v.optional(v.string()),
});

export const answerSchema = v.union([
	v.looseObject({ ok: v.literal(true), value: v.unknown(), ms: v.number() }),
	v.looseObject({
		ok: v.literal(false),
		reason: v.picklist(["timeout", "crashed", "mount"]),
		message: v.string(),
		ms: v.number(),
	}),
]);

export const reportSchema = v.looseObject({
	version: v.literal(1),
	id: v.optional(v.string()),
	generator: v.looseObject({ name: v.literal("runner-check"), version: v.string() }),
	started: v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)),
	duration_ms: v.number(),
	runner: v.looseObject({
		name: v.string(),
		system: v.picklist(["gitea", "forgejo", "github", "act", "none"]),
		version: v.optional(v.string()),
		mode: v.picklist(["container", "host", "unknown"]),
		os: v.string(),
		arch: v.string(),
		image: v.optional(v.string()),
		user: v.string(),
	}),
	job: v.optional(
		v.looseObject({
			repository: v.optional(v.string()),
			workflow: v.optional(v.string()),
			job: v.optional(v.string()),
			run_id: v.optional(v.string()),
			event: v.optional(v.string()),
		}),
	),
	profile: v.looseObject({
		name: v.string(),
		decided_by: v.string(),
		policy: v.optional(v.string()),
		unused: v.optional(
			v.looseObject({
				files: v.array(v.string()),
				why: v.picklist(["other-commit", "unknown-commit"]),
				wanted: v.string(),
				found: v.optional(v.string()),
			}),
		),
	}),
	verdict: v.picklist(["healthy", "degraded", "misconfigured", "unknown"]),
	counts: v.looseObject({ pass: count, warn: count, fail: count, error: count, skip: count }),
	/** Of the checks that the profile asks for. */
	switched_off: v.optional(v.looseObject({ count, of: count })),
	results: v.array(resultSchema),
	/** The effective expectations; a program of version 1 knows their form. */
	expectations: v.looseObject({ profile: v.string() }),
	facts: v.record(v.string(), answerSchema),
});
