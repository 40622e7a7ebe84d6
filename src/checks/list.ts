import { lintChecks } from "../lint/checks.ts";
import type { Policy } from "../policy/policy.ts";
import type { Check, Family } from "./check.ts";
import { expanded } from "./expanded.ts";
import { machineChecks } from "./machine-checks.ts";

/** Every check there is, in the order of the report. */
export const allChecks: readonly (Check | Family)[] = [...machineChecks, ...lintChecks];

/** The checks of a policy: each family expanded to the checks that it asks for. */
export function checksFor(policy: Policy): readonly Check[] {
	return expanded(allChecks, policy);
}
