import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { absolute, homeDirectory, tempDirectory } from "./paths.ts";
import type { SpaceUserKind } from "./space-users.ts";

/** A directory that jobs or runners fill. */
export interface NamedDirectory {
	readonly kind: SpaceUserKind;
	readonly path: string;
}

/** More than a runner has left behind. */
const maxListed = 300;

/**
 * The workspace, the workspaces of other jobs next to it, the caches of Gitea's runner and of act, the tool cache and the temporary
 * directory. No directory is in another one of these.
 */
export async function directoriesToMeasure(host: Host, { workspace }: Request): Promise<readonly NamedDirectory[]> {
	const home = homeDirectory(host);
	const cache = home === undefined ? undefined : `${home}/.cache`;
	const toolCache = absolute(host.env.RUNNER_TOOL_CACHE);
	const act = /^(.*\/act)\/[^/]+\/hostexecutor(?:\/|$)/.exec(workspace)?.[1] ?? (cache && `${cache}/act`);
	const work = /^(.*\/_work)\/[^/]+\/[^/]+$/.exec(workspace)?.[1];
	const [ofAct, ofWork] = await Promise.all([act ? inAct(host, act) : [], work ? inWork(host, work) : []]);
	const others: readonly NamedDirectory[] = [
		...ofAct,
		...ofWork,
		...(cache === undefined ? [] : [{ kind: "act-cache", path: `${cache}/actcache` } as const]),
		...(toolCache === undefined ? [] : [{ kind: "tool-cache", path: toolCache } as const]),
		{ kind: "temp", path: tempDirectory(host.env) },
	];
	// What holds the workspace, or is in it or in another one, would be counted twice.
	const apart = others.filter(({ path }) => !holds(path, workspace) && !holds(workspace, path));
	const once = apart.filter(
		({ path }, at) =>
			apart.findIndex((other) => other.path === path) === at &&
			!apart.some((other) => other.path !== path && holds(other.path, path)),
	);
	return [{ kind: "workspace", path: workspace }, ...once];
}

function holds(directory: string, path: string): boolean {
	return path === directory || path.startsWith(`${directory}/`);
}

/** Gitea's runner keeps the actions that jobs use there, and the workspaces of jobs on the host until they end. */
async function inAct(host: Host, act: string): Promise<readonly NamedDirectory[]> {
	const names = await namesIn(host, act);
	const kinds = await Promise.all(
		names.map(async (name): Promise<NamedDirectory> => {
			const look = await unlessDead(host.lstat(`${act}/${name}/hostexecutor`), () => undefined);
			return { kind: look?.kind === "directory" ? "old-workspace" : "act-cache", path: `${act}/${name}` };
		}),
	);
	return kinds;
}

/** GitHub's runner keeps a directory for each repository, and its own, which begin with `_`. */
async function inWork(host: Host, work: string): Promise<readonly NamedDirectory[]> {
	const names = await namesIn(host, work);
	return names.map((name) => ({ kind: name.startsWith("_") ? "act-cache" : "old-workspace", path: `${work}/${name}` }));
}

async function namesIn(host: Host, directory: string): Promise<readonly string[]> {
	const names = await unlessDead(host.list(directory), () => undefined);
	return names?.kind === "ok" ? names.value.slice(0, maxListed) : [];
}
