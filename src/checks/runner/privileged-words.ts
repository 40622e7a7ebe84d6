import { runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import type { Remedy } from "../check.ts";
import { configFile, holdsHere, restartRunner, type Situation } from "../docker/situation.ts";
import { lookAt } from "../find-out.ts";
import { yamlValue } from "../text.ts";
import { reason, unknown } from "../words.ts";

interface Privileged {
	/** How many capabilities the container can have at most. */
	readonly count: number;
	readonly profile: string;
	readonly situation: Situation;
}

export const intro =
	"Reads in `/proc/self/status` which capabilities the job container can have at most: its bounding set, which is the same for every user in it. Docker grants 14 of about 41. Judged only in a container, and only if the profile says `privileged: forbidden`.";

export const words = {
	privileged: reason<Privileged>({
		level: "fail",
		title: "The job container is privileged",
		headline: ({ count }) => `The job container is privileged (${count} capabilities)`,
		why: "The job is root on the runner's host in all but name. Any job, and any dependency it runs, can mount the host's disks and load kernel modules.",
		expected: "an unprivileged container",
		tell: (seen) => ({
			what: `The job container has ${seen.count} capabilities, including \`CAP_SYS_ADMIN\`. Docker's default is 14.`,
			fix: { ...dropPrivileges(seen.situation), otherwise: allow(seen.profile) },
		}),
	}),
};

function dropPrivileges(situation: Situation): Omit<Remedy, "otherwise"> {
	switch (situation.system) {
		case "gitea":
		case "forgejo":
			return {
				text: `Turn off \`privileged\` in the runner's \`config.yaml\`. If a job needs one capability or device, grant only that in \`container.options\` (\`--cap-add\`, \`--device\`).${droppedOptions(situation)}`,
				config: { file: configFile, language: "yaml", text: "container:\n  privileged: false" },
				commands: restartRunner(situation),
				kind: "runner",
			};
		case "act":
			return { text: "Start the run without `--privileged`.", kind: "runner" };
		case "github":
			return { text: "Remove `--privileged` from the job's `container.options`.", kind: "workflow" };
		case "none":
			return { text: "Start the container without `--privileged` and `--cap-add ALL`.", kind: "host" };
	}
}

function droppedOptions(situation: Situation): string {
	if (holdsHere("gpu-option-dropped", situation) === "no") return "";
	return ` Runners ${versionsOf(runnerKnowledge("gpu-option-dropped"))} drop these options: with one of them, upgrade first.`;
}

function allow(profile: string): Omit<Remedy, "otherwise"> {
	return {
		text: "If jobs of this label cannot work without it (Docker-in-Docker, for example), allow it in the profile.",
		config: {
			file: ".gitea/runner-check.yml",
			language: "yaml",
			text: `profiles:\n  ${yamlValue(profile)}:\n    privileged: allowed`,
		},
		kind: "workflow",
	};
}

export const unknowns = {
	capabilities: unknown({
		title: "Unknown whether the job container is privileged",
		why: "A job in a privileged container is root on the runner's host in all but name.",
		expected: "`CapBnd` or `CapEff` in `/proc/self/status`",
		tell: () => ({
			what: "Could not read the capabilities of this process in `/proc/self/status`.",
			fix: lookAt("/proc/self/status", "EACCES"),
		}),
	}),
};
