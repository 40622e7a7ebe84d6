import type { Check, Edit, Finding } from "../checks/check.ts";
import { cut } from "../checks/text.ts";
import { findingResult } from "../engine.ts";
import type { Result } from "../report/report.ts";
import type { RunnerConfigFacts } from "./facts.ts";
import { type Context, placeText, type Rule } from "./rule.ts";
import { cache } from "./rules/cache.ts";
import { capacity } from "./rules/capacity.ts";
import { connection } from "./rules/connection.ts";
import { dockerHost } from "./rules/docker-host.ts";
import { gpuLabel } from "./rules/gpu-label.ts";
import { label } from "./rules/label.ts";
import { options } from "./rules/options.ts";
import { privileged } from "./rules/privileged.ts";
import { registration } from "./rules/registration.ts";
import { service } from "./rules/service.ts";
import { syntax } from "./rules/syntax.ts";
import { toolCache } from "./rules/tool-cache.ts";
import { type } from "./rules/type.ts";
import { unknownKey } from "./rules/unknown-key.ts";
import { volumes } from "./rules/volumes.ts";
import { setupsOf } from "./setup/setup.ts";

/** Every rule for the runner's configuration, in the order of the report. */
export const configRules: readonly Rule[] = [
	syntax,
	unknownKey,
	type,
	label,
	options,
	volumes,
	dockerHost,
	privileged,
	gpuLabel,
	cache,
	toolCache,
	capacity,
	connection,
	registration,
	service,
];

/** A problem, and how to fix it where that is certain. */
export interface LintResult extends Result {
	readonly edits?: readonly Edit[];
}

/** Every problem in the files, in the order of the files and of their lines. */
export function lintFiles(facts: RunnerConfigFacts, context: Context): readonly LintResult[] {
	const order = new Map(facts.files.map((file, index) => [file.path, index]));
	const rank = ({ location }: Result): number => order.get(location?.file ?? "") ?? order.size;
	const results = setupsOf(facts).flatMap((setup) =>
		configRules.flatMap((rule) => lintResults(rule, rule.find(setup, context))),
	);
	return results.sort(
		(a, b) =>
			rank(a) - rank(b) ||
			(a.location?.line ?? 0) - (b.location?.line ?? 0) ||
			(a.location?.column ?? 0) - (b.location?.column ?? 0),
	);
}

/** The same results; those that share a title have their place in it. */
export function withDistinctTitles<R extends Result>(results: readonly R[]): readonly R[] {
	const seen = new Set<string>();
	const shared = new Set<string>();
	for (const { title } of results) (seen.has(title) ? shared : seen).add(title);
	return results.map((result) => {
		const { title, location } = result;
		if (!shared.has(title) || !location) return result;
		const place = ` (${placeText(location).slice(-24)})`;
		return { ...result, title: cut(title, 60 - place.length) + place };
	});
}

/** Problems that a rule or a check found, as results of a report. */
export function lintResults(
	check: Pick<Check, "id" | "title" | "reasons">,
	problems: readonly Finding<string>[],
): readonly LintResult[] {
	return problems.map((problem) => {
		const { edits } = problem;
		return { ...findingResult(check, problem), ...(edits && { edits }) };
	});
}
