import { describe, expect, test } from "vitest";
import { dockerSocketExposure } from "../../../src/checks/docker/socket-exposure.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createEngine, createJob } from "./facts.ts";

const mount = { target: "/run/docker.sock", root: "/run/docker.sock", fsType: "tmpfs", readOnly: false };
const judgeExposure = (job: Partial<JobFacts> = {}, facts: Record<string, unknown> = {}) =>
	judge(dockerSocketExposure, {
		engine: createEngine(),
		job: createJob({ event: "push", fromFork: false, ...job }),
		mount: { mount },
		container: createContainer(),
		...facts,
	});

describe("untrusted-event", () => {
	test.each(["pull_request", "pull_request_sync", "pull_request_review"])("%s of a fork", (event) => {
		expect(judgeExposure({ event, fromFork: true })).toMatchObject({ kind: "finding", reason: "untrusted-event" });
	});

	test("in a host job too", () => {
		const facts = { mount: {}, container: createContainer({ mode: "host" }) };
		expect(judgeExposure({ event: "pull_request", fromFork: true }, facts)).toMatchObject({
			reason: "untrusted-event",
		});
	});

	test.each<[string, Partial<JobFacts>]>([
		["a push", {}],
		["a pull request of the repository's own branch", { event: "pull_request", fromFork: false }],
		["pull_request_target", { event: "pull_request_target", fromFork: true }],
		["outside a job", { inJob: false, system: "none", event: "pull_request", fromFork: true }],
	])("not: %s", (_, job) => {
		expect(judgeExposure(job).kind).toBe("pass");
	});

	test("an unknown origin is not decided", () => {
		const { fromFork: _, ...job } = createJob({ event: "pull_request" });
		expect(judgeExposure({}, { job }).kind).toBe("undecided");
	});

	test("an event without a name passes only if its file was seen, and is no pull request from a fork", () => {
		const { event: _, fromFork: __, ...job } = createJob();
		expect(judgeExposure({}, { job })).toMatchObject({ kind: "skip", reason: "not-applicable" });
		// It may be `pull_request_target`.
		expect(judgeExposure({}, { job: { ...job, fromFork: true } }).kind).toBe("undecided");
		expect(judgeExposure({}, { job: { ...job, fromFork: false } })).toMatchObject({
			kind: "pass",
			message: "no pull request from a fork",
			evidence: expect.arrayContaining([expect.objectContaining({ source: "the event's file, GITHUB_EVENT_PATH" })]),
		});
	});

	test("a pass names the event that was seen", () => {
		const seen = { source: "environment, GITHUB_EVENT_NAME", text: "push" };
		expect(judgeExposure()).toMatchObject({ evidence: expect.arrayContaining([seen]) });
	});
});

test("skips without a daemon", () => {
	const engine = createEngine({ version: { kind: "failed", code: "ENOENT", message: "" } });
	expect(judgeExposure({ event: "pull_request", fromFork: true }, { engine })).toMatchObject({ kind: "skip" });
});

test("does not apply to a profile that forbids Docker", () => {
	expect(dockerSocketExposure.applies?.(createPolicy({ docker: { require: "forbidden", plugins: [] } }))).toBe(false);
});
