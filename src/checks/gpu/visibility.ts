import type { DriverReason } from "../../knowledge/nvidia-smi.ts";
import { runnerKnowledge } from "../../knowledge/runner-versions.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { type GpuRequestFacts, gpuRequestProbe } from "../../probes/gpu-request.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Evidence, type Finding } from "../check.ts";
import { holdsHere, type Situation, situationOf } from "../docker/situation.ts";
import { isPrivileged } from "../runner/privileged.ts";
import { code } from "../text.ts";
import { giveGpu, installToolkit, upgradeRunner } from "./give-gpu.ts";
import { evidenceOf, gpuNodes, smiWorks } from "./nvidia.ts";
import { stateOf } from "./smi-state.ts";

type Reason =
	| "options-stripped"
	| "no-device-request"
	| "visible-devices-void"
	| "no-utility-capability"
	| "device-nodes-missing"
	| "toolkit-missing";

interface Witnesses {
	readonly nvidia: NvidiaFacts;
	readonly container: ContainerFacts;
	readonly job: JobFacts;
	readonly request: GpuRequestFacts;
}

/** Answers that nvidia-smi also gives where the driver is fine, but nothing of it was put into the container. */
const answersOfAbsence: readonly DriverReason[] = ["smi-missing", "driver-not-loaded", "library-missing", "no-devices"];

/**
 * Why a container has no GPU, where something says so: the runner's version, the way the container was started, its
 * variables, the engine. Where nothing does, `gpu/driver` tells what is the case.
 */
export const gpuVisibility = defineCheck({
	id: "gpu/visibility",
	title: "The job container was given the GPUs of its host",
	reasons: {
		"options-stripped": { level: "fail", title: "this version of the runner drops `--gpus`" },
		"no-device-request": { level: "fail", title: "the container was started without `--gpus`" },
		"visible-devices-void": { level: "fail", title: "`NVIDIA_VISIBLE_DEVICES` hides the GPUs" },
		"no-utility-capability": { level: "fail", title: "`NVIDIA_DRIVER_CAPABILITIES` leaves out nvidia-smi" },
		"device-nodes-missing": { level: "fail", title: "the host has the driver, the container no device node" },
		"toolkit-missing": { level: "fail", title: "the host's Docker knows nothing of NVIDIA" },
	},
	needs: {
		nvidia: nvidiaProbe,
		container: containerProbe,
		job: jobProbe,
		request: gpuRequestProbe,
	},
	applies: (policy) => policy.gpu.require === "required",
	judge(facts) {
		const { nvidia, container } = facts;
		if (container.mode !== "container") {
			const message =
				container.mode === "host"
					? "The job runs on the host, and sees the GPUs that the host has."
					: "Could not find out whether this is a container: `gpu/driver` tells what the GPUs say.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		if (smiWorks(nvidia)) {
			return { kind: "pass", message: "`nvidia-smi` answers in this container", evidence: evidenceOf(nvidia) };
		}
		if (gpuNodes(nvidia).length > 0) {
			return lacksUtility(facts) && lacksTool(nvidia)
				? noUtilityCapability(facts)
				: {
						kind: "pass",
						message: `The container has ${gpuNodes(nvidia).map(code).join(", ")}`,
						evidence: evidenceOf(nvidia),
					};
		}
		const answer = nvidia.run && stateOf(nvidia.run);
		if (answer?.kind === "trouble" && !answersOfAbsence.includes(answer.reason)) {
			return {
				kind: "pass",
				message: "`nvidia-smi` reaches the driver from this container; `gpu/driver` judges what it says",
				evidence: evidenceOf(nvidia),
			};
		}
		return (
			causeOf(facts) ?? {
				kind: "skip",
				reason: "not-applicable",
				message: `Nothing here shows how this container was meant to get a GPU${howUnseen(facts.request)}: see \`gpu/driver\`.`,
			}
		);
	},
});

function howUnseen({ state }: GpuRequestFacts): string {
	switch (state) {
		case "found":
			return "";
		case "no-answer":
			return ", and Docker did not answer how it was started";
		default:
			return ", and Docker could not be asked how it was started";
	}
}

/** The container shows no GPU. The first witness that explains it counts. */
function causeOf(facts: Witnesses): Finding<Reason> | undefined {
	const { nvidia, request } = facts;
	const found = request.state === "found";
	// The runner leaves the options of a privileged container alone.
	const privileged = request.privileged ?? isPrivileged(facts.container);
	const stripped = holdsHere("gpu-option-dropped", situation(facts)) === "yes" && !privileged;
	if (found && !asksForGpu(request) && !usesNvidiaRuntime(request)) {
		return stripped ? optionsStripped(facts) : noDeviceRequest(facts);
	}
	// An nvidia-smi that ran and saw no module on a host without one needs no other cause.
	const hostMayHaveIt = nvidia.run === undefined || nvidia.kernelDriver !== undefined;
	if (!found && stripped && hostMayHaveIt) return optionsStripped(facts);
	const visible = visibleDevices(facts);
	const hidden = visible !== undefined && ["", "void", "none"].includes(visible.trim().toLowerCase());
	const unset = visible === undefined && found && !asksForGpu(request);
	if (hidden || unset) return visibleDevicesVoid(facts, visible);
	if (found && !knowsNvidia(facts.request)) return toolkitMissing(facts);
	return found || nvidia.kernelDriver !== undefined ? deviceNodesMissing(facts) : undefined;
}

