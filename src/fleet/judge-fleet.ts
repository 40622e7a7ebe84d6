/** Makes one picture of many looks. Pure: the same looks, expectations and time give the same fleet. */

import { timeText } from "../render/time-text.ts";
import type { VerdictName } from "../report/report.ts";
import { compare, type Looks, type PastLook, type RunnerLooks } from "./collect-looks.ts";
import { driftOf } from "./drift.ts";
import type { Change, Fleet, FleetRunner, Rejected, RunnerStatus, Unserved } from "./fleet.ts";

/** A runner that somebody or something counts on. */
export interface ExpectedRunner {
	readonly name: string;
	readonly profile?: string;
	/** Who expects it: "the policy expects it". */
	readonly by: string;
}

/** A job of the health check that no runner takes. */
export interface WaitingJob {
	readonly labels: readonly string[];
	/** ISO 8601. */
	readonly since: string;
	readonly url?: string;
}

/** A runner as the forge lists it. */
export interface ListedRunner {
	readonly name: string;
	readonly online: boolean;
	readonly disabled: boolean;
	readonly busy?: boolean;
	readonly labels: readonly string[];
}

export interface FleetInput {
	readonly looks: Looks;
	readonly expected: readonly ExpectedRunner[];
	readonly waiting?: readonly WaitingJob[];
	/** By name; absent if the token may not list runners. */
	readonly listed?: ReadonlyMap<string, ListedRunner>;
	/** The labels of a profile, for runners that no job record names the labels of. */
	readonly labelsOf: (profile: string) => readonly string[];
	/** ISO 8601. */
	readonly now: string;
	readonly maxAgeMs: number;
	readonly unserved: readonly Unserved[];
	readonly rejected: readonly Rejected[];
	readonly notes: readonly string[];
}

/** The fleet as it is at a point in time. */
export function judgeFleet(input: FleetInput): Fleet {
	const known = input.looks.all();
	const notes = [...input.notes];
	const { asked, skipped } = askedOf(known, input);
	for (const { name, labels, by } of skipped)
		notes.push(
			`${name} was not checked: other runners (${by.join(", ")}) took the jobs with its label ${labels.join(", ")}. Name it in \`fleet.runners\` of the policy, or give each runner a label of its own.`,
		);
	const seen = asked.map((runner) => judgeRunner(runner, input));
	const unseen = missingOf(known, input);
	const waiting = waitingOf([...seen, ...unseen], input);
	const runners = [...seen, ...unseen, ...waiting].sort(
		(a, b) => compare(a.name, b.name) || compare(a.profile ?? "", b.profile ?? ""),
	);
	const young = asked.filter(({ report }) => report && ageOf(report.at, input) <= input.maxAgeMs);
	return {
		version: 1,
		generated: input.now,
		verdict: worstOf(runners),
		runners,
		drift: driftOf(young),
		unserved: input.unserved,
		rejected: input.rejected,
		changes: changesOf(asked, runners, input),
		notes,
	};
}

/** What one runner is: `healthy`, `misconfigured`, `silent`, … */
export function stateOf({ status, verdict }: Pick<FleetRunner, "status" | "verdict">): string {
	return status === "reported" ? (verdict ?? "unknown") : status;
}

/** Does somebody have to look at it? Any status but `reported` counts as `misconfigured`. */
export function isSick({
	status,
	verdict,
}: {
	readonly status: RunnerStatus;
	readonly verdict?: VerdictName;
}): boolean {
	return status !== "reported" || (verdict !== "healthy" && verdict !== "degraded");
}

const rank: Readonly<Record<VerdictName, number>> = { healthy: 0, degraded: 1, unknown: 2, misconfigured: 3 };

function worstOf(runners: readonly FleetRunner[]): VerdictName {
	if (runners.length === 0) return "unknown";
	let worst: VerdictName = "healthy";
	for (const { status, verdict = "unknown" } of runners) {
		const own = status === "reported" ? verdict : "misconfigured";
		if (rank[own] > rank[worst]) worst = own;
	}
	return worst;
}

function ageOf(at: string, { now }: FleetInput): number {
	return Date.parse(now) - Date.parse(at);
}

/**
 * Of several runners with the same labels, the forge gives the job of the health check to one. The others were not asked, so that
 * they said nothing means nothing, unless somebody expects them by name.
 */
