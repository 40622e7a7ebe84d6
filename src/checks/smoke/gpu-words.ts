import type { ToolFacts } from "../../probes/tools.ts";
import type { Remedy } from "../check.ts";
import { code, cut, titleWith } from "../text.ts";
import { reason, skipReason, unknown } from "../words.ts";
import { hungFix } from "./part.ts";

export const intro =
	"Compiles a few lines that load `libcuda.so.1` and call `cuInit` and `cuDeviceGetCount`, as every CUDA program does first, and runs them. `nvidia-smi` uses another library, so it may work where no CUDA program does. The compiler is `cc`, `gcc`, `clang` or `rustc`, whichever is installed.";

type Mode = ToolFacts["mode"];

const needed = "No CUDA program of a job finds a GPU. Frameworks fall back to the CPU, or stop.";
const expected = "`cuInit` and `cuDeviceGetCount` that succeed, and one device or more";
const reboot = "A reboot ends all jobs on this machine: first see in the forge that its runners are idle.";

export const words = {
	"cuda-init-failed": reason<{
		readonly call: string;
		readonly number: number;
		readonly error: string;
		readonly mode: Mode;
	}>({
		level: "fail",
		title: "CUDA cannot be initialized",
		headline: ({ number, error }) => titleWith("CUDA fails with ", error.replace(/^CUDA_ERROR_/, "") || String(number)),
		why: needed,
		expected,
		tell: ({ call, number, error, mode }) => ({
			what: `${code(call)} failed with ${number}${error === "" ? "" : ` (${code(cut(error))})`}. ${causes[number] ?? "runner-check does not know the cause of this error."}`,
			fix: fixOf(number, mode),
		}),
	}),
	"library-missing": reason<{ readonly error: string; readonly mode: Mode }>({
		level: "fail",
		title: "The CUDA driver library cannot be loaded",
		why: needed,
		expected,
		tell: ({ error, mode }) => ({
			what: `\`libcuda.so.1\` cannot be loaded: ${code(cut(error, 300))}.`,
			fix:
				mode === "container"
					? {
							text: "The library comes from the host, with the driver's capability `compute`. Start the job's container with `--gpus all`, and with `NVIDIA_DRIVER_CAPABILITIES=compute,utility`. An image with musl cannot load it.",
							commands: ["env | grep NVIDIA", "ldconfig -p | grep libcuda", "ls /dev/nvidia*"],
							kind: "runner",
						}
					: {
							text: "Install the driver's libraries for computing, of the same release as its kernel module. Debian and Ubuntu have them in `libcuda1` and `libnvidia-compute-…`.",
							commands: [
								"cat /proc/driver/nvidia/version",
								"ldconfig -p | grep libcuda",
								"apt-cache search libnvidia-compute",
							],
							kind: "host",
						},
		}),
	}),
	"no-device": reason<{ readonly mode: Mode }>({
		level: "fail",
		title: "CUDA finds no device",
		why: needed,
		expected,
		tell: ({ mode }) => ({
			what: "`libcuda.so.1` works, and reports that this job has no GPU.",
			fix: {
				text: `See which GPUs are hidden: \`CUDA_VISIBLE_DEVICES\` that is empty or names none, ${mode === "container" ? "a container without `--gpus`, " : ""}or devices that this user may not open.`,
				commands: ["env | grep -E 'VISIBLE_DEVICES'", "ls -l /dev/nvidia*", "nvidia-smi -L"],
				kind: "host",
			},
		}),
	}),
	"no-compiler": skipReason({
		level: "skip",
		title: "No compiler for a CUDA program",
		message: "No CUDA program was tried: none of `cc`, `gcc`, `clang` and `rustc` is on the PATH.",
	}),
	timeout: reason({
		level: "fail",
		title: "A CUDA program does not finish in time",
		why: "CUDA programs of jobs hang in the same way.",
		expected,
		tell: () => ({
			what: "A program that only asks CUDA for its devices did not end before the deadline, and was killed.",
			fix: hungFix(["time nvidia-smi -L", "sudo dmesg | grep -i -e nvrm -e xid | tail -n 20"]),
		}),
	}),
};

