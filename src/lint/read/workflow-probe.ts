import { errnoText } from "../../errno-text.ts";
import type { Host, InsideOutcome } from "../../host/host.ts";
import { readPerhapsInside } from "../../host/workspace.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Request } from "../../request.ts";
import { globMatches } from "../glob.ts";
import { askForge } from "./forge-runners.ts";
import type { WorkflowFacts } from "./workflow-facts.ts";

const maxFiles = 200;
const maxBytes = 1024 * 1024;

const nothing: WorkflowFacts = { files: [] };

/** The workflow files that the request names, and the forge's runners if a token can list them. */
export const workflowsProbe: Probe<WorkflowFacts> = {
	name: "workflows",
	unnamed: nothing,
	async collect(host: Host, request: Request, signal: AbortSignal): Promise<WorkflowFacts> {
		if (request.workflows.length === 0) return nothing;
		const { readWorkflow } = await import("../../more.ts");
		const paths = await expand(host, request);
		const [forge, files] = await Promise.all([
			request.token === undefined ? undefined : askForge(host, request.token, signal),
			Promise.all(
				paths.map(async (path) => {
					const text = await readPerhapsInside(
						host,
						request.workspace,
						absolutePath(request.workspace, path),
						maxBytes,
					);
					if (text.kind === "ok") return readWorkflow(path, text.value);
					const message = messageOf(text);
					return { path, problem: { line: 1, column: 1, message }, events: [], jobs: [] };
				}),
			),
		]);
		return { files, ...(forge && { forge }) };
	},
};

function messageOf(text: Exclude<InsideOutcome, { kind: "ok" }>): string {
	if (text.kind === "absent") return "the file does not exist";
	if (text.kind === "refused") return "it leads out of the workspace or is not a regular file, and was not read";
	return `${errnoText(text.code)} (${text.code})`;
}

function absolutePath(workspace: string, path: string): string {
	return path.startsWith("/") ? path : `${workspace}/${path}`;
}

/** Paths as they are, and the files that globs match: up to two directories below the last one without a wildcard. */
async function expand(host: Host, { workspace, workflows }: Request): Promise<readonly string[]> {
	const found = await Promise.all(
		workflows.map(async (pattern) => {
			if (!/[*?[{]/.test(pattern)) return [pattern];
			const fixed = pattern.slice(0, pattern.search(/[*?[{]/));
			const folder = fixed.slice(0, Math.max(0, fixed.lastIndexOf("/")));
			const paths = await listBelow(host, workspace, folder, 2);
			return paths.filter((path) => /\.ya?ml$/.test(path) && globMatches(pattern, path, true));
		}),
	);
	return [...new Set(found.flat())].sort().slice(0, maxFiles);
}

async function listBelow(host: Host, workspace: string, folder: string, depth: number): Promise<readonly string[]> {
	const names = await host.list(folder === "" ? workspace : absolutePath(workspace, folder));
	if (names.kind !== "ok") return [];
	const paths = names.value.slice(0, 1000).map((name) => (folder === "" ? name : `${folder}/${name}`));
	const below = depth === 0 ? [] : paths.filter((path) => !/\.\w+$/.test(path));
	const deeper = await Promise.all(below.map((path) => listBelow(host, workspace, path, depth - 1)));
	return [...paths, ...deeper.flat()];
}
