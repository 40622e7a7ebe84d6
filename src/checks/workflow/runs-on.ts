import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { verdictOf } from "../../lint/config-check.ts";
import type { RunnerConfigFacts } from "../../lint/facts.ts";
import { runnerConfigProbe } from "../../lint/read/config-probe.ts";
import { parseLabel } from "../../lint/read/labels.ts";
import type {
	ForgeAnswer,
	WantedLabel,
	WorkflowFacts,
	WorkflowFile,
	WorkflowJob,
} from "../../lint/read/workflow-facts.ts";
import { workflowsProbe } from "../../lint/read/workflow-probe.ts";
import { at, placeIn } from "../../lint/rule.ts";
import { labelTextsOf, setupsOf } from "../../lint/setup/setup.ts";
import { editDistance, nearest } from "../../policy/nearest.ts";
import { defineCheck, type Evidence, type Finding, type Verdict } from "../check.ts";
import { type Details, finding, undecided } from "../words.ts";
import { brokenWorkflow, jobsIn } from "./broken.ts";
import { intro, jobsServed, noLabelsKnown, nothingToJudge, unknowns, words } from "./runs-on-words.ts";

type Problem = Finding<keyof typeof words>;

export const workflowRunsOn = defineCheck({
	id: "workflow/runs-on",
	title: "Every label that the workflows ask for has a runner",
	intro,
	reasons: words,
	needs: { workflows: workflowsProbe, config: runnerConfigProbe },
	after: ["config/syntax"],
	judge({ workflows, config }): Verdict<keyof typeof words> {
		if (workflows.files.length === 0) {
			return { kind: "skip", reason: "not-applicable", message: "No workflows were named." };
		}
		const broken = brokenWorkflow(workflows, "labels");
		if (broken) return broken;
		const runners = knownRunners(config, workflows);
		const without = jobsWithoutLabels(workflows.files);
		if (without.length > 0 && runners.length === 0) return verdictOf(words, without, "", [], "");
		if (runners.length === 0) return noRunners(workflows.forge);
		const jobs = workflows.files.flatMap((file) => file.jobs);
		const known = jobs.filter((job) => job.wants.length > 0).length;
		const unknown = jobs.filter((job) => job.unknown).length;
		if (known === 0 && without.length === 0)
			return { kind: "skip", reason: "not-applicable", message: nothingToJudge(unknown) };
		const problems = [...unservedJobs(workflows.files, runners), ...without];
		const seen = [...jobsIn(workflows.files), ...labelsOfRunners(runners)];
		return verdictOf(words, problems, jobsServed(known, unknown), seen, nothingToJudge(unknown));
	},
});

function labelsOfRunners(runners: readonly KnownRunner[]): readonly Evidence[] {
	return runners.slice(0, 20).map(({ name, labels }) => {
		const shown = labels.slice(0, 10).join(", ");
		return { source: `runner ${name}`, text: `labels ${shown}${labels.length > 10 ? ", …" : ""}` };
	});
}

/** Nothing tells which labels there are: neither pass nor failure. */
function noRunners(forge: ForgeAnswer | undefined): Verdict<never> {
	if (!forge) return { kind: "skip", reason: "not-applicable", message: noLabelsKnown };
	const evidence = forge.refused.map(({ scope, why }) => ({ source: `runners of the ${scope}`, text: why }));
	const observed = forge.scopes.length > 0 ? "no runner" : "no list of runners";
	return undecided(unknowns, "no-runners", { scopes: forge.scopes }, { observed, evidence });
}

/** A runner as far as labels go: from a configuration, from a registration, or from the forge. */
export interface KnownRunner {
	readonly name: string;
	readonly labels: readonly string[];
	/** `undefined`: it is known from a file. */
	readonly online?: boolean;
}

export function knownRunners(config: RunnerConfigFacts, workflows: WorkflowFacts): readonly KnownRunner[] {
	const ofFiles = setupsOf(config).flatMap((setup): KnownRunner[] => {
		const labels = labelTextsOf(setup).map(({ text }) => labelName(text.text, setup.system));
		const name = setup.config?.path ?? setup.registration?.path ?? "";
		return labels.length === 0 ? [] : [{ name, labels }];
	});
	const ofForge = (workflows.forge?.runners ?? []).map((runner): KnownRunner => {
		return { name: runner.name, labels: runner.labels, online: runner.online && !runner.disabled };
	});
	return [...ofFiles, ...ofForge];
}

