import type { GpuHolder } from "../../probes/gpu-holders.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import { formatBytes } from "../../report/units.ts";
import { listed, shortTitle, upperFirst } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { endsAllJobs } from "./driver-trouble.ts";
import { lookAtHolders, whoHolds } from "./holder-words.ts";
import { gpusOf, healthWords, nameOf, numberOf } from "./inventory-health-words.ts";

/** Who asks for a figure: "the profile `inference` asks for 2 GPUs". */
interface Demanded {
	readonly demand: string;
}

interface TooFew extends Demanded {
	readonly count: number;
	readonly wanted: number;
	/** NVIDIA devices on the PCI bus; 0: unknown. */
	readonly onBus: number;
	readonly inContainer: boolean;
}

interface TooLittleMemory extends Demanded {
	readonly gpu: NvidiaGpu;
	/** Bytes. */
	readonly has: number;
	readonly wanted: number;
	/** The GPU has no memory of its own: this is the machine's. */
	readonly shared: boolean;
}

interface TooLittleFreeMemory extends Demanded {
	/** GPUs that have enough, of how many that are wanted. */
	readonly enough: number;
	readonly count: number;
	/** Bytes that are free on the GPU with the most. */
	readonly best: number;
	readonly wanted: number;
	/** Who holds the memory; `undefined`: not found out. */
	readonly holders: readonly GpuHolder[] | undefined;
	/** The GPU has no memory of its own, so every program of the machine holds some. */
	readonly shared: boolean;
	readonly inContainer: boolean;
}

interface DriverTooOld extends Demanded {
	readonly version: string;
	readonly range: string;
}

interface ComputeCapabilityTooLow extends Demanded {
	readonly gpu: NvidiaGpu;
	readonly range: string;
}

export const intro =
	"Compares the GPUs that `nvidia-smi` lists with what the profile asks for, and checks their health. If a GPU does not report a figure (`[N/A]`) that the profile asks for, the check is undecided and names it. Other figures may be missing.";

