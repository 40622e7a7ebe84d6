import type * as v from "valibot";
import type { Mistake } from "../mistake.ts";
import { own } from "../own.ts";
import { rejectExpectation } from "./expect-rules.ts";
import { maxPolicySize } from "./limits.ts";
import type { LocatedYaml, Place } from "./located-yaml.ts";
import { nearest } from "./nearest.ts";
import { parseRange, rangesAllowed } from "./ranges.ts";
import { listSchemas, type PolicySource, policySchema } from "./schema.ts";
import { writtenSize } from "./units.ts";
import { maxMistakes, type Reject, validateYaml } from "./validate-yaml.ts";

/** A valid policy file. */
export interface PolicyFile {
	/** Its name as people know it, for messages. */
	readonly name: string;
	readonly source: PolicySource;
	/**
	 * Set if it is a file of the workspace: `untrusted` is data, and starts no program; `workspace` is one that the user trusts. Any other
	 * is the machine's own.
	 */
	readonly from?: "untrusted" | "workspace";
	/** `file:line` of a value, for provenance. */
	lineOf(path: readonly (string | number)[]): string;
}

export interface KnownNames {
	/** Profiles that `extends` may name in addition to those of the file: the built-in ones. */
	readonly profiles: readonly string[];
	/** Does an id, a glob of ids, or `id:reason` name something that exists? */
	readonly knowsCheck: (pattern: string) => boolean;
	readonly checkIds: readonly string[];
}

/**
 * Reads a policy.
 * @param text The file's content, at most `maxPolicySize` + 1 bytes.
 * @returns the policy, or every problem with its `file:line:column`.
 */
export function readPolicy(name: string, text: string, known: KnownNames): PolicyFile | readonly Mistake[] {
	const at = ({ line, column }: Place): string => `${name}:${line}:${column}`;
	if (text.length > maxPolicySize) {
		return [
			{
				place: `${name}:1:1`,
				found: `a file of more than ${writtenSize(maxPolicySize)}`,
				allowed: `a policy of at most ${writtenSize(maxPolicySize)}`,
			},
		];
	}
	const checked = validateYaml(text, policySchema, at, { version: 1 });
	if (!("yaml" in checked)) return checked;
	const { accepted, yaml, reject } = checked;
	if (accepted) rejectMeaningless(accepted, yaml, known, reject, () => checked.mistakes().length >= maxMistakes);
	const mistakes = checked.mistakes();
	if (mistakes.length > 0 || !accepted) return mistakes;
	return { name, source: accepted, lineOf: (path) => `${name}:${yaml.placeOf(path, "key").line}` };
}

/** An input that holds a list in the form of a policy: the list, or every problem with its place. */
export function readListInput<N extends keyof typeof listSchemas>(
	name: N,
	text: string,
): { readonly list: v.InferOutput<(typeof listSchemas)[N]> } | readonly Mistake[] {
	const checked = validateYaml(
		text,
		listSchemas[name],
		({ line, column }) => `input \`${name}\`, line ${line}, column ${column}`,
	);
	if (!("yaml" in checked)) return checked;
	const list = checked.accepted as v.InferOutput<(typeof listSchemas)[N]> | undefined;
	if (list) rejectRepeated(list, [], checked.reject);
	const mistakes = checked.mistakes();
	return mistakes.length > 0 || !list ? mistakes : { list };
}

/** A service's name is its id: two services of one name would be one result. */
function rejectRepeated(
	list: readonly (string | { readonly name: string })[],
	path: readonly (string | number)[],
	reject: Reject,
): void {
	const names = new Set<string>();
	for (const [index, entry] of list.entries()) {
		if (typeof entry !== "object") continue;
		const { name } = entry;
		if (names.has(name))
			reject(
				[...path, index, "name"],
				"value",
				`\`${name}\` a second time`,
				"a name that is unique among the services",
			);
		names.add(name);
	}
}

