import type { Host } from "../host/host.ts";
import { bounded } from "./docker-endpoint.ts";

/** A line of /proc/self/mountinfo. */
export interface Mount {
	readonly target: string;
	/** The part of its file system that is mounted: for a bind mount often the path on the host. */
	readonly root: string;
	readonly fsType: string;
	readonly readOnly: boolean;
	/** Options of the file system itself; only kept for cgroup hierarchies, which list their controllers there. */
	readonly controllers?: readonly string[];
}

/** A machine with thousands of containers has a long mountinfo. */
const maxMountinfo = 1024 * 1024;

/** The mounts of this process; `undefined` if they cannot be read. */
export async function readMounts(host: Host): Promise<readonly Mount[] | undefined> {
	const text = await host.readText("/proc/self/mountinfo", maxMountinfo);
	return text.kind === "ok" ? text.value.split("\n").flatMap(parseLine) : undefined;
}

/** The mount that holds `path`, which must not contain links: the last one with the longest target. */
export function mountOf(mounts: readonly Mount[], path: string): Mount | undefined {
	const covering = mounts.filter(({ target }) => target === "/" || path === target || path.startsWith(`${target}/`));
	return covering.reduce<Mount | undefined>(
		(best, mount) => (best && best.target.length > mount.target.length ? best : mount),
		undefined,
	);
}

/** `id parent major:minor root target options … - type source super-options`; spaces in paths are `\040`. */
function parseLine(line: string): Mount | [] {
	const [before = "", after = ""] = line.split(" - ");
	const [, , , root, target, options] = before.split(" ");
	const [fsType, , superOptions = ""] = after.split(" ");
	if (!root || !target || !options || !fsType) return [];
	return {
		target: bounded(unescaped(target), 1000),
		root: bounded(unescaped(root), 1000),
		fsType: bounded(fsType, 50),
		readOnly: options.split(",").includes("ro"),
		...(fsType === "cgroup" && { controllers: bounded(superOptions, 1000).split(",") }),
	};
}

function unescaped(path: string): string {
	if (!path.includes("\\")) return path;
	return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
