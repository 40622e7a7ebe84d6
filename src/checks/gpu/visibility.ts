import type { DriverReason } from "../../knowledge/nvidia-smi.ts";
import type { Policy } from "../../policy/policy.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { type GpuRequestFacts, gpuRequestProbe } from "../../probes/gpu-request.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Evidence, type Finding, type Verdict } from "../check.ts";
import { holdsHere, situationOf } from "../docker/situation.ts";
import { isPrivileged } from "../runner/privileged.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { evidenceOf, gpuNodes, nameOfJetson, smiWorks } from "./nvidia.ts";
import { stateOf } from "./smi-state.ts";
import { becauseOfRunner, intro, words } from "./visibility-words.ts";

type Reason = keyof typeof words;

/** What shows whether and why a container has no GPU. */
export interface Witnesses {
	readonly nvidia: NvidiaFacts;
	readonly container: ContainerFacts;
	readonly job: JobFacts;
	readonly request: GpuRequestFacts;
}

/** What nvidia-smi also reports if the driver is fine, but nothing of it was added to the container. */
const answersOfAbsence: readonly DriverReason[] = ["smi-missing", "driver-not-loaded", "library-missing", "no-devices"];

/**
 * Why a container has no GPU, as far as the runner's version, the way the container was started, its variables or the engine
 * explain it. Otherwise `gpu/driver` reports what nvidia-smi says.
 */
export const gpuVisibility = defineCheck({
	id: "gpu/visibility",
	title: "The job container was given the GPUs of its host",
	intro,
	reasons: words,
	needs: {
		nvidia: nvidiaProbe,
		container: containerProbe,
		job: jobProbe,
		request: gpuRequestProbe,
	},
	applies: (policy) => policy.gpu.require === "required",
	judge(facts, policy): Verdict<Reason> {
		const { nvidia, container } = facts;
		if (container.mode !== "container") {
			const message =
				container.mode === "host"
					? "The job runs on the host and sees all of its GPUs."
					: "Could not find out whether this is a container: see `gpu/driver`.";
			return { kind: "skip", reason: "not-applicable", message };
		}
		if (smiWorks(nvidia)) {
			return { kind: "pass", message: "`nvidia-smi` works in this container", evidence: evidenceOf(nvidia) };
		}
		if (gpuNodes(nvidia).length > 0) {
			if (lacksUtility(facts) && lacksTool(nvidia) && !nvidia.tegra) return noUtilityCapability(facts);
			const message = `The container has ${gpuNodes(nvidia).map(code).join(", ")}`;
			return { kind: "pass", message, evidence: evidenceOf(nvidia) };
		}
		if (reachesDriver(nvidia)) {
			return {
				kind: "pass",
				message: "`nvidia-smi` reaches the driver from this container; `gpu/driver` judges its answer",
				evidence: evidenceOf(nvidia),
			};
		}
		return (
			causeOf(facts, policy) ?? {
				kind: "skip",
				reason: "not-applicable",
				message: `Nothing shows how this container was supposed to get a GPU${whyUnknown(facts.request)}: see \`gpu/driver\`.`,
			}
		);
	},
});

function whyUnknown({ state }: GpuRequestFacts): string {
	switch (state) {
		case "found":
			return "";
		case "no-answer":
			return ", and Docker did not answer how it was started";
		default:
			return ", and Docker could not be asked how it was started";
	}
}

/** Does nvidia-smi report trouble that it can only know from the driver? */
function reachesDriver({ run }: NvidiaFacts): boolean {
	const answer = run && stateOf(run);
	if (answer?.kind !== "trouble" || answersOfAbsence.includes(answer.reason)) return false;
	// A tool that crashes or cannot start has asked nobody, unless it listed a GPU first.
	return answer.reason !== "broken" || (run?.gpus ?? []).length > 0;
}

