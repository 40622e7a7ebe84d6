import { nearest } from "../../policy/nearest.ts";
import {
	type Entry,
	entryAt,
	entryOf,
	isNull,
	type MapTree,
	type Scalar,
	scalarAt,
	scalarsIn,
	type Tree,
} from "./tree.ts";
import type { PassedSecret, WantedLabel, WorkflowFile, WorkflowJob, WorkflowTrigger } from "./workflow-facts.ts";
import { parseYaml } from "./yaml-tree.ts";

/** A matrix with more combinations is left to the run. */
const maxWants = 256;

/** Reads a workflow: its events, and the labels that each job asks for. Never throws. */
export function readWorkflow(path: string, text: string): WorkflowFile {
	const parsed = parseYaml(text);
	if (parsed.kind === "broken") return { path, problem: parsed.problem, events: [], jobs: [] };
	const { root } = parsed;
	const jobs = entryOf(root, "jobs")?.value;
	const shared = {
		secrets: secretsIn(entryOf(root, "env")?.value),
		token: tokenOf(entryOf(root, "permissions")?.value),
	};
	const triggers = triggersOf(entryOf(root, "on"));
	return {
		path,
		events: triggers.map(({ event }) => event),
		triggers,
		jobs: jobs?.kind === "map" ? jobs.entries.map((entry) => readJob(entry.key, entry, entry.value, shared)) : [],
	};
}

function triggersOf(on: Entry | undefined): readonly WorkflowTrigger[] {
	const { value } = on ?? {};
	if (!on || !value || isNull(value)) return [];
	if (value.kind === "scalar") return [{ event: value.text, line: value.line, column: value.column }];
	if (value.kind === "list") {
		return value.items.flatMap((item) =>
			item.kind === "scalar" ? [{ event: item.text, line: item.line, column: item.column }] : [],
		);
	}
	return value.entries.map(({ key, line, column, value: settings }) => {
		const types = scalarsIn(entryOf(settings, "types")?.value).map(({ text }) => text);
		return { event: key, line, column, ...(types.length > 0 && { types }) };
	});
}

interface OfWorkflow {
	readonly secrets: readonly string[];
	readonly token: WorkflowJob["token"];
}

function readJob(
	id: string,
	{ line, column }: { line: number; column: number },
	job: Tree,
	shared: OfWorkflow,
): WorkflowJob {
	const runsOn = entryOf(job, "runs-on")?.value;
	const wants = runsOn ? wantsOf(runsOn, entryAt(job, "strategy", "matrix")?.value) : { wants: [], unknown: false };
	const { always, conditional } = secretsOfJob(job);
	const uses = scalarAt(job, "uses")?.text;
	// Variables of a workflow do not reach the workflows that it calls.
	const ofWorkflow = uses === undefined ? shared.secrets : [];
	const secrets = [...new Set([...ofWorkflow, ...always])].slice(0, 20);
	const condition = scalarAt(job, "if")?.text;
	const needs = scalarsIn(entryOf(job, "needs")?.value).map(({ text }) => text);
	const environment = scalarAt(job, "environment") ?? scalarAt(job, "environment", "name");
	const token = tokenOf(entryOf(job, "permissions")?.value) ?? shared.token;
	const without = !runsOn && uses === undefined && job.kind === "map" ? withoutRunsOn(job) : undefined;
	return {
		id,
		line,
		column,
		...wants,
		secrets,
		...(conditional.length > 0 && { conditionalSecrets: conditional }),
		...(condition !== undefined && { condition: condition.slice(0, maxCondition) }),
		...(needs.length > 0 && { needs }),
		...(uses !== undefined && { uses: uses.slice(0, 300), passes: passedSecrets(entryOf(job, "secrets")?.value) }),
		...(without && { withoutRunsOn: without }),
		...(environment && { environment: environment.text.slice(0, 100) }),
		...(token && { token }),
	};
}

/** `secrets: { NAME: "${{ secrets.X }}" }` of a job that calls a workflow. */
function passedSecrets(secrets: Tree | undefined): readonly PassedSecret[] {
	if (secrets?.kind !== "map") return [];
	return secrets.entries
		.slice(0, 50)
		.map(({ key, value }) => ({ name: key.slice(0, 100), secrets: [...new Set(secretsIn(value))].slice(0, 20) }));
}

/** One more than what is evaluated: the rest of a condition may turn it around. */
const maxCondition = 4001;

/** Keys of a job. */
const jobKeys = new Set([
	"concurrency",
	"container",
	"continue-on-error",
	"defaults",
	"env",
	"environment",
	"if",
	"name",
	"needs",
	"outputs",
	"permissions",
	"secrets",
	"services",
	"steps",
	"strategy",
	"timeout-minutes",
	"uses",
	"with",
]);

