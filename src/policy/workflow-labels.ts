import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { entryAt, entryOf, isNull, scalarAt, type Tree } from "../lint/read/tree.ts";
import { nextTurn } from "../probes/deadline.ts";
import { workflowDirectories } from "./workflow-directories.ts";

type Env = Host["env"];

/** Parsing takes up to a second for as much, and nothing can interrupt it. */
const maxBytes = 256 * 1024;

/** A workflow that has the job. */
interface Candidate {
	/** Every value that GITHUB_WORKFLOW can have for it. */
	readonly names: readonly string[];
	/** `undefined` if only a run knows them: `${{ matrix.label }}`. */
	readonly labels: readonly string[] | undefined;
}

/**
 * Labels of `runs-on` of the running job, from the checked-out workflows; `undefined` if they do not tell.
 * @param signal Ends it: a workflow that was not read may be the one.
 */
export async function labelsFromWorkflow(host: Host, signal: AbortSignal): Promise<readonly string[] | undefined> {
	const { GITHUB_JOB: job, GITHUB_WORKSPACE: workspace } = host.env;
	if (!job || !workspace) return undefined;
	const reading = workflowsWith(host, workspace, job, signal);
	const workflows = await unlessDead(reading, () => undefined);
	return workflows && labelsIn(host.env, job, workflows, signal);
}

/** Labels of `runs-on` of a job in one of these workflows; `undefined` if they do not tell, or not before `signal`. */
export async function labelsIn(
	env: Env,
	job: string,
	workflows: readonly WorkflowText[],
	signal: AbortSignal,
): Promise<readonly string[] | undefined> {
	const { GITHUB_WORKFLOW: workflow } = env;
	const mayHaveJob = keyPattern(job);
	// Parsing takes milliseconds, so only files that can hold this job are parsed.
	const texts = workflows.filter(({ text }) => mayHaveJob.test(text));
	if (texts.length === 0) return undefined;
	const { parseYaml } = await import("../more.ts");
	const candidates: Candidate[] = [];
	for (const { directory, file, text } of texts) {
		await nextTurn();
		if (signal.aborted || text.length > maxBytes) return undefined;
		const parsed = parseYaml(text);
		// The forge cannot run a broken one either.
		if (parsed.kind === "ok") candidates.push(...candidateOf(directory, file, parsed.root, job));
	}
	// GITHUB_WORKFLOW is the workflow's name or its file: it decides between jobs of the same id.
	const named = candidates.filter(({ names }) => workflow !== undefined && names.includes(workflow));
	const chosen = named.length > 0 ? named : candidates;
	return chosen.length === 1 ? chosen[0]?.labels : undefined;
}

/** A workflow file. */
export interface WorkflowText {
	/** `.gitea/workflows` */
	readonly directory: string;
	readonly file: string;
	readonly text: string;
}

/**
 * The workflows that may have the job, from the first directory that exists: the forge ignores the others.
 * @returns `undefined` if one could not be read before `signal` or is too long: it may be the one.
 */
async function workflowsWith(
	host: Host,
	workspace: string,
	job: string,
	signal: AbortSignal,
): Promise<readonly WorkflowText[] | undefined> {
	const mayHaveJob = keyPattern(job);
	for (const directory of workflowDirectories(host.env)) {
		const names = await host.list(`${workspace}/${directory}`);
		if (names.kind === "absent") continue;
		if (names.kind !== "ok") return [];
		const texts: WorkflowText[] = [];
		for (const file of names.value.filter((name) => /\.ya?ml$/.test(name)).sort()) {
			if (signal.aborted) return undefined;
			const text = await host.readInside(workspace, `${workspace}/${directory}/${file}`, maxBytes + 1);
			// Kept only if it can be the one: there may be any number of others.
			if (text.kind !== "ok" || !mayHaveJob.test(text.value)) continue;
			if (text.value.length > maxBytes) return undefined;
			texts.push({ directory, file, text: text.value });
		}
		return texts;
	}
	return [];
}

/** A job's key as YAML lets it be written: `build:`, `"build":`, `build :`, `? build` with the colon in the next line. */
function keyPattern(job: string): RegExp {
	return new RegExp(`${job.replace(/[^\w-]/g, "\\$&")}["']?\\s{0,80}:`);
}

function candidateOf(directory: string, file: string, workflow: Tree | undefined, job: string): readonly Candidate[] {
	const runsOn = entryAt(workflow, "jobs", job, "runs-on")?.value;
	// A job that calls another workflow runs nowhere itself: the called one says where.
	if (runsOn === undefined) return [];
	const name = scalarAt(workflow, "name")?.text ?? "";
	return [{ names: [file, `${directory}/${file}`, name], labels: labelsOf(runsOn) }];
}

/** A label, a list of them, or GitHub's `{ group, labels }`. */
function labelsOf(runsOn: Tree): readonly string[] | undefined {
	const wanted = entryOf(runsOn, "labels")?.value ?? runsOn;
	const labels = (wanted.kind === "list" ? wanted.items : [wanted]).flatMap((label) =>
		label.kind === "scalar" && !isNull(label) ? [label.text] : [],
	);
	return labels.length === 0 || labels.some((label) => label.includes("${{")) ? undefined : labels;
}
