import type { Host } from "../host/host.ts";
import { type MountLine, parseMountinfo } from "../host/mountinfo.ts";
import type { Request } from "../request.ts";
import { type CgroupsFacts, cgroupsProbe } from "./cgroups.ts";
import { type DisksFacts, disksProbe } from "./disks.ts";
import { bounded, dockerEndpointProbe } from "./docker-endpoint.ts";
import { fieldOf } from "./fields.ts";
import type { Ask, Probe } from "./probe.ts";

/** What the kernel counts, and what never changes by itself: two of these, before and after a job, show what happened in between. */
export interface MachineState {
	/** Unix time, and time since the machine was started, in milliseconds. */
	readonly time: number;
	readonly uptime?: number;
	readonly bootId?: string;
	/** Processes that the kernel killed for lack of memory since the machine was started, in any container. */
	readonly oomKills?: number;
	/** Stalls of the machine (PSI). */
	readonly pressure: { readonly cpu?: Stall; readonly memory?: Stall; readonly io?: Stall };
	/** The control groups of this process that count memory and CPU time; the innermost first. */
	readonly groups: readonly GroupState[];
	/** Mounts of the places that jobs write to. */
	readonly mounts: readonly MountState[];
	/** Device (`sda1`) -> what ext4 counts. */
	readonly ext4: Readonly<Record<string, Ext4State>>;
	/** Network interfaces of this process's namespace, without `lo`. */
	readonly interfaces?: readonly string[];
	/** The Docker socket, if it is a unix socket that exists. */
	readonly socket?: { readonly path: string; readonly inode: number };
	/**
	 * When the content of one of the files that tell how names resolve was last changed (/etc/resolv.conf, /etc/hosts), Unix time in
	 * milliseconds. Docker sets the owner of a container's own ones with every `docker cp`, which the runner does before each step.
	 */
	readonly resolverChanged?: number;
}

/** Microseconds in which some, or all, processes waited. */
interface Stall {
	readonly some: number;
	readonly full?: number;
}

export interface GroupState {
	readonly path: string;
	readonly version: 1 | 2;
	/** Processes of the group that were killed for lack of memory. */
	readonly oomKills?: number;
	/** How often the group itself ran into its limit, or one below it did. Version 2 only. */
	readonly ooms?: number;
	/** The limit of its memory, left out if it has none; and the most that it used. */
	readonly limitBytes?: number;
	readonly peakBytes?: number;
	/** Periods with a quota, how many of them were throttled, and for how long, in microseconds of all CPUs. */
	readonly cpu?: { readonly periods: number; readonly throttled: number; readonly throttledUs: number };
}

export interface MountState {
	readonly target: string;
	readonly fsType: string;
	/** `major:minor` of the file system, and the name of its device in /sys/fs, if it has one. */
	readonly device: string;
	readonly name?: string;
	/** Of the mount or of the file system itself. */
	readonly readOnly: boolean;
	/** Options of the file system itself, which show an error: `rw,errors=remount-ro,emergency_ro`. */
	readonly options: string;
}

interface Ext4State {
	readonly errors: number;
	/** Unix time in seconds. */
	readonly lastError?: number;
	readonly writtenKiB?: number;
}

const maxGroups = 4;
const maxDevices = 32;

/**
 * Source: /proc (uptime, vmstat, pressure, self), /sys/fs/cgroup, /sys/fs/ext4, and a look at the Docker socket. Some thirty small
 * files, no process and no connection.
 */
