import { giteaRunnerVersion, holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { gpuRequestProbe } from "../../probes/gpu-request.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { nvidiaProbe } from "../../probes/nvidia.ts";
import { type Check, defineCheck, type Family, type Proof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { runnerDroppedGpu, type Witnesses } from "../gpu/visibility.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { intro, words } from "./version-words.ts";

const id = "runner/version";
const title = "The runner's version has no known problem that matters here";

/** @param wantsGpu Only then it matters whether the runner dropped a GPU. */
function versionCheck(wantsGpu: boolean): Check {
	return defineCheck({
		id,
		title,
		intro,
		reasons: words,
		needs: {
			job: jobProbe,
			container: containerProbe,
			...(wantsGpu && { nvidia: nvidiaProbe, request: gpuRequestProbe }),
		},
		judge(facts, policy): Verdict<keyof typeof words> {
			const { job, container } = facts;
			const version = giteaRunnerVersion(job);
			if (version === undefined) return { kind: "skip", reason: "not-applicable", message: whyUnknown(job) };
			const evidence: Proof = [{ source: "GITEA_ACTIONS_RUNNER_VERSION", text: version }];
			const found = { observed: version, evidence };
			if (holdsFor(runnerKnowledge("old-name"), version) === "yes")
				return finding(words, "outdated", { version }, found);
			if (wantsGpu && runnerDroppedGpu(facts as Witnesses)) {
				const isRequired = policy.gpu.require === "required";
				const seen = { version, profile: policy.profile, isRequired, situation: situationOf(container, job) };
				return finding(words, "known-bad", seen, { ...found, ...(isRequired && { level: "fail" }) });
			}
			return { kind: "pass", message: passMessage(version), evidence };
		},
	});
}

/** The check of a run looks for the GPU only if the profile wants one. */
export const runnerVersionFamily: Family = {
	id,
	title,
	intro,
	reasons: words,
	expand: (policy) => [versionCheck(namesGpu(policy))],
};

function whyUnknown({ system }: JobFacts): string {
	return system === "gitea"
		? "The runner does not state its version (`GITEA_ACTIONS_RUNNER_VERSION`)."
		: "Only versions of Gitea's runner are judged, and this is another one.";
}

/** Does the profile want a GPU? `optional` alone is the default of every profile, and says nothing about one. */
function namesGpu({ gpu: { require, ...wanted } }: Policy): boolean {
	if (require === "optional") return Object.values(wanted).some((value) => value !== undefined);
	return require === "required";
}

function passMessage(version: string): string {
	return /\d/.test(version)
		? `Gitea's runner ${version}`
		: `Gitea's runner ${code(version)}: a build without a version number, so nothing is known about it`;
}