function askedOf(
	known: readonly RunnerLooks[],
	input: FleetInput,
): {
	readonly asked: readonly RunnerLooks[];
	readonly skipped: readonly {
		readonly name: string;
		readonly labels: readonly string[];
		readonly by: readonly string[];
	}[];
} {
	const young = known.filter(({ newest }) => ageOf(newest.at, input) <= input.maxAgeMs);
	const takers = new Map<string, Set<string>>();
	for (const { newest } of young) {
		if (newest.labels.length === 0) continue;
		const key = labelKey(newest.labels);
		takers.set(key, (takers.get(key) ?? new Set()).add(newest.name));
	}
	const skipped: { name: string; labels: readonly string[]; by: readonly string[] }[] = [];
	const asked = known.filter((runner) => {
		const { newest, name } = runner;
		if (ageOf(newest.at, input) <= input.maxAgeMs || newest.labels.length === 0) return true;
		if (input.expected.some((expected) => isSame(expected, runner))) return true;
		const by = [...(takers.get(labelKey(newest.labels)) ?? [])].filter((taker) => taker !== name);
		if (by.length === 0) return true;
		skipped.push({ name, labels: newest.labels, by });
		return false;
	});
	return { asked, skipped };
}

/** The same for the same labels in any order. */
export function labelKey(labels: readonly string[]): string {
	return JSON.stringify([...labels].sort());
}

/** An expectation without a profile is met by any. */
function isSame(
	expected: ExpectedRunner,
	{ name, profile }: { readonly name: string; readonly profile?: string },
): boolean {
	return expected.name === name && (expected.profile === undefined || expected.profile === profile);
}

function judgeRunner(runner: RunnerLooks, input: FleetInput): FleetRunner {
	const { name, profile, past, newest, report, after } = runner;
	const labels = newest.labels.length > 0 || profile === undefined ? newest.labels : input.labelsOf(profile);
	const waiting = (input.waiting ?? []).find((job) => sameLabels(job.labels, labels) && job.since > newest.at);
	const { status, why } = statusOf(runner, waiting, input);
	const listed = input.listed?.get(name);
	const history = past.map(({ at, status, verdict, failures, warnings, url }) => ({
		at,
		status,
		...(verdict && { verdict }),
		failures,
		warnings,
		...(url && { url }),
	}));
	const since = sickSince(past, status, waiting);
	const url = waiting?.url ?? newest.url;
	const told = status === "set-up-failed" ? newest : (report ?? newest);
	return {
		name,
		...(profile !== undefined && { profile }),
		labels,
		status,
		...(report?.verdict && { verdict: report.verdict }),
		...(report && { last_report: report.at }),
		failures: report?.failures ?? [],
		warnings: report?.warnings ?? [],
		...(why !== undefined && { why }),
		...(listed?.busy && { busy: true }),
		...(since !== undefined && { since }),
		...(url !== undefined && { url }),
		...(report?.runner && { runner: report.runner }),
		results: told.results,
		versions: report?.versions ?? {},
		...(report?.disks && { disks: report.disks }),
		history,
		failed: past.filter(isSick).length,
		...(after && { after }),
	};
}

function sameLabels(a: readonly string[], b: readonly string[]): boolean {
	return a.length > 0 && labelKey(a) === labelKey(b);
}

/** The forge's word first, then what the newest job shows, then the age of the newest report. */
function statusOf(
	{ name, newest, report }: RunnerLooks,
	waiting: WaitingJob | undefined,
	input: FleetInput,
): { readonly status: RunnerStatus; readonly why?: string } {
	const listed = input.listed?.get(name);
	if (listed?.disabled) return { status: "disabled", why: "The forge lists this runner as disabled." };
	if (listed && !listed.online) return { status: "offline", why: "The forge lists this runner as offline." };
	if (waiting)
		return {
			status: "waiting",
			why: `The job of the health check has been waiting since ${timeText(waiting.since)}: no runner takes jobs with the label ${waiting.labels.join(", ")}.`,
		};
	const isFresh = ageOf(newest.at, input) <= input.maxAgeMs;
	if (isFresh && newest.status === "set-up-failed")
		return { status: "set-up-failed", why: newest.why ?? "The job failed before it reported." };
	if (report && ageOf(report.at, input) <= input.maxAgeMs) return { status: "reported" };
	const last = report ? `the last one is of ${timeText(report.at)}` : "there never was one";
	return { status: "silent", why: `No report within ${hours(input.maxAgeMs)}: ${last}.` };
}

function hours(ms: number): string {
	return ms % 3_600_000 === 0 ? `${ms / 3_600_000} h` : `${Math.round(ms / 60_000)} min`;
}

/** Since when it is sick without a break, as far as the looks reach. */
function sickSince(
	past: readonly PastLook[],
	status: RunnerStatus,
	waiting: WaitingJob | undefined,
): string | undefined {
	const newest = past[past.length - 1];
	if (status === "reported" && newest && !isSick(newest)) return undefined;
	let first: string | undefined;
	for (let index = past.length - 1; index >= 0; index--) {
		const look = past[index];
		if (!look || !isSick(look)) break;
		first = look.at;
	}
	if (first !== undefined) return first;
	if (waiting) return waiting.since;
	return status === "silent" ? newest?.at : undefined;
}

