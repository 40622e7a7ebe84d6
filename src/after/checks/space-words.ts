import type { Remedy } from "../../checks/check.ts";
import { code, cut, shellQuote, upperFirst, yamlValue } from "../../checks/text.ts";
import { type ReasonWords, reason, type UnknownWords, unknown } from "../../checks/words.ts";
import type { LogLine } from "../../probes/job-log.ts";
import type { MachineState } from "../../probes/machine-state.ts";
import type { Written } from "../../probes/written-since.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { clock, span } from "../span.ts";
import type { Compared } from "./space.ts";

/** A place that ran out, and what the job wrote, if it was measured. */
export interface UsedUp extends Compared {
	readonly start: MachineState;
	readonly state: MachineState;
	readonly written: readonly Written[] | undefined;
	/** Bytes that anyone wrote to its device since the start, if that is much. */
	readonly onDevice: number | undefined;
}

export interface SpaceUnknowns {
	readonly little: UnknownWords<UsedUp>;
	readonly "was-out": UnknownWords<UsedUp>;
	readonly unreadable: UnknownWords<UsedUp>;
}

export const diskIntro =
	"Compares the free space of the places of the start with what is free at the end. A disk counts as full below 16 MiB, or below 2 % of a small one. If it filled up, what was written below the workspace and the temporary directory since the start is added up. A disk that was filled and freed again leaves no trace on the machine: nothing in Linux remembers how little was free. After the job, its own log is read if the forge gives it: `No space left on device` there makes the verdict `unknown`, never `runner`, as a job can print anything.";

export const inodesIntro =
	"The same for inodes: used up below 64, or below 2 % of a small file system. Inodes that were used up and freed again leave no trace.";

const noSpace =
	"Writes fail with `No space left on device`, and compilers and linkers report a bus error or an I/O error.";

export const diskWords: { readonly filled: ReasonWords<UsedUp> } = {
	filled: reason<UsedUp>({
		level: "fail",
		title: "The disk filled up during the job",
		headline: ({ name, isOwn }) => (isOwn ? "The job filled its own tmpfs" : `The disk of ${cut(name, 30)} filled up`),
		why: noSpace,
		expected: ({ was }) => `free space, as at the start (${was})`,
		tell: (seen) => ({ what: whatFilled(seen), fix: seen.isOwn ? largerTmpfs(seen.path) : moreSpace(seen) }),
	}),
};

export const inodesWords: { readonly "used-up": ReasonWords<UsedUp> } = {
	"used-up": reason<UsedUp>({
		level: "fail",
		title: "The inodes were used up during the job",
		headline: ({ name, isOwn }) =>
			isOwn ? "The job used up the inodes of its own tmpfs" : `The inodes of ${cut(name, 26)} were used up`,
		why: "Every file takes an inode. Without any, writes fail with `No space left on device` although `df -h` shows free space.",
		expected: ({ was }) => `free inodes, as at the start (${was})`,
		tell: (seen) => ({
			what: `${upperFirst(disk(seen))} ran out of inodes ${span(seen.start, seen.state)}${byWhom(seen, true)}.`,
			fix: seen.isOwn
				? largerTmpfs(seen.path)
				: {
						text: "Find what has the most files, and remove it or move it to a file system with more inodes. What a container of this job wrote is freed with the container.",
						commands: [
							`df -i ${shellQuote(seen.path)}`,
							`sudo du --inodes -x -d 3 ${shellQuote(seen.path)} | sort -n | tail -n 20`,
						],
						kind: "host",
					},
		}),
	}),
};

export const diskUnknowns = unknowns("free space", "The disk");
export const inodesUnknowns = unknowns("free inodes", "The file system");

/** The job prints what it likes, so its log proves nothing. */
export const logUnknowns = {
	said: unknown<{ readonly last: LogLine; readonly start: MachineState; readonly state: MachineState }>({
		title: "The job's log says that a disk was full",
		why: noSpace,
		expected: "no such message in the job's log",
		tell: ({ last, start, state }) => ({
			what: `The job's log says ${code(cut(last.text, 160))}, ${last.time === undefined ? span(start, state) : `at ${clock(last.time)} UTC`}, and no disk that was looked at is full now.`,
			fix: {
				text: "Look in the log which file could not be written, and how large its file system is. What filled it may have been removed since. If it is the runner's disk, give it more room, or set a floor in the policy (`disk`); if it is a tmpfs of the job's own, make that larger.",
				commands: ["df -h", "df -i"],
				kind: "host",
			},
		}),
	}),
};

