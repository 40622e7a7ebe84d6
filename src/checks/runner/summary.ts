import { holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { skipped } from "../words.ts";
import { forgejoMayShow, intro, type NotShown, words } from "./summary-words.ts";

export const runnerSummary = defineCheck({
	id: "runner/summary",
	title: "The forge shows the job summary",
	intro,
	reasons: words,
	needs: { job: jobProbe },
	judge({ job }): Verdict<keyof typeof words> {
		if (!job.inJob) {
			return { kind: "skip", reason: "not-applicable", message: "Only jobs have a job summary." };
		}
		const obstacle = obstacleOf(job);
		if (obstacle !== undefined) return skipped(words, "not-shown", { obstacle, runnerVersion: job.runnerVersion });
		const evidence: Proof = [
			job.system === "gitea"
				? { source: "GITEA_ACTIONS_CAPABILITIES", text: "job-summary" }
				: { source: "GITHUB_STEP_SUMMARY", text: "set" },
		];
		return { kind: "pass", message: job.system === "forgejo" ? forgejoMayShow : "Shown with the job", evidence };
	},
});

/** Why the summary would be lost; `undefined`: nothing proves that. */
function obstacleOf(job: JobFacts): NotShown["obstacle"] | undefined {
	if (job.summaryFile === false) return "no-file";
	if (job.system === "act") return "no-server";
	if (job.system !== "gitea" || job.capabilities.includes("job-summary")) return undefined;
	return holdsFor(runnerKnowledge("summary-not-uploaded"), job.runnerVersion) === "yes" ? "old-runner" : "old-forge";
}
