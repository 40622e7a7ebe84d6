import { matchesId } from "./matches-id.ts";
import { namedChecks } from "./run-checks.ts";

/** Ids of all checks, a family as `tool/*`. */
export const checkIds: readonly string[] = namedChecks.map(({ id }) => id);

/** Does an id or a glob of ids name a check that exists? `tool/ffmpeg` is of the family `tool/*`. */
export function knowsId(pattern: string): boolean {
	return checkIds.some((id) => names(pattern, id));
}

/** Does an id, a glob of ids, or `id:reason` name something that exists? `tool/ffmpeg:missing` is of the family `tool/*`. */
export function knowsCheck(pattern: string): boolean {
	if (knowsId(pattern)) return true;
	const colon = pattern.lastIndexOf(":");
	const [name, reason] = [pattern.slice(0, colon), pattern.slice(colon + 1)];
	return colon > 0 && namedChecks.some(({ id, reasons }) => names(name, id) && Object.keys(reasons).includes(reason));
}

function names(pattern: string, id: string): boolean {
	return id.endsWith("/*") ? matchesId(id, pattern) : matchesId(pattern, id);
}
