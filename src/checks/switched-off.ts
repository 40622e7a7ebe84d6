import type { Policy } from "../policy/policy.ts";
import { matchesFinding } from "./matches-finding.ts";
import { matchesId } from "./matches-id.ts";

/** Is this finding left out of the report by the policy, so that nothing may wait for it? */
export function isSwitchedOff(id: string, reason: string, policy: Policy): boolean {
	if (policy.skip.some((pattern) => matchesId(pattern, id))) return true;
	return Object.entries(policy.severity).some(
		([pattern, level]) => level === "off" && matchesFinding(pattern, id, reason),
	);
}
