import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import { type CgroupsFacts, cgroupsProbe } from "./cgroups.ts";
import { fieldOf } from "./fields.ts";
import { mountOf, readMounts } from "./mountinfo.ts";
import type { Ask, Probe } from "./probe.ts";

/** The memory that is available to one more program, on the machine and in each control group with a limit. In bytes. */
export interface MemoryFacts {
	readonly machine: MachineMemory;
	/** Groups with a limit, or with one that cannot be read; the innermost first. */
	readonly groups: readonly GroupMemory[];
}

export type MachineMemory =
	/**
	 * `availableBytes` is the kernel's own estimate of what is available without swapping, and what the cache of ZFS gives back, `arcBytes` of
	 * it.
	 */
	| { readonly kind: "read"; readonly availableBytes: number; readonly totalBytes: number; readonly arcBytes?: number }
	| { readonly kind: "unreadable"; readonly code: string }
	/** Only Linux reports it in this way. */
	| { readonly kind: "not-linux" };

export type GroupMemory =
	| {
			readonly kind: "limited";
			/** Path of the file with the limit. Above `memory.high` the kernel does not kill, but slows everything down to a crawl. */
			readonly source: string;
			readonly limitBytes: number;
			readonly usedBytes: number;
			/** The part of `usedBytes` that caches files, which the kernel drops before the group runs out. */
			readonly cacheBytes: number;
	  }
	| { readonly kind: "unreadable"; readonly source: string; readonly code: string };

const files = {
	1: { limits: ["memory.limit_in_bytes"], used: "memory.usage_in_bytes", prefix: "total_" },
	2: { limits: ["memory.max", "memory.high"], used: "memory.current", prefix: "" },
} as const;

/** Source: /proc/meminfo, and the limits of the control groups. */
export const memoryProbe: Probe<MemoryFacts> = {
	name: "memory",
	async collect(host: Host, _request: Request, _signal: AbortSignal, ask: Ask): Promise<MemoryFacts> {
		if (host.platform !== "linux") return { machine: { kind: "not-linux" }, groups: [] };
		const [machine, groups] = await Promise.all([readMachine(host), ask(cgroupsProbe).then(readGroupsOf(host))]);
		return { machine, groups };
	},
};

/** Source: /proc/meminfo, and what ZFS tells of its cache. */
export async function readMachine(host: Host): Promise<MachineMemory> {
	const meminfo = await host.readText("/proc/meminfo", 16 * 1024);
	if (meminfo.kind !== "ok") return { kind: "unreadable", code: meminfo.kind === "absent" ? "ENOENT" : meminfo.code };
	const kibibytes = (key: string): number | undefined => {
		const value = /^(\d{1,15}) kB$/.exec(fieldOf(meminfo.value, `${key}:`) ?? "")?.[1];
		return value === undefined ? undefined : Number(value) * 1024;
	};
	const availableBytes = kibibytes("MemAvailable");
	const totalBytes = kibibytes("MemTotal");
	if (availableBytes === undefined || totalBytes === undefined) return { kind: "unreadable", code: "ENODATA" };
	const arcBytes = Math.min(await readArc(host), totalBytes - availableBytes);
	return { kind: "read", availableBytes: availableBytes + arcBytes, totalBytes, ...(arcBytes > 0 && { arcBytes }) };
}

/**
 * What the cache of ZFS gives back when memory is short, in bytes: the kernel counts it as used (openzfs/zfs#10255). In an LXC container,
 * /proc/meminfo is the container's own, and the cache is the host's.
 */
async function readArc(host: Host): Promise<number> {
	const stats = await host.readText("/proc/spl/kstat/zfs/arcstats", 64 * 1024);
	if (stats.kind !== "ok") return 0;
	if (mountOf((await readMounts(host)) ?? [], "/proc/meminfo")?.fsType === "fuse.lxcfs") return 0;
	const [size, least] = ["size", "c_min"].map((name) => {
		const value = new RegExp(`^${name}\\s+\\d+\\s+(\\d{1,15})$`, "m").exec(stats.value)?.[1];
		return value === undefined ? undefined : Number(value);
	});
	return size === undefined || least === undefined ? 0 : Math.max(0, size - least);
}

function readGroupsOf(host: Host): (groups: CgroupsFacts) => Promise<readonly GroupMemory[]> {
	return async ({ memory: { version, directories }, unread }) => {
		const groups = await Promise.all(directories.map((directory) => readGroup(host, version, directory)));
		const unknown = unread ? [{ kind: "unreadable", source: unread.path, code: unread.code } as const] : [];
		return [...unknown, ...groups.flat()];
	};
}

async function readGroup(host: Host, version: 1 | 2, directory: string): Promise<readonly GroupMemory[]> {
	const names = files[version];
	const limits = (await Promise.all(names.limits.map((name) => readLimit(host, `${directory}/${name}`)))).flat();
	if (limits.length === 0) return [];
	const [used, stat] = await Promise.all([
		host.readText(`${directory}/${names.used}`, 64),
		host.readText(`${directory}/memory.stat`, 16 * 1024),
	]);
	const usedBytes = used.kind === "ok" ? bytesOf(used.value) : undefined;
	return limits.map((limit): GroupMemory => {
		if (limit.kind === "unreadable") return limit;
		const { source, limitBytes } = limit;
		if (usedBytes === undefined || stat.kind !== "ok") return { kind: "unreadable", source, code: "ENODATA" };
		const cacheBytes = ["inactive_file", "active_file"]
			.map((key) => bytesOf(fieldOf(stat.value, `${names.prefix}${key} `) ?? "") ?? 0)
			.reduce((sum, bytes) => sum + bytes, 0);
		return { kind: "limited", source, limitBytes, usedBytes, cacheBytes };
	});
}

type Limit =
	| { readonly kind: "limit"; readonly source: string; readonly limitBytes: number }
	| Extract<GroupMemory, { kind: "unreadable" }>;

/** Nothing without a limit. The top of the whole hierarchy does not even have the file. */
async function readLimit(host: Host, source: string): Promise<Limit | []> {
	const limit = await host.readText(source, 64);
	if (limit.kind === "absent") return [];
	if (limit.kind === "unreadable") return { kind: "unreadable", source, code: limit.code };
	const limitBytes = bytesOf(limit.value);
	// Without a limit, version 2 has `max`, and version 1 the greatest number that it can write.
	if (limitBytes === undefined || limitBytes > Number.MAX_SAFE_INTEGER) return [];
	return { kind: "limit", source, limitBytes };
}

function bytesOf(text: string): number | undefined {
	return /^\d{1,20}$/.test(text.trim()) ? Number(text) : undefined;
}
