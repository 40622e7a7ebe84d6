import { diskCheck } from "./disk-check.ts";
import { space } from "./disk-levels.ts";
import { freeIntro, freeWords } from "./disk-words.ts";

export const diskFree = diskCheck({
	id: "disk/free",
	title: "The disks have the free space that the profile asks for",
	intro: freeIntro,
	words: freeWords,
	quantity: space,
});
