import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import type { Remedy } from "../check.ts";
import { code, listed, shellQuote, shortTitle } from "../text.ts";
import { reason } from "../words.ts";
import { endsAllJobs, kernelLog, restartEndsJobs } from "./driver-trouble.ts";

interface MissingGpus {
	/** GPUs that are listed, and that are there. */
	readonly count: number;
	readonly present: number;
	/** Addresses on the PCI bus of those that are not listed, as far as they are known. */
	readonly missing: readonly string[];
	readonly inContainer: boolean;
}

interface OfGpu {
	readonly gpu: NvidiaGpu;
}

/** Most GPUs slow down at 83 to 92 °C to save themselves. A busy and healthy one stays below 85. */
export const hotDegrees = 90;

/** Reasons of GPUs that are not healthy, whatever the profile asks for. */
export const healthWords = {
	"missing-gpus": reason<MissingGpus>({
		level: "fail",
		title: "A GPU of this machine is missing",
		headline: ({ count, present }) =>
			`${present - count} of ${gpusOf(present)} ${present - count === 1 ? "is" : "are"} missing`,
		why: "A card that the driver cannot start is silently left out of the list. Jobs get fewer GPUs than the machine has, and those that name one by its number get another one.",
		expected: ({ present }) => `${present} GPUs`,
		tell: ({ count, present, missing, inContainer }) => ({
			what: inContainer
				? `This container was given the device nodes of ${gpusOf(present)}, but \`nvidia-smi\` lists ${count}.`
				: `The PCI bus has ${gpusOf(present)}, but \`nvidia-smi\` lists ${count}.${missing.length === 0 ? "" : ` Not listed: ${listed(missing.map(code))}.`}`,
			fix: {
				text: "Find out from the kernel's log why the driver rejected the card: `RmInitAdapter failed` means power, seat or a broken card; `will ignore this GPU` and `not supported by open nvidia.ko` mean that the card is too old for this driver. If it is left out on purpose, say in the profile how many GPUs jobs get.",
				commands: [
					"lspci -nnk | grep -A3 -i nvidia",
					`sudo dmesg | grep -i -e nvrm -e xid${missing
						.slice(0, 4)
						.map((address) => ` -e ${shellQuote(address)}`)
						.join("")} | tail -n 20`,
				],
				config: {
					file: ".gitea/runner-check.yml",
					language: "yaml",
					text: `gpu: { require: required, count: ${count} }`,
				},
				kind: "host",
			},
		}),
		more: "Judged only if the profile requires a GPU and sets no `count`. Cards that another driver holds, such as `vfio-pci`, do not count.",
	}),
	"recovery-action": reason<OfGpu>({
		level: "fail",
		title: "The driver asks for a GPU's recovery",
		headline: ({ gpu }) =>
			shortTitle(`${numberOf(gpu)} needs recovery (${gpu.recoveryAction})`, `${numberOf(gpu)} needs recovery`),
		why: "The GPU is in a bad state: programs on it fail or hang until the action is taken, although `nvidia-smi` lists it.",
		expected: "`gpu_recovery_action` is `None`",
		tell: ({ gpu }) => ({
			what: `The driver reports for ${nameOf(gpu)} that it has to be recovered: ${code(gpu.recoveryAction ?? "")}.`,
			fix: recover(gpu),
		}),
		more: "`nvidia-smi -q` shows it as `GPU Recovery Action`, from driver branch 570 on.",
	}),
	"ecc-errors": reason<OfGpu>({
		level: "fail",
		title: "A GPU has uncorrected memory errors",
		headline: ({ gpu }) => `${numberOf(gpu)} has uncorrected memory errors (${gpu.eccErrors})`,
		why: "Results that were computed with this memory are wrong or incomplete, and the next job may get the same cells.",
		expected: "no uncorrected memory errors",
		tell: ({ gpu }) => ({
			what: `${nameOf(gpu)} had ${gpu.eccErrors} memory errors since the driver was loaded that could not be corrected.`,
			fix: {
				text: "Stop everything that uses the GPU (`fuser` lists it), and reset it, which replaces the bad cells with spare ones. If errors return or no spare cells are left, replace the card.",
				commands: [
					"nvidia-smi -q -d ECC,PAGE_RETIREMENT,ROW_REMAPPER",
					"sudo fuser -v /dev/nvidia*",
					`sudo nvidia-smi --gpu-reset -i ${gpu.index ?? 0}`,
				],
				kind: "host",
			},
		}),
	}),
	"row-remap-pending": reason<OfGpu>({
		level: "warn",
		title: "A GPU waits for a reset to replace bad memory",
		headline: ({ gpu }) => `${numberOf(gpu)} waits for a reset to replace bad memory`,
		why: "Bad rows of its memory were found and stay in use until the reset. A job that gets them fails with an uncorrectable memory error (Xid 94 or 95).",
		expected: "no row remapping is pending",
		tell: ({ gpu }) => ({
			what: `${nameOf(gpu)} has bad rows in its memory, and spare ones replace them at the next reset (\`remapped_rows.pending\`).`,
			fix: {
				text: "Take the runner out of service when it is idle, stop everything that uses the GPU (`fuser` lists it), and reset it. If rows fail again soon, replace the card.",
				commands: [
					"nvidia-smi -q -d ROW_REMAPPER",
					"sudo fuser -v /dev/nvidia*",
					`sudo nvidia-smi --gpu-reset -i ${gpu.index ?? 0}`,
				],
				kind: "host",
			},
		}),
		more: "From driver branch 570 on.",
	}),
	"mig-unexpected": reason<OfGpu>({
		level: "warn",
		title: "A GPU is split into MIG instances",
		headline: ({ gpu }) => `${numberOf(gpu)} is split into MIG instances`,
		why: "A CUDA program sees a single instance, with a part of the memory and of the cores. It sees none if no instance was created.",
		expected: "whole GPUs",
		tell: ({ gpu }) => ({
			what: `${nameOf(gpu)} is in MIG mode.`,
			fix: {
				text: "To give jobs the whole GPU, stop everything that uses it (`fuser` lists it), and turn MIG mode off, which removes its instances.",
				commands: ["nvidia-smi -L", "sudo fuser -v /dev/nvidia*", `sudo nvidia-smi -i ${gpu.index ?? 0} -mig 0`],
				kind: "host",
				otherwise: {
					text: "To use instances, name the one for jobs in `NVIDIA_VISIBLE_DEVICES` (`nvidia-smi -L` lists their names, which start with `MIG-`). Or turn this warning off in the policy.",
					config: {
						file: ".gitea/runner-check.yml",
						language: "yaml",
						text: "severity:\n  gpu/inventory:mig-unexpected: off",
					},
					kind: "workflow",
				},
			},
		}),
		more: "Judged only if the profile requires a GPU.",
	}),
	hot: reason<OfGpu>({
		level: "warn",
		title: "A GPU is too hot",
		headline: ({ gpu }) =>
			`${numberOf(gpu)} is too hot${gpu.temperature === undefined ? "" : ` (${gpu.temperature} °C)`}`,
		why: "A GPU that is this hot halves its clocks or lowers them further, and switches off in the end. Jobs become slower for no reason that their logs show.",
		expected: `below ${hotDegrees} °C, no thermal slowdown`,
		tell: ({ gpu }) => ({
			what: `${nameOf(gpu)} is ${heatOf(gpu)}${gpu.thermalSlowdown ? ", and the hardware has lowered its clocks" : ""}.`,
			fix: {
				text: "Check the cooling: fans, dust, room temperature and power limit. The second command lists the programs that use the GPU.",
				commands: [
					"nvidia-smi -q -d TEMPERATURE,PERFORMANCE",
					"nvidia-smi --query-compute-apps=pid,process_name --format=csv",
				],
				kind: "host",
			},
		}),
		more: "Judged only if the profile requires a GPU.",
	}),
	throttled: reason<OfGpu>({
		level: "warn",
		title: "The hardware slows a GPU down",
		headline: ({ gpu }) => `${numberOf(gpu)} is slowed down by ${gpu.powerBrake ? "its power supply" : "the hardware"}`,
		why: "The clocks are halved or lower. Jobs take several times as long, for no reason that their logs show.",
		expected: "no hardware slowdown, no power brake",
		tell: ({ gpu }) => ({
			what: gpu.powerBrake
				? `The power supply of the machine makes ${nameOf(gpu)} lower its clocks (power brake).`
				: `The hardware has lowered the clocks of ${nameOf(gpu)} to half or less, and not because of heat.`,
			fix: {
				text: "Look whether it stays so while a job runs. Then check the power: all cables of the card, both power supplies of the server, and its power cap in the management controller. The third command lists what the power supplies report.",
				commands: [
					"nvidia-smi -q -d PERFORMANCE,POWER",
					"nvidia-smi --query-gpu=clocks.sm,clocks.max.sm,power.draw,power.limit --format=csv",
					"sudo ipmitool sdr type 'Power Supply'",
				],
				kind: "host",
			},
		}),
		more: "Judged only if the profile requires a GPU. A slowdown because of heat is `hot`.",
	}),
};

