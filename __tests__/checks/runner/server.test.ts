import { describe, expect, it } from "vitest";
import { runnerServer } from "../../../src/checks/runner/server.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { ForgeFacts, ForgeReply } from "../../../src/probes/forge.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { judge } from "../../support/builders.ts";
import { findingOf } from "../docker/facts.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

const reply = (overrides: Partial<ForgeReply> = {}): ForgeReply => ({
	kind: "answered",
	status: 200,
	version: "1.27.0",
	isJson: true,
	clockAheadSeconds: 0,
	...overrides,
});
const failed = (code: string, at?: "proxy") =>
	({ kind: "failed", code, message: `connect ${code}`, ...(at && { at }) }) as const;
const localhost: Partial<ForgeFacts> = { url: "http://localhost:3000", host: "localhost", isLoopback: true };

function judgeForge(
	answer: ForgeFacts["answer"],
	forge: Partial<ForgeFacts> = {},
	{ container = createContainer(), job = {} }: { container?: ContainerFacts; job?: Partial<JobFacts> } = {},
) {
	const facts: ForgeFacts = {
		url: "https://git.example.com",
		host: "git.example.com",
		isLoopback: false,
		asked: "https://git.example.com/api/v1/version",
		answer,
		...forge,
	};
	return judge(runnerServer, {
		forge: facts,
		proxy: { variables: [] },
		reach: { proxies: [] },
		container,
		job: createJob(job),
	});
}

describe("a forge that answers", () => {
	it("passes with a small difference of the clocks", () => {
		expect(judgeForge(reply({ clockAheadSeconds: 5 })).kind).toBe("pass");
	});

	it("passes if it has moved within itself", () => {
		const { version: _version, ...moved } = reply({ status: 301, location: "https://git.example.com/api/v1/version" });
		expect(judgeForge(moved).kind).toBe("pass");
	});

	it("passes at `localhost`: on the host, and in a container that shares its network", () => {
		expect(judgeForge(reply(), localhost, { container: onHost }).kind).toBe("pass");
		expect(judgeForge(reply(), localhost).kind).toBe("pass");
	});
});

describe("no forge to ask", () => {
	it.each<Partial<JobFacts>>([{ system: "github" }, { system: "act" }, { inJob: false, system: "none" }])(
		"%j",
		(job) => {
			expect(judgeForge({ kind: "not-asked" }, {}, { job })).toMatchObject({ kind: "skip", reason: "not-applicable" });
		},
	);

	it("says that the run names none", () => {
		const facts = {
			proxy: { variables: [] },
			reach: { proxies: [] },
			forge: { answer: { kind: "not-asked" } },
			container: onHost,
			job: createJob({ system: "act" }),
		};
		expect(judge(runnerServer, facts)).toMatchObject({
			kind: "skip",
			message: expect.stringContaining("GITHUB_SERVER_URL"),
		});
	});
});

describe("localhost-url", () => {
	it.each<[string, ForgeFacts["answer"]]>([
		["nothing listens", failed("ECONNREFUSED")],
		["no answer", { kind: "timed-out" }],
		["something else listens", reply({ status: 404, version: "" })],
		["not asked", { kind: "not-asked" }],
	])("in a container: %s", (_name, answer) => {
		const { version: _version, ...plain } = answer as ForgeReply;
		const verdict = judgeForge(answer.kind === "answered" ? plain : answer, localhost);
		expect(verdict).toMatchObject({ reason: "localhost-url" });
	});

	it("in the container of the runner, too", () => {
		const container = { ...onHost, insideContainer: "overlay root in /proc/self/mountinfo" };
		const verdict = findingOf(judgeForge(failed("ECONNREFUSED"), localhost, { container }));
		expect(verdict.reason).toBe("localhost-url");
		expect(verdict.message).toContain("the runner's own container");
		// The network of job containers is not that of the runner.
		expect(verdict.remedy.otherwise?.config).toBeUndefined();
		expect(verdict.remedy.otherwise?.text).toContain("--network host");
	});

	it("not on the host itself", () => {
		expect(findingOf(judgeForge(failed("ECONNREFUSED"), localhost, { container: onHost })).reason).toBe("unreachable");
	});
});

it("shows an invalid address as it is", () => {
	const answer = { kind: "failed", code: "ERR_INVALID_URL", message: "GITHUB_API_URL is not a valid address" } as const;
	const facts = {
		proxy: { variables: [] },
		reach: { proxies: [] },
		forge: { url: "http://[::1", answer },
		container: createContainer(),
		job: createJob({}),
	};
	expect(judge(runnerServer, facts)).toMatchObject({
		reason: "unreachable",
		observed: "http://[::1",
		evidence: [{ source: "environment", text: "ERR_INVALID_URL: GITHUB_API_URL is not a valid address" }],
	});
});

it.each<[string, ForgeFacts["answer"]]>([
	["unresolvable", failed("ENOTFOUND")],
	["unresolvable", failed("EAI_AGAIN")],
	["unreachable", failed("ECONNREFUSED")],
	["unreachable", failed("EPROTO")],
	["unreachable", failed("HTTP_403", "proxy")],
	["tls-untrusted", failed("SELF_SIGNED_CERT_IN_CHAIN")],
	["tls-untrusted", failed("HOSTNAME_MISMATCH")],
])("%s: %j", (reason, answer) => {
	expect(judgeForge(answer)).toMatchObject({ reason });
});

it.each(["ENOTFOUND", "ECONNREFUSED", "CERT_HAS_EXPIRED"])("the title has room for a long name: %s", (code) => {
	const host = "git.of.the.platform.team.internal.example.com";
	expect(findingOf(judgeForge(failed(code), { host })).title?.length).toBeLessThanOrEqual(60);
});

describe("clock-skew", () => {
	it.each([
		[6, "6 s ahead of", undefined],
		[-42.5, "43 s behind", undefined],
		[300, "5 min ahead of", undefined],
		[301, "5 min ahead of", "fail"],
		[-7200, "2 h behind", "fail"],
	])("%d s", (clockAheadSeconds, how, level) => {
		const verdict = findingOf(judgeForge(reply({ clockAheadSeconds })));
		expect(verdict).toMatchObject({ reason: "clock-skew", message: expect.stringContaining(how) });
		expect(verdict.level).toBe(level);
	});
});

describe("http-error", () => {
	const { version: _version, ...plain } = reply();
	it.each([
		{ ...plain, status: 404 },
		{ ...plain, status: 403, isJson: false },
		{ ...plain, isJson: false, body: "<html>" },
	])("%j", (answer) => {
		expect(judgeForge(answer)).toMatchObject({ reason: "http-error" });
	});

	it.each([60, 3600])("goes before the clock of a server that is not the forge (%d s)", (clockAheadSeconds) => {
		expect(judgeForge({ ...plain, status: 502, clockAheadSeconds })).toMatchObject({ reason: "http-error" });
	});
});
