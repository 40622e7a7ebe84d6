import { own } from "../../own.ts";
import type { DiskExpectation, Policy } from "../../policy/policy.ts";
import type { DiskPlace, DisksFacts } from "../../probes/disks.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import type { Evidence } from "../check.ts";

type Measured = Extract<DiskPlace, { kind: "measured" }>;

/** What is counted: bytes or inodes. */
export interface Quantity {
	/** Key of the floor in a policy's `disk` entries. */
	readonly key: "free" | "inodes";
	/** `undefined` if the file system has no number for it. */
	freeOf(place: Measured): number | undefined;
	totalOf(place: Measured): number | undefined;
	/** `12.3 GiB`, `12,000 inodes` */
	format(amount: number): string;
}

export const space: Quantity = {
	key: "free",
	freeOf: (place) => place.freeBytes,
	totalOf: (place) => place.totalBytes,
	format: formatBytes,
};

export const inodes: Quantity = {
	key: "inodes",
	freeOf: (place) => place.freeInodes,
	totalOf: (place) => place.totalInodes,
	format: (amount) => `${formatCount(amount)} inodes`,
};

/** A place of the policy, compared with its floor. */
export type Level = { readonly name: string; readonly floor: number } & (
	| { readonly state: "enough" | "low"; readonly place: Measured; readonly free: number }
	/** The file system creates inodes as it needs them. */
	| { readonly state: "uncounted"; readonly place: Measured }
	| { readonly state: "unreadable"; readonly place: Extract<DiskPlace, { kind: "unreadable" }> }
	| { readonly state: "dead-mount"; readonly place: Extract<DiskPlace, { kind: "dead-mount" }> }
	| { readonly state: "not-visible"; readonly why: string }
	/** The facts were collected for another policy, which does not name this place. */
	| { readonly state: "no-facts" }
);

export type LowLevel = Extract<Level, { state: "enough" | "low" }>;
export type UnreadableLevel = Extract<Level, { state: "unreadable" }>;

/** Every place for which the policy sets a floor, the tightest first. */
export function levelsOf(disks: DisksFacts, policy: Policy, quantity: Quantity): readonly Level[] {
	const levels = policy.disk.flatMap((entry) => levelOf(entry, own(disks.places, entry.path), quantity));
	return [...levels].sort((a, b) => shareOf(a) - shareOf(b));
}

function levelOf(entry: DiskExpectation, place: DiskPlace | undefined, quantity: Quantity): Level[] {
	const floor = entry[quantity.key];
	if (floor === undefined) return [];
	const base = { name: entry.path, floor };
	if (place === undefined) return [{ ...base, state: "no-facts" }];
	if (place.kind === "not-visible") return [{ ...base, state: "not-visible", why: place.why }];
	if (place.kind === "dead-mount") return [{ ...base, state: "dead-mount", place }];
	if (place.kind === "unreadable") return [{ ...base, state: "unreadable", place }];
	const free = quantity.freeOf(place);
	if (free === undefined) return [{ ...base, state: "uncounted", place }];
	return [{ ...base, state: free < floor ? "low" : "enough", place, free }];
}

/** What is free as a share of the floor, so that places of any size can be compared. */
function shareOf(level: Level): number {
	return level.state === "low" || level.state === "enough" ? level.free / level.floor : Number.POSITIVE_INFINITY;
}

export function isLow(level: Level): level is LowLevel {
	return level.state === "low";
}

/** Is a place low on something that shares the file system of this one? */
export function isShort(disks: DisksFacts, policy: Policy, quantity: Quantity, name: string): boolean {
	return levelsOf(disks, policy, quantity).some((level) => isLow(level) && sharesFileSystem(level, disks.places[name]));
}

/** Can the free space or inodes of this place not be read? */
export function isUnreadable(disks: DisksFacts, policy: Policy, quantity: Quantity, name: string): boolean {
	return levelsOf(disks, policy, quantity).some((level) => level.name === name && level.state === "unreadable");
}

/**
 * Are both on one file system? Decided by its size and by what is free, give or take what is written meanwhile: a container's
 * layer and its volumes are mounts of different devices, but show the numbers of the one disk below them.
 */
function sharesFileSystem(level: LowLevel, other: DiskPlace | undefined): boolean {
	if (other?.kind !== "measured") return false;
	const { totalBytes, totalInodes, freeBytes } = level.place;
	const near = Math.abs(freeBytes - other.freeBytes) <= totalBytes / 1000;
	return totalBytes === other.totalBytes && totalInodes === other.totalInodes && near;
}

/** One entry for each file system: places that share one share what is free, and must not look like two. */
export function evidenceOf(levels: readonly Level[], quantity: Quantity): Evidence[] {
	const counted = new Map<string, { place: Measured; levels: Level[] }>();
	const rest: Evidence[] = [];
	for (const level of levels) {
		switch (level.state) {
			case "enough":
			case "low":
			case "uncounted": {
				const key = keyOf(level.place, quantity);
				const entry = counted.get(key) ?? { place: level.place, levels: [] };
				counted.set(key, { ...entry, levels: [...entry.levels, level] });
				break;
			}
			case "unreadable":
				rest.push({ source: `statfs ${level.place.path}`, text: level.place.code });
				break;
			case "dead-mount":
				rest.push({ source: level.place.path, text: "its mount does not answer" });
				break;
			case "not-visible":
				rest.push({ source: level.name, text: level.why });
				break;
			case "no-facts":
				rest.push({ source: level.name, text: "not in these facts" });
		}
	}
	return [...[...counted.values()].map((entry) => entryOf(entry.place, entry.levels, quantity)), ...rest];
}

function keyOf(place: Measured, quantity: Quantity): string {
	return `${place.totalBytes} ${place.totalInodes} ${quantity.freeOf(place)}`;
}

function entryOf(place: Measured, levels: readonly Level[], quantity: Quantity): Evidence {
	const at = place.measuredAt ?? place.path;
	const free = quantity.freeOf(place);
	const total = quantity.totalOf(place);
	const room =
		free === undefined || total === undefined
			? "no fixed number of inodes"
			: `${quantity.format(free)} free of ${quantity.format(total)}`;
	const where = place.mount ? ` (${place.mount.fsType} on ${place.mount.target})` : "";
	const missing = place.measuredAt === undefined ? "" : `; ${place.path} does not exist yet`;
	const needs = levels.map((level) => `${level.name} needs ${quantity.format(level.floor)}`).join(", ");
	return { source: `${place.source} ${at}`, text: `${room}${where}${missing}; ${needs}` };
}
