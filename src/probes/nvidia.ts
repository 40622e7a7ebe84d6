import type { FileOutcome, Host, RunOutcome } from "../host/host.ts";
import { isOfWorkspace } from "../host/workspace.ts";
import type { Request } from "../request.ts";
import { type NvidiaGpu, readSmiOutput, type SmiListing } from "./nvidia-output.ts";
import type { Probe } from "./probe.ts";
import { pathEntries, searchProgram, type Unusable } from "./program-search.ts";

/** How nvidia-smi ended, and what it printed until then. */
export type SmiRun = {
	/** The command that gave this answer. An old driver may have rejected another one before. */
	readonly command: string;
	readonly ms: number;
	readonly form: SmiListing["form"];
	readonly gpus: readonly NvidiaGpu[];
	/** Version of the kernel driver as nvidia-smi reports it. */
	readonly driver?: string;
	/** Errors and warnings around the listing, from both streams. At most 2 KiB. */
	readonly messages: string;
} & (
	| { readonly kind: "exited"; readonly code: number }
	| { readonly kind: "signalled"; readonly signal: string }
	| { readonly kind: "not-started"; readonly code: string }
	/** `abandoned`: SIGKILL did not end it either, because the kernel holds it. */
	| { readonly kind: "timed-out"; readonly abandoned: boolean }
);

export interface DeviceNode {
	readonly path: string;
	readonly mode: number;
	readonly gid: number;
	/** Can this user read and write it? */
	readonly usable: boolean;
}

/** Everything of NVIDIA on this machine or in this container. */
export interface NvidiaFacts {
	/** The first nvidia-smi on PATH, which a job would run. */
	readonly smi?: string;
	/** It is the workspace's, and was not run. */
	readonly smiUntrusted?: true;
	/** If PATH has none that works: one on PATH that cannot be started, and the path of one that is not on PATH. */
	readonly smiUnusable?: Unusable;
	readonly smiOffPath?: string;
	readonly run?: SmiRun;
	/** Device nodes (`/dev/nvidia0`, `/dev/nvidiactl`, on WSL `/dev/dxg`); `undefined`: `/dev` cannot be read. */
	readonly nodes?: readonly DeviceNode[];
	/** Version of the loaded kernel module. A container sees the module of its host, whether or not it was given a GPU. */
	readonly kernelDriver?: string;
	/** NVIDIA's devices on the PCI bus, which a container sees too, and the driver that holds each; `undefined`: cannot be read. */
	readonly pciDevices?: readonly { readonly address: string; readonly driver: string }[];
	/** The variables that control NVIDIA's container runtime, if they are set. */
	readonly visibleDevices?: string;
	readonly driverCapabilities?: string;
}

/** Directories of nvidia-smi that services often do not have on PATH. */
const usualDirectories = [
	"/usr/bin",
	"/usr/local/bin",
	"/bin",
	"/usr/local/nvidia/bin",
	"/usr/lib/wsl/lib",
	"/opt/bin",
	"/run/current-system/sw/bin",
	"/run/nvidia/driver/usr/bin",
];

/** The queried fields, in the order of the answer. */
const fields = [
	"index",
	"name",
	"uuid",
	"driver_version",
	"memory.total",
	"memory.used",
	"temperature.gpu",
	"utilization.gpu",
	"compute_cap",
	"ecc.errors.uncorrected.volatile.total",
	"mig.mode.current",
	"pci.bus_id",
	"memory.free",
	"clocks_throttle_reasons.hw_thermal_slowdown",
];

/** Each function has a line of some 250 bytes, and a server with virtual ones has thousands. */
const maxPciDevices = 1024 * 1024;

/**
 * Source: PATH, /dev, /proc/driver/nvidia/version, /proc/bus/pci/devices, two variables and, if nvidia-smi is on PATH, one
 * nvidia-smi process. A machine without any of that costs a few looks at files and no process. An nvidia-smi that is not on PATH is not run:
 * it may belong to another root (the driver container of an operator), and its answer would mislead.
 */
export const nvidiaProbe: Probe<NvidiaFacts> = {
	name: "nvidia",
	async collect(host: Host, request, signal: AbortSignal): Promise<NvidiaFacts> {
		const path = pathEntries(host, request.workspace);
		const [{ smi, untrusted, unusable, run, offPath }, nodes, version, pci] = await Promise.all([
			searchAndRun(host, path, signal, request),
			deviceNodes(host),
			host.readText("/proc/driver/nvidia/version", 4096),
			host.readText("/proc/bus/pci/devices", maxPciDevices),
		]);
		const facts: { readonly [K in keyof NvidiaFacts]: NvidiaFacts[K] | undefined } = {
			smi,
			smiUntrusted: untrusted,
			smiUnusable: unusable,
			smiOffPath: offPath,
			run,
			nodes,
			kernelDriver: version.kind === "ok" ? moduleVersion(version.value) : undefined,
			pciDevices: pci.kind === "ok" ? nvidiaOnBus(pci.value) : undefined,
			visibleDevices: host.env.NVIDIA_VISIBLE_DEVICES?.slice(0, 512),
			driverCapabilities: host.env.NVIDIA_DRIVER_CAPABILITIES?.slice(0, 512),
		};
		return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
	},
};

