import type { Policy } from "../policy/policy.ts";
import type { Probe } from "../probes/probe.ts";

/** What one piece of evidence says and where it was seen: a path, a command, an API call. */
export interface Evidence {
	readonly source: string;
	readonly text: string;
}

/** What this run saw: at least one thing. A pass without any does not compile. */
export type Proof = readonly [Evidence, ...Evidence[]];

/** Was anything seen? */
export function isProof(evidence: readonly Evidence[]): evidence is Proof {
	return evidence.length > 0;
}

/**
 * The fix. `text` is a sentence or two; `commands` are lines for a shell; `config` lines for a file.
 * In every text of a verdict, backquotes mark code; whatever else a tool printed into it is inert.
 */
export interface Remedy {
	readonly text: string;
	readonly commands?: readonly string[];
	readonly config?: {
		readonly file: string;
		readonly language: "yaml" | "json" | "ini" | "toml" | "dockerfile";
		readonly text: string;
	};
	/** The place of the fix: the job's image, on the runner's host, in the runner's configuration, in the workflow. */
	readonly kind: "image" | "host" | "runner" | "workflow" | "forge";
	/** A second way, where one is worth naming. */
	readonly otherwise?: Omit<Remedy, "otherwise">;
}

/** What is known about a reason before it is ever found: `list` prints it. The rest of its words: see `words.ts`. */
export interface Reason {
	/** `skip`: shown as skipped with this reason, without effect on the verdict. */
	readonly level: "fail" | "warn" | "skip";
	/** The reason in general, at most 60 characters: "Shared memory is too small". */
	readonly title: string;
}

export interface Finding<R extends string> {
	readonly kind: "finding";
	readonly reason: R;
	/** This case, at most 60 characters: "Shared memory is too small (64 MiB of 1 GiB)". Default: the reason's title. */
	readonly title?: string;
	/** What is wrong, in one or two sentences. */
	readonly message: string;
	/** What it does to jobs. */
	readonly why: string;
	readonly expected: string;
	readonly observed: string;
	readonly evidence: readonly Evidence[];
	readonly remedy: Remedy;
	readonly location?: Location;
	/** Set if the facts make it more or less severe than the reason's default. */
	readonly level?: "fail" | "warn";
	/** The job did it itself: a limit or a loss of its own making. For `after/*` only. */
	readonly by?: "job";
	/** The same fix for `lint --fix`, if it is certain. For rules of the lint only. */
	readonly edits?: readonly Edit[];
}

/**
 * A change of a file that is certain: it needs no decision of a person, and what works goes on working. The rule that reports a
 * problem makes it, and `lint/fix/` applies it.
 */
export interface Edit {
	/** Both from 1; the column counts UTF-16 units. */
	readonly line: number;
	readonly column: number;
	/** What the place may have now: a value with quotes or without. With none of them, nothing is changed. */
	readonly from: readonly string[];
	readonly to: string;
	/** What follows on the line is a remark, which moves to a line of its own above. */
	readonly remark?: true;
}

export interface Location {
	readonly file: string;
	readonly line?: number;
	readonly column?: number;
}

export interface Pass {
	readonly kind: "pass";
	/** What was found, in one line: `rustc 1.92.0`. */
	readonly message: string;
	/** What this run saw that proves it, never a sentence of our own. */
	readonly evidence: Proof;
}

export interface Skip<R extends string> {
	readonly kind: "skip";
	/**
	 * One of the check's own reasons of level `skip`; `absent`: optional and not there; `not-applicable`: there is
	 * nothing to judge here (host mode, no socket); `untrusted`: it is the workspace's, and was not run; or `needs:<id>`, whose failure has the same cause.
	 */
	readonly reason: R | "absent" | "not-applicable" | "untrusted" | `needs:${string}`;
	readonly message: string;
}

/** The check could not decide. Shown as `error` and counted as a failure, never as a pass, so it owes what a finding owes. */
export interface Undecided {
	readonly kind: "undecided";
	/** What is unknown, at most 60 characters. No other check has this title. */
	readonly title: string;
	/** What could not be found out, and what stopped it. */
	readonly message: string;
	/** What it does to jobs if the answer is bad. */
	readonly why: string;
	/** What the check has to see to decide. */
	readonly expected: string;
	readonly observed: string;
	readonly evidence: readonly Evidence[];
	/** How the reader finds out, or lets the check find out. */
	readonly remedy: Remedy;
	readonly location?: Location;
}

/** What there is to judge is on a mount that does not answer, which `fs/mount` reports. */
interface WaitsForMount {
	readonly kind: "waits-for-mount";
	readonly message: string;
}

export type Verdict<R extends string = string> = Finding<R> | Pass | Skip<R> | Undecided | WaitsForMount;

// biome-ignore lint/suspicious/noExplicitAny: a probe of any facts
export type Needs = Readonly<Record<string, Probe<any>>>;
type FactsOf<N extends Needs> = { readonly [K in keyof N]: N[K] extends Probe<infer T> ? T : never };

/** What the judge knows in addition to facts and policy, so that a report always gives the same results. */
export interface Moment {
	/** Start of the run, ISO 8601 in UTC. */
	readonly started: string;
}

/** What a check asks for once more after it found something. */
interface Details<R extends string, D extends Needs> {
	/** The reasons that it can say more about. */
	readonly of: readonly R[];
	readonly needs: D;
}

/** Judges. Pure: same facts and policy, same verdict. Called only if every needed probe answered and no prerequisite failed. */
export interface Check<R extends string = string, N extends Needs = Needs, D extends Needs = Needs> {
	/** `docker/api-version`; in the list a family has the id `tool/*`. */
	readonly id: string;
	/** What is so when it passes: "Docker CLI and daemon speak a common API version". */
	readonly title: string;
	/** Markdown that opens the check's section in the docs. */
	readonly intro?: string;
	readonly reasons: Readonly<Record<R, Reason>>;
	/** Probes, by the name under which `judge` sees their facts. */
	readonly needs: N;
	/**
	 * Probes that look only if this check found one of these reasons, to name who caused it. `judge` sees their facts as it does
	 * those of `needs`, or `undefined`: they tell more about a finding, and never decide whether there is one.
	 */
	readonly details?: Details<NoInfer<R>, D>;
	/** Ids of prerequisites: where one fails or errs, this is skipped as `needs:<id>`. One cause, one failure. */
	readonly after?: readonly string[];
	/** False: the profile does not ask for this (`not-in-profile`). */
	applies?(policy: Policy): boolean;
	/** Why it does not apply, if that is not for the profile to say. */
	notAsked?(policy: Policy): string | undefined;
	judge(facts: FactsOf<N> & Partial<FactsOf<D>>, policy: Policy, moment: Moment): Verdict<NoInfer<R>>;
}

/** Checks that the policy decides about: one for each of its tools, registries or services. */
export interface Family {
	/** `tool/*` */
	readonly id: string;
	readonly title: string;
	readonly intro?: string;
	readonly reasons: Readonly<Record<string, Reason>>;
	expand(policy: Policy): readonly Check[];
}

/** Types a check: its reasons and facts are inferred, and what the list holds is the plain `Check`. */
export function defineCheck<
	const R extends string,
	const N extends Needs,
	const D extends Needs = Record<never, never>,
>(check: Check<R, N, D>): Check {
	return check as unknown as Check;
}

/** What `list`, `explain` and the docs need to know of a check, also of one that only the lint has. */
export type KnownCheck = Pick<Check, "id" | "title" | "intro" | "reasons">;
