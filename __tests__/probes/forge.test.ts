import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Host, HttpRequest } from "../../src/host/host.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import { forgeProbe } from "../../src/probes/forge.ts";
import { cacheServerProbe } from "../../src/probes/forge-cache.ts";
import { collect, createRequest } from "../support/builders.ts";
import { answered, createHost } from "../support/fake-host.ts";
import { type Certificate, Certificates, Servers } from "../support/servers.ts";

let servers: Servers;
beforeEach(() => {
	servers = new Servers();
});
afterEach(() => servers.close());

const gitea = { GITEA_ACTIONS: "true", GITHUB_ACTIONS: "true" };
const ask = (env: Record<string, string>, timeoutMs = 10_000) =>
	collect(forgeProbe, createRealHost({ ...gitea, ...env }), createRequest({ timeoutMs }));
const json = { "content-type": "application/json" };
const forge = (version = "1.27.0") =>
	servers.http((request, response) =>
		request.url === "/api/v1/version"
			? response.writeHead(200, json).end(JSON.stringify({ version }))
			: response.writeHead(404, json).end('{"message":"not found"}'),
	);
const urls = (port: number) => ({
	GITHUB_SERVER_URL: `http://127.0.0.1:${port}`,
	GITHUB_API_URL: `http://127.0.0.1:${port}/api/v1`,
});

describe("the forge", () => {
	it("is asked for its version, in the words of its API's address, without a token", async () => {
		const port = await forge();
		expect(await ask({ ...urls(port), GITHUB_TOKEN: "s3cr3t" })).toEqual({
			url: `http://127.0.0.1:${port}`,
			host: "127.0.0.1",
			isLoopback: true,
			asked: `http://127.0.0.1:${port}/api/v1/version`,
			answer: { kind: "answered", status: 200, isJson: true, version: "1.27.0", clockAheadSeconds: 0 },
		});
		const { GITHUB_SERVER_URL } = urls(port);
		expect((await ask({ GITHUB_SERVER_URL, GITHUB_API_URL: "https:///api/v1" })).answer).toMatchObject({ status: 200 });
	});

	it.each<Record<string, string>>([
		{ GITHUB_SERVER_URL: "https://" },
		{},
		{ GITHUB_SERVER_URL: "https://github.com", GITEA_ACTIONS: "", GITHUB_ACTIONS: "true" },
		{ GITHUB_SERVER_URL: "https://github.com", GITEA_ACTIONS: "", ACT: "true" },
		{ GITHUB_SERVER_URL: "https://git.example", GITEA_ACTIONS: "", GITHUB_ACTIONS: "" },
		{ GITHUB_SERVER_URL: "https://git.example", GITEA_RUNNER_HEALTH_CHECK: "1" },
	])("is not asked where there is none, or no job: %j", async (env) => {
		const host = createHost({
			env: { ...gitea, ...env },
			request: async () => {
				throw new Error("nobody may be asked");
			},
		});
		expect((await collect(forgeProbe, host)).answer).toEqual({ kind: "not-asked" });
	});

	it.each([
		["GITHUB_API_URL", "http://:3000/api/v1"],
		["GITHUB_API_URL", "http://[::1"],
		["GITHUB_API_URL", "http://bad host"],
		["GITHUB_API_URL", "nonsense"],
		["GITHUB_SERVER_URL", "http://:3000"],
		["GITHUB_SERVER_URL", '"https://git.example"'],
	])("cannot be asked at an address that is none: %s %s", async (name, address) => {
		const host = createHost({
			env: { ...gitea, GITHUB_SERVER_URL: "https://git.example", [name]: address },
			request: async () => {
				throw new Error("nobody may be asked");
			},
		});
		expect(await collect(forgeProbe, host)).toEqual({
			url: address,
			answer: { kind: "failed", code: "ERR_INVALID_URL", message: `${name} is not a valid address` },
		});
	});

	it("is not asked at a malformed address outside of a job of a runner that has a forge", async () => {
		for (const env of [{ GITEA_ACTIONS: "" }, { GITEA_ACTIONS: "", GITHUB_ACTIONS: "" }]) {
			const host = createHost({ env: { ...gitea, ...env, GITHUB_SERVER_URL: "http://:3000" } });
			expect((await collect(forgeProbe, host)).answer).toEqual({ kind: "not-asked" });
		}
	});

	it("is asked on this machine in a run without a server, too", async () => {
		expect((await ask({ ...urls(await forge()), GITEA_ACTIONS: "", ACT: "true" })).answer).toMatchObject({
			status: 200,
		});
	});

	it("that is no forge, or closed, or elsewhere is shown as it is", async () => {
		const html = await servers.http((_, response) => response.end(`<html>${"x".repeat(1000)}`));
		const shown = (await ask(urls(html))).answer;
		expect(shown).toMatchObject({ status: 200, isJson: false, body: expect.stringContaining("<html>") });
		expect(JSON.stringify(shown).length).toBeLessThan(500);
		const closed = await servers.http((_, response) =>
			response.writeHead(403, json).end('{"message":"Only signed in"}'),
		);
		expect((await ask(urls(closed))).answer).toMatchObject({ status: 403, isJson: true });
		const moved = await servers.http((_, response) =>
			response.writeHead(301, { location: "https://sso.example/?t=s3cr3t" }).end(),
		);
		expect((await ask(urls(moved))).answer).toMatchObject({ status: 301, location: "https://sso.example/" });
	});

	it("that cannot be reached, or says nothing, costs its own short deadline", async () => {
		expect((await ask(urls(await servers.closed()))).answer).toMatchObject({ kind: "failed", code: "ECONNREFUSED" });
		const started = Date.now();
		expect((await ask(urls(await servers.silent()), 200)).answer).toEqual({ kind: "timed-out" });
		expect((await ask(urls(await servers.silent()))).answer).toEqual({ kind: "timed-out" });
		expect(Date.now() - started).toBeLessThan(9000); // a probe has ten seconds
	});

	it("has a name without credentials", async () => {
		const facts = await ask({ GITHUB_SERVER_URL: `http://u:s3cr3t@127.0.0.1:${await forge()}/` });
		expect(JSON.stringify(facts)).not.toContain("s3cr3t");
		const malformed = await ask({ GITHUB_SERVER_URL: "http://u:s3cr3t@:3000/?t=s3cr3t" });
		expect(malformed.answer).toMatchObject({ code: "ERR_INVALID_URL" });
		expect(JSON.stringify(malformed)).not.toContain("s3cr3t");
	});
});

