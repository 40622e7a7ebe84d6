import type { Check, Finding, Moment, Undecided, Verdict } from "./checks/check.ts";
import { matchesFinding } from "./checks/matches-finding.ts";
import { matchesId } from "./checks/matches-id.ts";
import { crashed, noFacts, timedOut, unnamedMount } from "./checks/no-answer-words.ts";
import { nothingSeen } from "./checks/nothing-seen.ts";
import { docsOf } from "./docs-of.ts";
import { messageOf } from "./message-of.ts";
import type { Policy } from "./policy/policy.ts";
import type { Facts, Probe } from "./probes/probe.ts";
import type { Result } from "./report/report.ts";

/** The check that reports mounts that do not answer. */
const mountCheck = "fs/mount";

/** The checks that will be judged: neither switched off nor foreign to the profile. */
export function askedChecks(checks: readonly Check[], policy: Policy): readonly Check[] {
	return checks.filter((check) => whyNotAsked(check, policy) === undefined);
}

/** Why a check is not judged at all, as the reason and the message of its skip. */
function whyNotAsked(check: Check, policy: Policy): readonly [reason: string, message: string] | undefined {
	if (policy.skip.some((pattern) => matchesId(pattern, check.id)))
		return ["disabled", "Switched off by the input `skip`."];
	if (severityOf(check.id, undefined, policy) === "off")
		return ["disabled", "Switched off by the policy's `severity`."];
	if (!check.applies || check.applies(policy)) return undefined;
	const why = check.notAsked?.(policy);
	return ["not-in-profile", why ?? `The profile \`${policy.profile}\` does not ask for this.`];
}

/** Every probe that the checks need, once. */
export function probesOf(checks: readonly Pick<Check, "needs">[]): readonly Probe<unknown>[] {
	const byName = new Map<string, Probe<unknown>>();
	for (const check of checks) for (const probe of Object.values(check.needs)) byName.set(probe.name, probe);
	return [...byName.values()];
}

/** The probes that would tell more about what the checks find. Pure. */
export function probesOfFindings(
	checks: readonly Check[],
	facts: Facts,
	policy: Policy,
	moment: Moment,
): readonly Probe<unknown>[] {
	const curious = checks.filter(({ details }) => details !== undefined);
	const results = judgeAll(curious, facts, policy, moment);
	const found = curious.filter(({ details }, at) => {
		const { status, reason = "" } = results[at] ?? {};
		return (status === "fail" || status === "warn") && details?.of.includes(reason);
	});
	return probesOf(found.map(({ details }) => ({ needs: details?.needs ?? {} })));
}

/** Judges every check and gives the results in the order of the list. Pure. */
export function judgeAll(checks: readonly Check[], facts: Facts, policy: Policy, moment: Moment): readonly Result[] {
	const byId = new Map(checks.map((check) => [check.id, check]));
	const results = new Map<string, Result>();

	/** The failed check among these that blocks others, if any. Judges them first. */
	const blockerIn = (ids: readonly string[]): string | undefined => {
		for (const id of ids) {
			const prerequisite = byId.get(id);
			const root = prerequisite && rootOf(resultOf(prerequisite), prerequisite);
			if (root !== undefined) return root;
		}
		return undefined;
	};
	const resultOf = (check: Check): Result => {
		const known = results.get(check.id);
		if (known) return known;
		const result = judgeOne(check, facts, policy, moment, blockerIn);
		results.set(check.id, result);
		return result;
	};
	return checks.map(resultOf);
}

/** The check whose failure blocks those that depend on this result: itself, the one it waits for, or none. */
function rootOf(result: Result, check: Check): string | undefined {
	if (result.status === "fail" || result.status === "error") return result.id;
	if (result.status === "skip" && result.reason?.startsWith("needs:")) return result.reason.slice("needs:".length);
	// A failure that the policy accepts or turns down to a warning is still broken for what builds on it.
	const turnedDown = result.status === "warn" || result.accepted !== undefined;
	return turnedDown && check.reasons[result.reason ?? ""]?.level === "fail" ? result.id : undefined;
}

