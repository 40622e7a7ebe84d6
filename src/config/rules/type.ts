import { own } from "../../own.ts";
import { nearest } from "../../policy/nearest.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import { isDuration } from "../create-flags.ts";
import type { ConfigFile } from "../facts.ts";
import { isSection, type KeyTable, type KeyType, type KnownKey, keysOf } from "../keys.ts";
import { type Context, defineRule, type Found } from "../rule.ts";
import { textAt } from "../setup.ts";
import { entryAt, isNull, type Scalar, type Tree } from "../tree.ts";

type R = "wrong-type" | "invalid-value";

/** Values that Go's YAML parser cannot put into the key, and values that the runner does not accept. */
export const type = defineRule<R>({
	id: "config/type",
	title: "Every value of the configuration is of its key's type",
	reasons: {
		"wrong-type": { level: "fail", title: "a value is of another type than its key, so the runner does not start" },
		"invalid-value": { level: "fail", title: "a value is none that the runner accepts" },
	},
	fine: "every value has the type of its key",
	find({ config }, context) {
		if (!config?.root || isNull(config.root)) return [];
		if (config.root.kind !== "map") {
			const found = describe(config.root);
			return [
				{
					reason: "wrong-type",
					file: config.path,
					line: config.root.line,
					column: config.root.column,
					message: `the file holds ${found} where the sections of a configuration belong`,
					why: startFails,
					expected: "sections such as `runner:` and `container:`",
					found,
					remedy: {
						text: "Begin the lines with their sections.",
						kind: "runner",
						config: example(config.path, "runner:\n  capacity: 1"),
					},
				},
			];
		}
		const table = keysOf(config.system);
		return [...walk(config, config.root, "", table, context), ...bothSecrets(config, context)];
	},
});

const startFails =
	"The runner cannot put the value into its configuration: it ends at its start with `cannot unmarshal`, and takes no job.";

function walk(config: ConfigFile, tree: Tree, path: string, table: KeyTable, context: Context): readonly Found<R>[] {
	if (tree.kind !== "map") return [];
	return tree.entries.flatMap((entry) => {
		const full = path === "" ? entry.key : `${path}.${entry.key}`;
		const { value } = entry;
		if (isSection(table, full)) {
			if (isNull(value)) return [];
			if (value.kind === "map") return walk(config, value, full, table, context);
			return [wrong(config, full, value, "keys below it", { text: `Indent the keys of \`${full}\` below it.` })];
		}
		const known = own(table, full);
		if (!known || isNull(value) || isTooOld(known, context)) return [];
		return judgeValue(config, full, value, known);
	});
}

/** A key that this release does not know is ignored whatever its value. */
function isTooOld(known: KnownKey, { version }: Context): boolean {
	const running = version === undefined ? undefined : findVersion(version);
	const first = known.since === undefined ? undefined : findVersion(known.since);
	return running !== undefined && first !== undefined && compareVersions(running, first) < 0;
}

function judgeValue(config: ConfigFile, path: string, value: Tree, known: KnownKey): readonly Found<R>[] {
	switch (known.type) {
		case "texts": {
			if (value.kind !== "list") {
				const line = value.kind === "scalar" ? value.text : "…";
				return [
					wrong(config, path, value, "a list", {
						text: "Write each entry in a line of its own with a dash.",
						lines: `- ${JSON.stringify(line)}`,
					}),
				];
			}
			return value.items.filter((item) => item.kind !== "scalar").map((item) => listItem(config, path, item));
		}
		case "environment": {
			if (value.kind !== "map") {
				return [
					wrong(config, path, value, "names with their values", {
						text: "Write `NAME: value`, one a line.",
						lines: "NAME: value",
					}),
				];
			}
			return value.entries
				.filter((entry) => entry.value.kind !== "scalar")
				.map((entry) =>
					wrong(config, `${path}.${entry.key}`, entry.value, "text", { text: "An environment variable is one text." }),
				);
		}
		default: {
			if (value.kind !== "scalar") {
				const joined =
					value.kind === "list"
						? value.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : [])).join(" ")
						: "";
				const isText = known.type === "text" && joined !== "";
				return [
					wrong(config, path, value, wordsFor[known.type], {
						text: isText ? "Write one text." : `Write ${wordsFor[known.type]}.`,
						...(isText && { value: joined }),
					}),
				];
			}
			return judgeScalar(config, path, value, known);
		}
	}
}

