import type { Remedy } from "../check.ts";
import { code, shellQuote, shortTitle } from "../text.ts";
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
import { giveGpu } from "./give-gpu.ts";
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
		headline: titleOfBroken,
		why: (seen) =>
			faultOf(seen) === "inforom"
				? "The infoROM holds the settings and the error counts of the card. Without it the driver cannot tell whether its memory is bad, and every script that checks the exit code of `nvidia-smi` fails."
				: cudaFails,
		expected,
		tell: tellBroken,
		more: "Some causes are told apart: an empty file in place of `nvidia-smi`, a corrupted infoROM (exit code 14), and a GPU that the driver cannot set up (`Unable to determine the device handle for GPU0: Not Found`). Otherwise `nvidia-smi` fails for another reason, crashes, or prints nothing that can be read. `ERR!` in its table is a sensor, or a whole GPU, that no longer answers.",
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

/** What a broken nvidia-smi is about, as far as its answer tells. */
function faultOf({ nvidia, text }: DriverTrouble): "empty" | "inforom" | "not-set-up" | "not-started" | "other" {
	const { run, smiEmpty } = nvidia;
	if (run?.kind === "not-started") return "not-started";
	if (smiEmpty) return "empty";
	if (/inforom/i.test(`${text} ${run?.messages}`) || (run?.kind === "exited" && run.code === 14)) return "inforom";
	return /device handle for gpu ?\S*: not found/i.test(text) ? "not-set-up" : "other";
}

function titleOfBroken(seen: DriverTrouble): string {
	switch (faultOf(seen)) {
		case "not-started":
			return "`nvidia-smi` cannot be started";
		case "empty":
			return "`nvidia-smi` is an empty file";
		case "inforom":
			return "The infoROM of a GPU is corrupted";
		case "not-set-up":
			return `The driver cannot set up ${seen.gpu === undefined ? "a GPU" : shortTitle(`GPU ${seen.gpu}`, "a GPU")}`;
		case "other":
			return "`nvidia-smi` fails";
	}
}

function tellBroken(seen: DriverTrouble): Told {
	const { nvidia, text } = seen;
	const path = nvidia.smi ?? "nvidia-smi";
	switch (faultOf(seen)) {
		case "empty":
			return tellEmpty(seen, path);
		case "inforom":
			return tellInforom(seen);
		case "not-set-up":
			return tellNotSetUp(seen);
		default:
			break;
	}
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

/** The toolkit mounts the driver's files over empty ones. An image that is made of such a container keeps those. */
function tellEmpty(seen: DriverTrouble, path: string): Told {
	const what = `${code(path)} is an empty file: it does nothing, prints nothing and exits with 0.`;
	if (seen.situation.inContainer) {
		return {
			what,
			fix: {
				text: "Remove the empty files from the image, which was made of a container that had a GPU (`docker commit`): NVIDIA's container toolkit mounts the driver's files over empty ones and leaves those behind. Then start the container with its GPU as before.",
				config: {
					file: "Dockerfile",
					language: "dockerfile",
					text: "RUN find /usr -xdev -type f -empty \\( -name 'nvidia-*' -o -name 'libnvidia-*' -o -name 'libcuda.so*' \\) -delete && ldconfig",
				},
				commands: [`ls -l ${shellQuote(path)}`],
				kind: "image",
				otherwise: withoutOtherwise(giveGpu(seen.situation)),
			},
		};
	}
	return {
		what,
		fix: {
			text: "Reinstall the package that it belongs to. An installation on a full disk leaves empty files behind, so check the free space first.",
			commands: [
				"df -h /usr",
				`dpkg -S ${shellQuote(path)}`,
				`sudo apt-get install -y --reinstall "$(dpkg -S ${shellQuote(path)} | cut -d: -f1)"`,
			],
			kind: "host",
		},
	};
}

/** A small memory on the card with its settings and its error counts. No driver and no restart repairs its content. */
function tellInforom({ nvidia, text }: DriverTrouble): Told {
	const lists = (nvidia.run?.gpus ?? []).length > 0;
	return {
		what: `${lists ? "`nvidia-smi` lists the GPUs, but exits with 14" : "`nvidia-smi` fails"} because the infoROM of a GPU is corrupted: ${code(text)}.`,
		fix: {
			text: "Ask the vendor of the card to write its infoROM again, or to replace the card: neither a restart nor another driver repairs it. The first command shows which card it is. Power the machine off and on once before that, which ends all jobs on it: sometimes only reading failed.",
			commands: ["nvidia-smi -q | grep -i -e '^GPU' -e inforom -A 4", kernelLog, `sudo poweroff   # ${endsAllJobs}`],
			kind: "host",
			...(lists && {
				otherwise: {
					text: "CUDA may work nevertheless. Until the card is repaired, accept the finding with an end date in the policy; scripts that check the exit code of `nvidia-smi` still fail.",
					kind: "workflow",
				} as const,
			}),
		},
	};
}

/** The driver sees the card, and its start fails: firmware is missing, or the flavor of the module does not fit the card. */
function tellNotSetUp({ nvidia, text }: DriverTrouble): Told {
	const { kernelDriver, openModule } = nvidia;
	const flavor =
		kernelDriver === undefined
			? ""
			: ` The loaded module is ${kernelDriver}, ${openModule ? "the open flavor" : "the proprietary flavor"}.`;
	const other = openModule
		? "The open module supports Turing and newer cards only: for an older card, install the proprietary flavor."
		: "Blackwell and newer cards need the open flavor of the module (`nvidia-open`).";
	const firmware = kernelDriver === undefined ? "/lib/firmware/nvidia" : `/lib/firmware/nvidia/${kernelDriver}`;
	return {
		what: `The driver finds the card and cannot set it up: ${code(text)}.${flavor}`,
		fix: {
			text: `Find the cause in the kernel's log. \`GSP\` or \`gsp_*.bin\` there means that the firmware of this driver version is missing or did not start: install it, and ${restartEndsJobs}. \`RmInitAdapter failed\` or \`not supported\` means that the module does not fit the card. ${other}`,
			commands: [
				"sudo dmesg | grep -i -e nvrm -e gsp -e firmware | tail -n 30",
				`ls -l ${shellQuote(firmware)}`,
				"head -n 1 /proc/driver/nvidia/version; lspci -nn | grep -i nvidia",
				...(kernelDriver === undefined
					? []
					: [
							`sudo apt-get install -y --reinstall ${shellQuote(`nvidia-firmware-${kernelDriver.split(".", 1)[0]}-${kernelDriver}`)}   # on Debian: firmware-nvidia-gsp`,
						]),
				`sudo reboot   # ${endsAllJobs}`,
			],
			kind: "host",
		},
	};
}

function withoutOtherwise({ otherwise: _, ...remedy }: Remedy): Omit<Remedy, "otherwise"> {
	return remedy;
}
