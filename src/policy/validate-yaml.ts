import * as v from "valibot";
import type { Mistake } from "../mistake.ts";
import { own } from "../own.ts";
import { type LocatedYaml, type Place, parseLocated, type YamlMistake } from "./located-yaml.ts";
import { nearest } from "./nearest.ts";

/** YAML that a schema has looked at, and a way to reject what the schema cannot express. */
export interface CheckedYaml<T> {
	/** What the schema accepts. If it rejected parts, the rest without them; `undefined` if nothing is left to judge. */
	readonly accepted: T | undefined;
	readonly yaml: LocatedYaml;
	readonly reject: Reject;
	/** Everything that was rejected, in the order of lines. */
	mistakes(): readonly Mistake[];
}

/** More than anyone reads at once; a file of a megabyte can hold tens of thousands. */
export const maxMistakes = 50;

/**
 * Reads YAML by a schema, whose messages say what is allowed at each place.
 * @param at Names a place: `policy.yml:3:5`.
 * @param required Keys that the schema needs at the top, with valid values: without them, the rest could not be judged.
 * @returns its data, or every problem in its syntax.
 */
export function validateYaml<const S extends v.GenericSchema>(
	text: string,
	schema: S,
	at: (place: Place) => string,
	required: Readonly<Record<string, unknown>> = {},
): CheckedYaml<v.InferOutput<S>> | readonly Mistake[] {
	const yaml = parseLocated(text);
	if (!("data" in yaml))
		return yaml.map(({ place, found, allowed }: YamlMistake) => ({ place: at(place), found, allowed }));

	const rejected: YamlMistake[] = [];
	const reject: Reject = (path, what, found, allowed) => {
		if (rejected.length >= maxMistakes) return;
		const place = yaml.placeOf(path, what);
		// Several issues can be one problem.
		const isKnown = rejected.some((one) => at(one.place) === at(place) && one.found === found);
		if (!isKnown) rejected.push({ place, found, allowed });
	};
	const mistakes = (): readonly Mistake[] =>
		[...rejected]
			.sort((a, b) => a.place.line - b.place.line || a.place.column - b.place.column)
			.map(({ place, found, allowed }) => ({ place: at(place), found, allowed }));

	const unheard = unheardKeys(yaml.data, []);
	for (const path of unheard.slice(0, maxMistakes)) reject(path, "key", `\`${path[path.length - 1]}\``, "another name");
	const lists = listsForMappings(yaml.data, schema as unknown as SchemaPart, []);
	for (const { path, allowed } of lists.slice(0, maxMistakes)) reject(path, "value", yaml.sourceOf(path), allowed);
	const told = [...unheard, ...lists.map(({ path }) => path)];
	const outcome = v.safeParse(schema, yaml.data);
	if (outcome.success) return { accepted: outcome.output, yaml, reject, mistakes };
	const issues = outcome.issues.flatMap(innermost);
	const untold = issues.filter((issue) => !told.some((path) => isBelow(issue, path)));
	for (const issue of untold.slice(0, 50)) rejectIssue(issue, schema, yaml, reject);
	const rest = v.safeParse(schema, without(yaml.data, issues, required));
	return { accepted: rest.success ? rest.output : undefined, yaml, reject, mistakes };
}

/** The data without the parts that were rejected. An entry of a list takes its whole list with it. */
function without(data: unknown, issues: readonly Issue[], required: Readonly<Record<string, unknown>>): unknown {
	const rest: unknown = JSON.parse(JSON.stringify(data ?? null)); // structuredClone needs Node 17
	for (const issue of issues) {
		const path = (issue.path ?? []).map((step) => String(step.key));
		const isMissing = issue.type === "strict_object" && issue.received === "undefined";
		remove(rest, isMissing ? path.slice(0, -1) : path);
	}
	return typeof rest === "object" && rest !== null ? { ...rest, ...required } : rest;
}

function remove(data: unknown, path: readonly string[]): void {
	const [step, ...more] = path;
	if (step === undefined || typeof data !== "object" || data === null) return;
	const record = data as Record<string, unknown>;
	const value = own(record, step);
	if (more.length === 0 || Array.isArray(value)) delete record[step];
	else remove(value, more);
}

/** Reports a problem at the key or the value of a path. */
export type Reject = (
	path: readonly (string | number)[],
	what: "key" | "value",
	found: string,
	allowed: string,
) => void;
type Issue = v.BaseIssue<unknown>;

