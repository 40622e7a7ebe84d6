import { verdictOf } from "../../config/check.ts";
import { runnerConfigProbe } from "../../config/probe.ts";
import { knownRunners, runsOnReasons, unservedJobs } from "../../config/rules/runs-on.ts";
import type { ForgeAnswer } from "../../config/workflow-facts.ts";
import { workflowsProbe } from "../../config/workflow-probe.ts";
import { defineCheck, type Evidence, type Verdict } from "../check.ts";
import { brokenWorkflow } from "./broken.ts";

export const workflowRunsOn = defineCheck({
	id: "workflow/runs-on",
	title: "A runner serves every label that the workflows ask for",
	reasons: runsOnReasons,
	needs: { workflows: workflowsProbe, config: runnerConfigProbe },
	after: ["config/syntax"],
	judge({ workflows, config }): Verdict {
		if (workflows.files.length === 0) {
			return { kind: "skip", reason: "not-applicable", message: "No workflows were named." };
		}
		const broken = brokenWorkflow(workflows);
		if (broken) return broken;
		const runners = knownRunners(config, workflows);
		if (runners.length === 0) return undecided(workflows.forge);
		const mistakes = unservedJobs(workflows.files, runners);
		const jobs = workflows.files.flatMap((file) => file.jobs);
		const known = jobs.filter((job) => job.wants.length > 0).length;
		const unknown = jobs.filter((job) => job.unknown).length;
		const skipped = unknown > 0 ? `; ${unknown} choose their runner only when they run` : "";
		return verdictOf(mistakes, `A runner serves each of ${known} jobs${skipped}.`);
	},
});

/** Nothing tells which labels there are: neither pass nor failure. */
function undecided(forge: ForgeAnswer | undefined): Verdict {
	const evidence: Evidence[] = (forge?.refused ?? []).map(({ scope, why }) => ({
		source: `runners of the ${scope}`,
		text: why,
	}));
	if (!forge) {
		return {
			kind: "skip",
			reason: "not-applicable",
			message:
				"Nothing tells which labels there are: name the runner's configuration (`runner-config`), or give a `token` that may list runners.",
		};
	}
	return {
		kind: "undecided",
		message:
			forge.scopes.length > 0
				? `The forge knows no runner of the ${forge.scopes.join(" or ")}, and the others it did not tell.`
				: "The forge did not tell its runners: a job's own token may not list them. Give one of an owner, or name the runner's configuration (`runner-config`).",
		evidence,
	};
}
