import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Pass, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { code, listed } from "../text.ts";
import { notRun } from "../toolchain/tool-words.ts";
import { finding } from "../words.ts";
import { intro, words } from "./driver-words.ts";
import { driverVersion, evidenceOf, gpuNodes, isJetsonWithoutSmi, nameOfJetson, wantsGpu } from "./nvidia.ts";
import { type SmiState, stateOf } from "./smi-state.ts";

export const gpuDriver = defineCheck({
	id: "gpu/driver",
	title: "The NVIDIA driver works and shows its GPUs",
	intro,
	reasons: words,
	needs: { nvidia: nvidiaProbe, container: containerProbe, job: jobProbe },
	after: ["gpu/visibility"],
	applies: wantsGpu,
	judge({ nvidia, container, job }, policy): Verdict<keyof typeof words> {
		if (nvidia.smiUntrusted)
			return {
				kind: "skip",
				reason: "untrusted",
				message: notRun("nvidia-smi", { why: "program", by: nvidia.smi ?? "nvidia-smi" }),
			};
		const state = stateOfDriver(nvidia);
		if (state.kind === "ok") return pass(nvidia);
		if (nvidia.run === undefined && policy.gpu.require === "optional") {
			return {
				kind: "skip",
				reason: "absent",
				message: "`nvidia-smi` is not on `PATH`, and the profile does not require a GPU.",
			};
		}
		const trouble = { nvidia, situation: situationOf(container, job), text: state.text, gpu: state.gpu };
		return finding(words, state.reason, trouble, { observed: state.text, evidence: evidenceOf(nvidia) });
	},
});

function stateOfDriver(nvidia: NvidiaFacts): SmiState {
	if (nvidia.run) return stateOf(nvidia.run);
	if (isJetsonWithoutSmi(nvidia)) return stateOfJetson(nvidia);
	return { kind: "trouble", reason: "smi-missing", text: "no `nvidia-smi` on `PATH`" };
}

/** Its driver is part of the kernel, so the nodes of its GPU are the evidence that it works. */
function stateOfJetson(nvidia: NvidiaFacts): SmiState {
	const nodes = gpuNodes(nvidia);
	if (nodes.length === 0) {
		return { kind: "trouble", reason: "driver-not-loaded", text: "no device node of the Jetson's GPU" };
	}
	const isOpen = nvidia.nodes?.some(({ path, usable }) => usable && nodes.includes(path));
	if (isOpen) return { kind: "ok" };
	return { kind: "trouble", reason: "insufficient-permissions", text: `permission denied on ${listed(nodes)}` };
}

function pass(nvidia: NvidiaFacts): Pass {
	if (isJetsonWithoutSmi(nvidia)) {
		const nodes = listed(gpuNodes(nvidia).map(code));
		const message = `${nameOfJetson(nvidia)}: its GPU is at ${nodes}. It has no \`nvidia-smi\`, which came with JetPack 6`;
		return { kind: "pass", message, evidence: evidenceOf(nvidia) };
	}
	const names = (nvidia.run?.gpus ?? []).map(({ name }) => name ?? "unnamed GPU");
	const counted = [...new Set(names)].map((name) => {
		const count = names.filter((other) => other === name).length;
		return count > 1 ? `${count} × ${name}` : name;
	});
	const version = driverVersion(nvidia);
	const driver = version === undefined ? "The driver works" : `Driver ${version}`;
	const message = counted.length > 0 ? `${driver}: ${listed(counted)}` : driver;
	return { kind: "pass", message, evidence: evidenceOf(nvidia) };
}
