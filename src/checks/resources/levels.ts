import { own } from "../../own.ts";
import type { DiskExpectation, Policy } from "../../policy/policy.ts";
import type { DiskPlace, DisksFacts } from "../../probes/disks.ts";
import type { Evidence } from "../check.ts";
import { code } from "../text.ts";

export type Measured = Extract<DiskPlace, { kind: "measured" }>;

/** What is counted: bytes or inodes. */
export interface Quantity {
	/** Key of the floor in a policy's `disk` entries. */
	readonly key: "free" | "inodes";
	/** `undefined` where the file system has no number for it. */
	freeOf(place: Measured): number | undefined;
	totalOf(place: Measured): number | undefined;
	/** `12.3 GiB`, `12,000 inodes` */
	format(amount: number): string;
}

/** How one place of the policy stands. */
export type Level = { readonly name: string; readonly floor: number } & (
	| { readonly state: "enough" | "low"; readonly place: Measured; readonly free: number }
	/** The file system makes inodes as it needs them. */
	| { readonly state: "uncounted"; readonly place: Measured }
	| { readonly state: "unreadable"; readonly place: Extract<DiskPlace, { kind: "unreadable" }> }
	| { readonly state: "not-visible"; readonly why: string }
	/** The facts are of another policy's run, which did not look there. */
	| { readonly state: "no-facts" }
);

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
	if (place.kind === "unreadable") return [{ ...base, state: "unreadable", place }];
	const free = quantity.freeOf(place);
	if (free === undefined) return [{ ...base, state: "uncounted", place }];
	return [{ ...base, state: free < floor ? "low" : "enough", place, free }];
}

/** What is free, as a share of what is asked for: it says which place is worst, whatever their sizes. */
function shareOf(level: Level): number {
	return level.state === "low" || level.state === "enough" ? level.free / level.floor : Number.POSITIVE_INFINITY;
}

export function isLow(level: Level): level is Extract<Level, { state: "enough" | "low" }> {
	return level.state === "low";
}

/**
 * Do both lie on one file system? Told by its size and by what is free, within what is written meanwhile: a container's layer
 * and its volumes are mounts of different devices, and yet show the numbers of the one disk that is under them.
 */
export function sharesFileSystem(level: Extract<Level, { place: Measured }>, other: DiskPlace | undefined): boolean {
	if (other?.kind !== "measured") return false;
	const { totalBytes, totalInodes, freeBytes } = level.place;
	const near = Math.abs(freeBytes - other.freeBytes) <= totalBytes / 1000;
	return totalBytes === other.totalBytes && totalInodes === other.totalInodes && near;
}

/** `the workspace`, `/srv/models` */
export function nameOf(level: Level): string {
	const names: Record<string, string> = {
		workspace: "the workspace",
		temp: "the directory for temporary files",
		home: "the home directory",
		"tool-cache": "the tool cache",
		"docker-root": "Docker's data directory",
	};
	return own(names, level.name) ?? code(level.name);
}

/** Who asks for this floor: `the input `min-free-disk` asks for 40 GiB`. */
export function demandOf(level: Level, policy: Policy, quantity: Quantity): string {
	const { sources } = policy;
	const source = sources[`disk.${level.name}.${quantity.key}`] ?? sources[`disk.${level.name}`] ?? sources.disk;
	const asking = source === undefined ? `profile ${code(policy.profile)}` : source;
	return `${/^(?:input|profile) /.test(asking) ? "the " : ""}${asking} asks for ${quantity.format(level.floor)}`;
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
			case "not-visible":
				rest.push({ source: level.name, text: level.why });
				break;
			case "no-facts":
				rest.push({ source: level.name, text: "these facts say nothing of it" });
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
			? "the file system counts none"
			: `${quantity.format(free)} free of ${quantity.format(total)}`;
	const where = place.mount ? ` (${place.mount.fsType} on ${place.mount.target})` : "";
	const missing = place.measuredAt === undefined ? "" : `; ${place.path} does not exist yet`;
	const needs = levels.map((level) => `${level.name} needs ${quantity.format(level.floor)}`).join(", ");
	return { source: `${place.source} ${at}`, text: `${room}${where}${missing}; ${needs}` };
}
