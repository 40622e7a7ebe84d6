import { matchesId } from "./matches-id.ts";

/**
 * Does an entry of the policy name this finding? `disk/free`, `disk/free:low`, `disk/*`, `tool/*:missing`. An id may have a
 * colon of its own (`registry/localhost:5000`), so the reason is taken off the end only where it is this one.
 */
export function matchesFinding(pattern: string, id: string, reason: string | undefined): boolean {
	if (matchesId(pattern, id)) return true;
	const end = `:${reason}`;
	return reason !== undefined && pattern.endsWith(end) && matchesId(pattern.slice(0, -end.length), id);
}
