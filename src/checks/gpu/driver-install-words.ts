import type { Remedy } from "../check.ts";
import { serviceLines } from "../docker/situation.ts";
import { code, listed, shellQuote, systemdText } from "../text.ts";
import { dockerfileText } from "../toolchain/install.ts";
import { reason, type Told } from "../words.ts";
import { type DriverTrouble, endsAllJobs, imageOrHost, kernelLog, restartEndsJobs } from "./driver-trouble.ts";
import { giveGpu } from "./give-gpu.ts";
import { cudaFails, gpuNodes, isJetsonWithoutSmi, nameOfJetson } from "./nvidia.ts";

/** Reasons of a driver that is missing, or installed in parts that do not fit together. */
export const installWords = {
	"smi-missing": reason<DriverTrouble>({
		level: "fail",
		title: "`nvidia-smi` is missing",
		headline: titleOfMissing,
		why: whyMissing,
		expected: "`nvidia-smi` on `PATH`",
		tell: tellMissing,
		more: "In a container, NVIDIA's container toolkit adds `nvidia-smi` when the container is given a GPU. On a host, it comes with the driver's utilities, which must have the version of the kernel module.",
	}),
	"driver-not-loaded": reason<DriverTrouble>({
		level: "fail",
		title: "The NVIDIA kernel module is not loaded",
		headline: titleOfNotLoaded,
		why: cudaFails,
		expected: ({ nvidia }) =>
			isJetsonWithoutSmi(nvidia) ? "a device node of the Jetson's GPU" : "`nvidia-smi` reaches the kernel module",
		tell: tellNotLoaded,
		more: "`nvidia-smi` reports `NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.` The evidence names the driver that holds the card.",
	}),
	"library-missing": reason<DriverTrouble>({
		level: "fail",
		title: "The NVIDIA library libnvidia-ml is missing",
		headline: ({ text }) =>
			isLoaderError(text) ? "`nvidia-smi` cannot load a shared library" : "The NVIDIA library libnvidia-ml is missing",
		why: ({ situation }) =>
			situation.inContainer
				? "NVIDIA's container toolkit adds the tool and its library from the host. If only the tool exists, it is part of the image, and the container got nothing of the driver."
				: cudaFails,
		expected: "`nvidia-smi` finds the driver's libraries",
		tell: tellLibraryMissing,
		more: "Images based on musl (Alpine) cannot run NVIDIA's programs: `Error loading shared library ld-linux-x86-64.so.2`.",
	}),
	"library-mismatch": reason<DriverTrouble>({
		level: "fail",
		title: "NVIDIA kernel module and libraries do not match",
		why: "No program can use the GPU until the new module is loaded: `Failed to initialize NVML: Driver/library version mismatch`.",
		expected: "kernel module and libraries of the same version",
		tell: tellMismatch,
		more: "An unattended upgrade is the usual cause. Driver branch 470 does not report the version of its libraries.",
	}),
};

function titleOfMissing({ nvidia, situation }: DriverTrouble): string {
	const { smi, smiUnusable, smiOffPath, kernelDriver, pciDevices } = nvidia;
	if (smi !== undefined) return "`nvidia-smi` starts a program that does not exist";
	if (smiUnusable) {
		return smiUnusable.kind === "dangling-link" ? "`nvidia-smi` is a dangling link" : "`nvidia-smi` is not executable";
	}
	if (smiOffPath !== undefined) return "`nvidia-smi` is not on PATH";
	if (situation.inContainer) return "`nvidia-smi` is missing in this container";
	if (kernelDriver !== undefined) return "`nvidia-smi` is not installed";
	return pciDevices?.length === 0 ? "This machine has no NVIDIA GPU" : "The NVIDIA driver is not installed";
}

function whyMissing({ nvidia, situation }: DriverTrouble): string {
	const { smi, smiUnusable, smiOffPath, kernelDriver, pciDevices } = nvidia;
	if (smi !== undefined || smiUnusable || smiOffPath !== undefined) {
		return "Scripts and tests that call `nvidia-smi` fail with `nvidia-smi: not found`, or decide that the machine has no GPU.";
	}
	if (situation.inContainer) {
		return "NVIDIA's container toolkit adds `nvidia-smi`, the driver's libraries and the device nodes to a container that is given a GPU. Without them, CUDA programs fail or run on the CPU.";
	}
	if (kernelDriver === undefined && pciDevices?.length === 0) {
		return "Jobs come here because the runner's label promises a GPU.";
	}
	return cudaFails;
}

