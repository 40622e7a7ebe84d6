/**
 * The format of a policy file: types, validation and `schema/policy.schema.json` from one place. The message of each part
 * says what is allowed; `policy-file.ts` adds the place and what was found.
 */
import * as v from "valibot";
import { rangesAllowed } from "./ranges.ts";
import { durationsAllowed, parseDuration, parseSize, sizesAllowed } from "./units.ts";

const text = v.pipe(
	v.string("text"),
	v.nonEmpty("text that is not empty"),
	v.maxLength(4096, "text of at most 4096 characters"),
);
const wholeNumber = v.pipe(
	v.number("a whole number, 0 or more"),
	v.safeInteger("a whole number, 0 or more"),
	v.minValue(0, "a whole number, 0 or more"),
);
const boolean = v.boolean("true or false");
const size = v.union(
	[
		v.pipe(
			v.string(),
			v.regex(/^\d+(?:\.\d+)?\s*(?:(?:[kKmMgGtT][iI]?)?[bB])?$/, sizesAllowed),
			v.check((text) => parseSize(text) !== undefined, sizesAllowed),
		),
		wholeNumber,
	],
	sizesAllowed,
);
const duration = v.pipe(
	v.string(durationsAllowed),
	v.regex(/^\d+(?:\.\d+)?\s*(?:ms|s|m|h|d)$/, durationsAllowed),
	v.check((text) => parseDuration(text) !== undefined, durationsAllowed),
);
/** `1.92` without quotes is a number in YAML; it is read as it was written. */
const range = v.union([text, v.number()], rangesAllowed);
const requirement = v.picklist(["required", "optional", "forbidden"], "required, optional, forbidden");
const toolName = v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.+-]{0,63}$/, "the name of a program, without a path"));

const tool = v.union(
	[
		v.strictObject({
			version: v.optional(range),
			command: v.optional(
				v.pipe(
					v.array(text, "a list of words, such as `[ffmpeg, -version]`"),
					v.minLength(1, "a list with the program first"),
				),
			),
			optional: v.optional(boolean),
		}),
		range,
	],
	`${rangesAllowed}, or a mapping with version, command, optional`,
);

const docker = v.union(
	[
		v.strictObject({
			require: requirement,
			plugins: v.optional(v.array(v.picklist(["buildx", "compose"], "buildx, compose"), "a list of buildx, compose")),
		}),
		requirement,
	],
	"required, optional, forbidden, or a mapping with require, plugins",
);

const gpu = v.union(
	[
		v.strictObject({
			require: requirement,
			count: v.optional(wholeNumber),
			memory: v.optional(size),
			"free-memory": v.optional(size),
			driver: v.optional(range),
			"compute-capability": v.optional(range),
		}),
		requirement,
	],
	"required, optional, forbidden, or a mapping with require, count, memory, free-memory, driver, compute-capability",
);

const disk = v.strictObject({
	path: v.pipe(
		v.string("workspace, temp, home, docker-root, tool-cache or an absolute path"),
		v.regex(
			/^(?:workspace|temp|home|docker-root|tool-cache|\/.*)$/,
			"workspace, temp, home, docker-root, tool-cache or an absolute path",
		),
	),
	free: v.optional(size),
	inodes: v.optional(wholeNumber),
});

const service = v.strictObject({
	name: v.pipe(
		v.string("a short name"),
		v.regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "a short name of letters, digits, `.`, `_`, `-`"),
	),
	url: v.pipe(v.string("an http or https URL"), v.regex(/^https?:\/\/\S+$/, "an http or https URL")),
	models: v.optional(v.array(text, "a list of model names")),
});

const cpusAllowed = "a number of CPUs such as `2` or `1.5`";

/** The lists that are also inputs of the action. */
export const listSchemas = {
	registries: v.array(text, "a list of hosts or image references"),
	services: v.array(service, "a list such as `- { name: ollama, url: http://localhost:11434/api/tags }`"),
};

const profile = v.strictObject({
	extends: v.optional(text),
	labels: v.optional(v.array(text, "a list of labels")),
	"runs-in": v.optional(v.picklist(["container", "host", "any"], "container, host, any")),
	image: v.optional(text),
	"image-max-age": v.optional(duration),
	tools: v.optional(v.record(toolName, tool, "a mapping of tool to version range")),
	docker: v.optional(docker),
	gpu: v.optional(gpu),
	privileged: v.optional(v.picklist(["allowed", "forbidden"], "allowed, forbidden")),
	"tool-cache": v.optional(v.picklist(["persistent"], "persistent")),
	memory: v.optional(size),
	cpus: v.optional(v.pipe(v.number(cpusAllowed), v.finite(cpusAllowed), v.minValue(0, cpusAllowed))),
	shm: v.optional(size),
	"open-files": v.optional(wholeNumber),
	disk: v.optional(v.array(disk, "a list such as `- { path: workspace, free: 40GiB }`")),
	registries: v.optional(listSchemas.registries),
	services: v.optional(listSchemas.services),
});

const day = v.pipe(v.string("a day such as 2026-12-31"), v.regex(/^\d{4}-\d{2}-\d{2}$/, "a day such as 2026-12-31"));
const acceptance = v.strictObject({ check: text, reason: text, until: day });

export const policySchema = v.strictObject({
	version: v.literal(1, "1"),
	profiles: v.optional(v.record(text, profile, "a mapping of name to profile")),
	severity: v.optional(
		v.record(text, v.picklist(["off", "warn", "fail"], "off, warn, fail"), "a mapping of check id to off, warn, fail"),
	),
	accept: v.optional(v.array(acceptance, "a list such as `- { check: disk/free, reason: …, until: 2026-12-31 }`")),
});

export type PolicySource = v.InferOutput<typeof policySchema>;
export type ProfileSource = v.InferOutput<typeof profile>;
export type ToolSource = v.InferOutput<typeof tool>;
