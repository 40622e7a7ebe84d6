import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import type { Remedy } from "../check.ts";
import { addOption, interruptsJobs, runnerService, type Situation } from "../docker/situation.ts";
import { code, octal, shellQuote } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { nameOf } from "./inventory-health-words.ts";

interface UvmMissing {
	readonly situation: Situation;
	/** Mode of a node that is closed to the user of the job; `undefined`: no such node exists. */
	readonly mode: number | undefined;
}

interface Hidden {
	/** Of `CUDA_VISIBLE_DEVICES`. */
	readonly value: string;
	readonly situation: Situation;
	/** Not the variable hides them, but the compute mode of all GPUs. This is the first. */
	readonly prohibited: NvidiaGpu | undefined;
}

interface NoComputeCapability {
	/** Of `NVIDIA_DRIVER_CAPABILITIES`. */
	readonly value: string;
	readonly situation: Situation;
}

interface FabricNotReady {
	readonly gpu: NvidiaGpu;
	/** `In Progress`, `Completed, Insufficient Resources` */
	readonly state: string;
	/** Version of the driver, which that of the Fabric Manager has to equal. */
	readonly driver: string | undefined;
}

export const intro =
	"`nvidia-smi` does not use CUDA, so it works on machines on which no CUDA program does. This check looks at what CUDA needs beyond the driver: its device node and library in a container, a variable that hides the GPUs, and the fabric of machines with NVSwitch. It runs no CUDA program; the input `smoke: gpu` does.";

export const words = {
	"uvm-missing": reason<UvmMissing>({
		level: "fail",
		title: "The container has no `/dev/nvidia-uvm`",
		why: "CUDA manages its memory through this node. Without it `cuInit` fails, `torch.cuda.is_available()` is `False`, and programs stop with `CUDA unknown error` or silently use the CPU, although `nvidia-smi` works.",
		headline: ({ mode }) =>
			mode === undefined ? "The container has no `/dev/nvidia-uvm`" : "Permission denied on `/dev/nvidia-uvm`",
		expected: "`/dev/nvidia-uvm` next to `/dev/nvidia0`, open to the job's user",
		tell: ({ situation, mode }) =>
			mode !== undefined
				? tellClosed(mode)
				: {
						what: "The container has the device node of a GPU, but not `/dev/nvidia-uvm`: the host had not loaded the module `nvidia_uvm` when the container was created, or the nodes were passed one by one.",
						fix: {
							text: "Create the node on the host, and make that happen at every start of the machine. New job containers get it then.",
							commands: [
								"sudo nvidia-modprobe -u -c=0 && ls -l /dev/nvidia-uvm",
								"echo nvidia_uvm | sudo tee /etc/modules-load.d/nvidia-uvm.conf",
							],
							kind: "host",
							otherwise: {
								text: "If the runner passes the nodes with `--device`, pass this one as well, or use `--gpus all` instead.",
								...addOption(situation, "--device /dev/nvidia-uvm --device /dev/nvidia-uvm-tools"),
							},
						},
					},
		more: "Judged in containers only, and not on WSL or a Jetson: on a host, the first CUDA program creates the node.",
	}),
	hidden: reason<Hidden>({
		level: "fail",
		title: "`CUDA_VISIBLE_DEVICES` hides every GPU from CUDA",
		headline: ({ prohibited }) =>
			prohibited ? "The compute mode of the GPUs forbids CUDA" : "`CUDA_VISIBLE_DEVICES` hides every GPU from CUDA",
		why: ({ prohibited }) =>
			`CUDA programs fail with \`${prohibited ? "all CUDA-capable devices are busy or unavailable" : "no CUDA-capable device is detected"}\`, or silently use the CPU. \`nvidia-smi\` ${prohibited ? "works all the same" : "ignores the variable"}.`,
		expected: ({ prohibited }) =>
			prohibited
				? "the compute mode `Default` on a GPU"
				: "`CUDA_VISIBLE_DEVICES` not set, or the number or UUID of a GPU that is here",
		tell: ({ value, situation, prohibited }) =>
			prohibited
				? tellProhibited(prohibited)
				: {
						what: `\`CUDA_VISIBLE_DEVICES\` is ${value.trim() === "" ? "set and empty" : `${code(value)}, which names no GPU of this machine`}.`,
						fix: unset(situation),
					},
		more: "CUDA reads the list up to the first entry that names no GPU: `-1`, `NoDevFiles`, `none` and `all` hide every GPU. So does the compute mode `Prohibited` of all GPUs. Judged only if the profile requires a GPU.",
	}),
	"no-compute-capability": reason<NoComputeCapability>({
		level: "fail",
		title: "The container got the driver without CUDA",
		why: "NVIDIA's container toolkit adds `libcuda.so.1` and `/dev/nvidia-uvm` only with the capability `compute`. Programs fail with `libcuda.so.1: cannot open shared object file` or `no CUDA-capable device is detected`, although `nvidia-smi` works.",
		expected: "the capability `compute`, or `all`",
		tell: ({ value, situation }) => ({
			what: `\`NVIDIA_DRIVER_CAPABILITIES\` is ${code(value)}: it does not include \`compute\`, and the container has no \`libcuda.so.1\`.`,
			fix: {
				text: "Set the variable for the job containers of this runner. If the image sets it, correct it there: `ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility`.",
				...addOption(situation, "--gpus all --env NVIDIA_DRIVER_CAPABILITIES=compute,utility"),
			},
		}),
		more: "Judged in containers whose profile requires a GPU. A container without the variable gets `utility` and `compute`.",
	}),
	"fabric-not-ready": reason<FabricNotReady>({
		level: "fail",
		title: "The NVSwitch fabric is not ready",
		headline: ({ state }) =>
			state.length <= 25 ? `The NVSwitch fabric is not ready (${state})` : "The NVSwitch fabric is not ready",
		why: "Until the Fabric Manager has set up the NVSwitches, every CUDA program fails with `system not yet initialized` (error 802), although `nvidia-smi` works.",
		expected: "`fabric.state` is `Completed`, `fabric.status` is `Success`",
		tell: ({ gpu, state, driver }) => ({
			what: `${nameOf(gpu)} has not joined the fabric of its NVSwitches: ${code(state)}.`,
			fix: startFabricManager(driver),
		}),
		more: "`nvidia-smi` knows the state from driver branch 525 on. GPUs without NVSwitch report none.",
	}),
};