export const machineStateProbe: Probe<MachineState> = {
	name: "machine-state",
	async collect(host: Host, _request: Request, _signal: AbortSignal, ask: Ask): Promise<MachineState> {
		const time = Date.now();
		if (host.platform !== "linux") return { time, pressure: {}, groups: [], mounts: [], ext4: {} };
		const text = async (path: string, max = 4096): Promise<string | undefined> => {
			const read = await host.readText(path, max);
			return read.kind === "ok" ? read.value : undefined;
		};
		const [uptime, bootId, vmstat, cpu, memory, io, network, mountinfo, groups, disks, ext4, socket, resolvers] =
			await Promise.all([
				text("/proc/uptime"),
				text("/proc/sys/kernel/random/boot_id"),
				text("/proc/vmstat", 64 * 1024),
				text("/proc/pressure/cpu"),
				text("/proc/pressure/memory"),
				text("/proc/pressure/io"),
				text("/proc/self/net/dev", 64 * 1024),
				text("/proc/self/mountinfo", 1024 * 1024),
				ask(cgroupsProbe).then(
					(known) => groupsOf(known, text),
					() => [],
				),
				ask(disksProbe).catch((): DisksFacts => ({ places: {} })),
				ext4Of(host, text),
				socketOf(host, ask),
				Promise.all(["/etc/resolv.conf", "/etc/hosts"].map((path) => host.stat(path))),
			]);
		const changes = resolvers.flatMap((look) => ("modified" in look ? (look.modified ?? []) : []));
		const seconds = Number.parseFloat(uptime ?? "");
		const oomKills = countOf(fieldOf(vmstat ?? "", "oom_kill "));
		const boot = bootId?.trim();
		const stalls = { cpu: stallOf(cpu), memory: stallOf(memory), io: stallOf(io) };
		return {
			time,
			...(Number.isFinite(seconds) && { uptime: Math.round(seconds * 1000) }),
			...(boot && /^[\da-f-]{36}$/.test(boot) && { bootId: boot }),
			...(oomKills !== undefined && { oomKills }),
			pressure: Object.fromEntries(Object.entries(stalls).filter(([, stall]) => stall !== undefined)),
			groups,
			mounts: await mountsOf(host, disks, parseMountinfo(mountinfo ?? "")),
			ext4,
			...(network !== undefined && { interfaces: interfacesIn(network) }),
			...(socket && { socket }),
			...(changes.length > 0 && { resolverChanged: changes.reduce((a, b) => Math.max(a, b)) }),
		};
	},
};

type Read = (path: string, max?: number) => Promise<string | undefined>;

function countOf(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,20}$/.test(text.trim()) ? Number(text) : undefined;
}

/** `some avg10=0.00 avg60=0.00 avg300=0.00 total=1234`, and a line `full`. */
function stallOf(text: string | undefined): Stall | undefined {
	const total = (kind: string): number | undefined =>
		countOf(new RegExp(`^${kind} .*total=(\\d{1,16})`, "m").exec(text ?? "")?.[1]);
	const [some, full] = [total("some"), total("full")];
	return some === undefined ? undefined : { some, ...(full !== undefined && { full }) };
}

/** `  eth0: 1234 …` */
function interfacesIn(text: string): readonly string[] {
	const names = text.split("\n").flatMap((line) => /^\s*([^\s:]{1,15}):/.exec(line)?.[1] ?? []);
	return names
		.filter((name) => name !== "lo")
		.sort()
		.slice(0, 64);
}

async function groupsOf({ memory, cpu }: CgroupsFacts, text: Read): Promise<readonly GroupState[]> {
	const named = (directories: readonly string[], version: 1 | 2) =>
		directories.slice(0, maxGroups).map((path) => ({ path, version }));
	// Version 1 has a hierarchy for each controller; version 2 has one for all.
	const ofCpu = cpu.version === 1 ? named(cpu.directories, 1) : [];
	const paths = [...named(memory.directories, memory.version), ...ofCpu];
	const groups = await Promise.all(paths.map(({ path, version }) => groupOf(path, version, text)));
	return groups.filter((group) => Object.keys(group).length > 2);
}

/** Without a limit, version 1 has the greatest number that it can write. */
const noLimit = 2 ** 60;

