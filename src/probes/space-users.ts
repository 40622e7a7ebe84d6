import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { within } from "./deadline.ts";
import { directoriesToMeasure } from "./directories-to-measure.ts";
import { dockerUsers } from "./docker-users.ts";
import { measureDirectories } from "./measure-directories.ts";
import { readMounts } from "./mountinfo.ts";
import type { Ask, Probe } from "./probe.ts";

/** What takes the space of the disks that a job uses. */
export interface SpaceUsersFacts {
	/** The largest first; at most `maxUsers`. */
	readonly users: readonly SpaceUser[];
	/** What was not looked at, and why: `volumes: no answer within 2 s`. */
	readonly unseen: readonly string[];
}

/** One thing with a name that takes space. */
export interface SpaceUser {
	readonly kind: SpaceUserKind;
	/** Name of an image, a container, a volume or a builder; else a path. Empty for the build cache and for layers, which have none. */
	readonly name: string;
	readonly bytes: number;
	/** Files and directories in a directory. */
	readonly files?: number;
	/** There is more of it than could be counted. */
	readonly atLeast?: true;
	/** No container uses it, or it is a container that is stopped. */
	readonly unused?: true;
	/** Size of its file system, by which it is known which disk it is on. Left out if that is not visible. */
	readonly diskBytes?: number;
}

export type SpaceUserKind =
	| "image"
	| "shared-layers"
	| "container"
	| "volume"
	| "builder"
	| "build-cache"
	| "container-log"
	| "workspace"
	| "old-workspace"
	| "act-cache"
	| "tool-cache"
	| "temp";

const maxUsers = 20;
/** A disk that is full is slow as well, and a job waits for this. */
const budgetMs = 2000;

/**
 * Source: `GET /system/df` of the engine, its logs on the host, and the sizes of the directories that runners fill. All of it has
 * one limit of time, and of files: what is larger is known to be at least as large. For findings of `disk/*` and
 * `docker/storage` only.
 */
export const spaceUsersProbe: Probe<SpaceUsersFacts> = {
	name: "space-users",
	async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<SpaceUsersFacts> {
		const budget = Math.min(budgetMs, request.timeoutMs);
		return within(budget, signal, async (limited) => {
			const [docker, directories] = await Promise.all([
				dockerUsers(host, budget, limited, ask),
				measuredDirectories(host, request, limited),
			]);
			const users = [...docker.users, ...directories].filter(({ bytes, files = 0 }) => bytes > 0 || files > 0);
			users.sort((a, b) => b.bytes - a.bytes);
			return { users: users.slice(0, maxUsers), unseen: docker.unseen };
		});
	},
};

async function measuredDirectories(host: Host, request: Request, signal: AbortSignal): Promise<readonly SpaceUser[]> {
	const mounts = await readMounts(host);
	// Without the mounts, a walk could get into another file system.
	if (!mounts) return [];
	const named = await directoriesToMeasure(host, request);
	const sizes = await measureDirectories(
		host,
		named.map(({ path }) => path),
		new Set(mounts.map(({ target }) => target)),
		signal,
	);
	return Promise.all(
		named.map(async ({ kind, path }, at): Promise<SpaceUser> => {
			const { bytes = 0, files = 0, isCut = true } = sizes[at] ?? {};
			const space = await unlessDead(host.space(path, signal), () => undefined);
			return {
				kind,
				name: path,
				bytes,
				files,
				...(isCut && { atLeast: true as const }),
				...(space?.kind === "ok" && { diskBytes: space.value.totalBytes }),
			};
		}),
	);
}