/** If a part has two forms and the file has a mapping, the problems inside the mapping say more than "neither form". */
function innermost(issue: Issue): readonly Issue[] {
	if (issue.type !== "union" || typeof issue.input !== "object" || issue.input === null) return [issue];
	const path = issue.path ?? [];
	const inner = (issue.issues ?? []).filter((entry) => (entry.path?.length ?? 0) > 0);
	if (inner.length === 0) return [issue];
	return inner
		.map((entry) => ({ ...entry, path: [...path, ...(entry.path ?? [])] as NonNullable<Issue["path"]> }))
		.flatMap(innermost);
}

/** Is the issue at this path or below it? */
function isBelow(issue: Issue, path: readonly (string | number)[]): boolean {
	return path.every((step, index) => String(issue.path?.[index]?.key) === String(step));
}

/** Keys that the library silently drops because every object has them. */
const unheardNames = ["__proto__", "constructor", "prototype"];

function unheardKeys(data: unknown, path: readonly (string | number)[]): readonly (readonly (string | number)[])[] {
	if (typeof data !== "object" || data === null) return [];
	return Object.entries(data).flatMap(([key, value]) => {
		const inner = [...path, Array.isArray(data) ? Number(key) : key];
		return unheardNames.includes(key) ? [inner] : unheardKeys(value, inner);
	});
}

interface WrongList {
	readonly path: readonly (string | number)[];
	readonly allowed: string;
}

/** The library takes a list for a mapping with the keys 0, 1, …, and an empty list for an empty mapping. */
function listsForMappings(data: unknown, part: SchemaPart, path: WrongList["path"]): readonly WrongList[] {
	if (typeof data !== "object" || data === null) return [];
	const forms = open(part);
	if (Array.isArray(data) && !forms.some(({ type }) => type === "array")) {
		const mapping = forms.find(({ type }) => type === "record" || type === "strict_object");
		if (!mapping) return []; // A single value was wanted: the schema itself says so.
		const keys = Object.keys(mapping.entries ?? {});
		const allowed = keys.length > 0 ? `a mapping with ${keys.join(", ")}` : String(mapping.message);
		return [{ path, allowed }];
	}
	return Object.entries(data).flatMap(([key, value]) => {
		const inner = forms.flatMap(({ entries, value, item }) => own(entries ?? {}, key) ?? value ?? item ?? [])[0];
		return inner ? listsForMappings(value, inner, [...path, Array.isArray(data) ? Number(key) : key]) : [];
	});
}

/** The forms that a part can have, without wrappers. */
function open(part: SchemaPart): readonly SchemaPart[] {
	if (part.wrapped) return open(part.wrapped);
	return part.type === "union" ? (part.options ?? []).flatMap(open) : [part];
}

function rejectIssue(issue: Issue, schema: unknown, yaml: LocatedYaml, reject: Reject): void {
	const path = (issue.path ?? []).map((step) => step.key as string | number);
	const last = issue.path?.[issue.path.length - 1];
	const key = String(last?.key ?? "");
	const keys = keysAt(schema, path.slice(0, -1));
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
	// If keys are names, a key itself may be wrong.
	const what = last?.origin === "key" ? "key" : "value";
	const found = what === "key" ? `\`${key}\`` : yaml.sourceOf(path);
	reject(
		path,
		what,
		found,
		/^Invalid (?:type|value)/.test(issue.message) ? `a mapping with ${keysAt(schema, path).join(", ")}` : issue.message,
	);
}

interface SchemaPart {
	readonly type: string;
	readonly entries?: Readonly<Record<string, SchemaPart>>;
	readonly value?: SchemaPart;
	readonly item?: SchemaPart;
	readonly wrapped?: SchemaPart;
	readonly options?: readonly SchemaPart[];
	/** What is allowed there. */
	readonly message?: unknown;
}

/** The keys that a mapping at this path may have. */
function keysAt(schema: unknown, path: readonly (string | number)[]): readonly string[] {
	let parts = [schema as SchemaPart];
	for (const step of path) {
		parts = parts
			.flatMap(open)
			.flatMap((part) => own(part.entries ?? {}, String(step)) ?? part.value ?? part.item ?? []);
	}
	return parts.flatMap(open).flatMap((part) => Object.keys(part.entries ?? {}));
}
