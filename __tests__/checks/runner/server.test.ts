import { describe, expect, it } from "vitest";
import { runnerServer } from "../../../src/checks/runner/server.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { ForgeFacts, ForgeReply } from "../../../src/probes/forge.ts";
import type { JobFacts } from "../../../src/probes/job.ts";
import { judge } from "../../support/builders.ts";
import { findingOf, wayOut } from "../docker/facts.ts";
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
	return judge(runnerServer, { forge: facts, container, job: createJob(job) });
}

describe("a forge that answers", () => {
	it("passes with its version", () => {
		expect(judgeForge(reply())).toMatchObject({
			kind: "pass",
			message: "`https://git.example.com` answers 1.27.0",
			evidence: [{ source: "GET https://git.example.com/api/v1/version", text: "200 1.27.0" }],
		});
		expect(judgeForge(reply({ clockAheadSeconds: 5 })).kind).toBe("pass");
	});

	it("passes where it is closed to strangers, or has moved within itself", () => {
		const { version: _version, ...closed } = reply({ status: 403, body: '{"message":"Only signed in user"}' });
		expect(judgeForge(closed)).toMatchObject({ kind: "pass" });
		expect(judgeForge({ ...closed, status: 301, location: "https://git.example.com/api/v1/version" }).kind).toBe(
			"pass",
		);
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

	it("names the reason", () => {
		const facts = { forge: { answer: { kind: "not-asked" } }, container: onHost, job: createJob({ system: "act" }) };
		expect(judge(runnerServer, facts)).toMatchObject({
			kind: "skip",
			message: expect.stringContaining("GITHUB_SERVER_URL"),
		});
		expect(judgeForge({ kind: "other-proxy" }, { via: "socks5://p" })).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
		});
	});
});

describe("localhost-url", () => {
	it.each<[string, ForgeFacts["answer"]]>([
		["nobody listens", failed("ECONNREFUSED")],
		["no answer", { kind: "timed-out" }],
		["something else listens", reply({ status: 404, version: "" })],
		["not asked", { kind: "not-asked" }],
	])("in a container: %s", (_name, answer) => {
		const { version: _version, ...plain } = answer as ForgeReply;
		const verdict = findingOf(judgeForge(answer.kind === "answered" ? plain : answer, localhost));
		expect(verdict.reason).toBe("localhost-url");
		expect(wayOut(verdict)).toContain("ROOT_URL");
		expect(wayOut(verdict)).toContain("network: host");
	});

	it("in the container of the runner, too", () => {
		const container = { ...onHost, insideContainer: "/.dockerenv" };
		expect(findingOf(judgeForge(failed("ECONNREFUSED"), localhost, { container })).reason).toBe("localhost-url");
	});

	it("not on the host itself", () => {
		expect(findingOf(judgeForge(failed("ECONNREFUSED"), localhost, { container: onHost })).reason).toBe("unreachable");
	});
});

describe("an address that is none", () => {
	it("is the forge's to mend, in its `ROOT_URL`", () => {
		const answer = { kind: "failed", code: "ERR_INVALID_URL", message: "GITHUB_API_URL holds no address" } as const;
		const facts = { forge: { url: "http://[::1", answer }, container: createContainer(), job: createJob({}) };
		const verdict = findingOf(judge(runnerServer, facts));
		expect(verdict).toMatchObject({
			reason: "unreachable",
			message: "The forge cannot be reached: GITHUB_API_URL holds no address, but `http://[::1`.",
			observed: "http://[::1",
			evidence: [{ source: "environment", text: "ERR_INVALID_URL: GITHUB_API_URL holds no address" }],
			remedy: { kind: "forge" },
		});
		expect(wayOut(verdict)).toContain("ROOT_URL");
	});
});

describe("unresolvable", () => {
	it.each(["ENOTFOUND", "EAI_AGAIN"])("in a container: the network of the job (%s)", (code) => {
		const verdict = findingOf(judgeForge(failed(code)));
		expect(verdict).toMatchObject({ reason: "unresolvable", observed: `${code}: connect ${code}` });
		expect(wayOut(verdict)).toContain("network: gitea_default");
		expect(wayOut(verdict)).toContain("--add-host=git.example.com");
	});

	it("on the host: its nameservers", () => {
		expect(wayOut(judgeForge(failed("ENOTFOUND"), {}, { container: onHost }))).toContain(
			"getent hosts git.example.com",
		);
	});
});