/** What the schema allows but has no meaning: ranges, names, days and cycles. */
function rejectMeaningless(
	policy: PolicySource,
	yaml: LocatedYaml,
	known: KnownNames,
	reject: Reject,
	isEnough: () => boolean,
): void {
	const profiles = policy.profiles ?? {};
	for (const [name, profile] of Object.entries(profiles)) {
		const path = ["profiles", name];
		for (const rangePath of rangePaths(profile)) {
			if (isEnough()) return;
			const value = rangePath.reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], profile);
			if (parseRange(String(value)) === undefined)
				reject([...path, ...rangePath], "value", yaml.sourceOf([...path, ...rangePath]), rangesAllowed);
		}
		rejectRepeated(profile.services ?? [], [...path, "services"], reject);
		rejectExtends(name, profile.extends, profiles, known.profiles, (found, allowed) =>
			reject([...path, "extends"], "value", found, allowed),
		);
	}
	for (const [name, entry] of Object.entries(policy.expect ?? {})) {
		if (isEnough()) return;
		// If the schema has rejected a part of the entry, that is the problem.
		const { expect: written } = yaml.data as { readonly expect: Readonly<Record<string, object>> };
		const isWhole = Object.keys(written[name] ?? {}).length === Object.keys(entry).length;
		if (isWhole) rejectExpectation(name, entry, reject);
	}
	rejectFleet(policy, known.profiles, reject);
	for (const pattern of Object.keys(policy.severity ?? {})) {
		if (isEnough()) return;
		if (!known.knowsCheck(pattern))
			reject(["severity", pattern], "key", `\`${pattern}\``, checksAllowed(pattern, known));
	}
	for (const [index, { check, until }] of (policy.accept ?? []).entries()) {
		if (isEnough()) return;
		if (!known.knowsCheck(check))
			reject(["accept", index, "check"], "value", `\`${check}\``, checksAllowed(check, known));
		if (!isDay(until))
			reject(["accept", index, "until"], "value", `\`${until}\``, "a day that exists, such as 2026-12-31");
	}
}

function checksAllowed(pattern: string, known: KnownNames): string {
	const like = nearest(pattern.split(":")[0] ?? "", known.checkIds);
	return `a check id or \`id:reason\`, as \`runner-check list\` prints them${like === undefined ? "" : `; did you mean \`${like}\`?`}`;
}

function rangePaths(profile: NonNullable<PolicySource["profiles"]>[string]): readonly (readonly string[])[] {
	const tools = Object.entries(profile.tools ?? {}).flatMap(([name, tool]): string[][] => {
		if (typeof tool !== "object") return [["tools", name]];
		return tool.version === undefined ? [] : [["tools", name, "version"]];
	});
	const { gpu } = profile;
	if (typeof gpu !== "object") return tools;
	return [
		...tools,
		...(["driver", "compute-capability"] as const).filter((key) => gpu[key] !== undefined).map((key) => ["gpu", key]),
	];
}

function rejectExtends(
	name: string,
	parent: string | undefined,
	profiles: Readonly<Record<string, { readonly extends?: string | undefined }>>,
	builtIn: readonly string[],
	reject: (found: string, allowed: string) => void,
): void {
	if (parent === undefined) return;
	const names = [...new Set([...Object.keys(profiles), ...builtIn])];
	if (!names.includes(parent)) {
		const like = nearest(parent, names);
		reject(`\`${parent}\``, `a profile: ${names.join(", ")}${like === undefined ? "" : `; did you mean \`${like}\`?`}`);
		return;
	}
	// A profile may extend the built-in one of its own name, which is merged into it anyway.
	if (parent === name && builtIn.includes(name)) return;
	const chain = new Set([name]);
	let last = name;
	for (let next: string | undefined = parent; next !== undefined; next = own(profiles, next)?.extends) {
		if (next === last && builtIn.includes(next)) return;
		if (chain.has(next)) {
			reject(`\`${[...chain, next].join("` extends `")}\``, "profiles that do not extend each other in a cycle");
			return;
		}
		chain.add(next);
		last = next;
	}
}

/** A runner that is expected under a profile that nobody can have would be silent for ever. */
function rejectFleet({ fleet, profiles = {} }: PolicySource, builtIn: readonly string[], reject: Reject): void {
	const names = [...new Set([...Object.keys(profiles), ...builtIn])];
	const seen = new Set<string>();
	for (const [index, { name, profile }] of (fleet?.runners ?? []).entries()) {
		const path = ["fleet", "runners", index];
		if (profile !== undefined && !names.includes(profile)) {
			const like = nearest(profile, names);
			const meant = like === undefined ? "" : `; did you mean \`${like}\`?`;
			reject([...path, "profile"], "value", `\`${profile}\``, `a profile: ${names.join(", ")}${meant}`);
		}
		const key = JSON.stringify([name, profile]);
		if (seen.has(key)) reject([...path, "name"], "value", `\`${name}\` a second time`, "each runner and profile once");
		seen.add(key);
	}
}

function isDay(text: string): boolean {
	const date = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
