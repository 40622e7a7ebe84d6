import type { AskedMount, Host } from "../host/host.ts";
import { bounded } from "./docker-endpoint.ts";
import type { Probe } from "./probe.ts";

/** The mounts on the paths of this run whose calls wait for a server or a process. */
export interface MountsFacts {
	/** All mounts; absent outside Linux. Without any, nothing is known about them. */
	readonly listed?: number;
	readonly asked: readonly AskedMount[];
}

/**
 * Source: /proc/self/mountinfo, and a process for each mount that looks at it (`statfs`, a listing). Every path that a run touches is
 * followed before, so this tells the mounts that any probe came across.
 */
export const mountsProbe: Probe<MountsFacts> = {
	name: "mounts",
	last: true,
	async collect(host: Host): Promise<MountsFacts> {
		const asked = host.askedMounts().map((mount) => ({
			...mount,
			target: bounded(mount.target, 1000),
			fsType: bounded(mount.fsType, 50),
			source: bounded(mount.source, 1000),
			wanted: mount.wanted.map((path) => bounded(path, 500)),
		}));
		return { ...(host.platform === "linux" && { listed: host.mountCount }), asked };
	},
};
