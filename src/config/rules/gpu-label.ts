import { givesGpu, isPrivileged, optionsOf } from "../docker-access.ts";
import { defineRule, type Found } from "../rule.ts";
import { hasEnv, labelsOf, type PlacedLabel } from "../setup.ts";

/** A container label named after GPUs, and no option that would bring any. */
export const gpuLabel = defineRule<"no-gpu-option">({
	id: "config/gpu-label",
	title: "Containers of GPU labels get a GPU",
	reasons: {
		"no-gpu-option": { level: "fail", title: "a label promises a GPU, and no option brings one into its containers" },
	},
	fine: "no label promises a GPU that its containers do not get",
	find(setup) {
		const { config } = setup;
		if (!config || config.problem) return [];
		const { options } = optionsOf(setup);
		// Options that cannot be read are a finding of their own, with the same cause.
		if (options.problem || options.flags.some(givesGpu)) return [];
		if (isPrivileged(setup) || hasEnv(setup, "NVIDIA_VISIBLE_DEVICES")) return [];
		return labelsOf(setup)
			.filter(({ label }) => label.kind === "docker" && promisesGpu(label.name))
			.map((place) => noOption(place, config.path));
	},
});

function promisesGpu(name: string): boolean {
	return name.split(/[^a-z0-9]+/i).some((word) => /^(?:gpus?|cuda|nvidia)\d*$/i.test(word));
}

function noOption(place: PlacedLabel, path: string): Found<"no-gpu-option"> {
	return {
		reason: "no-gpu-option",
		file: place.file,
		line: place.text.line,
		column: place.text.column,
		message: `the label \`${place.label.name}\` promises a GPU, and nothing in \`container.options\` brings one`,
		why: "Its jobs start without a GPU and fail where they first use it, or silently compute on the CPU.",
		expected: "`--gpus all` in `container.options`",
		found: "no `--gpus`, `--device` or `--runtime`",
		remedy: {
			text: "Pass the GPUs into the job containers. Every container label of this runner gets them then; a second runner keeps them apart. Runners 3.0.0 to 3.3.0 drop the option unless containers are privileged: take a newer one.",
			kind: "runner",
			config: { file: path, language: "yaml", text: "container:\n  options: --gpus all" },
			otherwise: {
				text: "On the machine the NVIDIA Container Toolkit has to be installed.",
				kind: "host",
				commands: [
					"sudo apt-get install -y nvidia-container-toolkit",
					"sudo nvidia-ctk runtime configure --runtime=docker",
					"sudo systemctl restart docker",
				],
			},
		},
	};
}
