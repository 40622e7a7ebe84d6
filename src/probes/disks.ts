import { unlessDead } from "../host/dead-mount.ts";
import type { Host, ReadOutcome } from "../host/host.ts";
import type { Request } from "../request.ts";
import { containerProbe } from "./container.ts";
import { type Mount, mountOf, readMounts } from "./mountinfo.ts";
import { aborted, absolute, homeDirectory, nearestExisting, tempDirectory } from "./paths.ts";
import type { Ask, Probe } from "./probe.ts";

/** Free space and inodes of the places that matter to jobs. */
export interface DisksFacts {
	/** By the name that a policy gives them: `workspace`, `temp`, `home`, `tool-cache`, `docker-root` or a path. */
	readonly places: Readonly<Record<string, DiskPlace>>;
}

export type DiskPlace =
	| {
			readonly kind: "measured";
			readonly path: string;
			/** If the path does not exist yet: the nearest directory above it, which was measured instead. */
			readonly measuredAt?: string;
			/** Bytes for an unprivileged user. */
			readonly freeBytes: number;
			readonly totalBytes: number;
			/** Left out if the file system has no fixed number of inodes. */
			readonly freeInodes?: number;
			readonly totalInodes?: number;
			/** `statfs` or `df`. */
			readonly source: string;
			/** From mountinfo, if that can be read. */
			readonly mount?: DiskMount;
	  }
	| {
			readonly kind: "unreadable";
			readonly path: string;
			/** The errno; ETIMEDOUT: the file system did not answer before the deadline. */
			readonly code: string;
	  }
	/** It is on a mount that does not answer. */
	| { readonly kind: "dead-mount"; readonly path: string }
	/** It is not visible from here, or does not exist. `why` says which. */
	| { readonly kind: "not-visible"; readonly why: string };

/** The mount of a place: where it is, and its type (`ext4`, `overlay`, `tmpfs`, …). */
type DiskMount = Pick<Mount, "target" | "fsType">;

/**
 * Source: statfs (df on Node 16) of each place of the policy and of the five that have a name. Docker's data directory is
 * searched in /etc/docker/daemon.json and /var/lib/docker on the host. In a container, the top layer of its root is in there, as
 * mountinfo says, so the disk of the root is Docker's. The daemon is not asked, so one that hangs does not delay this.
 */
export const disksProbe: Probe<DisksFacts> = {
	name: "disks",
	async collect(host: Host, request: Request, signal: AbortSignal, ask: Ask): Promise<DisksFacts> {
		const overrun = aborted(signal);
		const mounts = (await readMounts(host)) ?? [];
		const named = ["workspace", "temp", "home", "tool-cache", "docker-root"];
		const names = new Set([...named, ...request.policy.disk.map((entry) => entry.path)]);
		const entries = [...names].map(async (name): Promise<[string, DiskPlace]> => {
			const place = await pathOf(name, host, request, mounts, ask);
			if (typeof place !== "string") return [name, place];
			const late: DiskPlace = { kind: "unreadable", path: place, code: "ETIMEDOUT" };
			const measuring = unlessDead(
				measure(host, place, mounts, signal),
				(): DiskPlace => ({ kind: "dead-mount", path: place }),
			);
			const measured = await Promise.race([measuring, overrun.then(() => late)]);
			if (name === "docker-root") return [name, ifThere(measured)];
			return [name, named.includes(name) ? measured : mustExist(measured)];
		});
		return { places: Object.fromEntries(await Promise.all(entries)) };
	},
};

/** A path of the policy must exist. If it does not, its disk may not be mounted, and the disk of the directory above is another one. */
function mustExist(place: DiskPlace): DiskPlace {
	const isAbsent = place.kind === "measured" && place.measuredAt !== undefined;
	return isAbsent ? { kind: "unreadable", path: place.path, code: "ENOENT" } : place;
}

/** A machine without Docker has no data directory. */
function ifThere(place: DiskPlace): DiskPlace {
	const isAbsent = place.kind === "measured" && place.measuredAt !== undefined;
	return isAbsent ? { kind: "not-visible", why: `\`${place.path}\` does not exist` } : place;
}

/** The path of a named place, or why it has none. Looks at nothing that could hang. */
async function pathOf(
	name: string,
	host: Host,
	request: Request,
	mounts: readonly Mount[],
	ask: Ask,
): Promise<string | DiskPlace> {
	switch (name) {
		case "workspace":
			return request.workspace;
		case "temp":
			return tempDirectory(host.env);
		case "home":
			return homeDirectory(host) ?? { kind: "not-visible", why: "this user has no home directory" };
		case "tool-cache":
			return absolute(host.env.RUNNER_TOOL_CACHE) ?? { kind: "not-visible", why: "`RUNNER_TOOL_CACHE` is not set" };
		case "docker-root":
			return dockerRoot(host, mounts, ask);
		default:
			return absolute(name) ?? `${request.workspace}/${name}`;
	}
}

/** The layers of Docker, of containerd, and of Podman. */
const ofEngine = /\/(?:overlay2?|io\.containerd\.snapshotter\.v1\.\w+|fuse-overlayfs)\//;

async function dockerRoot(host: Host, mounts: readonly Mount[], ask: Ask): Promise<string | DiskPlace> {
	const { mode, insideContainer } = await ask(containerProbe);
	if (mode !== "host" || insideContainer !== undefined) {
		if (ofEngine.test(mountOf(mounts, "/")?.upper ?? "")) return "/";
		return { kind: "not-visible", why: "Docker's data directory is on the host and not visible in this container" };
	}
	const config = await host.readText("/etc/docker/daemon.json");
	if (config.kind === "unreadable") {
		return {
			kind: "not-visible",
			why: `\`/etc/docker/daemon.json\`, which may name it, cannot be read (${config.code})`,
		};
	}
	return absolute(dataRootOf(config)) ?? "/var/lib/docker";
}

function dataRootOf(config: ReadOutcome<string>): string | undefined {
	const value = config.kind === "ok" ? /"data-root"\s*:\s*"([^"\\]{1,1024})"/.exec(config.value) : undefined;
	return value?.[1];
}

async function measure(host: Host, path: string, mounts: readonly Mount[], signal: AbortSignal): Promise<DiskPlace> {
	const existing = await nearestExisting(host, path);
	if (existing.kind === "unreadable") return { kind: "unreadable", path, code: existing.code };
	const space = await host.space(existing.path, signal);
	if (space.kind === "absent") return { kind: "unreadable", path, code: "ENOENT" };
	if (space.kind === "unreadable") return { kind: "unreadable", path, code: space.code };
	const { freeBytes, totalBytes, freeInodes, totalInodes, source } = space.value;
	// Some FUSE file systems answer with zeros only, so the size is unknown.
	if (totalBytes === 0) return { kind: "unreadable", path, code: "ENODATA" };
	const mount = mountOf(mounts, existing.path);
	return {
		kind: "measured",
		path,
		...(!existing.exists && { measuredAt: existing.path }),
		freeBytes,
		totalBytes,
		...(freeInodes !== undefined && { freeInodes }),
		...(totalInodes !== undefined && { totalInodes }),
		source,
		...(mount && { mount: { target: mount.target, fsType: mount.fsType } }),
	};
}
