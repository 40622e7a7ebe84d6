import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Pass } from "../check.ts";
import { listed } from "../text.ts";
import { caseOf, explain } from "./driver-findings.ts";
import { driverVersion, evidenceOf, wantsGpu } from "./seen.ts";
import { type SmiState, stateOf } from "./smi-state.ts";

export const gpuDriver = defineCheck({
	id: "gpu/driver",
	title: "The NVIDIA driver works and shows its GPUs",
	reasons: {
		"smi-missing": { level: "fail", title: "nvidia-smi is not there, or not on PATH" },
		"driver-not-loaded": { level: "fail", title: "the kernel module is not loaded" },
		"library-missing": { level: "fail", title: "the driver's library libnvidia-ml is missing" },
		"library-mismatch": { level: "fail", title: "kernel module and libraries are of different versions" },
		"nvml-unknown-error": { level: "fail", title: "the driver answers Unknown Error" },
		"insufficient-permissions": { level: "fail", title: "this user may not use the GPU" },
		"access-blocked": { level: "fail", title: "the operating system denies access to the GPU" },
		"no-devices": { level: "fail", title: "the driver shows no GPU" },
		"gpu-lost": { level: "fail", title: "a GPU has fallen off the bus" },
		"reset-required": { level: "fail", title: "a GPU needs a reset" },
		"insufficient-power": { level: "fail", title: "a GPU does not get enough power" },
		timeout: { level: "fail", title: "nvidia-smi does not answer" },
		broken: { level: "fail", title: "nvidia-smi fails otherwise" },
	},
	needs: { nvidia: nvidiaProbe, container: containerProbe, job: jobProbe },
	after: ["gpu/visibility"],
	applies: wantsGpu,
	judge({ nvidia, container, job }, policy) {
		const state = stateOfDriver(nvidia);
		if (state.kind === "ok") return pass(nvidia);
		if (nvidia.run === undefined && policy.gpu.require === "optional") {
			return {
				kind: "skip",
				reason: "absent",
				message: "There is no `nvidia-smi` on `PATH`, and the profile does not insist on a GPU.",
			};
		}
		return {
			kind: "finding",
			reason: state.reason,
			why: "Whatever needs CUDA fails on this runner, or falls back to the CPU without a word and takes many times as long.",
			expected: "`nvidia-smi` lists the GPUs of this machine",
			observed: state.text,
			evidence: evidenceOf(nvidia),
			...explain(caseOf(nvidia, container, job, state)),
		};
	},
});

function stateOfDriver(nvidia: NvidiaFacts): SmiState {
	return nvidia.run
		? stateOf(nvidia.run)
		: { kind: "trouble", reason: "smi-missing", text: "no `nvidia-smi` on `PATH`" };
}

function pass(nvidia: NvidiaFacts): Pass {
	const names = (nvidia.run?.gpus ?? []).map(({ name }) => name ?? "a GPU without a name");
	const counted = [...new Set(names)].map((name) => {
		const count = names.filter((other) => other === name).length;
		return count > 1 ? `${count} × ${name}` : name;
	});
	const version = driverVersion(nvidia);
	const driver = version === undefined ? "The driver answers" : `Driver ${version}`;
	const message = counted.length > 0 ? `${driver}: ${listed(counted)}` : driver;
	return { kind: "pass", message, evidence: evidenceOf(nvidia) };
}
