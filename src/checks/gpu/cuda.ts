import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { code, octal } from "../text.ts";
import { finding } from "../words.ts";
import { intro, words } from "./cuda-words.ts";
import { evidenceOf, gpuNodes, isJetsonWithoutSmi, smiWorks, wantsGpu } from "./nvidia.ts";

/** nvidia-smi does not use CUDA, and works where CUDA does not. This looks at what CUDA needs beyond it. */
export const gpuCuda = defineCheck({
	id: "gpu/cuda",
	title: "CUDA can use the GPUs that `nvidia-smi` lists",
	intro,
	reasons: words,
	needs: { nvidia: nvidiaProbe, container: containerProbe, job: jobProbe },
	after: ["gpu/driver"],
	applies: wantsGpu,
	judge({ nvidia, container, job }, policy): Verdict<keyof typeof words> {
		const isJetson = isJetsonWithoutSmi(nvidia) && gpuNodes(nvidia).length > 0;
		if (!smiWorks(nvidia) && !isJetson) {
			return nvidia.run === undefined && policy.gpu.require === "optional"
				? { kind: "skip", reason: "absent", message: "No GPU was found, and the profile does not require one." }
				: { kind: "skip", reason: "needs:gpu/driver", message: "Cannot be judged until `nvidia-smi` works." };
		}
		const situation = situationOf(container, job);
		const evidence = withVariables(nvidia);
		const inContainer = container.mode === "container" || container.insideContainer !== undefined;
		const isRequired = policy.gpu.require === "required";
		const isSpecial = nvidia.tegra !== undefined || gpuNodes(nvidia).includes("/dev/dxg");

		if (inContainer && !isSpecial) {
			const { driverCapabilities: value = "" } = nvidia;
			// The node comes with the capability too, so this is the cause of both. A container may be given a GPU for video alone.
			if (lacksCompute(nvidia)) {
				if (isRequired)
					return finding(words, "no-compute-capability", { value, situation }, { observed: value, evidence });
			} else if (lacksUvm(nvidia)) {
				return finding(
					words,
					"uvm-missing",
					{ situation, mode: undefined },
					{ observed: "no `/dev/nvidia-uvm`", evidence },
				);
			}
		}
		// nvidia-smi does not open this node.
		const closed = nvidia.nodes?.find(({ path, usable }) => path === "/dev/nvidia-uvm" && !usable);
		if (closed) {
			const observed = `mode ${octal(closed.mode)}, closed to this user`;
			return finding(words, "uvm-missing", { situation, mode: closed.mode }, { observed, evidence });
		}
		const unready = nvidia.run?.gpus.find(isUnready);
		if (unready) {
			const { fabricState = "", fabricStatus } = unready;
			const state = fabricStatus === undefined ? fabricState : `${fabricState}, ${fabricStatus}`;
			const seen = { gpu: unready, state, driver: unready.driver ?? nvidia.kernelDriver };
			return finding(words, "fabric-not-ready", seen, { observed: state, evidence });
		}
		const value = nvidia.cudaVisibleDevices;
		if (isRequired && value !== undefined && namesNoGpu(value, nvidia.run?.gpus ?? [])) {
			const seen = { value, situation, prohibited: undefined };
			return finding(words, "hidden", seen, { observed: value || "(empty)", evidence });
		}
		const gpus = nvidia.run?.gpus ?? [];
		const [prohibited] = gpus;
		if (isRequired && prohibited && gpus.every((gpu) => gpu.prohibited)) {
			const seen = { value: "", situation, prohibited };
			return finding(words, "hidden", seen, { observed: "compute mode Prohibited", evidence });
		}
		return { kind: "pass", message: messageOf(nvidia), evidence };
	},
});

/** Was the toolkit told to add a part of the driver that CUDA is not in, and did it not come with the image either? */
function lacksCompute({ driverCapabilities = "", cudaLibrary }: NvidiaFacts): boolean {
	const named = driverCapabilities
		.split(",")
		.map((name) => name.trim().toLowerCase())
		.filter(Boolean);
	return cudaLibrary === undefined && named.length > 0 && !named.includes("compute") && !named.includes("all");
}

/** Is there a GPU without the node through which CUDA manages memory? */
function lacksUvm({ nodes }: NvidiaFacts): boolean {
	const paths = (nodes ?? []).map(({ path }) => path);
	return paths.some((path) => /^\/dev\/nvidia\d+$/.test(path)) && !paths.includes("/dev/nvidia-uvm");
}

/** Has it an NVSwitch fabric to register with, and has not done so? A GPU without one reports no state, and the parts of a split one need none. */
function isUnready({ fabricState, fabricStatus, mig }: NvidiaGpu): boolean {
	if (fabricState === undefined || mig) return false;
	if (/^(?:in progress|not started)$/i.test(fabricState)) return true;
	return /^completed$/i.test(fabricState) && fabricStatus !== undefined && !/^success$/i.test(fabricStatus);
}

/**
 * CUDA reads the list up to the first entry that names no GPU, so the first one decides. An index of a GPU that is split up counts
 * its parts.
 */
function namesNoGpu(value: string, gpus: readonly NvidiaGpu[]): boolean {
	const first = value.split(",", 1)[0]?.trim() ?? "";
	// A part of a GPU, which is there only if one is split up.
	if (/^MIG-/.test(first))
		return gpus.length > 0 && gpus.every(({ mig, troubles }) => !mig && !troubles?.["mig.mode.current"]);
	if (/^GPU-/.test(first)) {
		const ids = gpus.map(({ uuid }) => uuid);
		return ids.length > 0 && ids.every((id) => id !== undefined && !id.toLowerCase().startsWith(first.toLowerCase()));
	}
	if (!/^\d+/.test(first)) return true;
	return gpus.length > 0 && gpus.every(({ mig }) => !mig) && Number.parseInt(first, 10) >= gpus.length;
}

function withVariables(nvidia: NvidiaFacts): Proof {
	const { cudaVisibleDevices: visible, driverCapabilities: capabilities } = nvidia;
	const [first, ...rest] = evidenceOf(nvidia);
	return [
		first,
		...rest,
		...(visible === undefined ? [] : [{ source: "CUDA_VISIBLE_DEVICES", text: visible || "(empty)" }]),
		...(capabilities === undefined ? [] : [{ source: "NVIDIA_DRIVER_CAPABILITIES", text: capabilities || "(empty)" }]),
	];
}

function messageOf({ nodes = [], cudaLibrary, cudaVisibleDevices, run }: NvidiaFacts): string {
	const state = run?.gpus.find(({ fabricState }) => fabricState !== undefined)?.fabricState;
	const parts = [
		nodes.some(({ path }) => path === "/dev/nvidia-uvm") ? "`/dev/nvidia-uvm`" : undefined,
		cudaLibrary === undefined ? undefined : code(cudaLibrary),
		cudaVisibleDevices === undefined ? undefined : `\`CUDA_VISIBLE_DEVICES\` names ${code(cudaVisibleDevices)}`,
		state === undefined ? undefined : `fabric: ${state}`,
	];
	return parts.filter((part) => part !== undefined).join(", ") || "Nothing hides the GPUs from CUDA";
}
