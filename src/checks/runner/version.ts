import { giteaRunnerVersion, holdsFor, runnerKnowledge } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { gpuNodes, smiWorks } from "../gpu/nvidia.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { isPrivileged } from "./privileged.ts";
import { intro, words } from "./version-words.ts";

export const runnerVersion = defineCheck({
	id: "runner/version",
	title: "The runner's version has no known problem that matters here",
	intro,
	reasons: words,
	needs: { job: jobProbe, container: containerProbe, nvidia: nvidiaProbe },
	judge({ job, container, nvidia }, policy): Verdict<keyof typeof words> {
		const version = giteaRunnerVersion(job);
		if (version === undefined) return { kind: "skip", reason: "not-applicable", message: whyUnknown(job) };
		const evidence = [{ source: "GITEA_ACTIONS_RUNNER_VERSION", text: version }];
		const found = { observed: version, evidence };
		if (holdsFor(runnerKnowledge("old-name"), version) === "yes") return finding(words, "outdated", { version }, found);
		const dropsGpus = holdsFor(runnerKnowledge("gpu-option-dropped"), version) === "yes";
		if (dropsGpus && isExposed(policy, container) && lacksGpu(nvidia)) {
			// A warning even if the profile requires the GPU: then `gpu/visibility` fails for this cause.
			const requiredBy = policy.gpu.require === "required" ? policy.profile : undefined;
			return finding(words, "known-bad", { version, requiredBy, situation: situationOf(container, job) }, found);
		}
		return { kind: "pass", message: passMessage(version), evidence };
	},
});

function whyUnknown({ system }: JobFacts): string {
	return system === "gitea"
		? "The runner does not state its version (`GITEA_ACTIONS_RUNNER_VERSION`)."
		: "Only versions of Gitea's runner are judged, and this is another one.";
}

/** On the host and in privileged containers, no option is dropped. A profile that forbids GPUs need not hear about them. */
function isExposed(policy: Policy, container: ContainerFacts): boolean {
	return policy.gpu.require !== "forbidden" && container.mode === "container" && !isPrivileged(container);
}

function lacksGpu(nvidia: NvidiaFacts): boolean {
	return !smiWorks(nvidia) && gpuNodes(nvidia).length === 0;
}

function passMessage(version: string): string {
	return /\d/.test(version)
		? `Gitea's runner ${version}`
		: `Gitea's runner ${code(version)}: a build without a version number, so nothing is known about it`;
}