describe("unreachable", () => {
	it.each<ForgeFacts["answer"]>([
		failed("ECONNREFUSED"),
		failed("EHOSTUNREACH"),
		failed("EPROTO"),
		{ kind: "timed-out" },
	])("%j", (answer) => {
		const verdict = findingOf(judgeForge(answer));
		expect(verdict.reason).toBe("unreachable");
		expect(wayOut(verdict)).toContain("curl -sS -m 10 -i https://git.example.com/api/v1/version");
		expect(findingOf(judgeForge(answer, {}, { container: onHost })).remedy.text).toContain(
			"Look whether the forge runs",
		);
	});

	it("by a proxy", () => {
		const verdict = findingOf(judgeForge(failed("HTTP_403", "proxy"), { via: "http://p:3128" }));
		expect(verdict).toMatchObject({
			reason: "unreachable",
			message: expect.stringContaining("the proxy `http://p:3128` forbids it"),
		});
		expect(wayOut(verdict)).toContain("NO_PROXY: git.example.com");
	});
});

describe("tls-untrusted", () => {
	it.each([
		["SELF_SIGNED_CERT_IN_CHAIN", "update-ca-certificates"],
		["CERT_HAS_EXPIRED", "date -u"],
		["ERR_TLS_CERT_ALTNAME_INVALID", "ROOT_URL"],
	])("by %s", (code, way) => {
		const verdict = findingOf(judgeForge(failed(code), { asked: "https://git.example.com:8443/api/v1/version" }));
		expect(verdict).toMatchObject({ reason: "tls-untrusted", observed: code });
		expect(wayOut(verdict)).toContain(way);
		expect(wayOut(verdict)).toContain("-connect git.example.com:8443");
	});

	it("by Node alone, where the system's authorities trust it", () => {
		const trustedBy = "/etc/ssl/certs/ca-certificates.crt";
		const verdict = findingOf(judgeForge(reply(), { trustedBy, untrusted: "UNABLE_TO_VERIFY_LEAF_SIGNATURE" }));
		expect(verdict.reason).toBe("tls-untrusted");
		expect(verdict.why).toContain("Checkout works");
		expect(wayOut(verdict)).toContain(`NODE_EXTRA_CA_CERTS: ${trustedBy}`);
	});
});

describe("clock-skew", () => {
	it.each([
		[6, "6 s ahead of", undefined],
		[-42.5, "43 s behind", undefined],
		[300, "5 min ahead of", undefined],
		[301, "5 min ahead of", "fail"],
		[-7200, "120 min behind", "fail"],
	])("%d s", (clockAheadSeconds, how, level) => {
		const verdict = findingOf(judgeForge(reply({ clockAheadSeconds })));
		expect(verdict.reason).toBe("clock-skew");
		expect(verdict.message).toContain(how);
		expect(verdict.level).toBe(level);
		expect(wayOut(verdict)).toContain("timedatectl");
	});

	it("is a warning by itself", () => {
		expect(runnerServer.reasons["clock-skew"]?.level).toBe("warn");
	});
});

describe("http-error", () => {
	const { version: _version, ...plain } = reply();
	it.each([
		[
			{ ...plain, status: 502, isJson: false, body: "<html>Bad Gateway" },
			"answers with status 502",
			"the proxy before it",
		],
		[{ ...plain, status: 404 }, "answers with status 404", "ROOT_URL"],
		[{ ...plain, status: 403, isJson: false }, "answers with status 403", "login page"],
		[{ ...plain, isJson: false, body: "<html>" }, "not as Gitea or Forgejo do", "login page"],
		[{ ...plain, status: 302, location: "https://sso.example/" }, "sends on to `https://sso.example/`", "login page"],
	])("%j", (answer, what, way) => {
		const verdict = findingOf(judgeForge(answer));
		expect(verdict.reason).toBe("http-error");
		expect(verdict.message).toContain(what);
		expect(wayOut(verdict)).toContain(way);
	});
});
