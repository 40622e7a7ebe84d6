import { containerProbe } from "../../probes/container.ts";
import { nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Verdict } from "../check.ts";
import { code, listed } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { evidenceOf, gpuNodes, smiWorks } from "./nvidia.ts";
import { intro, unknowns, words } from "./presence-words.ts";

export const gpuPresence = defineCheck({
	id: "gpu/presence",
	title: "Jobs see no GPU if their profile forbids one",
	intro,
	reasons: words,
	needs: { nvidia: nvidiaProbe, container: containerProbe },
	applies: (policy) => policy.gpu.require === "forbidden",
	judge({ nvidia, container }, policy): Verdict<keyof typeof words> {
		const nodes = gpuNodes(nvidia);
		const evidence = evidenceOf(nvidia);
		// A container sees the kernel module of its host, and its image may have nvidia-smi: neither makes a GPU.
		if (nodes.length === 0 && !smiWorks(nvidia)) {
			if (nvidia.nodes === undefined && nvidia.run === undefined) {
				return undecided(unknowns, "no-dev", {}, { observed: "/dev cannot be read", evidence });
			}
			return { kind: "pass", message: "No GPU found", evidence };
		}
		const names = (nvidia.run?.gpus ?? []).flatMap(({ name }) => name ?? []);
		const gpus = names.length > 0 ? listed(names) : listed(nodes.map(code)) || "an NVIDIA driver that answers";
		const seen = { profile: policy.profile, gpus, inContainer: container.mode === "container" };
		return finding(words, "forbidden-but-present", seen, { observed: gpus, evidence });
	},
});
