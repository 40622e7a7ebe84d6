import { containerProbe } from "../../probes/container.ts";
import { nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck } from "../check.ts";
import { describe, judgements } from "./inventory-judgements.ts";
import { evidenceOf, smiWorks, wantsGpu } from "./nvidia.ts";

export const gpuInventory = defineCheck({
	id: "gpu/inventory",
	title: "The GPUs are as many, as big and as healthy as the profile wants them",
	reasons: {
		"too-few": { level: "fail", title: "fewer GPUs than the profile wants" },
		"too-little-memory": { level: "fail", title: "a GPU with less memory than the profile wants" },
		"too-little-free-memory": { level: "fail", title: "others hold the memory that jobs need" },
		"driver-too-old": { level: "fail", title: "the driver's version is not what the profile wants" },
		"compute-capability-too-low": { level: "fail", title: "a GPU of a generation that the profile does not want" },
		"ecc-errors": { level: "fail", title: "a GPU's memory has errors that could not be corrected" },
		"mig-unexpected": { level: "warn", title: "a GPU is split into MIG instances" },
		hot: { level: "warn", title: "a GPU is so hot that it slows down" },
	},
	needs: { nvidia: nvidiaProbe, container: containerProbe },
	after: ["gpu/driver"],
	applies: wantsGpu,
	judge({ nvidia, container }, policy) {
		if (!smiWorks(nvidia)) {
			return nvidia.run === undefined && policy.gpu.require === "optional"
				? {
						kind: "skip",
						reason: "absent",
						message: "There is no GPU to be seen, and the profile does not insist on one.",
					}
				: { kind: "skip", reason: "needs:gpu/driver", message: "Cannot be judged before `nvidia-smi` answers." };
		}
		const gpus = nvidia.run?.gpus ?? [];
		const inventory = { nvidia, gpus, policy, inContainer: container.mode === "container" };
		const verdicts = judgements.map((judgement) => judgement(inventory));
		const found = verdicts.find((verdict) => verdict !== undefined && verdict !== "unknown");
		if (found) return found;
		if (verdicts.includes("unknown")) {
			return {
				kind: "undecided",
				message: `\`${nvidia.run?.command}\` does not tell everything that the profile asks for${gpus.length === 0 ? ": it lists no GPU" : ""}.`,
				evidence: [...gpus.map(describe), ...evidenceOf(nvidia)],
			};
		}
		const message =
			gpus.length === 0 ? "The profile asks for no figures" : gpus.map((gpu) => describe(gpu).text).join("; ");
		return { kind: "pass", message, evidence: gpus.map(describe) };
	},
});
