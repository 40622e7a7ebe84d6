import type { Host, ReadOutcome } from "../host/host.ts";
import type { Request } from "../request.ts";
import { type CgroupsFacts, cgroupsProbe } from "./cgroups.ts";
import { fieldOf } from "./fields.ts";
import { mountOf, readMounts } from "./mountinfo.ts";
import type { Ask, Probe } from "./probe.ts";

/** The CPUs of the machine, and how much of them this process may use. */
export interface CpuFacts {
	/** CPUs that are online; `undefined` if the system does not report it. */
	readonly online: number | undefined;
	/** The source of `online`. */
	readonly source: string;
	/** The online CPUs that the process may run on. */
	readonly allowed: AllowedCpus;
	/** Quotas of control groups, also one that cannot be read; the innermost first. */
	readonly quotas: readonly CpuQuota[];
}

type AllowedCpus =
	| { readonly kind: "read"; readonly count: number }
	| { readonly kind: "unreadable"; readonly code: string }
	/** Only Linux reports it in this way. */
	| { readonly kind: "not-linux" };

export type CpuQuota =
	/** `cpus`: the time of that many CPUs, `1.5`. `source`: path of the file. */
	| { readonly kind: "limited"; readonly source: string; readonly cpus: number }
	| { readonly kind: "unreadable"; readonly source: string; readonly code: string };

const onlineFile = "/sys/devices/system/cpu/online";

/**
 * Source: /sys/devices/system/cpu/online (else Node's `os.cpus()`), `Cpus_allowed_list` of /proc/self/status, and the quotas of
 * the control groups. The cpuset of a group is not read, because `Cpus_allowed_list` includes it, and affinity too.
 */
export const cpuProbe: Probe<CpuFacts> = {
	name: "cpu",
	async collect(host: Host, _request: Request, _signal: AbortSignal, ask: Ask): Promise<CpuFacts> {
		if (host.platform !== "linux") return { ...countedByNode(host), allowed: { kind: "not-linux" }, quotas: [] };
		const [onlineText, status, quotas, mounts] = await Promise.all([
			host.readText(onlineFile, 4096),
			host.readText("/proc/self/status", 16 * 1024),
			ask(cgroupsProbe).then((groups) => readQuotas(host, groups)),
			readMounts(host),
		]);
		const online = onlineText.kind === "ok" ? cpusOf(onlineText.value) : undefined;
		const isRenumbered = mountOf(mounts ?? [], onlineFile)?.fsType === "fuse.lxcfs";
		return {
			...(online ? { online: online.size, source: onlineFile } : countedByNode(host)),
			allowed: allowedOf(status, online, isRenumbered),
			quotas,
		};
	},
};

function countedByNode(host: Host): Pick<CpuFacts, "online" | "source"> {
	return { online: host.cpuCount || undefined, source: "os.cpus()" };
}

/**
 * The list also has CPUs that could be plugged in: only those online count.
 * @param isRenumbered lxcfs counts the online CPUs of its container from 0 (`0`), while the process may run on `24` (lxc/lxcfs#731).
 */
function allowedOf(
	status: ReadOutcome<string>,
	online: ReadonlySet<number> | undefined,
	isRenumbered: boolean,
): AllowedCpus {
	if (status.kind !== "ok") return { kind: "unreadable", code: status.kind === "absent" ? "ENOENT" : status.code };
	const allowed = cpusOf(fieldOf(status.value, "Cpus_allowed_list:") ?? "");
	if (!allowed) return { kind: "unreadable", code: "ENODATA" };
	if (!online) return { kind: "read", count: allowed.size };
	const both = [...allowed].filter((cpu) => online.has(cpu)).length;
	// A process that runs may run somewhere: without a CPU in common, the two lists have different numbers.
	return { kind: "read", count: isRenumbered || both === 0 ? Math.min(allowed.size, online.size) : both };
}

/** More than any kernel supports. */
const maxCpus = 65_536;

/** `0-3,8` -> 0, 1, 2, 3, 8; `undefined` if it is not such a list. */
function cpusOf(text: string): ReadonlySet<number> | undefined {
	const cpus = new Set<number>();
	for (const part of text.trim().split(",")) {
		const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
		if (!match) return undefined;
		const last = Math.min(Number(match[2] ?? match[1]), maxCpus);
		for (let cpu = Number(match[1]); cpu <= last; cpu++) cpus.add(cpu);
	}
	return cpus;
}

async function readQuotas(
	host: Host,
	{ cpu: { version, directories }, unread }: CgroupsFacts,
): Promise<readonly CpuQuota[]> {
	const read = version === 2 ? readMax : readCfs;
	const quotas = await Promise.all(directories.map((directory) => read(host, directory)));
	const unknown = unread ? [{ kind: "unreadable", source: unread.path, code: unread.code } as const] : [];
	return [...unknown, ...quotas.flat()];
}

/** Version 2: `cpu.max` is `150000 100000`, or `max 100000` without a quota. */
async function readMax(host: Host, directory: string): Promise<CpuQuota | []> {
	const source = `${directory}/cpu.max`;
	const text = await host.readText(source, 64);
	if (text.kind === "absent") return [];
	if (text.kind === "unreadable") return { kind: "unreadable", source, code: text.code };
	const [quota, period] = text.value.trim().split(" ");
	return quota === "max" ? [] : quotaOf(source, quota, period);
}

/** Version 1: each of the two numbers has its own file, and -1 means no quota. */
async function readCfs(host: Host, directory: string): Promise<CpuQuota | []> {
	const source = `${directory}/cpu.cfs_quota_us`;
	const [quota, period] = await Promise.all([
		host.readText(source, 64),
		host.readText(`${directory}/cpu.cfs_period_us`, 64),
	]);
	if (quota.kind === "absent") return [];
	if (quota.kind === "unreadable") return { kind: "unreadable", source, code: quota.code };
	if (quota.value.trim() === "-1") return [];
	return quotaOf(source, quota.value, period.kind === "ok" ? period.value : undefined);
}

function quotaOf(source: string, quota: string | undefined, period: string | undefined): CpuQuota {
	const cpus = Number(quota) / Number(period);
	return Number.isFinite(cpus) && cpus > 0
		? { kind: "limited", source, cpus: Math.round(cpus * 1000) / 1000 }
		: { kind: "unreadable", source, code: "ENODATA" };
}
