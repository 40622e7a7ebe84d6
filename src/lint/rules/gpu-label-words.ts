import { stopsContainers } from "../../checks/docker/situation.ts";
import { code, titleWith, yamlValue } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import { configLines, isHidden, restartDocker } from "./fixes.ts";

interface NoGpuOption {
	readonly file: string;
	/** Name of the label. */
	readonly label: string;
	/** The options now, which the fix keeps. */
	readonly options: string;
	/** Releases that drop `--gpus`, if this runner may be one of them. */
	readonly dropGpus: string | undefined;
}

export const intro =
	"Compares labels that are named after GPUs (`gpu`, `cuda`, `nvidia`) with what `container.options` passes to job containers.";

export const words = {
	"no-gpu-option": reason<NoGpuOption>({
		level: "fail",
		title: "Jobs of a GPU label get no GPU",
		headline: ({ label }) => titleWith("Jobs with the label ", label, " get no GPU"),
		why: "Its jobs start without a GPU. They fail when they first use it, or silently compute on the CPU.",
		expected: "`--gpus all` in `container.options`",
		tell: ({ file, label, options, dropGpus }) => ({
			what: `The label ${code(label)} promises a GPU, but \`container.options\` passes none to its containers.`,
			fix: {
				text: `Pass the GPUs to the job containers${isHidden(options) ? ": add `--gpus all` to `container.options`" : ""}. Every container label of this runner then gets them; use a second runner to keep them apart.${dropGpus === undefined ? "" : ` Runners ${dropGpus} drop the option from unprivileged containers, so upgrade them.`}`,
				...(!isHidden(options) && {
					config: configLines(
						file,
						`container:\n  options: ${options === "" ? "--gpus all" : yamlValue(`${options} --gpus all`)}`,
					),
				}),
				kind: "runner",
				otherwise: {
					text: `If jobs then fail with \`could not select device driver\`, install the NVIDIA Container Toolkit. ${stopsContainers}`,
					commands: [
						"sudo apt-get install -y nvidia-container-toolkit",
						"sudo nvidia-ctk runtime configure --runtime=docker",
						restartDocker,
					],
					kind: "host",
				},
			},
		}),
	}),
};
