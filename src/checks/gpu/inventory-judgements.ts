import type { Policy } from "../../policy/policy.ts";
import type { NvidiaFacts } from "../../probes/nvidia.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import { formatBytes } from "../../report/units.ts";
import { findVersion, satisfies, type VersionRange } from "../../versions.ts";
import type { Evidence, Finding } from "../check.ts";
import { demandOf } from "../demand.ts";
import { code } from "../text.ts";
import { type Details, finding } from "../words.ts";
import { gpusOf, heatOf, hotDegrees, words } from "./inventory-words.ts";
import { driverVersion } from "./nvidia.ts";

export interface Inventory {
	readonly nvidia: NvidiaFacts;
	readonly gpus: readonly NvidiaGpu[];
	readonly policy: Policy;
	readonly inContainer: boolean;
}

/** A figure that the profile asks for and no GPU reports, as its key in the policy: `memory`. */
type Unreported = string;

/** Judges one figure; `undefined`: no problem found. */
export type Judgement = (inventory: Inventory) => Finding<keyof typeof words> | Unreported | undefined;

/** The figures of a GPU in one line. */
export function describe(gpu: NvidiaGpu, position: number | undefined = 0): Evidence {
	const free = freeOf(gpu);
	const parts = [
		gpu.name ?? "GPU",
		gpu.memoryTotal === undefined ? undefined : formatBytes(gpu.memoryTotal),
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

function details({ nvidia, gpus }: Inventory, observed: string): Details {
	const driver = driverVersion(nvidia);
	return {
		observed,
		evidence: [...gpus.map(describe), ...(driver === undefined ? [] : [{ source: "driver", text: driver }])],
	};
}

const tooFew: Judgement = (inventory) => {
	const { gpus, policy, inContainer, nvidia } = inventory;
	const { count: wanted } = policy.gpu;
	const count = gpus.length;
	if (wanted === undefined || count >= wanted) return undefined;
	if (count === 0) return "count";
	const onBus = nvidia.pciDevices?.length ?? 0;
	const few = { count, wanted, onBus, inContainer, demand: demand(inventory, "count", gpusOf(wanted)) };
	return finding(words, "too-few", few, details(inventory, String(count)));
};

const tooLittleMemory: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const { memory: wanted } = policy.gpu;
	if (wanted === undefined) return undefined;
	const gpu = gpus.find(({ memoryTotal }) => memoryTotal !== undefined && memoryTotal < wanted);
	if (!gpu)
		return gpus.length === 0 || gpus.some(({ memoryTotal }) => memoryTotal === undefined) ? "memory" : undefined;
	const has = gpu.memoryTotal ?? 0;
	const little = { gpu, has, wanted, demand: demand(inventory, "memory", formatBytes(wanted)) };
	return finding(words, "too-little-memory", little, details(inventory, formatBytes(has)));
};

const tooLittleFreeMemory: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const { freeMemory: wanted, count = 1 } = policy.gpu;
	if (wanted === undefined) return undefined;
	const free = gpus.map((gpu) => freeOf(gpu));
	const enough = free.filter((bytes) => bytes !== undefined && bytes >= wanted).length;
	if (enough >= count) return undefined;
	if (free.length === 0 || free.includes(undefined)) return "free-memory";
	const best = Math.max(...free.map((bytes) => bytes ?? 0));
	const amount = formatBytes(wanted) + (count === 1 ? "" : ` on ${gpusOf(count)}`);
	const little = { enough, count, best, wanted, demand: demand(inventory, "freeMemory", amount) };
	const observed = count === 1 ? `${formatBytes(best)} free` : `${enough} of ${gpusOf(count)}`;
	return finding(words, "too-little-free-memory", little, details(inventory, observed));
};

const driverTooOld: Judgement = (inventory) => {
	const range = inventory.policy.gpu.driver;
	if (!range) return undefined;
	const version = driverVersion(inventory.nvidia);
	const answer = isWithin(version, range);
	if (version === undefined || answer === "unknown") return "driver";
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
	if (!gpu) return gpus.length === 0 || answers.includes("unknown") ? "compute-capability" : undefined;
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

/** In the order of their reasons: the first finding counts. */
export const judgements: readonly Judgement[] = [
	tooFew,
	tooLittleMemory,
	tooLittleFreeMemory,
	driverTooOld,
	computeCapabilityTooLow,
	eccErrors,
	migUnexpected,
	hot,
];
