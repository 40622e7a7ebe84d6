import type { Policy } from "../../policy/policy.ts";
import { matchesId } from "../matches-id.ts";

/** Does this check report this reason? If it is turned off, the next check that sees the cause reports it. */
export function isReported(id: string, reason: string, policy: Policy): boolean {
	const off = policy.severity[id] === "off" || policy.severity[`${id}:${reason}`] === "off";
	return !off && !policy.skip.some((pattern) => matchesId(pattern, id));
}
