import { entryAt, entryOf, isNull, type Scalar, type Tree } from "./tree.ts";
import type { WantedLabel, WorkflowFile, WorkflowJob } from "./workflow-facts.ts";
import { parseYaml } from "./yaml-tree.ts";

/** A matrix with more combinations is left to the run. */
const maxWants = 256;

/** Reads a workflow: its events, and the labels that each job asks for. Never throws. */
export function readWorkflow(path: string, text: string): WorkflowFile {
	const parsed = parseYaml(text);
	if (parsed.kind === "broken") return { path, problem: parsed.problem, events: [], jobs: [] };
	const { root } = parsed;
	const jobs = entryOf(root, "jobs")?.value;
	const shared = secretsIn(entryOf(root, "env")?.value);
	return {
		path,
		events: eventsOf(entryOf(root, "on")?.value),
		jobs: jobs?.kind === "map" ? jobs.entries.map((entry) => readJob(entry.key, entry, entry.value, shared)) : [],
	};
}

function eventsOf(on: Tree | undefined): readonly string[] {
	if (on?.kind === "map") return on.entries.map(({ key }) => key);
	if (on?.kind === "list") return on.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : []));
	return on && !isNull(on) ? [on.text] : [];
}

function readJob(
	id: string,
	{ line, column }: { line: number; column: number },
	job: Tree,
	shared: readonly string[],
): WorkflowJob {
	const runsOn = entryOf(job, "runs-on")?.value;
	const wants = runsOn ? wantsOf(runsOn, entryAt(job, "strategy", "matrix")?.value) : { wants: [], unknown: false };
	return { id, line, column, ...wants, secrets: [...new Set([...shared, ...secretsIn(job)])].slice(0, 20) };
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
	let rows: Row[] = [new Map()];
	for (const name of names) {
		const [first = "", ...rest] = name.split(".");
		const values = entryOf(matrix, first)?.value;
		if (!values) continue;
		if (values.kind !== "list") return undefined;
		const texts = values.items.map((item) => labelsAt(item, rest));
		rows = rows.flatMap((row) => texts.flatMap((text) => (text ? [new Map([...row, [name, text]])] : [])));
		if (rows.length > maxWants) return undefined;
	}
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

function labelsAt(tree: Tree, path: readonly string[]): readonly Scalar[] | undefined {
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
			return [...tree.text.matchAll(/\bsecrets\.([A-Za-z_]\w*)/g)]
				.map((match) => match[1] ?? "")
				.filter((name) => !/^(?:GITHUB|GITEA|FORGEJO)_TOKEN$/.test(name));
	}
}
