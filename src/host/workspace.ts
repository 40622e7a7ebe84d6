import { isAbsolute, resolve } from "node:path";
import type { Host, InsideOutcome } from "./host.ts";

/** The checked-out repository: GITHUB_WORKSPACE, or the working directory. */
export function workspaceOf(env: Host["env"], cwd: string): string {
	const named = env.GITHUB_WORKSPACE ?? "";
	return isAbsolute(named) ? named : cwd;
}

/** The runner's health check has no job, so its working directory is the runner's own. */
export function hasWorkspace(env: Host["env"]): boolean {
	return env.GITHUB_WORKSPACE !== undefined || env.GITEA_RUNNER_HEALTH_CHECK !== "true";
}

/** Where a path leads that is relative to the workspace. */
export function inWorkspace(workspace: string, path: string): string {
	return resolve(workspace, path);
}

/** Is a path a directory, or below it? Both absolute and without `..`. */
export function isWithin(path: string, directory: string): boolean {
	const parent = directory.replace(/(?<=.)\/+$/, "");
	return path === parent || path.startsWith(parent === "/" ? "/" : `${parent}/`);
}

/**
 * Is what is at this path the workspace's: at the path itself, or where its links lead? A directory that holds the user's home
 * (`/`, or the home itself, where someone runs this in a terminal) is not a workspace: its programs are the machine's.
 */
export async function isOfWorkspace(host: Host, path: string, workspace: string): Promise<boolean> {
	if (!hasWorkspace(host.env)) return false;
	const [real, root, home] = await Promise.all([path, workspace, host.userHome ?? "/"].map((at) => realOr(host, at)));
	if (isWithin(home ?? "/", root ?? workspace)) return false;
	return [resolve(path), real ?? path].some((at) => isWithin(at, workspace) || isWithin(at, root ?? workspace));
}

/** The same host, which also runs programs of the workspace: an input says that it can be trusted. */
export function trusting(host: Host): Host {
	const run: Host["run"] = (command, options) => host.run(command, { ...options, isTrusted: true });
	return Object.create(host, { run: { value: run } });
}

/** Reads a file that may be the workspace's: if it is, as what it is, untrusted. */
export async function readPerhapsInside(
	host: Host,
	workspace: string,
	path: string,
	maxBytes: number,
	encoding: "utf8" | "latin1" = "utf8",
): Promise<InsideOutcome> {
	if (!(await isOfWorkspace(host, path, workspace))) return host.readText(path, maxBytes, encoding);
	return host.readInside(workspace, path, maxBytes, encoding);
}

async function realOr(host: Host, path: string): Promise<string> {
	const real = await host.realPath(path);
	return real.kind === "ok" ? real.value : path;
}
