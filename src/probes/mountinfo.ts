import type { Host } from "../host/host.ts";
import { type MountLine, parseMountinfo } from "../host/mountinfo.ts";
import { bounded } from "./docker-endpoint.ts";

/** A mount of this process. */
export interface Mount {
	readonly target: string;
	/** The part of its file system that is mounted: for a bind mount often the path on the host. */
	readonly root: string;
	readonly fsType: string;
	readonly readOnly: boolean;
	/** No program can be started there (`noexec`): what is mounted. */
	readonly noExec?: { readonly source: string };
	/** Of an overlay: the directory of its top layer, on the disk that it writes to. */
	readonly upper?: string;
	/** Options of the file system itself; only kept for cgroup hierarchies, which list their controllers there. */
	readonly controllers?: readonly string[];
}

/** A machine with thousands of containers has a long mountinfo. */
const maxMountinfo = 1024 * 1024;

/** The mounts of this process; `undefined` if they cannot be read. */
export async function readMounts(host: Host): Promise<readonly Mount[] | undefined> {
	const text = await host.readText("/proc/self/mountinfo", maxMountinfo);
	return text.kind === "ok" ? parseMountinfo(text.value).map(mountFrom) : undefined;
}

/** The mount that holds `path`, which must not contain links: the last one with the longest target. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
	const covering = mounts.filter(({ target }) => target === "/" || path === target || path.startsWith(`${target}/`));
	return covering.reduce<Mount | undefined>(
		(best, mount) => (best && best.target.length > mount.target.length ? best : mount),
		undefined,
	);
}

function mountFrom(line: MountLine): Mount {
	const { root, target, fsType, source, superOptions } = line;
	const options = line.options.split(",");
	const upper = fsType === "overlay" ? /(?:^|,)upperdir=([^,]+)/.exec(superOptions)?.[1] : undefined;
	return {
		target: bounded(target, 1000),
		root: bounded(root, 1000),
		fsType: bounded(fsType, 50),
		readOnly: options.includes("ro"),
		...(upper !== undefined && { upper: bounded(upper, 1000) }),
		...(options.includes("noexec") && { noExec: { source: bounded(source, 500) } }),
		...(fsType === "cgroup" && { controllers: bounded(superOptions, 1000).split(",") }),
	};
}
