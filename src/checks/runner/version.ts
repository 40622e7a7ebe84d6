import { giteaRunnerVersion, holdsFor, runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import type { Policy } from "../../policy/policy.ts";
import { type ContainerFacts, containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import { defineCheck, type Remedy } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { upgradeRunner } from "../gpu/give-gpu.ts";
import { gpuNodes, smiWorks } from "../gpu/nvidia.ts";
import { code } from "../text.ts";
import { isPrivileged } from "./privileged.ts";

const oldName = runnerKnowledge("old-name");
const gpuOptionDropped = runnerKnowledge("gpu-option-dropped");

export const runnerVersion = defineCheck({
	id: "runner/version",
	title: "The runner's version has no known fault that matters here",
	reasons: {
		outdated: { level: "warn", title: "The runner is older than 1.0.0 and gets no more fixes" },
		"known-bad": {
			level: "warn",
			title: "this version drops `--gpus` from the options of unprivileged containers",
		},
	},
	needs: { job: jobProbe, container: containerProbe, nvidia: nvidiaProbe },
	judge({ job, container, nvidia }, policy) {
		if (job.system !== "gitea") {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "Not Gitea's runner, and its faults are the ones known here.",
			};
		}
		const version = giteaRunnerVersion(job);
		if (version === undefined) {
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "The runner does not tell its version (`GITEA_ACTIONS_RUNNER_VERSION`).",
			};
		}
		const evidence = [{ source: "GITEA_ACTIONS_RUNNER_VERSION", text: version }];
		if (holdsFor(oldName, version) === "yes") {
			return {
				kind: "finding",
				reason: "outdated",
				message: `Runner ${code(version)} is \`act_runner\`, the generation before the rename to \`gitea-runner\`.`,
				why: "It gets no more fixes. Job summaries, the runner's health check and job hooks came later, and up to 0.2.6 Docker 29 refuses its client.",
				expected: "1.0.0 or newer",
				observed: version,
				evidence,
				remedy: replaceOldRunner,
			};
		}
		if (holdsFor(gpuOptionDropped, version) === "yes" && isExposed(policy, container) && lacksGpu(nvidia)) {
			// A warning even where the GPU is required and missing: `gpu/visibility` fails for this cause, as the check that sees it.
			const bites = policy.gpu.require === "required";
			return {
				kind: "finding",
				reason: "known-bad",
				message: `Runner ${code(version)}: ${gpuOptionDropped.what}.${bites ? ` The profile ${code(policy.profile)} requires a GPU, and this container has none.` : ""}`,
				why: bites
					? "The job starts without its GPU, and the only trace is a line in its set-up log."
					: "This job does without a GPU. A label of this runner whose jobs need one gets none, and the only trace is a line in their set-up log.",
				expected: `a version other than ${versionsOf(gpuOptionDropped)}`,
				observed: version,
				evidence,
				remedy: upgradeRunner(situationOf(container, job)),
			};
		}
		return { kind: "pass", message: passMessage(version), evidence };
	},
});

/** On the host and in privileged containers no option is dropped, and who forbids GPUs need not read of them. */
function isExposed(policy: Policy, container: ContainerFacts): boolean {
	return policy.gpu.require !== "forbidden" && container.mode === "container" && !isPrivileged(container);
}

function lacksGpu(nvidia: NvidiaFacts): boolean {
	return !smiWorks(nvidia) && gpuNodes(nvidia).length === 0;
}

function passMessage(version: string): string {
	if (!/\d/.test(version))
		return `Gitea's runner ${code(version)}: a build without a number, so nothing is known of it`;
	return `Gitea's runner ${version}`;
}

const replaceOldRunner: Remedy = {
	text: `Replace it by a current release (https://gitea.com/gitea/runner/releases). Binary and service have a new name; \`config.yaml\`, \`.runner\` and the labels stay as they are. For GPU labels take none of ${versionsOf(gpuOptionDropped)}, which drop \`--gpus\`.`,
	commands: [
		"sudo systemctl disable --now act_runner",
		"sudo install -m 755 gitea-runner /usr/local/bin/gitea-runner",
		"sudo systemctl enable --now gitea-runner   # its unit, with --config as the old one had it",
	],
	kind: "runner",
	otherwise: {
		text: "A runner that runs in Docker takes another image: `gitea/runner` instead of `gitea/act_runner`, with the same `/data`.",
		kind: "runner",
	},
};
