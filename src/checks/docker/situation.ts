import { giteaRunnerVersion, holdsFor, type KnowledgeId, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ContainerFacts } from "../../probes/container.ts";
import type { JobFacts } from "../../probes/job.ts";
import type { Remedy } from "../check.ts";
import { shellQuote, yamlValue } from "../text.ts";

/** A profile that forbids Docker has `docker/presence` for it, and nothing else to judge here. */
export function wantsDocker(policy: Policy): boolean {
	return policy.docker.require !== "forbidden";
}

/** Who has to act, and where: the same symptom has another way out under another runner. */
export interface Situation {
	/** Inside a job container, whose socket and groups come from the runner's configuration. */
	readonly inContainer: boolean;
	/** A job of a `host` label whose host is the runner's own container: what is missing there has to be given to that. */
	readonly inRunnerContainer: boolean;
	readonly system: JobFacts["system"];
	/** Of Gitea's runner, which alone has numbers that we know something about. */
	readonly giteaRunner: string | undefined;
}

export function situationOf(container: ContainerFacts, job: JobFacts): Situation {
	return {
		inContainer: container.mode === "container",
		inRunnerContainer: container.mode === "host" && container.insideContainer !== undefined,
		system: job.system,
		giteaRunner: giteaRunnerVersion(job),
	};
}

/** Does this hold for the runner? `unknown`: its version is not known, so it may. */
export function holdsHere(id: KnowledgeId, { system, giteaRunner }: Situation): "yes" | "no" | "unknown" {
	return system === "gitea" ? holdsFor(runnerKnowledge(id), giteaRunner) : "no";
}

/** What to type after a change of the runner's configuration or of its user's groups. */
export function restartRunner({ system, giteaRunner }: Pick<Situation, "system" | "giteaRunner">): readonly string[] {
	switch (system) {
		case "gitea":
			return [`sudo systemctl restart ${giteaService(giteaRunner)}`];
		case "forgejo":
			return ["sudo systemctl restart forgejo-runner"];
		case "github":
			return ["sudo ./svc.sh stop && sudo ./svc.sh start   # in the directory of the runner"];
		default:
			return [];
	}
}

function giteaService(version: string | undefined): string {
	switch (holdsFor(runnerKnowledge("old-name"), version)) {
		case "yes":
			return "act_runner";
		case "no":
			return "gitea-runner";
		case "unknown":
			return "gitea-runner   # act_runner if it is older than 1.0.0";
	}
}

/** The lines that set variables for the jobs of this runner, and where to write them. */
export function setVariables(
	{ system }: Situation,
	variables: Readonly<Record<string, string>>,
): Pick<Remedy, "config" | "commands"> {
	const entries = Object.entries(variables);
	switch (system) {
		case "gitea":
		case "forgejo": {
			const lines = entries.map(([name, value]) => `    ${name}: ${yamlValue(value)}`);
			return { config: { file: configFile, language: "yaml", text: ["runner:", "  envs:", ...lines].join("\n") } };
		}
		case "github": {
			const lines = entries.map(([name, value]) => `${name}=${value}`);
			return { config: { file: ".env in the directory of the runner", language: "ini", text: lines.join("\n") } };
		}
		default:
			return { commands: entries.map(([name, value]) => `export ${name}=${shellQuote(value)}`) };
	}
}

/** What gives job containers of this runner an option of `docker create`: for all jobs, and for one. */
export function addOption(situation: Situation, option: string): Pick<Remedy, "config" | "commands" | "kind"> {
	const text = `container:\n  options: ${option}`;
	switch (situation.system) {
		case "gitea":
		case "forgejo":
			return {
				config: { file: configFile, language: "yaml", text },
				commands: restartRunner(situation),
				kind: "runner",
			};
		case "github":
			return { config: { file: "the job in the workflow", language: "yaml", text }, kind: "workflow" };
		default:
			return { commands: [`docker run ${option} …`], kind: "host" };
	}
}

export const configFile = "config.yaml";

/** Lines for the unit of the runner's service, which hands its limits and variables down to jobs on the host. */
export function serviceLines(situation: Situation, lines: string): Pick<Remedy, "config" | "commands"> {
	const { system, giteaRunner } = situation;
	const restart = restartRunner(situation);
	const text = `[Service]\n${lines}`;
	if (system === "github") {
		return {
			config: { file: "a drop-in of the runner's service", language: "ini", text },
			commands: [
				"systemctl list-units 'actions.runner.*'   # `sudo systemctl edit` with this name opens it",
				...restart,
			],
		};
	}
	const isOld = system === "gitea" && holdsFor(runnerKnowledge("old-name"), giteaRunner) === "yes";
	const name = system === "forgejo" ? "forgejo-runner" : isOld ? "act_runner" : "gitea-runner";
	return {
		config: { file: `/etc/systemd/system/${name}.service.d/override.conf`, language: "ini", text },
		commands: [`sudo systemctl edit ${name}   # opens this file`, ...restart],
	};
}
