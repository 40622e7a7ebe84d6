import type { Policy } from "../../policy/policy.ts";
import type { GpuHoldersFacts } from "../../probes/gpu-holders.ts";
import type { NvidiaFacts } from "../../probes/nvidia.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import { formatBytes } from "../../report/units.ts";
import { findVersion, satisfies, type VersionRange } from "../../versions.ts";
import type { Evidence, Finding } from "../check.ts";
import { demandOf } from "../demand.ts";
import { code } from "../text.ts";
import { type Details, finding } from "../words.ts";
import { plainHolder } from "./holder-words.ts";
import { gpusOf, heatOf, hotDegrees } from "./inventory-health-words.ts";
import { words } from "./inventory-words.ts";
import { driverVersion, isJetsonWithoutSmi, nameOfJetson } from "./nvidia.ts";

/** A GPU, with the memory of the machine if it has none of its own. */
export interface Gpu extends NvidiaGpu {
	readonly sharesMemory?: true;
}

interface Inventory {
	readonly nvidia: NvidiaFacts;
	readonly gpus: readonly Gpu[];
	readonly policy: Policy;
	readonly inContainer: boolean;
	/** Who holds the memory, if that was asked. */
	readonly holders?: GpuHoldersFacts;
}

/** A figure that the profile asks for and no GPU reports. */
interface Unreported {
	readonly kind: "unreported";
	/** Its key in the policy: `memory`. */
	readonly key: string;
	/** What nvidia-smi calls it: `memory.total`. */
	readonly field: string;
	/** Who asks for it. */
	readonly demand: string;
}

/** The GPUs that nvidia-smi lists. A Jetson without it has one. */
export function gpusOfMachine(nvidia: NvidiaFacts): readonly Gpu[] {
	const { run, systemMemory } = nvidia;
	const gpus = isJetsonWithoutSmi(nvidia) ? [{ name: nameOfJetson(nvidia) }] : (run?.gpus ?? []);
	return gpus.map((gpu: NvidiaGpu): Gpu => {
		const hasOwn = gpu.memoryTotal !== undefined || gpu.mig || gpu.troubles?.["memory.total"] !== undefined;
		if (systemMemory === undefined || hasOwn || gpu.name === undefined) return gpu;
		const { totalBytes, availableBytes } = systemMemory;
		return {
			...gpu,
			memoryTotal: totalBytes,
			...(availableBytes !== undefined && { memoryFree: availableBytes }),
			sharesMemory: true,
		};
	});
}

/** Judges one figure; `undefined`: no problem found. */
export type Judgement = (inventory: Inventory) => Finding<keyof typeof words> | Unreported | undefined;

/** The figures of a GPU in one line. */
export function describe(gpu: Gpu, position: number | undefined = 0): Evidence {
	const free = freeOf(gpu);
	const parts = [
		gpu.name ?? "GPU",
		gpu.memoryTotal === undefined
			? undefined
			: `${formatBytes(gpu.memoryTotal)}${gpu.sharesMemory ? " of the machine's memory" : ""}`,
		free === undefined ? undefined : `${formatBytes(free)} free`,
		gpu.computeCapability === undefined ? undefined : `compute capability ${gpu.computeCapability}`,
		gpu.temperature === undefined ? undefined : `${gpu.temperature} °C`,
		gpu.mig ? "MIG" : undefined,
		gpu.eccErrors ? `${gpu.eccErrors} uncorrected memory errors` : undefined,
	];
	return { source: `GPU ${gpu.index ?? position}`, text: parts.filter((part) => part !== undefined).join(", ") };
}

/** As the driver reports it, which keeps some for itself. An old driver reports only what is in use. */
function freeOf({ memoryFree, memoryTotal, memoryUsed }: NvidiaGpu): number | undefined {
	if (memoryFree !== undefined) return memoryFree;
	return memoryTotal === undefined || memoryUsed === undefined ? undefined : Math.max(0, memoryTotal - memoryUsed);
}

function demand({ policy }: Inventory, key: string, amount: string): string {
	return demandOf(policy, amount, `gpu.${key}`, "gpu");
}

function unreported(inventory: Inventory, key: string, field: string, policyKey: string, amount: string): Unreported {
	return { kind: "unreported", key, field, demand: demand(inventory, policyKey, amount) };
}

