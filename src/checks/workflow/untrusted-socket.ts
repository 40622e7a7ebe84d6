import { verdictOf } from "../../lint/config-check.ts";
import { type PostureRow, postureOf } from "../../lint/posture/posture.ts";
import { type LabelPowers, labelPowers } from "../../lint/posture/powers.ts";
import { runnerConfigProbe } from "../../lint/read/config-probe.ts";
import type { WorkflowFile } from "../../lint/read/workflow-facts.ts";
import { workflowsProbe } from "../../lint/read/workflow-probe.ts";
import { at, placeIn } from "../../lint/rule.ts";
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
		const powers = labelPowers(config);
		const labels = socketLabels(powers);
		if (labels.size === 0) {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "No configuration names a label whose jobs have the Docker socket.",
			};
		}
		const problems = jobsWithSocketAndSecrets(workflows.files, powers);
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
function socketLabels(labels: readonly LabelPowers[]): ReadonlyMap<string, SocketAccess> {
	const open = labels.filter(({ powers }) => powers.includes("socket"));
	return new Map(
		open.map(({ label, powers }) => [
			label,
			powers.includes("host") || powers.includes("runner-container") ? "host" : "mounted",
		]),
	);
}

/** Jobs that run for pull requests of strangers, can reach the socket, and use secrets. */
export function jobsWithSocketAndSecrets(
	files: readonly WorkflowFile[],
	labels: readonly LabelPowers[],
): readonly Problem[] {
	const sockets = socketLabels(labels);
	const { rows } = postureOf(files, labels);
	const found = new Map<string, Problem>();
	for (const row of rows) {
		const access = sockets.get(row.label ?? "");
		if (!isPullRequest(row) || row.label === undefined || access === undefined || row.secrets.length === 0) continue;
		const key = [row.labelAt.file, row.labelAt.line, row.job].join();
		if (!found.has(key)) found.set(key, problemOf(row, row.label, access));
	}
	return [...found.values()];
}

function isPullRequest({ event }: PostureRow): boolean {
	return event === "pull_request" || event === "pull_request_target";
}

function problemOf(row: PostureRow, label: string, access: SocketAccess): Problem {
	const { job, secrets, event, file, line, labelAt, condition } = row;
	const seen = {
		job,
		label,
		access,
		secrets,
		event,
		opened: `${file}:${line}`,
		file: labelAt.file,
		opens: file,
		condition,
	};
	const details = at(placeIn(labelAt.file, labelAt), `\`${label}\` with ${secrets.slice(0, 5).join(", ")}`);
	return finding(words, "untrusted-socket", seen, details);
}
