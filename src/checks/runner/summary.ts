import { holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { defineCheck } from "../check.ts";

export const runnerSummary = defineCheck({
	id: "runner/summary",
	title: "The forge shows the job summary",
	reasons: {
		"not-shown": { level: "skip", title: "the forge will not show the job summary; the log holds it all" },
	},
	needs: { job: jobProbe },
	judge({ job }) {
		if (!job.inJob)
			return { kind: "skip", reason: "not-applicable", message: "Outside of a job there is no job summary." };
		const obstacle = obstacleOf(job);
		if (obstacle !== undefined) {
			return { kind: "skip", reason: "not-shown", message: `${obstacle} The log of this step holds everything.` };
		}
		if (job.system === "forgejo") {
			return {
				kind: "pass",
				message:
					"`GITHUB_STEP_SUMMARY` is set; Forgejo does not tell whether it shows it, so the log holds everything too",
			};
		}
		return { kind: "pass", message: "Shown with the job" };
	},
});

/** Why nobody would see the summary; `undefined` where nothing proves that. */
function obstacleOf(job: JobFacts): string | undefined {
	if (job.summaryFile === false) return "The runner offers no file for it: `GITHUB_STEP_SUMMARY` is not set.";
	if (job.system === "act") return "A run without a server throws the job summary away.";
	if (job.system !== "gitea" || job.capabilities.includes("job-summary")) return undefined;
	if (holdsFor(runnerKnowledge("summary-not-uploaded"), job.runnerVersion) === "yes") {
		return `Runner ${job.runnerVersion} sends no job summaries to Gitea: that takes runner 2.0.0 and Gitea 1.27, or newer.`;
	}
	return "This Gitea does not say `job-summary` in `GITEA_ACTIONS_CAPABILITIES`: it shows job summaries from 1.27 on, with runner 2.0.0 or newer.";
}