function labelName(text: string, system: RunnerSystem): string {
	const parsed = parseLabel(text, system);
	// The name of a label with an unknown scheme is its whole text.
	return parsed.kind === "label" ? parsed.label.name : text;
}

/** Every job that names no label and calls no workflow. */
export function jobsWithoutLabels(files: readonly WorkflowFile[]): readonly Problem[] {
	return files.flatMap((file) =>
		file.jobs.flatMap((job) => {
			if (!job.withoutRunsOn) return [];
			const seen = { job: job.id, meant: job.withoutRunsOn.meant };
			return [
				finding(words, "missing", seen, { location: placeIn(file.path, job), observed: "no `runs-on`", evidence: [] }),
			];
		}),
	);
}

/** Every `runs-on` that no runner serves. One runner must have all labels of a job. */
export function unservedJobs(files: readonly WorkflowFile[], runners: readonly KnownRunner[]): readonly Problem[] {
	const labels = [...new Set(runners.flatMap((runner) => runner.labels))].sort();
	return files.flatMap((file) =>
		file.jobs.flatMap((job) => {
			const found = job.wants.flatMap((want) => judgeWant(file, job, want, runners, labels));
			// Two values of a matrix that lack the same label are one problem.
			const places = found.map(({ location }) => `${location?.line}:${location?.column}`);
			return found.filter((_, index) => places.indexOf(places[index] ?? "") === index);
		}),
	);
}

function judgeWant(
	file: WorkflowFile,
	job: WorkflowJob,
	want: readonly WantedLabel[],
	runners: readonly KnownRunner[],
	known: readonly string[],
): readonly Problem[] {
	const missing = want.filter(({ text }) => !known.includes(text));
	if (missing.length > 0) return missing.map((label) => missingLabel(file, job, label, known));
	const [first] = want;
	if (!first) return [];
	const labels = want.map(({ text }) => text);
	const serving = runners.filter((runner) => labels.every((label) => runner.labels.includes(label)));
	if (serving.length === 0) {
		const details = detailsOf(file, first, "no runner with all of them");
		return [finding(words, "no-runner-with-label", { job: job.id, labels, known }, details)];
	}
	if (serving.some((runner) => runner.online !== false)) return [];
	const seen = { job: job.id, labels, runners: serving.map(({ name }) => name) };
	return [finding(words, "all-offline", seen, detailsOf(file, first, "offline or disabled"))];
}

function missingLabel(file: WorkflowFile, job: WorkflowJob, label: WantedLabel, known: readonly string[]): Problem {
	const details = detailsOf(file, label, `\`${label.text}\``);
	const meant = likeliest(label.text, known);
	if (meant === undefined) {
		return finding(words, "no-runner-with-label", { job: job.id, labels: [label.text], known }, details);
	}
	const seen = { job: job.id, label: label.text, meant, file: file.path, line: label.line };
	return finding(words, "near-miss", seen, details);
}

/**
 * The label that a misspelled one means. One with more words is another label: `builder-gpu` is not a typo of `builder`. So is
 * one with another number, `ubuntu-24.04` for `ubuntu-22.04`, or with another word: `cpu` for `gpu`, `linux-arm64` for `linux-amd64`.
 */
function likeliest(text: string, labels: readonly string[]): string | undefined {
	const lower = text.toLowerCase();
	const hasMoreWords = (long: string, short: string): boolean =>
		long.startsWith(`${short}-`) || long.endsWith(`-${short}`);
	const withoutNumbers = (label: string): string => label.replace(/[\d.]+/g, "");
	const similar = labels.filter((label) => {
		const known = label.toLowerCase();
		if (withoutNumbers(known) === withoutNumbers(lower)) return false;
		return !hasMoreWords(lower, known) && !hasMoreWords(known, lower) && !hasOtherWord(lower, known);
	});
	return labels.find((known) => known.toLowerCase() === lower) ?? nearest(text, similar);
}

/** Is a word of one label another one, rather than a misspelled one, at the same place of the other label? */
function hasOtherWord(label: string, known: string): boolean {
	const words = label.split(/[-_.]/);
	const others = known.split(/[-_.]/);
	if (words.length !== others.length) return false;
	return words.some((word, at) => {
		const other = others[at] ?? "";
		const length = Math.max(word.length, other.length);
		const isMixedUp = [...word].sort().join("") === [...other].sort().join("");
		return !isMixedUp && editDistance(word, other) > (length < 4 ? 0 : length < 6 ? 1 : 2);
	});
}

function detailsOf(file: WorkflowFile, label: WantedLabel, observed: string): Details {
	return at(placeIn(file.path, label), observed);
}
