import type { Policy } from "../../policy/policy.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { isHealthCheck, type JobFacts, jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Proof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { notInHealthCheck } from "../health-check.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { finding, undecided } from "../words.ts";
import { intro, type Misplaced, placeOf, unknowns, words } from "./mode-words.ts";

export const runnerMode = defineCheck({
	id: "runner/mode",
	title: "The job runs where its profile expects it",
	intro,
	reasons: words,
	needs: { container: containerProbe, job: jobProbe },
	applies: (policy) => policy.runsIn !== "any",
	judge({ container, job }, policy): Verdict<keyof typeof words> {
		if (isHealthCheck(job)) return notInHealthCheck("no job whose place could be judged");
		const evidence = evidenceOf(container, job);
		if (container.mode === "unknown") {
			return undecided(unknowns, "place", {}, { observed: container.witness, evidence });
		}
		const situation = situationOf(container, job);
		const observed = placeOf(situation);
		if (container.mode === policy.runsIn) return { kind: "pass", message: `Runs ${observed}`, evidence };
		const { profile, image } = policy;
		const seen: Misplaced = { inJob: job.inJob, jobKey: keyOf(job), profile, image, situation };
		const reason = policy.runsIn === "container" ? "host-instead-of-container" : "container-instead-of-host";
		return finding(words, reason, seen, { observed, evidence });
	},
});

/** The verdict of the check `id`, which has to know whether this is a container. One cause, one failure. */
export function placeUnknown(id: string, { witness }: ContainerFacts, policy: Policy): Verdict<never> {
	if (policy.runsIn === "any" || isSwitchedOff("runner/mode", "undecided", policy)) {
		const evidence = [{ source: "container or host", text: witness }];
		return undecided(unknowns, "place", { id }, { observed: witness, evidence });
	}
	const message = "Cannot be judged until it is known whether this is a container.";
	return { kind: "skip", reason: "needs:runner/mode", message };
}

function evidenceOf({ witness, insideContainer }: ContainerFacts, job: JobFacts): Proof {
	const evidence: [Evidence, ...Evidence[]] = [{ source: "container or host", text: witness }];
	if (insideContainer !== undefined) evidence.push({ source: "the runner's own container", text: insideContainer });
	if (witness !== "JOB_CONTAINER_NAME" && job.system === "gitea") {
		evidence.push({ source: "JOB_CONTAINER_NAME", text: job.containerName ?? "not set" });
	}
	return evidence;
}

function keyOf({ job }: JobFacts): string | undefined {
	return job !== undefined && /^[\w-]+$/.test(job) ? job : undefined;
}
