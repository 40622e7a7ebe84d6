import type { Policy } from "../../policy/policy.ts";
import type { Remedy, Verdict } from "../check.ts";
import { code, listed, shellQuote } from "../text.ts";
import { demandOf, evidenceOf, isLow, type Level, nameOf, type Quantity } from "./levels.ts";

type Low = Extract<Level, { state: "enough" | "low" }>;
type Unreadable = Extract<Level, { state: "unreadable" }>;

/** What differs between bytes and inodes. */
export interface DiskWords {
	readonly quantity: Quantity;
	/** `free space` */
	readonly noun: string;
	readonly why: string;
	remedyOf(level: Low): Remedy;
	/** The check that already fails because this place cannot be read. */
	sameCause?(level: Unreadable): string | undefined;
}

/** One verdict about all places: the worst decides, and all are in the evidence. The levels come tightest first. */
export function judgeLevels(levels: readonly Level[], policy: Policy, words: DiskWords): Verdict<"low" | "unreadable"> {
	const evidence = evidenceOf(levels, words.quantity);
	const low = levels.filter(isLow);
	const [worst] = low;
	if (worst) return { ...lowFinding(worst, low.slice(1), policy, words), evidence };
	const [unreadable] = levels.filter((level) => level.state === "unreadable");
	const reporter = unreadable && words.sameCause?.(unreadable);
	if (reporter !== undefined) {
		return { kind: "skip", reason: `needs:${reporter}`, message: `Cannot be read, as \`${reporter}\` says.` };
	}
	if (unreadable) return { ...unreadableFinding(unreadable, policy, words), evidence };
	const unknown = levels.filter((level) => level.state === "no-facts");
	if (unknown.length > 0) {
		return { kind: "undecided", message: `These facts say nothing of ${listed(unknown.map(nameOf))}.`, evidence };
	}
	if (levels.every((level) => level.state === "not-visible")) {
		return {
			kind: "skip",
			reason: "not-applicable",
			message: `Out of sight from here: ${listed(levels.map(nameOf))}.`,
		};
	}
	return { kind: "pass", message: passMessage(levels, words), evidence };
}

function lowFinding(worst: Low, others: readonly Low[], policy: Policy, words: DiskWords) {
	const { quantity, why } = words;
	const more =
		others.length === 0
			? ""
			: ` ${upperFirst(listed(others.map(nameOf)))} ${others.length === 1 ? "is" : "are"} short too.`;
	return {
		kind: "finding",
		reason: "low",
		message: `${quantity.format(worst.free)} free on the file system of ${nameOf(worst)}; ${demandOf(worst, policy, quantity)}.${more}`,
		why,
		expected: `at least ${quantity.format(worst.floor)} free`,
		observed: quantity.format(worst.free),
		remedy: words.remedyOf(worst),
	} as const;
}

function unreadableFinding(level: Unreadable, policy: Policy, words: DiskWords) {
	const { path, code: errno } = level.place;
	const late = errno === "ETIMEDOUT";
	return {
		kind: "finding",
		reason: "unreadable",
		message: `The ${words.noun} of ${nameOf(level)} (${code(path)}) cannot be read: ${saidOf(errno)}.`,
		why: "Nobody knows whether a job has room there. Mostly the path is wrong, closed to this user, or its file system is gone.",
		expected: `at least ${words.quantity.format(level.floor)} free`,
		observed: errno,
		remedy: {
			text: late
				? "Look whether the server behind this file system still answers, and mount it anew."
				: `See what is there, and mend the path, its permissions or its mount. If the place is not needed, take it out of \`disk\` in the profile ${code(policy.profile)}.`,
			commands: late
				? [`findmnt --target ${shellQuote(path)}`]
				: [`ls -ld ${shellQuote(path)}`, `df ${shellQuote(path)}`],
			kind: "host",
		},
	} as const;
}

function saidOf(errno: string): string {
	if (errno === "ETIMEDOUT") return "the file system does not answer";
	return errno === "ENODATA" ? "the file system tells no size" : errno;
}

function passMessage(levels: readonly Level[], { quantity }: DiskWords): string {
	const notes = levels.flatMap((level) => {
		switch (level.state) {
			case "enough":
				return [`${quantity.format(level.free)} free for ${nameOf(level)} (${quantity.format(level.floor)} asked for)`];
			case "uncounted":
				return [
					`${nameOf(level)} has no fixed number of them${level.place.mount ? ` (${level.place.mount.fsType})` : ""}`,
				];
			case "not-visible":
				return [`${nameOf(level)} is out of sight`];
			default:
				return [];
		}
	});
	return upperFirst(notes.join("; "));
}

function upperFirst(text: string): string {
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}