function listItem(config: ConfigFile, path: string, item: Tree): Found<R> {
	const entry = item.kind === "map" ? item.entries[0] : undefined;
	// `- gpu: docker://image` is a map with the key `gpu`: the blank after the colon makes it one.
	const rest = entry?.value.kind === "scalar" ? entry.value.text : "…";
	const text = entry
		? "A blank after a colon makes a map of the entry: write the whole in quotes, without the blank."
		: "Write each entry as one text.";
	return wrong(config, path, item, "text in every entry", {
		text,
		...(entry && { lines: `- ${JSON.stringify(`${entry.key}:${rest}`)}` }),
	});
}

const wordsFor: Readonly<Record<KeyType, string>> = {
	text: "a text",
	flag: "`true` or `false`, without quotes",
	number: "a whole number, without quotes",
	port: "a port from 0 to 65535, without quotes",
	duration: "a duration with its unit, such as `30s`, `10m` or `3h`",
	size: "a size such as `10GB` or `512MB`, or a number of bytes",
	texts: "a list",
	environment: "names with their values",
};

function judgeScalar(config: ConfigFile, path: string, scalar: Scalar, known: KnownKey): readonly Found<R>[] {
	const expected = wordsFor[known.type];
	const { text, plain } = scalar;
	switch (known.type) {
		case "text":
			return known.oneOf && text !== "" && !known.oneOf.includes(path.startsWith("log.") ? text.toLowerCase() : text)
				? [invalid(config, path, scalar, known.oneOf)]
				: [];
		case "flag": {
			const isFlag = plain
				? /^(?:true|True|TRUE|false|False|FALSE|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N)$/.test(text)
				: /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|y|Y|n|N)$/.test(text);
			const meant = /^(?:true|1|enabled|ja)$/i.test(text)
				? "true"
				: /^(?:false|0|disabled)$/i.test(text)
					? "false"
					: undefined;
			return isFlag
				? []
				: [wrong(config, path, scalar, expected, { text: `Write ${expected}.`, ...(meant && { value: meant }) })];
		}
		case "number":
		case "port": {
			const number = plain ? goNumber(text) : undefined;
			const digits = /^\d+$/.test(text.trim()) ? text.trim() : undefined;
			if (number === undefined) {
				return [
					wrong(config, path, scalar, expected, { text: `Write ${expected}.`, ...(digits && { value: digits }) }),
				];
			}
			if (known.type === "port" && (number < 0 || number > 65_535)) {
				return [wrong(config, path, scalar, expected, { text: "Write a port that exists, or 0 for any free one." })];
			}
			return path === "runner.capacity" && number < 1 ? [capacity(config, scalar)] : [];
		}
		case "duration": {
			if ((plain || text !== "0") && isDuration(text) && !(plain && goNumber(text) !== undefined)) return [];
			const number = goNumber(text);
			const text2 =
				number === undefined
					? "Write a number with `s`, `m` or `h`; days do not exist, `24h` is one."
					: "A bare number is no duration, not even 0: write the unit.";
			return [wrong(config, path, scalar, expected, { text: text2, value: mendDuration(text, number) })];
		}
		case "size":
			return /^\s*\d+(?:\.\d*)?\s*[kmgtpKMGTP]?[iI]?[bB]?\s*$/.test(text)
				? []
				: [wrong(config, path, scalar, expected, { text: "Write a number with `KB`, `MB`, `GB` or `TB`." })];
		default:
			return [];
	}
}

/** `3600` -> `3600s`, `3 hours` -> `3h`, `1d` -> `24h`; empty where it cannot be told. */
function mendDuration(text: string, number: number | undefined): string {
	if (number !== undefined) return `${number}s`;
	const match = /^(\d+)\s*(d|day|h|hour|hr|m|min|minute|s|sec|second)s?$/i.exec(text.trim());
	if (!match) return "";
	const unit = (match[2] ?? "").slice(0, 1).toLowerCase();
	return unit === "d" ? `${Number(match[1]) * 24}h` : `${match[1]}${unit}`;
}

/** A plain scalar as Go's parser takes it for a whole number: decimal, `0x`, `0o`, `0b`, with `_`; a fraction is cut off. */
function goNumber(text: string): number | undefined {
	if (!/^[+-]?[\d.]/.test(text)) return undefined;
	const bare = text.replace(/_/g, "");
	const number = /^[+-]?0[0-7]+$/.test(bare)
		? Number.parseInt(bare, 8)
		: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(bare) || /^0(?:x[\da-fA-F]+|o[0-7]+|b[01]+)$/.test(bare)
			? Math.trunc(Number(bare))
			: Number.NaN;
	return Math.abs(number) < 2 ** 63 ? number : undefined;
}

