import { containerProbe } from "../../probes/container.ts";
import { gpuHoldersProbe } from "../../probes/gpu-holders.ts";
import { nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, isProof, type Verdict } from "../check.ts";
import { code, listed } from "../text.ts";
import { notRun } from "../toolchain/tool-words.ts";
import { undecided } from "../words.ts";
import { describe, gpusOfMachine, judgements } from "./inventory-judgements.ts";
import { intro, unknowns, words } from "./inventory-words.ts";
import { evidenceOf, gpuNodes, isJetsonWithoutSmi, smiWorks, wantsGpu } from "./nvidia.ts";

export const gpuInventory = defineCheck({
	id: "gpu/inventory",
	title: "The GPUs are healthy and what the profile asks for",
	intro,
	reasons: words,
	needs: { nvidia: nvidiaProbe, container: containerProbe },
	details: { of: ["too-little-free-memory"], needs: { holders: gpuHoldersProbe } },
	after: ["gpu/driver"],
	applies: wantsGpu,
	judge({ nvidia, container, holders }, policy): Verdict<keyof typeof words> {
		if (nvidia.smiUntrusted)
			return {
				kind: "skip",
				reason: "untrusted",
				message: notRun("nvidia-smi", { why: "program", by: nvidia.smi ?? "nvidia-smi" }),
			};
		const gpus = gpusOfMachine(nvidia);
		if (!smiWorks(nvidia) && !(isJetsonWithoutSmi(nvidia) && gpuNodes(nvidia).length > 0)) {
			return nvidia.run === undefined && policy.gpu.require === "optional"
				? { kind: "skip", reason: "absent", message: "No GPU was found, and the profile does not require one." }
				: { kind: "skip", reason: "needs:gpu/driver", message: "Cannot be judged until `nvidia-smi` works." };
		}
		const figures = gpus.map(describe);
		const inContainer = container.mode === "container";
		const inventory = { nvidia, gpus, policy, inContainer, ...(holders && { holders }) };
		const verdicts = judgements.map((judgement) => judgement(inventory));
		const found = verdicts.find((verdict) => verdict?.kind === "finding");
		if (found) return found;
		const unreported = verdicts.filter((verdict) => verdict?.kind === "unreported");
		if (unreported.length > 0) {
			const keys = unreported.map(({ key }) => code(`gpu.${key}`));
			const fields = unreported.map(({ field }) => code(field));
			const seen = {
				asked: listed(keys),
				fields: listed(fields),
				demands: unreported.map(({ demand }) => demand),
				hasGpu: gpus.length > 0,
				jetson: isJetsonWithoutSmi(nvidia),
			};
			return undecided(unknowns, "not-reported", seen, {
				observed: gpus.length === 0 ? "no GPU" : `no value for ${listed(fields)}`,
				evidence: [...figures, ...evidenceOf(nvidia)],
			});
		}
		const message = gpus.length === 0 ? "The profile asks for no figures" : figures.map(({ text }) => text).join("; ");
		return { kind: "pass", message, evidence: isProof(figures) ? figures : evidenceOf(nvidia) };
	},
});
