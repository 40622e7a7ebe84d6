import type { Evidence } from "../../checks/check.ts";
import { cut } from "../../checks/text.ts";
import type { UnitFile } from "../facts.ts";
import type { Tree } from "../read/tree.ts";
import { labelTextsOf, lastSetting, type Setup } from "./setup.ts";

/** What a rule judges. */
export interface Subject {
	/** What of it is in these files, as evidence of a pass. Empty: there is nothing to judge. */
	seen(setup: Setup): readonly Evidence[];
	/** Why nothing is judged then, as a sentence. */
	readonly missing: string;
}

/** The settings of a `config.yaml`. An empty one has none: it may well be cut off. */
export const settings: Subject = {
	seen({ config }) {
		const amount = config?.root && !config.problem ? settingsIn(config.root) : 0;
		return config && amount > 0 ? [{ source: config.path, text: count(amount, "setting") }] : [];
	},
	missing: "No configuration (`config.yaml`) with settings was read.",
};

/** The labels that the runner declares. */
export const labels: Subject = {
	seen(setup) {
		const texts = labelTextsOf(setup);
		const shown = texts.slice(0, 5).map(({ text }) => cut(text.text, 100));
		const rest = texts.length > shown.length ? ` and ${texts.length - shown.length} more` : "";
		return texts.slice(0, 1).map(({ file }) => ({ source: file, text: `labels ${shown.join(", ")}${rest}` }));
	},
	missing: "No file that was read has the labels of the runner.",
};

/** The registration of the runner. */
export const registrationFile: Subject = {
	seen({ registration }) {
		if (!registration || registration.problem) return [];
		const { path, labels: registered, mode } = registration;
		return [{ source: path, text: `${count(registered.length, "label")}, mode ${mode.toString(8).padStart(4, "0")}` }];
	},
	missing: "No registration (`.runner`) was read.",
};

/** The unit that starts the daemon. */
export const startOfRunner: Subject = {
	seen(setup) {
		const start = setup.units.some(({ dropIn }) => !dropIn) && lastSetting(setup, "Service", "ExecStart");
		return start && isRunner(start.value) ? [{ source: start.file, text: `ExecStart=${cut(start.value, 200)}` }] : [];
	},
	missing: "No unit that starts a runner was read.",
};

/** Every file that was read. */
export const files: Subject = {
	seen: (setup) => [...settings.seen(setup), ...registrationFile.seen(setup), ...setup.units.flatMap(unit)],
	missing: "Every file that was read is empty.",
};

function unit({ path, settings: assigned }: UnitFile): readonly Evidence[] {
	return assigned.length === 0 ? [] : [{ source: path, text: count(assigned.length, "setting") }];
}

/** A runner's binary under any name that it is released or linked as: `act_runner-0.2.11-linux-amd64`, `gitea-runner-current`. */
const binary =
	/^(?:gitea|act|forgejo)[-_]?runner(?:[-_.]v?\d[\w.+~-]*|[-_](?:current|latest|stable|nightly|main|dev|linux|darwin|freebsd|windows)[\w.+-]*)?$/i;

/** The daemon itself; a container or a script around it has a configuration of its own. */
export function isRunner(command: string): boolean {
	if (/\b(?:docker|podman|nerdctl)\s+(?:run|compose|start)\b/.test(command)) return false;
	const words = command.split(/[\s"';]+/).map((word) => word.replace(/^[-@:+!|]*/, "").replace(/^.*\//, ""));
	return words.some((word, index) => binary.test(word) && (index === 0 || words.includes("daemon")));
}

function settingsIn(tree: Tree): number {
	switch (tree.kind) {
		case "scalar":
			return 1;
		case "list":
			return Math.max(1, tree.items.length);
		case "map":
			return tree.entries.reduce((sum, { value }) => sum + settingsIn(value), 0);
	}
}

/** `3 labels` */
export function count(amount: number, what: string): string {
	return `${amount} ${what}${amount === 1 ? "" : "s"}`;
}
