import type { Finding } from "../../../checks/check.ts";
import { finding } from "../../../checks/words.ts";
import { holdsFor, runnerKnowledge } from "../../../knowledge/runner-versions.ts";
import { parseLabel } from "../../read/labels.ts";
import { entryAt } from "../../read/tree.ts";
import { at } from "../../rule.ts";
import type { Value } from "../model.ts";
import { defineComposeRule, releaseOf } from "../rule.ts";
import { knownValue, type RunnerService } from "../runner.ts";
import { intro, words } from "./labels-words.ts";

type Problem = Finding<keyof typeof words>;

/** The labels in the environment of the service. */
export const composeLabels = defineComposeRule({
	id: "compose/labels",
	title: "The labels of the service name images, and agree with the configuration",
	intro,
	reasons: words,
	find(runner, context): readonly Problem[] {
		const variable = knownValue(runner, "labels");
		if (!variable) return [];
		return [...withoutImage(runner, variable), ...differing(runner, variable, releaseOf(runner, context))];
	},
});

export interface ServiceLabel {
	readonly text: string;
	readonly place: Value["place"];
}

/** The labels that the service or its configuration gives the runner. Empty: those of the registration, which is elsewhere. */
export function labelsOf(runner: RunnerService): readonly ServiceLabel[] {
	const variable = knownValue(runner, "labels");
	if (variable) return labelsIn(variable.text).map((text) => ({ text, place: variable.place }));
	const { intended: config } = runner;
	if (config.kind !== "read") return [];
	return configLabels(runner).map(({ text, line, column }) => ({ text, place: { file: config.file, line, column } }));
}

function labelsIn(text: string): readonly string[] {
	return text
		.split(",")
		.map((label) => label.trim())
		.filter((label) => label !== "");
}

function configLabels({ intended: config }: RunnerService) {
	const list = config.kind === "read" ? entryAt(config.root, "runner", "labels")?.value : undefined;
	return list?.kind === "list" ? list.items.flatMap((item) => (item.kind === "scalar" ? [item] : [])) : [];
}

const labelsVariable = "GITEA_RUNNER_LABELS";

/** Names that stand for an image everywhere. */
const imageName = /^(?:ubuntu|debian|alpine|fedora|node|docker|linux[-_]?docker)(?:$|[-_:.\d])/i;

function withoutImage(runner: RunnerService, variable: Value): readonly Problem[] {
	// With Forgejo's runner, a label without a scheme means Docker.
	if (runner.system === "forgejo") return [];
	const bare = labelsIn(variable.text).filter((text) => {
		const parsed = parseLabel(text, runner.system);
		return !text.includes(":") && parsed.kind === "label" && imageName.test(text);
	});
	if (bare.length === 0) return [];
	const seen = { service: runner.service, labels: bare, all: labelsIn(variable.text), variable: labelsVariable };
	return [
		finding(
			words,
			"no-image-named",
			seen,
			at(
				variable.place,
				bare
					.slice(0, 5)
					.map((label) => `\`${label}\``)
					.join(", "),
			),
		),
	];
}

function differing(runner: RunnerService, variable: Value, release: string | undefined): readonly Problem[] {
	const inConfig = configLabels(runner).map(({ text }) => text);
	const { intended: config, image } = runner;
	// Its configuration is made from the variable.
	if (inConfig.length === 0 || config.kind !== "read" || image?.name.startsWith("vegardit/")) return [];
	const here = labelsIn(variable.text);
	const full = (texts: readonly string[]) => texts.map((text) => text.replace(/^([^:]*)$/, "$1:host")).sort();
	if (full(here).join() === full(inConfig).join()) return [];
	const seen = {
		service: runner.service,
		variable: labelsVariable,
		here,
		inConfig,
		file: config.file,
		wins: holdsFor(runnerKnowledge("labels-of-environment"), release),
	};
	return [
		finding(
			words,
			"differ-from-config",
			seen,
			at(variable.place, `${here.length} labels, and ${inConfig.length} in the configuration`),
		),
	];
}
