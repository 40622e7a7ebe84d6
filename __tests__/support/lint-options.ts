import type { LintOptions } from "../../src/lint/lint-command.ts";

/** Options of `runner-check lint` in a plain terminal. */
export function lintOptions(options: Pick<LintOptions, "files"> & Partial<LintOptions>): LintOptions {
	return {
		format: "text",
		failOn: "fail",
		color: false,
		unicode: true,
		annotate: false,
		width: 100,
		signal: new AbortController().signal,
		...options,
	};
}
