import type { Reason, Remedy } from "../checks/check.ts";
import { holdsFor, type KnowledgeId, runnerKnowledge, versionsOf } from "../knowledge/runner-versions.ts";
import type { Setup } from "./setup.ts";

/** What the judge of a configuration may know besides the files. */
export interface Context {
	/** Version of Gitea's runner; `undefined` where it is not known, and for Forgejo's runner. */
	readonly version?: string;
	/** Jobs need Docker: the policy asks for it. */
	readonly dockerRequired?: boolean;
}

/** One mistake, as a rule finds it. Texts as in a verdict: backquotes mark code. */
export interface Found<R extends string = string> {
	readonly reason: R;
	readonly file: string;
	readonly line?: number;
	readonly column?: number;
	/** What is wrong. */
	readonly message: string;
	/** What it does to jobs. */
	readonly why: string;
	readonly expected: string;
	readonly found: string;
	readonly remedy: Remedy;
	/** Where the case makes it milder or graver than the reason's default. */
	readonly level?: "warn" | "fail";
	/** Releases of the runner for which it holds: said where the runner's version is not known and decides. */
	readonly versions?: string;
}

/** One check of the configuration: everything there is to know of it, used by the lint and by the engine's check alike. */
export interface Rule<R extends string = string> {
	readonly id: string;
	readonly title: string;
	readonly reasons: Readonly<Record<R, Reason>>;
	/** What to say when nothing is wrong. */
	readonly fine: string;
	/** Every mistake of this kind, gravest first where one file position has several. */
	find(setup: Setup, context: Context): readonly Found<R>[];
}

/** Types a rule: its reasons are inferred, and what lists hold is the plain `Rule`. */
export function defineRule<const R extends string>(rule: Rule<R>): Rule {
	return rule as unknown as Rule;
}

/**
 * Does something that is known of the runner's versions hold here? `undefined`: it does not. Otherwise with the
 * versions to name in the finding, where the runner's own is not known.
 */
export function whereItHolds(
	id: KnowledgeId,
	setup: Setup,
	context: Context,
): { readonly versions?: string } | undefined {
	if (setup.system === "forgejo") return undefined;
	const entry = runnerKnowledge(id);
	switch (holdsFor(entry, context.version)) {
		case "no":
			return undefined;
		case "unknown":
			return { versions: versionsOf(entry) };
		case "yes":
			return {};
	}
}
