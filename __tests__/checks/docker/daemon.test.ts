import { describe, expect, it } from "vitest";
import { dockerDaemon } from "../../../src/checks/docker/daemon.ts";
import type { EndpointFacts } from "../../../src/probes/docker-endpoint.ts";
import type { EngineAnswer, EngineFacts, EngineVersion } from "../../../src/probes/docker-engine.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import {
	createContainer,
	createEndpoint,
	createEngine,
	createInfo,
	createJob,
	createVersion,
	findingOf,
	fixOf,
} from "./facts.ts";

const tcp: Partial<EndpointFacts> = {
	endpoint: { kind: "tcp", host: "docker", port: 2376, tls: "verify" },
	address: "tcp://docker:2376",
	source: "DOCKER_HOST",
};

function judgeDaemon(
	engine: Partial<EngineFacts>,
	endpoint: Partial<EndpointFacts> = {},
	require: "required" | "optional" = "required",
) {
	const where = createEndpoint(endpoint);
	return judge(
		dockerDaemon,
		{
			engine: createEngine({ endpoint: where.address, ...engine }),
			endpoint: where,
			container: createContainer(),
			job: createJob(),
		},
		createPolicy({ docker: { require, plugins: [] } }),
	);
}

const answering = (version: EngineAnswer<EngineVersion>, endpoint?: Partial<EndpointFacts>) =>
	judgeDaemon({ version, info: version as EngineAnswer<never> }, endpoint);
const failing = (code: string, endpoint: Partial<EndpointFacts> = tcp) =>
	answering({ kind: "failed", code, message: `connect ${code}` }, endpoint);

describe("a daemon that answers", () => {
	it("is named with its API versions", () => {
		expect(judgeDaemon({})).toMatchObject({
			kind: "pass",
			message: "Docker 29.1.2 on Debian GNU/Linux 12 (bookworm), API 1.52, minimum 1.44",
		});
	});

	it("is healthy where a proxy keeps /info from us, or /info is slow", () => {
		const denied = judgeDaemon({ info: { kind: "http-error", status: 403, body: "<h1>403 Forbidden</h1>" } });
		expect(denied).toMatchObject({ kind: "pass", evidence: [{}, { text: "403 <h1>403 Forbidden</h1>" }] });
		expect(judgeDaemon({ info: { kind: "timed-out" } }).kind).toBe("pass");
	});

	it("is called rootless where it is", () => {
		const info = createInfo({ securityOptions: ["name=seccomp,profile=builtin", "name=rootless"] });
		expect(judgeDaemon({ info: { kind: "ok", value: info } })).toMatchObject({
			kind: "pass",
			message: expect.stringContaining("Docker 29.1.2 (rootless)"),
		});
	});

	it("needs no minimum, no components and no server name", () => {
		const version = createVersion({ minApiVersion: undefined, components: [], server: undefined });
		expect(judgeDaemon({ version: { kind: "ok", value: version } }).kind).toBe("pass");
	});

	it("is ill where it fails at /info", () => {
		const verdict = judgeDaemon({ info: { kind: "http-error", status: 500, body: "layer does not exist" } });
		expect(findingOf(verdict)).toMatchObject({ reason: "http-error", observed: "500 layer does not exist" });
	});
});

