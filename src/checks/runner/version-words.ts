import { holdsFor, runnerKnowledge, versionsOf } from "../../knowledge/runner-versions.ts";
import type { Situation } from "../docker/situation.ts";
import { upgradeRunner } from "../gpu/give-gpu.ts";
import { code, cut } from "../text.ts";
import { reason } from "../words.ts";

interface Outdated {
	readonly version: string;
}

interface KnownBad {
	readonly version: string;
	readonly profile: string;
	/** Does the profile require a GPU, or can it do without? */
	readonly isRequired: boolean;
	readonly situation: Situation;
}

export const intro =
	"Compares the version that the runner states in `GITEA_ACTIONS_RUNNER_VERSION` with what is known about releases of Gitea's runner. Other runners are skipped: Forgejo's version numbers mean something else. A build without a number (`dev`) passes, because nothing is known about it.";

const gpuOptionDropped = runnerKnowledge("gpu-option-dropped");
const oldClient = runnerKnowledge("api-client-too-old");

const trace =
	'The only trace is a line in the job\'s setup log: `container option "--gpus" is not allowed when privileged mode is disabled and will be ignored`.';

export const words = {
	outdated: reason<Outdated>({
		level: "warn",
		title: "The runner is older than 1.0.0 and gets no more fixes",
		headline: ({ version }) => `Runner ${cut(version, 16)} is outdated and gets no more fixes`,
		why: ({ version }) => {
			const client =
				holdsFor(oldClient, version) === "yes" ? " Docker 29.0 to 29.2 refuse this version's Docker client." : "";
			return `Job summaries need 2.0.0, the runner's health check 2.2.0 and job hooks 3.0.0.${client}`;
		},
		expected: "1.0.0 or newer",
		tell: ({ version }) => ({
			what: `Runner ${code(version)} is \`act_runner\`, as Gitea's runner was called before 1.0.0.`,
			fix: {
				text: `Install a current release from https://gitea.com/gitea/runner/releases next to the old one, and compare its checksum. Program and service are now called \`gitea-runner\`: create its unit with the same \`--config\`. The last command changes over when no job is running. If the new service does not start, it starts the old one again. \`config.yaml\`, \`.runner\` and the labels stay as they are. For GPU labels, avoid ${versionsOf(gpuOptionDropped)}, which drop \`--gpus\`.`,
				commands: [
					"sudo install -m 755 gitea-runner /usr/local/bin/gitea-runner && gitea-runner --version",
					"systemctl cat act_runner && sudo systemctl edit --force --full gitea-runner.service   # the same with gitea-runner",
					"sudo systemctl stop act_runner; if sudo systemctl enable --now gitea-runner; then sudo systemctl disable act_runner; else sudo systemctl start act_runner; fi",
				],
				kind: "runner",
				otherwise: {
					text: "If the runner itself runs in Docker, use the image `gitea/runner` instead of `gitea/act_runner`, with the same `/data`.",
					kind: "runner",
				},
			},
		}),
		more: `Runners ${versionsOf(oldClient)} also fail with Docker 29.0 to 29.2: ${oldClient.what}.`,
	}),
	"known-bad": reason<KnownBad>({
		level: "warn",
		title: "This release drops `--gpus` from unprivileged containers",
		headline: ({ version }) => `Runner ${cut(version, 15)} drops \`--gpus\` from container options`,
		why: `The job starts without its GPU. ${trace}`,
		expected: `a version other than ${versionsOf(gpuOptionDropped)}`,
		tell: ({ version, profile, isRequired, situation }) => ({
			what: `Runner ${code(version)} has a known problem: ${gpuOptionDropped.what}. The profile ${code(profile)} ${isRequired ? "requires" : "wants"} a GPU, and this container has none.`,
			fix: upgradeRunner(situation),
		}),
		more: "Reported in unprivileged containers without a GPU whose profile wants one: a failure with `gpu: required`, and a warning with `require: optional` and an expectation, such as `count` or `memory`. A profile that says no more than `optional` or `forbidden` never sees it.",
	}),
};