/** Runners that are expected and were never seen. */
function missingOf(known: readonly RunnerLooks[], input: FleetInput): readonly FleetRunner[] {
	const missing = new Map<string, ExpectedRunner>();
	for (const expected of input.expected) {
		if (known.some((runner) => isSame(expected, runner))) continue;
		const key = JSON.stringify([expected.name, expected.profile]);
		if (!missing.has(key)) missing.set(key, expected);
	}
	return [...missing.values()].map(({ name, profile, by }): FleetRunner => {
		const labels = profile === undefined ? [] : input.labelsOf(profile);
		const waiting = (input.waiting ?? []).find((job) => sameLabels(job.labels, labels));
		const listed = input.listed?.get(name);
		const status: RunnerStatus = listed?.disabled
			? "disabled"
			: listed && !listed.online
				? "offline"
				: waiting
					? "waiting"
					: "silent";
		const seen = {
			disabled: "the forge lists it as disabled",
			offline: "the forge lists it as offline",
			waiting: `no runner takes jobs with the label ${labels.join(", ")}, since ${timeText(waiting?.since ?? "")}`,
			silent: "it never sent a report",
		}[status as "disabled" | "offline" | "waiting" | "silent"];
		return {
			name,
			...(profile !== undefined && { profile }),
			labels,
			status,
			failures: [],
			warnings: [],
			why: `${by}, and ${seen}.`.replace(/^./, (letter) => letter.toUpperCase()),
			...(listed?.busy && { busy: true }),
			...(waiting && { since: waiting.since }),
			...(waiting?.url !== undefined && { url: waiting.url }),
			results: [],
			versions: {},
			history: [],
			failed: 0,
		};
	});
}

/** Jobs that wait for a label that no known runner has: nobody knows the runner's name, so it goes by its label. */
function waitingOf(runners: readonly FleetRunner[], input: FleetInput): readonly FleetRunner[] {
	const served = new Set(runners.map(({ labels }) => labelKey(labels)));
	const waiting = new Map<string, WaitingJob>();
	for (const job of input.waiting ?? []) {
		const key = labelKey(job.labels);
		const known = waiting.get(key);
		if (!served.has(key) && (!known || job.since < known.since)) waiting.set(key, job);
	}
	return [...waiting.values()].map(
		({ labels, since, url }): FleetRunner => ({
			name: labels.join(", "),
			labels,
			status: "waiting",
			failures: [],
			warnings: [],
			why: `The job of the health check has been waiting since ${timeText(since)}: no runner takes jobs with the label ${labels.join(", ")}.`,
			since,
			...(url !== undefined && { url }),
			results: [],
			versions: {},
			history: [],
			failed: 0,
		}),
	);
}

/** What is not as it was one look earlier. Without an earlier look at any runner there is nothing to compare with. */
function changesOf(
	known: readonly RunnerLooks[],
	runners: readonly FleetRunner[],
	input: FleetInput,
): readonly Change[] {
	const before = known
		.flatMap(({ past }) => past[past.length - 2]?.at ?? [])
		.sort(compare)
		.pop();
	if (before === undefined) return [];
	const looks = new Map(known.map((runner) => [JSON.stringify([runner.name, runner.profile]), runner]));
	return runners.flatMap((runner): Change[] => {
		const { name, profile, status } = runner;
		const past = looks.get(JSON.stringify([name, profile]))?.past ?? [];
		const last = past[past.length - 1];
		const isNews = status === "reported" || status === "set-up-failed";
		// What the forge says, and silence, come after the last look. Silence is news as long as the last look could not know it.
		if (!isNews && last && status === "silent" && Date.parse(last.at) + input.maxAgeMs <= Date.parse(before)) return [];
		const previous = isNews ? past[past.length - 2] : last;
		if (!previous && !(last ?? runner.since)) return [];
		const [old, now] = [findingsOf(previous), findingsOf(isNews ? last : previous)];
		const change = {
			name,
			...(profile !== undefined && { profile }),
			...(previous && { before: stateOf(previous) }),
			now: stateOf(runner),
			came: [...now].filter((finding) => !old.has(finding)),
			went: [...old].filter((finding) => !now.has(finding)),
		};
		return change.before === change.now && change.came.length + change.went.length === 0 ? [] : [change];
	});
}

function findingsOf(look: PastLook | undefined): ReadonlySet<string> {
	return new Set([...(look?.failures ?? []), ...(look?.warnings ?? [])]);
}
