import type { Policy } from "../../policy/policy.ts";
import type { NvidiaFacts } from "../../probes/nvidia.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import { formatBytes } from "../../report/units.ts";
import { findVersion, satisfies, type VersionRange } from "../../versions.ts";
import type { Evidence, Finding } from "../check.ts";
import { code } from "../text.ts";
import { driverVersion } from "./nvidia.ts";

export type InventoryReason =
	| "too-few"
	| "too-little-memory"
	| "too-little-free-memory"
	| "driver-too-old"
	| "compute-capability-too-low"
	| "ecc-errors"
	| "mig-unexpected"
	| "hot";

/** Where GPUs slow down to save themselves: most do at 83 to 92 °C. A busy and healthy one stays below 85. */
const hotDegrees = 90;

export interface Inventory {
	readonly nvidia: NvidiaFacts;
	readonly gpus: readonly NvidiaGpu[];
	readonly policy: Policy;
	readonly inContainer: boolean;
}

/** One thing that is judged: a finding, `unknown` where it was asked for and cannot be told, or nothing to say. */
export type Judgement = (inventory: Inventory) => Finding<InventoryReason> | "unknown" | undefined;

/** What of a GPU is counted and measured, in one line. */
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

/** As the driver says it: it keeps some for itself. An old one that does not say has told how much is in use. */
function freeOf({ memoryFree, memoryTotal, memoryUsed }: NvidiaGpu): number | undefined {
	if (memoryFree !== undefined) return memoryFree;
	return memoryTotal === undefined || memoryUsed === undefined ? undefined : Math.max(0, memoryTotal - memoryUsed);
}

function nameOf(gpu: NvidiaGpu): string {
	return `GPU ${gpu.index ?? "?"}${gpu.name === undefined ? "" : ` (${gpu.name})`}`;
}

/** The expectation with the place that it comes from, where it is not the built-in profile's. */
function expected({ policy }: Inventory, key: string, text: string): string {
	const source = policy.sources[`gpu.${key}`] ?? policy.sources.gpu;
	return source === undefined ? text : `${text} (${source})`;
}

function finding(
	{ nvidia, gpus }: Inventory,
	rest: Omit<Finding<InventoryReason>, "kind" | "evidence">,
): Finding<InventoryReason> {
	const driver = driverVersion(nvidia);
	return {
		kind: "finding",
		evidence: [...gpus.map(describe), ...(driver === undefined ? [] : [{ source: "driver", text: driver }])],
		...rest,
	};
}

const tooFew: Judgement = (inventory) => {
	const { gpus, policy, inContainer, nvidia } = inventory;
	const { count } = policy.gpu;
	if (count === undefined || gpus.length >= count) return undefined;
	if (gpus.length === 0) return "unknown";
	const onBus = nvidia.pciDevices?.length ?? 0;
	const more = onBus > gpus.length ? ` The PCI bus has ${onBus} NVIDIA devices.` : "";
	return finding(inventory, {
		reason: "too-few",
		message: `${gpus.length} of the ${count} GPUs that the profile wants can be seen.${more}`,
		why: "Jobs that spread their work over the GPUs fail, or wait for each other.",
		expected: expected(inventory, "count", `at least ${count}`),
		observed: String(gpus.length),
		remedy: inContainer
			? {
					text: "See whether the container was given all of them (`--gpus all`, and `NVIDIA_VISIBLE_DEVICES=all` or unset), and how many the host has.",
					commands: ['echo "$NVIDIA_VISIBLE_DEVICES"', "nvidia-smi -L   # here, and on the host"],
					kind: "runner",
				}
			: {
					text: "A card that is on the bus but not in the list was left out by the driver: the kernel's log says why.",
					commands: ["lspci -nn | grep -i nvidia", "sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20"],
					kind: "host",
				},
	});
};

