import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { type Answer, holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { ConfigFile, RegistrationFile, RunnerConfigFacts, SourceFile, UnitFile, UnitSetting } from "../facts.ts";
import { directoryOf } from "../paths.ts";
import { isYes } from "../read/go-values.ts";
import { type Label, parseLabel } from "../read/labels.ts";
import { splitWords } from "../read/shell-words.ts";
import { type Entry, entryAt, type Scalar, scalarAt, type Tree } from "../read/tree.ts";
import { withoutRemark } from "../read/unit-values.ts";

/** The files of one runner: what its daemon reads together. */
export interface Setup {
	readonly system: RunnerSystem;
	/** The version of the runner, if it is known. */
	readonly version?: string;
	readonly config?: ConfigFile;
	readonly registration?: RegistrationFile;
	/** The unit first, then its drop-ins in the order in which systemd reads them. */
	readonly units: readonly UnitFile[];
	/** Files that cannot be read, or belong to something else. */
	readonly others: readonly Exclude<SourceFile, ConfigFile | RegistrationFile | UnitFile>[];
}

/** Groups the files by runner: one for each configuration, with its registration and unit. */
export function setupsOf(facts: RunnerConfigFacts): readonly Setup[] {
	const version = facts.runnerVersion?.text;
	return grouped(facts).map((setup) => (version === undefined ? setup : { ...setup, version }));
}

function grouped(facts: RunnerConfigFacts): readonly Setup[] {
	const configs = facts.files.filter((file) => file.kind === "config");
	const registrations = facts.files.filter((file) => file.kind === "registration");
	const units = facts.files.filter((file) => file.kind === "unit");
	const others = facts.files.filter(
		(file) => file.kind !== "config" && file.kind !== "registration" && file.kind !== "unit",
	);
	const names = [...new Set(units.map((unit) => unit.unit))];

	if (configs.length <= 1 && registrations.length <= 1 && names.length <= 1) {
		const [config] = configs;
		const [registration] = registrations;
		const setup: Setup = { system: systemOf(config, units), units: inOrder(units), others };
		return facts.files.length === 0
			? []
			: [{ ...setup, ...(config && { config }), ...(registration && { registration }) }];
	}

	const setups: Setup[] = [];
	const taken = new Set<SourceFile>();
	for (const config of configs) {
		const own = units.filter((unit) => unit.settings.some((setting) => setting.value.includes(config.path)));
		const sameUnit = units.filter((unit) => own.some((other) => other.unit === unit.unit));
		const registration = registrations.find((file) => !taken.has(file) && belongs(file, config, sameUnit));
		for (const file of [config, ...sameUnit, ...(registration ? [registration] : [])]) taken.add(file);
		setups.push({
			system: systemOf(config, sameUnit),
			config,
			units: inOrder(sameUnit),
			others: [],
			...(registration && { registration }),
		});
	}
	for (const registration of registrations) {
		if (!taken.has(registration)) setups.push({ system: "gitea", registration, units: [], others: [] });
	}
	for (const name of names) {
		const rest = units.filter((unit) => unit.unit === name && !taken.has(unit));
		if (rest.length > 0) setups.push({ system: systemOf(undefined, rest), units: inOrder(rest), others: [] });
	}
	if (others.length > 0) setups.push({ system: "gitea", units: [], others });
	return setups;
}

function belongs(file: RegistrationFile, config: ConfigFile, units: readonly UnitFile[]): boolean {
	if (config.registration?.path === file.path) return true;
	if (units.some((unit) => unit.machine?.registration?.path === file.path)) return true;
	return directoryOf(file.path) === directoryOf(config.path);
}

function inOrder(units: readonly UnitFile[]): readonly UnitFile[] {
	return [...units].sort((a, b) => Number(a.dropIn) - Number(b.dropIn) || (a.path < b.path ? -1 : 1));
}

function systemOf(config: ConfigFile | undefined, units: readonly UnitFile[]): RunnerSystem {
	if (config) return config.system;
	const isForgejo = ({ unit, settings }: UnitFile): boolean =>
		unit.startsWith("forgejo") ||
		settings.some(({ name, value }) => name === "ExecStart" && /forgejo[-_]?runner/.test(value));
	return units.some(isForgejo) ? "forgejo" : "gitea";
}

/** A label as it is written, with its place and file. */
export interface LabelText {
	readonly text: Scalar;
	readonly file: string;
	/** The connection that it belongs to; absent: the runner itself. */
	readonly connection?: string;
}

/** Does the configuration have labels? Then those of the registration do not count. */
export function hasLabels(setup: Setup): boolean {
	const list = entryAt(setup.config?.root, "runner", "labels")?.value;
	return list?.kind === "list" && list.items.length > 0;
}

/** The labels that the daemon declares: those of its environment, otherwise of the configuration, otherwise of the registration. */
export function labelTextsOf(setup: Setup): readonly LabelText[] {
	const { registration } = setup;
	const ofEnvironment = labelsOfEnvironment(setup);
	if (ofEnvironment.length > 0 && doesVariableWin(setup) !== "no") return ofEnvironment;
	const ofConnections = connectionsOf(setup).flatMap(({ key: connection, value }) =>
		textScalarsAt(value, "labels").map((text) => ({ text, connection })),
	);
	if (setup.config && ofConnections.length > 0) {
		const file = setup.config.path;
		// A connection without labels takes those of the runner.
		return [...ofConnections.map((label) => ({ ...label, file })), ...labelsOfConfig(setup)];
	}
	if (hasLabels(setup)) return labelsOfConfig(setup);
	return (registration?.labels ?? []).map((text) => ({ text, file: registration?.path ?? "" }));
}

/** Does `GITEA_RUNNER_LABELS` replace the other labels in this release? */
export function doesVariableWin({ system, version }: Setup): Answer {
	return system === "forgejo" ? "no" : holdsFor(runnerKnowledge("labels-variable-wins"), version);
}

/** The labels in `runner.labels`. */
export function labelsOfConfig({ config }: Setup): readonly LabelText[] {
	return config ? textScalarsAt(config.root, "runner", "labels").map((text) => ({ text, file: config.path })) : [];
}

/** The labels in `GITEA_RUNNER_LABELS` of the unit's environment. Commas separate them, and blanks around them do not count. */
export function labelsOfEnvironment(setup: Setup): readonly LabelText[] {
	const written = unitEnvironment(setup, labelsVariable) ?? "";
	const setting = unitSettings(setup, "Service", "Environment").filter(({ value }) => value.includes(labelsVariable));
	const place = setting[setting.length - 1];
	if (!place) return [];
	const { file, line, column } = place;
	return written
		.split(",")
		.map((text) => text.trim())
		.filter((text) => text !== "")
		.map((text) => ({ text: { kind: "scalar", text, plain: false, line, column }, file }));
}

const labelsVariable = "GITEA_RUNNER_LABELS";

/** The connections of Forgejo's runner, which replace a registration. */
export function connectionsOf({ config, system }: Setup): readonly Entry[] {
	const map = system === "forgejo" ? entryAt(config?.root, "server", "connections")?.value : undefined;
	return map?.kind === "map" ? map.entries : [];
}

function textScalarsAt(root: Tree | undefined, ...path: readonly string[]): readonly Scalar[] {
	const list = entryAt(root, ...path)?.value;
	return list?.kind === "list" ? list.items.filter((item): item is Scalar => item.kind === "scalar") : [];
}

export interface PlacedLabel extends LabelText {
	readonly label: Label;
}

const understood = new WeakMap<Setup, readonly PlacedLabel[]>();

/** The labels that the runner can parse. Many rules ask, and there may be thousands, so they are parsed once. */
export function labelsOf(setup: Setup): readonly PlacedLabel[] {
	const known = understood.get(setup);
	if (known) return known;
	const labels = labelTextsOf(setup).flatMap((place) => {
		const parsed = parseLabel(place.text.text, setup.system);
		return parsed.kind === "label" ? [{ ...place, label: parsed.label }] : [];
	});
	understood.set(setup, labels);
	return labels;
}

/** Does this runner start containers? `unknown`: no file has its labels. */
export function usesDocker(setup: Setup): "yes" | "no" | "unknown" {
	if (flagAt(setup.config?.root, "container", "require_docker")) return "yes";
	const labels = labelsOf(setup);
	if (labels.length === 0) return "unknown";
	return labels.some(({ label }) => label.kind === "docker") ? "yes" : "no";
}

/** Does a label run its jobs on the machine itself? */
export function runsOnHost(setup: Setup): boolean {
	return labelsOf(setup).some(({ label }) => label.kind === "host");
}

/** A boolean as Go reads it; `false` if it is absent or something else. */
export function flagAt(root: Tree | undefined, ...path: readonly string[]): boolean {
	const scalar = scalarAt(root, ...path);
	if (!scalar) return false;
	// In quotes, `true` is a text.
	return isYes(scalar.text) && (scalar.plain || !/^true$/i.test(scalar.text));
}

/** A string; empty if it is absent. */
export function textAt(root: Tree | undefined, ...path: readonly string[]): string {
	return scalarAt(root, ...path)?.text ?? "";
}

/** The scalars of a list; empty if it is absent or something else. */
export function textsAt(root: Tree | undefined, ...path: readonly string[]): readonly string[] {
	const list = entryAt(root, ...path)?.value;
	return list?.kind === "list" ? list.items.flatMap((item) => (item.kind === "scalar" ? [item.text] : [])) : [];
}

/** A whole number; `undefined` if it is absent or something else. */
export function numberAt(root: Tree | undefined, ...path: readonly string[]): number | undefined {
	const scalar = scalarAt(root, ...path);
	const value = scalar?.plain ? Number(scalar.text.split("_").join("")) : Number.NaN;
	return Number.isFinite(value) ? Math.trunc(value) : undefined;
}

/** Does `runner.envs` have this name? Values are never read. */
export function hasEnv(setup: Setup, name: string): boolean {
	const envs = entryAt(setup.config?.root, "runner", "envs")?.value;
	return envs?.kind === "map" && envs.entries.some((entry) => entry.key === name);
}

/** A setting of a unit or of one of its drop-ins. */
export type Placed = UnitSetting & { readonly file: string };

/** The settings of a name in the unit with its drop-ins, as systemd merges them: an empty assignment clears the list. */
export function unitSettings(setup: Setup, section: string, name: string): readonly Placed[] {
	let settings: Placed[] = [];
	for (const unit of setup.units) {
		for (const setting of unit.settings) {
			if (setting.section !== section || setting.name !== name) continue;
			if (setting.value === "") settings = [];
			else settings.push({ ...setting, file: unit.path });
		}
	}
	return settings;
}

/** The setting that applies if there can be only one: systemd takes the last. */
export function lastSetting(setup: Setup, section: string, name: string): Placed | undefined {
	const settings = unitSettings(setup, section, name);
	return settings[settings.length - 1];
}

/** The user of the runner's service, if a unit names one. */
export function userOf(setup: Setup): string | undefined {
	const written = lastSetting(setup, "Service", "User")?.value;
	return written && (withoutRemark(written) ?? written);
}

/** The value of a variable in the unit's environment; the last one counts. Most values are hidden. */
export function unitEnvironment(setup: Setup, name: string): string | undefined {
	let value: string | undefined;
	for (const setting of unitSettings(setup, "Service", "Environment")) {
		if (!setting.value.includes(name)) continue;
		const split = splitWords(setting.value);
		for (const word of split.kind === "ok" ? split.words : []) {
			if (word.text.startsWith(`${name}=`)) value = word.text.slice(name.length + 1);
		}
	}
	return value;
}
