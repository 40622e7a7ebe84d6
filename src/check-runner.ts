import { checksFor } from "./checks/list.ts";
import { collectFacts, judgeAll, probesOf } from "./engine.ts";
import type { Host } from "./host/host.ts";
import type { Policy } from "./policy/policy.ts";
import { containerProbe } from "./probes/container.ts";
import { jobProbe } from "./probes/job.ts";
import { nodeRuntimeProbe, oldestNode } from "./probes/node-runtime.ts";
import { osProbe } from "./probes/os.ts";
import type { Facts, Probe } from "./probes/probe.ts";
import { selfContainerProbe } from "./probes/self-container.ts";
import { createRedactor } from "./report/redact.ts";
import type { JobInfo, Report, Result, RunnerInfo, Status, VerdictName } from "./report/report.ts";
import type { Request } from "./request.ts";
import { version } from "./version.ts";

export { allChecks, checkIds, knowsCheck } from "./checks/list.ts";

/** Probes that the head of the report is written from, whatever the checks need. */
const headProbes: readonly Probe<unknown>[] = [jobProbe, containerProbe, osProbe];

export interface RunOptions {
	/** Which step chose the profile: `input`, `runs-on`, `api`, `environment`. */
	readonly decidedBy: string;
	/** Name of the policy file, where there is one. */
	readonly policyFile: string | undefined;
	/** Called every second with the names of the probes that are still waited for. */
	readonly onWaiting?: (names: readonly string[]) => void;
}

/** The whole way: looks at the machine, judges what was seen, and gives the report. Never rejects for what it finds. */
export async function checkRunner(host: Host, request: Request, options: RunOptions): Promise<Report> {
	const started = new Date();
	const redactor = createRedactor(host.env);
	const probes = [...headProbes, ...probesOf(checksFor(request.policy))];
	const tooOld = Number(host.nodeVersion.split(".")[0]) < oldestNode;
	const facts = tooOld
		? await factsOfOldNode(host, request)
		: await collectFacts(probes, host, request, options.onWaiting);
	return judgeFacts(redactor.deep(facts), redactor.deep(request.policy), {
		started: started.toISOString(),
		duration_ms: Date.now() - started.getTime(),
		decidedBy: options.decidedBy,
		policyFile: options.policyFile,
	});
}

/** All that can be told on a Node that cannot run the probes: Node 12 and 14 have no AbortSignal to give them. */
async function factsOfOldNode(host: Host, request: Request): Promise<Facts> {
	const never = { aborted: false, addEventListener() {}, removeEventListener() {} } as unknown as AbortSignal;
	const entries = [nodeRuntimeProbe, ...headProbes].map(async (probe: Probe<unknown>) => {
		const value = await probe.collect(host, request, never, () => Promise.reject(new Error("not on this Node")));
		return [probe.name, { ok: true, value, ms: 0 }] as const;
	});
	return Object.fromEntries(await Promise.all(entries));
}

export interface Judged {
	readonly started: string;
	readonly duration_ms: number;
	readonly decidedBy: string;
	readonly policyFile: string | undefined;
}

/** The pure half: facts, from this machine or from an old report, to a report. */
export function judgeFacts(facts: Facts, policy: Policy, moment: Judged): Report {
	const results = judgeAll(checksFor(policy), facts, policy, { started: moment.started });
	const counts = countOf(results);
	const job = jobInfo(facts);
	return {
		version: 1,
		generator: { name: "runner-check", version },
		started: moment.started,
		duration_ms: moment.duration_ms,
		runner: runnerInfo(facts),
		...(job && { job }),
		profile: {
			name: policy.profile,
			decided_by: moment.decidedBy,
			...(moment.policyFile !== undefined && { policy: moment.policyFile }),
		},
		verdict: verdictOf(counts),
		counts,
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

function verdictOf(counts: Readonly<Record<Status, number>>): VerdictName {
	if (counts.fail + counts.error > 0) return "misconfigured";
	return counts.warn > 0 ? "degraded" : "healthy";
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
