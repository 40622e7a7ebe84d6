/**
 * The form of a report's expectations, as far as judging takes it for granted. It is looked at where a report is judged again,
 * and by nothing else: `diff` and other readers of the published format accept any value.
 */
import * as v from "valibot";
import type { Mistake } from "../mistake.ts";
import { platformNames } from "../policy/platforms.ts";
import { mistakeOf } from "./mistake-of.ts";

const requirement = v.picklist(["required", "optional", "forbidden"]);
const texts = v.array(v.string());
const optionalNumber = v.optional(v.number());

const comparator = v.looseObject({
	operator: v.picklist(["", "<", "<=", ">", ">="]),
	numbers: v.tuple([v.number(), v.number(), v.number()]),
	prerelease: v.array(v.union([v.string(), v.number()])),
});
const range = v.looseObject({ text: v.string(), anyOf: v.array(v.array(comparator)) });
const tool = v.looseObject({
	version: range,
	command: texts,
	optional: v.boolean(),
	alsoWanted: v.optional(
		v.array(v.looseObject({ version: range, source: v.string(), contradicts: v.optional(v.string()) })),
	),
});

const optionalText = v.optional(v.string());
const wanted = v.variant("kind", [
	v.looseObject({
		kind: v.literal("file"),
		path: v.string(),
		exists: v.boolean(),
		type: optionalText,
		mode: optionalNumber,
		owner: v.optional(v.union([v.string(), v.number()])),
		contains: optionalText,
	}),
	v.looseObject({
		kind: v.literal("env"),
		variable: v.string(),
		set: v.boolean(),
		is: optionalText,
		matches: optionalText,
	}),
	v.looseObject({
		kind: v.literal("command"),
		command: texts,
		exit: v.number(),
		stdout: optionalText,
		timeoutMs: v.number(),
	}),
	v.looseObject({ kind: v.literal("sysctl"), setting: v.string(), is: optionalText }),
	v.looseObject({ kind: v.literal("platform"), platform: v.picklist(platformNames) }),
]);

/** The library looks into every key of a map, and leaves some of a record out (`constructor`). */
const named = <const S extends v.GenericSchema>(value: S) => v.map(v.string(), value);

const expectationsSchema = v.looseObject({
	profile: v.string(),
	runsIn: v.picklist(["container", "host", "any"]),
	tools: named(tool),
	docker: v.looseObject({ require: requirement, plugins: texts }),
	gpu: v.looseObject({
		require: requirement,
		count: optionalNumber,
		memory: optionalNumber,
		freeMemory: optionalNumber,
		driver: v.optional(range),
		computeCapability: v.optional(range),
	}),
	image: v.optional(v.string()),
	imageMaxAgeDays: optionalNumber,
	toolCache: v.optional(v.string()),
	privileged: v.picklist(["allowed", "forbidden"]),
	disk: v.array(v.looseObject({ path: v.string(), free: optionalNumber, inodes: optionalNumber })),
	memory: optionalNumber,
	cpus: optionalNumber,
	shm: optionalNumber,
	openFiles: optionalNumber,
	registries: texts,
	services: v.array(v.looseObject({ name: v.string(), url: v.string(), models: texts })),
	expect: v.optional(v.array(v.looseObject({ name: v.string(), wants: wanted, why: optionalText, fix: optionalText }))),
	smoke: v.optional(v.looseObject({ parts: texts, all: v.boolean() })),
	skip: texts,
	severity: named(v.picklist(["off", "warn", "fail"])),
	accept: v.array(v.looseObject({ check: v.string(), reason: v.string(), until: v.string() })),
	sources: named(v.string()),
});

/** What of a report's expectations nothing can be judged by, with its place in it; `undefined` where all is well. */
export function mistakeInExpectations(name: string, expectations: object): Mistake | undefined {
	const { tools, severity, sources } = expectations as Readonly<Record<string, unknown>>;
	const outcome = v.safeParse(expectationsSchema, {
		...expectations,
		tools: asMap(tools),
		severity: asMap(severity),
		sources: asMap(sources),
	});
	return outcome.success ? undefined : mistakeOf(outcome.issues[0], (path) => `${name}, expectations.${path}`);
}

function asMap(value: unknown): unknown {
	return typeof value === "object" && value !== null && !Array.isArray(value) ? new Map(Object.entries(value)) : value;
}