function judgeOne(
	check: Check,
	facts: Facts,
	policy: Policy,
	moment: Moment,
	blockerIn: (ids: readonly string[]) => string | undefined,
): Result {
	const base = {
		id: check.id,
		title: check.title,
		evidence: [],
		docs: docsOf(check.id),
		duration_ms: Math.max(0, ...Object.values(check.needs).map((probe) => facts[probe.name]?.ms ?? 0)),
	};
	const skip = (reason: string, message: string): Result => ({ ...base, status: "skip", reason, message });
	const error = (reason: string, { kind: _, ...said }: Undecided): Result => ({
		...base,
		status: "error",
		reason,
		...said,
	});
	/** It waits for `fs/mount`, unless that reports nothing: a mount that nobody names leaves this undecided. */
	const waitForMount = (message: string): Result =>
		check.id === mountCheck || blockerIn([mountCheck]) === undefined
			? error("undecided", unnamedMount(check, message))
			: skip(`needs:${mountCheck}`, message);

	const notAsked = whyNotAsked(check, policy);
	if (notAsked) return skip(...notAsked);
	const root = blockerIn(check.after ?? []);
	if (root !== undefined) return skip(`needs:${root}`, `Cannot be judged until \`${root}\` passes.`);

	const seen: Record<string, unknown> = {};
	for (const [key, probe] of Object.entries(check.needs)) {
		const { unnamed } = probe;
		const answer = facts[probe.name] ?? (unnamed === undefined ? undefined : { ok: true, value: unnamed });
		if (!answer) return error("no-facts", noFacts(check, probe.name));
		if (!answer.ok && answer.reason === "mount") return waitForMount(`Cannot be judged: ${answer.message}.`);
		if (!answer.ok) {
			const said =
				answer.reason === "timeout" ? timedOut(check, probe.name, answer) : crashed(check, answer, probe.name);
			return error(answer.reason, said);
		}
		seen[key] = answer.value;
	}

	for (const [key, probe] of Object.entries(check.details?.needs ?? {})) {
		const answer = facts[probe.name];
		if (answer?.ok) seen[key] = answer.value;
	}

	const unseen = () => error("undecided", nothingSeen(check.id, Object.keys(check.needs).join(", ")));
	// Facts from a file may be of a kind that no check knows.
	let verdict: Verdict | undefined;
	try {
		verdict = check.judge(seen, policy, moment);
	} catch (thrown) {
		return error("crashed", crashed(check, { message: messageOf(thrown) }));
	}
	switch (verdict?.kind) {
		case undefined:
			return unseen();
		case "pass":
			if (!showsSomething(verdict.evidence)) return unseen();
			return { ...base, status: "pass", message: verdict.message, evidence: verdict.evidence };
		case "skip":
			return skip(verdict.reason, verdict.message);
		case "waits-for-mount":
			return waitForMount(verdict.message);
		case "undecided":
			return error("undecided", verdict);
		case "finding":
			return applyPolicy(findingResult(check, verdict, base.duration_ms), policy, moment);
	}
}

/** Is there evidence, and no part of it blank? If facts come from a file, its types are not what they are said to be. */
function showsSomething(evidence: unknown): boolean {
	const isText = (part: unknown): boolean => typeof part === "string" && part.trim() !== "";
	return (
		Array.isArray(evidence) &&
		evidence.length > 0 &&
		evidence.every(({ source, text }) => isText(source) && isText(text))
	);
}

/** A finding of a check as a result, with the level that its reason has unless the facts of this case say otherwise. */
export function findingResult(
	check: Pick<Check, "id" | "title" | "reasons">,
	finding: Finding<string>,
	duration_ms = 0,
): Result {
	const { reason, message, why, expected, observed, evidence, remedy, location, by } = finding;
	const known = check.reasons[reason];
	return {
		id: check.id,
		status: finding.level ?? known?.level ?? "fail",
		reason,
		title: finding.title ?? known?.title ?? check.title,
		message,
		why,
		expected,
		observed,
		evidence,
		remedy,
		docs: docsOf(check.id),
		duration_ms,
		...(location && { location }),
		...(by && { by }),
	};
}

/** `severity` and `accept` of the policy have the last word on a finding. */
function applyPolicy(result: Result, policy: Policy, moment: Moment): Result {
	const level = severityOf(result.id, result.reason, policy);
	if (level === "off")
		return {
			...result,
			status: "skip",
			reason: "disabled",
			message: `Switched off by the policy's \`severity\`: ${result.message}`,
		};
	const judged: Result = level ? { ...result, status: level } : result;

	const acceptance = policy.accept.find((entry) => matchesFinding(entry.check, result.id, result.reason));
	if (!acceptance) return judged;
	if (moment.started.slice(0, 10) > acceptance.until) return { ...judged, acceptance_expired: acceptance.until };
	return { ...judged, status: "skip", accepted: { reason: acceptance.reason, until: acceptance.until } };
}

/** The most telling entry wins: `id:reason`, then `id`, then a glob with this reason, then a glob. */
function severityOf(id: string, reason: string | undefined, policy: Policy): "off" | "warn" | "fail" | undefined {
	const exact = reason === undefined ? undefined : policy.severity[`${id}:${reason}`];
	if (exact) return exact;
	if (policy.severity[id]) return policy.severity[id];
	const globs = Object.keys(policy.severity).filter((pattern) => pattern.includes("*"));
	const glob =
		globs.find((pattern) => !matchesId(pattern, id) && matchesFinding(pattern, id, reason)) ??
		globs.find((pattern) => matchesId(pattern, id));
	return glob === undefined ? undefined : policy.severity[glob];
}
