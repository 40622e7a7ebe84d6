import type { Finding, Location } from "../../checks/check.ts";
import { octal } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import { parseLabel } from "../read/labels.ts";
import { entryAt } from "../read/tree.ts";
import { isRegistration } from "../recognize/recognize.ts";
import { at, defineRule, placeIn } from "../rule.ts";
import {
	connectionsOf,
	doesVariableWin,
	hasLabels,
	type LabelText,
	labelsOfConfig,
	labelsOfEnvironment,
	labelTextsOf,
	type Setup,
	textAt,
	userOf,
} from "../setup/setup.ts";
import { registrationFile } from "../setup/subjects.ts";
import { defaultService, serviceOf } from "./fixes.ts";
import { intro, words } from "./registration-words.ts";

type Problem = Finding<keyof typeof words>;

/** `.runner`: what the runner knows of its registration. */
export const registration = defineRule({
	id: "config/registration",
	title: "The runner is registered with the labels of its configuration, and its token is kept",
	intro,
	reasons: words,
	subject: registrationFile,
	fine: "the registration is in its place and closed to other users",
	find(setup) {
		return [...worldReadable(setup), ...missing(setup), ...labelsDiffer(setup), ...variableDiffers(setup)];
	},
});

function worldReadable(setup: Setup): readonly Problem[] {
	const { registration } = setup;
	if (!registration?.readableByAll) return [];
	const { path, mode } = registration;
	return [
		finding(words, "world-readable", { path, mode, user: userOf(setup) }, at({ file: path }, `mode ${octal(mode)}`)),
	];
}

function missing(setup: Setup): readonly Problem[] {
	// Forgejo's runner with connections has no registration.
	if (setup.registration || connectionsOf(setup).length > 0) return [];
	const found = missingPath(setup);
	if (!found) return [];
	const { path, location } = found;
	return [finding(words, "missing", { path, system: setup.system, user: userOf(setup) }, at(location, "no such file"))];
}

/** Where the runner looks for a registration that is not there, and which line says so. */
function missingPath(setup: Setup): { readonly path: string; readonly location: Location } | undefined {
	const asked = setup.others.find((other) => other.kind === "absent" && isRegistration(other.path));
	if (asked) return { path: asked.path, location: { file: asked.path } };
	const { config } = setup;
	if (config?.registration) {
		const { path, found } = config.registration;
		const entry = entryAt(config.root, "runner", "file");
		if (found === "yes") return undefined;
		return { path, location: entry ? placeIn(config.path, entry.value) : { file: config.path } };
	}
	// Without a name of its own it is `.runner` in the working directory of the service.
	const file = textAt(config?.root, "runner", "file");
	if (file !== "" && file !== ".runner") return undefined;
	const unit = setup.units.find((one) => one.machine?.registration);
	const looked = unit?.machine?.registration;
	if (!unit || looked?.found !== "no") return undefined;
	const directory = unit.settings.find((setting) => setting.name === "WorkingDirectory");
	return { path: looked.path, location: directory ? placeIn(unit.path, directory) : { file: unit.path } };
}

function labelsDiffer(setup: Setup): readonly Problem[] {
	const { config, registration } = setup;
	if (!config || !registration || registration.problem || !hasLabels(setup)) return [];
	// The labels of the environment have a finding of their own.
	if (labelsOfEnvironment(setup).length > 0 && doesVariableWin(setup) !== "no") return [];
	const configured = new Set(labelTextsOf(setup).map(({ text }) => inFull(text.text, setup)));
	const registered = new Set(registration.labels.map((label) => inFull(label.text, setup)));
	const onlyInConfig = [...configured].filter((label) => !registered.has(label));
	const onlyInRegistration = [...registered].filter((label) => !configured.has(label));
	if (onlyInConfig.length === 0 && onlyInRegistration.length === 0) return [];
	const [first] = registration.labels;
	const [unit] = setup.units;
	const service = unit ? serviceOf(unit.path) : defaultService(setup.system);
	return [
		finding(
			words,
			"labels-differ",
			{ registration: registration.path, config: config.path, onlyInConfig, onlyInRegistration, service },
			at(
				first ? placeIn(registration.path, first) : { file: registration.path },
				registration.labels.length === 0 ? "no labels" : `${registration.labels.length} labels in the registration`,
			),
		),
	];
}

/** `GITEA_RUNNER_LABELS` replaces the labels of the configuration from 2.1.0 on; before, the daemon does not read it. */
function variableDiffers(setup: Setup): readonly Problem[] {
	const { config } = setup;
	const [first, ...more] = labelsOfEnvironment(setup);
	if (!config || !first || !hasLabels(setup) || setup.system === "forgejo") return [];
	const names = (texts: readonly LabelText[]): Set<string> =>
		new Set(texts.map(({ text }) => inFull(text.text, setup)));
	const [inVariable, inConfig] = [names([first, ...more]), names(labelsOfConfig(setup))];
	const onlyInVariable = [...inVariable].filter((label) => !inConfig.has(label));
	const onlyInConfig = [...inConfig].filter((label) => !inVariable.has(label));
	if (onlyInVariable.length === 0 && onlyInConfig.length === 0) return [];
	const seen = {
		unit: first.file,
		config: config.path,
		onlyInConfig,
		onlyInVariable,
		service: serviceOf(first.file),
		wins: doesVariableWin(setup),
	};
	const details = at(placeIn(first.file, first.text), `${more.length + 1} labels in the variable`);
	return [finding(words, "labels-differ", seen, details)];
}

/** As the runner writes a label into the registration: a bare name with `:host`. */
function inFull(text: string, setup: Setup): string {
	const parsed = parseLabel(text, setup.system);
	if (parsed.kind !== "label") return text;
	const { name, kind, image } = parsed.label;
	return kind === "docker" ? `${name}:docker://${image}` : `${name}:${kind}`;
}
