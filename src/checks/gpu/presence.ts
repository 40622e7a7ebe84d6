import { containerProbe } from "../../probes/container.ts";
import { nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Remedy } from "../check.ts";
import { code, listed } from "../text.ts";
import { evidenceOf, gpuNodes, smiWorks } from "./nvidia.ts";

export const gpuPresence = defineCheck({
	id: "gpu/presence",
	title: "No GPU where the profile forbids one",
	reasons: {
		"forbidden-but-present": { level: "warn", title: "jobs see a GPU that their profile forbids" },
	},
	needs: { nvidia: nvidiaProbe, container: containerProbe },
	applies: (policy) => policy.gpu.require === "forbidden",
	judge({ nvidia, container }, policy) {
		const nodes = gpuNodes(nvidia);
		// A container sees the kernel module of its host, and may carry nvidia-smi: neither makes a GPU.
		if (nodes.length === 0 && !smiWorks(nvidia)) {
			if (nvidia.nodes === undefined && nvidia.run === undefined) {
				return { kind: "undecided", message: "Could not look into `/dev`, so there may be a GPU or not." };
			}
			return { kind: "pass", message: "No GPU to be seen", evidence: evidenceOf(nvidia) };
		}
		const names = (nvidia.run?.gpus ?? []).flatMap(({ name }) => name ?? []);
		const seen = names.length > 0 ? listed(names) : listed(nodes.map(code)) || "an NVIDIA driver that answers";
		return {
			kind: "finding",
			reason: "forbidden-but-present",
			message: `Jobs of the profile ${code(policy.profile)} should have no GPU, and see ${seen}.`,
			why: "Tests take another way when they find a GPU, builds depend on hardware that the label does not promise, and every job can take memory from those that need the GPU.",
			expected: "no GPU",
			observed: seen,
			evidence: evidenceOf(nvidia),
			remedy: container.mode === "container" ? ownRunnerForGpu : elsewhere,
		};
	},
});

/** One runner has one `container.options` for all its labels: this is how the GPU gets into the other containers. */
const ownRunnerForGpu: Remedy = {
	text: "`container.options` of a runner holds for all its labels. Give the GPU label a runner (a registration and a `config.yaml`) of its own, and take `--gpus` from this one. A default runtime `nvidia` in `/etc/docker/daemon.json`, or `ENV NVIDIA_VISIBLE_DEVICES=all` in the image, has the same effect.",
	commands: ["docker info --format '{{.DefaultRuntime}}'"],
	kind: "runner",
	otherwise: { text: "If the GPU is welcome here, say so in the profile: `gpu: optional`.", kind: "workflow" },
};

const elsewhere: Remedy = {
	text: "On the host every job sees the machine's GPUs. Move the label to a machine without, or run its jobs in containers (`docker://`).",
	kind: "runner",
	otherwise: { text: "If the GPU is welcome here, say so in the profile: `gpu: optional`.", kind: "workflow" },
};
