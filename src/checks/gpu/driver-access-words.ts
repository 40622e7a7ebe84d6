import type { DeviceNode } from "../../probes/nvidia.ts";
import type { Remedy } from "../check.ts";
import { addOption, restartRunner, runnerService, type Situation, stopsContainers } from "../docker/situation.ts";
import { code, listed, octal, shellQuote } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { type DriverTrouble, endsAllJobs, kernelLog, restartEndsJobs } from "./driver-trouble.ts";
import { giveGpu } from "./give-gpu.ts";
import { cudaFails } from "./nvidia.ts";

/** Reasons of a driver that is loaded and does not let this job use a GPU. */
export const accessWords = {
	"nvml-unknown-error": reason<DriverTrouble>({
		level: "fail",
		title: "The NVIDIA driver reports an unknown error",
		headline: (seen) => {
			if (lostByContainer(seen)) return "This container lost its access to the GPU";
			return seen.gpu === undefined
				? "The NVIDIA driver reports an unknown error"
				: `GPU ${seen.gpu} reports an unknown error`;
		},
		why: (seen) =>
			lostByContainer(seen)
				? "`systemctl daemon-reload` on the host, which any package upgrade runs, makes systemd recreate the container's cgroup rules without the GPU: NVIDIA's runtime had added it behind systemd's back. From then on every CUDA program in this container fails."
				: cudaFails,
		expected: "`nvidia-smi` lists the GPUs",
		tell: tellUnknownError,
		more: "The message is `Failed to initialize NVML: Unknown Error`.",
	}),
	"insufficient-permissions": reason<DriverTrouble>({
		level: "fail",
		title: "Permission denied on the GPU",
		why: cudaFails,
		expected: "this user can read and write the GPU's device nodes",
		tell: tellPermissions,
		more: "`nvidia-smi` reports `No devices were found. Please make sure /dev/nvidia* files are readable by current user.`",
	}),
	"access-blocked": reason<DriverTrouble>({
		level: "fail",
		title: "The operating system blocks access to the GPU",
		why: cudaFails,
		expected: "`nvidia-smi` lists the GPUs",
		tell: ({ nvidia }) => ({
			what: "The operating system blocks access to the GPU: `GPU access blocked by the operating system`.",
			fix:
				(nvidia.nodes ?? []).some(({ path }) => path === "/dev/dxg") || nvidia.smi?.startsWith("/usr/lib/wsl/")
					? {
							text: "WSL uses the driver of Windows. Update it and WSL in Windows, and restart both, which ends all jobs in WSL.",
							commands: ["wsl --update   # in Windows", "wsl --shutdown   # in Windows"],
							kind: "host",
						}
					: {
							text: "Find out what blocks the driver. In a virtual machine it is the hypervisor: how it passes the card through, or a missing vGPU license. Elsewhere it may be the kernel's lockdown.",
							commands: [kernelLog, "cat /sys/kernel/security/lockdown", "systemd-detect-virt"],
							kind: "host",
						},
		}),
	}),
	"no-devices": reason<DriverTrouble>({
		level: "fail",
		title: "The NVIDIA driver shows no GPU",
		headline: ({ situation }) =>
			situation.inContainer ? "The NVIDIA driver shows this container no GPU" : "The NVIDIA driver finds no usable GPU",
		why: cudaFails,
		expected: "`nvidia-smi` lists at least one GPU",
		tell: ({ nvidia, situation }) => {
			if (!situation.inContainer) {
				return { what: "The driver is loaded, but it finds no GPU that it can use.", fix: readKernelLog };
			}
			const { visibleDevices } = nvidia;
			const variable = visibleDevices === undefined ? "" : ` \`NVIDIA_VISIBLE_DEVICES\` is ${code(visibleDevices)}.`;
			return {
				what: `The driver answers in this container, but shows it no GPU.${variable}`,
				fix: { ...giveGpu(situation), otherwise: readKernelLog },
			};
		},
		more: "In a container, `NVIDIA_VISIBLE_DEVICES` may name a GPU that does not exist.",
	}),
};

/** An error of the driver as a whole in a container that was given its GPU: only the access is gone, the card is fine. */
function lostByContainer({ gpu, situation }: DriverTrouble): boolean {
	return gpu === undefined && situation.inContainer;
}