describe("the clock", () => {
	const at = async (headers: Record<string, string>) => {
		const host = createHost({
			env: { ...gitea, GITHUB_SERVER_URL: "https://git.example" },
			request: async () => answered({ version: "1" }, 200, headers),
		});
		const { answer } = await collect(forgeProbe, host);
		return answer.kind === "answered" ? answer.clockAheadSeconds : undefined;
	};
	const date = (offset: number) => new Date(Date.now() + offset * 1000).toUTCString();

	it("differs by what neither whole seconds nor the way explain", async () => {
		expect(await at({ date: date(0) })).toBe(0);
		expect(await at({ date: date(-60) })).toBeGreaterThan(58);
		expect(await at({ date: date(-60) })).toBeLessThanOrEqual(60);
		expect(await at({ date: date(3600) })).toBeLessThan(-3598);
	});

	it("is not known from a forge that tells no time, or a cache on the way", async () => {
		expect(await at({})).toBeUndefined();
		expect(await at({ date: "soon" })).toBeUndefined();
		expect(await at({ date: date(-60), age: "60" })).toBeUndefined();
	});
});

describe("TLS", () => {
	let certificates: Certificates;
	let certificate: Certificate;
	beforeAll(() => {
		certificates = new Certificates();
		certificate = certificates.make("forge", "IP:127.0.0.1");
	});
	afterAll(() => certificates.remove());

	it("tells what Node does not trust, and which file does", async () => {
		const port = await servers.https(certificate, (_, response) => response.end('{"version":"1.27.0"}'));
		const env = { GITHUB_SERVER_URL: `https://127.0.0.1:${port}` };
		expect((await ask({ ...env, SSL_CERT_FILE: "/nowhere" })).answer).toMatchObject({
			code: "DEPTH_ZERO_SELF_SIGNED_CERT",
		});
		expect(await ask({ ...env, SSL_CERT_FILE: certificate.cert })).toMatchObject({
			trustedBy: certificate.cert,
			untrusted: "DEPTH_ZERO_SELF_SIGNED_CERT",
			answer: { status: 200, version: "1.27.0" },
		});
	});

	it("tells how long the certificate is valid", async () => {
		const port = await servers.https(certificate, (_, response) => response.end('{"version":"1.27.0"}'));
		const { answer } = await ask({ GITHUB_SERVER_URL: `https://127.0.0.1:${port}`, SSL_CERT_FILE: certificate.cert });
		const { from = "", until = "" } = (answer.kind === "answered" && answer.certificate) || {};
		expect(Date.parse(until) - Date.parse(from)).toBe(30 * 86_400_000);
		expect(Math.abs(Date.parse(from) - Date.now())).toBeLessThan(600_000);
	});
});

