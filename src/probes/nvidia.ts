import type { FileOutcome, Host } from "../host/host.ts";
import { isOfWorkspace, trusting } from "../host/workspace.ts";
import type { Request } from "../request.ts";
import { readMachine } from "./memory.ts";
import { runSmi, type SmiRun } from "./nvidia-smi-run.ts";
import { type PciDevice, readPciDevices, withClasses } from "./pci.ts";
import type { Probe } from "./probe.ts";
import { join, pathEntries, searchProgram, type Unusable } from "./program-search.ts";
import { lookForTegra, type TegraFacts, tegraNode } from "./tegra.ts";

export type { SmiRun } from "./nvidia-smi-run.ts";

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
	/** It is an empty file, which a shell takes for a script that does nothing. Looked for if it printed nothing. */
	readonly smiEmpty?: true;
	readonly run?: SmiRun;
	/** Device nodes (`/dev/nvidia0`, `/dev/nvidiactl`, on WSL `/dev/dxg`, on a Jetson `/dev/nvhost-gpu`); `undefined`: `/dev` cannot be read. */
	readonly nodes?: readonly DeviceNode[];
	/** Version of the loaded kernel module. A container sees the module of its host, whether or not it was given a GPU. */
	readonly kernelDriver?: string;
	/** It is the open flavor of the module, which needs firmware on the card (GSP). */
	readonly openModule?: true;
	/** NVIDIA's devices on the PCI bus, which a container sees too, and the driver that holds each; `undefined`: cannot be read. */
	readonly pciDevices?: readonly PciDevice[];
	/** Only on a Jetson, or in a container on one. */
	readonly tegra?: TegraFacts;
	/** Memory of the machine, in bytes, if a GPU has none of its own: they share it. */
	readonly systemMemory?: { readonly totalBytes: number; readonly availableBytes?: number };
	/** The driver's library of CUDA, if it is in a usual place. Looked for where there is a GPU. */
	readonly cudaLibrary?: string;
	/** The variable that hides GPUs from CUDA, if it is set. */
	readonly cudaVisibleDevices?: string;
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

/** Directories in which the loader finds libcuda, whatever the distribution. */
const libraryDirectories = [
	"/usr/lib/x86_64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu",
	"/usr/lib64",
	"/usr/lib",
	"/usr/local/nvidia/lib64",
	"/usr/lib/wsl/lib",
];

/**
 * Source: PATH, /dev, /proc/driver/nvidia/version, /proc/bus/pci/devices, the files of a Jetson, three variables and, if nvidia-smi
 * is on PATH, one nvidia-smi process. A machine without any of that costs a few looks at files and no process. An nvidia-smi
 * that is not on PATH is not run: it may belong to another root (the driver container of an operator), and its answer would mislead.
 */