/** The container shows no GPU. The first witness that explains it decides. */
function causeOf(facts: Witnesses, policy: Policy): Verdict<Reason> | undefined {
	const { nvidia, request, container, job } = facts;
	const { kernelDriver } = nvidia;
	const situation = situationOf(container, job);
	const found = request.state === "found";
	const requested = asksForGpu(request);
	const evidence = startEvidence(facts);

	if (runnerDroppedGpu(facts)) {
		if (!isSwitchedOff("runner/version", "known-bad", policy)) {
			return { kind: "skip", reason: "needs:runner/version", message: becauseOfRunner(job.runnerVersion ?? "") };
		}
		const observed = found ? "a container without a device request" : "no GPU in the container";
		const seen = { version: job.runnerVersion ?? "", situation };
		return finding(words, "options-stripped", seen, { observed, evidence });
	}
	if (found && !requested && !usesNvidiaRuntime(request)) {
		return finding(
			words,
			"no-device-request",
			{ dockerKnowsNvidia: knowsNvidia(request), situation, tegra: nvidia.tegra !== undefined },
			{ observed: "no device request, no NVIDIA runtime", evidence },
		);
	}
	const value = visibleDevices(facts);
	const hidden = value !== undefined && ["", "void", "none"].includes(value.trim().toLowerCase());
	const unset = value === undefined && found && !requested;
	if (hidden || unset) {
		const observed = value === undefined ? "not set" : value || "(empty)";
		return finding(words, "visible-devices-void", { value, situation }, { observed, evidence });
	}
	if (found && !knowsNvidia(request)) return finding(words, "toolkit-missing", {}, { observed: "neither", evidence });
	if (!found && kernelDriver === undefined && nvidia.tegra === undefined) return undefined;
	const jetson = nvidia.tegra && nameOfJetson(nvidia);
	const missing = { kernelDriver, jetson, requested: found, situation };
	return finding(words, "device-nodes-missing", missing, { observed: "no `/dev/nvidia*`", evidence });
}

/** Has this container no GPU because the runner's release drops `--gpus`, as far as that can be known? */
export function runnerDroppedGpu({ nvidia, request, container, job }: Witnesses): boolean {
	if (container.mode !== "container" || smiWorks(nvidia) || gpuNodes(nvidia).length > 0) return false;
	if (reachesDriver(nvidia)) return false;
	// The runner leaves the options of a privileged container alone.
	const privileged = request.privileged ?? isPrivileged(container);
	if (privileged || holdsHere("gpu-option-dropped", situationOf(container, job)) !== "yes") return false;
	if (request.state === "found") return !asksForGpu(request) && !usesNvidiaRuntime(request);
	// If nvidia-smi ran and the host has no module, no other cause is needed.
	return nvidia.run === undefined || nvidia.kernelDriver !== undefined;
}

function noUtilityCapability(facts: Witnesses): Finding<Reason> {
	const value = driverCapabilities(facts);
	return finding(
		words,
		"no-utility-capability",
		{ value, situation: situationOf(facts.container, facts.job) },
		{ observed: value || "capabilities without `utility`", evidence: startEvidence(facts) },
	);
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

/** Has the engine NVIDIA's runtime or a CDI device? An engine that does not list them may have them. */
function knowsNvidia({ runtimes, cdiDevices = [] }: GpuRequestFacts): boolean {
	if (runtimes === undefined) return true;
	return runtimes.some((name) => name.startsWith("nvidia")) || cdiDevices.some((id) => id.startsWith("nvidia.com/"));
}

/** The container's own value, as Docker reports it, else that of this job's environment. */
function visibleDevices({ request, nvidia }: Witnesses): string | undefined {
	return request.nvidiaEnv?.NVIDIA_VISIBLE_DEVICES ?? nvidia.visibleDevices;
}

function driverCapabilities({ request, nvidia }: Witnesses): string | undefined {
	return request.nvidiaEnv?.NVIDIA_DRIVER_CAPABILITIES ?? nvidia.driverCapabilities;
}

/** `--gpus 'all,"capabilities=compute"'` does the same as the variable. Without either, the toolkit adds nvidia-smi. */
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

/** What was observed of how the container was started, and of NVIDIA in it. */
function startEvidence(facts: Witnesses): readonly Evidence[] {
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
