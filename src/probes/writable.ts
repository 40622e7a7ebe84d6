import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { aborted, homeDirectory, nearestExisting, tempDirectory } from "./paths.ts";
import type { Probe } from "./probe.ts";

/** Whether the job can write to the directories that it needs. */
export interface WritableFacts {
	/** Effective user and group of this process; left out if the platform has none. */
	readonly uid?: number;
	readonly gid?: number;
	readonly places: readonly WritablePlace[];
}

export interface WritablePlace {
	readonly name: "workspace" | "temp" | "home";
	readonly path: string;
	/** The directory that was tried: the one that the path leads to, or the nearest one above it that exists. */
	readonly directory?: string;
	/** `ok`, or the errno: EROFS, EACCES, ENOSPC, …; ETIMEDOUT: no answer before the deadline, or from the mount. */
	readonly outcome: string;
	/** It is on a mount that does not answer. */
	readonly onDeadMount?: true;
	/** Permission bits and owner of the directory. */
	readonly mode?: number;
	readonly uid?: number;
	readonly gid?: number;
}

/** Source: a few bytes written to an unnamed file in each directory. `touch` would succeed on a full disk. */
export const writableProbe: Probe<WritableFacts> = {
	name: "writable",
	async collect(host: Host, request: Request, signal: AbortSignal): Promise<WritableFacts> {
		const overrun = aborted(signal);
		const tryPlace = (name: WritablePlace["name"], path: string): Promise<WritablePlace | undefined> => {
			const late: WritablePlace = { name, path, outcome: "ETIMEDOUT" };
			const tried = unlessDead(tryDirectory(host, name, path), () => ({ ...late, onDeadMount: true as const }));
			return Promise.race([tried, overrun.then(() => late)]);
		};
		const home = homeDirectory(host);
		const places = await Promise.all([
			tryPlace("workspace", request.workspace),
			tryPlace("temp", tempDirectory(host.env)),
			...(home === undefined ? [] : [tryPlace("home", home)]),
		]);
		return {
			...(host.uid !== undefined && { uid: host.uid }),
			...(host.gid !== undefined && { gid: host.gid }),
			places: places.filter((place) => place !== undefined),
		};
	},
};

/** `undefined`: a home that does not exist, which only matters to a job that uses it. */
async function tryDirectory(host: Host, name: WritablePlace["name"], path: string): Promise<WritablePlace | undefined> {
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
	};
}
