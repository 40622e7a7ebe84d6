import { describe, expect, it } from "vitest";
import { dockerEndpoint } from "../../../src/checks/docker/endpoint.ts";
import type { DockerEndpoint, EndpointFacts, TlsFile } from "../../../src/probes/docker-endpoint.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createEndpoint, createEngine, createJob, findingOf, wayOut } from "./facts.ts";

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

describe("what is right", () => {
	it.each<[string, Partial<EndpointFacts>]>([
		["the default socket", {}],
		["a socket of one's own", { endpoint: { kind: "unix", path: "/run/user/1000/docker.sock" } }],
		["tcp with TLS", tcp({ port: 2376, tls: "verify", files: files("present") })],
		["tcp without verification, but with TLS", tcp({ tls: "no-verify", files: files("present") })],
		["tcp without TLS to this machine", tcp({ host: "127.0.0.1" })],
		["the same by name", tcp({ host: "localhost" })],
		["the same with IPv6", tcp({ host: "::1" })],
		[
			"TLS variables that a unix socket does not need",
			{ endpoint: { kind: "unix", path: "/s", files: files("present") } },
		],
	])("passes: %s", (_, endpoint) => {
		expect(judgeEndpoint(endpoint).kind).toBe("pass");
	});

	it("passes a server that wants no certificate of ours", () => {
		const endpoint = tcp({ tls: "verify", files: files("present", "absent", "absent") });
		expect(judgeEndpoint(endpoint, { engine: createEngine() }).kind).toBe("pass");
	});

	it("takes the CLI's default with TLS for right only where a daemon answers there", () => {
		const byTls = {
			...tcp({ host: "localhost", port: 2376, tls: "verify", files: files("present") }),
			source: "default" as const,
			address: "tcp://localhost:2376",
		};
		expect(judgeEndpoint(byTls, { engine: createEngine() }).kind).toBe("pass");
		const verdict = judgeEndpoint(byTls);
		expect(findingOf(verdict)).toMatchObject({
			reason: "invalid-host",
			message: expect.stringContaining(
				"`DOCKER_HOST` is not: Docker then looks for its daemon at `tcp://localhost:2376`",
			),
		});
		expect(wayOut(verdict)).toContain("unset DOCKER_TLS_VERIFY DOCKER_TLS");
	});

	it("mentions a configuration that the CLI cannot read, and lets it be", () => {
		const verdict = judgeEndpoint({ config: { path: "/root/.docker/config.json", state: "unreadable" } });
		expect(verdict).toMatchObject({ kind: "pass", evidence: [{}, { source: "/root/.docker/config.json" }] });
	});

	it("leaves a daemon behind ssh alone, and says so", () => {
		const verdict = judgeEndpoint({ endpoint: { kind: "ssh", host: "build" }, address: "ssh://build" });
		expect(verdict).toMatchObject({ kind: "skip", reason: "ssh-unsupported" });
	});

	it("is nothing for a profile that forbids Docker", () => {
		const forbidden = createPolicy({ docker: { require: "forbidden", plugins: [] } });
		expect(dockerEndpoint.applies?.(forbidden)).toBe(false);
		expect(dockerEndpoint.applies?.(createPolicy())).toBe(true);
	});
});

