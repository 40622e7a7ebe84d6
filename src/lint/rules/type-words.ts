import type { Remedy } from "../../checks/check.ts";
import { code, cut, titleWith } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { KeyType } from "../../knowledge/config-keys.ts";
import { nearest } from "../../policy/nearest.ts";
import { wholeNumber } from "../read/go-values.ts";
import type { Tree } from "../read/tree.ts";
import { configLines } from "./fixes.ts";

/** What a place in the configuration takes: the type of a key, or one that no key has. */
export type Wanted = KeyType | "sections" | "section" | "entry" | "variable";

interface WrongType {
	readonly file: string;
	/** `runner.timeout`; empty for the file as a whole. */
	readonly key: string;
	readonly wanted: Wanted;
	readonly value: Tree;
}

export type InvalidValue = { readonly file: string } & (
	| { readonly kind: "choice"; readonly key: string; readonly value: string; readonly allowed: readonly string[] }
	| { readonly kind: "capacity"; readonly value: string }
	| { readonly kind: "two-secrets" }
);

export const intro =
	"Compares each value with what its key takes. The runner is written in Go, whose YAML parser is stricter than most: quotes make a string of a number, and a duration needs its unit.";

export const words = {
	"wrong-type": reason<WrongType>({
		level: "fail",
		title: "A value has the wrong type",
		headline: ({ key, wanted }) =>
			key === "" ? "The configuration has no sections" : titleWith("The value of ", key, ` is not ${names[wanted]}`),
		why: "The runner cannot put the value into its configuration: it exits at startup with `cannot unmarshal` and takes no job.",
		expected: ({ wanted }) => descriptions[wanted],
		tell: (seen) => ({
			what: whatWrong(seen),
			fix: fixType(seen),
		}),
		more: 'These look right and are not: `timeout: 0` (write `0s`), `timeout: 1d` (write `24h`), `capacity: "4"` and `privileged: "true"` (no quotes), `options: ["--gpus", "all"]` (one string), `- gpu: docker://image` (the space after the colon makes a map of the label).',
	}),

	"invalid-value": reason<InvalidValue>({
		level: "fail",
		title: "The runner does not accept a value",
		headline: (seen) => {
			switch (seen.kind) {
				case "choice":
					return titleWith("", seen.value, ` is not valid for \`${seen.key}\``);
				case "capacity":
					return titleWith("A capacity of ", seen.value, " is not valid");
				case "two-secrets":
					return "The cache has two secrets";
			}
		},
		why: (seen) => {
			switch (seen.kind) {
				case "choice":
					return seen.key === "runner.tool_cache_mode"
						? `The runner exits at startup with \`invalid runner.tool_cache_mode ${JSON.stringify(cut(seen.value))}\` and takes no job.`
						: "The runner complains once and then logs nothing below `panic`: its log stays empty when something goes wrong.";
				case "capacity":
					return "The runner silently takes it for 1. It means neither off nor unlimited.";
				case "two-secrets":
					return "The runner does not choose between two secrets: it exits at startup and takes no job.";
			}
		},
		expected: (seen) => {
			switch (seen.kind) {
				case "choice":
					return seen.allowed.map(code).join(", ");
				case "capacity":
					return "1 or more";
				case "two-secrets":
					return "one of the two";
			}
		},
		tell: (seen) => ({ what: whatInvalid(seen), fix: fixInvalid(seen) }),
	}),
};

const names: Readonly<Record<Wanted, string>> = {
	text: "a string",
	flag: "a boolean",
	number: "a number",
	port: "a port",
	duration: "a duration",
	size: "a size",
	texts: "a list",
	environment: "a map",
	sections: "a configuration",
	section: "a section",
	entry: "a list of strings",
	variable: "a string",
};

const descriptions: Readonly<Record<Wanted, string>> = {
	text: "a string",
	flag: "`true` or `false`, without quotes",
	number: "a whole number, without quotes",
	port: "a port from 0 to 65535, without quotes",
	duration: "a duration with a unit, such as `30s`, `10m` or `3h`",
	size: "a size such as `10GB` or `512MB`, or a number of bytes",
	texts: "a list",
	environment: "a map of names and values",
	sections: "sections such as `runner:` and `container:`",
	section: "a section with keys below it",
	entry: "a string in every entry",
	variable: "a string",
};

/** The value as it was found. */
export function describe(value: Tree): string {
	if (value.kind !== "scalar") return value.kind === "list" ? "a list" : "a map";
	if (value.text === "") return "an empty string";
	// The whole value is hidden, and its stars would tell nothing.
	if (/^[*\s]+$/.test(value.text)) return "a string";
	return value.plain ? code(cut(value.text, 60)) : `the string ${code(`"${cut(value.text, 60)}"`)}`;
}

function whatWrong({ key, wanted, value }: WrongType): string {
	if (key === "") return `The file contains ${describe(value)} instead of the sections of a configuration.`;
	if (wanted === "entry") return `Every entry of ${code(key)} must be a string, but one is ${describe(value)}.`;
	return `${code(cut(key))} must be ${descriptions[wanted]}, but it is ${describe(value)}.`;
}

function fixType({ file, key, wanted, value }: WrongType): Remedy {
	const { text, lines } = correction(key, wanted, value);
	return { text, ...(lines !== undefined && { config: configLines(file, lines) }), kind: "runner" };
}

interface Correction {
	readonly text: string;
	/** Lines for the configuration, if what was meant is clear. */
	readonly lines?: string | undefined;
}

