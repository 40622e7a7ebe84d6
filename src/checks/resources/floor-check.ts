import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import type { Probe } from "../../probes/probe.ts";
import { type Check, defineCheck, type Proof, type Verdict } from "../check.ts";
import { demandOf } from "../demand.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { listed } from "../text.ts";
import { findingOf, type ReasonWords, undecidedOf } from "../words.ts";
import { type Unreadable, unreadableSupply } from "./floor-words.ts";

/** What the words about too little of something need, next to what was measured. */
export interface BelowFloor {
	readonly floor: number;
	/** Who asks for it: "the profile `inference` asks for 1 GiB". */
	readonly demand: string;
	readonly situation: Situation;
}

/** How much a job gets. `unreadable`: what might hold a lower limit, but cannot be read. */
export type Supply<S> = { readonly unreadable: readonly Unreadable[]; readonly evidence: Proof } & (
	| { readonly amount: undefined }
	| {
			readonly amount: number;
			readonly seen: S;
			/** The amount in a finding, if `format` does not fit. */
			readonly observed?: string;
			/** The amount in a pass, if `format` does not fit. */
			readonly passed?: string;
	  }
);

interface FloorCheck<Facts, S, R extends string> {
	readonly id: string;
	readonly title: string;
	readonly intro: string;
	/** The only reason, and its words. */
	readonly words: Readonly<Record<R, ReasonWords<S & BelowFloor>>>;
	readonly probe: Probe<Facts>;
	/** Key of the floor in the policy, and of its source. */
	readonly key: "memory" | "cpus" | "shm" | "openFiles";
	/** `1 GiB`, `4 CPUs` */
	format(amount: number): string;
	/** A string: there is nothing to judge on this system, and why. */
	supplyOf(facts: Facts): Supply<S> | string;
}

/** A check that compares how much of something a job gets with the floor that its profile sets. */
export function floorCheck<Facts, S, R extends string>(check: FloorCheck<Facts, S, R>): Check {
	const { id, title, intro, words, probe, key, format, supplyOf } = check;
	const [reason] = Object.keys(words) as [R];
	return defineCheck({
		id,
		title,
		intro,
		reasons: words,
		needs: { facts: probe, container: containerProbe, job: jobProbe },
		applies: (policy: Policy) => policy[key] !== undefined,
		judge({ facts, container, job }, policy): Verdict<R> {
			const supply = supplyOf(facts);
			if (typeof supply === "string") return { kind: "skip", reason: "not-applicable", message: supply };
			const floor = policy[key] ?? 0;
			const { amount, unreadable, evidence } = supply;
			// Facts from a file may lack the figure, and what is computed from it is then NaN.
			const isKnown = amount !== undefined && !Number.isNaN(Number(amount));
			if (isKnown && amount < floor) {
				const asked = { floor, demand: demandOf(policy, format(floor), key), situation: situationOf(container, job) };
				const observed = supply.observed ?? format(amount);
				return findingOf(reason, words[reason], { ...supply.seen, ...asked }, { observed, evidence });
			}
			if (!isKnown || unreadable.length > 0) {
				const seen = { key, unreadable, demand: demandOf(policy, format(floor), key) };
				const observed = listed(unreadable.map(({ errno }) => errno ?? "no number")) || "no number";
				return undecidedOf(unreadableSupply, seen, { observed, evidence });
			}
			const passed = supply.passed ?? format(amount);
			const message = Number.isFinite(amount) ? `${passed} (${format(floor)} asked for)` : passed;
			return { kind: "pass", message, evidence };
		},
	});
}

/** The lowest of several limits that hold at the same time. NaN is lower than all: it may be. */
export function lowestOf<B>(bounds: readonly B[], amountOf: (bound: B) => number): B | undefined {
	return bounds.reduce<B | undefined>((lowest, bound) => {
		if (lowest === undefined || Number.isNaN(Number(amountOf(bound)))) return bound;
		return amountOf(bound) < amountOf(lowest) ? bound : lowest;
	}, undefined);
}
