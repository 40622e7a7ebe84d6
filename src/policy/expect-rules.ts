/** What the schema of `expect` allows but has no meaning: no kind or two, keys of another kind, ranges, and secrets. */
import { isSecretName } from "../report/secret-names.ts";
import { looksLikeRange, parseNumberRange } from "./number-range.ts";
import type { ExpectSource } from "./schema.ts";
import { parseDuration } from "./units.ts";
import type { Reject } from "./validate-yaml.ts";

/** Kind -> the keys that say what it must be. */
const keysOfKind = {
	file: ["exists", "type", "mode", "owner", "contains"],
	env: ["set", "is", "matches"],
	command: ["exit", "stdout", "timeout"],
	sysctl: ["is"],
	platform: [],
} as const satisfies Readonly<Record<string, readonly (keyof ExpectSource)[]>>;

const kinds = Object.keys(keysOfKind) as (keyof typeof keysOfKind)[];
const shared = ["why", "fix"];

/** The longest `timeout` of a command: that of a whole run. */
const longestMs = 600_000;

/** Rejects what is wrong with one entry. */
export function rejectExpectation(name: string, entry: ExpectSource, reject: Reject): void {
	const path = ["expect", name];
	const [kind, second] = kinds.filter((one) => entry[one] !== undefined);
	if (kind === undefined) {
		reject(path, "value", "an entry without a kind", `exactly one of ${kinds.join(", ")}`);
		return;
	}
	if (second !== undefined) {
		reject([...path, second], "key", `\`${second}\` next to \`${kind}\``, `exactly one of ${kinds.join(", ")}`);
		return;
	}
	const allowed: readonly string[] = [kind, ...keysOfKind[kind], ...shared];
	for (const key of Object.keys(entry).filter((one) => !allowed.includes(one)))
		reject([...path, key], "key", `\`${key}\` next to \`${kind}\``, `with \`${kind}\`: ${allowed.slice(1).join(", ")}`);
	rejectOfKind[kind]?.(entry, path, reject);
}

function rejectFile(entry: ExpectSource, path: readonly string[], reject: Reject): void {
	if (entry.exists === false) {
		for (const key of ["type", "mode", "owner", "contains"] as const)
			if (entry[key] !== undefined)
				reject(
					[...path, key],
					"key",
					`\`${key}\` next to \`exists: false\``,
					"a file that must exist, or no other key",
				);
	}
	if (entry.contains !== undefined && entry.type !== undefined && entry.type !== "file")
		reject([...path, "contains"], "key", `\`contains\` of a ${entry.type}`, "`contains` for `type: file` only");
}

function rejectEnv(entry: ExpectSource, path: readonly string[], reject: Reject): void {
	for (const key of ["is", "matches"] as const) {
		if (entry[key] === undefined) continue;
		if (isSecretName(entry.env ?? ""))
			reject(
				[...path, key],
				"key",
				`\`${key}\` of a variable whose name says secret`,
				"`set: true` only: a secret has no place in a policy",
			);
		else if (entry.set === false) reject([...path, key], "key", `\`${key}\` next to \`set: false\``, "one of the two");
	}
	if (entry.is !== undefined && entry.matches !== undefined)
		reject([...path, "matches"], "key", "`matches` next to `is`", "one of the two");
}

function rejectCommand(entry: ExpectSource, path: readonly string[], reject: Reject): void {
	if (entry.timeout === undefined) return;
	const ms = parseDuration(entry.timeout) ?? 0;
	if (ms === 0 || ms > longestMs)
		reject([...path, "timeout"], "value", `\`${entry.timeout}\``, "a duration of more than 0 and at most `10m`");
}

function rejectSysctl({ sysctl = "", is }: ExpectSource, path: readonly string[], reject: Reject): void {
	if (isSecretName(sysctl.split(".").pop() ?? ""))
		reject([...path, "sysctl"], "value", `\`${sysctl}\``, "a kernel setting that is not a key or a secret");
	const text = String(is ?? "");
	if (looksLikeRange(text) && !parseNumberRange(text))
		reject([...path, "is"], "value", `\`${text}\``, 'a value, or a range such as `">=524288"` or `">=1 <10"`');
}

const rejectOfKind: Readonly<
	Partial<Record<keyof typeof keysOfKind, (entry: ExpectSource, path: readonly string[], reject: Reject) => void>>
> = { file: rejectFile, env: rejectEnv, command: rejectCommand, sysctl: rejectSysctl };
