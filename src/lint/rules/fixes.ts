import type { Remedy } from "../../checks/check.ts";
import { shellQuote } from "../../checks/text.ts";
import type { RunnerSystem } from "../../knowledge/config-keys.ts";

type Lines = NonNullable<Remedy["config"]>;

/** Lines for a runner's configuration. */
export function configLines(file: string, text: string): Lines {
	return { file, language: "yaml", text };
}

/** Lines for a systemd unit. */
export function unitLines(file: string, text: string): Lines {
	return { file, language: "ini", text };
}

/** Is a part of the text hidden? Lines with stars in place of a secret must not be pasted. */
export function isHidden(text: string): boolean {
	return /\*{3,}/.test(text);
}

/** What has to be so before a file is closed, if nothing tells the user to give it to. */
export function ownership(user: string | undefined): string {
	return user === undefined ? " It has to belong to the user that the runner runs as." : "";
}

/** Turns a check off in the policy, for a setup that is intended. */
export function turnOff(id: string): Pick<Remedy, "config" | "kind"> {
	return {
		config: { file: ".gitea/runner-check.yml", language: "yaml", text: `severity:\n  ${id}: off` },
		kind: "workflow",
	};
}

/** The service that runs the runner, by its unit or a drop-in of it: `gitea-runner`. */
export function serviceOf(unitFile: string): string {
	const name = /([^/]+)\.service(?:\.d\/[^/]+)?$/.exec(unitFile)?.[1];
	return name && /^[\w@.-]+$/.test(name) ? name : "gitea-runner";
}

/** The service of a runner whose unit is not among the files. */
export function defaultService(system: RunnerSystem): string {
	return system === "forgejo" ? "forgejo-runner" : "gitea-runner";
}

export const whileNoJobRuns = "Restart the runner while no job runs.";

/** What becomes of a runner whose user cannot use the socket. */
export const exitsWithoutSocket =
	"The runner exits at startup with `permission denied while trying to connect to the Docker daemon socket`.";

/** What makes systemd and the runner read a changed unit. */
export function reload(unitFile: string): readonly string[] {
	return ["sudo systemctl daemon-reload", `sudo systemctl restart ${shellQuote(serviceOf(unitFile))}`];
}

/** What makes the daemon use NVIDIA's container runtime. */
export const restartDocker = "sudo systemctl restart docker";