function tellClosed(mode: number): Told {
	return {
		what: `\`/dev/nvidia-uvm\` has the mode ${octal(mode)}, and the job's user may not open it.`,
		fix: {
			text: "Set the mode of NVIDIA's nodes back to `0666`, their default, where a setting of the driver changed it. Or add the job's user to the group of the node.",
			commands: [
				"ls -l /dev/nvidia*   # on the host",
				"grep -rn NVreg_DeviceFile /etc/modprobe.d",
				"grep DeviceFile /proc/driver/nvidia/params",
			],
			kind: "host",
		},
	};
}

function tellProhibited(gpu: NvidiaGpu): Told {
	return {
		what: `${nameOf(gpu)}, like every GPU that \`nvidia-smi\` lists, has the compute mode \`Prohibited\`: no program may use it for CUDA.`,
		fix: {
			text: "Allow programs on the GPUs of this machine. Ask first: somebody may want this machine for graphics alone. The mode holds until the driver is loaded again, so look for a script that sets it.",
			commands: ["sudo nvidia-smi --compute-mode=DEFAULT", "nvidia-smi --query-gpu=index,compute_mode --format=csv"],
			kind: "host",
		},
	};
}

/** Where it comes from cannot be seen from a job: each place is named with a command that finds it. */
function unset(situation: Situation): Remedy {
	const places =
		"an `env:` of the workflow, the runner's own variables (`runner.envs`, its `.env` file), the unit of its service";
	const inWorkflow = "grep -rn CUDA_VISIBLE_DEVICES .gitea .github";
	if (situation.inContainer) {
		return {
			text: `Remove the variable where it is set: ${places}, the options of the container, or \`ENV\` in the image.`,
			commands: [
				`${inWorkflow}   # in the repository`,
				"grep -n CUDA_VISIBLE_DEVICES config.yaml .env   # in the runner's directory",
				`systemctl show -p Environment ${runnerService(situation)}`,
				"docker image ls -q | xargs docker image inspect --format '{{.RepoTags}} {{.Config.Env}}' | grep CUDA_VISIBLE_DEVICES",
			],
			kind: "runner",
		};
	}
	return {
		text: `Remove the variable where it is set: ${places}, \`/etc/environment\` or a profile of the shell. An orchestrator such as Slurm sets it for programs outside of its own jobs. Restart the runner afterward.`,
		commands: [
			`${inWorkflow}   # in the repository`,
			"grep -n CUDA_VISIBLE_DEVICES config.yaml .env   # in the runner's directory",
			"grep -rn CUDA_VISIBLE_DEVICES /etc/environment /etc/profile.d ~/.profile ~/.bashrc",
			`systemctl show -p Environment ${runnerService(situation)}`,
			`sudo systemctl restart ${runnerService(situation)}   # ${interruptsJobs}`,
		],
		kind: "runner",
	};
}

function startFabricManager(driver: string | undefined): Remedy {
	const branch = driver?.split(".", 1)[0];
	const install =
		branch === undefined
			? "apt-cache search nvidia-fabricmanager   # install the one of the driver's branch"
			: `sudo apt-get install -y ${shellQuote(`nvidia-fabricmanager-${branch}`)}`;
	const version = driver === undefined ? "the driver's own version" : `version ${driver}, that of the driver,`;
	return {
		text: `Install the Fabric Manager in ${version} and start it: it does not start with a driver of another version. If it runs already, its status and log say what it waits for.`,
		commands: [
			install,
			"sudo systemctl enable --now nvidia-fabricmanager",
			"systemctl status nvidia-fabricmanager",
			"sudo journalctl -u nvidia-fabricmanager | tail -n 30",
			"nvidia-smi --query-gpu=fabric.state,fabric.status --format=csv",
		],
		kind: "host",
	};
}
