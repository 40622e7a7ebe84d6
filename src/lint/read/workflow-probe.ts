import { errnoText } from "../../errno-text.ts";
import type { Host, InsideOutcome } from "../../host/host.ts";
import { readPerhapsInside } from "../../host/workspace.ts";
import { nextTurn } from "../../probes/deadline.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Request } from "../../request.ts";
import { pathMatcher } from "../glob.ts";
import { askForge } from "./forge-runners.ts";
import { readWorkflow } from "./workflow.ts";
import type { WorkflowFacts, WorkflowFile } from "./workflow-facts.ts";
import { maxYamlSize } from "./yaml-tree.ts";

/** Files that are read, and names that are looked at for each glob. */
const maxFiles = 200;
const maxNames = 50_000;

const nothing: WorkflowFacts = { files: [] };

/** The workflow files that the request names, and the forge's runners if a token can list them. */
export const workflowsProbe: Probe<WorkflowFacts> = {
	name: "workflows",
	unnamed: nothing,
	async collect(host: Host, request: Request, signal: AbortSignal): Promise<WorkflowFacts> {
		if (request.workflows.length === 0) return nothing;
		const [forge, files] = await Promise.all([
			request.token === undefined ? undefined : askForge(host, request.token, signal),
			readAll(host, request, signal),
		]);
		return { files, ...(forge && { forge }) };
	},
};

function messageOf(text: Exclude<InsideOutcome, { kind: "ok" }>): string {
	if (text.kind === "absent") return "the file does not exist";
	if (text.kind === "refused") return "it leads out of the workspace or is not a regular file, and was not read";
	return `${errnoText(text.code)} (${text.code})`;
}

/** One file after the other: to parse one is work that nothing can interrupt. */
async function readAll(host: Host, request: Request, signal: AbortSignal): Promise<readonly WorkflowFile[]> {
	const { paths, unread } = await expand(host, request, signal);
	const { workspace } = request;
	const files: WorkflowFile[] = [];
	for (const path of paths) {
		await nextTurn();
		if (signal.aborted) return [...files, ...unread, notRead(path, "late")];
		const text = await readPerhapsInside(host, workspace, absolutePath(workspace, path), maxYamlSize + 1);
		files.push(text.kind === "ok" ? readWorkflow(path, text.value) : broken(path, messageOf(text)));
	}
	return [...files, ...unread];
}

function broken(path: string, message: string): WorkflowFile {
	return { path, problem: { line: 1, column: 1, message }, events: [], jobs: [] };
}

function notRead(path: string, unread: NonNullable<WorkflowFile["unread"]>): WorkflowFile {
	return { ...broken(path, whyNotRead[unread]), unread };
}

const whyNotRead: Readonly<Record<NonNullable<WorkflowFile["unread"]>, string>> = {
	late: "the deadline came before it was read",
	"too-many": `it matches more than the ${maxFiles} files that are read`,
	"no-match": "it matches no file",
};

function absolutePath(workspace: string, path: string): string {
	return path.startsWith("/") ? path : `${workspace}/${path}`;
}

interface Expanded {
	readonly paths: readonly string[];
	/** Globs of which not every file is among the paths, and directories that cannot be listed. */
	readonly unread: readonly WorkflowFile[];
}

/** Paths as they are, and the files that globs match: up to two directories below the last one without a wildcard. */
async function expand(host: Host, { workspace, workflows }: Request, signal: AbortSignal): Promise<Expanded> {
	const paths = new Set<string>();
	const unread: WorkflowFile[] = [];
	for (const pattern of workflows) {
		if (!/[*?[{]/.test(pattern)) {
			paths.add(pattern);
			continue;
		}
		const isWanted = pathMatcher(pattern);
		const fixed = pattern.slice(0, pattern.search(/[*?[{]/));
		const folder = fixed.slice(0, Math.max(0, fixed.lastIndexOf("/")));
		const rest = pattern.slice(folder.length + 1);
		const depth = rest.includes("**") ? 2 : Math.min(2, rest.split("/").length - 1);
		const known = unread.length;
		const isClosed = (path: string, code: string): void => {
			unread.push(broken(path, `${errnoText(code)} (${code})`));
		};
		let names = 0;
		let isMatched = false;
		for await (const path of filesBelow(host, workspace, folder, depth, isClosed)) {
			if (++names % 200 === 0) await nextTurn();
			if (signal.aborted) {
				unread.push(notRead(pattern, "late"));
				break;
			}
			if (names > maxNames || (paths.size >= maxFiles && /\.ya?ml$/.test(path) && isWanted(path) && !paths.has(path))) {
				unread.push(notRead(pattern, "too-many"));
				break;
			}
			if (/\.ya?ml$/.test(path) && isWanted(path)) {
				paths.add(path);
				isMatched = true;
			}
		}
		if (!isMatched && unread.length === known) unread.push(notRead(pattern, "no-match"));
	}
	return { paths: [...paths].sort(), unread };
}

async function* filesBelow(
	host: Host,
	workspace: string,
	folder: string,
	depth: number,
	isClosed: (path: string, code: string) => void,
): AsyncGenerator<string> {
	const names = await host.list(folder === "" ? workspace : absolutePath(workspace, folder));
	if (names.kind === "unreadable") isClosed(folder === "" ? workspace : folder, names.code);
	if (names.kind !== "ok") return;
	const paths = [...names.value].sort().map((name) => (folder === "" ? name : `${folder}/${name}`));
	yield* paths;
	// A name with an extension is not a directory of workflows.
	const below = depth > 0 ? paths.filter((path) => !/\.\w+$/.test(path)) : [];
	for (const path of below) yield* filesBelow(host, workspace, path, depth - 1, isClosed);
}
