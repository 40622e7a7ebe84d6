import { describe, expect, it } from "vitest";
import { dockerEndpointProbe } from "../../src/probes/docker-endpoint.ts";
import { collect } from "../support/builders.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

const look = (machine: FakeMachine) => collect(dockerEndpointProbe, createHost(machine));
const lookAt = (DOCKER_HOST: string, env: Record<string, string> = {}) => look({ env: { DOCKER_HOST, ...env } });
const socket = file({ kind: "socket", mode: 0o660 });

describe("DOCKER_HOST", () => {
	it.each([
		["unix:///run/user/1000/docker.sock", { kind: "unix", path: "/run/user/1000/docker.sock" }],
		["unix://", { kind: "unix", path: "/var/run/docker.sock" }],
		["  unix:///run/docker.sock\n", { kind: "unix", path: "/run/docker.sock" }],
		["tcp://docker:2375", { kind: "tcp", host: "docker", port: 2375, tls: "none" }],
		["tcp://127.0.0.1", { kind: "tcp", host: "127.0.0.1", port: 2375, tls: "none" }],
		["tcp://", { kind: "tcp", host: "localhost", port: 2375, tls: "none" }],
		["tcp://:4000", { kind: "tcp", host: "localhost", port: 4000, tls: "none" }],
		["docker:2375", { kind: "tcp", host: "docker", port: 2375, tls: "none" }],
		["tcp://[::1]:2376", { kind: "tcp", host: "::1", port: 2376, tls: "none" }],
		["tcp://::1", { kind: "tcp", host: "::1", port: 2375, tls: "none" }],
		["tcp://docker:2375/prefix", { kind: "tcp", host: "docker", port: 2375, tls: "none" }],
		["ssh://runner@build.example:22", { kind: "ssh", host: "build.example" }],
	])("reads %j as the CLI does", async (address, endpoint) => {
		expect((await lookAt(address)).endpoint).toEqual(endpoint);
	});

	it.each([
		["/var/run/docker.sock", "unix:///var/run/docker.sock"],
		["unix:/run/docker.sock", "unix:///run/docker.sock"],
		["unix:run/docker.sock", "unix:///run/docker.sock"],
		["tcp:/docker:2375", "tcp://docker:2375"],
		["tcp:docker:2375", "tcp://docker:2375"],
		["ssh:/build.example", "ssh://build.example"],
		["https:/docker:2376", undefined],
		["http://docker:2375", "tcp://docker:2375"],
		["https://docker:2376/", "tcp://docker:2376"],
		["https://[::1]:2376/", "tcp://[::1]:2376"],
		["npipe:////./pipe/docker_engine", undefined],
		["fd://", undefined],
		["foo://bar", undefined],
		["TCP://127.0.0.1:2375", undefined],
		["tcp://a b:1", undefined],
		["tcp://127.0.0.1:99999", undefined],
		["tcp://127.0.0.1:0", undefined],
		["tcp://host:port", undefined],
		["ssh://", undefined],
		["\u0000\u001b[31m", undefined],
	])("says what is wrong with %j", async (address, meant) => {
		const { endpoint, source } = await lookAt(address);
		expect(endpoint.kind).toBe("invalid");
		expect(source).toBe("DOCKER_HOST");
		expect(endpoint.kind === "invalid" && endpoint.meant).toBe(meant);
	});

	it("is ignored if it is empty", async () => {
		expect((await lookAt("")).source).toBe("default");
		expect((await lookAt(" ")).source).toBe("default");
	});

	it.each([
		"tcp://user:s3cr3t@docker:2376",
		"tcp://s3cr3t@docker",
		"ssh://runner:s3cr3t@build.example",
		"http://user:s3cr3t@docker:2375/",
		"https://user:a@s3cr3t@docker:2375/?token=s3cr3t",
		"foo://user:s3cr3t@bar",
		"user:s3cr3t@docker:2375",
		"tcp://docker:2375?token=s3cr3t",
		"unix:user:s3cr3t@docker",
	])("keeps no credentials of %j", async (address) => {
		expect(JSON.stringify(await lookAt(address))).not.toContain("s3cr3t");
	});

	it("keeps a value of any length short", async () => {
		expect(JSON.stringify(await lookAt(`foo://${"x".repeat(1e6)}`)).length).toBeLessThan(1000);
	});

	it("shows the address that is used", async () => {
		expect((await lookAt("tcp://user:pw@[::1]:2376")).address).toBe("tcp://[::1]:2376");
		expect((await lookAt("foo://bar")).address).toBe("foo://bar");
	});
});

