import type { Check, Verdict } from "../../src/checks/check.ts";
import type { Host } from "../../src/host/host.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { Ask, Probe } from "../../src/probes/probe.ts";
import type { Request } from "../../src/request.ts";
import { anyVersion } from "../../src/versions.ts";

/** A policy that asks for nothing, until `overrides` do. */
export function createPolicy(overrides: Partial<Policy> = {}): Policy {
	return {
		profile: "test",
		runsIn: "any",
		tools: {},
		docker: { require: "required", plugins: [] },
		gpu: { require: "optional" },
		privileged: "allowed",
		disk: [],
		registries: [],
		services: [],
		skip: [],
		severity: {},
		accept: [],
		sources: {},
		...overrides,
	};
}

/** An expectation of any version of a tool. */
export function createTool(name: string, overrides: Partial<Policy["tools"][string]> = {}): Policy["tools"][string] {
	return { version: anyVersion, command: [name, "--version"], optional: false, ...overrides };
}

export function createRequest(overrides: Partial<Request> = {}): Request {
	return {
		policy: createPolicy(),
		profileChoice: { decidedBy: "input" },
		workspace: "/workspace/fortemi/fortemi",
		usesWorkspace: true,
		trusts: false,
		timeoutMs: 10_000,
		failOn: "fail",
		reportDir: undefined,
		formats: ["json"],
		after: "failure",
		summary: true,
		publish: "none",
		runnerConfig: undefined,
		workflows: [],
		...overrides,
	};
}

/** Runs one probe on a (fake) host, with whatever it asks of others answered by the real ones. */
export async function collect<T>(probe: Probe<T>, host: Host, request: Request = createRequest()): Promise<T> {
	const signal = new AbortController().signal;
	const ask: Ask = (other) => other.collect(host, request, signal, ask);
	return probe.collect(host, request, signal, ask);
}

/** Judges facts: the shortest way to say "facts in, verdict out". */
export function judge(
	check: Check,
	facts: Readonly<Record<string, unknown>>,
	policy: Policy = createPolicy(),
	started = "2026-11-24T06:00:00.000Z",
): Verdict {
	return check.judge(facts, policy, { started });
}
