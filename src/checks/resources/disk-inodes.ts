import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { type DisksFacts, disksProbe } from "../../probes/disks.ts";
import { formatCount } from "../../report/units.ts";
import { defineCheck } from "../check.ts";
import { cannotReadSpace } from "./disk-free.ts";
import { judgeLevels } from "./judge-levels.ts";
import { isLow, levelsOf, type Quantity, sharesFileSystem } from "./levels.ts";
import { inodesRemedy } from "./remedies.ts";
import { isReported } from "./reported.ts";

const quantity: Quantity = {
	key: "inodes",
	freeOf: (place) => place.freeInodes,
	totalOf: (place) => place.totalInodes,
	format: (amount) => `${formatCount(amount)} inodes`,
};

export const diskInodes = defineCheck({
	id: "disk/inodes",
	title: "The disks have the free inodes that the profile asks for",
	reasons: {
		low: { level: "fail", title: "fewer free inodes than the profile asks for" },
		unreadable: { level: "fail", title: "the free inodes of a place cannot be read" },
	},
	needs: { disks: disksProbe, container: containerProbe },
	applies: (policy) => policy.disk.some((entry) => entry.inodes !== undefined),
	judge: ({ disks, container }, policy) =>
		judgeLevels(levelsOf(disks, policy, quantity), policy, {
			quantity,
			noun: "free inodes",
			why: "Every file takes an inode. When they run out, jobs fail with `No space left on device` although `df -h` shows plenty of it.",
			remedyOf: (level) => inodesRemedy(level, container),
			sameCause: (level) =>
				cannotReadSpace(disks, policy, level.name) && isReported("disk/free", "unreadable", policy)
					? "disk/free"
					: undefined,
		}),
});

/** Does `disk/inodes` fail for the file system of this place? Then no file can be made there for the same cause. */
export function lacksInodes(disks: DisksFacts, policy: Policy, name: string): boolean {
	return levelsOf(disks, policy, quantity).some((level) => isLow(level) && sharesFileSystem(level, disks.places[name]));
}
