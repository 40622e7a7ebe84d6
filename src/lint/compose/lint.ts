import type { Result } from "../../report/report.ts";
import { lintResults } from "../lint.ts";
import type { Context } from "../rule.ts";
import type { ComposeFile } from "./read.ts";
import { composeRules } from "./rules.ts";

/** Every problem of the runners in compose files, in the order of the files and of their lines. */
export function lintCompose(files: readonly ComposeFile[], context: Context): readonly Result[] {
	return files.flatMap(({ path, runners }) => {
		const found = runners.flatMap((runner) =>
			composeRules.flatMap((rule) => lintResults(rule, rule.find(runner, context))),
		);
		const rank = ({ location }: Result): number =>
			location?.file === path ? (location.line ?? 0) : Number.MAX_SAFE_INTEGER;
		return found.sort((a, b) => rank(a) - rank(b));
	});
}
