import * as v from "valibot";
import type { Mistake } from "../mistake.ts";
import { type LocatedYaml, type Place, parseLocated } from "./located-yaml.ts";
import { nearest } from "./nearest.ts";
import { parseRange, rangesAllowed } from "./ranges.ts";
import { type PolicySource, policySchema } from "./schema.ts";

/** Bytes of the largest policy that is read. */
export const maxPolicySize = 1024 * 1024;

/** A policy file that holds no mistake. */
export interface PolicyFile {
	/** Its name as people know it, for places in messages. */
	readonly name: string;
	readonly source: PolicySource;
	/** `file:line` of a value, for provenance. */
	lineOf(path: readonly (string | number)[]): string;
}

export interface KnownNames {
	/** Names that `extends` may name besides those of the file: the built-in profiles. */
	readonly profiles: readonly string[];
	/** Does an id, a glob of ids, or `id:reason` name something that exists? */
	readonly knowsCheck: (pattern: string) => boolean;
	readonly checkIds: readonly string[];
}

/**
 * Reads a policy.
 * @param text What the file holds, at most `maxPolicySize` + 1 bytes of it.
 * @returns the policy, or every mistake with its `file:line:column`.
 */
export async function readPolicy(
	name: string,
	text: string,
	known: KnownNames,
): Promise<PolicyFile | readonly Mistake[]> {
	const at = ({ line, column }: Place): string => `${name}:${line}:${column}`;
	if (text.length > maxPolicySize) {
		return [{ place: `${name}:1:1`, found: "a file of more than 1 MiB", allowed: "a policy of at most 1 MiB" }];
	}
	const yaml = await parseLocated(text);
	if (!("data" in yaml)) return yaml.map(({ place, found, allowed }) => ({ place: at(place), found, allowed }));

	const mistakes: Mistake[] = [];
	const reject = (path: readonly (string | number)[], what: "key" | "value", found: string, allowed: string): void => {
		const mistake = { place: at(yaml.placeOf(path, what)), found, allowed };
		// Several issues can come down to one mistake.
		if (!mistakes.some(({ place, found }) => place === mistake.place && found === mistake.found))
			mistakes.push(mistake);
	};
	const outcome = v.safeParse(policySchema, yaml.data);
	if (!outcome.success) {
		for (const issue of outcome.issues.flatMap(innermost).slice(0, 50)) rejectIssue(issue, yaml, reject);
		return mistakes;
	}
	await rejectMeaningless(outcome.output, yaml, known, reject);
	if (mistakes.length > 0) return mistakes;
	return { name, source: outcome.output, lineOf: (path) => `${name}:${yaml.placeOf(path, "key").line}` };
}

type Reject = (path: readonly (string | number)[], what: "key" | "value", found: string, allowed: string) => void;
type Issue = v.BaseIssue<unknown>;

/** Of a part with two forms, a mapping was meant where one stands: its own mistakes say more than "neither form". */
function innermost(issue: Issue): readonly Issue[] {
	if (issue.type !== "union" || typeof issue.input !== "object" || issue.input === null) return [issue];
	const path = issue.path ?? [];
	const inner = (issue.issues ?? []).filter((entry) => (entry.path?.length ?? 0) > 0);
	if (inner.length === 0) return [issue];
	return inner
		.map((entry) => ({ ...entry, path: [...path, ...(entry.path ?? [])] as NonNullable<Issue["path"]> }))
		.flatMap(innermost);
}

function rejectIssue(issue: Issue, yaml: LocatedYaml, reject: Reject): void {
	const path = (issue.path ?? []).map((step) => step.key as string | number);
	const last = issue.path?.[issue.path.length - 1];
	const key = String(last?.key ?? "");
	const keys = keysAt(policySchema, path.slice(0, -1));
	// A list passes for a mapping with the keys 0, 1, …: say what it is.
	if (issue.type === "strict_object" && Array.isArray(last?.input)) {
		const list = path.slice(0, -1);
		reject(list, "value", yaml.sourceOf(list), `a mapping with ${keys.join(", ")}`);
		return;
	}
	if (issue.type === "strict_object" && issue.expected === "never") {
		const like = nearest(key, keys);
		reject(
			path,
			"key",
			`unknown key \`${key}\``,
			`${keys.join(", ")}${like === undefined ? "" : `; did you mean \`${like}\`?`}`,
		);
		return;
	}
	if (issue.type === "strict_object" && issue.received === "undefined") {
		reject(path.slice(0, -1), "value", `no \`${key}\``, `\`${key}\` is needed here`);
		return;
	}
	// A key of a mapping may itself be wrong, where keys are names.
	const what = last?.origin === "key" ? "key" : "value";
	const found = what === "key" ? `\`${key}\`` : yaml.sourceOf(path);
	reject(
		path,
		what,
		found,
		/^Invalid (?:type|value)/.test(issue.message)
			? `a mapping with ${keysAt(policySchema, path).join(", ")}`
			: issue.message,
	);
}

interface SchemaPart {
	readonly type: string;
	readonly entries?: Readonly<Record<string, SchemaPart>>;
	readonly value?: SchemaPart;
	readonly item?: SchemaPart;
	readonly wrapped?: SchemaPart;
	readonly options?: readonly SchemaPart[];
}

/** The keys that a mapping at this path may have. */
function keysAt(schema: unknown, path: readonly (string | number)[]): readonly string[] {
	let parts = [schema as SchemaPart];
	const open = (part: SchemaPart): readonly SchemaPart[] => {
		if (part.wrapped) return open(part.wrapped);
		return part.type === "union" ? (part.options ?? []).flatMap(open) : [part];
	};
	for (const step of path) {
		parts = parts.flatMap(open).flatMap((part) => part.entries?.[String(step)] ?? part.value ?? part.item ?? []);
	}
	return parts.flatMap(open).flatMap((part) => Object.keys(part.entries ?? {}));
}

/** What the form allows and still means nothing: ranges, names, days and circles. */
async function rejectMeaningless(
	policy: PolicySource,
	yaml: LocatedYaml,
	known: KnownNames,
	reject: Reject,
): Promise<void> {
	const profiles = policy.profiles ?? {};
	for (const [name, profile] of Object.entries(profiles)) {
		const path = ["profiles", name];
		for (const rangePath of rangePaths(profile)) {
			const value = rangePath.reduce<unknown>((part, step) => (part as Record<string, unknown>)[step], profile);
			if ((await parseRange(String(value))) === undefined)
				reject([...path, ...rangePath], "value", yaml.sourceOf([...path, ...rangePath]), rangesAllowed);
		}
		rejectExtends(name, profile.extends, profiles, known.profiles, (found, allowed) =>
			reject([...path, "extends"], "value", found, allowed),
		);
	}
	for (const pattern of Object.keys(policy.severity ?? {})) {
		if (!known.knowsCheck(pattern))
			reject(["severity", pattern], "key", `\`${pattern}\``, checksAllowed(pattern, known));
	}
	for (const [index, { check, until }] of (policy.accept ?? []).entries()) {
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
	// A profile may extend the built-in one of its own name; that is no circle, and what its name does anyway.
	if (parent === name && builtIn.includes(name)) return;
	const chain = [name];
	for (let next: string | undefined = parent; next !== undefined; next = profiles[next]?.extends) {
		if (next === chain[chain.length - 1] && builtIn.includes(next)) return;
		if (chain.includes(next)) {
			reject(`\`${[...chain, next].join("` extends `")}\``, "profiles that do not extend each other in a circle");
			return;
		}
		chain.push(next);
	}
}

function isDay(text: string): boolean {
	const date = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}