describe("TLS", () => {
	const files = { "/certs/ca.pem": "x", "/certs/cert.pem": "x", "/certs/key.pem": file({ mode: 0 }) };
	const certs = { DOCKER_HOST: "tcp://docker:2376", DOCKER_CERT_PATH: "/certs/" };

	it("finds the three files", async () => {
		const { endpoint } = await look({ env: { ...certs, DOCKER_TLS_VERIFY: "1" }, files });
		expect(endpoint).toMatchObject({
			tls: "verify",
			files: [
				{ role: "ca", path: "/certs/ca.pem", state: "present" },
				{ role: "cert", path: "/certs/cert.pem", state: "present" },
				{ role: "key", path: "/certs/key.pem", state: "unreadable" },
			],
		});
	});

	it("is on if the variable is not empty, whatever its value", async () => {
		expect((await look({ env: { ...certs, DOCKER_TLS_VERIFY: "0" } })).endpoint).toMatchObject({ tls: "verify" });
		expect((await look({ env: { ...certs, DOCKER_TLS: "1" } })).endpoint).toMatchObject({ tls: "no-verify" });
		expect((await look({ env: { ...certs, DOCKER_TLS_VERIFY: "" } })).endpoint).toMatchObject({ tls: "none" });
	});

	it("looks next to the configuration if no directory is named", async () => {
		const { endpoint } = await look({ env: { DOCKER_HOST: "tcp://docker:2376", DOCKER_TLS: "1", HOME: "/home/ci" } });
		expect(endpoint).toMatchObject({ files: [{ path: "/home/ci/.docker/ca.pem", state: "absent" }, {}, {}] });
	});

	it("concerns a unix socket too, since the CLI still needs the files", async () => {
		const env = { DOCKER_HOST: "unix:///var/run/docker.sock", DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs" };
		expect((await look({ env })).endpoint).toMatchObject({
			kind: "unix",
			files: [{ role: "ca", state: "absent" }, {}, {}],
		});
	});

	it.each([
		[{ DOCKER_TLS_VERIFY: "1" }, "verify"],
		[{ DOCKER_TLS: "1", DOCKER_CONTEXT: "default" }, "no-verify"],
	])("leads the CLI away from the socket if no address is named: %j", async (env, tls) => {
		const facts = await look({ env: { ...env, DOCKER_CERT_PATH: "/certs" }, files });
		expect(facts).toMatchObject({
			source: "default",
			address: "tcp://localhost:2376",
			endpoint: { kind: "tcp", host: "localhost", port: 2376, tls, files: [{ state: "present" }, {}, {}] },
		});
	});
});

describe("contexts", () => {
	const config = (value: unknown) => ({ "/root/.docker/config.json": JSON.stringify(value) });
	const meta = "/root/.docker/contexts/meta";
	const machine = {
		files: {
			...config({ currentContext: "build", auths: { "ghcr.io": { auth: "c2VjcmV0" } } }),
			[`${meta}/1/meta.json`]: JSON.stringify({ Name: "other", Endpoints: { docker: { Host: "tcp://other:1" } } }),
			[`${meta}/2/meta.json`]: JSON.stringify({ Name: "build", Endpoints: { docker: { Host: "tcp://build:2376" } } }),
			[`${meta}/3/meta.json`]: "{ broken",
		},
		directories: { [meta]: ["1", "2", "3", "4"] },
	};

	it("follows the current context of the configuration", async () => {
		const facts = await look(machine);
		expect(facts).toMatchObject({
			endpoint: { kind: "tcp", host: "build", port: 2376, tls: "none" },
			source: "config",
			context: "build",
			address: "tcp://build:2376",
			config: { path: "/root/.docker/config.json", state: "ok" },
		});
		expect(JSON.stringify(facts)).not.toContain("c2VjcmV0");
	});

	it("lets DOCKER_CONTEXT win over the configuration, and DOCKER_HOST over both", async () => {
		const named = await look({ ...machine, env: { DOCKER_CONTEXT: "other" } });
		expect(named).toMatchObject({ endpoint: { host: "other" }, source: "DOCKER_CONTEXT" });
		const both = await look({ ...machine, env: { DOCKER_CONTEXT: "other", DOCKER_HOST: "tcp://third:1" } });
		expect(both).toMatchObject({ endpoint: { host: "third" }, source: "DOCKER_HOST" });
	});

	it("knows that `default` is not a context", async () => {
		expect(await look({ ...machine, env: { DOCKER_CONTEXT: "default" } })).toMatchObject({ source: "default" });
		expect(await look({ files: config({ currentContext: "" }) })).toMatchObject({ source: "default" });
	});

	it("uses the certificates of the context", async () => {
		const tls = "/root/.docker/contexts/tls/2/docker";
		const { endpoint } = await look({ ...machine, files: { ...machine.files, [`${tls}/ca.pem`]: "x" } });
		expect(endpoint).toMatchObject({ tls: "verify", files: [{ path: `${tls}/ca.pem`, state: "present" }, {}, {}] });
	});

	it("does not verify if the context says so", async () => {
		const skipping = { Name: "build", Endpoints: { docker: { Host: "tcp://build:2376", SkipTLSVerify: true } } };
		const files = { ...machine.files, [`${meta}/2/meta.json`]: JSON.stringify(skipping) };
		expect((await look({ ...machine, files })).endpoint).toMatchObject({ tls: "no-verify" });
	});

	it("honors DOCKER_CONFIG", async () => {
		const facts = await look({
			env: { DOCKER_CONFIG: "/etc/docker-cli/" },
			files: { "/etc/docker-cli/config.json": '{"currentContext":"gone"}' },
		});
		expect(facts).toMatchObject({
			endpoint: { kind: "invalid" },
			context: "gone",
			config: { path: "/etc/docker-cli/config.json" },
		});
	});

	it.each([
		["a context that is not there", { ...machine, env: { DOCKER_CONTEXT: "nope" } }],
		["no contexts at all", { env: { DOCKER_CONTEXT: "nope" } }],
		[
			"a context without a Docker endpoint",
			{
				env: { DOCKER_CONTEXT: "k8s" },
				files: { [`${meta}/1/meta.json`]: '{"Name":"k8s","Endpoints":{}}' },
				directories: { [meta]: ["1"] },
			},
		],
	])("finds no address with %s", async (_, broken) => {
		expect((await look(broken)).endpoint.kind).toBe("invalid");
	});

	it.each([
		["unreadable", { kind: "unreadable", code: "EACCES" } as const],
		["invalid", "{ not json"],
		["invalid", "[]"],
		["absent", undefined],
	])("continues without a configuration that is %s, as the CLI does", async (state, entry) => {
		const facts = await look({ files: entry === undefined ? {} : { "/root/.docker/config.json": entry } });
		expect(facts).toMatchObject({ endpoint: { kind: "unix" }, source: "default", config: { state } });
	});

	it("needs no home", async () => {
		const host = createHost({ files: {} });
		expect(await collect(dockerEndpointProbe, { ...host, userHome: undefined })).toMatchObject({ source: "default" });
	});
});

describe("the default socket", () => {
	const others = {
		"/run/user/1000/docker.sock": socket,
		"/run/podman/podman.sock": socket,
		"/home/ci/.colima/docker.sock": file(),
	};

	it("makes the probe look elsewhere if it is missing", async () => {
		const env = { HOME: "/home/ci" };
		const facts = await look({ uid: 1000, env, files: others });
		expect(facts.elsewhere).toEqual(["/run/podman/podman.sock", "/run/user/1000/docker.sock"]);
		expect(facts.endpoint).toEqual({ kind: "unix", path: "/var/run/docker.sock" });
	});

	it("is enough if it exists", async () => {
		expect((await look({ uid: 1000, files: { ...others, "/var/run/docker.sock": socket } })).elsewhere).toEqual([]);
	});

	it("is not what DOCKER_HOST asks for elsewhere", async () => {
		expect((await look({ env: { DOCKER_HOST: "unix:///x.sock" }, files: others })).elsewhere).toEqual([]);
	});
});

describe("what DOCKER_HOST says", () => {
	const writtenOf = async (value: string) =>
		(await collect(dockerEndpointProbe, createHost({ env: { DOCKER_HOST: value } }))).written;

	it.each([
		["docker", "docker"],
		["docker:2375", "docker:2375"],
		["tcp:2375", "tcp:2375"],
		["tcp://user:s3cr3t@docker", "tcp://docker"],
		[" tcp://docker:2375 ", undefined],
		["unix:///var/run/docker.sock", undefined],
		["tcp:/docker:2375", undefined],
	])("%j is kept as %j", async (value, written) => {
		expect(await writtenOf(value)).toBe(written);
	});
});
