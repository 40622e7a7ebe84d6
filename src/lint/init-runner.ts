import { escaped } from "../render/json.ts";
import type { Result } from "../report/report.ts";
import { lintFiles } from "./lint.ts";
import { requireRunnerVersion } from "./read/runner-version.ts";
import { parseYaml } from "./read/yaml-tree.ts";
import { promisesGpu } from "./rules/gpu-label.ts";
import { maskTree } from "./secrets/mask.ts";

/** A configuration for a runner with some labels. */
export interface RunnerTemplate {
	/** A `config.yaml` with comments. */
	readonly text: string;
	/** Problems with the labels, as the lint reports them. */
	readonly results: readonly Result[];
}

/**
 * `runner-check init --runner`: a configuration for some labels. The lint finds no problem in it but those of the labels.
 * @throws ConfigurationError if the version is not one.
 */
export async function runnerTemplate(labels: readonly string[], runnerVersion?: string): Promise<RunnerTemplate> {
	requireRunnerVersion(runnerVersion);
	const text = templateFor(labels, labels.some(isGpuContainer));
	const parsed = parseYaml(text);
	const file = {
		kind: "config",
		path: "config.yaml",
		system: "gitea",
		mode: 0o600,
		...(parsed.kind === "ok" && parsed.root ? { root: maskTree(parsed.root, "gitea") } : {}),
	} as const;
	const context = runnerVersion === undefined ? {} : { version: runnerVersion };
	return { text, results: lintFiles({ files: [file] }, context) };
}

function isGpuContainer(label: string): boolean {
	const [name = "", scheme] = label.split(":");
	return scheme === "docker" && promisesGpu(name);
}

function templateFor(labels: readonly string[], hasGpu: boolean): string {
	const usesDocker = labels.some((label) => label.split(":")[1] === "docker");
	const lines = [
		"# /etc/gitea-runner/config.yaml. The runner's service names it with `--config`.",
		"",
		"runner:",
		"  file: /var/lib/gitea-runner/.runner",
		"  # Concurrent jobs.",
		`  capacity: ${hasGpu ? 1 : 2}`,
		"  # Like TimeoutStopSec of the service.",
		"  shutdown_timeout: 3h",
		"  labels:",
		...labels.map((label) => `    - ${escaped(JSON.stringify(label))}`),
	];
	if (!usesDocker) return `${lines.join("\n")}\n`;
	lines.push(
		"",
		"container:",
		'  # The runner mounts it into every job at /var/run/docker.sock. "-" keeps it out of jobs.',
		"  docker_host: unix:///var/run/docker.sock",
		"  privileged: false",
	);
	if (hasGpu) {
		lines.push(
			"  # Works with every release of the runner if `nvidia` is Docker's default runtime:",
			"  #   sudo nvidia-ctk runtime configure --runtime=docker --set-as-default",
			"  # Runner 3.3.1 and later also accept `--gpus all`.",
			"  options: --env NVIDIA_VISIBLE_DEVICES=all --shm-size=8g",
		);
	}
	return `${lines.join("\n")}\n`;
}
