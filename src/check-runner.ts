import type { Check } from "./checks/check.ts";
import { createCollector } from "./collect.ts";
import type { Host } from "./host/host.ts";
import type { Policy } from "./policy/policy.ts";
import { sharpen } from "./policy/requirements.ts";
import { earlyProbes, headProbes, programProbes } from "./probes/early.ts";
import { nodeRuntimeProbe, oldestNode } from "./probes/node-runtime.ts";
import type { Facts, Probe } from "./probes/probe.ts";
import { startPrograms } from "./probes/starts.ts";
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

/** Time at most for the first probes to start their programs, and for the next to send their requests. */
const programStartMs = 20;
const requestStartMs = 2;

/** The whole way: looks at the machine, judges what was seen, and gives the report. Never rejects for what it finds. */
export async function checkRunner(host: Host, request: Request, options: RunOptions): Promise<Report> {
	const started = new Date();
	const { decidedBy, policyFile, onWaiting } = options;
	const { facts, policy, checks, judgeFacts } = await look(host, request, onWaiting);
	const { deep } = createRedactor(host.env);
	return judgeFacts(checks, deep(facts), deep(policy), {
		started: started.toISOString(),
		duration_ms: Date.now() - started.getTime(),
		decidedBy,
		policyFile,
	});
}

interface Looked {
	readonly facts: Facts;
	/** The request's, with what the repository itself asks for. */
	readonly policy: Policy;
	readonly checks: readonly Check[];
	readonly judgeFacts: typeof import("./judge-report.ts").judgeFacts;
}

/** Loads the checks while the first probes wait for their programs: it takes about as long as they do. */
async function look(host: Host, request: Request, onWaiting: RunOptions["onWaiting"]): Promise<Looked> {
	const tooOld = Number(host.nodeVersion.split(".")[0]) < oldestNode;
	const collector = tooOld ? undefined : createCollector(host, request, onWaiting);
	// What takes long begins first, and loading the checks, which keeps this thread busy, comes after. Who switches a check off
	// may do so because its probe takes long: then nothing begins before it is known what is asked.
	if (collector && request.policy.skip.length === 0) {
		await startPrograms(collector, programProbes(request.policy), programStartMs);
		collector.start(earlyProbes(request.policy));
		await pause(requestStartMs);
	}
	const sharpening = sharpen(request.policy, host, request.workspace);
	const { askedChecks, judgeFacts, loadChecks, probesOf } = await import("./judge.ts");
	const policy = await sharpening;
	const checks = await loadChecks(policy, request.runnerConfig !== undefined || request.workflows.length > 0);
	const probes = [...headProbes, ...probesOf(askedChecks(checks, policy))];
	const facts = collector ? await collector.facts(probes) : await factsOfOldNode(host, request);
	return { facts, policy, checks, judgeFacts };
}

function pause(ms: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, ms));
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