function tellUnknownError(seen: DriverTrouble): Told {
	const { gpu, text } = seen;
	if (lostByContainer(seen)) {
		return {
			what: "NVML answers `Unknown Error`: this container had access to the GPU and lost it.",
			fix: {
				text: `Run the job again: a new container has access. To prevent it for good, add this setting, with which Docker manages the cgroups itself instead of systemd. ${stopsContainers}`,
				config: {
					file: "/etc/docker/daemon.json",
					language: "json",
					text: '{ "exec-opts": ["native.cgroupdriver=cgroupfs"] }',
				},
				commands: ["sudo systemctl restart docker"],
				kind: "host",
				otherwise: {
					text: "Give the GPU through CDI, which systemd knows about: replace `--gpus all` in `container.options` with `--device nvidia.com/gpu=all`.",
					commands: ["sudo nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml"],
					kind: "host",
				},
			},
		};
	}
	const { run } = seen.nvidia;
	const inforom =
		run?.kind === "exited" && run.code === 14
			? " Its exit code 14 means that the infoROM of the card is corrupted: if a restart does not help, its vendor has to write it again or replace the card."
			: "";
	return {
		what: `${gpu === undefined ? "The NVIDIA driver" : `GPU ${code(gpu)}`} reports ${code(text)}.${inforom}`,
		fix: {
			text: `Look for an \`Xid\` in the kernel's log, which says what happened to the card (79: it has fallen off the bus). To bring the card back, ${restartEndsJobs}. If the error returns, check power, seat and temperature of the card.`,
			commands: [kernelLog, `sudo reboot   # ${endsAllJobs}`],
			kind: "host",
		},
	};
}

function tellPermissions({ nvidia, situation }: DriverTrouble): Told {
	const shut = (nvidia.nodes ?? []).filter(({ usable }) => !usable);
	if (shut.length > 0) {
		const nodes = shut.map(({ path, mode, gid }) => `${code(path)} (mode ${octal(mode & 0o7777)}, group ${gid})`);
		const fix = openNodes(shut, situation);
		return {
			what: `This user cannot read and write ${listed(nodes)}.`,
			// The second way sets an option that the driver of a Jetson does not have.
			fix: nvidia.tegra ? withoutOtherwise(fix) : fix,
		};
	}
	return {
		what: "The driver denies access to the GPU (`Insufficient Permissions`), although this user can read and write the device nodes.",
		fix: situation.inContainer
			? {
					...giveGpu(situation),
					text: `The container's cgroup denies the device: the node was mounted as a volume instead of being passed as a device. ${giveGpu(situation).text}`,
				}
			: {
					text: "Find out what else denies it: device rules of the runner's unit (`DeviceAllow`, `PrivateDevices`), SELinux or AppArmor.",
					commands: [
						`systemctl cat ${runnerService(situation)} | grep -iE 'device|protect'`,
						"sudo ausearch -m avc -ts recent; sudo dmesg | grep -i apparmor | tail",
					],
					kind: "host",
				},
	};
}

function withoutOtherwise({ otherwise: _, ...remedy }: Remedy): Remedy {
	return remedy;
}

function openNodes(shut: readonly DeviceNode[], situation: Situation): Remedy {
	const forGroup = shut.find(({ gid, mode }) => gid !== 0 && (mode & 0o060) === 0o060);
	const forAll: Omit<Remedy, "otherwise"> = {
		text: `Let the driver open the device nodes to all users, as it does by default, and ${restartEndsJobs}.`,
		commands: [
			"echo 'options nvidia NVreg_DeviceFileMode=0666' | sudo tee /etc/modprobe.d/nvidia-device-files.conf",
			`sudo update-initramfs -u && sudo reboot   # ${endsAllJobs}`,
		],
		kind: "host",
	};
	if (!forGroup) return forAll;
	if (situation.inContainer) {
		return {
			text: `Add the container's user to group ${forGroup.gid}, which owns the nodes, with \`--group-add\`.`,
			...addOption(situation, `--gpus all --group-add ${forGroup.gid}`),
			otherwise: forAll,
		};
	}
	return {
		text: "Add the runner's user to the group of the nodes, and restart the runner: a running process keeps its old groups.",
		commands: [
			`sudo usermod -aG "$(stat -c %G ${shellQuote(forGroup.path)})" ${runnerService(situation)}   # the user that the runner runs as`,
			...restartRunner(situation),
		],
		kind: "host",
		otherwise: forAll,
	};
}

const readKernelLog: Omit<Remedy, "otherwise"> = {
	text: "Find out from the kernel's log why the driver rejected the card. `RmInitAdapter failed` means power, seat or a broken card. Otherwise this branch or flavor of the driver may not support the card: new cards need the open kernel modules, old ones an older branch.",
	commands: ["lspci -nnk | grep -A3 -i nvidia", kernelLog],
	kind: "host",
};
