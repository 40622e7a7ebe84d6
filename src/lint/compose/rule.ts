import type { Check, Finding } from "../../checks/check.ts";
import type { Context } from "../rule.ts";
import type { RunnerService } from "./runner.ts";

/** A check of a service that runs a runner. Only the lint has them: no job sees the file that its runner was started with. */
export interface ComposeRule<R extends string = string> extends Pick<Check<R>, "id" | "title" | "intro" | "reasons"> {
	/** Every problem of this kind, each with a `location`. */
	find(runner: RunnerService, context: Context): readonly Finding<NoInfer<R>>[];
}

/** Types a rule: its reasons are inferred, and lists hold the plain `ComposeRule`. */
export function defineComposeRule<const R extends string>(rule: ComposeRule<R>): ComposeRule {
	return rule as unknown as ComposeRule;
}

/** The release that decides: the one that was named, else that of the image's tag. */
export function releaseOf(runner: RunnerService, context: Context): string | undefined {
	return runner.system === "gitea" ? (context.version ?? runner.version) : undefined;
}