function tellMissing(seen: DriverTrouble): Told {
	const { nvidia, situation, text } = seen;
	const { smi, smiUnusable, smiOffPath, kernelDriver } = nvidia;
	if (smi !== undefined) {
		return {
			what: `${code(smi)} starts another \`nvidia-smi\`, which does not exist: ${code(text)}.`,
			fix: {
				text: "Find out what this file is, and replace it with the `nvidia-smi` of the driver.",
				commands: [`file -L ${shellQuote(smi)}`, `head -n 5 ${shellQuote(smi)}`],
				kind: imageOrHost(seen),
			},
		};
	}
	if (smiUnusable) {
		const { path, kind } = smiUnusable;
		return {
			what: `${code(path)} cannot be started: ${kind === "dangling-link" ? "it is a link to a file that does not exist" : "it is not executable"}.`,
			fix: {
				text: "Look at the file, and reinstall the driver's utilities.",
				commands: [`ls -l ${shellQuote(path)}`, `ls -lL ${shellQuote(path)}`],
				kind: imageOrHost(seen),
			},
		};
	}
	if (smiOffPath !== undefined) {
		return {
			what: `\`nvidia-smi\` is at ${code(smiOffPath)}, but this directory is not on the job's \`PATH\`.`,
			fix: addToPath(smiOffPath.replace(/\/nvidia-smi$/, ""), seen),
		};
	}
	if (situation.inContainer) {
		return {
			what:
				gpuNodes(nvidia).length > 0
					? "This container has the device nodes of a GPU, but no `nvidia-smi`."
					: "This container has no `nvidia-smi` and no device nodes of a GPU.",
			fix: {
				...giveGpu(situation),
				otherwise: {
					text: "If the runner is configured like this already, test whether Docker can give a GPU to a container.",
					commands: ["nvidia-smi", "docker run --rm --gpus all ubuntu nvidia-smi"],
					kind: "host",
				},
			},
		};
	}
	if (kernelDriver !== undefined) {
		return {
			what: `NVIDIA's kernel module ${kernelDriver} is loaded, but \`nvidia-smi\` is not installed.`,
			fix: {
				text: "Install the driver's utilities in the version of the module.",
				commands: [
					`sudo apt-get install -y ${shellQuote(`nvidia-utils-${majorOf(kernelDriver)}`)}   # on Debian: nvidia-smi`,
				],
				kind: "host",
			},
		};
	}
	return tellNoDriver(nvidia.pciDevices);
}

function tellNoDriver(pciDevices: DriverTrouble["nvidia"]["pciDevices"]): Told {
	if (pciDevices?.length === 0) {
		return {
			what: "This machine has no `nvidia-smi`, no NVIDIA kernel module and no NVIDIA device on its PCI bus.",
			fix: {
				text: "Remove the label for GPU jobs from this runner. If the machine does have a card, check its seat and power; if it is a virtual machine, check that its hypervisor passes the card through.",
				commands: ["lspci -nn | grep -i nvidia"],
				kind: "runner",
			},
		};
	}
	return {
		what: "`nvidia-smi` is not installed, and NVIDIA's kernel module is not loaded.",
		fix: {
			text: `Install NVIDIA's driver and ${restartEndsJobs}. The package is named differently in each distribution.`,
			commands: [
				"sudo ubuntu-drivers install   # on Debian: sudo apt-get install -y nvidia-driver",
				`sudo reboot   # ${endsAllJobs}`,
			],
			kind: "host",
		},
	};
}