function unknowns(what: string, subject: string): SpaceUnknowns {
	return {
		little: unknown<UsedUp>({
			title: `${subject} has almost no ${what}`,
			why: noSpace,
			expected: ({ was }) => `about as much as at the start (${was}), or none`,
			tell: (seen) => ({
				what: `${upperFirst(disk(seen))} has little left: ${seen.is}, after ${seen.was} at the start${byWhom(seen, what === "free inodes")}. Something that failed for lack of space may have removed its files since.`,
				fix: {
					text: "Look for `No space left on device` in the job's log. If the log has it, the disk is too small for this job.",
					commands: [`df -h ${shellQuote(seen.path)}`, `df -i ${shellQuote(seen.path)}`],
					kind: "host",
				},
			}),
		}),
		"was-out": unknown<UsedUp>({
			title: `${subject} had almost no ${what} before the job`,
			why: noSpace,
			expected: () => `${what} at the start of the job`,
			tell: (seen) => ({
				what: `${upperFirst(disk(seen))} had too little already at the start: ${seen.was}, and ${seen.is} now. Whether the job failed for that cannot be seen.`,
				fix: {
					text: "Free the disk, then run the job again. A floor in the policy (`disk`) reports this at the start.",
					commands: [`df -h ${shellQuote(seen.path)}`, `df -i ${shellQuote(seen.path)}`],
					kind: "host",
				},
			}),
		}),
		unreadable: unknown<UsedUp>({
			title: `${subject} could not be measured for ${what}`,
			why: noSpace,
			expected: () => "an answer of the file system, as at the start",
			tell: (seen) => ({
				what: `${upperFirst(disk(seen))} was measured at the start (${seen.was}), and now it answers ${seen.is}.`,
				fix: {
					text: "Ask the file system by hand.",
					commands: [`timeout 5 df -h ${shellQuote(seen.path)}`],
					kind: "host",
				},
			}),
		}),
	};
}

/** `the disk of the workspace (/srv/jobs)` */
function disk({ name, path }: UsedUp): string {
	return name === code(path) ? `the disk of ${name}` : `the disk of ${name} (${code(path)})`;
}

function whatFilled(seen: UsedUp): string {
	const subject = seen.isOwn ? `the tmpfs ${code(seen.path)} of the job's container` : disk(seen);
	return `${upperFirst(subject)} filled up ${span(seen.start, seen.state)}${byWhom(seen, false)}.`;
}

/** What this job wrote: `: 41 GiB written below `target/``. */
function byWhom({ written, lost, onDevice }: UsedUp, ofFiles: boolean): string {
	const of = (one: Written): number => (ofFiles ? one.files : one.bytes);
	const [most] = [...(written ?? [])].sort((a, b) => of(b) - of(a));
	if (!most)
		return ofFiles || onDevice === undefined ? "" : `: ${formatBytes(onDevice)} written to it, by whom is unknown`;
	const amount = ofFiles
		? `${formatCount(most.files)} ${most.files === 1 ? "file" : "files"}`
		: formatBytes(most.bytes);
	const atLeast = most.atLeast ? "at least " : "";
	const place = most.shown.endsWith("/") || most.shown.startsWith("/") ? "written below" : "written to";
	const all = (written ?? []).reduce((sum, one) => sum + of(one), 0);
	const rest = most.atLeast || all * 2 > lost ? "" : "; most of what is gone was not written by this job";
	return `: ${atLeast}${amount} ${place} ${code(cut(most.shown, 80))}${rest}`;
}

function moreSpace({ path, lost }: UsedUp): Remedy {
	return {
		text: "Give this disk more room than the job needs, or have the job write less. A floor in the policy (`disk`) stops a job before it starts on a disk that is too full.",
		commands: [`df -h ${shellQuote(path)}`, `sudo du -xh -d 2 ${shellQuote(path)} | sort -h | tail -n 20`],
		kind: "host",
		otherwise: {
			text: "Raise the floor to what the job needs, so that a disk with less fails at the start.",
			config: {
				file: ".gitea/runner-check.yml",
				language: "yaml",
				text: `disk:\n  - path: ${yamlValue(path)}\n    free: ${Math.ceil(lost / 2 ** 30) + 1}GiB`,
			},
			kind: "workflow",
		},
	};
}

function largerTmpfs(path: string): Remedy {
	return {
		text: `Write less to ${code(path)}, or give the container a larger tmpfs there in \`container.options\` of the job or in the options of the runner's label.`,
		kind: "workflow",
	};
}