function asksForGpu({ deviceRequests = [] }: GpuRequestFacts): boolean {
	return deviceRequests.some(
		({ driver, capabilities, deviceIds }) =>
			driver === "nvidia" || capabilities.includes("gpu") || deviceIds.some((id) => id.startsWith("nvidia.com/")),
	);
}

function usesNvidiaRuntime({ runtime = "" }: GpuRequestFacts): boolean {
	return runtime.startsWith("nvidia");
}

/** Did the engine tell that it has neither a runtime nor a CDI device of NVIDIA? If it told nothing, it may know. */
function knowsNvidia({ runtimes, cdiDevices = [] }: GpuRequestFacts): boolean {
	if (runtimes === undefined) return true;
	return runtimes.some((name) => name.startsWith("nvidia")) || cdiDevices.some((id) => id.startsWith("nvidia.com/"));
}

/** The container's own setting, as Docker has it, else that of this job's environment. */
function visibleDevices({ request, nvidia }: Witnesses): string | undefined {
	return request.nvidiaEnv?.NVIDIA_VISIBLE_DEVICES ?? nvidia.visibleDevices;
}

function driverCapabilities({ request, nvidia }: Witnesses): string | undefined {
	return request.nvidiaEnv?.NVIDIA_DRIVER_CAPABILITIES ?? nvidia.driverCapabilities;
}

/** `--gpus 'all,capabilities=compute'` sets the same as the variable. Without either, the toolkit puts in nvidia-smi. */
function lacksUtility(facts: Witnesses): boolean {
	const byVariable = driverCapabilities(facts)?.split(",").filter(Boolean) ?? [];
	const byRequest = (facts.request.deviceRequests ?? []).flatMap(({ capabilities }) => capabilities);
	const named = byVariable.length > 0 ? byVariable : byRequest.filter((name) => !["gpu", "nvidia"].includes(name));
	return named.length > 0 && !named.some((name) => ["utility", "all"].includes(name.trim().toLowerCase()));
}

/** nvidia-smi and libnvidia-ml come with the capability `utility`, the device nodes without it. */
function lacksTool({ run }: NvidiaFacts): boolean {
	const answer = run && stateOf(run);
	return answer === undefined || (answer.kind === "trouble" && answer.reason === "library-missing");
}

function seen(facts: Witnesses): readonly Evidence[] {
	const { nvidia, request, job } = facts;
	const requests = (request.deviceRequests ?? []).map(
		({ driver, count, deviceIds, capabilities }) =>
			`${driver || "default driver"}, ${deviceIds.length > 0 ? deviceIds.join(" ") : count === -1 ? "all" : count}, ${capabilities.join(" ")}`,
	);
	const visible = visibleDevices(facts);
	const capabilities = driverCapabilities(facts);
	return [
		...(job.runnerVersion === undefined ? [] : [{ source: "GITEA_ACTIONS_RUNNER_VERSION", text: job.runnerVersion }]),
		...(request.state === "found"
			? [
					{
						source: "GET /containers/{self}/json",
						text: `DeviceRequests: ${requests.join("; ") || "none"}; Runtime: ${request.runtime ?? "unknown"}; Privileged: ${request.privileged ?? "unknown"}`,
					},
				]
			: []),
		...(request.runtimes ? [{ source: "GET /info", text: `Runtimes: ${request.runtimes.join(", ")}` }] : []),
		...(visible === undefined ? [] : [{ source: "NVIDIA_VISIBLE_DEVICES", text: visible || "(empty)" }]),
		...(capabilities === undefined ? [] : [{ source: "NVIDIA_DRIVER_CAPABILITIES", text: capabilities || "(empty)" }]),
		...evidenceOf(nvidia),
	];
}

function finding(
	facts: Witnesses,
	rest: Pick<Finding<Reason>, "reason" | "message" | "observed" | "remedy"> & Partial<Finding<Reason>>,
): Finding<Reason> {
	return {
		kind: "finding",
		why: "The jobs of this label need a GPU and have none: what uses CUDA fails, or falls back to the CPU without a word.",
		expected: "a container with the GPUs of its host",
		evidence: seen(facts),
		...rest,
	};
}

function optionsStripped(facts: Witnesses): Finding<Reason> {
	const version = facts.job.runnerVersion ?? "";
	return finding(facts, {
		reason: "options-stripped",
		message: `This container has no GPU, and Gitea's runner ${code(version)} is why \`--gpus\` does not help: ${runnerKnowledge("gpu-option-dropped").what}. The only trace is a line in the job's set-up log.`,
		observed: facts.request.state === "found" ? "a container without a device request" : "no GPU in the container",
		remedy: upgradeRunner(situation(facts)),
	});
}

