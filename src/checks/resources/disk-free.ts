import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { type DisksFacts, disksProbe } from "../../probes/disks.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCheck } from "../check.ts";
import { judgeLevels } from "./judge-levels.ts";
import { isLow, levelsOf, type Quantity, sharesFileSystem } from "./levels.ts";
import { freeRemedy } from "./remedies.ts";

const quantity: Quantity = {
	key: "free",
	freeOf: (place) => place.freeBytes,
	totalOf: (place) => place.totalBytes,
	format: formatBytes,
};

export const diskFree = defineCheck({
	id: "disk/free",
	title: "The disks have the free space that the profile asks for",
	reasons: {
		low: { level: "fail", title: "less free space than the profile asks for" },
		unreadable: { level: "fail", title: "the free space of a place cannot be read" },
	},
	needs: { disks: disksProbe, container: containerProbe },
	applies: (policy) => policy.disk.some((entry) => entry.free !== undefined),
	judge: ({ disks, container }, policy) =>
		judgeLevels(levelsOf(disks, policy, quantity), policy, {
			quantity,
			noun: "free space",
			why: "A build that runs out of space dies half-way, and rarely says why: compilers and linkers report a bus error or an I/O error, Docker breaks off the pull.",
			remedyOf: (level) => freeRemedy(level, container),
		}),
});

/** Does `disk/free` fail for the file system of this place? Then what cannot be written there has the same cause. */
export function lacksSpace(disks: DisksFacts, policy: Policy, name: string): boolean {
	return levelsOf(disks, policy, quantity).some((level) => isLow(level) && sharesFileSystem(level, disks.places[name]));
}

/** Does `disk/free` say of this place that it cannot be read? */
export function cannotReadSpace(disks: DisksFacts, policy: Policy, name: string): boolean {
	return levelsOf(disks, policy, quantity).some((level) => level.name === name && level.state === "unreadable");
}
