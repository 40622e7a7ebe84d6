import names from "../knowledge/lint-checks.json" with { type: "json" };
import type { Policy } from "../policy/policy.ts";
import type { Request } from "../request.ts";
import { type Check, defineCheck, type Family, type Reason } from "./check.ts";
import { expanded } from "./expanded.ts";
import { machineChecks } from "./machine-checks.ts";

interface LintCheckName {
	readonly title: string;
	readonly reasons: Readonly<Record<string, Reason>>;
}

/** The checks of files as a run reports them that names no file: nothing of the lint is loaded for it. */
const unnamedFiles = Object.entries(names.checks as unknown as Readonly<Record<string, LintCheckName>>).map(
	([id, { title, reasons }]) =>
		defineCheck({
			id,
			title,
			reasons,
			needs: {},
			judge: () => ({
				kind: "skip",
				reason: "not-applicable",
				message: id.startsWith("workflow/") ? "No workflows were named." : "No configuration of a runner was named.",
			}),
		}),
);

/** Every check, for what needs only its id, title and reasons. */
export const namedChecks: readonly (Check | Family)[] = [...machineChecks, ...unnamedFiles];

/** The checks of a run. */
export async function checksOfRun(
	policy: Policy,
	{ runnerConfig, workflows }: Pick<Request, "runnerConfig" | "workflows">,
): Promise<readonly Check[]> {
	if (runnerConfig === undefined && workflows.length === 0) return expanded(namedChecks, policy);
	const { lintChecks } = await import("../more.ts");
	return expanded([...machineChecks, ...lintChecks], policy);
}
