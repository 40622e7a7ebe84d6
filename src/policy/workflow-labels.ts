import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { entryAt, entryOf, isNull, scalarAt, type Tree } from "../lint/read/tree.ts";
import { systemOf } from "../probes/job.ts";

type Env = Host["env"];

const maxBytes = 256 * 1024;

/** A workflow that has the job. */
interface Candidate {
	/** Every value that GITHUB_WORKFLOW can have for it. */
	readonly names: readonly string[];
	/** `undefined` if only a run knows them: `${{ matrix.label }}`. */
	readonly labels: readonly string[] | undefined;
}

/** Labels of `runs-on` of the running job, from the checked-out workflows; `undefined` if they do not tell. */
export async function labelsFromWorkflow(host: Host): Promise<readonly string[] | undefined> {
	const { GITHUB_JOB: job, GITHUB_WORKSPACE: workspace } = host.env;
	if (!job || !workspace) return undefined;
	return labelsIn(host.env, job, await unlessDead(workflowsWith(host, workspace), () => []));
}

/** Labels of `runs-on` of a job in one of these workflows; `undefined` if they do not tell. */
export async function labelsIn(
	env: Env,
	job: string,
	workflows: readonly WorkflowText[],
): Promise<readonly string[] | undefined> {
	const { GITHUB_WORKFLOW: workflow } = env;
	const mayHaveJob = keyPattern(job);
	// Parsing takes milliseconds, so only files that can hold this job are parsed.
	const texts = workflows.filter(({ text }) => mayHaveJob.test(text));
	if (texts.length === 0) return undefined;
	const { parseYaml } = await import("../more.ts");
	const candidates = texts.flatMap(({ directory, file, text }) => {
		const parsed = parseYaml(text);
		// The forge cannot run a broken one either.
		return parsed.kind === "ok" ? candidateOf(directory, file, parsed.root, job) : [];
	});
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

/** The workflows that may have the job, from the first directory that exists: the forge ignores the others. */
async function workflowsWith(host: Host, workspace: string): Promise<readonly WorkflowText[]> {
	for (const directory of workflowDirectories(host.env)) {
		const names = await host.list(`${workspace}/${directory}`);
		if (names.kind === "absent") continue;
		if (names.kind !== "ok") return [];
		const texts: WorkflowText[] = [];
		for (const file of names.value.filter((name) => /\.ya?ml$/.test(name)).sort()) {
			const text = await host.readText(`${workspace}/${directory}/${file}`, maxBytes);
			if (text.kind === "ok") texts.push({ directory, file, text: text.value });
		}
		return texts;
	}
	return [];
}

/** The directories in which the forge looks for workflows, in its order. Gitea's can be set (`WORKFLOW_DIRS`); these are the defaults. */
export function workflowDirectories(env: Env): readonly string[] {
	const gitea = [".gitea/workflows", ".github/workflows"];
	switch (systemOf(env)) {
		case "forgejo":
			return [".forgejo/workflows", ...gitea];
		case "github":
			return [".github/workflows"];
		case "act":
			// `exec` of Gitea's runner is a kind of act, too.
			return env.ACT_EXEC ? gitea : [".github/workflows"];
		default:
			return gitea;
	}
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
