import type { Check, Finding, Location, Undecided } from "../checks/check.ts";
import type { Details } from "../checks/words.ts";
import { holdsFor, type KnowledgeId, runnerKnowledge, versionsOf } from "../knowledge/runner-versions.ts";
import type { Position } from "./read/tree.ts";
import type { Setup } from "./setup/setup.ts";
import type { Subject } from "./setup/subjects.ts";

/** What the judge of a configuration knows apart from the files. */
export interface Context {
	/** Version of Gitea's runner; `undefined` if it is unknown, and for Forgejo's runner. */
	readonly version?: string;
	/** The policy requires Docker in jobs. */
	readonly dockerRequired?: boolean;
}

/**
 * A check that can find many problems in the files of one runner. The lint reports all of them; in a report, `configCheck`
 * makes one result of them.
 */
export interface Rule<R extends string = string> extends Pick<Check<R>, "id" | "title" | "intro" | "reasons"> {
	/** What it judges. Without any of it there is no pass. */
	readonly subject: Subject;
	/** The verdict if there are files and nothing of `subject`. Default: not applicable. */
	nothingIn?(paths: readonly string[]): Undecided;
	/** What is so if there is no problem: "every label is valid". */
	readonly fine: string;
	/**
	 * Id of the check whose finding has to be fixed before this one can judge all it should. What follows from that finding is
	 * not a problem of its own, and a report shows no pass.
	 */
	waitsFor?(setup: Setup, context: Context): string | undefined;
	/** Every problem of this kind, each with a `location`. */
	find(setup: Setup, context: Context): readonly Finding<NoInfer<R>>[];
}

/** Types a rule: its reasons are inferred, and lists hold the plain `Rule`. */
export function defineRule<const R extends string>(rule: Rule<R>): Rule {
	return rule as unknown as Rule;
}

/** A place in a file. */
export function placeIn(file: string, { line, column }: Position): Location {
	return { file, line, column };
}

/** The details of a problem. Its place is all the evidence there is. */
export function at(location: Location, observed: string, level?: "fail" | "warn"): Details {
	return { location, observed, evidence: [], ...(level && { level }) };
}

/** `config.yaml:12:5` */
export function placeText({ file, line, column }: Location): string {
	return [file, line, column].filter((part) => part !== undefined).join(":");
}

/** Something that is known of the runner's releases and applies here, or may apply. */
export interface Applies {
	/** The releases that it applies to, if this runner's release is unknown: "3.0.0 to 3.3.0". */
	readonly versions?: string;
}

/** Does something that is known of the runner's releases apply here? `undefined`: it does not. */
export function applies(id: KnowledgeId, setup: Setup, context: Context): Applies | undefined {
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

/** The sentence that limits a finding to some releases, to be appended to its `why`; empty if there is no limit. */
export function onlyIn(versions: string | undefined): string {
	return versions === undefined ? "" : ` This applies to runners ${versions}.`;
}
