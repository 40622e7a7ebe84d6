import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { HttpRequest } from "../../src/host/host.ts";
import { request } from "../../src/host/http.ts";
import { type Certificate, Certificates, Servers } from "../support/servers.ts";

let certificates: Certificates;
let certificate: Certificate;
let servers: Servers;
beforeAll(() => {
	certificates = new Certificates();
	certificate = certificates.make("git.example", "DNS:git.example");
});
afterAll(() => certificates.remove());
beforeEach(() => {
	servers = new Servers();
});
afterEach(() => servers.close());

const get = (to: HttpRequest["to"], proxy?: HttpRequest["proxy"], timeoutMs = 5000) =>
	request({ to, path: "/version?x=1", ...(proxy && { proxy }), signal: AbortSignal.timeout(timeoutMs) });
const secure = (host = "git.example") => ({ host, port: 443, tls: { verify: true, ca: certificate.cert } });

describe("a request through a proxy", () => {
	it("makes a tunnel for TLS, and the server still proves its own name", async () => {
		const port = await servers.https(certificate, (incoming, response) => response.end(`tls ${incoming.url}`));
		const proxy = await servers.proxy(port);
		const way = { host: "127.0.0.1", port: proxy.port };
		expect(await get(secure(), way)).toMatchObject({ kind: "answered", status: 200, body: "tls /version?x=1" });
		expect(proxy.asked).toEqual(["CONNECT git.example:443"]);
		expect(await get(secure("other.example"), way)).toMatchObject({
			kind: "failed",
			code: "ERR_TLS_CERT_ALTNAME_INVALID",
		});
		expect(await get({ ...secure(), tls: { verify: true } }, way)).toMatchObject({
			code: "DEPTH_ZERO_SELF_SIGNED_CERT",
		});
	});

	it("lets the proxy fetch plain http, by the whole address", async () => {
		const proxy = await servers.proxy(0);
		const way = { host: "127.0.0.1", port: proxy.port };
		expect(await get({ host: "git.example", port: 80 }, way)).toMatchObject({ kind: "answered", status: 200 });
		await get({ host: "::1", port: 3000 }, way);
		expect(proxy.asked).toEqual(["GET http://git.example:80/version?x=1", "GET http://[::1]:3000/version?x=1"]);
	});

	it("shows its login, and tells a proxy that refuses", async () => {
		const port = await servers.https(certificate, (_, response) => response.end("in"));
		const proxy = await servers.proxy(port, { login: "build:pw" });
		const way = { host: "127.0.0.1", port: proxy.port };
		expect(await get(secure(), way)).toEqual({
			kind: "failed",
			code: "HTTP_407",
			message: "the proxy answers 407 Proxy Authentication Required",
			at: "proxy",
		});
		const authorization = `Basic ${Buffer.from("build:pw").toString("base64")}`;
		expect(await get(secure(), { ...way, authorization })).toMatchObject({ kind: "answered", body: "in" });
	});

	it("tells a proxy that is not there, breaks off or keeps silent", async () => {
		const refused = { host: "127.0.0.1", port: await servers.closed() };
		expect(await get(secure(), refused)).toMatchObject({ code: "ECONNREFUSED", at: "proxy" });
		expect(await get({ host: "git.example", port: 80 }, refused)).toMatchObject({ code: "ECONNREFUSED", at: "proxy" });
		expect(await get(secure(), { host: "127.0.0.1", port: await servers.breaking() })).toMatchObject({
			kind: "failed",
			at: "proxy",
		});
		const silent = { host: "127.0.0.1", port: await servers.silent() };
		expect(await get(secure(), silent, 200)).toEqual({ kind: "timed-out" });
	});
});

describe("a name with several addresses", () => {
	it("takes the one that answers, and fails in plain words", async () => {
		const port = await servers.http((_, response) => response.end("here"));
		expect(await get({ host: "localhost", port })).toMatchObject({ kind: "answered", body: "here" });
		const closed = await servers.closed();
		expect(await get({ host: "localhost", port: closed })).toMatchObject({
			kind: "failed",
			code: "ECONNREFUSED",
			message: expect.stringContaining(`127.0.0.1:${closed}`),
		});
	});
});
