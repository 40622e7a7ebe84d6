import type { WorkflowFacts, WorkflowFile } from "../../lint/read/workflow-facts.ts";
import { placeText } from "../../lint/rule.ts";
import { count } from "../../lint/setup/subjects.ts";
import type { Evidence, Remedy, Undecided } from "../check.ts";
import { lookAt, moreTime } from "../find-out.ts";
import { code, cut, shortTitle } from "../text.ts";
import { undecidedOf, unknown } from "../words.ts";

interface Broken {
	/** What the check looks for in it: "labels". */
	readonly lookedFor: "labels" | "secrets";
	readonly path: string;
	readonly line: number;
	readonly message: string;
	readonly unread: WorkflowFile["unread"];
}

const unreadable = unknown<Broken>({
	title: "A workflow cannot be read",
	headline: ({ lookedFor, path }) =>
		shortTitle(
			`The ${lookedFor} of ${code(cut(path.slice(path.lastIndexOf("/") + 1), 26))} are unknown`,
			"A workflow cannot be read",
		),
	why: ({ lookedFor }) =>
		lookedFor === "labels"
			? "If one of its jobs asks for a label that no runner has, it waits without a message."
			: "If one of its jobs has the Docker socket and secrets, a pull request can take both.",
	expected: "a workflow in YAML",
	tell: ({ path, line, message, unread }) => ({
		what: `${code(path)} ${unread ? "was not read" : "cannot be read"}: ${message}.`,
		fix: unread ? fewer(unread) : errnoIn(message) ? lookAt(path, errnoIn(message)) : correct(path, line),
	}),
});

function correct(path: string, line: number): Remedy {
	return { text: `Correct ${code(path)} at line ${line}, then check it again with \`lint\`.`, kind: "workflow" };
}

function fewer(unread: NonNullable<WorkflowFile["unread"]>): Remedy {
	if (unread === "no-match") {
		return {
			text: "Correct the pattern in the input `workflows`. It is relative to the workspace, which holds the files only after checkout.",
			commands: ["ls -l .gitea/workflows .github/workflows"],
			kind: "workflow",
		};
	}
	const text = "Name fewer files in the input `workflows`, such as those that this repository's runners serve.";
	return { text, kind: "workflow", ...(unread === "late" && { otherwise: moreTime() }) };
}

/** `EACCES` of `permission denied (EACCES)`; empty if the file was read. */
function errnoIn(message: string): string {
	return /\((E[A-Z]+)\)$/.exec(message)?.[1] ?? "";
}

/** A workflow that cannot be read: what it asks for is unknown. */
export function brokenWorkflow({ files }: WorkflowFacts, lookedFor: Broken["lookedFor"]): Undecided | undefined {
	const broken = files.flatMap(({ path, problem, unread }) => (problem ? [{ path, problem, unread }] : []));
	const [first] = broken;
	if (!first) return undefined;
	const { path, problem, unread } = first;
	const { line, column, message } = problem;
	const evidence = broken.map(({ path: file, problem: one }) => ({
		source: placeText({ file, line: one.line, column: one.column }),
		text: one.message,
	}));
	const location = { file: path, line, column };
	return undecidedOf(unreadable, { lookedFor, path, line, message, unread }, { observed: message, evidence, location });
}

/** How many files a pass lists. */
const maxListed = 20;

/** What was seen of the workflows that were read: their events and the number of their jobs. */
export function jobsIn(files: readonly WorkflowFile[]): readonly Evidence[] {
	const seen = files.flatMap(({ path, jobs, events }) =>
		jobs.length === 0
			? []
			: [{ source: path, text: `${count(jobs.length, "job")}, on ${events.slice(0, 10).join(", ") || "no event"}` }],
	);
	const more = seen.length - maxListed;
	return [...seen.slice(0, maxListed), ...(more > 0 ? [{ source: "workflows", text: `and ${more} more` }] : [])];
}