export const words = {
	...healthWords,
	"too-few": reason<TooFew>({
		level: "fail",
		title: "Too few GPUs",
		headline: ({ count, wanted }) => `Too few GPUs (${count} of ${wanted})`,
		why: "Jobs that spread their work over several GPUs fail, or wait for each other.",
		expected: ({ wanted }) => `at least ${wanted}`,
		tell: ({ count, onBus, inContainer, demand }) => ({
			what: `\`nvidia-smi\` lists ${gpusOf(count)}; ${demand}.${onBus > count ? ` The PCI bus has ${onBus} NVIDIA devices.` : ""}`,
			fix: inContainer
				? {
						text: "Check that the container was given all GPUs (`--gpus all`, and `NVIDIA_VISIBLE_DEVICES` is `all` or not set), and how many the host has.",
						commands: ['echo "$NVIDIA_VISIBLE_DEVICES"', "nvidia-smi -L   # in the container and on the host"],
						kind: "runner",
					}
				: {
						text: "Find out from the kernel's log why the driver rejected a card that is on the bus.",
						commands: ["lspci -nn | grep -i nvidia", "sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20"],
						kind: "host",
					},
		}),
	}),
	"too-little-memory": reason<TooLittleMemory>({
		level: "fail",
		title: "A GPU has too little memory",
		headline: ({ gpu, has, wanted }) =>
			`${numberOf(gpu)} has too little memory (${formatBytes(has)} of ${formatBytes(wanted)})`,
		why: "A model that does not fit in GPU memory is silently offloaded to the CPU. Tests become many times slower and time out.",
		expected: ({ wanted }) => `at least ${formatBytes(wanted)} on each GPU`,
		tell: ({ gpu, has, wanted, shared, demand }) => ({
			what: shared
				? `${nameOf(gpu)} has no memory of its own and uses the machine's, which is ${formatBytes(has)}; ${demand}.`
				: `${nameOf(gpu)} has ${formatBytes(has)} of memory; ${demand}.`,
			fix: isNearly(has, wanted)
				? {
						text: `If this is the right card, set \`memory: ${Math.floor(has / 2 ** 30)}GiB\` in the policy. A card sold with ${formatBytes(wanted)} reports a little less, because firmware and error correction use a part.`,
						kind: "workflow",
					}
				: {
						text: "Move the label to a machine with a larger GPU. Or lower `gpu.memory` in the policy, if jobs need less.",
						kind: "runner",
					},
		}),
	}),
	"too-little-free-memory": reason<TooLittleFreeMemory>({
		level: "fail",
		title: "Too little free GPU memory",
		headline: ({ enough, count, best, wanted }) =>
			`Too little free GPU memory (${count === 1 ? `${formatBytes(best)} of ${formatBytes(wanted)}` : `${enough} of ${gpusOf(count)}`})`,
		why: "A model that does not fit in GPU memory is silently offloaded to the CPU. Tests become many times slower and time out.",
		expected: ({ count, wanted }) => `${formatBytes(wanted)} free on ${count === 1 ? "a GPU" : `${count} GPUs`}`,
		tell: ({ enough, count, best, wanted, holders, shared, inContainer, demand }) => ({
			what: `${count === 1 ? `No GPU has more than ${formatBytes(best)} of free memory` : `Only ${enough} of ${gpusOf(count)} ${enough === 1 ? "has" : "have"} ${formatBytes(wanted)} of free memory`}; ${demand}. ${shared ? "It shares the memory of the machine with all programs." : "Other programs hold the rest."}${whoHolds(holders, inContainer)}`,
			fix: {
				text: "Find out which programs hold the memory, and stop them or move them to another GPU. Ollama keeps a model for five minutes after its last use, unless `OLLAMA_KEEP_ALIVE` changes that.",
				commands: [...lookAtHolders(holders), "ollama ps   # `ollama stop` with a model's name unloads it"],
				kind: "host",
			},
		}),
	}),
	"driver-too-old": reason<DriverTooOld>({
		level: "fail",
		title: "The NVIDIA driver has the wrong version",
		headline: ({ version, range }) =>
			shortTitle(`NVIDIA driver ${version} does not match ${range}`, "The NVIDIA driver has the wrong version"),
		why: "CUDA programs that are built for a newer driver stop with `CUDA driver version is insufficient for CUDA runtime version`.",
		expected: ({ range }) => `driver ${range}`,
		tell: ({ version, demand }) => ({
			what: `The NVIDIA driver is ${version}; ${demand}.`,
			fix: {
				text: "Install another branch of the driver and restart the machine, which ends all jobs on it. Until then, kernel module and libraries do not match. Images need no change: containers get the driver from the host.",
				commands: [
					"sudo ubuntu-drivers list   # on Debian: apt-cache policy nvidia-driver",
					`sudo reboot   # after the installation; ${endsAllJobs}`,
				],
				kind: "host",
			},
		}),
	}),
	"compute-capability-too-low": reason<ComputeCapabilityTooLow>({
		level: "fail",
		title: "A GPU has the wrong compute capability",
		headline: ({ gpu, range }) =>
			shortTitle(
				`${numberOf(gpu)} has compute capability ${gpu.computeCapability} (needs ${range})`,
				"A GPU has the wrong compute capability",
			),
		why: "Kernels that were not built for this generation do not start: `no kernel image is available for execution on the device`.",
		expected: ({ range }) => `compute capability ${range} on each GPU`,
		tell: ({ gpu, demand }) => ({
			what: `${nameOf(gpu)} has compute capability ${gpu.computeCapability}; ${demand}.`,
			fix: {
				text: "Move the label to a machine with a GPU of that generation. To use this one, build for it as well (`CMAKE_CUDA_ARCHITECTURES`, `TORCH_CUDA_ARCH_LIST`) and widen `gpu.compute-capability` in the policy. To keep jobs from using a second card, name the others in `NVIDIA_VISIBLE_DEVICES`.",
				kind: "runner",
			},
		}),
		more: "The compute capability is a GPU's generation: 7.5 is Turing, 8.x Ampere and Ada, 9.0 Hopper, 10.x and 12.x Blackwell. Drivers of branch 470 and older do not report it, so the check is undecided with them.",
	}),
};

/** Firmware and error correction use up to a sixteenth of what a card is sold with. */
function isNearly(has: number, wanted: number): boolean {
	return has >= wanted * (15 / 16) * 0.99;
}

export const unknowns = {
	"not-reported": unknown<{
		readonly asked: string;
		/** The same as nvidia-smi calls it. */
		readonly fields: string;
		readonly demands: readonly string[];
		readonly hasGpu: boolean;
		readonly jetson: boolean;
	}>({
		title: "`nvidia-smi` does not report what the profile asks for",
		why: "Jobs of this profile rely on it. Programs that need more than the GPU has fail when they start, or run on the CPU.",
		expected: ({ fields }) => `a value for ${fields}`,
		tell: ({ asked, fields, demands, hasGpu, jetson }) => ({
			what: jetson
				? `${asked} cannot be judged: this Jetson has no \`nvidia-smi\`, which came with JetPack 6. ${upperFirst(listed(demands))}.`
				: `${asked} cannot be judged by the output of \`nvidia-smi\`: ${hasGpu ? `this driver or GPU does not report ${fields}` : "it lists no GPU"}. ${upperFirst(listed(demands))}.`,
			fix: {
				text: jetson
					? `Remove ${asked} from the profile for this machine, or upgrade it to JetPack 6.`
					: hasGpu
						? `Update the NVIDIA driver: newer ones report more. If the GPU itself lacks the figure (\`[N/A]\`), remove ${asked} from the profile.`
						: "Find out why the driver sees no GPU: the kernel's log has its messages.",
				commands: jetson
					? ["cat /etc/nv_tegra_release"]
					: hasGpu
						? ["nvidia-smi --query", "nvidia-smi --help-query-gpu | grep -i -e compute_cap -e memory"]
						: ["nvidia-smi --list-gpus", "sudo dmesg | grep -i -e nvrm -e xid | tail -n 20"],
				kind: "host",
			},
		}),
	}),
};