function withoutRunsOn(job: MapTree): NonNullable<WorkflowJob["withoutRunsOn"]> {
	const others = job.entries.map(({ key }) => key).filter((key) => !jobKeys.has(key));
	const meant = others.find((key) => nearest(key, ["runs-on"]) !== undefined);
	return meant === undefined ? {} : { meant: meant.slice(0, 40) };
}

/** Anything that may be written makes a token one that writes. */
function tokenOf(permissions: Tree | undefined): WorkflowJob["token"] {
	if (!permissions || isNull(permissions)) return undefined;
	if (permissions.kind === "scalar") return permissions.text === "write-all" ? "write" : "read";
	if (permissions.kind !== "map") return undefined;
	return permissions.entries.some(({ value }) => value.kind === "scalar" && value.text === "write") ? "write" : "read";
}

/** The secrets of a job, and those that only steps with a condition use. */
function secretsOfJob(job: Tree): {
	readonly always: readonly string[];
	readonly conditional: NonNullable<WorkflowJob["conditionalSecrets"]>;
} {
	if (job.kind !== "map") return { always: [], conditional: [] };
	const steps = entryOf(job, "steps")?.value;
	const rest = job.entries.filter(({ key }) => key !== "steps");
	const always = secretsIn({ ...job, entries: rest });
	if (steps?.kind !== "list") return { always: [...always, ...secretsIn(steps)], conditional: [] };
	const inSteps = steps.items.map((step) => ({ condition: scalarAt(step, "if")?.text, secrets: secretsIn(step) }));
	const conditional = inSteps.flatMap(({ condition, secrets }) =>
		condition !== undefined && secrets.length > 0
			? [{ condition: condition.slice(0, maxCondition), secrets: [...new Set(secrets)].slice(0, 20) }]
			: [],
	);
	const unconditional = inSteps.flatMap(({ condition, secrets }) => (condition === undefined ? secrets : []));
	return { always: [...always, ...unconditional], conditional: conditional.slice(0, 50) };
}

interface Wants {
	readonly wants: readonly (readonly WantedLabel[])[];
	readonly unknown: boolean;
}

function wantsOf(runsOn: Tree, matrix: Tree | undefined): Wants {
	const scalars = scalarsOf(runsOn);
	// GitHub's `runs-on: {group: …}`: no file has the members of the group.
	if (!scalars) return { wants: [], unknown: true };
	const expressions = scalars.flatMap(({ text }) =>
		[...text.matchAll(/\$\{\{\s*(.*?)\s*\}\}/g)].map((match) => match[1] ?? ""),
	);
	if (expressions.length === 0) return { wants: [scalars.map(toLabel)], unknown: false };
	const names = [...new Set(expressions.map((expression) => /^matrix\.([\w.-]+)$/.exec(expression)?.[1]))];
	if (names.includes(undefined)) return { wants: [], unknown: true };
	const rows = rowsOf(matrix, names as readonly string[]);
	if (!rows) return { wants: [], unknown: true };
	return { wants: rows.map((row) => scalars.flatMap((scalar) => filled(scalar, row))), unknown: false };
}

function scalarsOf(runsOn: Tree): readonly Scalar[] | undefined {
	if (runsOn.kind === "scalar") return isNull(runsOn) ? [] : [runsOn];
	if (runsOn.kind === "map") {
		const labels = entryOf(runsOn, "labels")?.value;
		return labels && !entryOf(runsOn, "group") ? scalarsOf(labels) : undefined;
	}
	return runsOn.items.every((item) => item.kind === "scalar") ? (runsOn.items as readonly Scalar[]) : undefined;
}

function toLabel({ text, line, column }: Scalar): WantedLabel {
	return { text: text.slice(0, 200), line, column };
}

/** Name -> value of a matrix: one label, or several if it is a list. */
type Row = ReadonlyMap<string, readonly Scalar[]>;