describe("unreachable", () => {
	it.each([
		["ENOTFOUND", "no such host", "container.network"],
		["EAI_AGAIN", "no such host", "getent hosts docker"],
		["ECONNREFUSED", "nobody listens there", "2376"],
		["ECONNRESET", "closed at once", "journalctl"],
		["EHOSTUNREACH", "no way leads there", "container.network"],
		["ENETUNREACH", "no way leads there", "container.network"],
		["EPROTO", "TLS fails", "speaks no TLS"],
		["ERR_TLS_CERT_ALTNAME_INVALID", "TLS fails", "does not hold the name"],
		["CERT_HAS_EXPIRED", "TLS fails", "openssl x509"],
		["DEPTH_ZERO_SELF_SIGNED_CERT", "TLS fails", "openssl x509"],
		["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "TLS fails", "openssl x509"],
		["EWHATEVER", "`EWHATEVER`", "journalctl"],
	])("%s", (code, what, way) => {
		const verdict = failing(code);
		expect(findingOf(verdict)).toMatchObject({ reason: "unreachable", observed: `${code}: connect ${code}` });
		expect(findingOf(verdict).message).toContain(what);
		expect(fixOf(verdict)).toContain(way);
	});

	it("is nothing where an optional Docker is absent", () => {
		const absent = { kind: "failed", code: "ENOENT", message: "connect ENOENT" } as const;
		expect(judgeDaemon({ version: absent, info: absent }, {}, "optional")).toMatchObject({
			kind: "skip",
			reason: "absent",
		});
	});

	it("is no word about a daemon behind ssh", () => {
		const ssh = { endpoint: { kind: "ssh", host: "build" }, address: "ssh://build" } as const;
		expect(answering({ kind: "no-endpoint" }, ssh)).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});
});

describe("timeout", () => {
	it("tells what hangs and how to look into it", () => {
		const verdict = answering({ kind: "timed-out" });
		expect(findingOf(verdict)).toMatchObject({ reason: "timeout", observed: "none" });
		expect(findingOf(verdict).evidence).toHaveLength(1);
		expect(fixOf(verdict)).toContain("USR1");
	});

	it("thinks of a firewall where it is over the network", () => {
		expect(fixOf(answering({ kind: "timed-out" }, tcp))).toContain("firewall");
		expect(fixOf(answering({ kind: "timed-out" }))).not.toContain("firewall");
	});

	it("is what a full queue means", () => {
		expect(findingOf(failing("EAGAIN", {})).reason).toBe("timeout");
	});
});

describe("not-docker", () => {
	it("recognises a web page", () => {
		const verdict = answering({ kind: "not-docker", body: "<!DOCTYPE html><html>" });
		expect(findingOf(verdict)).toMatchObject({ reason: "not-docker", observed: "<!DOCTYPE html><html>" });
		expect(findingOf(verdict).message).toContain("it sends a web page");
		expect(fixOf(verdict)).toContain("sudo ss -lxp | grep /var/run/docker.sock");
	});

	it("finds out who listens on a port", () => {
		const verdict = answering({ kind: "not-docker", body: "Parse Error" }, tcp);
		expect(findingOf(verdict).message).not.toContain("web page");
		expect(fixOf(verdict)).toContain("sport = :2376");
	});
});

describe("http-error", () => {
	it.each([404, 500, 502, 503])("%i", (status) => {
		const verdict = answering({ kind: "http-error", status, body: "x" });
		expect(findingOf(verdict)).toMatchObject({ reason: "http-error", observed: `${status} x` });
		expect(findingOf(verdict).message).toContain(`with ${status}`);
	});

	it("knows a server that wants TLS", () => {
		const body = "Client sent an HTTP request to an HTTPS server.\n";
		const verdict = answering({ kind: "http-error", status: 400, body }, tcp);
		expect(findingOf(verdict).message).toContain("wants TLS");
		expect(fixOf(verdict)).toContain('DOCKER_TLS_VERIFY: "1"');
	});
});

describe("forbidden", () => {
	it.each([401, 403, 407])("%i", (status) => {
		const verdict = answering({ kind: "http-error", status, body: "<h1>Forbidden</h1>" });
		expect(findingOf(verdict).reason).toBe("forbidden");
		expect(fixOf(verdict)).toContain("--env VERSION=1");
	});
});

describe("known-bad", () => {
	const running = (version: string) => judgeDaemon({ version: { kind: "ok", value: createVersion({ version }) } });

	it.each([
		["29.5.0", "29.5.2"],
		["29.5.1", "29.5.2"],
		["29.5.1-1~debian.12~bookworm", "29.5.2"],
		["29.7.0", "29.7.1"],
		["29.7.0+dfsg1", "29.7.1"],
	])("%s wants %s", (version, good) => {
		expect(findingOf(running(version))).toMatchObject({ reason: "known-bad", expected: `Docker ${good} or newer` });
		expect(fixOf(running(version))).toContain("RUN rm -f /var/run && mkdir -p /var/run");
	});

	it.each(["29.4.3", "29.5.2", "29.6.1", "29.7.1", "29.7.2", "28.5.0", "20.10.24+dfsg1", "dev"])(
		"%s is not",
		(version) => {
			expect(running(version).kind).toBe("pass");
		},
	);
});

describe("podman", () => {
	it.each([
		["by its server", { server: "Libpod/5.4.0 (linux)" }],
		["by its component", { components: [{ name: "Podman Engine", version: "5.4.0" }] }],
	])("is known %s", (_, overrides) => {
		const version = createVersion({ version: "5.4.0", apiVersion: "1.41", ...overrides });
		const verdict = judgeDaemon({ version: { kind: "ok", value: version } });
		expect(findingOf(verdict)).toMatchObject({ reason: "podman", observed: "Podman 5.4.0" });
		expect(findingOf(verdict)).not.toHaveProperty("level");
		expect(fixOf(verdict)).toContain("docker/daemon:podman: off");
	});
});
