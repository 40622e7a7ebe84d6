import { expect, test } from "vitest";
import { checksFor } from "../../src/checks/list.ts";
import { judgeAll } from "../../src/engine.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { ContainerFacts } from "../../src/probes/container.ts";
import type { JobFacts } from "../../src/probes/job.ts";
import { createPolicy, createTool } from "../support/builders.ts";
import { createJob, onHost } from "./runner/facts.ts";
import { notFound } from "./toolchain/facts.ts";

const inRunnersContainer: ContainerFacts = { ...onHost, insideContainer: "overlay root in /proc/self/mountinfo" };
const healthCheck = createJob({ inJob: false });
const moment = { started: "2026-11-24T06:00:00.000Z" };

/** The result of one check on a machine that has neither Rust nor an NVIDIA driver. */
function resultOf(id: string, runsIn: Policy["runsIn"], container: ContainerFacts, job: JobFacts = healthCheck) {
	const policy = createPolicy({ runsIn, tools: { rustc: createTool("rustc") }, gpu: { require: "required" } });
	const values = { job, container, "tool:rustc": notFound("rustc"), nvidia: { nodes: [] } };
	const facts = Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, { ok: true, value, ms: 1 } as const]),
	);
	const checks = checksFor(policy).filter((check) => check.id === id);
	const [result] = judgeAll(checks, facts, policy, moment);
	return result ?? expect.fail(`no check ${id}`);
}

const notApplicable = { status: "skip", reason: "not-applicable", message: expect.stringContaining("health check") };

test("the tools of job containers are not looked for in the runner's own place", () => {
	expect(resultOf("tool/rustc", "container", inRunnersContainer)).toMatchObject(notApplicable);
	expect(resultOf("tool/rustc", "container", onHost)).toMatchObject(notApplicable);
});

test("host jobs run in the runner's own place, so its tools count", () => {
	expect(resultOf("tool/rustc", "host", inRunnersContainer)).toMatchObject({ status: "fail", reason: "missing" });
	expect(resultOf("tool/rustc", "any", onHost)).toMatchObject({ status: "fail", reason: "missing" });
});

test("a job of the same profile is judged as always", () => {
	const job = createJob();
	expect(resultOf("tool/rustc", "container", onHost, job)).toMatchObject({ status: "fail", reason: "missing" });
});

test("the GPU for job containers is looked for on the host, but not in the runner's container", () => {
	expect(resultOf("gpu/driver", "container", onHost)).toMatchObject({ status: "fail", reason: "smi-missing" });
	expect(resultOf("gpu/driver", "container", inRunnersContainer)).toMatchObject(notApplicable);
});
