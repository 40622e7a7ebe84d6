import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Remedy } from "../../src/checks/check.ts";
import { judgeAll } from "../../src/engine.ts";
import type { Answer, Facts } from "../../src/probes/probe.ts";
import type { Result } from "../../src/report/report.ts";
import { type Case, casesIn, checksOf, type Known, known } from "./cases.ts";
import { isLintCase, type LintCase, lintCase, readLintCase } from "./lint-cases.ts";

/** A fix that the product prints, and where it comes from. */
export interface PrintedFix extends Omit<Remedy, "otherwise"> {
	/** `docker/socket:missing (docker/socket/missing--on-the-host)` */
	readonly of: string;
}

const root = fileURLToPath(new URL("../cases", import.meta.url));
const all = casesIn(root);
const factCases = all.filter(({ name }) => !isLintCase(join(root, name)));
const lintCases = all.filter(({ name }) => isLintCase(join(root, name)));

/** Values that break what does not quote them. None of them does harm if a shell reads it. */
export const hostile = [
	"a b'c\"d$(printf X)`printf Y`\\e *?[a-z]~{x,y}!$HOME;:&|<>()#=%sü — 名",
	"-rf --frob",
	"line\nbreak\ttab\u0007",
];

/** The first remedy and its second way. */
function fixesOf({ id, reason, remedy }: Result, from: string): readonly PrintedFix[] {
	if (!remedy) return [];
	const { otherwise, ...first } = remedy as Remedy;
	const of = `${id}:${reason} (${from})`;
	// The second way has to say itself what it does.
	return [{ ...first, of }, ...(otherwise ? [{ ...otherwise, of: `${of}, otherwise` }] : [])];
}

/** What each case prints, also with every kind of runner in place of its own, and in a container or on a host. */
export async function fixesOfCases(): Promise<readonly PrintedFix[]> {
	const fixes: PrintedFix[] = [];
	for (const one of factCases) {
		const base = await known(one);
		for (const [where, facts] of [["as it is", base.facts] as const, ...elsewhere(base.facts)]) {
			fixes.push(...judged(one, { ...base, facts }, where));
		}
	}
	return fixes;
}

/** Its check alone: what it waits for is well. */
function judged({ id, name }: Case, { facts, policy, started }: Known, where: string): readonly PrintedFix[] {
	const check = checksOf(policy).find((one) => one.id === id);
	return check ? judgeAll([check], facts, policy, { started }).flatMap((one) => fixesOf(one, `${name}, ${where}`)) : [];
}

const systems = ["gitea", "forgejo", "github", "act", "none"] as const;
const modes = [
	{ mode: "container", insideContainer: undefined },
	{ mode: "host", insideContainer: undefined },
	{ mode: "host", insideContainer: "/.dockerenv" },
] as const;

/** The same facts on other runners. */
function elsewhere(facts: Facts): readonly (readonly [string, Facts])[] {
	return systems.flatMap((system) =>
		modes.map((place) => {
			const job = changed(facts.job, { system });
			const container = changed(facts.container, place);
			const tools = Object.entries(facts)
				.filter(([name]) => name.startsWith("tool:") || name === "rust")
				.map(([name, fact]) => [name, changed(fact, { mode: place.mode })]);
			const where = `${system}, ${place.mode}${place.insideContainer ? " in a container" : ""}`;
			return [where, { ...facts, job, container, ...Object.fromEntries(tools) } as Facts] as const;
		}),
	);
}

function changed(fact: Answer<unknown> | undefined, fields: object): Answer<unknown> | undefined {
	return fact?.ok ? { ...fact, value: { ...(fact.value as object), ...fields } } : fact;
}

/** What each case prints if one of its values, wherever it comes from, is hostile. */
export async function hostileFixesOfCases(): Promise<readonly PrintedFix[]> {
	const fixes: PrintedFix[] = [];
	for (const one of factCases) {
		const base = await known(one);
		const seen = new Set<string>();
		const check = checksOf(base.policy).find(({ id }) => id === one.id);
		const needed = Object.values(check?.needs ?? {}).map(({ name }) => name);
		const facts = Object.fromEntries(Object.entries(base.facts).filter(([name]) => needed.includes(name)));
		for (const { text, replace } of strings({ facts, policy: base.policy })) {
			for (const value of variantsOf(text, one.id)) {
				const other = { ...base, ...(replace(value) as Pick<Known, "facts" | "policy">) };
				for (const fix of judged(one, other, `with ${JSON.stringify(value)}`)) {
					const key = JSON.stringify([fix.commands, fix.config]);
					if (!seen.has(key)) fixes.push(fix);
					seen.add(key);
				}
			}
		}
	}
	return fixes;
}

