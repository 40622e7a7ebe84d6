import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { apiOf, examine, findingsOf } from "../checks/docker/facts.ts";

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;

/** A daemon that requires client certificates, as `docker:dind` sets it up. */
describe.skipIf(!hasOpenssl)("a daemon behind TLS", () => {
	let directory: string;
	let secure: Server;
	let plain: Server;

	const openssl = (...args: string[]) => {
		const { status, stderr } = spawnSync("openssl", args, { cwd: directory, encoding: "utf8" });
		if (status !== 0) throw new Error(stderr);
	};
	const authority = (name: string) =>
		openssl(
			...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
			...["-keyout", `${name}.key`, "-out", `${name}.pem`, "-subj", `/CN=${name}`],
		);
	const certificate = (name: string, names: string) => {
		openssl(
			...["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
			...["-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`],
		);
		writeFileSync(join(directory, "names"), `subjectAltName=${names}\n`);
		openssl(
			...["x509", "-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"],
			...["-days", "2", "-extfile", "names", "-out", `${name}.pem`],
		);
	};
	/** A directory for DOCKER_CERT_PATH, made of files with other names. */
	const lay = (name: string, files: Record<string, string>) => {
		mkdirSync(join(directory, name));
		for (const [to, from] of Object.entries(files)) cpSync(join(directory, from), join(directory, name, `${to}.pem`));
	};
	const engine: RequestListener = (request, response) => {
		const answer = apiOf("29.7.2")[`GET ${request.url}`];
		if (answer?.kind === "answered") response.writeHead(answer.status, answer.headers).end(answer.body);
		// An engine rejects the request that asks whether a proxy keeps it back.
		else
			response
				.writeHead(request.method === "POST" ? 400 : 404, { "content-type": "application/json" })
				.end('{"message":"page not found"}');
	};
	const portOf = (server: Server) => (server.address() as AddressInfo).port;
	const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

	beforeAll(async () => {
		directory = mkdtempSync(join(tmpdir(), "runner-check-tls-"));
		authority("ca");
		authority("stranger");
		certificate("server", "DNS:localhost,IP:127.0.0.1");
		certificate("client", "DNS:client");
		lay("good", { ca: "ca.pem", cert: "client.pem", key: "client.key" });
		lay("other-authority", { ca: "stranger.pem", cert: "client.pem", key: "client.key" });
		lay("other-client", { ca: "ca.pem", cert: "stranger.pem", key: "stranger.key" });
		lay("no-client", { ca: "ca.pem" });
		const read = (name: string) => readFileSync(join(directory, name));
		const tls = { key: read("server.key"), cert: read("server.pem"), ca: read("ca.pem"), requestCert: true };
		secure = createHttpsServer({ ...tls, rejectUnauthorized: true }, engine);
		plain = createHttpServer(engine);
		await Promise.all([listen(secure), listen(plain)]);
	});
	afterAll(() => {
		for (const server of [secure, plain]) {
			server.closeAllConnections();
			server.close();
		}
		rmSync(directory, { recursive: true, force: true });
	});

	const findings = async (address: string, certificates?: string, variable = "DOCKER_TLS_VERIFY") => {
		const tls = certificates && { [variable]: "1", DOCKER_CERT_PATH: join(directory, certificates) };
		const host = createRealHost({ PATH: directory, HOME: directory, DOCKER_HOST: address, ...tls });
		return findingsOf(await examine(host, undefined, 5000)).filter((finding) => !finding.includes("docker/cli:"));
	};

	it.each([
		["its own certificates", "127.0.0.1", "good", "DOCKER_TLS_VERIFY", []],
		["its own certificates, by another name of it", "localhost", "good", "DOCKER_TLS_VERIFY", []],
		["no question who it is", "127.0.0.1", "other-authority", "DOCKER_TLS", []],
		["another authority", "127.0.0.1", "other-authority", "DOCKER_TLS_VERIFY", ["docker/daemon:unreachable"]],
		["a client that it does not know", "127.0.0.1", "other-client", "DOCKER_TLS_VERIFY", ["docker/daemon:unreachable"]],
		["no client at all", "127.0.0.1", "no-client", "DOCKER_TLS_VERIFY", ["docker/endpoint:tls-files-missing"]],
		["a name that it has not", "127.0.0.2", "good", "DOCKER_TLS_VERIFY", ["docker/daemon:unreachable"]],
	])("with %s", async (_, name, certificates, variable, expected) => {
		// The server listens on the first address only. On Linux, the whole network is this machine.
		if (name === "127.0.0.2") {
			await new Promise((resolve) => secure.close(resolve));
			await new Promise<void>((resolve) => secure.listen(0, "127.0.0.2", resolve));
		}
		expect(await findings(`tcp://${name}:${portOf(secure)}`, certificates, variable)).toEqual(expected);
	});

	it("to a daemon without TLS", async () => {
		expect(await findings(`tcp://127.0.0.1:${portOf(plain)}`, "good")).toEqual(["docker/daemon:unreachable"]);
	});

	it("or without TLS on this machine", async () => {
		expect(await findings(`tcp://127.0.0.1:${portOf(plain)}`)).toEqual([]);
	});
});
