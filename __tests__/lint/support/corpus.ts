import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { casesIn } from "../../support/cases.ts";
import { isLintCase, type LintCase, readLintCase } from "../../support/lint-cases.ts";

const root = fileURLToPath(new URL("../../cases", import.meta.url));

/** Every case that consists of files to lint. */
export function readCorpus(): readonly (LintCase & { readonly name: string })[] {
	return casesIn(root)
		.filter(({ name }) => isLintCase(join(root, name)))
		.map(({ name }) => ({ name, ...readLintCase(join(root, name)) }));
}
