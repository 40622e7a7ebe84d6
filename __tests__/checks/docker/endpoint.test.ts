import { describe, expect, it } from "vitest";
import { dockerEndpoint } from "../../../src/checks/docker/endpoint.ts";
import type { DockerEndpoint, EndpointFacts, TlsFile } from "../../../src/probes/docker-endpoint.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createEndpoint, createEngine, createJob, findingOf, fixOf } from "./facts.ts";

const down = createEngine({ version: { kind: "failed", code: "ECONNREFUSED", message: "connect ECONNREFUSED" } });
const judgeEndpoint = (endpoint: Partial<EndpointFacts>, others: Record<string, unknown> = {}) =>
	judge(dockerEndpoint, {
		endpoint: createEndpoint(endpoint),
		engine: down,
		container: createContainer(),
		job: createJob(),
		...others,
	});
const tcp = (overrides: Partial<Extract<DockerEndpoint, { kind: "tcp" }>> = {}): Partial<EndpointFacts> => ({
	endpoint: { kind: "tcp", host: "docker", port: 2375, tls: "none", ...overrides },
	address: `tcp://${overrides.host ?? "docker"}:${overrides.port ?? 2375}`,
	source: "DOCKER_HOST",
});
const files = (ca: TlsFile["state"], cert = ca, key = ca): readonly TlsFile[] => [
	{ role: "ca", path: "/certs/client/ca.pem", state: ca },
	{ role: "cert", path: "/certs/client/cert.pem", state: cert },
	{ role: "key", path: "/certs/client/key.pem", state: key },
];

describe("passes", () => {
	it.each<[string, Partial<EndpointFacts>]>([
		["the default socket", {}],
		["another socket", { endpoint: { kind: "unix", path: "/run/user/1000/docker.sock" } }],
		["tcp with TLS", tcp({ port: 2376, tls: "verify", files: files("present") })],
		["tcp without verification, but with TLS", tcp({ tls: "no-verify", files: files("present") })],
		["tcp without TLS to this machine", tcp({ host: "127.0.0.1" })],
		["the same by name", tcp({ host: "localhost" })],
		["the same with IPv6", tcp({ host: "::1" })],
		[
			"TLS variables that a unix socket does not need",
			{ endpoint: { kind: "unix", path: "/s", files: files("present") } },
		],
	])("%s", (_, endpoint) => {
		expect(judgeEndpoint(endpoint).kind).toBe("pass");
	});

	it("a server that wants no client certificate", () => {
		const endpoint = tcp({ tls: "verify", files: files("present", "absent", "absent") });
		expect(judgeEndpoint(endpoint, { engine: createEngine() }).kind).toBe("pass");
	});

	it("accepts the CLI's default with TLS only if a daemon answers there", () => {
		const byTls = {
			...tcp({ host: "localhost", port: 2376, tls: "verify", files: files("present") }),
			source: "default" as const,
			address: "tcp://localhost:2376",
		};
		expect(judgeEndpoint(byTls, { engine: createEngine() }).kind).toBe("pass");
		expect(findingOf(judgeEndpoint(byTls)).reason).toBe("invalid-host");
	});

	it("shows a configuration that the CLI cannot read, and passes", () => {
		const verdict = judgeEndpoint({ config: { path: "/root/.docker/config.json", state: "unreadable" } });
		expect(verdict).toMatchObject({ kind: "pass", evidence: [{}, { source: "/root/.docker/config.json" }] });
	});

	it("does not apply to a profile that forbids Docker", () => {
		const forbidden = createPolicy({ docker: { require: "forbidden", plugins: [] } });
		expect(dockerEndpoint.applies?.(forbidden)).toBe(false);
		expect(dockerEndpoint.applies?.(createPolicy())).toBe(true);
	});
});

it("quotes a value from outside", () => {
	const endpoint = {
		endpoint: { kind: "invalid", why: "x", meant: "unix:///a b`$(reboot)" },
		address: "`x`",
		source: "DOCKER_HOST",
	} as const;
	const shell = fixOf(judgeEndpoint(endpoint, { job: createJob({ system: "none" }) }));
	expect(shell).toContain("export DOCKER_HOST='unix:///a b`$(reboot)'");
	expect(findingOf(judgeEndpoint(endpoint)).message).toContain("`'x'`");
	expect(fixOf(judgeEndpoint(endpoint))).toContain('DOCKER_HOST: "unix:///a b`$(reboot)"');
});

it.each(["10.0.0.5", "127.0.0.1.example.org", "fd00::1"])("tcp-without-tls: %s is another machine", (host) => {
	expect(findingOf(judgeEndpoint(tcp({ host }))).reason).toBe("tcp-without-tls");
});

describe("tls-files-missing", () => {
	it("needs the authority's file even if the daemon answers", () => {
		const endpoint = tcp({ tls: "no-verify", files: files("absent", "present", "present") });
		expect(findingOf(judgeEndpoint(endpoint, { engine: createEngine() })).reason).toBe("tls-files-missing");
	});

	it("needs the others if it does not", () => {
		const endpoint = tcp({ tls: "verify", files: files("present", "present", "absent") });
		expect(findingOf(judgeEndpoint(endpoint)).observed).toBe("key.pem absent");
	});
});
