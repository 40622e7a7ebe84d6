import { verdictOf } from "../../config/check.ts";
import { runnerConfigProbe } from "../../config/probe.ts";
import { jobsWithSocketAndSecrets, socketLabels, untrustedSocketReasons } from "../../config/rules/untrusted-socket.ts";
import { workflowsProbe } from "../../config/workflow-probe.ts";
import { defineCheck, type Verdict } from "../check.ts";
import { brokenWorkflow } from "./broken.ts";

export const workflowUntrustedSocket = defineCheck({
	id: "workflow/untrusted-socket",
	title: "No job of pull requests has both the Docker socket and secrets",
	reasons: untrustedSocketReasons,
	needs: { workflows: workflowsProbe, config: runnerConfigProbe },
	after: ["config/syntax"],
	judge({ workflows, config }): Verdict {
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
		const mistakes = jobsWithSocketAndSecrets(workflows.files, labels);
		return brokenWorkflow(workflows) ?? verdictOf(mistakes, "No job of pull requests has both the socket and secrets.");
	},
});
