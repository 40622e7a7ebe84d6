import { unlessDead } from "../host/dead-mount.ts";
import type { Host, Leftovers } from "../host/host.ts";
import { isWithin } from "../host/workspace.ts";
import type { Request } from "../request.ts";
import { bounded } from "./docker-endpoint.ts";
import { type Mount, mountOf, readMounts } from "./mountinfo.ts";
import { aborted, absolute, homeDirectory, nearestExisting, tempDirectory } from "./paths.ts";
import type { Probe } from "./probe.ts";

/** Whether the job can write to the directories that it needs. */
export interface WritableFacts {
	/** Effective user and group of this process; left out if the platform has none. */
	readonly uid?: number;
	readonly gid?: number;
	readonly places: readonly WritablePlace[];
	/** Absent for root, and where no job works. */
	readonly leftovers?: Leftovers;
}

export interface WritablePlace {
	readonly name: "workspace" | "temp" | "home" | "cargo-target";
	readonly path: string;
	/** The directory that was tried: the one that the path leads to, or the nearest one above it that exists. */
	readonly directory?: string;
	/** `ok`, or the errno: EROFS, EACCES, ENOSPC, …; ETIMEDOUT: no answer before the deadline, or from the mount. */
	readonly outcome: string;
	/** It is on a mount that does not answer. */
	readonly onDeadMount?: true;
	/** It does not exist, and who uses it does not create it. */
	readonly missing?: true;
	/** Permission bits and owner of the directory. */
	readonly mode?: number;
	readonly uid?: number;
	readonly gid?: number;
	/** The mount that holds the directory, if no program can be started there. */
	readonly noExec?: NoExecMount;
}

export interface NoExecMount {
	readonly target: string;
	/** `/` if the whole file system is mounted there. */
	readonly root: string;
	readonly fsType: string;
	/** What is mounted, as the kernel names it: `/dev/sdb1`. */
	readonly source: string;
}

/**
 * Source: a few bytes written to an unnamed file in each directory. `touch` would succeed on a full disk. Then
 * /proc/self/mountinfo, and for other users than root a short look into the workspace.
 */
export const writableProbe: Probe<WritableFacts> = {
	name: "writable",
	async collect(host: Host, request: Request, signal: AbortSignal): Promise<WritableFacts> {
		const overrun = aborted(signal);
		const mounts = (await readMounts(host)) ?? [];
		const tryPlace = (name: WritablePlace["name"], path: string): Promise<WritablePlace | undefined> => {
			const late: WritablePlace = { name, path, outcome: "ETIMEDOUT" };
			const tried = unlessDead(tryDirectory(host, mounts, name, path), () => ({ ...late, onDeadMount: true as const }));
			return Promise.race([tried, overrun.then(() => late)]);
		};
		const home = homeDirectory(host);
		const places = await Promise.all([
			tryPlace("workspace", request.workspace),
			tryPlace("temp", tempDirectory(host.env)),
			...(home === undefined ? [] : [tryPlace("home", home)]),
			Promise.race([unlessDead(tryToolsTemp(host, mounts), () => undefined), overrun.then(() => undefined)]),
			Promise.race([unlessDead(tryCargoTarget(host, request, mounts), () => undefined), overrun.then(() => undefined)]),
		]);
		const leftovers = await Promise.race([unlessDead(lookForLeftovers(host, places[0]), () => undefined), overrun]);
		return {
			...(host.uid !== undefined && { uid: host.uid }),
			...(host.gid !== undefined && { gid: host.gid }),
			places: places.filter((place) => place !== undefined),
			...(leftovers && { leftovers }),
		};
	},
};

/**
 * What earlier jobs left, in a workspace that can be written. Nothing stops root. In a terminal, the working directory may be a
 * home, or one that users share: nothing empties those.
 */
async function lookForLeftovers(host: Host, place: WritablePlace | undefined): Promise<Leftovers | undefined> {
	const { uid, env, userHome } = host;
	const { outcome, path, directory, mode = 0 } = place ?? {};
	if (uid === undefined || uid === 0 || outcome !== "ok" || path === undefined || directory === undefined)
		return undefined;
	const isShared = (mode & 0o1000) !== 0 || isWithin(userHome ?? "/", directory);
	if (absolute(env.GITHUB_WORKSPACE) === undefined && isShared) return undefined;
	// A workspace that does not exist yet has nothing in it.
	if ((await host.stat(path)).kind !== "directory") return undefined;
	const found = await host.leftovers(directory);
	return found && { ...found, blocked: found.blocked.map((one) => ({ ...one, path: bounded(one.path, 1000) })) };
}

/** `undefined`: a home that does not exist, which only matters to a job that uses it. */
async function tryDirectory(
	host: Host,
	mounts: readonly Mount[],
	name: WritablePlace["name"],
	path: string,
): Promise<WritablePlace | undefined> {
	const existing = await nearestExisting(host, path);
	if (existing.kind === "unreadable") return { name, path, outcome: existing.code };
	if (name === "home" && !existing.exists) return undefined;
	const directory = existing.path;
	const [write, stat] = await Promise.all([host.tryWrite(directory), host.stat(directory)]);
	const outcome = write.kind === "ok" ? "ok" : write.kind === "absent" ? "ENOENT" : write.code;
	const owner = stat.kind === "absent" || stat.kind === "unreadable" ? undefined : stat;
	return {
		name,
		path,
		directory,
		outcome,
		...(owner && { mode: owner.mode, uid: owner.uid, gid: owner.gid }),
		...noExecOf(mountOf(mounts, directory)),
	};
}

/**
 * Where compilers and `mktemp` put temporary files, if that is another directory than the runner's, and does not work. They do not create
 * it.
 */
async function tryToolsTemp(host: Host, mounts: readonly Mount[]): Promise<WritablePlace | undefined> {
	const path = absolute(host.env.TMPDIR) ?? "/tmp";
	if (path.replace(/\/+$/, "") === tempDirectory(host.env).replace(/\/+$/, "")) return undefined;
	const there = await host.stat(path);
	if (there.kind === "absent") return { name: "temp", path, outcome: "ENOENT", missing: true };
	const place = await tryDirectory(host, mounts, "temp", path);
	return place?.outcome === "ok" ? undefined : place;
}

/** Where cargo puts what it builds and starts, if a variable names another directory than one in the workspace, and it does not work. */
async function tryCargoTarget(
	host: Host,
	{ policy, usesWorkspace, workspace }: Request,
	mounts: readonly Mount[],
): Promise<WritablePlace | undefined> {
	const path = absolute(host.env.CARGO_TARGET_DIR ?? host.env.CARGO_BUILD_TARGET_DIR);
	if (path === undefined || !policy.tools.cargo || !usesWorkspace || isWithin(path, workspace)) return undefined;
	if ((await host.stat(`${workspace}/Cargo.toml`)).kind !== "file") return undefined;
	const place = await tryDirectory(host, mounts, "cargo-target", path);
	return place?.outcome === "ok" && !place.noExec ? undefined : place;
}

function noExecOf(mount: Mount | undefined): Pick<WritablePlace, "noExec"> {
	if (!mount?.noExec) return {};
	const { target, root, fsType, noExec } = mount;
	return { noExec: { target, root, fsType, source: noExec.source } };
}
