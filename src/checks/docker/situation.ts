import { giteaRunnerVersion, holdsFor, type KnowledgeId, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import type { ContainerFacts } from "../../probes/container.ts";
import type { JobFacts } from "../../probes/job.ts";
import type { Remedy } from "../check.ts";
import { code, oneLine, shellQuote, yamlValue } from "../text.ts";

/** If the profile forbids Docker, `docker/presence` is the only check of this area that applies. */
export function wantsDocker(policy: Policy): boolean {
	return policy.docker.require !== "forbidden";
}

/** Which runner started the job, and where it runs. The same problem has another fix under another runner. */
export interface Situation {
	/** In a job container, whose socket and groups come from the runner's configuration. */
	readonly inContainer: boolean;
	/** A job of a `host` label, or a health check, in the runner's own container, which has to be given what is missing. */
	readonly inRunnerContainer: boolean;
	readonly system: JobFacts["system"];
	/** Version of Gitea's runner; `undefined` for any other runner. */
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

/** Does this happen with the job's runner? `unknown`: its version is unknown. */
export function holdsHere(id: KnowledgeId, { system, giteaRunner }: Situation): "yes" | "no" | "unknown" {
	return system === "gitea" ? holdsFor(runnerKnowledge(id), giteaRunner) : "no";
}

/** The comment of a command that stops the runner. */
export const interruptsJobs = "interrupts its jobs: first see in the forge that it is idle";

/** Commands to run after a change of the runner's configuration or of its user's groups. */
export function restartRunner(situation: Pick<Situation, "system" | "giteaRunner">): readonly string[] {
	const { system, giteaRunner } = situation;
	switch (system) {
		case "gitea": {
			const isUnknown = holdsFor(runnerKnowledge("old-name"), giteaRunner) === "unknown";
			const hint = isUnknown ? "act_runner before 1.0.0; " : "";
			return [`sudo systemctl restart ${runnerService(situation)}   # ${hint}${interruptsJobs}`];
		}
		case "forgejo":
			return [`sudo systemctl restart ${runnerService(situation)}   # ${interruptsJobs}`];
		case "github":
			return [`sudo ./svc.sh stop && sudo ./svc.sh start   # in the runner's directory; ${interruptsJobs}`];
		default:
			return [];
	}
}

/** The usual name of the runner's systemd unit. That of Gitea's runner was `act_runner` before 1.0.0. */
export function runnerService({ system, giteaRunner }: Pick<Situation, "system" | "giteaRunner">): string {
	if (system === "forgejo") return "forgejo-runner";
	return holdsFor(runnerKnowledge("old-name"), giteaRunner) === "yes" ? "act_runner" : "gitea-runner";
}

/** The same for a job. */
export function serviceOfJob(job: JobFacts): string {
	return runnerService({ system: job.system, giteaRunner: giteaRunnerVersion(job) });
}

/** Sets variables for the jobs of this runner, which reads them when it starts. */
export function setVariables(
	situation: Situation,
	variables: Readonly<Record<string, string>>,
): Pick<Remedy, "config" | "commands"> {
	const entries = Object.entries(variables);
	const commands = restartRunner(situation);
	switch (situation.system) {
		case "gitea":
		case "forgejo": {
			const lines = entries.map(([name, value]) => `    ${name}: ${yamlValue(value)}`);
			const text = ["runner:", "  envs:", ...lines].join("\n");
			return { config: { file: configFile, language: "yaml", text }, commands };
		}
		case "github": {
			const lines = entries.map(([name, value]) => `${name}=${oneLine(value)}`);
			return {
				config: { file: "`.env` in the runner's directory", language: "ini", text: lines.join("\n") },
				commands,
			};
		}
		default:
			return { commands: entries.map(([name, value]) => `export ${name}=${shellQuote(value)}`) };
	}
}

/** Below `container:` of a runner's configuration or of a workflow's job. Pasted over other options, it would take them away. */
export function optionLine(option: string): string {
	return `  options: ${yamlValue(option)}   # append to existing options`;
}

/**
 * Gives job containers of this runner an option of `docker create`. If a person started the container, there is nothing to
 * paste, so the text has to name the option.
 */
export function addOption(situation: Situation, option: string): Pick<Remedy, "config" | "commands" | "kind"> {
	const text = `container:\n${optionLine(option)}`;
	switch (situation.system) {
		case "gitea":
		case "forgejo":
			return {
				config: { file: configFile, language: "yaml", text },
				commands: restartRunner(situation),
				kind: "runner",
			};
		case "github":
			return { config: { file: "the workflow's job", language: "yaml", text }, kind: "workflow" };
		default:
			return { kind: "host" };
	}
}

/** For a `host` job, or a health check, in the runner's own container, which lacks an option of `docker create`. */
export function recreateRunner(option: string): Remedy {
	return {
		text: `This is the runner's own container. Recreate it with ${code(option)}.`,
		kind: "host",
	};
}

export const configFile = "config.yaml";

/** Lines for the unit of the runner's service, which hands its limits and variables down to jobs on the host. */
export function serviceLines(situation: Situation, lines: string): Pick<Remedy, "config" | "commands"> {
	const restart = restartRunner(situation);
	const text = `[Service]\n${lines}`;
	if (situation.system === "github") {
		return {
			config: { file: "a drop-in of the runner's service", language: "ini", text },
			commands: [
				"systemctl list-units 'actions.runner.*'   # `sudo systemctl edit` with this name opens it",
				...restart,
			],
		};
	}
	const name = runnerService(situation);
	return {
		config: { file: `/etc/systemd/system/${name}.service.d/override.conf`, language: "ini", text },
		commands: [`sudo systemctl edit ${name}   # opens this file`, ...restart],
	};
}

/** Is this a path at which a container engine has its socket? Another one may belong to a part of the system. */
export function isDockers(path: string): boolean {
	return /\/[^/]*(?:docker|podman|dind)[^/]*\.sock$/i.test(path);
}

/** For texts whose commands restart or stop Docker. */
export const stopsContainers =
	"Restarting Docker stops every running container, unless the daemon is configured with `live-restore`: `docker ps` lists them.";

/** For texts whose commands remove unused images. */
export function pruningLoses(engine: "docker" | "podman"): string {
	return `The next jobs pull or build again what they need. An image that exists only here is lost: \`${engine} image ls\` lists them.`;
}