function correction(key: string, wanted: Wanted, value: Tree): Correction {
	const write = `Write ${descriptions[wanted]}.`;
	const scalar = value.kind === "scalar" ? value.text : undefined;
	switch (wanted) {
		case "sections":
			return { text: "Put the lines into their sections.", lines: "runner:\n  capacity: 1" };
		case "section":
			return { text: `Indent the keys of ${code(key)} below it.` };
		case "texts":
			return {
				text: "Write each entry on a line of its own, after a dash.",
				lines: scalar === undefined ? undefined : linesAt(key, { below: `- ${JSON.stringify(scalar)}` }),
			};
		case "entry":
			return fixEntry(key, value);
		case "environment":
			return { text: "Write one `NAME: value` per line." };
		case "variable":
			return { text: "Write one string: an environment variable has no parts." };
		case "text": {
			const joined = joinedItems(value);
			return joined === "" ? { text: write } : { text: "Write one string.", lines: linesAt(key, { value: joined }) };
		}
		case "flag":
			return { text: write, lines: linesAt(key, { value: meantBoolean(scalar ?? "") }) };
		case "number":
			return { text: write, lines: linesAt(key, { value: /^\s*(\d+)\s*$/.exec(scalar ?? "")?.[1] }) };
		case "port": {
			if (value.kind === "scalar" && value.plain && wholeNumber(value.text) !== undefined) {
				return { text: "Write a port that exists, or 0 for any free port." };
			}
			return { text: write, lines: linesAt(key, { value: /^\s*(\d+)\s*$/.exec(scalar ?? "")?.[1] }) };
		}
		case "duration":
			return {
				text:
					wholeNumber(scalar ?? "") === undefined
						? "Write a number with `s`, `m` or `h`. There are no days: write `24h`."
						: "Write the unit: a number without one is not a duration, not even 0.",
				lines: linesAt(key, { value: meantDuration(scalar ?? "") }),
			};
		case "size":
			return { text: "Write a number with `KB`, `MB`, `GB` or `TB`." };
	}
}

/** `- gpu: docker://image` is a map with the key `gpu`: the space after the colon makes it one. */
function fixEntry(key: string, value: Tree): Correction {
	const entry = value.kind === "map" ? value.entries[0] : undefined;
	if (!entry) return { text: "Write each entry as one string." };
	const text =
		"Write the entry in quotes, without the space after the colon: the space turns the label into a mapping.";
	if (entry.value.kind !== "scalar") return { text };
	return { text, lines: linesAt(key, { below: `- ${JSON.stringify(`${entry.key}:${entry.value.text}`)}` }) };
}

function joinedItems(value: Tree): string {
	if (value.kind !== "list") return "";
	return value.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : [])).join(" ");
}

export function meantBoolean(text: string): string | undefined {
	if (/^(?:true|1|enabled)$/i.test(text)) return "true";
	return /^(?:false|0|disabled)$/i.test(text) ? "false" : undefined;
}

/** `3600` -> `3600s`, `3 hours` -> `3h`, `1d` -> `24h` */
export function meantDuration(text: string): string | undefined {
	const number = wholeNumber(text);
	if (number !== undefined) return `${number}s`;
	const match = /^(\d+)\s*(d|day|h|hour|hr|m|min|minute|s|sec|second)s?$/i.exec(text.trim());
	if (!match) return undefined;
	const unit = (match[2] ?? "").slice(0, 1).toLowerCase();
	return unit === "d" ? `${Number(match[1]) * 24}h` : `${match[1]}${unit}`;
}

function whatInvalid(seen: InvalidValue): string {
	switch (seen.kind) {
		case "choice": {
			const meant = nearest(seen.value, seen.allowed);
			return `${code(cut(seen.value))} is not a value of ${code(seen.key)}.${meant === undefined ? "" : ` Did you mean ${code(meant)}?`}`;
		}
		case "capacity":
			return `\`runner.capacity\` is ${code(cut(seen.value))}, but at least one job must be able to run.`;
		case "two-secrets":
			return "`cache.external_secret` and `cache.external_secret_file` are both set.";
	}
}

function fixInvalid(seen: InvalidValue): Remedy {
	switch (seen.kind) {
		case "choice": {
			const isLevel = seen.allowed.includes("info");
			const value = nearest(seen.value, seen.allowed) ?? (isLevel ? "info" : seen.allowed[0]);
			return {
				text: `Write one of ${seen.allowed.map(code).join(", ")}.`,
				config: configLines(seen.file, linesAt(seen.key, { value }) ?? ""),
				kind: "runner",
			};
		}
		case "capacity":
			return {
				text: "Write how many jobs may run at the same time.",
				config: configLines(seen.file, "runner:\n  capacity: 1"),
				kind: "runner",
			};
		case "two-secrets":
			return { text: "Keep the file, and remove the secret from the configuration.", kind: "runner" };
	}
}

/** The key in its sections, with a value next to it or an entry below it; `undefined` if neither is known. */
function linesAt(key: string, { value, below }: { value?: string | undefined; below?: string }): string | undefined {
	if (value === undefined && below === undefined) return undefined;
	const parts = key.split(".");
	const last = parts.length - 1;
	return [
		...parts.slice(0, last).map((part, depth) => `${"  ".repeat(depth)}${part}:`),
		`${"  ".repeat(last)}${parts[last]}:${value === undefined ? "" : ` ${value}`}`,
		...(below === undefined ? [] : [`${"  ".repeat(last + 1)}${below}`]),
	].join("\n");
}
