import { describe, expect, it } from "vitest";
import { networkProxy } from "../../../src/checks/network/proxy.ts";
import { runnerServer } from "../../../src/checks/runner/server.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { ForgeFacts } from "../../../src/probes/forge.ts";
import { proxyProbe } from "../../../src/probes/proxy.ts";
import { collect, createPolicy, judge } from "../../support/builders.ts";
import { createHost } from "../../support/fake-host.ts";
import { findingOf } from "../docker/facts.ts";
import { createContainer, createJob } from "../runner/facts.ts";

async function factsOf(env: Record<string, string>, forge: Partial<ForgeFacts>) {
	return {
		proxy: await collect(proxyProbe, createHost({ env })),
		reach: { proxies: [] },
		forge: { answer: { kind: "not-asked" }, ...forge },
		container: createContainer(),
		job: createJob(),
	};
}

async function judgeEnv(env: Record<string, string>, forge: Partial<ForgeFacts> = {}) {
	return judge(networkProxy, await factsOf(env, forge));
}

async function judgeServer(env: Record<string, string>, forge: Partial<ForgeFacts>, policy?: Policy) {
	return judge(runnerServer, await factsOf(env, forge), policy);
}

const proxy = "http://proxy.lan:3128";

describe("consistent settings", () => {
	it.each<Record<string, string>>([
		{},
		{ NO_PROXY: "localhost", no_proxy: "other" },
		{ https_proxy: proxy },
		{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, NO_PROXY: "localhost,git.lan", GITHUB_SERVER_URL: "https://git.lan" },
		{ https_proxy: proxy, HTTPS_PROXY: `${proxy}/`, no_proxy: "b, A", NO_PROXY: "a,b" },
		{ https_proxy: `http://u:pw@${"proxy.lan"}:3128`, GITHUB_SERVER_URL: "https://git.example.com" },
		{ http_proxy: proxy, GITHUB_SERVER_URL: "https://git.lan" },
	])("pass: %j", async (env) => {
		expect(await judgeEnv(env)).toMatchObject({ kind: "pass", evidence: expect.arrayContaining([expect.anything()]) });
	});
});

describe("inconsistent", () => {
	it("gives both spellings of a list the entries of both", async () => {
		const verdict = findingOf(await judgeEnv({ https_proxy: proxy, no_proxy: "a,b", NO_PROXY: "a c" }));
		expect(verdict).toMatchObject({ reason: "inconsistent", observed: "a,b and a c" });
		expect(verdict.remedy.config?.text).toBe('runner:\n  envs:\n    no_proxy: "a,b,c"\n    NO_PROXY: "a,b,c"');
	});

	it("never shows logins that differ", async () => {
		const verdict = await judgeEnv({ https_proxy: "http://u:s3cr3t@p:1", HTTPS_PROXY: "http://u:0ther@p:1" });
		expect(verdict).toMatchObject({ reason: "inconsistent", title: expect.stringContaining("different logins") });
		expect(JSON.stringify(verdict)).not.toMatch(/s3cr3t|0ther/);
	});
});

describe("a proxy without TLS that is named with `https://`", () => {
	it.each([
		["https://proxy.lan:3129", "http://proxy.lan:3129"],
		["https://proxy.lan:3129/", "http://proxy.lan:3129"],
		["https://proxy.lan", "http://proxy.lan:443"],
	])("%s keeps its port", async (dead, plain) => {
		const answer = { kind: "failed", code: "EPROTO", message: "wrong version number" } as const;
		const reach = { proxies: [{ proxy: dead, host: "proxy.lan", variables: ["https_proxy"], answer }] };
		const { remedy } = findingOf(judge(networkProxy, { ...(await factsOf({ https_proxy: dead }, {})), reach }));
		expect(remedy.config?.text?.split("\n").at(-1)).toBe(`    https_proxy: ${plain}`);
	});
});