const tooLittleMemory: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const { memory } = policy.gpu;
	if (memory === undefined) return undefined;
	const small = gpus.find((gpu) => gpu.memoryTotal !== undefined && gpu.memoryTotal < memory);
	if (!small) return gpus.length === 0 || gpus.some((gpu) => gpu.memoryTotal === undefined) ? "unknown" : undefined;
	const has = small.memoryTotal ?? 0;
	// Firmware and error correction keep up to a sixteenth of what is printed on the box.
	const nearly = has >= memory * (15 / 16) * 0.99;
	return finding(inventory, {
		reason: "too-little-memory",
		message: `${nameOf(small)} has ${formatBytes(has)} of memory, the profile wants ${formatBytes(memory)}.`,
		why: "A model that does not fit is loaded in part: the rest is computed by the CPU, many times slower, until tests time out.",
		expected: expected(inventory, "memory", `at least ${formatBytes(memory)} on each GPU`),
		observed: formatBytes(has),
		remedy: {
			text: nearly
				? `A card that is sold with ${formatBytes(memory)} shows a little less, since its firmware and error correction keep a part. If this is the card that is meant, ask for what it shows: \`memory: ${Math.floor(has / 2 ** 30)}GiB\` in the policy.`
				: "Give the label to a machine with a bigger GPU, or lower `gpu.memory` in the policy if jobs can do with less.",
			kind: nearly ? "workflow" : "runner",
		},
	});
};

const tooLittleFreeMemory: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const { freeMemory, count = 1 } = policy.gpu;
	if (freeMemory === undefined) return undefined;
	const free = gpus.map((gpu) => freeOf(gpu));
	const enough = free.filter((bytes) => bytes !== undefined && bytes >= freeMemory).length;
	if (enough >= count) return undefined;
	if (free.length === 0 || free.includes(undefined)) return "unknown";
	const best = Math.max(...free.map((bytes) => bytes ?? 0));
	return finding(inventory, {
		reason: "too-little-free-memory",
		message: `${count === 1 ? "No GPU has" : `Only ${enough} of ${count} GPUs have`} ${formatBytes(freeMemory)} of free memory: the most is ${formatBytes(best)}. Other programs hold the rest.`,
		why: "A model that finds no room is put on the CPU in part, without a word: tests take many times as long, and time out.",
		expected: expected(
			inventory,
			"freeMemory",
			`${formatBytes(freeMemory)} free on ${count === 1 ? "a GPU" : `${count} GPUs`}`,
		),
		observed: `${formatBytes(best)} free`,
		remedy: {
			text: "See on the host who holds the memory, and stop it or give it another GPU. Ollama keeps a model for five minutes after its last use, others for as long as they run.",
			commands: [
				"nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv",
				"ollama ps   # then: ollama stop MODEL",
			],
			kind: "host",
		},
	});
};

const driverTooOld: Judgement = (inventory) => {
	const range = inventory.policy.gpu.driver;
	const text = driverVersion(inventory.nvidia);
	const answer = range && isWithin(text, range);
	if (!range || answer === true) return undefined;
	if (answer === "unknown") return "unknown";
	return finding(inventory, {
		reason: "driver-too-old",
		message: `The driver is ${text}, the profile wants ${code(range.text)}.`,
		why: "CUDA programs built for a newer driver stop with `CUDA driver version is insufficient for CUDA runtime version`.",
		expected: expected(inventory, "driver", `driver ${range.text}`),
		observed: text ?? "unknown",
		remedy: {
			text: "Install another branch of the driver on the host, and restart it: until then module and libraries differ. Containers get their driver from the host, so nothing is to be changed in the image.",
			commands: [
				"sudo ubuntu-drivers list   # Debian: apt-cache policy nvidia-driver",
				"sudo reboot   # after the installation",
			],
			kind: "host",
		},
	});
};

const computeCapabilityTooLow: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	const range = policy.gpu.computeCapability;
	if (!range) return undefined;
	const answers = gpus.map((gpu) => isWithin(gpu.computeCapability, range));
	const wrong = gpus[answers.indexOf(false)];
	if (!wrong) return gpus.length === 0 || answers.includes("unknown") ? "unknown" : undefined;
	return finding(inventory, {
		reason: "compute-capability-too-low",
		message: `${nameOf(wrong)} has compute capability ${wrong.computeCapability}, the profile wants ${code(range.text)}.`,
		why: "Kernels that were not built for this generation do not start: `no kernel image is available for execution on the device`.",
		expected: expected(inventory, "computeCapability", `compute capability ${range.text} on each GPU`),
		observed: wrong.computeCapability ?? "unknown",
		remedy: {
			text: "Give the label to a machine with a GPU of that generation. If this one is meant to do: build for it too (`CMAKE_CUDA_ARCHITECTURES`, `TORCH_CUDA_ARCH_LIST`), and widen `gpu.compute-capability` in the policy. A second card that jobs should not use can be kept from them by `NVIDIA_VISIBLE_DEVICES`.",
			kind: "runner",
		},
	});
};

