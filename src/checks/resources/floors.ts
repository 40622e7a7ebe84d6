import type { Policy } from "../../policy/policy.ts";
import type { Remedy } from "../check.ts";
import { addOption, configFile, restartRunner, type Situation } from "../docker/situation.ts";
import { code } from "../text.ts";

/** Who asks for this much: `` the profile `titan` asks for 1 GiB ``, or the line of the policy that does. */
export function demandFor(key: "memory" | "cpus" | "shm" | "openFiles", amount: string, policy: Policy): string {
	const source = policy.sources[key];
	return `${source === undefined ? `the profile ${code(policy.profile)}` : code(source)} asks for ${amount}`;
}

/** What lifts a limit: an option of `docker create`, or lines for the unit of the runner's service. */
export interface Allowance {
	/** Why there is so little, as the first sentence of the remedy. */
	readonly cause: string;
	/** `--memory=4g` */
	readonly option: string;
	/** `MemoryMax=4G` */
	readonly unit: string;
}

/** Where a job gets its limits from: the options of its container, those of the runner's own, or the runner's service. */
export function allow(situation: Situation, { cause, option, unit }: Allowance): Remedy {
	if (situation.inRunnerContainer) {
		return {
			text: `${cause} This job runs on the runner's own system, and that is a container: start it anew with \`${option}\`.`,
			commands: [`docker run ${option} …`],
			kind: "host",
		};
	}
	if (situation.inContainer) {
		return {
			text: `${cause} Write \`${option}\` into the container's options, beside what is there already.`,
			...addOption(situation, option),
		};
	}
	return {
		text: `${cause} The service of the runner hands its limits down to its jobs: set them in its unit.`,
		config: {
			file: `the drop-in that \`sudo systemctl edit ${service(situation)}\` opens`,
			language: "ini",
			text: `[Service]\n${unit}`,
		},
		commands: restartRunner(situation),
		kind: "host",
	};
}

function service({ system }: Situation): string {
	return system === "forgejo" ? "forgejo-runner" : "gitea-runner";
}

/** For a machine that is too small for what runs on it at the same time. */
export function fewerJobs(situation: Situation): Omit<Remedy, "otherwise"> {
	return {
		text: "Let the runner take fewer jobs at a time.",
		config: { file: configFile, language: "yaml", text: "runner:\n  capacity: 1" },
		commands: restartRunner(situation),
		kind: "runner",
	};
}

/** For a floor that is higher than the jobs of this label need. */
export function lowerFloor(key: string): Omit<Remedy, "otherwise"> {
	return {
		text: `If the jobs of this label get by with less, say so: \`${key}\` in its profile of the policy file sets the floor.`,
		kind: "workflow",
	};
}

/** A size as `docker create` and systemd read it, rounded up: `1536m`. Both take the unit in this case. */
export function mebibytes(bytes: number): string {
	const size = Math.max(1, Math.ceil(bytes / 2 ** 20));
	return size % 1024 === 0 ? `${size / 1024}g` : `${size}m`;
}
