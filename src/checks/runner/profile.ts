import { jobProbe } from "../../probes/job.ts";
import { profileChoiceProbe } from "../../probes/profile-choice.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { finding } from "../words.ts";
import { chosen, intro, words } from "./profile-words.ts";

/** Is this job judged by the profile of its label? */
export const runnerProfile = defineCheck({
	id: "runner/profile",
	title: "The profile is the one of the job's label",
	intro,
	reasons: words,
	needs: { choice: profileChoiceProbe, job: jobProbe },
	judge({ choice, job }, { profile }): Verdict<keyof typeof words> {
		const { decidedBy, labels, why } = choice;
		if (!decidedBy || typeof job.inJob !== "boolean") return nothingSeen("runner/profile", "who decided");
		const evidence: Proof = [
			{ source: "profile: auto", text: `decided by ${decidedBy}` },
			...(labels ? [{ source: "labels of the job", text: labels.join(", ") }] : []),
		];
		if (decidedBy !== "environment" || !job.inJob) {
			return { kind: "pass", message: chosen(profile, choice), evidence };
		}
		const seen = { profile, why: why ?? "no-answer" };
		return finding(words, "guessed", seen, { observed: `${profile}, decided by the environment`, evidence });
	},
});
