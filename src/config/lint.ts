import type { RunnerConfigFacts } from "./facts.ts";
import type { Context, Found, Rule } from "./rule.ts";
import { cache } from "./rules/cache.ts";
import { capacity } from "./rules/capacity.ts";
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
import { type Setup, setupsOf } from "./setup.ts";

/** Every rule of the runner's configuration, in the order of the report. */
export const configRules: readonly Rule[] = [
	syntax,
	unknownKey,
	type,
	label,
	options,
	dockerHost,
	privileged,
	gpuLabel,
	cache,
	toolCache,
	capacity,
	registration,
	service,
];

/** One mistake of a file, with everything that a person or a program needs to mend it. */
export interface Mistake extends Omit<Found, "level"> {
	/** `config/label` */
	readonly id: string;
	readonly level: "warn" | "fail";
}

/** Every mistake in the files, in the order of the files and of their lines. */
export function lintFiles(facts: RunnerConfigFacts, context: Context): readonly Mistake[] {
	const order = new Map(facts.files.map((file, index) => [file.path, index]));
	const mistakes = setupsOf(facts).flatMap((setup) => configRules.flatMap((rule) => mistakesOf(rule, setup, context)));
	return mistakes.sort(
		(a, b) =>
			(order.get(a.file) ?? order.size) - (order.get(b.file) ?? order.size) ||
			(a.line ?? 0) - (b.line ?? 0) ||
			(a.column ?? 0) - (b.column ?? 0),
	);
}

/** What one rule finds in one runner's files, with the level that its reasons have by default. */
export function mistakesOf(rule: Rule, setup: Setup, context: Context): readonly Mistake[] {
	return rule.find(setup, context).map((found) => {
		const level = found.level ?? (rule.reasons[found.reason]?.level === "warn" ? "warn" : "fail");
		return { ...found, id: rule.id, level };
	});
}
