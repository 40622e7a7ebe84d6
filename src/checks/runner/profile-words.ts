import type { ProfileChoiceFacts } from "../../probes/profile-choice.ts";
import { code } from "../text.ts";
import { reason } from "../words.ts";

interface Guessed {
	readonly profile: string;
	/** Why the forge did not tell the job's labels. */
	readonly why: NonNullable<ProfileChoiceFacts["why"]>;
}

export const intro =
	"Says how `profile: auto` chose the profile: by the `runs-on` of the running job in the checked-out workflow, else by the job's labels from the forge's API (the job's own record, the jobs of the run, or the workflow of the run's commit), else by the environment. Labels that no profile names select `generic`.";

const causes: Readonly<Record<Guessed["why"], string>> = {
	"no-token": "there is no token for the forge's API",
	forbidden: "the token has no permission to read jobs or files",
	"no-answer": "the forge's API did not answer",
	ambiguous: "several jobs of the run could be this one",
	insecure: "the forge's API does not use TLS, so the token was not sent to it",
	foreign: "`GITHUB_API_URL` is not on the forge of `GITHUB_SERVER_URL`, so the token was not sent to it",
};

export const words = {
	guessed: reason<Guessed>({
		level: "warn",
		title: "The profile is a guess",
		headline: ({ profile }) => `The profile ${profile.slice(0, 40)} is a guess`,
		why: "A job for another label is judged by the wrong expectations: the runner can be called healthy although nothing looked at its GPU or its Rust.",
		expected: "labels of this job, or the input `profile`",
		tell: ({ profile, why }) => ({
			what: `The job's labels are unknown: no checked-out workflow has this job, and ${causes[why]}. The environment decided: ${code(profile)}.`,
			fix:
				why !== "no-token" && why !== "forbidden"
					? nameProfile
					: {
							text: "Let the job's token read the workflow's jobs.",
							config: {
								file: "the workflow's job",
								language: "yaml",
								text: "permissions:\n  contents: read\n  actions: read",
							},
							kind: "workflow",
							otherwise: nameProfile,
						},
		}),
	}),
};

const nameProfile = {
	text: "Name the profile in the step. `runner-check policy --profile NAME` prints what a profile expects.",
	config: {
		file: "the workflow's step",
		language: "yaml",
		text: "- uses: fortemi/runner-check@v1\n  with:\n    profile: matric-builder",
	},
	kind: "workflow",
} as const;

export function chosen(profile: string, { decidedBy, labels }: ProfileChoiceFacts): string {
	const name = code(profile);
	switch (decidedBy) {
		case "input":
			return `${name}, set by the input \`profile\``;
		case "runs-on":
			return `${name}, chosen by the job's \`runs-on\` (${(labels ?? []).map(code).join(", ")})`;
		case "api":
			return `${name}, chosen by the job's labels on the forge (${(labels ?? []).map(code).join(", ")})`;
		case "environment":
			return `${name}, as this is not a job`;
	}
}
