import type { DisksFacts } from "../probes/disks.ts";
import type { Facts } from "../probes/probe.ts";

/** Space of a place, in bytes and inodes. */
export interface DiskSpace {
	readonly free: number;
	readonly total: number;
	/** Left out if the file system has no fixed number of inodes. */
	readonly free_inodes?: number;
	readonly total_inodes?: number;
}

/** A report from elsewhere may name any number of places. */
const maxPlaces = 50;

/** Space by the name that a policy gives the place: `workspace`, `docker-root`, `/srv/cache`. What was not measured is left out. */
export function diskSpaceOf(facts: Facts): Readonly<Record<string, DiskSpace>> {
	const answer = facts.disks;
	// A report from elsewhere may hold facts in another form, which are ignored.
	const { places } = ((answer?.ok && answer.value) || {}) as Partial<DisksFacts>;
	if (typeof places !== "object" || places === null) return {};
	const measured = Object.entries(places).flatMap(([name, place]): readonly (readonly [string, DiskSpace])[] => {
		if (place?.kind !== "measured" || !isSize(place.freeBytes) || !isSize(place.totalBytes)) return [];
		const { freeBytes: free, totalBytes: total, freeInodes, totalInodes } = place;
		const inodes = isSize(freeInodes) && isSize(totalInodes);
		return [[name, { free, total, ...(inodes && { free_inodes: freeInodes, total_inodes: totalInodes }) }]];
	});
	return Object.fromEntries(measured.slice(0, maxPlaces));
}

function isSize(value: unknown): value is number {
	return typeof value === "number" && value >= 0 && Number.isSafeInteger(value);
}