export const nvidiaProbe: Probe<NvidiaFacts> = {
	name: "nvidia",
	async collect(host: Host, request, signal: AbortSignal): Promise<NvidiaFacts> {
		const path = pathEntries(host, request.workspace);
		const version = await host.readText("/proc/driver/nvidia/version", 4096);
		const module = version.kind === "ok" ? version.value : undefined;
		const kernelDriver = module === undefined ? undefined : moduleVersion(module);
		const [{ smi, untrusted, unusable, run, offPath }, nodes, pci, tegraFiles] = await Promise.all([
			searchAndRun(host, path, kernelDriver, signal, request),
			deviceNodes(host),
			readPciDevices(host),
			lookForTegra(host),
		]);
		const node = nodes?.find((one) => isTegraNode(one));
		const tegra = tegraFiles ?? (node && { sign: node.path });
		const gpus = run?.gpus ?? [];
		const [pciDevices, systemMemory, cudaLibrary, isEmpty] = await Promise.all([
			pci && gpus.length > 0 && gpus.length < pci.length ? withClasses(host, pci) : pci,
			sharesMemory(run, node !== undefined) ? memoryOf(host) : undefined,
			(nodes ?? []).length > 0 ? findCuda(host) : undefined,
			smi !== undefined && run?.form === "other" && run.messages === "" ? isEmptyFile(host, smi) : false,
		]);
		const facts: { readonly [K in keyof NvidiaFacts]: NvidiaFacts[K] | undefined } = {
			smi,
			smiUntrusted: untrusted,
			smiUnusable: unusable,
			smiOffPath: offPath,
			smiEmpty: isEmpty || undefined,
			run,
			nodes,
			kernelDriver,
			openModule: /Open Kernel Module/.test(module ?? "") || undefined,
			pciDevices,
			tegra,
			systemMemory,
			cudaLibrary,
			cudaVisibleDevices: host.env.CUDA_VISIBLE_DEVICES?.slice(0, 512),
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
	kernelDriver: string | undefined,
	signal: AbortSignal,
	{ workspace, trusts }: Request,
): Promise<{ smi?: string; untrusted?: true; unusable?: Unusable; run?: SmiRun; offPath?: string }> {
	const { found: smi, unusable } = await searchProgram(host, "nvidia-smi", path);
	const isInside = smi !== undefined && (await isOfWorkspace(host, smi, workspace));
	if (isInside && !trusts) return { smi, untrusted: true };
	if (smi !== undefined) return { smi, run: await runSmi(isInside ? trusting(host) : host, smi, kernelDriver, signal) };
	const others = usualDirectories.filter((directory) => !path.includes(directory));
	const { found: offPath } = await searchProgram(host, "nvidia-smi", others);
	return { ...(unusable[0] && { unusable: unusable[0] }), ...(offPath !== undefined && { offPath }) };
}

/** The nodes, not the directories next to them (`/dev/nvidia-caps`), except for that of a newer Jetson's GPU. */
async function deviceNodes(host: Host): Promise<readonly DeviceNode[] | undefined> {
	const names = await host.list("/dev");
	if (names.kind !== "ok") return undefined;
	const isNode = /^(?:nvidia(?:\d+|ctl|-uvm|-uvm-tools|-modeset)|dxg)$/;
	const paths = names.value.filter((name) => isNode.test(name) || tegraNode.test(name)).sort();
	if (names.value.includes("nvgpu")) paths.push("nvgpu/igpu0/ctrl");
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

/** Does only a Jetson have this node? */
export function isTegraNode({ path }: DeviceNode): boolean {
	return /^\/dev\/nv(?:map|host-gpu|host-ctrl-gpu|gpu\/)/.test(path);
}

/**
 * Is there a GPU that reports nothing for its own memory? It uses that of the processor, as a Jetson and a GB10 do. A container that
 * was given a part of a split GPU is told nothing of the whole one (NVIDIA/k8s-device-plugin#1683).
 */
function sharesMemory(run: SmiRun | undefined, hasTegraNode: boolean): boolean {
	const gpus = run?.form === "csv" ? run.gpus : [];
	return (
		(run === undefined && hasTegraNode) ||
		gpus.some(
			(gpu) => gpu.name !== undefined && gpu.memoryTotal === undefined && !gpu.mig && !gpu.troubles?.["memory.total"],
		)
	);
}

async function memoryOf(host: Host): Promise<NvidiaFacts["systemMemory"]> {
	const machine = await readMachine(host);
	if (machine.kind !== "read") return { totalBytes: host.totalMemory };
	return { totalBytes: machine.totalBytes, availableBytes: machine.availableBytes };
}

/** An empty one is what the container toolkit leaves in an image that was made of a container. */
async function findCuda(host: Host): Promise<string | undefined> {
	const directories = [
		...libraryDirectories,
		...(host.env.LD_LIBRARY_PATH ?? "").split(":").filter(Boolean).slice(0, 16),
	];
	const looks = await Promise.all(
		directories.map(async (directory) => {
			const path = join(directory, "libcuda.so.1");
			const look = await host.stat(path);
			return look.kind === "file" && look.size > 0 ? path : undefined;
		}),
	);
	return looks.find((path) => path !== undefined);
}

async function isEmptyFile(host: Host, path: string): Promise<boolean> {
	const look = await host.stat(path);
	return look.kind === "file" && look.size === 0;
}

function nodeOf(path: string, look: FileOutcome, usable: boolean): DeviceNode | undefined {
	if (look.kind === "absent" || look.kind === "unreadable") return undefined;
	return { path, mode: look.mode, gid: look.gid, usable };
}

/** `NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.163.01  …`, `… Open Kernel Module for x86_64  580.126.09  …` */
function moduleVersion(text: string): string {
	return /Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.exec(text)?.[1] ?? text.split("\n", 1)[0]?.slice(0, 200) ?? "";
}
