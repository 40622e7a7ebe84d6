import { checksOfRun } from "./checks/run-checks.ts";
import { now, since, timeLeft } from "./clock.ts";
import { collectFacts } from "./collect.ts";
import { askedChecks, probesOf, probesOfFindings } from "./engine.ts";
import type { Host } from "./host/host.ts";
import { notingLogins } from "./host/noting-logins.ts";
import { judgeRedacted } from "./judge-report.ts";
import type { UnusedFiles } from "./policy/find-policy.ts";
import { sharpen } from "./policy/requirements.ts";
import { containerProbe } from "./probes/container.ts";
import { jobProbe } from "./probes/job.ts";
import { machineStateProbe } from "./probes/machine-state.ts";
import { osProbe } from "./probes/os.ts";
import type { Facts, Probe } from "./probes/probe.ts";
import { queryIn } from "./report/policy-secrets.ts";
import type { Report } from "./report/report.ts";
import type { Request } from "./request.ts";

export interface RunOptions {
	/** Which step chose the profile: `input`, `runs-on`, `api`, `environment`. */
	readonly decidedBy: string;
	/** Name of the policy file, where there is one. */
	readonly policyFile: string | undefined;
	/** Files of the workspace that state expectations and were not used. */
	readonly unused?: UnusedFiles;
	/** Called every second with the names of the probes that are still waited for. */
	readonly onWaiting?: (names: readonly string[]) => void;
	/** Ends the run: every probe gives up and cleans up, and the report tells nothing. */
	readonly signal?: AbortSignal;
}

/** Less time than this tells nothing that is worth a wait. */
const leastForDetailsMs = 200;

/** Probes that the head of the report is written from, whatever the checks need, and what a second look after the job compares. */
const headProbes: readonly Probe<unknown>[] = [jobProbe, containerProbe, osProbe, machineStateProbe];

/** The whole way: looks at the machine, judges what was seen, and gives the report. Never rejects for what it finds. */
export async function checkRunner(host: Host, request: Request, options: RunOptions): Promise<Report> {
	const started = new Date();
	const start = now();
	const { decidedBy, policyFile, onWaiting, signal } = options;
	const writtenTo = [request.reportDir, host.env.GITHUB_STEP_SUMMARY, host.env.GITHUB_OUTPUT];
	// Asked now, so that `fs/mount` reports them; who writes asks again.
	const reached = writtenTo.map((path) => (path ? host.reach(path).catch(() => undefined) : undefined));
	const { usesWorkspace, workspace } = request;
	const policy = usesWorkspace ? await sharpen(request.policy, host, workspace) : request.policy;
	await Promise.all(reached);
	const checks = await checksOfRun(policy, request);
	const probes = [...headProbes, ...probesOf(askedChecks(checks, policy))];
	const logins = new Set<string>();
	if (request.token !== undefined) logins.add(request.token);
	for (const path of [request.runnerConfig ?? "", ...request.workflows])
		for (const key of queryIn(path)) logins.add(key);
	const asked = { ...request, timeoutMs: timeLeft(request.timeoutMs, start) };
	const noting = notingLogins(host, logins);
	const look = (wanted: readonly Probe<unknown>[], timeoutMs: number, known?: Facts): Promise<Facts> =>
		collectFacts(wanted, noting, { ...asked, timeoutMs }, onWaiting, signal, known);
	const first = await look(probes, asked.timeoutMs);
	const judgedAt = { started: started.toISOString() };
	// A second look at what was found: on a machine that is well there is none.
	const details = probesOfFindings(checks, first, policy, judgedAt);
	const left = request.timeoutMs - since(start);
	const canLook = details.length > 0 && left >= leastForDetailsMs && !signal?.aborted;
	const facts = canLook ? await look(details, left, first) : first;
	const moment = {
		...judgedAt,
		id: host.newId(),
		duration_ms: since(start),
		decidedBy,
		policyFile,
		...(options.unused && { unused: options.unused }),
	};
	return judgeRedacted(checks, facts, policy, moment, host.env, logins);
}
