import type { Check } from "../checks/check.ts";
import { forForeignFacts } from "../cli/foreign-facts.ts";
import { now, since, timeLeft } from "../clock.ts";
import { collectFacts } from "../collect.ts";
import { judgeAll, probesOfFindings } from "../engine.ts";
import type { Host } from "../host/host.ts";
import { notingLogins } from "../host/noting-logins.ts";
import { own } from "../own.ts";
import type { Policy } from "../policy/policy.ts";
import { builtInProfiles } from "../policy/profile.ts";
import { containerProbe } from "../probes/container.ts";
import { disksProbe } from "../probes/disks.ts";
import { dockerSinceProbe } from "../probes/docker-since.ts";
import { forgeProbe } from "../probes/forge.ts";
import { cacheServerProbe } from "../probes/forge-cache.ts";
import { jobProbe } from "../probes/job.ts";
import { jobLogProbe } from "../probes/job-log.ts";
import { kernelMessagesProbe } from "../probes/kernel-messages.ts";
import { type MachineState, machineStateProbe } from "../probes/machine-state.ts";
import { type NvidiaFacts, nvidiaProbe } from "../probes/nvidia.ts";
import { ownJobProbe } from "../probes/own-job.ts";
import type { Facts, Probe } from "../probes/probe.ts";
import { type ToolFacts, toolProbe } from "../probes/tools.ts";
import { versionCommand } from "../probes/version-command.ts";
import { writtenSinceProbe } from "../probes/written-since.ts";
import { createRedactor } from "../report/redact.ts";
import type { Report } from "../report/report.ts";
import { versionsOf } from "../report/versions.ts";
import type { Request } from "../request.ts";
import { version } from "../version.ts";
import type { AfterReport } from "./after-report.ts";
import { type ToolVersions, toolVersions } from "./checks/tools.ts";
import { withStart } from "./facts.ts";
import { ownJob } from "./handles.ts";
import { afterChecks } from "./list.ts";
import { causeOf } from "./verdict.ts";

export interface LookAgain {
	readonly workspace: string;
	readonly timeoutMs: number;
	/** No step of the job runs any more. */
	readonly isOver: boolean;
	/** It is known that the job failed or was canceled. */
	readonly hasFailed: boolean;
	readonly signal?: AbortSignal;
}

const checks: readonly Check[] = afterChecks.map(forForeignFacts);

/**
 * The second look at the machine of a report: what changed since, and whether that made the job fail. Never rejects for what it finds.
 * @param before The report of the start. It may come from elsewhere: no program that it names is run.
 */
export async function lookAgain(host: Host, before: Report, options: LookAgain): Promise<AfterReport> {
	const started = new Date().toISOString();
	const begun = now();
	const { timeoutMs, signal, hasFailed, isOver } = options;
	const then = factsOf(before.facts, machineStateProbe);
	const from = isTime(then?.time) ? then.time : Date.parse(before.started);
	const policy: Policy = { ...before.expectations, skip: [], severity: {}, accept: [] };
	const request: Request = {
		policy,
		profileChoice: { decidedBy: "input" },
		workspace: options.workspace,
		usesWorkspace: false,
		trusts: false,
		timeoutMs,
		failOn: "never",
		reportDir: undefined,
		formats: [],
		publish: "none",
		after: "never",
		summary: false,
		runnerConfig: undefined,
		workflows: [],
	};
	const logins = new Set<string>();
	const noting = notingLogins(host, logins);
	const look = (probes: readonly Probe<unknown>[], ms: number, known?: Facts): Promise<Facts> =>
		collectFacts(probes, noting, { ...request, timeoutMs: ms }, undefined, signal, known);

	const seen = await look(probesOf(before, from, then, isOver), timeoutMs);
	const moment = { started };
	const judged = (facts: Facts): Facts => withStart(withVersions(before), withVersions({ ...before, facts }).facts);
	const wanted = new Set(probesOfFindings(checks, judged(seen), policy, moment).map(({ name }) => name));
	const first = causeOf(judgeAll(checks, judged(seen), policy, moment), factsOf(seen, ownJob), before, hasFailed);
	// Who was canceled has no token any more, and what is proved needs no witness that proves nothing.
	const asksLog = isOver && first.caused_by !== "runner" && (first.outcome === "failed" || first.outcome === "unknown");
	const details = [
		...[writtenSinceProbe(from)].filter(({ name }) => wanted.has(name)),
		...(asksLog ? [jobLogProbe] : []),
	];
	const facts = details.length > 0 ? await look(details, timeLeft(timeoutMs, begun), seen) : seen;

	const { deep, again } = createRedactor(host.env, [...logins]);
	const redacted = deep(facts);
	const results = again(judgeAll(checks, deep(judged(redacted)), policy, moment));
	const cause = causeOf(results, factsOf(redacted, ownJob), before, hasFailed);
	// The head of a report that was edited may hold anything, too.
	return again({
		version: 1,
		generator: { name: "runner-check", version },
		...(before.id !== undefined && { report: before.id }),
		...cause,
		started,
		duration_ms: since(begun),
		since: new Date(from).toISOString(),
		runner: before.runner,
		...(before.job && { job: before.job }),
		profile: before.profile,
		results,
		facts: redacted,
	});
}

/** A report from elsewhere may have any number there. */
function isTime(value: unknown): value is number {
	return typeof value === "number" && value >= 0 && value <= Date.now() + 86_400_000;
}

/** What looks at the end. The forge, the cache and GPUs only if the start did. */
function probesOf(
	{ facts, expectations }: Report,
	from: number,
	then: MachineState | undefined,
	isOver: boolean,
): readonly Probe<unknown>[] {
	const gpus = factsOf(facts, nvidiaProbe) as NvidiaFacts | undefined;
	return [
		machineStateProbe,
		disksProbe,
		containerProbe,
		jobProbe,
		ownJobProbe(isOver),
		dockerSinceProbe(from),
		kernelMessagesProbe(typeof then?.uptime === "number" ? then.uptime : undefined),
		...[forgeProbe, cacheServerProbe].filter(({ name }) => name in facts),
		...((gpus?.run?.gpus ?? []).length > 0 ? [nvidiaProbe] : []),
		...knownTools
			.filter((name) => `tool:${name}` in facts && own(expectations.tools, name) !== undefined)
			.map((name) => toolProbe(name, versionCommand(name, [name, "--version"]))),
	];
}

/** Tools that are asked for their version again. The command is never one of the report, which may come from elsewhere. */
const knownTools = [...new Set(Object.values(builtInProfiles).flatMap(({ tools = {} }) => Object.keys(tools)))];

function factsOf<T>(facts: Facts, { name }: Probe<T>): T | undefined {
	const answer = own(facts, name);
	return answer?.ok ? (answer.value as T) : undefined;
}

/** The facts with the versions of the tools in one place, as `after/tools` reads them. */
function withVersions(report: Pick<Report, "expectations" | "facts">): Pick<Report, "facts"> {
	const entries = [...versionsOf(report)]
		.filter(([name]) => knownTools.includes(name))
		.map(([name, text]) => {
			const tool = factsOf(report.facts, toolProbe(name, [])) as Partial<ToolFacts> | undefined;
			const path = tool?.found?.path;
			return [name, { version: text, path: typeof path === "string" ? path : name }] as const;
		});
	const value: ToolVersions = Object.fromEntries(entries);
	return { facts: { ...report.facts, [toolVersions.name]: { ok: true, value, ms: 0 } } };
}
