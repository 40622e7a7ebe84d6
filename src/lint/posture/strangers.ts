import type { WorkflowFile, WorkflowJob, WorkflowTrigger } from "../read/workflow-facts.ts";
import { type Contexts, type Known, truthOf } from "./expression.ts";

/** Events that people without any access can cause, and whose code runs then. */
export const strangerEvents = {
	/** The code of the pull request. From a fork it gets no secrets and a token that cannot write. */
	pull_request: { code: "theirs", secrets: false },
	/** The workflow of the base branch, with secrets; it may check the pull request's code out. */
	pull_request_target: { code: "base", secrets: true },
	issue_comment: { code: "base", secrets: true },
	issues: { code: "base", secrets: true },
	pull_request_comment: { code: "base", secrets: true },
	pull_request_review: { code: "theirs", secrets: false },
	pull_request_review_comment: { code: "theirs", secrets: false },
	discussion: { code: "base", secrets: true },
	discussion_comment: { code: "base", secrets: true },
	fork: { code: "base", secrets: true },
	watch: { code: "base", secrets: true },
	/** After another workflow, which may be one of a pull request. */
	workflow_run: { code: "base", secrets: true },
} as const;

export type StrangerEvent = keyof typeof strangerEvents;

/** Kinds of an event that only people with write access cause. */
const keptTypes: ReadonlySet<string> = new Set([
	"labeled",
	"unlabeled",
	"assigned",
	"unassigned",
	"milestoned",
	"demilestoned",
	"locked",
	"unlocked",
	"label_updated",
	"label_cleared",
	"assign",
	"unassign",
	"pinned",
	"unpinned",
	"transferred",
]);

/** An event of a workflow that a stranger can cause. */
export type OpenTrigger = WorkflowTrigger & { readonly event: StrangerEvent };

/** The events of a workflow that a stranger can cause. */
export function openTriggers({ triggers, events }: WorkflowFile): readonly OpenTrigger[] {
	const all: readonly WorkflowTrigger[] = triggers ?? events.map((event) => ({ event, line: 1, column: 1 }));
	return all.filter((trigger): trigger is OpenTrigger => {
		const { event, types } = trigger;
		return (
			Object.keys(strangerEvents).includes(event) &&
			!(types && types.length > 0 && types.every((type) => keptTypes.has(type)))
		);
	});
}

/** The jobs that may run for an event that a stranger caused: their conditions and those of the jobs that they need decide. */
export function jobsThatRun({ jobs }: WorkflowFile, trigger: OpenTrigger): readonly WorkflowJob[] {
	const contexts = contextsOf(trigger);
	const skipped = new Set(
		jobs.filter(({ condition = "" }) => truthOf(condition, contexts) === false).map(({ id }) => id),
	);
	/** Jobs that are skipped with one that they need. */
	const dependents = new Map<string, string[]>();
	for (const { id, needs = [], condition = "" } of jobs) {
		if (/\b(?:always|cancel+ed|failure)\s*\(/i.test(condition)) continue;
		for (const needed of needs) {
			const known = dependents.get(needed);
			if (known) known.push(id);
			else dependents.set(needed, [id]);
		}
	}
	// What is added on the way comes as well.
	for (const id of skipped) for (const dependent of dependents.get(id) ?? []) skipped.add(dependent);
	return jobs.filter(({ id }) => !skipped.has(id));
}

/** The secrets that a job uses when it runs for this event: steps may have a condition of their own. */
export function secretsFor(job: WorkflowJob, trigger: OpenTrigger): readonly string[] {
	const ofSteps = (job.conditionalSecrets ?? []).filter(
		({ condition }) => truthOf(condition, contextsOf(trigger)) !== false,
	);
	return [...new Set([...job.secrets, ...ofSteps.flatMap(({ secrets }) => secrets)])];
}

const person: Known = { kind: "own", tag: "person" };
const theirs: Known = { kind: "own", tag: "repository" };
const base: Known = { kind: "ours", tag: "repository" };
const isFalse: Known = { kind: "constant", value: false };

/** What is known of every event of a stranger. */
const ofStranger: Readonly<Record<string, Known>> = {
	"github.actor": person,
	"github.triggering_actor": person,
	"github.event.sender.login": person,
	"github.event.pull_request.user.login": person,
	"github.event.issue.user.login": person,
	"github.event.comment.user.login": person,
	"github.event.review.user.login": person,
	"github.event.pull_request.head.user.login": person,
	"github.event.pull_request.head.repo.owner.login": person,
	"github.event.pull_request.head.repo.full_name": theirs,
	"github.event.pull_request.head.repo.id": theirs,
	"github.event.pull_request.head.repo.fork": { kind: "constant", value: true },
	"github.event.workflow_run.head_repository.full_name": theirs,
	"github.event.pull_request.base.repo.full_name": base,
	"github.event.pull_request.base.repo.id": base,
	"github.repository": base,
	"github.repository_owner": { kind: "ours", tag: "owner" },
	"github.event.workflow_run.event": { kind: "among", texts: ["pull_request", "pull_request_target", "issue_comment"] },
	"github.event.repository.full_name": base,
	"github.event.repository.id": base,
	// Merging takes write access.
	"github.event.pull_request.merged": isFalse,
	"github.event.pull_request.merged_at": { kind: "constant", value: null },
	// The label that an event sets, and only people with write access do. The labels of a pull request or an issue are unknown: they
	// stay when new commits are pushed or comments are written, and a template of issues can set them.
	"github.event.label.name": person,
};

const strangersAssociations: Known = {
	kind: "among",
	texts: ["none", "contributor", "first_time_contributor", "first_timer", "mannequin"],
};

const usualPullTypes = ["opened", "synchronize", "synchronized", "reopened"];

/** The kinds of an event that start a run if `types` names none. */
const usualTypes: { readonly [E in StrangerEvent]?: readonly string[] } = {
	pull_request: usualPullTypes,
	pull_request_target: usualPullTypes,
};

/** What an event of a stranger makes of the contexts that conditions ask for. */
function contextsOf({ event, types = [] }: OpenTrigger): Contexts {
	const isPull = event === "pull_request" || event.startsWith("pull_request_review");
	const open = types.length > 0 ? types.filter((type) => !keptTypes.has(type)) : usualTypes[event];
	return (path) => {
		if (path === "github.event_name") return { kind: "constant", value: event };
		if (path.endsWith(".author_association")) return strangersAssociations;
		if (path === "github.event.action" && open) return { kind: "among", texts: open };
		if (path === "github.ref" && isPull) return { kind: "beginning", text: "refs/pull/" };
		if (path === "github.ref_type" && isPull) return { kind: "constant", value: "branch" };
		// `12/merge` or `12/head`: no name that a condition would have.
		if (path === "github.ref_name" && isPull) return { kind: "own", tag: "ref" };
		if (path === "github.event.pull_request")
			return event.startsWith("pull_request") ? person : { kind: "constant", value: null };
		return Object.getOwnPropertyDescriptor(ofStranger, path)?.value;
	};
}