function details({ nvidia, gpus }: Inventory, observed: string): Details {
	const driver = driverVersion(nvidia);
	return {
		observed,
		evidence: [...gpus.map(describe), ...(driver === undefined ? [] : [{ source: "driver", text: driver }])],
	};
}

/** Fewer than there are, if the profile does not say how many it expects. */
const missingGpus: Judgement = (inventory) => {
	const { gpus, nvidia, policy, inContainer } = inventory;
	const { require, count } = policy.gpu;
	if (require !== "required" || count !== undefined || gpus.length === 0) return undefined;
	const listed = gpus.map(({ pciBusId }) => pciBusId?.toLowerCase() ?? "");
	// A container sees the whole bus, but was given the GPUs that it has nodes of.
	const present = inContainer
		? (nvidia.nodes ?? []).flatMap(({ path }) => (/^\/dev\/nvidia\d+$/.test(path) ? [path] : []))
		: gpusOnBus(nvidia);
	if (present.length <= gpus.length) return undefined;
	const missing = inContainer ? [] : present.filter((address) => !listed.some((id) => id.endsWith(`:${address}`)));
	const seen = { count: gpus.length, present: present.length, missing, inContainer };
	return finding(words, "missing-gpus", seen, details(inventory, gpusOf(gpus.length)));
};

/** Addresses of the GPUs that NVIDIA's driver holds, or no driver. Another one has its card on purpose. */
function gpusOnBus({ pciDevices = [] }: NvidiaFacts): readonly string[] {
	return pciDevices
		.filter((device) => ["", "nvidia"].includes(device.driver) && !device.virtual)
		.filter((device) => device.class === undefined || device.class.startsWith("03"))
		.flatMap(({ address }) => (/^[\da-f]{2}:[\da-f]{2}\.\d$/.test(address) ? [address] : []));
}

const recoveryAction: Judgement = (inventory) => {
	// A reset that only replaces bad rows can wait: `row-remap-pending` says so.
	const gpu = inventory.gpus.find(
		(one) => one.recoveryAction !== undefined && !(one.rowRemapPending && /drain/i.test(one.recoveryAction)),
	);
	return gpu && finding(words, "recovery-action", { gpu }, details(inventory, gpu.recoveryAction ?? ""));
};

const rowRemapPending: Judgement = (inventory) => {
	const gpu = inventory.gpus.find((one) => one.rowRemapPending);
	return gpu && finding(words, "row-remap-pending", { gpu }, details(inventory, "row remapping pending"));
};

/** The hardware, not the driver, and not because it is too hot, which is `hot`. */
const throttled: Judgement = (inventory) => {
	if (inventory.policy.gpu.require !== "required") return undefined;
	const gpu = inventory.gpus.find((one) => one.powerBrake || one.hardwareSlowdown);
	const observed = gpu?.powerBrake ? "power brake" : "hardware slowdown";
	return gpu && finding(words, "throttled", { gpu }, details(inventory, observed));
};

const tooFew: Judgement = (inventory) => {
	const { gpus, policy, inContainer, nvidia } = inventory;
	const { count: wanted } = policy.gpu;
	const count = gpus.length;
	if (wanted === undefined || count >= wanted) return undefined;
	if (count === 0) return unreported(inventory, "count", "index", "count", gpusOf(wanted));
	const onBus = nvidia.pciDevices?.length ?? 0;
	const few = { count, wanted, onBus, inContainer, demand: demand(inventory, "count", gpusOf(wanted)) };
	return finding(words, "too-few", few, details(inventory, String(count)));
};

const tooLittleMemory: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const { memory: wanted } = policy.gpu;
	if (wanted === undefined) return undefined;
	const gpu = gpus.find(({ memoryTotal }) => memoryTotal !== undefined && memoryTotal < wanted);
	if (!gpu) {
		return gpus.length === 0 || gpus.some(({ memoryTotal }) => memoryTotal === undefined)
			? unreported(inventory, "memory", "memory.total", "memory", formatBytes(wanted))
			: undefined;
	}
	const has = gpu.memoryTotal ?? 0;
	const little = {
		gpu,
		has,
		wanted,
		shared: gpu.sharesMemory ?? false,
		demand: demand(inventory, "memory", formatBytes(wanted)),
	};
	return finding(words, "too-little-memory", little, details(inventory, formatBytes(has)));
};

