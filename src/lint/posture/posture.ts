import type { WorkflowFile, WorkflowJob } from "../read/workflow-facts.ts";
import type { LabelPowers, Power } from "./powers.ts";
import { mayRun, type OpenTrigger, openTriggers, type StrangerEvent, secretsFor, strangerEvents } from "./strangers.ts";

/** One way of a stranger to a runner: an event, the job that it starts, a label that the job reaches, and what that gives. */
export interface PostureRow {
	readonly event: StrangerEvent;
	/** The workflow, and the line that opens it: the event in `on`. */
	readonly file: string;
	readonly line: number;
	readonly column: number;
	/** `build`, or `call / build` in a workflow that is called. */
	readonly job: string;
	/** `undefined`: only a run knows it. */
	readonly label: string | undefined;
	/** Where the label is written. */
	readonly labelAt: { readonly file: string; readonly line: number; readonly column: number };
	/** What the label gives; `undefined`: no linted file has it. */
	readonly powers: readonly Power[] | undefined;
	/** Whose code runs. */
	readonly code: "theirs" | "base";
	/** Secrets that the job uses. */
	readonly secrets: readonly string[];
	/** `default`: no `permissions`, so the forge decides; it writes, unless the forge is set up otherwise. */
	readonly token: "read" | "write" | "default";
	readonly environment?: string;
	/** The job has a condition, which lets strangers in. */
	readonly hasCondition: boolean;
}

export interface Posture {
	readonly rows: readonly PostureRow[];
	/** Jobs of events that strangers cause, which their conditions keep them out of: `file: job`. */
	readonly closed: readonly string[];
}

/** Every way of a stranger to a runner. A stranger is anyone without write access to the repository. */
export function postureOf(files: readonly WorkflowFile[], labels: readonly LabelPowers[]): Posture {
	const known = new Map(labels.map((one) => [one.label, one.powers]));
	const everything = [...new Set(labels.flatMap(({ powers }) => powers))];
	const rows: PostureRow[] = [];
	const closed = new Set<string>();
	for (const file of files) {
		for (const trigger of openTriggers(file)) {
			for (const job of file.jobs) {
				if (!mayRun(file, job, trigger)) closed.add(`${file.path}: ${job.id}`);
				else
					for (const place of placesOf(files, file, job, trigger))
						for (const row of rowsOf(place, file, trigger, known, everything)) rows.push(row);
			}
		}
	}
	const open = new Set(rows.map(({ file, job }) => `${file}: ${job}`));
	return { rows, closed: [...closed].filter((job) => !open.has(job)) };
}

/** A job, or one of a workflow that is called, with what it gets from its caller. */
interface Place {
	readonly file: WorkflowFile;
	readonly job: WorkflowJob;
	readonly name: string;
	readonly secrets: readonly string[];
}

function placesOf(
	files: readonly WorkflowFile[],
	file: WorkflowFile,
	job: WorkflowJob,
	trigger: OpenTrigger,
): readonly Place[] {
	const secrets = secretsFor(job, trigger);
	if (job.uses === undefined) return [{ file, job, name: job.id, secrets }];
	const path = job.uses.replace(/^\.\//, "").replace(/@.*$/, "");
	const called = files.find((other) => other !== file && (other.path === path || other.path.endsWith(`/${path}`)));
	// A workflow that is not among the files, or calls others: strangers reach it, and its labels are unknown.
	if (!called) return [{ file, job, name: job.id, secrets }];
	return called.jobs
		.filter((inner) => mayRun(called, inner, trigger))
		.map((inner) => {
			const wanted = secretsFor(inner, trigger);
			// Without `secrets`, a called workflow gets none.
			const given = secrets.includes("inherit") ? wanted : secrets.length > 0 ? wanted.slice(0, secrets.length) : [];
			return { file: called, job: inner, name: `${job.id} / ${inner.id}`, secrets: given };
		});
}

function rowsOf(
	{ file: at, job, name, secrets }: Place,
	file: WorkflowFile,
	trigger: OpenTrigger,
	known: ReadonlyMap<string, readonly Power[]>,
	everything: readonly Power[],
): readonly PostureRow[] {
	const { event, line, column } = trigger;
	const common = {
		event,
		file: file.path,
		line,
		column,
		job: name,
		code: strangerEvents[event].code,
		secrets,
		// The token of a fork's pull request can only read.
		token: strangerEvents[event].secrets ? (job.token ?? ("default" as const)) : ("read" as const),
		...(job.environment !== undefined && { environment: job.environment }),
		hasCondition: job.condition !== undefined,
	};
	const here = { file: at.path, line: job.line, column: job.column };
	if (job.withoutRunsOn) return [{ ...common, label: "any runner", labelAt: here, powers: everything }];
	const wanted = new Map(job.wants.flat().map((label) => [label.text, label]));
	if (wanted.size === 0) return [{ ...common, label: undefined, labelAt: here, powers: undefined }];
	return [...wanted.values()].map((label) => ({
		...common,
		label: label.text,
		labelAt: { file: at.path, line: label.line, column: label.column },
		powers: known.get(label.text),
	}));
}