interface Mend {
	readonly text: string;
	/** The value to write instead. */
	readonly value?: string;
	/** Lines to write below the key instead. */
	readonly lines?: string;
}

function wrong(config: ConfigFile, path: string, value: Tree, expected: string, mend: Mend): Found<R> {
	const found = describe(value);
	const text =
		mend.lines !== undefined
			? keyLines(path, "", mend.lines)
			: mend.value
				? keyLines(path, ` ${mend.value}`)
				: undefined;
	return {
		reason: "wrong-type",
		file: config.path,
		line: value.line,
		column: value.column,
		message: `\`${path}\` has to be ${expected}, and here is ${found}`,
		why: startFails,
		expected,
		found,
		remedy: { text: mend.text, kind: "runner", ...(text && { config: example(config.path, text) }) },
	};
}

function describe(value: Tree): string {
	if (value.kind !== "scalar") return value.kind === "list" ? "a list" : "a map";
	if (value.text === "") return "an empty text";
	const shown = value.text.length > 60 ? `${value.text.slice(0, 60)}…` : value.text;
	return value.plain ? `\`${shown}\`` : `the text \`"${shown}"\``;
}

function invalid(config: ConfigFile, path: string, scalar: Scalar, allowed: readonly string[]): Found<R> {
	const meant = nearest(scalar.text, allowed);
	const isFatal = path === "runner.tool_cache_mode";
	return {
		reason: "invalid-value",
		file: config.path,
		line: scalar.line,
		column: scalar.column,
		message: `\`${path}\` may not be \`${scalar.text}\`${meant ? `: \`${meant}\` is meant?` : ""}`,
		why: isFatal
			? "The runner ends at its start with `invalid runner.tool_cache_mode`, and takes no job."
			: "The runner complains once and then logs nothing below `panic`: its log stays empty when something goes wrong.",
		expected: allowed.map((word) => `\`${word}\``).join(", "),
		found: `\`${scalar.text}\``,
		remedy: {
			text: "Write one of the allowed words.",
			kind: "runner",
			config: example(config.path, keyLines(path, ` ${meant ?? allowed[isFatal ? 0 : 2] ?? ""}`)),
		},
	};
}

function capacity(config: ConfigFile, scalar: Scalar): Found<R> {
	return {
		reason: "invalid-value",
		file: config.path,
		line: scalar.line,
		column: scalar.column,
		message: `\`runner.capacity\` is \`${scalar.text}\`: there is no such number of jobs`,
		why: "The runner takes it for 1 and says nothing: it is neither switched off nor unlimited.",
		expected: "1 or more",
		found: `\`${scalar.text}\``,
		remedy: {
			text: "Write how many jobs may run at the same time.",
			kind: "runner",
			config: example(config.path, "runner:\n  capacity: 1"),
		},
	};
}

/** Since 2.3.0 the secret may come from a file, but not from both places. */
function bothSecrets(config: ConfigFile, context: Context): readonly Found<R>[] {
	const file = entryAt(config.root, "cache", "external_secret_file");
	if (config.system !== "gitea" || !file || textAt(config.root, "cache", "external_secret_file") === "") return [];
	if (textAt(config.root, "cache", "external_secret") === "") return [];
	if (isTooOld({ type: "text", since: "2.3.0" }, context)) return [];
	return [
		{
			reason: "invalid-value",
			file: config.path,
			line: file.line,
			column: file.column,
			message: "`cache.external_secret` and `cache.external_secret_file` are both set",
			why: "The runner ends at its start: it does not choose between two secrets.",
			expected: "one of the two",
			found: "both",
			remedy: { text: "Keep the file, and take the secret out of the configuration.", kind: "runner" },
		},
	];
}

function keyLines(path: string, value: string, below?: string): string {
	const keys = path.split(".");
	const lines = keys.map((key, depth) => `${"  ".repeat(depth)}${key}:${depth === keys.length - 1 ? value : ""}`);
	return below === undefined ? lines.join("\n") : [...lines, `${"  ".repeat(keys.length)}${below}`].join("\n");
}

function example(file: string, text: string): { file: string; language: "yaml"; text: string } {
	return { file, language: "yaml", text };
}