const tooLittleFreeMemory: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const { freeMemory: wanted, count = 1 } = policy.gpu;
	if (wanted === undefined) return undefined;
	const free = gpus.map((gpu) => freeOf(gpu));
	const enough = free.filter((bytes) => bytes !== undefined && bytes >= wanted).length;
	if (enough >= count) return undefined;
	const amount = formatBytes(wanted) + (count === 1 ? "" : ` on ${gpusOf(count)}`);
	if (free.length === 0 || free.includes(undefined)) {
		return unreported(inventory, "free-memory", "memory.free", "freeMemory", amount);
	}
	const best = Math.max(...free.map((bytes) => bytes ?? 0));
	const { holders } = inventory;
	const little = {
		enough,
		count,
		best,
		wanted,
		holders: holders?.holders,
		inContainer: inventory.inContainer,
		shared: gpus.some(({ sharesMemory }) => sharesMemory),
		demand: demand(inventory, "freeMemory", amount),
	};
	const observed = count === 1 ? `${formatBytes(best)} free` : `${enough} of ${gpusOf(count)}`;
	const { evidence, ...rest } = details(inventory, observed);
	const held = holders?.holders.map((one) => ({ source: holders.command, text: plainHolder(one) })) ?? [];
	return finding(words, "too-little-free-memory", little, { ...rest, evidence: [...evidence, ...held] });
};

const driverTooOld: Judgement = (inventory) => {
	const range = inventory.policy.gpu.driver;
	if (!range) return undefined;
	const version = driverVersion(inventory.nvidia);
	const answer = isWithin(version, range);
	if (version === undefined || answer === "unknown") {
		return unreported(inventory, "driver", "driver_version", "driver", code(range.text));
	}
	if (answer) return undefined;
	const old = { version, range: range.text, demand: demand(inventory, "driver", code(range.text)) };
	return finding(words, "driver-too-old", old, details(inventory, version));
};

const computeCapabilityTooLow: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const range = policy.gpu.computeCapability;
	if (!range) return undefined;
	const answers = gpus.map((gpu) => isWithin(gpu.computeCapability, range));
	const gpu = gpus[answers.indexOf(false)];
	if (!gpu) {
		return gpus.length === 0 || answers.includes("unknown")
			? unreported(inventory, "compute-capability", "compute_cap", "computeCapability", code(range.text))
			: undefined;
	}
	const low = { gpu, range: range.text, demand: demand(inventory, "computeCapability", code(range.text)) };
	return finding(words, "compute-capability-too-low", low, details(inventory, gpu.computeCapability ?? "unknown"));
};

function isWithin(text: string | undefined, range: VersionRange): boolean | "unknown" {
	const version = text === undefined ? undefined : findVersion(text);
	return version ? satisfies(version, range) : "unknown";
}

const eccErrors: Judgement = (inventory) => {
	const gpu = inventory.gpus.find((one) => (one.eccErrors ?? 0) > 0);
	return gpu && finding(words, "ecc-errors", { gpu }, details(inventory, `${gpu.eccErrors}`));
};

const migUnexpected: Judgement = (inventory) => {
	const { gpus, policy, nvidia } = inventory;
	const gpu = gpus.find(({ mig }) => mig);
	// A container that names an instance was given it on purpose.
	if (!gpu || policy.gpu.require !== "required" || /\bMIG-/.test(nvidia.visibleDevices ?? "")) return undefined;
	return finding(words, "mig-unexpected", { gpu }, details(inventory, "MIG mode enabled"));
};

const hot: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	if (policy.gpu.require !== "required") return undefined;
	const gpu = gpus.find((one) => one.thermalSlowdown || (one.temperature ?? 0) >= hotDegrees);
	return gpu && finding(words, "hot", { gpu }, details(inventory, heatOf(gpu)));
};

/** Failures before warnings: the first finding counts. */
export const judgements: readonly Judgement[] = [
	recoveryAction,
	missingGpus,
	tooFew,
	tooLittleMemory,
	tooLittleFreeMemory,
	driverTooOld,
	computeCapabilityTooLow,
	eccErrors,
	rowRemapPending,
	migUnexpected,
	hot,
	throttled,
];
