import { cut } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import { givesGpu, isPrivileged, optionsOf, releasesThatDropGpus } from "../setup/docker-access.ts";
import { hasEnv, labelsOf, type PlacedLabel, type Setup, textAt } from "../setup/setup.ts";
import { type Subject, settings } from "../setup/subjects.ts";
import { intro, words } from "./gpu-label-words.ts";
import { unsettledBy } from "./unsettled.ts";

/** Labels that promise a GPU, and the settings that have to give one. */
const promises: Subject = {
	seen(setup) {
		const names = gpuLabels(setup).slice(0, 5);
		const given = settings.seen(setup);
		if (names.length === 0 || given.length === 0) return [];
		return [...names.map(({ file, label }) => ({ source: file, text: `label ${cut(label.name, 100)}` })), ...given];
	},
	missing: "No file that was read has a container label that is named after GPUs.",
};

/** A container label named after GPUs, without an option that passes one in. */
export const gpuLabel = defineRule({
	id: "config/gpu-label",
	title: "Jobs of GPU labels get a GPU",
	intro,
	reasons: words,
	subject: promises,
	fine: "jobs of GPU labels get a GPU",
	waitsFor(setup, context) {
		if (gpuLabels(setup).length === 0) return undefined;
		// Options that cannot be read are a finding of their own, with the same cause.
		if (optionsOf(setup).options.problem) return "config/options";
		return unsettledBy(setup.config, ["container.options", "container.privileged", "runner.envs"], context);
	},
	find(setup, context) {
		const { config } = setup;
		if (!config || config.problem || this.waitsFor?.(setup, context) !== undefined) return [];
		if (optionsOf(setup).options.flags.some(givesGpu)) return [];
		if (isPrivileged(setup) || hasEnv(setup, "NVIDIA_VISIBLE_DEVICES")) return [];
		const dropGpus = releasesThatDropGpus(setup, context);
		return gpuLabels(setup).map(({ file, text, label }) =>
			finding(
				words,
				"no-gpu-option",
				{ file: config.path, label: label.name, options: textAt(config.root, "container", "options").trim(), dropGpus },
				at(placeIn(file, text), "no `--gpus`, `--device` or `--runtime`"),
			),
		);
	},
});

/** Container labels that are named after GPUs. */
function gpuLabels(setup: Setup): readonly PlacedLabel[] {
	return labelsOf(setup).filter(({ label }) => label.kind === "docker" && promisesGpu(label.name));
}

/** Is the name that of a GPU label? */
export function promisesGpu(name: string): boolean {
	return name.split(/[^a-z0-9]+/i).some((word) => /^(?:gpus?|cuda|nvidia)\d*$/i.test(word));
}
