import { type KnownRunner, unservedJobs } from "../checks/workflow/runs-on.ts";
import type { Host } from "../host/host.ts";
import { readWorkflow } from "../lint/read/workflow.ts";
import type { WantedLabel, WorkflowFile } from "../lint/read/workflow-facts.ts";
import { maxYamlSize } from "../lint/read/yaml-tree.ts";
import { workflowDirectories } from "../policy/workflow-directories.ts";
import { nextTurn } from "../probes/deadline.ts";
import type { Unserved } from "./fleet.ts";

const maxFiles = 200;

/** The workflows of a checkout, from the first directory that the forge would read. */
export async function workflowsIn(
	host: Host,
	workspace: string,
	signal: AbortSignal,
): Promise<readonly WorkflowFile[]> {
	for (const directory of workflowDirectories(host.env)) {
		const names = await host.list(`${workspace}/${directory}`);
		if (names.kind !== "ok") continue;
		const files: WorkflowFile[] = [];
		const wanted = [...names.value].sort().filter((name) => /\.ya?ml$/.test(name));
		for (const name of wanted.slice(0, maxFiles)) {
			await nextTurn();
			if (signal.aborted) return files;
			const path = `${directory}/${name}`;
			const text = await host.readInside(workspace, `${workspace}/${path}`, maxYamlSize + 1);
			if (text.kind === "ok") files.push(readWorkflow(path, text.value));
		}
		return files;
	}
	return [];
}

/**
 * Labels in workflows that none of these runners has.
 * @param isJudged Is it known who serves this label? The rest is left out.
 */
export function unservedIn(
	files: readonly WorkflowFile[],
	runners: readonly KnownRunner[],
	isJudged: (label: string) => boolean,
): readonly Unserved[] {
	if (runners.length === 0) return [];
	const labels = new Map<string, WantedLabel>();
	for (const { path, jobs } of files)
		for (const label of jobs.flatMap(({ wants }) => wants.flat())) labels.set(placeOf(path, label), label);
	return unservedJobs(files, runners).flatMap(({ location }): Unserved[] => {
		const { file = "", line = 0, column = 0 } = location ?? {};
		const label = labels.get(placeOf(file, { line, column }));
		return label && isJudged(label.text) ? [{ label: label.text, file, line }] : [];
	});
}

function placeOf(file: string, { line, column }: { readonly line: number; readonly column: number }): string {
	return `${file}:${line}:${column}`;
}

/** The sets of labels that the jobs of one workflow ask for, as far as the file itself tells. */
export async function readMatrix(
	host: Host,
	workspace: string,
	directories: readonly string[],
	workflow: string,
): Promise<readonly (readonly string[])[]> {
	for (const directory of directories) {
		const path = `${directory}/${workflow}`;
		const text = await host.readInside(workspace, `${workspace}/${path}`, maxYamlSize + 1);
		if (text.kind !== "ok") continue;
		const wants = readWorkflow(path, text.value).jobs.flatMap((job) => job.wants);
		return wants.map((want) => want.map((label) => label.text));
	}
	return [];
}