function addToPath(directory: string, { situation }: DriverTrouble): Remedy {
	if (situation.inContainer) {
		// As GKE mounts the driver, outside of where the loader looks (GoogleCloudPlatform/compute-gpu-installation#46).
		const isMounted = directory === "/usr/local/nvidia/bin";
		const path = `ENV PATH="${dockerfileText(directory)}:$PATH"`;
		return {
			text: `Add the directory to the image's \`PATH\`${isMounted ? ", and that of the driver's libraries to `LD_LIBRARY_PATH`" : ""}.`,
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: isMounted
					? `${path}\nENV LD_LIBRARY_PATH="/usr/local/nvidia/lib64\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"`
					: path,
			},
			kind: "image",
		};
	}
	return {
		text: "Add the directory to the `PATH` of the runner's service, which has its own, and restart the runner.",
		...serviceLines(
			situation,
			`Environment="PATH=${systemdText(directory)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"`,
		),
		kind: "host",
	};
}

const notReached = "`nvidia-smi` cannot reach NVIDIA's kernel module";

function titleOfNotLoaded({ nvidia }: DriverTrouble): string {
	if (isJetsonWithoutSmi(nvidia)) return "The Jetson's GPU driver is not loaded";
	if (nvidia.kernelDriver !== undefined) return "`nvidia-smi` cannot reach the NVIDIA kernel module";
	const holder = holderOf(nvidia);
	return holder === undefined
		? "The NVIDIA kernel module is not loaded"
		: `The GPU is held by ${holder}, not by NVIDIA's driver`;
}

/** Another driver that keeps NVIDIA's from the card. */
function holderOf({ pciDevices = [] }: DriverTrouble["nvidia"]): "nouveau" | "vfio-pci" | undefined {
	const holders = pciDevices.map(({ driver }) => driver);
	if (holders.includes("nouveau")) return "nouveau";
	return holders.some((driver) => driver.startsWith("vfio")) ? "vfio-pci" : undefined;
}

function tellNotLoaded({ nvidia, situation }: DriverTrouble): Told {
	const { kernelDriver, pciDevices } = nvidia;
	if (isJetsonWithoutSmi(nvidia)) {
		return {
			what: `This ${nameOfJetson(nvidia)} has no device node of its GPU (\`/dev/nvhost-gpu\`): the kernel's driver \`nvgpu\` is not loaded.`,
			fix: {
				text: "Load the driver. If that fails, the kernel is not the one of this L4T release, as after an upgrade that stopped halfway.",
				commands: [
					"lsmod | grep nvgpu; uname -r",
					"sudo modprobe nvgpu",
					"sudo dmesg | grep -i -e nvgpu -e nvhost | tail -n 20",
				],
				kind: "host",
			},
		};
	}
	if (kernelDriver !== undefined) {
		return {
			what: `${notReached}, although version ${kernelDriver} of it is loaded.`,
			fix: {
				text: `Check whether \`nvidia-smi\` works and the device nodes exist. If the nodes are missing, create them, or ${restartEndsJobs}.`,
				commands: ["nvidia-smi", "ls -l /dev/nvidia*", "sudo nvidia-modprobe -c 0 -u", kernelLog],
				kind: "host",
				...(situation.inContainer && { otherwise: withoutOtherwise(giveGpu(situation)) }),
			},
		};
	}
	switch (holderOf(nvidia)) {
		case "nouveau":
			return {
				what: `${notReached}: the free driver \`nouveau\` holds the GPU, so NVIDIA's module cannot be loaded.`,
				fix: {
					text: `Keep \`nouveau\` from loading and ${restartEndsJobs}.`,
					commands: [
						"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf",
						`sudo update-initramfs -u && sudo reboot   # ${endsAllJobs}`,
					],
					kind: "host",
				},
			};
		case "vfio-pci":
			return {
				what: `${notReached}: \`vfio-pci\` holds the GPU, which reserves it for a virtual machine.`,
				fix: {
					text: "Undo the `vfio-pci` binding to give the GPU back to the host. Or remove the label for GPU jobs from this runner, and run a runner inside the virtual machine.",
					commands: ["lspci -nnk | grep -A3 -i nvidia", "grep -rs vfio /etc/modprobe.d /etc/default/grub"],
					kind: "host",
				},
			};
		case undefined:
			break;
	}
	const noCard =
		pciDevices?.length === 0
			? " The PCI bus shows no NVIDIA device either: if this machine has no GPU, remove the label for GPU jobs from its runner."
			: "";
	return {
		what: `${notReached}: it is not loaded.`,
		fix: {
			text: `Load the module. If that fails, it was probably not built for the running kernel (a kernel upgrade without its headers), or Secure Boot rejects it. If the kernel's log says \`will ignore this GPU\`, the card is too old for this driver, and the log names the branch that it needs (580 for GeForce 10, Tesla P and V).${noCard}`,
			commands: [
				"sudo modprobe nvidia && nvidia-smi",
				"dkms status; mokutil --sb-state",
				'sudo apt-get install -y "linux-headers-$(uname -r)" && sudo dkms autoinstall && sudo modprobe nvidia',
				kernelLog,
			],
			kind: "host",
		},
	};
}

