import { holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { JobFacts } from "../../probes/job.ts";

/** The shell line that makes a runner read its configuration again. Before 1.0.0 its service had another name. */
export function restartCommand(job: JobFacts): string {
	const service = holdsFor(runnerKnowledge("old-name"), job.runnerVersion) === "yes" ? "act_runner" : "gitea-runner";
	return `sudo systemctl restart ${job.system === "forgejo" ? "forgejo-runner" : service}`;
}

/** `runner.labels` of the runner's config.yaml with one label. Any text is safe in a double-quoted YAML string of JSON. */
export function labelConfig(label: string): { file: string; language: "yaml"; text: string } {
	return { file: "config.yaml", language: "yaml", text: `runner:\n  labels:\n    - ${JSON.stringify(label)}` };
}
