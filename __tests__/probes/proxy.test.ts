import { describe, expect, it } from "vitest";
import { proxyFor, proxyProbe, urlOf } from "../../src/probes/proxy.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

const look = (env: Record<string, string>) => collect(proxyProbe, createHost({ env }));
const chosen = (env: Record<string, string>, url = "https://git.example.com/api") => proxyFor(env, new URL(url));

describe("the variables", () => {
	it("are shown in both spellings, and those that are not set or empty not at all", async () => {
		expect(await look({})).toEqual({ variables: [] });
		expect(
			await look({ https_proxy: " http://p:3128 ", HTTPS_PROXY: "", HTTP_PROXY: "p:3128", no_proxy: "a,b" }),
		).toEqual({
			variables: [
				{ name: "http_proxy", upper: "p:3128", malformed: "it lacks `http://`" },
				{ name: "https_proxy", lower: "http://p:3128" },
				{ name: "no_proxy", lower: "a,b" },
			],
		});
	});

	it("hold no user and no password, but whether they differ", async () => {
		const facts = await look({
			https_proxy: "http://build:s3cr3t@p:3128",
			HTTPS_PROXY: "http://build:0ther@p:3128",
			http_proxy: "build:s3cr3t@p:3128",
			all_proxy: "http://p:3128/?token=s3cr3t",
		});
		expect(JSON.stringify(facts)).not.toMatch(/s3cr3t|0ther|build/);
		expect(facts.variables[1]).toEqual({
			name: "https_proxy",
			lower: "http://p:3128",
			upper: "http://p:3128",
			credentialsDiffer: true,
		});
	});

	it.each([
		["http://p:99999", "it is not a URL"],
		["http://", "it is not a URL"],
		["http://a b", "it is not a URL"],
		["ftp://p:21", "its scheme is not http, https or socks"],
		["socks5h://p:1080", undefined],
		["https://p", undefined],
	])("%s is read as the address of a proxy, or not", async (value, malformed) => {
		expect((await look({ HTTPS_PROXY: value })).variables[0]?.malformed).toBe(malformed);
	});
});

describe("the forge", () => {
	it("is named with the proxy that git takes for it", async () => {
		const env = { HTTPS_PROXY: "http://u:pw@p:3128", GITHUB_SERVER_URL: "https://git.lan" };
		expect((await look(env)).forge).toEqual({ host: "git.lan", proxy: "http://p:3128" });
		expect((await look({ ...env, NO_PROXY: ".lan" })).forge).toEqual({ host: "git.lan" });
		// What Go and Node understand and curl does not, as curl 7.88 showed.
		for (const NO_PROXY of ["*.lan", "git.lan:443", "[::1],*.lan"]) {
			expect((await look({ ...env, NO_PROXY })).forge?.proxy, NO_PROXY).toBeDefined();
		}
		expect((await look({ HTTP_PROXY: "http://p", GITHUB_SERVER_URL: "http://localhost:3000" })).forge).toEqual({
			host: "localhost",
			proxy: "http://p",
		});
		expect((await look({ GITHUB_SERVER_URL: "https://" })).forge).toBeUndefined();
	});
});

describe("the proxy of an address", () => {
	it("is that of its scheme, else the one for all", () => {
		expect(chosen({})).toBeUndefined();
		expect(chosen({ http_proxy: "http://h:1" })).toBeUndefined();
		expect(chosen({ https_proxy: "http://s:2", HTTPS_PROXY: "http://x:9", all_proxy: "http://a:3" })?.shown).toBe(
			"http://s:2",
		);
		expect(chosen({ ALL_PROXY: "http://a:3" })?.shown).toBe("http://a:3");
		expect(chosen({ HTTP_PROXY: "http://h:1" }, "http://git.example.com")?.target).toEqual({ host: "h", port: 1 });
	});

	it("takes an address as loosely as tools do, and its login out of it", () => {
		expect(chosen({ https_proxy: "p:3128" })).toEqual({ shown: "http://p:3128", target: { host: "p", port: 3128 } });
		expect(chosen({ https_proxy: "https://b%40x:p%3Aw@p" })).toEqual({
			shown: "https://p",
			target: { host: "p", port: 443, tls: true, authorization: `Basic ${Buffer.from("b@x:p:w").toString("base64")}` },
		});
		expect(chosen({ https_proxy: "socks5://p:1080" })).toEqual({ shown: "socks5://p:1080", target: undefined });
		expect(chosen({ https_proxy: "http://u:%zz@p" })?.target).toMatchObject({ host: "p" });
	});

	it.each(["localhost", "app.localhost", "127.0.0.1", "127.9.9.9", "[::1]"])("is none for %s", (host) => {
		expect(chosen({ http_proxy: "http://p:1", all_proxy: "http://p:1" }, `http://${host}:3000/`)).toBeUndefined();
	});

	it.each([
		["git.example.com", true],
		["GIT.Example.com", true],
		["example.com", true],
		[".example.com", true],
		["*.example.com", true],
		["*", true],
		["a.com, git.example.com", true],
		["git.example.com:443", true],
		["git.example.com:8443", false],
		["xample.com", false],
		["other.com", false],
		["", false],
	])("NO_PROXY %j excludes the host: %s", (no_proxy, excluded) => {
		expect(chosen({ https_proxy: "http://p:1", no_proxy }) === undefined).toBe(excluded);
	});

	it.each([
		["192.168.1.7", "192.168.0.0/16", true],
		["192.168.1.7", "192.168.1.7", true],
		["192.169.1.7", "192.168.0.0/16", false],
		["192.168.1.7", "0.0.0.0/0", true],
		["192.168.1.7", "192.168.1.0/40", false],
		["10.0.0.1", "10.0.0.0/x", false],
		["[fd00::7]", "fd00::7", true],
		["[fd00::7]", "[fd00::7]:443", true],
	])("%s and NO_PROXY %s: %s", (host, no_proxy, excluded) => {
		expect(chosen({ https_proxy: "http://p:1", no_proxy }, `https://${host}/`) === undefined).toBe(excluded);
	});
});

it("an address is one with a host", () => {
	expect(["https://", "https:///api", "ftp://x", "x", undefined, "http://a b"].map(urlOf)).toEqual(
		Array(6).fill(undefined),
	);
	expect(urlOf("https://git.example:8443/x")?.host).toBe("git.example:8443");
});
