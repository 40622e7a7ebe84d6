import { verdictOf } from "../../lint/check.ts";
import { socketSharing } from "../../lint/docker-access.ts";
import type { RunnerConfigFacts } from "../../lint/facts.ts";
import { runnerConfigProbe } from "../../lint/read/probe.ts";
import type { WorkflowFile, WorkflowJob } from "../../lint/read/workflow-facts.ts";
import { workflowsProbe } from "../../lint/read/workflow-probe.ts";
import { at, placeIn } from "../../lint/rule.ts";
import { labelsOf, setupsOf, usesDocker } from "../../lint/setup.ts";
import { defineCheck, type Finding, type Verdict } from "../check.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { finding } from "../words.ts";
import { brokenWorkflow, jobsIn } from "./broken.ts";
import { intro, type SocketAccess, words } from "./untrusted-socket-words.ts";

type Problem = Finding<keyof typeof words>;

export const workflowUntrustedSocket = defineCheck({
	id: "workflow/untrusted-socket",
	title: "No job of pull requests has both the Docker socket and secrets",
	intro,
	reasons: words,
	needs: { workflows: workflowsProbe, config: runnerConfigProbe },
	after: ["config/syntax"],
	judge({ workflows, config }, policy): Verdict<keyof typeof words> {
		if (workflows.files.length === 0) {
			return { kind: "skip", reason: "not-applicable", message: "No workflows were named." };
		}
		const labels = socketLabels(config);
		if (labels.size === 0) {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "No configuration names a label whose jobs have the Docker socket.",
			};
		}
		const problems = jobsWithSocketAndSecrets(workflows.files, labels);
		const fine = "No job of pull requests has both the socket and secrets.";
		const broken = problems.length === 0 ? brokenWorkflow(workflows, "secrets") : undefined;
		const jobs = jobsIn(workflows.files);
		const withSocket = {
			source: "labels whose jobs have the socket",
			text: [...labels.keys()].slice(0, 20).join(", "),
		};
		if (!broken)
			return verdictOf(
				words,
				problems,
				fine,
				jobs.length === 0 ? [] : [...jobs, withSocket],
				"The workflows have no jobs.",
			);
		// One cause, one failure: `workflow/runs-on` says which workflow cannot be read.
		return isSwitchedOff("workflow/runs-on", "undecided", policy)
			? broken
			: { kind: "skip", reason: "needs:workflow/runs-on", message: broken.message };
	},
});

/** Labels whose jobs can reach the machine's Docker socket. */
export function socketLabels(config: RunnerConfigFacts): ReadonlyMap<string, SocketAccess> {
	const labels = new Map<string, SocketAccess>();
	for (const setup of setupsOf(config)) {
		if (!setup.config) continue;
		const isMounted = socketSharing(setup).kind === "mounted";
		for (const { label } of labelsOf(setup)) {
			if (label.kind === "docker" && isMounted) labels.set(label.name, "mounted");
			// The user of a runner that starts containers can use the socket, and so can its jobs on the machine itself.
			if (label.kind === "host" && usesDocker(setup) === "yes") labels.set(label.name, "host");
		}
	}
	return labels;
}

/** Jobs that run code of pull requests, can reach the socket, and hold secrets. */
export function jobsWithSocketAndSecrets(
	files: readonly WorkflowFile[],
	labels: ReadonlyMap<string, SocketAccess>,
): readonly Problem[] {
	return files
		.filter(({ events }) => events.includes("pull_request") || events.includes("pull_request_target"))
		.flatMap((file) => file.jobs.flatMap((job) => judgeJob(file, job, labels)));
}

function judgeJob(file: WorkflowFile, job: WorkflowJob, labels: ReadonlyMap<string, SocketAccess>): readonly Problem[] {
	const label = job.wants.flat().find(({ text }) => labels.has(text));
	if (!label || job.secrets.length === 0) return [];
	const seen = { job: job.id, label: label.text, access: labels.get(label.text) ?? "mounted", secrets: job.secrets };
	const details = at(placeIn(file.path, label), `\`${label.text}\` with ${job.secrets.slice(0, 5).join(", ")}`);
	return [finding(words, "untrusted-socket", seen, details)];
}