export const unknowns = {
	"not-tried": unknown<{ readonly compiler: string; readonly error: string }>({
		title: "The CUDA program of `smoke` could not be tried",
		why: "It is unknown whether CUDA works for jobs.",
		expected,
		tell: ({ compiler, error }) => ({
			what: `The program could not be compiled with ${code(compiler)}, or could not be run: ${code(cut(error, 400))}.`,
			fix: {
				text: "Compile and run any program by hand, as the job's user. The C library's files for development are a part of the compiler.",
				commands: [
					"echo 'int main(void) { return 0; }' > /tmp/runner-check-by-hand.c",
					"cc -o /tmp/runner-check-by-hand /tmp/runner-check-by-hand.c",
				],
				kind: "host",
			},
		}),
	}),
};

/** By the number of the error: what each means, as NVIDIA documents it. */
const causes: Readonly<Record<number, string>> = {
	2: "The GPU's memory is used up by others.",
	3: "The driver is not initialized, or is being unloaded.",
	34: "The library is the stub of the CUDA toolkit, which is only for linking.",
	46: "The GPU is in use by a process that has it for itself, or is in exclusive mode.",
	101: "`CUDA_VISIBLE_DEVICES` names a device that does not exist.",
	304: "The operating system denied a call of the driver: a limit, or a device that may not be opened.",
	802: "The GPUs of an NVSwitch machine wait for the fabric manager.",
	803: "The library and the kernel's module are of different releases of the driver.",
	804: "A forward compatibility package of CUDA is in use, which this GPU does not support.",
	805: "The control daemon of MPS cannot be reached.",
	806: "The server of MPS cannot be started.",
	807: "The server of MPS has no room for another client.",
	999: "The driver does not say why. The usual cause is `/dev/nvidia-uvm`, which CUDA needs and `nvidia-smi` does not: its module is not loaded, or the container lacks the device.",
};

function fixOf(number: number, mode: Mode): Remedy {
	switch (number) {
		case 2:
		case 46:
			return {
				text: "See who holds the GPU, and in which mode it is.",
				commands: [
					"nvidia-smi --query-compute-apps=pid,name,used_memory --format=csv",
					"nvidia-smi --query-gpu=compute_mode --format=csv",
				],
				kind: "host",
			};
		case 34:
		case 804:
			return {
				text: "Take the directory of that library out of `LD_LIBRARY_PATH`, so that the driver's own is loaded.",
				commands: ['echo "$LD_LIBRARY_PATH"', "ldconfig -p | grep libcuda"],
				kind: "image",
			};
		case 101:
			return {
				text: "Name devices that exist, or remove the variable.",
				commands: ["env | grep VISIBLE_DEVICES", "nvidia-smi -L"],
				kind: "workflow",
			};
		case 802:
			return {
				text: "Start the fabric manager of the driver's release on the host.",
				commands: ["systemctl status nvidia-fabricmanager --no-pager", "sudo systemctl start nvidia-fabricmanager"],
				kind: "host",
			};
		case 803:
			return {
				text: `Reboot the host, so that the module of the installed release is loaded. ${reboot}`,
				commands: ["cat /proc/driver/nvidia/version", "sudo reboot"],
				kind: "host",
			};
		case 805:
		case 806:
		case 807:
			return {
				text: "See whether MPS is meant to be used here, and whether its daemon runs.",
				commands: ["env | grep CUDA_MPS", "ps -eo pid,user,comm | grep nvidia-cuda-mps"],
				kind: "host",
			};
		case 999:
			return {
				text: `Load the module on the host, which also makes the device.${mode === "container" ? " Then start the job's container again: it gets the devices that exist when it starts." : ""}`,
				commands: [
					"ls -l /dev/nvidia-uvm",
					"sudo nvidia-modprobe -u -c=0",
					"sudo dmesg | grep -i -e nvrm -e xid | tail -n 20",
				],
				kind: "host",
			};
		default:
			return {
				text: "See what the driver says about the GPU.",
				commands: ["nvidia-smi", "sudo dmesg | grep -i -e nvrm -e xid | tail -n 20", "ls -l /dev/nvidia*"],
				kind: "host",
			};
	}
}
