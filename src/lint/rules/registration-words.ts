import type { Remedy } from "../../checks/check.ts";
import { code, cut, listed, octal, operand, shellPath, shellQuote } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import type { Answer } from "../../knowledge/runner-versions.ts";
import { directoryOf } from "../paths.ts";
import { defaultService, ownership, whileNoJobRuns } from "./fixes.ts";

interface Missing {
	/** Where the runner looks for it. */
	readonly path: string;
	readonly system: RunnerSystem;
	/** The user of the runner's service, if a unit names one. */
	readonly user: string | undefined;
}

interface LabelsDiffer {
	readonly config: string;
	readonly onlyInConfig: readonly string[];
	readonly service: string;
}

interface RegistrationDiffers extends LabelsDiffer {
	readonly registration: string;
	readonly onlyInRegistration: readonly string[];
}

interface VariableDiffers extends LabelsDiffer {
	/** The unit or drop-in that sets the variable. */
	readonly unit: string;
	readonly onlyInVariable: readonly string[];
	/** Does the variable win in this release? */
	readonly wins: Answer;
}

interface WorldReadable {
	readonly path: string;
	readonly mode: number;
	/** The user of the runner's service, if a unit names one. */
	readonly user: string | undefined;
}

export const intro =
	"Looks at `.runner`, which the runner writes when it is registered. It contains the runner's token; the lint reads only the labels.";

export const words = {
	missing: reason<Missing>({
		level: "fail",
		title: "The runner cannot find its registration file (`.runner`)",
		why: "The runner exits with `registration file not found, please register the runner first` and takes no job.",
		expected: ({ path }) => code(path),
		tell: ({ path, system, user }) => ({
			what: `The runner looks for its registration at ${code(path)}, which does not exist.`,
			fix: {
				text: "Register the runner in that directory as its own user. The command asks for the address of the forge and for a registration token.",
				commands: [registerIn(path, system, user)],
				kind: "host",
				otherwise: {
					text: "If the runner is registered already, set `runner.file` to the absolute path of its `.runner`.",
					kind: "runner",
				},
			},
		}),
		more: "Without an absolute `runner.file`, the runner looks in the working directory of its service. This is reported only on the runner's own machine.",
	}),

	"labels-differ": reason<RegistrationDiffers | VariableDiffers>({
		level: "warn",
		title: "Registration and configuration have different labels",
		headline: (seen) =>
			"unit" in seen
				? "Variable and configuration have different labels"
				: "Registration and configuration have different labels",
		why: (seen) => {
			if (!("unit" in seen)) {
				return "The configuration counts, but only from the next start of the runner. Until then, the forge sends it jobs for the old labels. Labels that are written into the registration by hand are overwritten.";
			}
			const later = "From runner 2.1.0 on, the variable replaces the labels of the configuration.";
			switch (seen.wins) {
				case "yes":
					return "The variable counts: from runner 2.1.0 on, it replaces the labels of the configuration. Jobs for the others wait with `No matching online runner with label`.";
				case "no":
					return `This release does not read the variable. ${later} So an upgrade alone changes which jobs the runner takes.`;
				case "unknown":
					return `${later} Before, the daemon does not read it. So an upgrade alone changes which jobs the runner takes.`;
			}
		},
		expected: ({ config }) => `the labels of ${code(config)}`,
		tell: (seen) => {
			const { config, onlyInConfig, service } = seen;
			if ("unit" in seen) {
				return {
					what: whatDiffers([
						[config, onlyInConfig],
						["GITEA_RUNNER_LABELS", seen.onlyInVariable],
					]),
					fix: {
						text: `Keep the labels in one place: remove \`GITEA_RUNNER_LABELS\` from the unit, and write every label into the configuration. ${whileNoJobRuns}`,
						commands: ["sudo systemctl daemon-reload", `sudo systemctl restart ${shellQuote(service)}`],
						kind: "host",
					},
				};
			}
			const { registration, onlyInRegistration } = seen;
			return {
				what: whatDiffers([
					[config, onlyInConfig],
					[registration, onlyInRegistration],
				]),
				fix: {
					text: `Change labels in the configuration only: at its start, the runner writes them into the registration and reports them to the forge. ${whileNoJobRuns}`,
					commands: [`sudo systemctl restart ${shellQuote(service)}`],
					kind: "host",
				},
			};
		},
		more: "`GITEA_RUNNER_LABELS` in the unit counts more than `runner.labels`, and that more than `.runner`.",
	}),

	// The runner itself creates the file so, and the jobs run: a warning.
	"world-readable": reason<WorldReadable>({
		level: "warn",
		title: "Every user can read the runner's token",
		why: "Anyone who reads the token can impersonate this runner and receive its jobs and their secrets. Jobs with host labels can read the file too.",
		expected: "mode 0600",
		tell: ({ path, mode, user }) => ({
			what: `Every user of the machine can read ${code(path)}, which contains the runner's token (mode ${octal(mode)}).`,
			fix: closeRegistration(path, user),
		}),
		more: "The runner creates `.runner` with the usual umask, so it has mode `0644` until you change that. Closing the file is enough: the runner keeps its mode when it changes the labels. `UMask=0077` in the unit protects the file of the next registration.",
	}),
};

function registerIn(path: string, system: RunnerSystem, user: string | undefined): string {
	const program = defaultService(system);
	const directory = directoryOf(path);
	const as = `sudo --user=${shellQuote(user ?? program)}`;
	const change = directory === "." ? "" : `cd ${shellPath(directory)} && `;
	return `${change}${as} ${program} register --config /etc/${program}/config.yaml`;
}

/** `gpu:host` is only in `config.yaml`. */
function whatDiffers(sides: readonly (readonly [file: string, labels: readonly string[]])[]): string {
	return sides
		.filter(([, labels]) => labels.length > 0)
		.map(([file, labels]) => {
			const shown = labels.slice(0, 5).map((label) => code(cut(label)));
			const more = labels.length > shown.length ? [`${labels.length - shown.length} more`] : [];
			return `${listed([...shown, ...more])} ${labels.length === 1 ? "is" : "are"} only in ${code(file)}.`;
		})
		.join(" ");
}

/** @param user Gets the file, which root may have created, before it is closed. */
function closeRegistration(path: string, user: string | undefined): Remedy {
	return {
		text: `Close the file to other users.${ownership(user)} After a new registration, do it again, or set \`UMask=0077\` in the runner's unit.`,
		commands: [
			...(user === undefined ? [] : [`sudo chown ${operand(user)} ${shellPath(path)}`]),
			`sudo chmod 600 ${shellPath(path)}`,
		],
		kind: "host",
	};
}
