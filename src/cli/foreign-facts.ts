import * as v from "valibot";
import type { Check, Verdict } from "../checks/check.ts";
import { code, listed, titleWith } from "../checks/text.ts";
import { undecidedOf, unknown } from "../checks/words.ts";
import { messageOf } from "../message-of.ts";
import type { Mistake } from "../mistake.ts";
import type { Report } from "../report/report.ts";
import { reportSchema } from "../report/schema.ts";
import { mistakeOf } from "./mistake-of.ts";

/**
 * A check for facts that come from a file, where anything may stand. What is not of the form that the check reads leaves this
 * one check undecided: no part of it gets into a result, where renderers expect text.
 */
export function forForeignFacts(check: Check): Check {
	return {
		...check,
		judge(facts, policy, moment) {
			const strange = Object.entries(facts).find(
				([key, value]) => typeof value !== "object" || (hasNull(value) && !mayBeNull(check, key, value)),
			);
			if (strange) return unreadable(check.id, [check.needs[strange[0]]?.name ?? strange[0]]);
			const names = Object.values(check.needs).map((probe) => probe.name);
			try {
				const verdict = check.judge(facts, policy, moment);
				return isResult(verdict) && !lacksValue(verdict, facts) ? verdict : unreadable(check.id, names);
			} catch (error) {
				// Facts of a run have the form that the check reads. These were edited, or another version wrote them.
				return unreadable(check.id, names, messageOf(error));
			}
		},
	};
}

const otherForm = unknown<{ readonly id: string; readonly names: readonly string[] }>({
	title: "Facts of the report have another form",
	headline: ({ id }) => titleWith("Unusable facts for ", id),
	why: "The report comes from another version of runner-check, or was edited. What it says about this runner is unknown.",
	expected: "facts in the form that this version writes",
	tell: ({ names }) => ({
		what: `The facts ${listed(names.map(code))} of this report have another form than this check reads.`,
		fix: {
			text: "Run this version of runner-check on the runner again, or replay the report with the version that wrote it: `generator` in the report names it. If this version wrote it, and nobody edited it, please report the bug.",
			kind: "workflow",
		},
	}),
});

function unreadable(id: string, names: readonly string[], error?: string): Verdict {
	const crash = error === undefined ? [] : [{ source: id, text: error }];
	const evidence = [...names.map((name) => ({ source: "facts", text: name })), ...crash];
	return undecidedOf(otherForm, { id, names }, { observed: error ?? "another form", evidence });
}

const resultSchema = reportSchema.entries.results.item;

/** Would a result with the words of this verdict be one of the published format, and say all that it owes? */
function isResult(verdict: Verdict): boolean {
	const level = verdict.kind === "finding" ? verdict.level : undefined;
	const rest = { id: "a/check", title: "", docs: "", duration_ms: 0, evidence: [] };
	if (!v.is(resultSchema, { ...rest, ...verdict, status: level ?? "pass" })) return false;
	if (verdict.kind !== "finding" && verdict.kind !== "undecided") return true;
	const { message, why, expected, observed, remedy } = verdict;
	return [message, why, expected, observed, remedy.text].every((text) => text !== "");
}

/** No probe writes `null`. JSON has it in place of NaN. */
function hasNull(value: unknown): boolean {
	if (typeof value !== "object") return false;
	return value === null || Object.values(value).some(hasNull);
}

/** `null` stands for what a probe did not look at. */
function mayBeNull({ needs }: Check, key: string, value: unknown): boolean {
	return value === null && needs[key]?.unnamed === null;
}

/** What a value that is not there leaves in a sentence. */
const traces = /\b(?:undefined|NaN)\b|\[object Object\]/;

/** Does a pass tell of something that the facts do not have? If a tool printed such a word, the facts have it too. */
function lacksValue(verdict: Verdict, facts: unknown): boolean {
	if (verdict.kind !== "pass") return false;
	const told = [verdict.message, ...verdict.evidence.flatMap(({ source, text }) => [source, text])];
	return told.some((text) => traces.test(text)) && !traces.test(JSON.stringify(facts));
}

/** What the head of a report that was judged again got from facts of another form; `undefined` where all is well. */
export function mistakeInHead(name: string, { runner, job }: Report): Mistake | undefined {
	const outcome = v.safeParse(headSchema, { runner, job });
	if (outcome.success) return undefined;
	return mistakeOf(outcome.issues[0], (path) => `${name}, facts that tell ${path}`);
}

const headSchema = v.object({ runner: reportSchema.entries.runner, job: reportSchema.entries.job });