async function groupOf(path: string, version: 1 | 2, text: Read): Promise<GroupState> {
	const names =
		version === 2
			? { events: "memory.events", limit: "memory.max", peak: "memory.peak" }
			: { events: "memory.oom_control", limit: "memory.limit_in_bytes", peak: "memory.max_usage_in_bytes" };
	const [events = "", limit, peak, stat = ""] = await Promise.all([
		text(`${path}/${names.events}`),
		text(`${path}/${names.limit}`),
		text(`${path}/${names.peak}`),
		text(`${path}/cpu.stat`),
	]);
	const oomKills = countOf(fieldOf(events, "oom_kill "));
	const ooms = version === 2 ? countOf(fieldOf(events, "oom ")) : undefined;
	const limitBytes = countOf(limit);
	const peakBytes = countOf(peak);
	const [periods, throttled, throttledUs, throttledNs] = [
		"nr_periods",
		"nr_throttled",
		"throttled_usec",
		"throttled_time",
	].map((key) => countOf(fieldOf(stat, `${key} `)));
	return {
		path: bounded(path, 500),
		version,
		...(oomKills !== undefined && { oomKills }),
		...(ooms !== undefined && { ooms }),
		...(limitBytes !== undefined && limitBytes < noLimit && { limitBytes }),
		...(peakBytes !== undefined && { peakBytes }),
		...(periods !== undefined &&
			throttled !== undefined && {
				cpu: { periods, throttled, throttledUs: throttledUs ?? Math.round((throttledNs ?? 0) / 1000) },
			}),
	};
}

async function mountsOf(
	host: Host,
	{ places }: DisksFacts,
	lines: readonly MountLine[],
): Promise<readonly MountState[]> {
	const targets = new Set(
		Object.values(places).flatMap((place) => (place.kind === "measured" && place.mount ? place.mount.target : [])),
	);
	// A mount on top of another one hides it.
	const shown = [...targets].flatMap((target) => lines.filter((line) => line.target === target).slice(-1));
	return Promise.all(
		shown.map(async ({ target, fsType, device, options, superOptions }) => {
			const link = /^\d+:\d+$/.test(device) ? await host.readLink(`/sys/dev/block/${device}`) : undefined;
			const name = link?.kind === "ok" ? link.value.split("/").pop() : undefined;
			const all = [...options.split(","), ...superOptions.split(",")];
			return {
				target: bounded(target, 500),
				fsType: bounded(fsType, 50),
				device,
				...(name && { name: bounded(name, 100) }),
				readOnly: all.includes("ro") || all.includes("emergency_ro"),
				// Of an overlay, they are long lists of directories.
				options: fsType === "overlay" ? "" : bounded(superOptions, 300),
			};
		}),
	);
}

async function ext4Of(host: Host, text: Read): Promise<Readonly<Record<string, Ext4State>>> {
	const names = await host.list("/sys/fs/ext4");
	if (names.kind !== "ok") return {};
	const devices = names.value.filter((name) => name !== "features").slice(0, maxDevices);
	const states = await Promise.all(
		devices.map(async (device): Promise<readonly [string, Ext4State] | []> => {
			const [errors, last, written] = await Promise.all(
				["errors_count", "last_error_time", "session_write_kbytes"].map((file) =>
					text(`/sys/fs/ext4/${device}/${file}`, 64).then(countOf),
				),
			);
			if (errors === undefined) return [];
			return [
				bounded(device, 100),
				{ errors, ...(last && { lastError: last }), ...(written !== undefined && { writtenKiB: written }) },
			];
		}),
	);
	return Object.fromEntries(states.filter((state) => state.length === 2));
}

async function socketOf(host: Host, ask: Ask): Promise<MachineState["socket"]> {
	const { endpoint } = await ask(dockerEndpointProbe).catch(() => ({ endpoint: undefined }));
	if (endpoint?.kind !== "unix") return undefined;
	const look = await host.stat(endpoint.path).catch(() => undefined);
	if (look?.kind !== "socket" || look.inode === undefined) return undefined;
	return { path: bounded(endpoint.path, 500), inode: look.inode };
}
