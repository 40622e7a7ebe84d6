import { describe, expect, test } from "vitest";
import { dockerSocketExposure } from "../../../src/checks/docker/socket-exposure.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createEngine, createJob, fixOf } from "./facts.ts";

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
		const verdict = judgeExposure({ event, fromFork: true });
		expect(verdict).toMatchObject({ kind: "finding", reason: "untrusted-event", remedy: { kind: "workflow" } });
		expect(fixOf(verdict)).toContain('docker_host: \\"-\\"'.split("\\").join(""));
	});

	test("from a host job too: the daemon is as near", () => {
		const facts = { mount: {}, container: createContainer({ mode: "host" }) };
		expect(judgeExposure({ event: "pull_request", fromFork: true }, facts)).toMatchObject({
			reason: "untrusted-event",
		});
	});

	test.each<[string, Partial<JobFacts>]>([
		["a push", {}],
		["a pull request of the repository's own branch", { event: "pull_request", fromFork: false }],
		["pull_request_target, which runs the base branch's workflow", { event: "pull_request_target", fromFork: true }],
		["outside of a job", { inJob: false, system: "none", event: "pull_request", fromFork: true }],
	])("not: %s", (_, job) => {
		expect(judgeExposure(job).kind).toBe("pass");
	});

	test("a pull request of nobody knows where: not decided", () => {
		const { fromFork: _, ...job } = createJob({ event: "pull_request" });
		expect(judgeExposure({}, { job }).kind).toBe("undecided");
	});
});

describe("read-only-illusion", () => {
	test("a socket with :ro", () => {
		const verdict = judgeExposure({}, { mount: { mount: { ...mount, readOnly: true } } });
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "read-only-illusion",
			evidence: expect.arrayContaining([
				{ source: "/proc/self/mountinfo", text: "/run/docker.sock on /run/docker.sock, ro" },
			]),
		});
		expect(dockerSocketExposure.reasons["read-only-illusion"]?.level).toBe("warn");
	});
});

test("no daemon: nothing is exposed", () => {
	const engine = createEngine({ version: { kind: "failed", code: "ENOENT", message: "" } });
	expect(judgeExposure({ event: "pull_request", fromFork: true }, { engine })).toMatchObject({ kind: "skip" });
});

test("Docker forbidden is another check's business", () => {
	expect(dockerSocketExposure.applies?.(createPolicy({ docker: { require: "forbidden", plugins: [] } }))).toBe(false);
});