/** Directories that no fix may change, as a path that is looked at may be one of them. */
const systemDirectories = ["/", "/etc/", "/opt", "/var/tmp", "/var/lib/docker", "/srv/../usr", "/home", "/dev"];

/** Their paths are those of regular files: the probe has read them, or looked at their kind. */
const looksAtFiles = /^(?:docker\/(?:cli|plugins)|runner\/secrets|tool\/.*|registry\/.*)$/;

/** The value alone, and as a part of a path or a word, so that it still gets through where its form is checked. */
function variantsOf(text: string, id: string): readonly string[] {
	if (!text.startsWith("/")) return hostile.flatMap((value) => [value, `${text}${value}`]);
	return [
		...hostile.flatMap((value) => [`${text}${value}`, `/srv/x/${value}`]),
		...(looksAtFiles.test(id) ? [] : systemDirectories),
	];
}

interface Place {
	readonly text: string;
	/** The whole data with another text in this place. */
	readonly replace: (text: string) => unknown;
}

/** Names of variables, which are looked for by name. */
const ours = /^(?:(?:https?|all|no)_proxy|[A-Z]+(?:_[A-Z]+)+)$/i;

/** Every text in the data, except for those that say which of several forms the data has. */
function strings(data: unknown): readonly Place[] {
	if (typeof data === "string") return ours.test(data) ? [] : [{ text: data, replace: (text) => text }];
	if (Array.isArray(data)) {
		return data.slice(0, 3).flatMap((item, at) =>
			strings(item).map(({ text, replace }) => ({
				text,
				replace: (value) => data.map((other, index) => (index === at ? replace(value) : other)),
			})),
		);
	}
	if (typeof data !== "object" || data === null) return [];
	return Object.entries(data)
		.filter(([key]) => !["kind", "mode", "system", "form", "state", "operator", "sources", "command"].includes(key))
		.flatMap(([key, item]) =>
			strings(item).map(({ text, replace }) => ({ text, replace: (value) => ({ ...data, [key]: replace(value) }) })),
		);
}

/** What the lint prints about its cases. @param change Other names or content for the files of a case. */
export async function fixesOfLint(change: (one: LintCase) => LintCase = (one) => one): Promise<readonly PrintedFix[]> {
	const fixes = lintCases.map(async ({ name }) => {
		const { results } = await lintCase(change(readLintCase(join(root, name))));
		return results.flatMap((result) => fixesOf(result, name));
	});
	return (await Promise.all(fixes)).flat();
}

/** The same files in a directory with this name. */
export function movedTo(directory: string): (one: LintCase) => LintCase {
	const path = (name: string) => `${directory}/${name}`;
	const moved = <T>(record: Readonly<Record<string, T>> = {}) =>
		Object.fromEntries(Object.entries(record).map(([name, value]) => [path(name), value]));
	return (one) => ({
		...one,
		texts: moved(one.texts),
		modes: moved(one.modes),
		unreadable: (one.unreadable ?? []).map(path),
		...(one.files && { files: one.files.map(path) }),
	});
}

/** The same files with a hostile text in each value of YAML that is not the name of a key. */
export function withValues(value: string): (one: LintCase) => LintCase {
	const quoted = value
		.replace(/[\\"]/g, "\\$&")
		.replace(/\n/g, "\\n")
		.replace(/\t/g, "\\t")
		.replace(/\u0007/g, "\\a");
	return (one) => ({
		...one,
		texts: Object.fromEntries(
			Object.entries(one.texts).map(([name, text]) => [
				name,
				text.replace(
					/^(\s*(?:- |[\w-]+: ))["']?([\w/@:.-][^"'\n#]*?)["']?$/gm,
					`$1"$2${quoted.split("$").join("$$$$")}"`,
				),
			]),
		),
	});
}
