import { code, cut, listed, upperFirst } from "../../checks/text.ts";
import { reason, unknown } from "../../checks/words.ts";
import type { MachineState } from "../../probes/machine-state.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import { formatBytes } from "../../report/units.ts";
import { span } from "../span.ts";
import { nameOf } from "./gpu.ts";

interface Times {
	readonly start: MachineState;
	readonly state: MachineState;
}

export const intro =
	"Compares `nvidia-smi` with the start, if it listed a GPU then, and reads Xid errors in the kernel's log on the host. Xids of programs (13, 31, 43, 45, 68, 69) are the job's doing; those of the hardware are not. Repairs (63, 92), which no program notices, are no finding.";

export const words = {
	lost: reason<Times & { readonly lost: readonly NvidiaGpu[]; readonly of: number; readonly byContainer: boolean }>({
		level: "fail",
		title: "A GPU was lost during the job",
		why: "Programs fail with `CUDA error: unspecified launch failure`, `no CUDA-capable device is detected`, or hang.",
		expected: "the GPUs of the start",
		tell: ({ lost, of, byContainer, start, state }) => ({
			what: `${upperFirst(listed(lost.slice(0, 4).map((gpu) => code(cut(nameOf(gpu), 60)))))} of ${of} ${of === 1 ? "GPU" : "GPUs"} went away ${span(start, state)}.`,
			fix: byContainer
				? {
						text: "Run the job again: a new container has access. Usually `systemctl daemon-reload` on the host, which package upgrades run, takes it away. To prevent that, give the GPU through CDI, which systemd knows about: replace `--gpus all` in `container.options` with `--device nvidia.com/gpu=all`.",
						commands: ["sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"],
						kind: "host",
					}
				: {
						text: "The kernel's log says why. A card that fell off the bus needs a restart of the machine; a container that lost access needs to be created again.",
						commands: ["sudo dmesg --ctime | grep -E 'NVRM|Xid' | tail -n 20", "nvidia-smi"],
						kind: "host",
					},
		}),
	}),
	xid: reason<Times & { readonly xid: number; readonly isOfProgram?: boolean }>({
		level: "fail",
		title: "The driver reported a fault of the GPU",
		headline: ({ xid, isOfProgram }) =>
			isOfProgram ? `A program caused the GPU error Xid ${xid}` : `The GPU failed with Xid ${xid}`,
		why: "CUDA programs fail with `unspecified launch failure`, `an illegal memory access was encountered`, or an ECC error.",
		expected: "no Xid since the start",
		tell: ({ xid, isOfProgram, start, state }) => ({
			what: isOfProgram
				? `A CUDA program made the driver report Xid ${xid} ${span(start, state)}, which is an error of the program.`
				: `The driver reported Xid ${xid}, a fault of the hardware or its firmware, ${span(start, state)}.`,
			fix: isOfProgram
				? { text: "Run the program under `compute-sanitizer` to find the bad access.", kind: "workflow" }
				: {
						text: "Look the number up in NVIDIA's list of Xid errors, and take the card out of use until it is clear.",
						commands: [
							"sudo dmesg --ctime | grep Xid | tail -n 20",
							"nvidia-smi -q | grep -A8 -i 'remapped\\|recovery'",
						],
						kind: "host",
					},
		}),
	}),
	"memory-taken": reason<Times & { readonly name: string; readonly was: number; readonly free: number }>({
		level: "warn",
		title: "The memory of a GPU was taken during the job",
		why: "Programs fail with `CUDA out of memory`, or move to the CPU. The job's own programs count too while they run. That alone fails no job.",
		expected: "most of the memory that was free at the start",
		tell: ({ name, was, free, start, state }) => ({
			what: `${code(cut(name, 60))} had ${formatBytes(was)} of free memory at the start and has ${formatBytes(free)} now (${span(start, state)}).`,
			fix: {
				text: "See which programs hold it.",
				commands: ["nvidia-smi --query-compute-apps=pid,process_name,used_memory --format=csv"],
				kind: "host",
			},
		}),
	}),
	throttled: reason<Times & { readonly name: string }>({
		level: "warn",
		title: "A GPU was slowed down during the job",
		why: "It runs at a part of its speed, so that tests time out. That alone fails no job.",
		expected: "full clocks, as at the start",
		tell: ({ name, start, state }) => ({
			what: `${code(cut(name, 60))} was slowed down by its hardware, by heat or by its power supply (${span(start, state)}).`,
			fix: {
				text: "Check cooling and power of the machine.",
				commands: ["nvidia-smi -q -d PERFORMANCE,TEMPERATURE,POWER"],
				kind: "host",
			},
		}),
	}),
};

export const unknowns = {
	"no-answer": unknown<{ readonly observed: string }>({
		title: "It is unknown what became of the GPUs",
		why: "If a card went away, every CUDA program fails or hangs.",
		expected: "a list of GPUs, as at the start",
		tell: ({ observed }) => ({
			what: `\`nvidia-smi\` listed GPUs at the start, and now: ${cut(observed, 120)}.`,
			fix: { text: "Ask by hand on the runner's host.", commands: ["timeout 20 nvidia-smi"], kind: "host" },
		}),
	}),
	xid: unknown<{ readonly xid: number }>({
		title: "It is unknown whether an Xid was the program's fault",
		why: "CUDA programs fail when the driver reports one.",
		expected: "an Xid that only hardware, or only programs cause",
		tell: ({ xid }) => ({
			what: `The driver reported Xid ${xid}, which programs and hardware can cause.`,
			fix: {
				text: "Look the number up in NVIDIA's list of Xid errors.",
				commands: ["sudo dmesg --ctime | grep Xid | tail -n 20"],
				kind: "host",
			},
		}),
	}),
};
