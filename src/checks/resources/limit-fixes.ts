import type { Remedy } from "../check.ts";
import {
	addOption,
	configFile,
	recreateRunner,
	restartRunner,
	type Situation,
	serviceLines,
} from "../docker/situation.ts";

/** What raises a limit: an option of `docker create`, or lines for the unit of the runner's service. */
export interface HigherLimit {
	/** `--memory=4g` */
	readonly option: string;
	/** `MemoryMax=4G` */
	readonly unit: string;
}

/** Raises a limit where the job gets it from: its container, the runner's own container, or the runner's service. */
export function raiseLimit(situation: Situation, { option, unit }: HigherLimit): Remedy {
	if (situation.inRunnerContainer) return recreateRunner(option);
	if (situation.inContainer) {
		return {
			text: `Add \`${option}\` to the container's options, next to what is there already.`,
			...addOption(situation, option),
		};
	}
	return {
		text: "Set the limit in the unit of the runner's service, which hands its limits down to its jobs, and restart the runner.",
		...serviceLines(situation, unit),
		kind: "host",
	};
}

/** For a machine that is too small for the jobs that run on it at the same time. */
export function fewerJobs(situation: Situation): Omit<Remedy, "otherwise"> {
	return {
		text: "Let the runner take fewer jobs at a time.",
		config: { file: configFile, language: "yaml", text: "runner:\n  capacity: 1" },
		commands: restartRunner(situation),
		kind: "runner",
	};
}

/** For a floor that is higher than the jobs of this label need. @param key Its name in a profile. */
export function lowerFloor(key: string): Omit<Remedy, "otherwise"> {
	return {
		text: `If the jobs of this label need less, lower \`${key}\` in their profile of the policy file.`,
		kind: "workflow",
	};
}

/** A size as `docker create` and systemd read it, rounded up: `1536m`. */
export function mebibytes(bytes: number): string {
	const size = Math.max(1, Math.ceil(bytes / 2 ** 20));
	return size % 1024 === 0 ? `${size / 1024}g` : `${size}m`;
}
