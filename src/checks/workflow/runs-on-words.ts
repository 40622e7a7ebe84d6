import { code, cut, listed, titleWith } from "../text.ts";
import { reason, unknown } from "../words.ts";

interface NoRunnerWithLabel {
	readonly job: string;
	/** The label, or all labels of the job if each exists, but not on one runner. */
	readonly labels: readonly string[];
	/** Every label that there is. */
	readonly known: readonly string[];
}

interface Missing {
	readonly job: string;
	/** A key that may be a misspelled `runs-on`. */
	readonly meant: string | undefined;
}

interface AllOffline {
	readonly job: string;
	readonly labels: readonly string[];
	/** Names of the runners with the labels. */
	readonly runners: readonly string[];
}

interface NearMiss {
	readonly job: string;
	readonly label: string;
	/** The label that exists. */
	readonly meant: string;
	readonly file: string;
	readonly line: number;
}

export const intro =
	"Takes `runs-on` as a string, as a list, or from a matrix in the workflow (with `include`), and looks for a runner with all of the labels. What depends on inputs, variables or other jobs is not judged: only the run knows it.";

const waits =
	"The job stays in `Waiting` and is canceled after a day. Only the list of runs shows `No matching online runner with label`.";

export const words = {
	"no-runner-with-label": reason<NoRunnerWithLabel>({
		level: "fail",
		title: "No runner has a label that a job asks for",
		headline: ({ labels, job }) =>
			labels.length === 1
				? titleWith("No runner has the label ", labels[0] ?? "")
				: titleWith("No single runner has all labels of ", job),
		why: waits,
		expected: ({ labels, known }) =>
			labels.length === 1 ? `one of ${shown(known).join(", ")}` : "one runner with all of them",
		tell: ({ job, labels }) =>
			labels.length === 1
				? {
						what: `The job ${code(job)} asks for the label ${names(labels)}, which no runner has.`,
						fix: {
							text: "Ask for a label that exists, or add it to `runner.labels` of a runner and restart that runner.",
							kind: "workflow",
						},
					}
				: {
						what: `The job ${code(job)} asks for ${names(labels)}. Runners have each of these labels, but no runner has all of them.`,
						fix: {
							text: "Ask for one label, or give all of them to one runner. The first label decides where the job runs.",
							kind: "workflow",
						},
					},
	}),

	missing: reason<Missing>({
		level: "warn",
		title: "A job says nowhere which runner it needs",
		headline: ({ job }) => titleWith("The job ", job, " has no `runs-on`"),
		why: "On Gitea any runner takes the job, in its default image or on its machine. Forgejo's runner and GitHub refuse the workflow.",
		expected: "`runs-on` with a label",
		tell: ({ job, meant }) => ({
			what: `The job ${code(job)} has no \`runs-on\`${meant === undefined ? "" : `; it has ${code(meant)}, which may be meant`}.`,
			fix: {
				text:
					meant === undefined
						? "Name the label of the runner that the job needs in `runs-on`."
						: `Rename ${code(meant)} to \`runs-on\`.`,
				kind: "workflow",
			},
		}),
	}),

	"all-offline": reason<AllOffline>({
		level: "fail",
		title: "Every runner with a label is offline or disabled",
		headline: ({ labels }) => titleWith("Every runner with ", labels.join(", "), " is offline or disabled"),
		why: waits,
		expected: "a runner that is online",
		tell: ({ job, labels, runners }) => ({
			what: `The job ${code(job)} asks for ${names(labels)}. The forge lists these runners as offline or disabled: ${names(runners)}.`,
			fix: {
				text: "Check the runner's service on its machine.",
				commands: ["systemctl status '*runner*.service'", "sudo journalctl -u '*runner*.service' -n 100 --no-pager"],
				kind: "host",
				otherwise: {
					text: "If the runner is disabled, enable it in the settings of the repository, organization or instance.",
					kind: "forge",
				},
			},
		}),
	}),

	"near-miss": reason<NearMiss>({
		level: "fail",
		title: "A job asks for a label that is nearly one of a runner",
		headline: ({ label, meant }) => titleWith("", cut(label, 18), ` is not a label; \`${cut(meant, 18)}\` is`),
		why: waits,
		expected: ({ meant }) => code(meant),
		tell: ({ job, label, meant, file, line }) => ({
			what: `The job ${code(job)} asks for the label ${code(label)}, which no runner has. Did you mean ${code(meant)}?`,
			fix: {
				text: `Write ${code(meant)} on line ${line} of ${code(file)}. Labels are compared letter by letter, including case.`,
				kind: "workflow",
			},
		}),
	}),
};

function names(labels: readonly string[]): string {
	return listed(shown(labels));
}

function shown(labels: readonly string[]): readonly string[] {
	const first = labels.slice(0, 20).map((label) => code(cut(label)));
	return labels.length > first.length ? [...first, `${labels.length - first.length} more`] : first;
}

/** What to say if nothing tells which labels there are. */
export const noLabelsKnown =
	"The labels of the runners are unknown: set `runner-config` to the runner's configuration, or pass a `token` that can list runners.";

export const unknowns = {
	"no-runners": unknown<{ readonly scopes: readonly string[] }>({
		title: "The forge does not tell which runners there are",
		why: "A job whose label has no runner waits without a message, until the forge cancels it after a day or more.",
		expected: "the list of runners and their labels",
		tell: ({ scopes }) => ({
			what:
				scopes.length > 0
					? `The forge lists no runner for the ${scopes.join(" or ")}, and does not answer for the others.`
					: "The forge does not list its runners: a job's own token cannot do that.",
			fix: {
				text: "Let the check read the labels from the runner's own configuration.",
				config: {
					file: "the workflow's step",
					language: "yaml",
					text: "with:\n  runner-config: /etc/gitea-runner/config.yaml",
				},
				kind: "workflow",
				otherwise: {
					text: "Pass the token of an owner, with a scope that may list runners (`read:repository`, `read:organization` or `read:admin`), in the input `token`.",
					kind: "workflow",
				},
			},
		}),
	}),
};

/**
 * @param known Jobs whose labels the workflow states.
 * @param unknown Jobs whose labels are known only when they run.
 */
export function jobsServed(known: number, unknown: number): string {
	const others = unknown > 0 ? `; ${chooseLate(unknown)}` : "";
	return `${known} ${known === 1 ? "job has a runner" : "jobs have runners"}${others}.`;
}

/** What to say if no workflow states a label. */
export function nothingToJudge(unknown: number): string {
	return unknown > 0
		? `The workflows state no labels: ${chooseLate(unknown)}.`
		: "The workflows have no job that runs on a runner.";
}

function chooseLate(unknown: number): string {
	return `${unknown} ${unknown === 1 ? "job chooses its runner" : "jobs choose their runners"} only when ${unknown === 1 ? "it runs" : "they run"}`;
}
