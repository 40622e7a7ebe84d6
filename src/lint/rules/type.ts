import type { Finding } from "../../checks/check.ts";
import { cut } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import { isSection, type KeyTable, type KnownKey, keysOf, knownKey, pathBelow } from "../../knowledge/config-keys.ts";
import { compareVersions, findVersion } from "../../versions.ts";
import type { ConfigFile } from "../facts.ts";
import { fits, wholeNumber } from "../read/go-values.ts";
import { entryAt, isNull, type Scalar, type Tree } from "../read/tree.ts";
import { at, type Context, defineRule, placeIn } from "../rule.ts";
import { textAt } from "../setup/setup.ts";
import { settings } from "../setup/subjects.ts";
import { choiceEdits, typeEdits } from "./type-edits.ts";
import { describe, type InvalidValue, intro, type Wanted, words } from "./type-words.ts";

type Problem = Finding<keyof typeof words>;

/** Values that Go's YAML parser cannot put into their key, and values that the runner does not accept. */
export const type = defineRule({
	id: "config/type",
	title: "Every value of the configuration has the type of its key",
	intro,
	reasons: words,
	subject: settings,
	fine: "every value has the type of its key",
	find({ config }, context) {
		if (!config?.root || isNull(config.root)) return [];
		if (config.root.kind !== "map") return [wrong(config, "", "sections", config.root)];
		const table = keysOf(config.system);
		return [...walk(config, config.root, "", table, context), ...twoSecrets(config, context)];
	},
});

function walk(config: ConfigFile, tree: Tree, path: string, table: KeyTable, context: Context): readonly Problem[] {
	if (tree.kind !== "map") return [];
	return tree.entries.flatMap((entry) => {
		const key = pathBelow(path, entry.key);
		const { value } = entry;
		if (isSection(table, key)) {
			if (isNull(value)) return [];
			return value.kind === "map" ? walk(config, value, key, table, context) : [wrong(config, key, "section", value)];
		}
		const known = knownKey(table, key);
		if (!known || isNull(value) || isTooNew(known, context)) return [];
		return judgeValue(config, key, value, known);
	});
}

/** Does this rule report the value of the key? */
export function isMistyped(config: ConfigFile, key: string, context: Context): boolean {
	const value = entryAt(config.root, ...key.split("."))?.value;
	const known = knownKey(keysOf(config.system), key);
	if (!value || !known || isNull(value) || isTooNew(known, context)) return false;
	return judgeValue(config, key, value, known).length > 0;
}

/** A release ignores a key that it does not know yet, whatever its value. */
function isTooNew(known: KnownKey, { version }: Context): boolean {
	const running = version === undefined ? undefined : findVersion(version);
	const first = known.since === undefined ? undefined : findVersion(known.since);
	return running !== undefined && first !== undefined && compareVersions(running, first) < 0;
}

function judgeValue(config: ConfigFile, key: string, value: Tree, known: KnownKey): readonly Problem[] {
	switch (known.type) {
		case "texts":
			// Forgejo's runner 13 also takes a map of labels.
			if (value.kind === "map" && config.system === "forgejo" && key.endsWith("labels")) return [];
			if (value.kind !== "list") return [wrong(config, key, "texts", value)];
			return value.items.filter((item) => item.kind !== "scalar").map((item) => wrong(config, key, "entry", item));
		case "environment":
			if (value.kind !== "map") return [wrong(config, key, "environment", value)];
			return value.entries
				.filter((entry) => entry.value.kind !== "scalar")
				.map((entry) => wrong(config, `${key}.${entry.key}`, "variable", entry.value));
		default:
			if (value.kind !== "scalar" || !fits(value, known.type)) return [wrong(config, key, known.type, value)];
			return judgeScalar(config, key, value, known);
	}
}

/** A value of the right type that the runner does not accept, or takes for another. */
function judgeScalar(config: ConfigFile, key: string, scalar: Scalar, { oneOf }: KnownKey): readonly Problem[] {
	const { text } = scalar;
	if (oneOf && text !== "" && !oneOf.includes(key.startsWith("log.") ? text.toLowerCase() : text)) {
		return [invalid({ file: config.path, kind: "choice", key, value: text, allowed: oneOf }, scalar)];
	}
	if (key === "runner.capacity" && (wholeNumber(text) ?? 1) < 1) {
		return [invalid({ file: config.path, kind: "capacity", value: text }, scalar)];
	}
	return [];
}

function wrong(config: ConfigFile, key: string, wanted: Wanted, value: Tree): Problem {
	const details = { ...at(placeIn(config.path, value), describe(value)), edits: typeEdits(key, wanted, value) };
	return finding(words, "wrong-type", { file: config.path, key, wanted, value }, details);
}

function invalid(seen: InvalidValue & { kind: "choice" | "capacity" }, scalar: Scalar): Problem {
	const edits = seen.kind === "choice" ? choiceEdits(scalar, seen.allowed) : undefined;
	return finding(words, "invalid-value", seen, { ...at(placeIn(seen.file, scalar), `\`${cut(scalar.text)}\``), edits });
}

/** Since 2.3.0 the secret may come from a file, but not from both places. */
function twoSecrets(config: ConfigFile, context: Context): readonly Problem[] {
	const file = entryAt(config.root, "cache", "external_secret_file");
	if (config.system !== "gitea" || !file || textAt(config.root, "cache", "external_secret_file") === "") return [];
	if (textAt(config.root, "cache", "external_secret") === "") return [];
	const known = keysOf("gitea")["cache.external_secret_file"];
	if (!known || isTooNew(known, context)) return [];
	const details = at(placeIn(config.path, file), "both");
	return [finding(words, "invalid-value", { file: config.path, kind: "two-secrets" }, details)];
}
