import type { Check } from "./checks/check.ts";
import { judgeAll } from "./engine.ts";
import type { UnusedFiles } from "./policy/find-policy.ts";
import type { Policy } from "./policy/policy.ts";
import { containerProbe } from "./probes/container.ts";
import { jobProbe } from "./probes/job.ts";
import { osProbe } from "./probes/os.ts";
import type { Facts, Probe } from "./probes/probe.ts";
import { selfContainerProbe } from "./probes/self-container.ts";
import { secretsInPolicy, withoutLogins } from "./report/policy-secrets.ts";
import { createRedactor } from "./report/redact.ts";
import type { JobInfo, Report, Result, RunnerInfo, Status, SwitchedOff, VerdictName } from "./report/report.ts";
import { version } from "./version.ts";

/** What belongs to a run in addition to its facts. */
export interface Judged {
	readonly id?: string;
	readonly started: string;
	readonly duration_ms: number;
	readonly decidedBy: string;
	readonly policyFile: string | undefined;
	readonly unused?: UnusedFiles;
}

/**
 * The same without secrets: of the environment, of the policy, and `logins`.
 * @param policy As it is: checks were made of it, before anything was redacted.
 */
export function judgeRedacted(
	checks: readonly Check[],
	facts: Facts,
	policy: Policy,
	moment: Judged,
	env: Readonly<Record<string, string | undefined>>,
	logins: Iterable<string> = [],
): Report {
	const { deep, again } = createRedactor(env, [...secretsInPolicy(policy), ...logins]);
	const report = judgeFacts(checks, deep(facts), deep(withoutLogins(policy)), moment);
	return { ...report, ...again({ profile: report.profile, results: report.results }) };
}

/** The pure half: facts, from this machine or from an old report, to a report. */
export function judgeFacts(checks: readonly Check[], facts: Facts, policy: Policy, moment: Judged): Report {
	const results = judgeAll(checks, facts, policy, { started: moment.started });
	const counts = countOf(results);
	const job = jobInfo(facts);
	return {
		version: 1,
		...(moment.id !== undefined && { id: moment.id }),
		generator: { name: "runner-check", version },
		started: moment.started,
		duration_ms: moment.duration_ms,
		runner: runnerInfo(facts),
		...(job && { job }),
		profile: {
			name: policy.profile,
			decided_by: moment.decidedBy,
			...(moment.policyFile !== undefined && { policy: moment.policyFile }),
			...(moment.unused && { unused: moment.unused }),
		},
		verdict: verdictOf(counts),
		counts,
		switched_off: switchedOff(checks, results, policy),
		results,
		expectations: policy,
		facts,
	};
}

function countOf(results: readonly Result[]): Record<Status, number> {
	const counts: Record<Status, number> = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 };
	for (const result of results) counts[result.status]++;
	return counts;
}

/** What the profile does not ask for is not missed, even if it is switched off as well. */
function switchedOff(checks: readonly Check[], results: readonly Result[], policy: Policy): SwitchedOff {
	const asked = new Set(checks.filter(({ applies }) => applies?.(policy) ?? true).map(({ id }) => id));
	const off = results.filter(({ id, reason }) => reason === "disabled" && asked.has(id));
	return { count: off.length, of: asked.size };
}

function verdictOf(counts: Readonly<Record<Status, number>>): VerdictName {
	if (counts.fail + counts.error > 0) return "misconfigured";
	if (counts.warn > 0) return "degraded";
	// Only a pass shows that something works: neither a skip nor an accepted finding does.
	return counts.pass > 0 ? "healthy" : "unknown";
}

/** Facts of a probe, if it answered. */
function seen<T>(facts: Facts, probe: Probe<T>): T | undefined {
	const answer = facts[probe.name];
	return answer?.ok ? (answer.value as T) : undefined;
}

function runnerInfo(facts: Facts): RunnerInfo {
	const job = seen(facts, jobProbe);
	const os = seen(facts, osProbe);
	const image = seen(facts, selfContainerProbe)?.image;
	return {
		name: job?.runnerName ?? os?.hostname ?? "this machine",
		system: job?.system ?? "none",
		...(job?.runnerVersion !== undefined && { version: job.runnerVersion }),
		mode: seen(facts, containerProbe)?.mode ?? "unknown",
		os: os?.name ?? "unknown",
		arch: os?.arch ?? "unknown",
		...(image !== undefined && { image }),
		user: os?.user ?? "unknown",
	};
}

function jobInfo(facts: Facts): JobInfo | undefined {
	const job = seen(facts, jobProbe);
	if (!job?.inJob) return undefined;
	return {
		...(job.repository !== undefined && { repository: job.repository }),
		...(job.workflow !== undefined && { workflow: job.workflow }),
		...(job.job !== undefined && { job: job.job }),
		...(job.runId !== undefined && { run_id: job.runId }),
		...(job.event !== undefined && { event: job.event }),
	};
}
