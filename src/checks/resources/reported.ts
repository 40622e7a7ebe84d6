import { matchesId } from "../../checks/matches-id.ts";
import type { Policy } from "../../policy/policy.ts";

/** May this check blame anybody for this reason? One that is switched off leaves the blaming to the next. */
export function isReported(id: string, reason: string, policy: Policy): boolean {
	const off = policy.severity[id] === "off" || policy.severity[`${id}:${reason}`] === "off";
	return !off && !policy.skip.some((pattern) => matchesId(pattern, id));
}