function noDeviceRequest(facts: Witnesses): Finding<Reason> {
	const toolkit = knowsNvidia(facts.request) ? undefined : installToolkit;
	return finding(facts, {
		reason: "no-device-request",
		message: `The runner started this container without asking Docker for a GPU.${toolkit ? " The host's Docker knows no NVIDIA runtime either: with `--gpus` alone the container would not start." : ""}`,
		observed: "no device request, no NVIDIA runtime",
		remedy: {
			...giveGpu(situation(facts)),
			...(toolkit && { otherwise: { ...toolkit, text: `First: ${toolkit.text}` } }),
		},
	});
}

function visibleDevicesVoid(facts: Witnesses, value: string | undefined): Finding<Reason> {
	const setting = value === undefined ? "is not set" : value === "" ? "is empty" : `is ${code(value)}`;
	return finding(facts, {
		reason: "visible-devices-void",
		message: `\`NVIDIA_VISIBLE_DEVICES\` ${setting}: NVIDIA's runtime takes that for "no GPU".`,
		expected: "`NVIDIA_VISIBLE_DEVICES=all`, or the GPUs that jobs may use",
		observed: value === undefined ? "not set" : value || "(empty)",
		remedy: {
			text: "Set it where the container gets it from: `ENV` of the image, `--env` in `container.options` of the runner, or `env` of the job's container in the workflow.",
			config: {
				file: "config.yaml",
				language: "yaml",
				text: "container:\n  options: --gpus all --env NVIDIA_VISIBLE_DEVICES=all",
			},
			commands: giveGpu(situation(facts)).commands ?? [],
			kind: "runner",
		},
	});
}

function noUtilityCapability(facts: Witnesses): Finding<Reason> {
	const value = driverCapabilities(facts);
	return finding(facts, {
		reason: "no-utility-capability",
		message: `The container has a GPU, but without \`nvidia-smi\` and its library: ${value ? `\`NVIDIA_DRIVER_CAPABILITIES\` is ${code(value)}` : "the capabilities that `--gpus` names"}, and \`utility\` is not among them.`,
		why: "CUDA may work, but whatever asks for the GPUs first (`nvidia-smi`, many test suites) sees none.",
		expected: "`compute,utility`, or `all`",
		observed: value || "capabilities without `utility`",
		remedy: {
			text: "Add `utility` in the image, or in `container.options` of the runner.",
			commands: ["ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility   # in the Dockerfile"],
			kind: "image",
			otherwise: {
				text: "Without a new image:",
				config: {
					file: "config.yaml",
					language: "yaml",
					text: "container:\n  options: --gpus all --env NVIDIA_DRIVER_CAPABILITIES=compute,utility",
				},
				commands: giveGpu(situation(facts)).commands ?? [],
				kind: "runner",
			},
		},
	});
}

function toolkitMissing(facts: Witnesses): Finding<Reason> {
	return finding(facts, {
		reason: "toolkit-missing",
		message:
			"A GPU was asked for, but the host's Docker has neither NVIDIA's runtime nor a CDI device of NVIDIA: the container toolkit is not installed, or not registered.",
		expected: "a runtime `nvidia`, or CDI devices `nvidia.com/gpu`",
		observed: "neither",
		remedy: installToolkit,
	});
}

function deviceNodesMissing(facts: Witnesses): Finding<Reason> {
	const { nvidia, request } = facts;
	const onHost: Pick<Finding<Reason>, "remedy">["remedy"] = {
		text: "A GPU was asked for, so look on the host: whether its device nodes exist (a server without a desktop creates them on first use), and whether a container by hand gets them.",
		commands: [
			"nvidia-smi && ls -l /dev/nvidia*",
			"sudo nvidia-modprobe -c 0 -u",
			"docker run --rm --gpus all ubuntu nvidia-smi",
			"sudo nvidia-ctk runtime configure --runtime=docker && sudo systemctl restart docker",
		],
		kind: "host",
	};
	const driver =
		nvidia.kernelDriver === undefined ? "" : `The host has NVIDIA's driver ${nvidia.kernelDriver} loaded, but t`;
	return finding(facts, {
		reason: "device-nodes-missing",
		message: `${driver || "T"}his container has no device node of a GPU (\`/dev/nvidia0\`).`,
		expected: "`/dev/nvidia0` in the container",
		observed: "no `/dev/nvidia*`",
		remedy:
			request.state === "found"
				? onHost
				: {
						...giveGpu(situation(facts)),
						otherwise: {
							...onHost,
							text: onHost.text.replace("A GPU was asked for, so look", "If that is so already: look"),
						},
					},
	});
}

function situation({ container, job }: Witnesses): Situation {
	return situationOf(container, job);
}
