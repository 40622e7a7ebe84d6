import { runnerKnowledge } from "../../knowledge/runner-versions.ts";
import { addOption, type Situation, stopsContainers } from "../docker/situation.ts";
import { code, lowerFirst } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { giveGpu, giveJetson, installToolkit, upgradeRunner } from "./give-gpu.ts";
import { cudaFails } from "./nvidia.ts";

interface OptionsStripped {
	/** The runner's version as it reports it. */
	readonly version: string;
	readonly situation: Situation;
}

interface NoDeviceRequest {
	/** Does Docker on the host have NVIDIA's runtime or a CDI device? */
	readonly dockerKnowsNvidia: boolean;
	readonly situation: Situation;
	/** Is the host a Jetson? */
	readonly tegra: boolean;
}

interface VisibleDevicesVoid {
	/** Of `NVIDIA_VISIBLE_DEVICES`; `undefined`: not set. */
	readonly value: string | undefined;
	readonly situation: Situation;
}

interface NoUtilityCapability {
	/** Of `NVIDIA_DRIVER_CAPABILITIES`; `undefined` or empty: `--gpus` names the capabilities. */
	readonly value: string | undefined;
	readonly situation: Situation;
}

interface DeviceNodesMissing {
	/** Version of the host's kernel module, which every container sees. */
	readonly kernelDriver: string | undefined;
	/** The host, if it is a Jetson: `NVIDIA Jetson`. */
	readonly jetson: string | undefined;
	/** Is it known that the container was started with a request for a GPU? */
	readonly requested: boolean;
	readonly situation: Situation;
}

export const intro =
	"Finds out why a job container sees no GPU: from the runner's version, from how Docker started the container, from the variables that control NVIDIA's runtime, and from what Docker knows about NVIDIA. Judged in containers whose profile requires a GPU. Without a Docker socket there is less to go by. If nothing explains the missing GPU, this check is skipped and `gpu/driver` reports what `nvidia-smi` says.";

const expected = "a container with the GPUs of its host";

