import { runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import type { Remedy } from "../check.ts";
import {
	addOption,
	configFile,
	holdsHere,
	restartRunner,
	type Situation,
	stopsContainers,
} from "../docker/situation.ts";

const dropped = runnerKnowledge("gpu-option-dropped");
const droppedFromWorkflows = runnerKnowledge("workflow-gpu-option-dropped");

/** Gives a job container the GPUs of its host, under the runner that starts it. */
export function giveGpu(situation: Situation): Remedy {
	switch (situation.system) {
		case "gitea":
		case "forgejo":
			return {
				text: `Add \`--gpus all\` to \`container.options\`, next to what is there already, and restart the runner.${giteaHints(situation)}`,
				...addOption(situation, "--gpus all"),
			};
		case "github":
			return {
				text: "Request the GPUs where the job names its container.",
				...addOption(situation, "--gpus all"),
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

/** What else matters, depending on the release of Gitea's runner. */
function giteaHints(situation: Situation): string {
	const inWorkflows = {
		yes: " The workflow's own `container.options` is the wrong place: this runner ignores `--gpus` there.",
		unknown: ` The workflow's own \`container.options\` is the wrong place: runners ${versionsOf(droppedFromWorkflows)} ignore \`--gpus\` there.`,
		no: "",
	}[holdsHere("workflow-gpu-option-dropped", situation)];
	const anywhere =
		holdsHere("gpu-option-dropped", situation) === "unknown"
			? ` Runners ${versionsOf(dropped)} ignore it here too unless \`container.privileged\` is \`true\`: upgrade such a runner first.`
			: "";
	return inWorkflows + anywhere;
}

/** For a runner that drops `--gpus` even from its own configuration. */
export function upgradeRunner(situation: Situation): Remedy {
	const restart = restartRunner(situation);
	return {
		text: `Upgrade the runner to a release after ${lastThatDrops()}, keep \`--gpus all\` in \`container.options\`, and restart it. Such a release honors the options of its own configuration.`,
		config: { file: configFile, language: "yaml", text: "container:\n  options: --gpus all" },
		commands: restart,
		kind: "runner",
		otherwise: {
			text: `If this version has to stay, make NVIDIA's runtime Docker's default and request the GPUs with a variable, which the runner does not drop. ${stopsContainers} (\`container.privileged: true\` also helps, but makes every job root on the host.)`,
			commands: [
				"sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
				"sudo systemctl restart docker",
				...restart,
			],
			config: {
				file: configFile,
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

/** The same on a Jetson, where `--gpus all` gives a container nothing before JetPack 6: the GPU is not a PCI device. */
export function giveJetson(situation: Situation): Remedy {
	return {
		text: `Make NVIDIA's runtime Docker's default: on a Jetson, the runtime adds the GPU to a container, and \`--gpus all\` does not. ${stopsContainers} Images of L4T request the GPU by themselves; any other image needs \`NVIDIA_VISIBLE_DEVICES=all\`.`,
		config: {
			file: "/etc/docker/daemon.json",
			language: "json",
			text: '{\n  "default-runtime": "nvidia",\n  "runtimes": { "nvidia": { "path": "nvidia-container-runtime" } }\n}',
		},
		commands: [
			"sudo apt-get update && sudo apt-get install -y nvidia-container",
			"sudo systemctl restart docker",
			"docker info --format '{{.DefaultRuntime}}'   # nvidia",
		],
		kind: "host",
		otherwise: {
			text: "Choose the runtime for the containers of this runner alone, with `--runtime nvidia`.",
			...addOption(situation, "--runtime nvidia --env NVIDIA_VISIBLE_DEVICES=all"),
		},
	};
}

/** NVIDIA's part of Docker, on the runner's host. */
export const installToolkit: Omit<Remedy, "otherwise"> = {
	text: `Install the NVIDIA Container Toolkit from NVIDIA's package repository, which its installation guide explains how to add, and register its runtime with Docker. ${stopsContainers}`,
	commands: [
		"sudo apt-get update && sudo apt-get install -y nvidia-container-toolkit",
		"sudo nvidia-ctk runtime configure --runtime=docker",
		"sudo systemctl restart docker",
	],
	kind: "host",
};
