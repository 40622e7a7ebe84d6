import { code } from "../text.ts";
import { skipReason } from "../words.ts";

export interface NotShown {
	readonly obstacle: "no-file" | "no-server" | "old-runner" | "old-forge";
	readonly runnerVersion: string | undefined;
}

export const intro =
	"Tells whether the forge shows the job summary. This never fails: the log of the step has everything too.";

export const forgejoMayShow =
	"`GITHUB_STEP_SUMMARY` is set; Forgejo does not say whether it shows summaries, so the log has everything too";

export const words = {
	"not-shown": skipReason<NotShown>({
		level: "skip",
		title: "The forge does not show the job summary",
		message: (seen) => `${obstacleIn(seen)} The log of this step has everything.`,
		more: `Gitea shows job summaries since 1.27, and only with runner 2.0.0 or newer; such a Gitea lists \`job-summary\` in \`GITEA_ACTIONS_CAPABILITIES\`. Runs without a server (\`gitea-runner exec\`, \`act\`) discard the summary, and some runners set no \`GITHUB_STEP_SUMMARY\`. The message says which it is. Read the log of the step instead, or upgrade.

Forgejo does not say whether it shows summaries, so the check passes if the runner provides a file.`,
	}),
};

function obstacleIn({ obstacle, runnerVersion }: NotShown): string {
	switch (obstacle) {
		case "no-file":
			return "The runner provides no file for the job summary: `GITHUB_STEP_SUMMARY` is not set.";
		case "no-server":
			return "A run without a server discards the job summary.";
		case "old-runner":
			return `Runner ${code(runnerVersion ?? "?")} does not send job summaries to Gitea: that needs runner 2.0.0 and Gitea 1.27, or newer.`;
		case "old-forge":
			return "This Gitea does not list `job-summary` in `GITEA_ACTIONS_CAPABILITIES`: it shows job summaries since 1.27, with runner 2.0.0 or newer.";
	}
}