describe("forge-not-excluded", () => {
	it.each([
		"http://localhost:3000",
		"http://127.0.0.1:3000",
		"https://10.1.2.3",
		"https://172.31.0.1",
		"https://192.168.1.7:3000",
		"https://100.100.1.1",
		"https://[fd00::1]",
		"https://[::1]",
		"http://gitea:3000",
		"https://git.local",
		"https://git.lan",
		"https://git.home.arpa",
	])("%s is private", async (GITHUB_SERVER_URL) => {
		const verdict = findingOf(
			await judgeEnv({ http_proxy: proxy, https_proxy: proxy, no_proxy: "a", GITHUB_SERVER_URL }),
		);
		expect(verdict).toMatchObject({ reason: "forge-not-excluded", observed: "NO_PROXY is a" });
		expect(verdict.remedy.config?.text).toMatch(/NO_PROXY: "?a,/);
	});

	it.each(["https://git.example.com", "https://172.32.0.1", "https://11.0.0.1", "https://[2001:db8::1]"])(
		"%s is not",
		async (GITHUB_SERVER_URL) => {
			expect((await judgeEnv({ https_proxy: proxy, GITHUB_SERVER_URL })).kind).toBe("pass");
		},
	);

	it("is not reported if the proxy reaches the forge", async () => {
		const env = { http_proxy: proxy, GITHUB_SERVER_URL: "http://git.lan" };
		const answer = { kind: "answered", status: 200, isJson: true, version: "1.27.0" } as const;
		expect((await judgeEnv(env, { via: proxy, answer })).kind).toBe("pass");
		expect(findingOf(await judgeEnv(env, { via: proxy, answer: { ...answer, status: 502 } })).reason).toBe(
			"forge-not-excluded",
		);
		for (const status of [200, 403, 407]) {
			const page = { kind: "answered", status, isJson: false, body: "<html>" } as const;
			expect(findingOf(await judgeEnv(env, { via: proxy, answer: page })).reason).toBe("forge-not-excluded");
		}
		expect(findingOf(await judgeEnv(env)).observed).toBe("NO_PROXY is not set");
		const moved = {
			kind: "answered",
			status: 301,
			isJson: false,
			location: "http://git.lan/git/api/v1/version",
		} as const;
		expect((await judgeEnv(env, { via: proxy, host: "git.lan", answer: moved })).kind).toBe("pass");
	});

	it("is not reported if the forge's own side fails at the end of a tunnel", async () => {
		const env = { https_proxy: proxy, GITHUB_SERVER_URL: "https://git.lan" };
		const asked = "https://git.lan/api/v1/version";
		const badGateway = { kind: "answered", status: 502, isJson: false, body: "<html>" } as const;
		const untrusted = { kind: "failed", code: "SELF_SIGNED_CERT_IN_CHAIN", message: "self-signed" } as const;
		for (const answer of [badGateway, untrusted]) {
			expect((await judgeEnv(env, { via: proxy, asked, answer })).kind).toBe("pass");
			expect(await judgeServer(env, { url: "https://git.lan", via: proxy, asked, answer })).toMatchObject({
				kind: "finding",
			});
		}
	});

	it.each(["*.lan", "git.lan:3000"])(
		"is reported for NO_PROXY=%s, which git and curl do not understand",
		async (NO_PROXY) => {
			const env = { http_proxy: proxy, NO_PROXY, GITHUB_SERVER_URL: "http://git.lan:3000" };
			const answer = { kind: "answered", status: 200, isJson: true, version: "1.27.0" } as const;
			const direct = { url: "http://git.lan:3000", host: "git.lan", answer };
			const verdict = findingOf(await judgeEnv(env, direct));
			expect(verdict).toMatchObject({ reason: "forge-not-excluded", title: expect.stringContaining("git and curl") });
			expect(verdict.message).toContain("in a form that git and curl ignore");
			expect(verdict.level).toBeUndefined();
			expect((await judgeServer(env, direct)).kind).toBe("pass");
		},
	);

	it("repeats a long list as a whole", async () => {
		const list = Array.from({ length: 200 }, (_, at) => `host-${at}.example.com`).join(",");
		const env = { http_proxy: proxy, NO_PROXY: list, GITHUB_SERVER_URL: "http://git.lan" };
		expect(JSON.stringify(findingOf(await judgeEnv(env)).remedy)).toContain(`${list},git.lan`);
	});

	it("is not reported if the forge fails without the proxy, too", async () => {
		const env = { http_proxy: proxy, GITHUB_SERVER_URL: "http://localhost:3000" };
		const answer = { kind: "failed", code: "ECONNREFUSED", message: "connect ECONNREFUSED" } as const;
		expect((await judgeEnv(env, { answer })).kind).toBe("pass");
	});
});

describe("a forge that fails through a proxy is one finding", () => {
	const env = { http_proxy: proxy, GITHUB_SERVER_URL: "http://git.lan:3000" };
	const refused = { kind: "failed", code: "HTTP_403", message: "the proxy answers 403", at: "proxy" } as const;
	const unreached = (answer: ForgeFacts["answer"]): Partial<ForgeFacts> => ({
		url: "http://git.lan:3000",
		host: "git.lan",
		asked: "http://git.lan:3000/api/v1/version",
		via: proxy,
		answer,
	});

	it.each<[string, ForgeFacts["answer"]]>([
		["refused", refused],
		["timed out", { kind: "timed-out" }],
		["bad gateway", { kind: "answered", status: 502, isJson: false, body: "<html>" }],
	])("%s: `network/proxy` is the failure, and `runner/server` waits for it", async (_name, answer) => {
		expect(await judgeEnv(env, unreached(answer))).toMatchObject({ reason: "forge-not-excluded", level: "fail" });
		expect(await judgeServer(env, unreached(answer))).toMatchObject({ kind: "skip", reason: "needs:network/proxy" });
	});

	it("also if the other spelling excludes the forge", async () => {
		const split = { ...env, no_proxy: "localhost", NO_PROXY: "localhost,.lan" };
		expect(await judgeEnv(split, unreached(refused))).toMatchObject({ reason: "inconsistent", level: "fail" });
		expect(await judgeServer(split, unreached(refused))).toMatchObject({ reason: "needs:network/proxy" });
	});

	it("that of `runner/server`, if `network/proxy` reports something else or nothing", async () => {
		const other = { ...env, no_proxy: "localhost", NO_PROXY: "127.0.0.1" };
		expect(findingOf(await judgeEnv(other, unreached(refused))).level).toBeUndefined();
		expect(await judgeServer(other, unreached(refused))).toMatchObject({ reason: "unreachable" });
		const off = createPolicy({ severity: { "network/proxy:forge-not-excluded": "off" } });
		expect(await judgeServer(env, unreached(refused), off)).toMatchObject({ reason: "unreachable" });
		const open = { ...env, GITHUB_SERVER_URL: "http://git.example.com" };
		expect(await judgeServer(open, unreached(refused))).toMatchObject({ reason: "unreachable" });
	});
});
