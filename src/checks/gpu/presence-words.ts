import { lookAt } from "../find-out.ts";
import { code } from "../text.ts";
import { reason, unknown } from "../words.ts";

interface ForbiddenButPresent {
	readonly profile: string;
	/** The GPUs, their device nodes, or a driver that answers. */
	readonly gpus: string;
	readonly inContainer: boolean;
}

export const intro =
	"Only for profiles with `gpu: forbidden`: looks for device nodes of a GPU and for an `nvidia-smi` that works. The kernel module of the host, and an `nvidia-smi` that is part of the image, do not count.";

const allowGpu = { text: "If jobs may see the GPU, set `gpu: optional` in the profile.", kind: "workflow" } as const;

export const words = {
	"forbidden-but-present": reason<ForbiddenButPresent>({
		level: "warn",
		title: "Jobs see a GPU that their profile forbids",
		why: "Tests behave differently when they find a GPU, builds come to depend on hardware that the label does not promise, and every job can take memory from those that need the GPU.",
		expected: "no GPU",
		tell: ({ profile, gpus, inContainer }) => ({
			what: `The profile ${code(profile)} forbids a GPU, but its jobs see ${gpus}.`,
			fix: inContainer
				? {
						text: "Give the GPU label a runner of its own, with its own registration and `config.yaml`, and remove `--gpus` from the options of this one: `container.options` holds for all labels of a runner. The runtime `nvidia` as Docker's default, or `ENV NVIDIA_VISIBLE_DEVICES=all` in the image, has the same effect.",
						commands: ["docker info --format '{{.DefaultRuntime}}'", "cat /etc/docker/daemon.json"],
						kind: "runner",
						otherwise: allowGpu,
					}
				: {
						text: "Move the label to a machine without a GPU, or run its jobs in containers (`docker://`): on the host, every job sees the machine's GPUs.",
						kind: "runner",
						otherwise: allowGpu,
					},
		}),
	}),
};

export const unknowns = {
	"no-dev": unknown({
		title: "Unknown whether this job sees a GPU",
		why: "A job that sees a GPU behaves differently, and takes memory from the jobs that need it.",
		expected: "no `/dev/nvidia*`",
		tell: () => ({ what: "Cannot tell whether there is a GPU: `/dev` cannot be read.", fix: lookAt("/dev", "EACCES") }),
	}),
};
