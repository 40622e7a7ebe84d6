import { finding } from "../../checks/words.ts";
import { givesGpu, isPrivileged, optionsOf, releasesThatDropGpus } from "../docker-access.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { hasEnv, labelsOf } from "../setup.ts";
import { intro, words } from "./gpu-label-words.ts";
import { isMistyped } from "./type.ts";

/** A container label named after GPUs, without an option that passes one in. */
export const gpuLabel = defineRule({
	id: "config/gpu-label",
	title: "Jobs of GPU labels get a GPU",
	intro,
	reasons: words,
	fine: "jobs of GPU labels get a GPU",
	find(setup, context) {
		const { config } = setup;
		if (!config || config.problem) return [];
		const { options } = optionsOf(setup);
		// Options that cannot be read are a finding of their own, with the same cause.
		if (options.problem || options.flags.some(givesGpu)) return [];
		if (isMistyped(config, "container.options", context) || isMistyped(config, "container.privileged", context))
			return [];
		if (isPrivileged(setup) || hasEnv(setup, "NVIDIA_VISIBLE_DEVICES")) return [];
		const dropGpus = releasesThatDropGpus(setup, context);
		return labelsOf(setup)
			.filter(({ label }) => label.kind === "docker" && promisesGpu(label.name))
			.map(({ file, text, label }) =>
				finding(
					words,
					"no-gpu-option",
					{ file: config.path, label: label.name, dropGpus },
					at(placeIn(file, text), "no `--gpus`, `--device` or `--runtime`"),
				),
			);
	},
});

/** Is the name that of a GPU label? */
export function promisesGpu(name: string): boolean {
	return name.split(/[^a-z0-9]+/i).some((word) => /^(?:gpus?|cuda|nvidia)\d*$/i.test(word));
}