/** By what the driver asks for; what it does not know yet is left to the reader. */
function recover(gpu: NvidiaGpu): Remedy {
	const look = ["nvidia-smi -q | grep -i -A1 'recovery action'", kernelLog];
	const action = gpu.recoveryAction ?? "";
	if (/reboot/i.test(action)) {
		return {
			text: `Find the \`Xid\` in the kernel's log, and ${restartEndsJobs}.`,
			commands: [...look, `sudo reboot   # ${endsAllJobs}`],
			kind: "host",
		};
	}
	if (/reset/i.test(action)) {
		return {
			text: `Take the runner out of service, stop everything that uses the GPU (\`fuser\` lists it), and reset it. If the reset is refused, ${restartEndsJobs}.`,
			commands: [
				...look,
				"sudo fuser -v /dev/nvidia*",
				`sudo nvidia-smi --gpu-reset -i ${gpu.index ?? 0}`,
				`sudo reboot   # if the reset is refused; ${endsAllJobs}`,
			],
			kind: "host",
		};
	}
	return {
		text: `Find the \`Xid\` in the kernel's log. Let the jobs that use several GPUs end and start no new ones until the action is gone. If it stays, ${restartEndsJobs}.`,
		commands: [...look, "sudo fuser -v /dev/nvidia*", `sudo reboot   # if it stays; ${endsAllJobs}`],
		kind: "host",
	};
}

/** `at 91 °C`, or `too hot` if only the hardware's slowdown shows it. */
export function heatOf({ temperature }: NvidiaGpu): string {
	return temperature === undefined ? "too hot" : `at ${temperature} °C`;
}

/** `2 GPUs` */
export function gpusOf(count: number): string {
	return `${count} ${count === 1 ? "GPU" : "GPUs"}`;
}

export function numberOf(gpu: NvidiaGpu): string {
	return gpu.index === undefined ? "A GPU" : `GPU ${gpu.index}`;
}

export function nameOf(gpu: NvidiaGpu): string {
	return `${numberOf(gpu)}${gpu.name === undefined ? "" : ` (${gpu.name})`}`;
}
