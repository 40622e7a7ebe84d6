import * as v from "valibot";
import type { Check, Verdict } from "../checks/check.ts";
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
			const strange = Object.entries(facts).find(([, value]) => typeof value !== "object" || value === null);
			if (strange) return unreadable(check.needs[strange[0]]?.name ?? strange[0]);
			const verdict = check.judge(facts, policy, moment);
			const names = Object.values(check.needs).map((probe) => probe.name);
			return isResult(verdict) ? verdict : unreadable(...names);
		},
	};
}

function unreadable(...names: readonly string[]): Verdict {
	const listed = names.map((name) => `\`${name}\``).join(", ");
	return { kind: "undecided", message: `The facts ${listed} of this report have another form than this check reads.` };
}

const resultSchema = reportSchema.entries.results.item;

/** Would a result with the words of this verdict be one of the published format? */
function isResult(verdict: Verdict): boolean {
	const level = verdict.kind === "finding" ? verdict.level : undefined;
	const rest = { id: "a/check", title: "", docs: "", duration_ms: 0, evidence: [] };
	return v.is(resultSchema, { ...rest, ...verdict, status: level ?? "pass" });
}

/** What the head of a report that was judged again got from facts of another form; `undefined` where all is well. */
export function mistakeInHead(name: string, { runner, job }: Report): Mistake | undefined {
	const outcome = v.safeParse(headSchema, { runner, job });
	if (outcome.success) return undefined;
	return mistakeOf(outcome.issues[0], (path) => `${name}, facts that tell ${path}`);
}

const headSchema = v.object({ runner: reportSchema.entries.runner, job: reportSchema.entries.job });
