import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { proxyReachProbe } from "../../src/probes/proxy-reach.ts";
import { collect, createRequest } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";
import { Servers } from "../support/servers.ts";

let servers: Servers;
beforeEach(() => {
	servers = new Servers();
});
afterEach(() => servers.close());

const look = async (env: Record<string, string>, timeoutMs = 5000) =>
	(await collect(proxyReachProbe, createRealHost(env), createRequest({ timeoutMs }))).proxies;

describe("a proxy", () => {
	it("that listens is known by any answer, also of SOCKS, which speaks no HTTP", async () => {
		const http = await servers.proxy(0);
		const socks = await servers.breaking();
		const env = { HTTPS_PROXY: `http://u:s3cr3t@127.0.0.1:${http.port}`, all_proxy: `socks5h://127.0.0.1:${socks}` };
		expect(await look(env)).toEqual([
			{
				proxy: `http://127.0.0.1:${http.port}`,
				host: "127.0.0.1",
				variables: ["https_proxy"],
				answer: { kind: "listens" },
			},
			{
				proxy: `socks5h://127.0.0.1:${socks}`,
				host: "127.0.0.1",
				variables: ["all_proxy"],
				answer: { kind: "listens" },
			},
		]);
	});

	it("that is dead is known by its address, for SOCKS too", async () => {
		const port = await servers.closed();
		const socks = `socks5://127.0.0.1:${port}`;
		expect(await look({ ALL_PROXY: socks })).toMatchObject([
			{ proxy: socks, variables: ["all_proxy"], answer: { kind: "failed", code: "ECONNREFUSED" } },
		]);
		const name = "http://proxy.invalid:3128";
		expect(await look({ http_proxy: name, https_proxy: name })).toMatchObject([
			{ proxy: name, host: "proxy.invalid", variables: ["http_proxy", "https_proxy"], answer: { kind: "failed" } },
		]);
	});

	it("that is named with `https://` has to speak TLS", async () => {
		const plain = await servers.http((_request, response) => response.writeHead(400).end());
		const proxy = `https://127.0.0.1:${plain}`;
		expect(await look({ https_proxy: proxy })).toMatchObject([
			{ proxy, answer: { kind: "failed", code: expect.stringMatching(/^(?:EPROTO|ERR_SSL_)/) } },
		]);
		// One that says nothing about TLS may have had enough of connections.
		const closing = await servers.breaking();
		expect(await look({ https_proxy: `https://127.0.0.1:${closing}` })).toMatchObject([
			{ answer: { kind: "listens" } },
		]);
	});

	it.each([
		["wants a client certificate", "sslv3 alert handshake failure:ssl/record/rec_layer_s3.c:1605:SSL alert number 40"],
		["speaks an old TLS", "unsupported protocol:ssl/statem/statem_lib.c:1998:"],
	])("that %s speaks TLS", async (_what, said) => {
		const failure = {
			kind: "failed",
			code: "EPROTO",
			message: `write EPROTO error:0A000410:SSL routines::${said}`,
		} as const;
		const host = createHost({ env: { https_proxy: "https://proxy.lan:3129" }, request: async () => failure });
		expect((await collect(proxyReachProbe, host)).proxies).toMatchObject([{ answer: { kind: "listens" } }]);
	});

	it("that says nothing costs its own short deadline", async () => {
		const silent = await servers.silent();
		expect(await look({ https_proxy: `http://127.0.0.1:${silent}` }, 200)).toMatchObject([
			{ answer: { kind: "timed-out" } },
		]);
	});

	it.each<Record<string, string>>([
		{},
		{ no_proxy: "*", http_proxy: "http://p:1" },
		{ http_proxy: "http://" },
		{ all_proxy: "ftp://p" },
	])("is not asked where there is none: %j", async (env) => {
		const request = async () => {
			throw new Error("nobody may be asked");
		};
		expect(await collect(proxyReachProbe, createHost({ env, request }))).toEqual({ proxies: [] });
	});
});
