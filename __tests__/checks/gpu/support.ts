import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { GpuRequestFacts } from "../../../src/probes/gpu-request.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import type { DeviceNode, NvidiaFacts, SmiRun } from "../../../src/probes/nvidia.ts";
import type { NvidiaGpu } from "../../../src/probes/nvidia-output.ts";
import { readSmiOutput } from "../../../src/probes/nvidia-output.ts";

export const MiB = 2 ** 20;
export const GiB = 2 ** 30;

/** A healthy RTX 4090, as nvidia-smi reports it. */
export function createGpu(overrides: Partial<NvidiaGpu> = {}): NvidiaGpu {
	return {
		index: 0,
		name: "NVIDIA GeForce RTX 4090",
		uuid: "GPU-1",
		driver: "580.126.09",
		memoryTotal: 24_564 * MiB,
		memoryUsed: 512 * MiB,
		memoryFree: 23_600 * MiB,
		temperature: 41,
		computeCapability: "8.9",
		thermalSlowdown: false,
		...overrides,
	};
}

/** An nvidia-smi that lists these GPUs. */
export function listing(...gpus: readonly NvidiaGpu[]): SmiRun {
	const driver = gpus[0]?.driver;
	return {
		command: "nvidia-smi --query-gpu=index",
		kind: "exited",
		code: 0,
		ms: 30,
		form: "csv",
		gpus,
		messages: "",
		...(driver !== undefined && { driver }),
	};
}

/** An nvidia-smi that prints this instead. */
export function saying(output: string, code = 255): SmiRun {
	return {
		command: "nvidia-smi --query-gpu=index",
		kind: "exited",
		code,
		ms: 30,
		...readSmiOutput(output, ["index", "name", "uuid"]),
	};
}

export function node(path: string, overrides: Partial<DeviceNode> = {}): DeviceNode {
	return { path, mode: 0o666, gid: 0, usable: true, ...overrides };
}

/** A host with one healthy GPU; `undefined` removes a fact. */
export function createNvidia(
	overrides: { readonly [K in keyof NvidiaFacts]?: NvidiaFacts[K] | undefined } = {},
): NvidiaFacts {
	const facts = {
		smi: "/usr/bin/nvidia-smi",
		run: listing(createGpu()),
		nodes: [node("/dev/nvidia0"), node("/dev/nvidiactl")],
		kernelDriver: "580.126.09",
		pciDevices: [{ address: "01:00.0", driver: "nvidia" }],
		...overrides,
	};
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

/** A container or a machine without anything of NVIDIA. */
export function createBare(overrides: Partial<NvidiaFacts> = {}): NvidiaFacts {
	return { nodes: [], pciDevices: [], ...overrides };
}

export function createJob(overrides: Partial<JobFacts> = {}): JobFacts {
	return { inJob: true, system: "gitea", runnerVersion: "v4.1.0", capabilities: [], ...overrides };
}

export const host: ContainerFacts = { mode: "host", witness: "test", names: [] };
export const container: ContainerFacts = {
	mode: "container",
	witness: "overlay root in /proc/self/mountinfo",
	names: ["job"],
	capabilities: "00000000a80425fb",
	boundingCapabilities: "00000000a80425fb",
};

/** A container that was started without a request for a GPU, on a host that is set up for GPUs, as Docker reports it. */
export function createRequestFacts(overrides: Partial<GpuRequestFacts> = {}): GpuRequestFacts {
	return {
		state: "found",
		privileged: false,
		runtime: "runc",
		deviceRequests: [],
		nvidiaEnv: {},
		runtimes: ["io.containerd.runc.v2", "nvidia", "runc"],
		cdiDevices: ["/etc/cdi"],
		...overrides,
	};
}

/** `--gpus all` */
export const gpusAll: NonNullable<GpuRequestFacts["deviceRequests"]>[number] = {
	driver: "",
	count: -1,
	deviceIds: [],
	capabilities: ["gpu"],
};
