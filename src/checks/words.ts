import type { Edit, Evidence, Finding, Location, Remedy, Skip, Undecided } from "./check.ts";

/** What is wrong in this case, in a sentence with the observed values, and how to fix it. */
export interface Told {
	readonly what: string;
	readonly fix: Remedy;
}

/**
 * Every word about one case in which a check cannot decide. `S` is what its sentences need to know: facts, never sentences. A
 * constant is a plain string; a function stands only where a value or a decision is needed.
 */
export interface UnknownWords<S> {
	/** The case in general; at most 60 characters. */
	readonly title: string;
	/** This case, at most 60 characters. Default: `title`. */
	headline?(seen: S): string;
	/** Why it matters to jobs, with the error text that they would see. */
	readonly why: string | ((seen: S) => string);
	readonly expected: string | ((seen: S) => string);
	tell(seen: S): Told;
}

/** Every word about one reason of a finding. Its title is for `list` and the docs too. */
export interface ReasonWords<S> extends UnknownWords<S> {
	/** `skip`: a finding only if the policy asks for it, with the level that its `Details` give. */
	readonly level: "fail" | "warn" | "skip";
	/** Markdown for the docs page only. */
	readonly more?: string;
}

/** Words of a reason that only explains a skip. */
export interface SkipWords<S> {
	readonly level: "skip";
	readonly title: string;
	/** What is skipped, and why, in this case. */
	readonly message: string | ((seen: S) => string);
	readonly more?: string;
}

/** Types the words of a reason: what their sentences need to know is checked where they are used. */
export function reason<S = Record<never, never>>(words: ReasonWords<S>): ReasonWords<S> {
	return words;
}

/** Types the words of a reason that only explains a skip. */
export function skipReason<S = Record<never, never>>(words: SkipWords<S>): SkipWords<S> {
	return words;
}

/** Types the words of a case in which a check cannot decide. */
export function unknown<S = Record<never, never>>(words: UnknownWords<S>): UnknownWords<S> {
	return words;
}

type SeenBy<W> = W extends UnknownWords<infer S> ? S : never;
type SeenBySkip<W> = W extends SkipWords<infer S> ? S : never;
/** The names of the reasons in a table that end in a finding. */
type FindingReason<T> = { [R in keyof T]: T[R] extends { tell(seen: never): Told } ? R : never }[keyof T] & string;
type SkipReason<T> = Exclude<keyof T & string, FindingReason<T>>;

/** What a finding says beyond its words. */
export interface Details {
	/** The value that was found, in as few words as possible. */
	readonly observed: string;
	readonly evidence: readonly Evidence[];
	readonly location?: Location;
	/** Set if the facts make it more or less severe than the reason's own level. */
	readonly level?: "fail" | "warn";
	/** See `Finding`. */
	readonly by?: "job";
	/** See `Finding`. */
	readonly edits?: readonly Edit[] | undefined;
}

/** A finding in the words of its table: a missing or misspelled value, or an unknown reason, does not compile. */
export function finding<T, R extends FindingReason<T>>(
	table: T,
	reason: R,
	seen: SeenBy<T[R]>,
	details: Details,
): Finding<R> {
	return findingOf(reason, table[reason] as ReasonWords<unknown>, seen, details);
}

/** A finding in the words of its reason, for checks that share their judge. */
export function findingOf<R extends string, S>(
	reason: R,
	words: ReasonWords<S>,
	seen: S,
	details: Details,
): Finding<R> {
	const { level, by, edits } = details;
	return {
		kind: "finding",
		reason,
		...said(words, seen, details),
		...(level && { level }),
		...(by && { by }),
		...(edits && { edits }),
	};
}

/** An undecided verdict in the words of its table. The case has no name in the report: its reason is `undecided`. */
export function undecided<T, C extends FindingReason<T>>(
	table: T,
	which: C,
	seen: SeenBy<T[C]>,
	details: Omit<Details, "level" | "by">,
): Undecided {
	return undecidedOf(table[which] as UnknownWords<unknown>, seen, details);
}

/** An undecided verdict in the words of its case, for checks that share them. */
export function undecidedOf<S>(words: UnknownWords<S>, seen: S, details: Omit<Details, "level" | "by">): Undecided {
	return { kind: "undecided", ...said(words, seen, details) };
}

function said<S>(words: UnknownWords<S>, seen: S, { observed, evidence, location }: Details) {
	const { what, fix } = words.tell(seen);
	return {
		title: words.headline?.(seen) ?? words.title,
		message: what,
		why: textOf(words.why, seen),
		expected: textOf(words.expected, seen),
		observed,
		evidence,
		remedy: fix,
		...(location && { location }),
	};
}

/** A skip in the words of its table. */
export function skipped<T, R extends SkipReason<T>>(table: T, reason: R, seen: SeenBySkip<T[R]>): Skip<R> {
	const words = table[reason] as SkipWords<unknown>;
	return { kind: "skip", reason, message: textOf(words.message, seen) };
}

function textOf<S>(text: string | ((seen: S) => string), seen: S): string {
	return typeof text === "string" ? text : text(seen);
}
