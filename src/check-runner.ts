import { collectFacts } from "./collect.ts";
import type { Host } from "./host/host.ts";
import { notingLogins } from "./host/noting-logins.ts";
import { sharpen } from "./policy/requirements.ts";
import { containerProbe } from "./probes/container.ts";
import { jobProbe } from "./probes/job.ts";
import { nodeRuntimeProbe, oldestNode } from "./probes/node-runtime.ts";
import { osProbe } from "./probes/os.ts";
import type { Facts, Probe } from "./probes/probe.ts";
import { secretsInPolicy, withoutLogins } from "./report/policy-secrets.ts";
import { createRedactor } from "./report/redact.ts";
import type { Report } from "./report/report.ts";
import type { Request } from "./request.ts";

export interface RunOptions {
	/** Which step chose the profile: `input`, `runs-on`, `api`, `environment`. */
	readonly decidedBy: string;
	/** Name of the policy file, where there is one. */
	readonly policyFile: string | undefined;
	/** Called every second with the names of the probes that are still waited for. */
	readonly onWaiting?: (names: readonly string[]) => void;
}

/** Probes that the head of the report is written from, whatever the checks need. */
const headProbes: readonly Probe<unknown>[] = [jobProbe, containerProbe, osProbe];

/** The whole way: looks at the machine, judges what was seen, and gives the report. Never rejects for what it finds. */
export async function checkRunner(host: Host, request: Request, options: RunOptions): Promise<Report> {
	const started = new Date();
	const { decidedBy, policyFile, onWaiting } = options;
	// The repository's own requirements are read while the checks are loaded.
	const [policy, { askedChecks, judgeFacts, loadChecks, probesOf }] = await Promise.all([
		sharpen(request.policy, host, request.workspace),
		import("./judge.ts"),
	]);
	const checks = await loadChecks(policy, request.runnerConfig !== undefined || request.workflows.length > 0);
	const probes = [...headProbes, ...probesOf(askedChecks(checks, policy))];
	const tooOld = Number(host.nodeVersion.split(".")[0]) < oldestNode;
	const logins = new Set(secretsInPolicy(policy));
	if (request.token !== undefined) logins.add(request.token);
	const facts = tooOld
		? await factsOfOldNode(host, request)
		: await collectFacts(probes, notingLogins(host, logins), request, onWaiting);
	const { deep, again } = createRedactor(host.env, [...logins]);
	const report = judgeFacts(checks, deep(facts), deep(withoutLogins(policy)), {
		started: started.toISOString(),
		duration_ms: Date.now() - started.getTime(),
		decidedBy,
		policyFile,
	});
	// Checks were made of the policy as it is, before anything was redacted.
	return { ...report, ...again({ profile: report.profile, results: report.results }) };
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
