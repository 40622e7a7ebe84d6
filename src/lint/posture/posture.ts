import type { WorkflowFile, WorkflowJob } from "../read/workflow-facts.ts";
import type { LabelPowers, Power } from "./powers.ts";
import {
	jobsThatRun,
	type OpenTrigger,
	openTriggers,
	type StrangerEvent,
	secretsFor,
	strangerEvents,
} from "./strangers.ts";

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
	/** The job has a condition, which lets strangers in. `label`: it asks for a label, which stays when new commits are pushed. */
	readonly condition: JobCondition;
}

type JobCondition = "none" | "label" | "other";

export interface Posture {
	/** The most dangerous first. */
	readonly rows: readonly PostureRow[];
	/** Jobs of events that strangers cause, which their conditions keep them out of: `file: job`. */
	readonly closed: readonly string[];
	/** There are more rows: nobody reads so many, and hostile workflows could have any number. */
	readonly isCut: boolean;
}

const maxRows = 5000;
/** Jobs that are looked at, most of them in workflows that are called again and again. */
const maxPlaces = 20_000;

/** Every way of a stranger to a runner. A stranger is anyone without write access to the repository. */
export function postureOf(files: readonly WorkflowFile[], labels: readonly LabelPowers[]): Posture {
	const known = new Map(labels.map((one) => [one.label, one.powers]));
	const everything = [...new Set(labels.flatMap(({ powers }) => powers))];
	const rows: PostureRow[] = [];
	const closed = new Set<string>();
	let left = maxPlaces;
	for (const file of files) {
		for (const trigger of openTriggers(file)) {
			const jobsOf = jobsFor(trigger);
			const running = new Set(jobsOf(file));
			for (const { id } of file.jobs.filter((job) => !running.has(job))) closed.add(`${file.path}: ${id}`);
			for (const place of placesOf(files, file, trigger, jobsOf, theForge)) {
				if (--left < 0 || rows.length >= maxRows) break;
				if (place.kind === "end") for (const row of rowsOf(place, file, trigger, known, everything)) rows.push(row);
			}
		}
	}
	const open = new Set(rows.map(({ file, job }) => `${file}: ${job}`));
	return {
		rows: rows.slice(0, maxRows).sort((a, b) => danger(b) - danger(a)),
		closed: [...closed].filter((job) => !open.has(job)),
		isCut: left < 0 || rows.length >= maxRows,
	};
}

/** The worst comes first: the machine, then secrets, then a token that writes. */
function danger({ powers, secrets, token }: PostureRow): number {
	return (
		(powers === undefined || powers.length > 0 ? 4 : 0) + (secrets.length > 0 ? 2 : 0) + (token === "read" ? 0 : 1)
	);
}

type JobsOf = (file: WorkflowFile) => readonly WorkflowJob[];

/** The jobs of each file that run for an event. One may be called many times. */
function jobsFor(trigger: OpenTrigger): JobsOf {
	const known = new Map<WorkflowFile, readonly WorkflowJob[]>();
	return (file) => {
		const jobs = known.get(file) ?? jobsThatRun(file, trigger);
		known.set(file, jobs);
		return jobs;
	};
}

/** A job, or one of a workflow that is called, with what it gets from its caller. */
interface Place {
	/** `call`: it calls a workflow, whose jobs follow. */
	readonly kind: "end" | "call";
	readonly file: WorkflowFile;
	readonly job: WorkflowJob;
	readonly name: string;
	readonly secrets: readonly string[];
	readonly token: PostureRow["token"];
	readonly condition: JobCondition;
}

/** What a workflow gets from who started it. */
interface Caller {
	/** `call / ` */
	readonly prefix: string;
	/** The secrets of the repository behind names that the workflow uses. */
	readonly given: (names: readonly string[]) => readonly string[];
	readonly token: PostureRow["token"];
	readonly condition: JobCondition;
	/** Workflows on the way here. */
	readonly above: readonly WorkflowFile[];
}

const theForge: Caller = { prefix: "", given: (names) => names, token: "default", condition: "none", above: [] };

/** How deep workflows call each other. GitHub allows ten levels. */
const maxCalls = 10;

function* placesOf(
	files: readonly WorkflowFile[],
	file: WorkflowFile,
	trigger: OpenTrigger,
	jobsOf: JobsOf,
	caller: Caller,
): Generator<Place> {
	const above = [...caller.above, file];
	for (const job of jobsOf(file)) {
		const name = caller.prefix + job.id;
		const secrets = caller.given(secretsFor(job, trigger));
		const token = caller.token === "read" ? "read" : (job.token ?? caller.token);
		const condition = conditionOf(job) ?? caller.condition;
		const called = calledBy(job, files);
		// A workflow that is not among the files: strangers reach it, and its labels are unknown.
		const isEnd = !called || above.includes(called) || above.length > maxCalls;
		yield { kind: isEnd ? "end" : "call", file, job, name, secrets, token, condition };
		if (isEnd) continue;
		const given = (names: readonly string[]): readonly string[] => caller.given(passedTo(job, names));
		yield* placesOf(files, called, trigger, jobsOf, { prefix: `${name} / `, given, token, condition, above });
	}
}

function conditionOf({ condition }: WorkflowJob): JobCondition | undefined {
	if (condition === undefined) return undefined;
	return /\bpull_request\.labels\b/i.test(condition) ? "label" : "other";
}

function calledBy({ uses }: WorkflowJob, files: readonly WorkflowFile[]): WorkflowFile | undefined {
	const path = uses?.replace(/^\.\//, "").replace(/@.*$/, "");
	return path === undefined ? undefined : files.find((file) => file.path === path || file.path.endsWith(`/${path}`));
}

/** The secrets of the caller behind the names that a called workflow uses. Without `secrets`, it gets none. */
function passedTo({ secrets, passes }: WorkflowJob, names: readonly string[]): readonly string[] {
	if (secrets.includes("inherit")) return names;
	if (names.length === 0) return [];
	// Reports of earlier versions do not say which.
	if (!passes) return secrets;
	const isWanted = (name: string): boolean =>
		names.some((wanted) => wanted === "inherit" || wanted.toLowerCase() === name.toLowerCase());
	return [...new Set(passes.filter(({ name }) => isWanted(name)).flatMap(({ secrets: behind }) => behind))];
}

function rowsOf(
	{ file: at, job, name, secrets, token, condition }: Place,
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
		token: strangerEvents[event].secrets ? token : ("read" as const),
		...(job.environment !== undefined && { environment: job.environment }),
		condition,
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
