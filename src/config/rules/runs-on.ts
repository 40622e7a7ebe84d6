import type { Reason } from "../../checks/check.ts";
import { nearest } from "../../policy/nearest.ts";
import type { RunnerConfigFacts } from "../facts.ts";
import { parseLabel } from "../labels.ts";
import type { Mistake } from "../lint.ts";
import { labelTextsOf, setupsOf } from "../setup.ts";
import type { WantedLabel, WorkflowFacts, WorkflowFile, WorkflowJob } from "../workflow-facts.ts";

export const runsOnReasons: Readonly<Record<string, Reason>> = {
	"no-runner-with-label": { level: "fail", title: "no runner has a label that a job asks for" },
	"all-offline": { level: "fail", title: "every runner with a label that a job asks for is offline or disabled" },
	"near-miss": { level: "fail", title: "a job asks for a label that only nearly exists" },
};

/** A runner as far as labels go: from a configuration, from a registration, or from the forge. */
export interface KnownRunner {
	readonly name: string;
	readonly labels: readonly string[];
	/** `undefined` where a file tells: it does not know. */
	readonly online?: boolean;
}

export function knownRunners(config: RunnerConfigFacts, workflows: WorkflowFacts): readonly KnownRunner[] {
	const ofFiles = setupsOf(config).flatMap((setup): KnownRunner[] => {
		const labels = labelTextsOf(setup).map(({ text }) => nameOf(text.text, setup.system));
		const name = setup.config?.path ?? setup.registration?.path ?? "";
		return labels.length === 0 ? [] : [{ name, labels }];
	});
	const ofForge = (workflows.forge?.runners ?? []).map((runner): KnownRunner => {
		return { name: runner.name, labels: runner.labels, online: runner.online && !runner.disabled };
	});
	return [...ofFiles, ...ofForge];
}

function nameOf(text: string, system: "gitea" | "forgejo"): string {
	const parsed = parseLabel(text, system);
	// A label with an unknown schema is known under its whole text.
	return parsed.kind === "label" ? parsed.label.name : text;
}

/** Every `runs-on` that no runner serves. Labels of one job must all be on one runner. */
export function unservedJobs(files: readonly WorkflowFile[], runners: readonly KnownRunner[]): readonly Mistake[] {
	const labels = [...new Set(runners.flatMap((runner) => runner.labels))].sort();
	return files.flatMap((file) =>
		file.jobs.flatMap((job) => {
			const found = job.wants.flatMap((want) => judgeWant(file, job, want, runners, labels));
			// Two values of a matrix that lack the same label are one mistake.
			return found.filter((mistake, index) => {
				return found.findIndex((other) => other.line === mistake.line && other.column === mistake.column) === index;
			});
		}),
	);
}

function judgeWant(
	file: WorkflowFile,
	job: WorkflowJob,
	want: readonly WantedLabel[],
	runners: readonly KnownRunner[],
	labels: readonly string[],
): readonly Mistake[] {
	const missing = want.filter(({ text }) => !labels.includes(text));
	if (missing.length > 0) {
		return missing.map((label) => {
			const meant = likeliest(label.text, labels);
			return meant === undefined ? nobody(file, job, label, labels) : nearly(file, job, label, meant);
		});
	}
	const [first] = want;
	if (!first) return [];
	const serving = runners.filter((runner) => want.every(({ text }) => runner.labels.includes(text)));
	if (serving.length === 0) return [notTogether(file, job, want, first)];
	return serving.every((runner) => runner.online === false) ? [offline(file, job, want, first, serving)] : [];
}

/** A label that is meant by a misspelt one. One with more words is another label: `builder-gpu` is no typing error for `builder`. */
function likeliest(text: string, labels: readonly string[]): string | undefined {
	const lower = text.toLowerCase();
	const hasMoreWords = (long: string, short: string): boolean =>
		long.startsWith(`${short}-`) || long.endsWith(`-${short}`);
	const similar = labels.filter((label) => {
		const known = label.toLowerCase();
		return !hasMoreWords(lower, known) && !hasMoreWords(known, lower);
	});
	return labels.find((known) => known.toLowerCase() === lower) ?? nearest(text, similar);
}

const waits =
	"The job waits with `No matching online runner with label`, and is cancelled after a day; nothing runs and nothing fails before that.";

function place(
	file: WorkflowFile,
	{ line, column }: WantedLabel,
): Pick<Mistake, "id" | "level" | "file" | "line" | "column"> {
	return { id: "workflow/runs-on", level: "fail", file: file.path, line, column };
}

function listed(labels: readonly string[]): string {
	const shown = labels.slice(0, 20).map((label) => `\`${label}\``);
	return `${shown.join(", ")}${labels.length > shown.length ? ", …" : ""}`;
}

function nobody(file: WorkflowFile, job: WorkflowJob, label: WantedLabel, labels: readonly string[]): Mistake {
	return {
		...place(file, label),
		reason: "no-runner-with-label",
		message: `no runner has the label \`${label.text}\`, which the job \`${job.id}\` asks for`,
		why: waits,
		expected: `one of ${listed(labels)}`,
		found: `\`${label.text}\``,
		remedy: {
			text: "Ask for a label that there is, or give it to a runner (`runner.labels` in its configuration, then restart it).",
			kind: "workflow",
		},
	};
}

function nearly(file: WorkflowFile, job: WorkflowJob, label: WantedLabel, meant: string): Mistake {
	return {
		...place(file, label),
		reason: "near-miss",
		message: `no runner has the label \`${label.text}\`, which the job \`${job.id}\` asks for: \`${meant}\` is meant?`,
		why: waits,
		expected: `\`${meant}\``,
		found: `\`${label.text}\``,
		remedy: {
			text: `Write the label as the runner has it, capitals and all: \`${meant}\` in line ${label.line} of \`${file.path}\`.`,
			kind: "workflow",
		},
	};
}

function notTogether(file: WorkflowFile, job: WorkflowJob, want: readonly WantedLabel[], first: WantedLabel): Mistake {
	const all = listed(want.map(({ text }) => text));
	return {
		...place(file, first),
		reason: "no-runner-with-label",
		message: `no one runner has all labels that the job \`${job.id}\` asks for: ${all}`,
		why: waits,
		expected: "one runner with all of them",
		found: "each of them on another runner",
		remedy: {
			text: "Ask for one label, or give all of them to one runner. The first one decides where the job runs.",
			kind: "workflow",
		},
	};
}

function offline(
	file: WorkflowFile,
	job: WorkflowJob,
	want: readonly WantedLabel[],
	first: WantedLabel,
	serving: readonly KnownRunner[],
): Mistake {
	return {
		...place(file, first),
		reason: "all-offline",
		message: `every runner with ${listed(want.map(({ text }) => text))}, which the job \`${job.id}\` asks for, is offline or disabled: ${listed(serving.map(({ name }) => name))}`,
		why: waits,
		expected: "one that is online",
		found: "offline or disabled",
		remedy: {
			text: "Look at the runner's service on its machine, or enable it in the forge's settings.",
			kind: "host",
			commands: ["systemctl status gitea-runner", "journalctl -u gitea-runner -n 100"],
		},
	};
}
