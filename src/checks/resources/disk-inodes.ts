import { isSwitchedOff } from "../switched-off.ts";
import { diskCheck } from "./disk-check.ts";
import { inodes, isUnreadable, space } from "./disk-levels.ts";
import { inodesIntro, inodesWords } from "./disk-words.ts";

export const diskInodes = diskCheck({
	id: "disk/inodes",
	title: "The disks have the free inodes that the profile asks for",
	intro: inodesIntro,
	words: inodesWords,
	quantity: inodes,
	reportedBy: ({ name }, disks, policy) =>
		isUnreadable(disks, policy, space, name) && !isSwitchedOff("disk/free", "unreadable", policy)
			? "disk/free"
			: undefined,
});