/** The first nvidia-smi on PATH and its answer, else the path of another one. */
async function searchAndRun(
	host: Host,
	path: readonly string[],
	signal: AbortSignal,
	{ workspace, trusts }: Request,
): Promise<{ smi?: string; untrusted?: true; unusable?: Unusable; run?: SmiRun; offPath?: string }> {
	const { found: smi, unusable } = await searchProgram(host, "nvidia-smi", path);
	if (smi !== undefined && !trusts && (await isOfWorkspace(host, smi, workspace))) return { smi, untrusted: true };
	if (smi !== undefined) return { smi, run: await runSmi(host, smi, signal) };
	const others = usualDirectories.filter((directory) => !path.includes(directory));
	const { found: offPath } = await searchProgram(host, "nvidia-smi", others);
	return { ...(unusable[0] && { unusable: unusable[0] }), ...(offPath !== undefined && { offPath }) };
}

/** The field that this nvidia-smi does not know, if it rejected the query for it. */
function unknownField(run: SmiRun): string | undefined {
	return /field "([\w.]+)" is not a valid field to query/i.exec(run.messages)?.[1];
}

/** Queries all fields, then all but the one that an old driver rejects (470: `compute_cap`), then the plain table. */
async function runSmi(host: Host, smi: string, signal: AbortSignal): Promise<SmiRun> {
	const first = await query(host, smi, fields, signal);
	const refused = unknownField(first);
	if (refused === undefined) return first;
	const second = await query(
		host,
		smi,
		fields.filter((field) => field !== refused),
		signal,
	);
	return unknownField(second) === undefined ? second : answerOf(["nvidia-smi"], await host.run([smi], { signal }), []);
}

async function query(host: Host, smi: string, asked: readonly string[], signal: AbortSignal): Promise<SmiRun> {
	const args = [`--query-gpu=${asked.join(",")}`, "--format=csv,noheader,nounits"];
	return answerOf(["nvidia-smi", ...args], await host.run([smi, ...args], { signal }), asked);
}

/**
 * It prints everything on stdout, errors too. Only the loader and the shell write to stderr, which counts only without an
 * answer: `object … from LD_PRELOAD cannot be preloaded` next to a list of GPUs is harmless.
 */
function answerOf(command: readonly string[], outcome: RunOutcome, asked: readonly string[]): SmiRun {
	const { stdout, stderr, ms, ...end } = outcome;
	const listed = readSmiOutput(stdout, asked);
	const answered = end.kind === "exited" && end.code === 0 && listed.gpus.length > 0;
	const { form, gpus, driver, messages } = answered ? listed : readSmiOutput(`${stdout}\n${stderr}`, asked);
	return { command: command.join(" "), ms, form, gpus, ...(driver !== undefined && { driver }), messages, ...end };
}

/** The nodes, not the directories next to them (`/dev/nvidia-caps`). */
async function deviceNodes(host: Host): Promise<readonly DeviceNode[] | undefined> {
	const names = await host.list("/dev");
	if (names.kind !== "ok") return undefined;
	const paths = names.value.filter((name) => /^(?:nvidia(?:\d+|ctl|-uvm|-uvm-tools|-modeset)|dxg)$/.test(name)).sort();
	const nodes = await Promise.all(
		paths.map(async (name) => {
			const path = `/dev/${name}`;
			const [look, readable, writable] = await Promise.all([
				host.stat(path),
				host.access(path, "r"),
				host.access(path, "w"),
			]);
			// One that could not be asked is left to `nvidia-smi`.
			return nodeOf(path, look, readable.kind !== "denied" && writable.kind !== "denied");
		}),
	);
	return nodes.filter((node) => node !== undefined);
}

function nodeOf(path: string, look: FileOutcome, usable: boolean): DeviceNode | undefined {
	if (look.kind === "absent" || look.kind === "unreadable") return undefined;
	return { path, mode: look.mode, gid: look.gid, usable };
}

/** `NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.163.01  …`, `… Open Kernel Module for x86_64  580.126.09  …` */
function moduleVersion(text: string): string {
	return /Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? text.split("\n", 1)[0]?.slice(0, 200) ?? "";
}

/**
 * Lines are `bus+devfn vendor+device irq …` and end with the driver, if one holds the device. Function 0 is the GPU, others are
 * its sound and USB.
 */
function nvidiaOnBus(text: string): readonly { readonly address: string; readonly driver: string }[] {
	return text.split("\n").flatMap((line) => {
		const columns = line.split("\t");
		const place = Number.parseInt(columns[0] ?? "", 16);
		if (!columns[1]?.startsWith("10de") || Number.isNaN(place) || (place & 7) !== 0) return [];
		const bus = (place >> 8).toString(16).padStart(2, "0");
		const device = ((place >> 3) & 31).toString(16).padStart(2, "0");
		return [{ address: `${bus}:${device}.0`, driver: columns[17]?.trim() ?? "" }];
	});
}
