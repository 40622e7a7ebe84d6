import type { ContainerFacts } from "../../probes/container.ts";
import type { JobFacts } from "../../probes/job.ts";
import type { DeviceNode, NvidiaFacts } from "../../probes/nvidia.ts";
import type { Remedy } from "../check.ts";
import { code, listed, octal, shellQuote } from "../text.ts";
import { gpuNodes } from "./seen.ts";
import type { DriverReason, SmiState } from "./smi-state.ts";
import { giveGpu } from "./ways-out.ts";

/** What a finding of `gpu/driver` is explained from. */
export interface DriverCase {
	readonly nvidia: NvidiaFacts;
	readonly job: JobFacts;
	readonly inContainer: boolean;
	readonly state: Extract<SmiState, { kind: "trouble" }>;
}

/** The part of a finding that depends on its reason. */
export interface Explanation {
	readonly message: string;
	readonly remedy: Remedy;
	/** Where the general sentence is not to the point. */
	readonly why?: string;
}

export function caseOf(
	nvidia: NvidiaFacts,
	container: ContainerFacts,
	job: JobFacts,
	state: DriverCase["state"],
): DriverCase {
	return { nvidia, job, inContainer: container.mode === "container", state };
}

/** The reason in words, with its way out for this machine. */
export function explain(found: DriverCase): Explanation {
	return explanations[found.state.reason](found);
}

const explanations: Readonly<Record<DriverReason, (found: DriverCase) => Explanation>> = {
	"smi-missing": smiMissing,
	"driver-not-loaded": driverNotLoaded,
	"library-missing": libraryMissing,
	"library-mismatch": libraryMismatch,
	"nvml-unknown-error": unknownError,
	"insufficient-permissions": insufficientPermissions,
	"access-blocked": accessBlocked,
	"no-devices": noDevices,
	"gpu-lost": gpuLost,
	"reset-required": resetRequired,
	"insufficient-power": insufficientPower,
	timeout,
	broken,
};

const kernelLog = "sudo dmesg | grep -iE 'nvrm|xid' | tail -n 20";

/** `On the runner's host, …`, or plainly: a job on the host is there already. */
function onHost(found: DriverCase, text: string): string {
	return found.inContainer ? `On the runner's host, ${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}

function smiMissing({ nvidia, job, inContainer, state }: DriverCase): Explanation {
	const { smiOffPath, smiUnusable, kernelDriver } = nvidia;
	if (nvidia.smi !== undefined) {
		return {
			message: `${code(nvidia.smi)} starts another \`nvidia-smi\` that does not exist: ${code(state.text)}.`,
			remedy: {
				text: "Look at what lies there, and put the driver's own `nvidia-smi` in its place.",
				commands: [`file -L ${shellQuote(nvidia.smi)}`, `head -n 5 ${shellQuote(nvidia.smi)}`],
				kind: inContainer ? "image" : "host",
			},
		};
	}
	if (smiUnusable) {
		return {
			message: `${code(smiUnusable.path)} is there, but cannot be started: ${smiUnusable.kind === "dangling-link" ? "the link leads nowhere" : "it may not be executed"}.`,
			remedy: {
				text: "Look at it, and install the driver's utilities again.",
				commands: [`ls -lL ${shellQuote(smiUnusable.path)}; ls -l ${shellQuote(smiUnusable.path)}`],
				kind: inContainer ? "image" : "host",
			},
		};
	}
	if (smiOffPath !== undefined) {
		const directory = smiOffPath.replace(/\/nvidia-smi$/, "");
		return {
			message: `\`nvidia-smi\` is at ${code(smiOffPath)}, but that directory is not on this job's \`PATH\`.`,
			remedy: onPath(directory, inContainer),
		};
	}
	if (inContainer) {
		return {
			message: `There is no \`nvidia-smi\` in this container${gpuNodes(nvidia).length > 0 ? ", although it has the device nodes of a GPU" : ", and no device node of a GPU"}.`,
			why: "NVIDIA's toolkit puts `nvidia-smi`, the driver's libraries and the device nodes into a container that is given a GPU. Without them CUDA programs fail, or run on the CPU.",
			remedy: {
				...giveGpu(job),
				otherwise: {
					text: "If that is how the runner is set up already, see on its host whether Docker can do it at all.",
					commands: ["nvidia-smi", "docker run --rm --gpus all ubuntu nvidia-smi"],
					kind: "host",
				},
			},
		};
	}
	if (kernelDriver !== undefined) {
		return {
			message: `NVIDIA's kernel module ${kernelDriver} is loaded, but \`nvidia-smi\` is not installed.`,
			remedy: {
				text: "Install the driver's utilities, of the same version as the module.",
				commands: [`sudo apt-get install -y nvidia-utils-${kernelDriver.split(".", 1)[0]}   # Debian: nvidia-smi`],
				kind: "host",
			},
		};
	}
	return noDriverAtAll(nvidia);
}

