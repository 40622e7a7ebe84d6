import { giteaRunnerVersion, holdsFor, runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import type { JobFacts } from "../../probes/job.ts";
import type { Remedy } from "../check.ts";
import { restartCommand } from "../runner/labels.ts";

const dropped = runnerKnowledge("gpu-option-dropped");
const droppedFromWorkflows = runnerKnowledge("workflow-gpu-option-dropped");

/** Does this runner drop `--gpus` of an unprivileged container, whoever asks for it? */
export function dropsGpuOption(job: JobFacts): "yes" | "no" | "unknown" {
	return holdsFor(dropped, giteaRunnerVersion(job));
}

/** How a job container is given the GPUs of its host, under the runner that runs it. */
export function giveGpu(job: JobFacts): Remedy {
	switch (job.system) {
		case "gitea":
			return giveGpuByConfig(job, giteaHints(job));
		case "forgejo":
			return giveGpuByConfig(job, "");
		case "github":
			return {
				text: "Ask for the GPUs in the workflow, where the job names its container.",
				config: {
					file: "the workflow",
					language: "yaml",
					text: "container:\n  image: ghcr.io/example/builder:gpu\n  options: --gpus all",
				},
				kind: "workflow",
			};
		case "act":
			return {
				text: 'Start the run with `--container-opts "--gpus all"` (`gitea-runner exec`) or `--container-options "--gpus all"` (`act`).',
				kind: "runner",
			};
		case "none":
			return { text: "Start the container with `--gpus all`.", kind: "host" };
	}
}

function giveGpuByConfig(job: JobFacts, hints: string): Remedy {
	return {
		text: `Add \`--gpus all\` to \`container.options\` of the runner's \`config.yaml\`, beside what is there already, and restart the runner.${hints}`,
		config: { file: "config.yaml", language: "yaml", text: "container:\n  options: --gpus all" },
		commands: [restartCommand(job)],
		kind: "runner",
	};
}

/** What is special about the versions of Gitea's runner, as far as it can matter here. */
function giteaHints(job: JobFacts): string {
	const version = giteaRunnerVersion(job);
	const fromWorkflow =
		holdsFor(droppedFromWorkflows, version) === "no"
			? ""
			: " The workflow's own `container.options` is no place for it: there the runner drops it.";
	const byVersion =
		dropsGpuOption(job) === "unknown"
			? ` Runners ${versionsOf(dropped)} drop it there too, unless \`container.privileged\` is \`true\`: with one of them, upgrade first.`
			: "";
	return fromWorkflow + byVersion;
}

/** For the runners that drop `--gpus` even from their own configuration. */
export function outliveStripping(job: JobFacts): Remedy {
	return {
		text: `Upgrade the runner to a release after ${lastThatDrops()}, which leaves the options of its own \`config.yaml\` alone, keep \`--gpus all\` there, and restart it.`,
		config: { file: "config.yaml", language: "yaml", text: "container:\n  options: --gpus all" },
		commands: [restartCommand(job)],
		kind: "runner",
		otherwise: {
			text: "With this version: make NVIDIA's runtime Docker's default and ask for the GPUs by a variable, which the runner does not drop. (`container.privileged: true` helps too, but makes every job root on the host.)",
			commands: [
				"sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
				"sudo systemctl restart docker",
				restartCommand(job),
			],
			config: {
				file: "config.yaml",
				language: "yaml",
				text: "container:\n  options: --env NVIDIA_VISIBLE_DEVICES=all",
			},
			kind: "host",
		},
	};
}

function lastThatDrops(): string {
	return dropped.ranges.map((range) => range.upTo).join(", ");
}

/** NVIDIA's part of Docker, on the runner's host. */
export const installToolkit: Omit<Remedy, "otherwise"> = {
	text: "On the runner's host, install the NVIDIA Container Toolkit (from NVIDIA's package repository; its installation guide says how to add it) and let it register its runtime with Docker.",
	commands: [
		"sudo apt-get update && sudo apt-get install -y nvidia-container-toolkit",
		"sudo nvidia-ctk runtime configure --runtime=docker",
		"sudo systemctl restart docker",
	],
	kind: "host",
};