function isLoaderError(text: string): boolean {
	return /shared librar|relocating/i.test(text);
}

function tellLibraryMissing({ nvidia, situation, text }: DriverTrouble): Told {
	if (situation.inContainer) {
		return {
			what: isLoaderError(text)
				? `\`nvidia-smi\` cannot be loaded in this container: ${code(text)}.`
				: "This container has `nvidia-smi`, but not the driver's library `libnvidia-ml.so.1`.",
			fix: {
				...giveGpu(situation),
				otherwise: {
					text: "If the container is given a GPU already, remove the `nvidia-utils` of the image, and use an image with glibc (not Alpine), in which the toolkit's `ldconfig` works.",
					config: {
						file: "Dockerfile",
						language: "dockerfile",
						text: "RUN apt-get purge -y 'nvidia-utils-*' 'libnvidia-*' && ldconfig",
					},
					kind: "image",
				},
			},
		};
	}
	const { kernelDriver } = nvidia;
	return {
		what: isLoaderError(text)
			? `\`nvidia-smi\` cannot be loaded: ${code(text)}.`
			: "`nvidia-smi` is installed, but it cannot find the driver's library `libnvidia-ml.so`.",
		fix: {
			text: "Install the driver's libraries in the version of the tool and the module. If they are installed, tell the loader where.",
			commands: [
				"ldconfig -p | grep libnvidia-ml; find / -xdev -name 'libnvidia-ml.so*' 2>/dev/null",
				...(kernelDriver === undefined
					? []
					: [
							`sudo apt-get install -y --reinstall ${shellQuote(`libnvidia-compute-${majorOf(kernelDriver)}`)}   # on Debian: libnvidia-ml1`,
						]),
				"sudo ldconfig",
			],
			kind: "host",
		},
	};
}

function tellMismatch({ nvidia, situation }: DriverTrouble): Told {
	const { kernelDriver, run } = nvidia;
	const library = /nvml library version:\s*([\d.]+)/i.exec(run?.messages ?? "")?.[1];
	const versions = [
		...(kernelDriver === undefined ? [] : [`the loaded module is ${kernelDriver}`]),
		...(library === undefined ? [] : [`the libraries are ${library}`]),
	];
	const which = versions.length > 0 ? `: ${listed(versions)}` : "";
	const ofImage = situation.inContainer
		? " If `nvidia-smi` works on the host, the image has libraries of its own: remove them."
		: "";
	return {
		what: `NVIDIA's kernel module and its libraries have different versions${which}. An upgrade replaced the files while the old module stayed in memory.`,
		fix: {
			text: `To load the new module, ${restartEndsJobs}.`,
			commands: [`sudo reboot   # ${endsAllJobs}`],
			kind: "host",
			otherwise: {
				text: `Without a restart: stop everything that uses the GPU (\`fuser\` lists it), and reload the module.${ofImage} To keep unattended upgrades from doing this again, hold the driver's packages with \`apt-mark hold\`.`,
				commands: [
					"sudo fuser -v /dev/nvidia*",
					"sudo systemctl stop nvidia-persistenced",
					"sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo modprobe nvidia",
					"sudo systemctl start nvidia-persistenced && nvidia-smi",
				],
				kind: "host",
			},
		},
	};
}

function majorOf(version: string): string {
	return version.split(".", 1)[0] ?? version;
}

function withoutOtherwise({ otherwise: _, ...remedy }: Remedy): Omit<Remedy, "otherwise"> {
	return remedy;
}