describe("a proxy", () => {
	it("is used where it applies", async () => {
		const proxy = await servers.proxy(0);
		const http_proxy = `http://127.0.0.1:${proxy.port}`;
		const facts = await ask({ GITHUB_SERVER_URL: "http://git.example:3000", http_proxy });
		expect(facts).toMatchObject({ via: http_proxy, answer: { status: 200, version: "through the proxy" } });
		expect(proxy.asked).toEqual(["GET http://git.example:3000/api/v1/version"]);
		expect((await ask({ GITHUB_SERVER_URL: "http://git.example", all_proxy: "socks5://p:1080" })).answer).toEqual({
			kind: "other-proxy",
		});
		const refusing = await servers.proxy(0, { login: "a:b" });
		const env = { GITHUB_SERVER_URL: "http://git.example", http_proxy: `http://127.0.0.1:${refusing.port}` };
		expect((await ask(env)).answer).toMatchObject({ kind: "failed", code: "HTTP_407", at: "proxy" });
	});

	it.each<[string, string, object]>([
		["a page", "<html>Access denied</html>", { kind: "failed", code: "HTTP_403", at: "proxy" }],
		["JSON", '{"error":"denied","message":"blocked by policy"}', { kind: "failed", code: "HTTP_403", at: "proxy" }],
		[
			"the forge's own words",
			'{"message":"Only signed in user is allowed to call APIs."}',
			{ status: 403, isJson: true },
		],
		["the forge's own form", '{"message":"forbidden","url":"http://git.example/api/swagger"}', { status: 403 }],
	])("that answers 403 with %s is told from a forge that does", async (_, body, answer) => {
		const port = await servers.http((_request, response) => response.writeHead(403, json).end(body));
		const env = { GITHUB_SERVER_URL: "http://git.example", http_proxy: `http://127.0.0.1:${port}` };
		expect((await ask(env)).answer).toMatchObject(answer);
	});
});

describe("the cache server", () => {
	const askCache = (env: Record<string, string>, timeoutMs = 10_000) =>
		collect(cacheServerProbe, createRealHost({ ...gitea, ...env }), createRequest({ timeoutMs }));

	it("is asked for a key that is not there, with the job's token and below its own path", async () => {
		const log: (string | undefined)[] = [];
		const port = await servers.http((request, response) => {
			log.push(request.url, request.headers.authorization);
			response.writeHead(request.headers.authorization === "Bearer jwt-s3cr3t" ? 204 : 401).end();
		});
		const ACTIONS_CACHE_URL = `http://127.0.0.1:${port}/key-s3cr3t/`;
		const facts = await askCache({ ACTIONS_CACHE_URL, ACTIONS_RUNTIME_TOKEN: "jwt-s3cr3t" });
		expect(facts).toEqual({
			url: `http://127.0.0.1:${port}`,
			isLoopback: true,
			hadToken: true,
			answer: { kind: "answered", status: 204, body: "" },
		});
		expect(log[0]).toMatch(/^\/key-s3cr3t\/_apis\/artifactcache\/cache\?keys=[\w-]+&version=\w+$/);
		expect(await askCache({ ACTIONS_CACHE_URL })).toMatchObject({ hadToken: false, answer: { status: 401 } });
	});

	it.each([
		["http://127.0.0.1:1/", true],
		["http://172.17.0.1:41231/", true],
		["http://192.168.7.4:8088/key/", true],
		["http://[fd12::1]:8088/", true],
		["https://cache.example/", true],
		["http://cache.example/", false],
		["http://203.0.113.9:8088/", false],
		["http://10.evil.example/", false],
		["http://172.32.0.1/", false],
		["http://[2001:db8::1]/", false],
	])("at %s gets the job's token: %s", async (ACTIONS_CACHE_URL, isSent) => {
		const sent: (string | undefined)[] = [];
		const request: Host["request"] = async ({ headers }) => {
			sent.push(headers?.authorization);
			return answered("", 401);
		};
		const env = { ...gitea, ACTIONS_CACHE_URL, ACTIONS_RUNTIME_TOKEN: "jwt-s3cr3t" };
		const facts = await collect(cacheServerProbe, createHost({ env, request }));
		expect(sent).toEqual([isSent ? "Bearer jwt-s3cr3t" : undefined]);
		expect(facts).toMatchObject({ hadToken: isSent, ...(!isSent && { isPublic: true }) });
	});

	it("is not asked where there is none, or no job of a runner that has one", async () => {
		const asked: HttpRequest[] = [];
		for (const env of [
			gitea,
			{ ...gitea, ACTIONS_CACHE_URL: "nonsense" },
			{ GITHUB_ACTIONS: "true", ACTIONS_CACHE_URL: "https://cache.example/" },
			{ ACT: "true", ACTIONS_CACHE_URL: "http://192.0.2.1:1/" },
		]) {
			const host = createHost({
				env,
				request: async (request) => {
					asked.push(request);
					return { kind: "timed-out" };
				},
			});
			expect((await collect(cacheServerProbe, host)).answer).toEqual({ kind: "not-asked" });
		}
		expect(asked).toEqual([]);
	});

	it("that is not there is told", async () => {
		const ACTIONS_CACHE_URL = `http://127.0.0.1:${await servers.closed()}/`;
		expect((await askCache({ ACTIONS_CACHE_URL })).answer).toMatchObject({ code: "ECONNREFUSED" });
		const silent = `http://127.0.0.1:${await servers.silent()}/`;
		expect((await askCache({ ACTIONS_CACHE_URL: silent }, 200)).answer).toEqual({ kind: "timed-out" });
	});
});
