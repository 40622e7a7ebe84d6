import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import { reason, type Told } from "../words.ts";
import {
	type DriverTrouble,
	endsAllJobs,
	gpuInText,
	gpuInTitle,
	imageOrHost,
	kernelLog,
	restartEndsJobs,
} from "./driver-trouble.ts";
import { cudaFails } from "./nvidia.ts";

const expected = "`nvidia-smi` lists the GPUs of this machine";

/** Reasons of a card that fails, or of a driver that gives no usable answer. */
export const faultWords = {
	"gpu-lost": reason<DriverTrouble>({
		level: "fail",
		title: "A GPU has fallen off the bus",
		headline: (seen) => `${gpuInTitle(seen)} has fallen off the bus`,
		why: "`nvidia-smi` stops at a lost GPU and hides the healthy ones. Programs that use CUDA fail.",
		expected,
		tell: (seen) => ({
			what: `${gpuInText(seen)} is lost: it no longer answers on the PCI bus.`,
			fix: {
				text: "Shut the machine down, which ends all jobs on it, and switch it on again on site or through its management controller: a lost card needs a power cycle. If it happens again, look for the `Xid` in the kernel's log, and check power supply, cables, seat and temperature of the card.",
				commands: [kernelLog, `sudo poweroff   # ${endsAllJobs}`],
				kind: "host",
			},
		}),
		more: "`nvidia-smi` reports `Unable to determine the device handle for GPU1: GPU is lost.  Reboot the system to recover this GPU`, or prints `[GPU is lost]` in its cells and exits with 0.",
	}),
	"reset-required": reason<DriverTrouble>({
		level: "fail",
		title: "A GPU needs a reset",
		headline: (seen) => `${gpuInTitle(seen)} needs a reset`,
		why: cudaFails,
		expected,
		tell: (seen) => ({
			what: `${gpuInText(seen)} needs a reset before it can be used again.`,
			fix: {
				text: `Stop everything that uses the GPU (\`fuser\` lists it), and reset it. If the reset is refused, ${restartEndsJobs}.`,
				commands: [
					"sudo fuser -v /dev/nvidia*",
					`sudo nvidia-smi --gpu-reset -i ${shellQuote(seen.gpu ?? "0")}`,
					`sudo reboot   # if the reset is refused; ${endsAllJobs}`,
				],
				kind: "host",
			},
		}),
		more: "`nvidia-smi` reports `A GPU reset must occur before this GPU can be used again.`",
	}),
	"insufficient-power": reason<DriverTrouble>({
		level: "fail",
		title: "A GPU does not get enough power",
		headline: (seen) => `${gpuInTitle(seen)} does not get enough power`,
		why: cudaFails,
		expected,
		tell: (seen) => ({
			what: `${gpuInText(seen)} does not get enough power.`,
			fix: {
				text: "Shut the machine down, which ends all jobs on it, and open it: all power cables of the card must be attached and seated firmly, and the power supply must be strong enough.",
				commands: [`sudo poweroff   # ${endsAllJobs}`],
				kind: "host",
			},
		}),
		more: "`nvidia-smi` reports `Unable to communicate with GPU because it is insufficiently powered.`",
	}),
	timeout: reason<DriverTrouble>({
		level: "fail",
		title: "`nvidia-smi` does not answer",
		headline: ({ nvidia }) => {
			if (nvidia.run?.kind !== "timed-out") return "The NVIDIA driver timed out waiting for a GPU";
			return nvidia.run.abandoned ? "`nvidia-smi` hangs in the kernel" : "`nvidia-smi` does not answer";
		},
		why: ({ nvidia }) =>
			nvidia.run?.kind === "timed-out" && nvidia.run.abandoned
				? "Every program that touches the GPU hangs in the same way and cannot be killed. A job that does so blocks its runner."
				: "Programs that use the GPU hang as well, and jobs run into their time limit.",
		expected: "`nvidia-smi` answers within the input `timeout`",
		tell: tellTimeout,
	}),
	broken: reason<DriverTrouble>({
		level: "fail",
		title: "`nvidia-smi` fails",
		headline: ({ nvidia }) =>
			nvidia.run?.kind === "not-started" ? "`nvidia-smi` cannot be started" : "`nvidia-smi` fails",
		why: cudaFails,
		expected,
		tell: tellBroken,
		more: "`nvidia-smi` fails for another reason, crashes, or prints nothing that can be read. `ERR!` in its table is a sensor, or a whole GPU, that no longer answers.",
	}),
};

function tellTimeout({ nvidia, text }: DriverTrouble): Told {
	const { run } = nvidia;
	if (run?.kind !== "timed-out") {
		return { what: `The driver gave up waiting for the GPU: ${code(text)}.`, fix: findHang };
	}
	const seconds = Math.round(run.ms / 100) / 10;
	if (run.abandoned) {
		return {
			what: `\`nvidia-smi\` did not answer within ${seconds} s, and \`SIGKILL\` did not end it: it hangs in the kernel.`,
			fix: findHang,
		};
	}
	return {
		what: `\`nvidia-smi\` did not answer within ${seconds} s.`,
		fix: {
			...findHang,
			otherwise: {
				text: "If it is only slow, turn on persistence mode. Without it, the driver sets up every GPU again for each call while no program uses it.",
				commands: ["time nvidia-smi", "sudo systemctl enable --now nvidia-persistenced"],
				kind: "host",
			},
		},
	};
}

const findHang: Omit<Remedy, "otherwise"> = {
	text: `Look for an \`Xid\` or a hung task in the kernel's log. To end a process that hangs in the kernel, ${restartEndsJobs}.`,
	commands: [
		"sudo dmesg | grep -iE 'nvrm|xid|hung task|blocked for more' | tail -n 20",
		`sudo reboot   # ${endsAllJobs}`,
	],
	kind: "host",
};

function tellBroken(seen: DriverTrouble): Told {
	const { nvidia, text } = seen;
	const path = nvidia.smi ?? "nvidia-smi";
	if (nvidia.run?.kind === "not-started") {
		return {
			what: `${code(path)} exists, but ${text}: its loader or interpreter is missing, or it is built for another architecture.`,
			fix: {
				text: "Use an image based on Debian or Ubuntu: NVIDIA's programs need glibc and do not run in images with musl (Alpine).",
				commands: [`file -L ${shellQuote(path)}`],
				kind: imageOrHost(seen),
			},
		};
	}
	return {
		what: `\`nvidia-smi\` fails: ${code(text)}.`,
		fix: {
			text: `Run it by hand and read the kernel's log. To clear what an upgrade or a crash left behind, ${restartEndsJobs}. If that does not help, reinstall the driver.`,
			commands: ["nvidia-smi", kernelLog, `sudo reboot   # ${endsAllJobs}`],
			kind: "host",
		},
	};
}
