/**
 * The format of a policy file: types, validation and `schema/policy.schema.json` from one place. The message of each part
 * says what is allowed; `policy-file.ts` adds the place and what was found.
 */
import * as v from "valibot";
import { imagesAllowed, isImageName, isRegistryEntry } from "../checks/network/registry-targets.ts";
import { urlOf } from "../probes/proxy.ts";
import { platformNames } from "./platforms.ts";
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

const urlAllowed = "an http or https URL";

const service = v.strictObject({
	name: v.pipe(
		v.string("a short name"),
		v.regex(/^[A-Za-z0-9][\w.-]{0,63}$/, "a short name of letters, digits, `.`, `_`, `-`"),
	),
	url: v.pipe(
		v.string(urlAllowed),
		v.regex(/^https?:\/\/\S+$/, urlAllowed),
		v.check((text) => urlOf(text) !== undefined, urlAllowed),
	),
	models: v.optional(v.array(text, "a list of model names")),
});

const cpusAllowed = "a number of CPUs such as `2` or `1.5`";

const registriesAllowed =
	"a host such as `ghcr.io`, or an image such as `ghcr.io/owner/image:latest`, in lowercase and with the tag last";

/** The lists that are also inputs of the action. */
export const listSchemas = {
	registries: v.array(v.pipe(text, v.check(isRegistryEntry, registriesAllowed)), "a list of hosts or image references"),
	services: v.array(service, "a list such as `- { name: ollama, url: http://localhost:11434/api/tags }`"),
};

const profile = v.strictObject({
	extends: v.optional(text),
	labels: v.optional(v.array(text, "a list of labels")),
	"runs-in": v.optional(v.picklist(["container", "host", "any"], "container, host, any")),
	image: v.optional(v.pipe(text, v.check(isImageName, imagesAllowed))),
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

const plainValue = v.union([text, wholeNumber], "text, or a whole number");
const fileAllowed = "an absolute path, or one in the workspace without `..` and `~`";
const fileTypes = ["file", "directory", "link", "socket", "device"] as const;
const modeAllowed = 'permission bits in quotes, such as `"0775"`';
const envAllowed = "the name of a variable: letters, digits and `_`";
const sysctlAllowed = "the name of a kernel setting such as `fs.inotify.max_user_watches`";
const exitAllowed = "an exit code from 0 to 255";

/** One kind for each entry: `expect-rules.ts` rejects what the keys of different kinds cannot say together. */
const expectation = v.strictObject({
	file: v.optional(v.pipe(text, v.regex(/^(?!~)(?!(?:.*\/)?\.\.(?:\/|$))[^\u0000-\u001f\u007f]+$/, fileAllowed))),
	exists: v.optional(boolean),
	type: v.optional(v.picklist(fileTypes, fileTypes.join(", "))),
	mode: v.optional(v.pipe(v.string(modeAllowed), v.regex(/^[0-7]{3,4}$/, modeAllowed))),
	owner: v.optional(v.union([v.pipe(text, v.maxLength(64)), wholeNumber], "the name or the number of a user")),
	contains: v.optional(text),
	env: v.optional(v.pipe(v.string(envAllowed), v.regex(/^[A-Za-z_]\w{0,127}$/, envAllowed))),
	set: v.optional(boolean),
	is: v.optional(plainValue),
	matches: v.optional(text),
	command: v.optional(
		v.pipe(
			v.array(text, "a list of words, such as `[licensetool, status]`"),
			v.minLength(1, "a list with the program first"),
		),
	),
	exit: v.optional(
		v.pipe(v.number(exitAllowed), v.integer(exitAllowed), v.minValue(0, exitAllowed), v.maxValue(255, exitAllowed)),
	),
	stdout: v.optional(text),
	timeout: v.optional(duration),
	sysctl: v.optional(
		v.pipe(v.string(sysctlAllowed), v.regex(/^[a-z][\w-]{0,63}(?:\.[A-Za-z0-9][\w-]{0,63}){1,7}$/, sysctlAllowed)),
	),
	platform: v.optional(v.picklist(platformNames, platformNames.join(", "))),
	why: v.optional(text),
	fix: v.optional(text),
});

const fleet = v.strictObject({
	/** Runners that must report; one that does not is silent. */
	runners: v.optional(
		v.array(
			v.strictObject({ name: text, profile: v.optional(text) }),
			"a list such as `- { name: titan-1, profile: titan }`",
		),
	),
	"max-age": v.optional(duration),
});

export const policySchema = v.strictObject({
	version: v.literal(1, "1"),
	profiles: v.optional(v.record(text, profile, "a mapping of name to profile")),
	expect: v.optional(
		v.record(
			v.pipe(v.string(), v.regex(/^[A-Za-z0-9][\w.-]{0,39}$/, "a short name of letters, digits, `.`, `_`, `-`")),
			expectation,
			"a mapping of name to what is expected",
		),
	),
	severity: v.optional(
		v.record(text, v.picklist(["off", "warn", "fail"], "off, warn, fail"), "a mapping of check id to off, warn, fail"),
	),
	accept: v.optional(v.array(acceptance, "a list such as `- { check: disk/free, reason: …, until: 2026-12-31 }`")),
	fleet: v.optional(fleet),
});

export type PolicySource = v.InferOutput<typeof policySchema>;
export type ExpectSource = v.InferOutput<typeof expectation>;
export type ProfileSource = v.InferOutput<typeof profile>;
export type ToolSource = v.InferOutput<typeof tool>;
