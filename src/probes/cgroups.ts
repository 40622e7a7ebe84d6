import type { Host, ReadOutcome } from "../host/host.ts";
import { bounded } from "./docker-endpoint.ts";
import { type Mount, readMounts } from "./mountinfo.ts";
import type { Probe } from "./probe.ts";

/** The control groups that hold this process, as the directories of their limits. */
export interface CgroupsFacts {
	readonly memory: Cgroups;
	readonly cpu: Cgroups;
	/** The file that could not be read: groups, and limits, are unknown. */
	readonly unread?: { readonly path: string; readonly code: string };
}

interface Cgroups {
	/** Of the hierarchy that has the controller. A hybrid system has both. */
	readonly version: 1 | 2;
	/** The innermost first, up to the top of what is mounted here. Empty if none is visible. */
	readonly directories: readonly string[];
}

/** A line of /proc/self/cgroup: `4:memory:/docker/4f…`, or `0::/user.slice` in version 2. */
interface Membership {
	readonly controllers: readonly string[];
	readonly path: string;
}

/** A limit holds for everything below it, so all groups up to the top count. No real tree is deeper. */
const maxDepth = 32;

/** Source: /proc/self/cgroup and /proc/self/mountinfo. */
export const cgroupsProbe: Probe<CgroupsFacts> = {
	name: "cgroups",
	async collect(host: Host): Promise<CgroupsFacts> {
		const [cgroup, mounts] = await Promise.all([host.readText("/proc/self/cgroup"), readMounts(host)]);
		const memberships = cgroup.kind === "ok" ? cgroup.value.split("\n").flatMap(parseLine) : [];
		const unread = unreadOf(cgroup, mounts);
		return {
			memory: groupsOf("memory", memberships, mounts ?? []),
			cpu: groupsOf("cpu", memberships, mounts ?? []),
			...(unread && { unread }),
		};
	},
};

/** A kernel without control groups has no /proc/self/cgroup, and no limits of groups. */
function unreadOf(cgroup: ReadOutcome<string>, mounts: readonly Mount[] | undefined): CgroupsFacts["unread"] {
	if (cgroup.kind === "unreadable") return { path: "/proc/self/cgroup", code: cgroup.code };
	return cgroup.kind === "ok" && mounts === undefined ? { path: "/proc/self/mountinfo", code: "EACCES" } : undefined;
}

function parseLine(line: string): Membership | [] {
	const [id, controllers, ...path] = line.split(":");
	if (id === undefined || controllers === undefined || path.length === 0) return [];
	return { controllers: controllers === "" ? [] : controllers.split(","), path: path.join(":") };
}

/** A controller is in one hierarchy only: if version 1 has it, version 2 does not. */
function groupsOf(controller: string, memberships: readonly Membership[], mounts: readonly Mount[]): Cgroups {
	const own = memberships.find(({ controllers }) => controllers.includes(controller));
	if (own) {
		const hierarchies = mounts.filter(({ controllers }) => controllers?.includes(controller));
		return { version: 1, directories: directoriesOf(own.path, hierarchies) };
	}
	const unified = memberships.find(({ controllers }) => controllers.length === 0);
	const hierarchies = mounts.filter(({ fsType }) => fsType === "cgroup2");
	return { version: 2, directories: unified ? directoriesOf(unified.path, hierarchies) : [] };
}

/**
 * A mount shows the whole hierarchy or a part of it, such as a container's own group. If the path of the process is not in that
 * part (its names are those of another namespace), only the top of the mount is visible.
 */
function directoriesOf(path: string, hierarchies: readonly Mount[]): readonly string[] {
	const mount = hierarchies.find(({ root }) => below(root, path) !== undefined) ?? hierarchies[0];
	if (!mount) return [];
	const segments = (below(mount.root, path) ?? "").split("/").filter((segment) => segment !== "");
	const known = segments.includes("..") ? [] : segments.slice(0, maxDepth);
	const target = mount.target.replace(/\/$/, "");
	const directories = [target];
	for (const segment of known) directories.unshift(bounded(`${directories[0]}/${segment}`, 2000));
	return directories;
}

/** The rest of `path` below `root`; `undefined` if it is not below it. */
function below(root: string, path: string): string | undefined {
	if (root === "/") return path;
	return path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : undefined;
}