function onPath(directory: string, inContainer: boolean): Remedy {
	if (inContainer) {
		return {
			text: "Add the directory to the image's `PATH`.",
			commands: [`ENV PATH="${directory}:$PATH"   # in the Dockerfile`],
			kind: "image",
		};
	}
	return {
		text: "A service has a `PATH` of its own: add the directory to the runner's unit, and restart it.",
		commands: ["sudo systemctl edit gitea-runner", "sudo systemctl restart gitea-runner"],
		config: {
			file: "the drop-in that `systemctl edit` opens",
			language: "ini",
			text: `[Service]\nEnvironment=PATH=${directory}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
		},
		kind: "host",
	};
}

function noDriverAtAll({ pciDevices }: NvidiaFacts): Explanation {
	if (pciDevices?.length === 0) {
		return {
			message:
				"There is no `nvidia-smi`, no kernel module and no NVIDIA device on the PCI bus: this machine has no GPU.",
			why: "Jobs come here because the runner's label promises a GPU.",
			remedy: {
				text: "Take the label for GPU jobs from this runner. If there should be a card: see whether it sits firmly and has power, and whether the hypervisor passes it on to this machine.",
				commands: ["lspci -nn | grep -i nvidia"],
				kind: "runner",
			},
		};
	}
	return {
		message: "`nvidia-smi` is not installed, and NVIDIA's kernel module is not loaded.",
		remedy: {
			text: "Install NVIDIA's driver (the name of the package is that of the distribution), and restart the machine.",
			commands: ["sudo ubuntu-drivers install   # Debian: sudo apt-get install nvidia-driver", "sudo reboot"],
			kind: "host",
		},
	};
}

function driverNotLoaded(found: DriverCase): Explanation {
	const { nvidia, inContainer } = found;
	const holders = (nvidia.pciDevices ?? []).map(({ driver }) => driver);
	const said = "`nvidia-smi` cannot reach NVIDIA's kernel driver";
	if (nvidia.kernelDriver !== undefined) {
		return {
			message: `${said}, although the module ${nvidia.kernelDriver} is loaded.`,
			remedy: {
				text: onHost(
					found,
					"See whether `nvidia-smi` works there and whether the device nodes exist; create them, or restart the machine.",
				),
				commands: ["nvidia-smi", "ls -l /dev/nvidia*", "sudo nvidia-modprobe -c 0 -u", kernelLog],
				kind: "host",
				...(inContainer && { otherwise: withoutOtherwise(giveGpu(found.job)) }),
			},
		};
	}
	if (holders.includes("nouveau")) {
		return {
			message: `${said}: the GPU is held by \`nouveau\`, the free driver, so NVIDIA's module cannot be loaded.`,
			remedy: {
				text: onHost(found, "Keep `nouveau` from loading, and restart the machine."),
				commands: [
					"printf 'blacklist nouveau\\noptions nouveau modeset=0\\n' | sudo tee /etc/modprobe.d/blacklist-nouveau.conf",
					"sudo update-initramfs -u && sudo reboot",
				],
				kind: "host",
			},
		};
	}
	if (holders.some((driver) => driver.startsWith("vfio"))) {
		return {
			message: `${said}: the GPU is held by \`vfio-pci\`, set aside for a virtual machine.`,
			remedy: {
				text: "Give the GPU back to the host (undo the `vfio-pci` binding), or take the label for GPU jobs from this runner and run one inside the virtual machine.",
				commands: ["lspci -nnk | grep -A3 -i nvidia", "grep -rs vfio /etc/modprobe.d /etc/default/grub"],
				kind: "host",
			},
		};
	}
	const noCard =
		nvidia.pciDevices?.length === 0
			? " The PCI bus shows no NVIDIA device either: if this machine has no GPU, take the label for GPU jobs from its runner."
			: "";
	return {
		message: `${said}: the module is not loaded.`,
		remedy: {
			text: `${onHost(found, "Load the module. Where that fails, it was mostly not built for the running kernel (after a kernel upgrade, without its headers), or Secure Boot refuses it.")}${noCard}`,
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

function libraryMissing({ nvidia, state, inContainer, job }: DriverCase): Explanation {
	const loader = /shared librar|relocating/i.test(state.text);
	if (inContainer) {
		return {
			message: loader
				? `\`nvidia-smi\` cannot be loaded in this container: ${code(state.text)}.`
				: "`nvidia-smi` is in this container, but the driver's library `libnvidia-ml.so.1` is not.",
			why: "NVIDIA's toolkit puts both in from the host. Where only the tool is there, it comes from the image, and nothing of the driver was put in.",
			remedy: {
				...giveGpu(job),
				otherwise: {
					text: "An image that is given a GPU and fails all the same: remove the `nvidia-utils` that it brings along, and use one with glibc (not Alpine), where the toolkit's `ldconfig` works.",
					commands: [
						"apt-get purge -y 'nvidia-utils-*' 'libnvidia-*'   # in the Dockerfile",
						"ldconfig -p | grep libnvidia-ml",
					],
					kind: "image",
				},
			},
		};
	}
	const major = nvidia.kernelDriver?.split(".", 1)[0];
	return {
		message: loader
			? `\`nvidia-smi\` cannot be loaded: ${code(state.text)}.`
			: "`nvidia-smi` is installed, but the driver's library `libnvidia-ml.so` is not to be found.",
		remedy: {
			text: "Install the driver's libraries of the same version as the tool and the module, or tell the loader where they are.",
			commands: [
				"ldconfig -p | grep libnvidia-ml; find / -xdev -name 'libnvidia-ml.so*' 2>/dev/null",
				...(major === undefined
					? []
					: [`sudo apt-get install -y --reinstall libnvidia-compute-${major}   # Debian: libnvidia-ml1`]),
				"sudo ldconfig",
			],
			kind: "host",
		},
	};
}

function libraryMismatch(found: DriverCase): Explanation {
	const { nvidia, inContainer } = found;
	const library = /nvml library version:\s*([\d.]+)/i.exec(nvidia.run?.messages ?? "")?.[1];
	const { kernelDriver } = nvidia;
	const versions = [
		kernelDriver === undefined ? undefined : `the loaded kernel module is ${kernelDriver}`,
		library === undefined ? undefined : `the libraries are ${library}`,
	].filter((part) => part !== undefined);
	const what = versions.length > 0 ? `: ${listed(versions)}` : "";
	return {
		message: `NVIDIA's kernel module and its libraries are of different versions${what}. An upgrade has replaced the files, and the old module is still in memory.`,
		remedy: {
			text: onHost(
				found,
				"Restart the machine: that loads the module of the new version. Until then nothing can use the GPU.",
			),
			commands: ["sudo reboot"],
			kind: "host",
			otherwise: {
				text: `Without a restart: stop whatever uses the GPU, and reload the module.${inContainer ? " If `nvidia-smi` works on the host, the image brings along libraries of its own: remove them." : ""} To keep unattended upgrades from doing it again, hold the packages (\`apt-mark hold\`).`,
				commands: [
					"sudo fuser -v /dev/nvidia*",
					"sudo systemctl stop nvidia-persistenced",
					"sudo rmmod nvidia_drm nvidia_modeset nvidia_uvm nvidia && sudo modprobe nvidia",
					"nvidia-smi",
				],
				kind: "host",
			},
		},
	};
}

function unknownError(found: DriverCase): Explanation {
	const { inContainer, state } = found;
	if (state.gpu === undefined && inContainer) {
		return {
			message: "The container has lost its access to the GPU: NVML answers `Unknown Error`.",
			why: "`systemctl daemon-reload` on the host (any package upgrade does it) makes systemd set up the container's cgroup anew, without the GPU that NVIDIA's runtime had added behind its back. Every CUDA program in this container fails from then on.",
			remedy: {
				text: "Start the job again: a new container has access. To end it for good, let Docker manage the cgroups itself (`cgroupfs`) on the runner's host.",
				config: {
					file: "/etc/docker/daemon.json",
					language: "json",
					text: '{ "exec-opts": ["native.cgroupdriver=cgroupfs"] }',
				},
				commands: ["sudo systemctl restart docker"],
				kind: "host",
				otherwise: {
					text: "Or give the GPU through CDI, which systemd knows of: `--device nvidia.com/gpu=all` instead of `--gpus all` in `container.options`.",
					commands: ["sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"],
					kind: "host",
				},
			},
		};
	}
	const who = state.gpu === undefined ? "NVML" : `GPU ${code(state.gpu)}`;
	const words = /^unknown error$/i.test(state.text) ? "" : `: ${code(state.text)}`;
	return {
		message: `${who} answers \`Unknown Error\`${words}.`,
		remedy: {
			text: onHost(
				found,
				"Look into the kernel's log: an `Xid` there says what happened to the card (79: it has fallen off the bus). A restart mostly brings it back; where it returns, look at power, seat and temperature of the card.",
			),
			commands: [kernelLog, "sudo reboot"],
			kind: "host",
		},
	};
}

function insufficientPermissions(found: DriverCase): Explanation {
	const { nvidia, inContainer, job } = found;
	const shut = (nvidia.nodes ?? []).filter(({ usable }) => !usable);
	if (shut.length === 0) {
		return {
			message:
				"The driver denies access to the GPU (`Insufficient Permissions`), although the device nodes may be read and written.",
			remedy: inContainer
				? {
						text: "The container's cgroup does not allow the device: a node that was mounted, not given. Give the GPU by `--gpus all` instead.",
						kind: "runner",
						otherwise: withoutOtherwise(giveGpu(job)),
					}
				: {
						text: "Something else denies it: the device rules of the runner's unit (`DeviceAllow`, `PrivateDevices`), SELinux or AppArmor.",
						commands: [
							"systemctl cat gitea-runner | grep -iE 'device|protect'",
							"sudo ausearch -m avc -ts recent; sudo dmesg | grep -i apparmor | tail",
						],
						kind: "host",
					},
		};
	}
	const nodes = shut.map(({ path, mode, gid }) => `${code(path)} (${octal(mode & 0o7777)}, group ${gid})`);
	return {
		message: `This user may not use the GPU: ${listed(nodes)}.`,
		remedy: intoGroup(shut, inContainer, job),
	};
}

function intoGroup(shut: readonly DeviceNode[], inContainer: boolean, job: JobFacts): Remedy {
	const forGroup = shut.find(({ gid, mode }) => gid !== 0 && (mode & 0o060) === 0o060);
	const forAll: Omit<Remedy, "otherwise"> = {
		text: "Open the device nodes to every user, as the driver does by default, and restart the machine.",
		commands: [
			"echo 'options nvidia NVreg_DeviceFileMode=0666' | sudo tee /etc/modprobe.d/nvidia-device-files.conf",
			"sudo update-initramfs -u && sudo reboot",
		],
		kind: "host",
	};
	if (!forGroup) return forAll;
	if (inContainer) {
		return {
			text: `Let the container's user into group ${forGroup.gid}, which the nodes belong to: add it to \`container.options\` of the runner.`,
			config: {
				file: "config.yaml",
				language: "yaml",
				text: `container:\n  options: --gpus all --group-add ${forGroup.gid}`,
			},
			commands: giveGpu(job).commands ?? [],
			kind: "runner",
			otherwise: forAll,
		};
	}
	return {
		text: "Add the runner's user to the group of the nodes, and restart the runner: a running process keeps its old groups.",
		commands: [
			`sudo usermod -aG "$(stat -c %G ${shellQuote(forGroup.path)})" gitea-runner   # the user that the runner runs as`,
			"sudo systemctl restart gitea-runner",
		],
		kind: "host",
		otherwise: forAll,
	};
}

function accessBlocked(found: DriverCase): Explanation {
	const wsl =
		(found.nvidia.nodes ?? []).some(({ path }) => path === "/dev/dxg") || found.nvidia.smi?.startsWith("/usr/lib/wsl/");
	return {
		message: "The operating system denies access to the GPU (`GPU access blocked by the operating system`).",
		remedy: wsl
			? {
					text: "On WSL the driver is that of Windows: update it and WSL, and start both anew.",
					commands: ["wsl --update   # in Windows", "wsl --shutdown   # in Windows"],
					kind: "host",
				}
			: {
					text: onHost(
						found,
						"See what keeps the driver out: in a virtual machine the hypervisor (how it passes the card on, a missing vGPU licence), else the kernel's lockdown.",
					),
					commands: [kernelLog, "cat /sys/kernel/security/lockdown", "systemd-detect-virt"],
					kind: "host",
				},
	};
}

function noDevices(found: DriverCase): Explanation {
	const { inContainer, nvidia, job } = found;
	const check: Omit<Remedy, "otherwise"> = {
		text: "See in the kernel's log why the driver left the card out: `RmInitAdapter failed` (power, seat, or a card that broke), or a card that this branch or flavour of the driver does not support (new cards need the open kernel modules, old ones an older branch).",
		commands: ["lspci -nnk | grep -A3 -i nvidia", kernelLog],
		kind: "host",
	};
	const visible =
		nvidia.visibleDevices === undefined ? "" : ` \`NVIDIA_VISIBLE_DEVICES\` is ${code(nvidia.visibleDevices)}.`;
	if (inContainer) {
		return {
			message: `The driver answers in this container, but shows it no GPU.${visible}`,
			remedy: { ...giveGpu(job), otherwise: check },
		};
	}
	return { message: "The driver is loaded, but it finds no GPU that it can use.", remedy: check };
}

function gpuLost(found: DriverCase): Explanation {
	return {
		message: `${nameOf(found)} is lost: it answers no more on the PCI bus. While one GPU is lost, \`nvidia-smi\` stops at it and hides the healthy ones.`,
		remedy: {
			text: onHost(
				found,
				"Restart the machine, best by switching it off: a lost card needs its power cut. If it happens again, look for the `Xid` in the kernel's log, and at power supply, cables, seat and temperature of the card.",
			),
			commands: [kernelLog, "sudo poweroff"],
			kind: "host",
		},
	};
}

function resetRequired(found: DriverCase): Explanation {
	const { state } = found;
	return {
		message: `${nameOf(found)} needs a reset before it can be used again.`,
		remedy: {
			text: onHost(found, "Stop whatever uses the GPU, and reset it. Where the reset is refused, restart the machine."),
			commands: [
				"sudo fuser -v /dev/nvidia*",
				`sudo nvidia-smi --gpu-reset -i ${shellQuote(state.gpu ?? "0")}`,
				"sudo reboot   # if that is refused",
			],
			kind: "host",
		},
	};
}

function insufficientPower(found: DriverCase): Explanation {
	return {
		message: `${nameOf(found)} does not get enough power.`,
		remedy: {
			text: "Somebody has to look at the machine: all power cables of the card must be attached, seated firmly, and come from a power supply that is strong enough.",
			commands: ["sudo poweroff"],
			kind: "host",
		},
	};
}

function timeout(found: DriverCase): Explanation {
	const { run } = found.nvidia;
	if (run?.kind !== "timed-out") {
		return {
			message: `The driver gave up waiting for the GPU: ${code(found.state.text)}.`,
			remedy: hungRemedy(found, ""),
		};
	}
	const seconds = Math.round(run.ms / 100) / 10;
	if (run.abandoned) {
		return {
			message: `\`nvidia-smi\` did not answer within ${seconds} s, and not even \`SIGKILL\` ended it: it hangs inside the kernel.`,
			why: "Every program that touches the GPU will hang the same way, and cannot be killed. A job that does so blocks its runner.",
			remedy: hungRemedy(found, " Only a restart of the machine ends such a process."),
		};
	}
	return {
		message: `\`nvidia-smi\` did not answer within ${seconds} s.`,
		remedy: {
			...hungRemedy(found, ""),
			otherwise: {
				text: "If it is only slow: without a client the driver sets up every GPU anew on each call. Persistence mode keeps them ready.",
				commands: ["time nvidia-smi", "sudo systemctl enable --now nvidia-persistenced"],
				kind: "host",
			},
		},
	};
}

function hungRemedy(found: DriverCase, restart: string): Omit<Remedy, "otherwise"> {
	return {
		text: `${onHost(found, "Look for an `Xid` or a hung task in the kernel's log.")}${restart}`,
		commands: ["sudo dmesg | grep -iE 'nvrm|xid|hung task|blocked for more' | tail -n 20", "sudo reboot"],
		kind: "host",
	};
}

function broken(found: DriverCase): Explanation {
	const { nvidia, state, inContainer } = found;
	if (nvidia.run?.kind === "not-started") {
		return {
			message: `${code(nvidia.smi ?? "nvidia-smi")} is there, but ${state.text}: its loader or interpreter is missing, or it is for another kind of machine.`,
			remedy: {
				text: "NVIDIA's programs need glibc. In an image with musl (Alpine) they do not run: use one of Debian or Ubuntu.",
				commands: [`file -L ${shellQuote(nvidia.smi ?? "nvidia-smi")}`],
				kind: inContainer ? "image" : "host",
			},
		};
	}
	return {
		message: `\`nvidia-smi\` fails: ${code(state.text)}.`,
		remedy: {
			text: onHost(
				found,
				"Run it by hand and look into the kernel's log. What an upgrade or a crash left behind mostly goes with a restart; else install the driver again.",
			),
			commands: ["nvidia-smi", kernelLog, "sudo reboot"],
			kind: "host",
		},
	};
}

function nameOf({ state }: DriverCase): string {
	return state.gpu === undefined ? "A GPU" : `GPU ${code(state.gpu)}`;
}

function withoutOtherwise({ otherwise: _, ...remedy }: Remedy): Omit<Remedy, "otherwise"> {
	return remedy;
}