function isWithin(text: string | undefined, range: VersionRange): boolean | "unknown" {
	const version = text === undefined ? undefined : findVersion(text);
	return version ? satisfies(version, range) : "unknown";
}

const eccErrors: Judgement = (inventory) => {
	const sick = inventory.gpus.find((gpu) => (gpu.eccErrors ?? 0) > 0);
	if (!sick) return undefined;
	return finding(inventory, {
		reason: "ecc-errors",
		message: `The memory of ${nameOf(sick)} had ${sick.eccErrors} errors since the driver was loaded that could not be corrected.`,
		why: "What was computed with that memory is wrong or was cut off, and the next job may get the same cells.",
		expected: "no uncorrected memory errors",
		observed: `${sick.eccErrors}`,
		remedy: {
			text: "On the host, stop what uses the GPU and reset it: that puts spare cells in place of the bad ones. If errors return, or no spare is left, the card has to be replaced.",
			commands: [
				"nvidia-smi -q -d ECC,PAGE_RETIREMENT,ROW_REMAPPER",
				`sudo nvidia-smi --gpu-reset -i ${sick.index ?? 0}`,
			],
			kind: "host",
		},
	});
};

const migUnexpected: Judgement = (inventory) => {
	const { gpus, policy, nvidia } = inventory;
	const split = gpus.find((gpu) => gpu.mig);
	// Who names an instance means it.
	if (!split || policy.gpu.require !== "required" || /\bMIG-/.test(nvidia.visibleDevices ?? "")) return undefined;
	return finding(inventory, {
		reason: "mig-unexpected",
		message: `${nameOf(split)} is in MIG mode: it is split into instances.`,
		why: "A CUDA program sees a single instance, with a part of the memory and of the cores, and none at all where no instance was created.",
		expected: "whole GPUs",
		observed: "MIG mode enabled",
		remedy: {
			text: "If jobs should have the whole GPU, leave MIG mode on the host, with nothing running on it.",
			commands: ["nvidia-smi -L", `sudo nvidia-smi -i ${split.index ?? 0} -mig 0`],
			kind: "host",
			otherwise: {
				text: "If instances are what you want, name the one for jobs in `NVIDIA_VISIBLE_DEVICES` (`MIG-…`, from `nvidia-smi -L`), or switch this off in the policy.",
				config: {
					file: ".gitea/runner-check.yml",
					language: "yaml",
					text: "severity:\n  gpu/inventory:mig-unexpected: off",
				},
				kind: "workflow",
			},
		},
	});
};

const hot: Judgement = (inventory) => {
	const { gpus, policy } = inventory;
	if (policy.gpu.require !== "required") return undefined;
	const gpu = gpus.find((one) => one.thermalSlowdown || (one.temperature ?? 0) >= hotDegrees);
	if (!gpu) return undefined;
	const state = gpu.temperature === undefined ? "too hot" : `at ${gpu.temperature} °C`;
	return finding(inventory, {
		reason: "hot",
		message: `${nameOf(gpu)} is ${state}${gpu.thermalSlowdown ? ", and the hardware has cut its clocks down" : ""}.`,
		why: "A GPU that hot halves its clocks or worse to save itself: jobs take longer for no reason that their logs show, and in the end it switches off.",
		expected: `below ${hotDegrees} °C, no thermal slowdown`,
		observed: state,
		remedy: {
			text: "Look after the cooling: fans, dust, the temperature of the room, the power limit. See on the host who works on it.",
			commands: [
				"nvidia-smi -q -d TEMPERATURE,PERFORMANCE",
				"nvidia-smi --query-compute-apps=pid,process_name --format=csv",
			],
			kind: "host",
		},
	});
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