/** The values that a matrix gives to some names; `undefined`: only a run knows them. */
function rowsOf(matrix: Tree | undefined, names: readonly string[]): readonly Row[] | undefined {
	if (matrix?.kind !== "map") return undefined;
	const include = entryOf(matrix, "include")?.value;
	if (include && include.kind !== "list") return undefined;
	const exclude = entryOf(matrix, "exclude")?.value;
	if (exclude && exclude.kind !== "list") return undefined;
	if (exclude && hasExpression(exclude)) return undefined;
	const excluded = (exclude?.items ?? []).filter((item): item is MapTree => item.kind === "map");
	const keys = new Set([...names.map(rootOf), ...excluded.flatMap(({ entries }) => entries.map(({ key }) => key))]);
	if (keys.size > maxWants) return undefined;
	let combinations: ReadonlyMap<string, Tree>[] = [new Map()];
	for (const key of keys) {
		const values = entryOf(matrix, key)?.value;
		if (!values) continue;
		if (values.kind !== "list") return undefined;
		if (combinations.length * values.items.length > maxWants) return undefined;
		combinations = combinations.flatMap((one) => values.items.map((item) => new Map([...one, [key, item]])));
	}
	const rows = combinations
		.filter((one) => !excluded.some((out) => isExcluded(one, out)))
		.flatMap((one): Row[] => {
			const inMatrix = names.filter((name) => one.has(rootOf(name)));
			const found = inMatrix.map((name) => [name, labelsAt(one.get(rootOf(name)), name.split(".").slice(1))] as const);
			return found.some(([, value]) => !value)
				? []
				: [new Map(found as readonly (readonly [string, readonly Scalar[]])[])];
		});
	const added = (include?.items ?? []).flatMap((item) => {
		const found = names.map((name) => [name, labelsAt(item, name.split("."))] as const);
		return found.some(([, value]) => value)
			? [new Map(found.flatMap(([name, value]) => (value ? [[name, value] as const] : [])))]
			: [];
	});
	const complete = [...rows, ...added].filter((row) => names.every((name) => row.has(name)));
	const isDynamic = complete.some((row) => [...row.values()].flat().some(({ text }) => text.includes("${{")));
	return complete.length === 0 || complete.length > maxWants || isDynamic ? undefined : complete;
}

/** `target.os` -> `target` */
function rootOf(name: string): string {
	return name.split(".")[0] ?? "";
}

/** Has the combination everything that an entry of `exclude` names? */
function isExcluded(combination: ReadonlyMap<string, Tree>, { entries }: MapTree): boolean {
	return entries.length > 0 && entries.every(({ key, value }) => isSame(value, combination.get(key)));
}

/** The same value, wherever it is. It ends at the first difference: a hostile file has large values compared many times. */
function isSame(one: Tree, other: Tree | undefined): boolean {
	switch (one.kind) {
		case "scalar":
			return other?.kind === "scalar" && one.text === other.text;
		case "list":
			return (
				other?.kind === "list" &&
				one.items.length === other.items.length &&
				one.items.every((item, at) => isSame(item, other.items[at]))
			);
		case "map":
			return (
				other?.kind === "map" &&
				one.entries.length === other.entries.length &&
				one.entries.every(
					({ key, value }, at) => key === other.entries[at]?.key && isSame(value, other.entries[at].value),
				)
			);
	}
}

/** Is a part of the value known only to a run? */
function hasExpression(tree: Tree): boolean {
	if (tree.kind === "scalar") return tree.text.includes("${{");
	return tree.kind === "list" ? tree.items.some(hasExpression) : tree.entries.some(({ value }) => hasExpression(value));
}

function labelsAt(tree: Tree | undefined, path: readonly string[]): readonly Scalar[] | undefined {
	const value = path.length === 0 ? tree : entryAt(tree, ...path)?.value;
	return value ? scalarsOf(value) : undefined;
}

/** A label with the values of a row. Its place is that of the value, which has to be changed. */
function filled(scalar: Scalar, row: Row): readonly WantedLabel[] {
	const whole = /^\$\{\{\s*matrix\.([\w.-]+)\s*\}\}$/.exec(scalar.text.trim())?.[1];
	if (whole !== undefined) return (row.get(whole) ?? []).map(toLabel);
	const text = scalar.text.replace(
		/\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g,
		(_, name: string) => row.get(name)?.[0]?.text ?? "",
	);
	return [{ ...toLabel(scalar), text: text.slice(0, 200) }];
}

/** The names of secrets below a node; `inherit` passes on all secrets. */
function secretsIn(tree: Tree | undefined): readonly string[] {
	if (!tree) return [];
	switch (tree.kind) {
		case "map":
			return tree.entries.flatMap((entry) =>
				entry.key === "secrets" && entry.value.kind === "scalar" && entry.value.text === "inherit"
					? ["inherit"]
					: secretsIn(entry.value),
			);
		case "list":
			return tree.items.flatMap(secretsIn);
		case "scalar":
			return secretsNamed(tree.text);
	}
}

/** `secrets.X`, `secrets['X']`, and everything at once: `toJSON(secrets)`, `secrets[…]` with a name that only a run knows. */
function secretsNamed(text: string): readonly string[] {
	const named = [...text.matchAll(/(?<![\w.-])secrets(?:\.([A-Za-z_]\w*)|\[\s*'([^']*)'\s*\])/g)].map(
		(match) => match[1] ?? match[2] ?? "",
	);
	const isAll = /\btojson\(\s*secrets\s*\)|\bsecrets\.\*|\bsecrets\[\s*[^'\s]/i.test(text);
	return [...named.filter((name) => !/^(?:GITHUB|GITEA|FORGEJO)_TOKEN$/i.test(name)), ...(isAll ? ["inherit"] : [])];
}
