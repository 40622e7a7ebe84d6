import type { Policy } from "../policy/policy.ts";
import type { Check, Family } from "./check.ts";
import { inHealthCheck } from "./health-check.ts";

/** Checks as a policy asks for them: each family expanded. */
export function expanded(checks: readonly (Check | Family)[], policy: Policy): readonly Check[] {
	return checks
		.flatMap((entry) => ("expand" in entry ? entry.expand(policy) : [entry]))
		.map((check) => inHealthCheck(check, policy));
}
