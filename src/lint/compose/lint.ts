import type { KnownRunner } from "../../checks/workflow/runs-on.ts";
import { type LintResult, lintResults } from "../lint.ts";
import { labelPowers } from "../posture/powers.ts";
import type { Context } from "../rule.ts";
import type { ComposeFile } from "./read.ts";
import { composeRules } from "./rules.ts";

/** Every problem of the runners in compose files, in the order of the files and of their lines. */
export function lintCompose(files: readonly ComposeFile[], context: Context): readonly LintResult[] {
	return files.flatMap(({ path, runners }) => {
		const found = runners.flatMap((runner) =>
			composeRules.flatMap((rule) => lintResults(rule, rule.find(runner, context))),
		);
		const rank = ({ location }: LintResult): number =>
			location?.file === path ? (location.line ?? 0) : Number.MAX_SAFE_INTEGER;
		return found.sort((a, b) => rank(a) - rank(b));
	});
}

/** The runners of compose files as far as labels go, for the workflows that ask for them. */
export function composeRunners(files: readonly ComposeFile[]): readonly KnownRunner[] {
	return labelPowers({ files: [] }, files).map(({ label, file }) => ({ name: file, labels: [label] }));
}