describe("invalid-host", () => {
	const bad = (overrides: Partial<EndpointFacts> = {}): Partial<EndpointFacts> => ({
		endpoint: {
			kind: "invalid",
			why: "a path without `unix://` before it is taken for a tcp address",
			meant: "unix:///s",
		},
		address: "/s",
		source: "DOCKER_HOST",
		...overrides,
	});

	it("names the value, what is wrong and what was meant", () => {
		const verdict = judgeEndpoint(bad());
		expect(findingOf(verdict)).toMatchObject({ reason: "invalid-host", observed: "/s" });
		expect(findingOf(verdict).message).toBe(
			"`DOCKER_HOST` says `/s`: a path without `unix://` before it is taken for a tcp address.",
		);
		expect(wayOut(verdict)).toContain("DOCKER_HOST: unix:///s");
	});

	it("tells each runner where its variables are", () => {
		expect(wayOut(judgeEndpoint(bad(), { job: createJob({ system: "github" }) }))).toContain("DOCKER_HOST=unix:///s");
		expect(wayOut(judgeEndpoint(bad(), { job: createJob({ system: "none" }) }))).toContain(
			"export DOCKER_HOST=unix:///s",
		);
	});

	it("quotes what somebody wrote", () => {
		const endpoint = bad({ endpoint: { kind: "invalid", why: "x", meant: "unix:///a b`$(reboot)" }, address: "`x`" });
		const shell = wayOut(judgeEndpoint(endpoint, { job: createJob({ system: "none" }) }));
		expect(shell).toContain("export DOCKER_HOST='unix:///a b`$(reboot)'");
		expect(findingOf(judgeEndpoint(endpoint)).message).toContain("`'x'`");
		expect(wayOut(judgeEndpoint(endpoint))).toContain('DOCKER_HOST: "unix:///a b`$(reboot)"');
	});

	it("leads back to the default context", () => {
		const context = bad({ source: "config", context: "desktop-linux", address: "context desktop-linux" });
		const verdict = judgeEndpoint(context);
		expect(findingOf(verdict).message).toContain("context `desktop-linux` of the CLI's configuration");
		expect(wayOut(verdict)).toContain("DOCKER_CONFIG=/root/.docker docker context use default");
		expect(findingOf(verdict).remedy.kind).toBe("image");
		expect(findingOf(judgeEndpoint({ ...context, source: "DOCKER_CONTEXT" })).remedy.text).toContain("DOCKER_CONTEXT");
	});
});

describe("tcp-without-tls", () => {
	it.each(["docker", "10.0.0.5", "127.0.0.1.example.org", "fd00::1"])("is found for %s", (host) => {
		const verdict = judgeEndpoint(tcp({ host }));
		expect(findingOf(verdict).reason).toBe("tcp-without-tls");
		expect(findingOf(verdict).why).toContain("root");
	});

	it("shows the way with TLS, and the one of who knows better", () => {
		const way = wayOut(judgeEndpoint(tcp()));
		expect(way).toContain("DOCKER_HOST: tcp://docker:2376");
		expect(way).toContain('DOCKER_TLS_VERIFY: "1"');
		expect(way).toContain("docker/endpoint:tcp-without-tls: warn");
	});
});

describe("tls-files-missing", () => {
	it("names every file that is missing", () => {
		const verdict = judgeEndpoint(tcp({ tls: "verify", files: files("absent") }));
		expect(findingOf(verdict)).toMatchObject({
			reason: "tls-files-missing",
			observed: "ca.pem absent, cert.pem absent, key.pem absent",
		});
		expect(findingOf(verdict).message).toContain("`/certs/client/ca.pem`, `/certs/client/cert.pem` and");
		expect(wayOut(verdict)).toContain("options: --volume docker-certs:/certs/client:ro");
	});

	it("needs the authority's file even where the daemon answers", () => {
		const endpoint = tcp({ tls: "no-verify", files: files("absent", "present", "present") });
		expect(findingOf(judgeEndpoint(endpoint, { engine: createEngine() })).reason).toBe("tls-files-missing");
	});

	it("needs the others where it does not", () => {
		const endpoint = tcp({ tls: "verify", files: files("present", "present", "absent") });
		expect(findingOf(judgeEndpoint(endpoint)).observed).toBe("key.pem absent");
	});

	it("keeps an unreadable file apart from a missing one", () => {
		const verdict = judgeEndpoint(tcp({ tls: "verify", files: files("present", "present", "unreadable") }));
		expect(findingOf(verdict).message).toContain("cannot be read by this user");
		expect(wayOut(verdict)).toContain("ls -ln /certs/client");
	});

	it("is found at a unix socket too, where the variables have to go", () => {
		const verdict = judgeEndpoint({ endpoint: { kind: "unix", path: "/s", files: files("absent") } });
		expect(findingOf(verdict)).toMatchObject({ reason: "tls-files-missing", observed: "ca.pem absent" });
		expect(wayOut(verdict)).toContain("unset DOCKER_TLS_VERIFY");
	});
});