export const words = {
	"options-stripped": reason<OptionsStripped>({
		level: "fail",
		title: "This release of the runner drops `--gpus`",
		headline: ({ version }) => `Gitea runner ${version} drops \`--gpus\``,
		why: `The only trace is a line in the job's setup log: \`container option "--gpus" is not allowed when privileged mode is disabled and will be ignored\`. ${cudaFails}`,
		expected,
		tell: ({ version, situation }) => ({
			what: `This container has no GPU because of Gitea's runner ${code(version)}: ${runnerKnowledge("gpu-option-dropped").what}.`,
			fix: upgradeRunner(situation),
		}),
		more: "Usually [`runner/version:known-bad`](runner.md#version) reports this and `gpu/visibility` waits for it. Reported here only if the policy switches that finding off.",
	}),
	"no-device-request": reason<NoDeviceRequest>({
		level: "fail",
		title: "The container was started without `--gpus`",
		headline: ({ tegra }) =>
			tegra ? "NVIDIA's runtime did not start this container" : "The container was started without `--gpus`",
		why: cudaFails,
		expected,
		tell: ({ dockerKnowsNvidia, situation, tegra }) => ({
			what: `The runner started this container without requesting a GPU from Docker.${dockerKnowsNvidia || tegra ? "" : " Docker on the host does not know NVIDIA's runtime either, so a container with `--gpus` would not start."}`,
			fix: tegra
				? giveJetson(situation)
				: dockerKnowsNvidia
					? giveGpu(situation)
					: {
							...giveGpu(situation),
							otherwise: { ...installToolkit, text: `Do this first: ${lowerFirst(installToolkit.text)}` },
						},
		}),
		more: "`docker inspect` shows no device request, and the container's runtime is not NVIDIA's.",
	}),
	"visible-devices-void": reason<VisibleDevicesVoid>({
		level: "fail",
		title: "`NVIDIA_VISIBLE_DEVICES` hides the GPUs",
		headline: ({ value }) => {
			if (value === undefined) return "`NVIDIA_VISIBLE_DEVICES` is not set";
			return value === ""
				? "`NVIDIA_VISIBLE_DEVICES` is empty"
				: `${code(`NVIDIA_VISIBLE_DEVICES=${value}`)} hides the GPUs`;
		},
		why: cudaFails,
		expected: "`NVIDIA_VISIBLE_DEVICES=all`, or the GPUs that jobs may use",
		tell: ({ value, situation }) => ({
			what: `\`NVIDIA_VISIBLE_DEVICES\` ${value === undefined ? "is not set" : value === "" ? "is empty" : `is ${code(value)}`}, which NVIDIA's runtime takes for "no GPU".`,
			fix: {
				text: "Set it where the container gets it from: `ENV` of the image, `--env` in the runner's `container.options`, or `env` of the job's container in the workflow.",
				...addOption(situation, "--gpus all --env NVIDIA_VISIBLE_DEVICES=all"),
			},
		}),
	}),
	"no-utility-capability": reason<NoUtilityCapability>({
		level: "fail",
		title: "The container's GPU comes without `nvidia-smi`",
		why: "CUDA may work, but programs that look for GPUs first (`nvidia-smi`, many test suites) find none.",
		expected: "`compute,utility`, or `all`",
		tell: ({ value, situation }) => ({
			what: `The container has a GPU, but neither \`nvidia-smi\` nor its library: ${value ? `\`NVIDIA_DRIVER_CAPABILITIES\` is ${code(value)}` : "`--gpus` names capabilities"}, without \`utility\`.`,
			fix: {
				text: "Add `utility` to the image's capabilities.",
				config: {
					file: "Dockerfile",
					language: "dockerfile",
					text: "ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility",
				},
				kind: "image",
				otherwise: {
					text: "Set the variable where the container is started, without building a new image.",
					...addOption(situation, "--gpus all --env NVIDIA_DRIVER_CAPABILITIES=compute,utility"),
				},
			},
		}),
		more: "NVIDIA's container toolkit adds both with the capability `utility`. `NVIDIA_DRIVER_CAPABILITIES`, or `--gpus 'all,\"capabilities=compute\"'`, can leave it out.",
	}),
	"device-nodes-missing": reason<DeviceNodesMissing>({
		level: "fail",
		title: "The container has no device nodes of a GPU",
		why: cudaFails,
		expected: ({ jetson }) => `\`${jetson === undefined ? "/dev/nvidia0" : "/dev/nvhost-gpu"}\` in the container`,
		tell: tellNodesMissing,
	}),
	"toolkit-missing": reason({
		level: "fail",
		title: "The NVIDIA Container Toolkit is not set up",
		why: cudaFails,
		expected: "a runtime `nvidia`, or CDI devices `nvidia.com/gpu`",
		tell: () => ({
			what: "A GPU was requested, but Docker on the host has neither NVIDIA's runtime nor an NVIDIA CDI device: the NVIDIA Container Toolkit is not installed or not registered.",
			fix: installToolkit,
		}),
		more: 'A container that is started by hand fails with `could not select device driver "" with capabilities: [[gpu]]`, and from Docker 29.3 on with `failed to discover GPU vendor from CDI: no known GPU vendor found`. Docker from a snap does not find the toolkit: use Docker\'s own packages.',
	}),
};

/** Why the missing GPU is the finding of another check. */
export function becauseOfRunner(version: string): string {
	return `The container has no GPU because runner ${code(version)} drops \`--gpus\`: see \`runner/version\`.`;
}

function tellNodesMissing({ kernelDriver, jetson, requested, situation }: DeviceNodesMissing): Told {
	if (jetson !== undefined) {
		return {
			what: `The host is an ${jetson}, but this container has no device node of its GPU (\`/dev/nvhost-gpu\`): NVIDIA's runtime did not start it.`,
			fix: giveJetson(situation),
		};
	}
	const here = "his container has no device node of a GPU (`/dev/nvidia0`).";
	const what =
		kernelDriver === undefined ? `T${here}` : `The host has NVIDIA's driver ${kernelDriver} loaded, but t${here}`;
	const onHost = {
		text: `${requested ? "The container was started with a request for a GPU, so check" : "If the runner is configured like this already, check"} whether the device nodes exist (a server without a desktop creates them on first use), and whether a container that is started by hand gets them. If it does not, register NVIDIA's runtime again. ${stopsContainers}`,
		commands: [
			"nvidia-smi && ls -l /dev/nvidia*",
			"sudo nvidia-modprobe -c 0 -u",
			"docker run --rm --gpus all ubuntu nvidia-smi",
			"sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker",
		],
		kind: "host",
	} as const;
	return { what, fix: requested ? onHost : { ...giveGpu(situation), otherwise: onHost } };
}
