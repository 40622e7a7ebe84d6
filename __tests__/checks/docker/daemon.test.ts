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

describe("passes", () => {
	it("a slow /info", () => {
		expect(judgeDaemon({ info: { kind: "timed-out" } }).kind).toBe("pass");
	});

	it("a rootless daemon, and says so", () => {
		const info = createInfo({ securityOptions: ["name=seccomp,profile=builtin", "name=rootless"] });
		expect(judgeDaemon({ info: { kind: "ok", value: info } })).toMatchObject({
			kind: "pass",
			message: expect.stringContaining("Docker 29.1.2 (rootless)"),
		});
	});

	it("a daemon without minimum, components and server name", () => {
		const version = createVersion({ minApiVersion: undefined, components: [], server: undefined });
		expect(judgeDaemon({ version: { kind: "ok", value: version } }).kind).toBe("pass");
	});

	it("skips an absent Docker that is optional", () => {
		const absent = { kind: "failed", code: "ENOENT", message: "connect ENOENT" } as const;
		expect(judgeDaemon({ version: absent, info: absent }, {}, "optional")).toMatchObject({
			kind: "skip",
			reason: "absent",
		});
	});
});

describe("unreachable", () => {
	it.each([
		["EAI_AGAIN", "host name is unknown", "getent hosts docker"],
		["EPIPE", "closed at once", "journalctl"],
		["ENETUNREACH", "cannot be routed", "container.network"],
		["ETIMEDOUT", "cannot be routed", "container.network"],
		["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate is rejected", "openssl x509"],
		["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "certificate is rejected", "openssl x509"],
	])("%s", (errno, what, fix) => {
		const verdict = failing(errno);
		expect(findingOf(verdict)).toMatchObject({
			reason: "unreachable",
			message: expect.stringContaining(what),
			observed: `${errno}: connect ${errno}`,
		});
		expect(fixOf(verdict)).toContain(fix);
	});

	it("suspects no certificate of a unix socket", () => {
		expect(findingOf(failing("EPROTO", {})).message).toContain("cannot be reached: `EPROTO`");
	});
});

describe("timeout", () => {
	it("shows the answer once if both requests get none", () => {
		expect(findingOf(answering({ kind: "timed-out" })).evidence).toHaveLength(1);
	});

	it("includes a full queue", () => {
		expect(findingOf(failing("EAGAIN", {})).reason).toBe("timeout");
	});
});

it("not-docker includes an answer without an end", () => {
	expect(findingOf(failing("EMSGSIZE", {})).reason).toBe("not-docker");
});

it.each([401, 407])("forbidden includes %i", (status) => {
	expect(findingOf(answering({ kind: "http-error", status, body: "" })).reason).toBe("forbidden");
});

describe("a proxy that keeps back requests", () => {
	const names = {
		create: "POST /containers/create",
		containers: "GET /containers/json",
		images: "GET /images/json",
		build: "POST /build",
		pull: "POST /images/create",
	} as const;
	type Name = keyof typeof names;
	const all = Object.keys(names) as Name[];
	const keeping = (denied: readonly Name[], require: "required" | "optional", plugins: readonly "buildx"[]) =>
		judge(
			dockerDaemon,
			{
				engine: createEngine({
					info: { kind: "http-error", status: 403, body: "no" },
					requests: all.map((name) => {
						return { name, request: names[name], status: denied.includes(name) ? 403 : 400, body: "" };
					}),
				}),
				endpoint: createEndpoint(),
				container: createContainer(),
				job: createJob(),
			},
			createPolicy({ docker: { require, plugins } }),
		);
	const levelOf = (...args: Parameters<typeof keeping>) => {
		const verdict = keeping(...args);
		return verdict.kind === "finding" ? `${verdict.level} ${verdict.reason}` : verdict.kind;
	};

	it.each<[string, readonly Name[], string, string]>([
		["everything", all, "fail forbidden", "fail forbidden"],
		["every path", ["create", "containers", "images", "pull"], "fail forbidden", "fail forbidden"],
		["every change", ["create", "build", "pull"], "fail forbidden", "fail forbidden"],
		["builds", ["build"], "pass", "fail forbidden"],
		["pulls", ["pull"], "warn forbidden", "warn forbidden"],
		["containers", ["create", "containers"], "warn forbidden", "warn forbidden"],
		["only /info", [], "pass", "pass"],
	])("%s", (_, denied, plain, builder) => {
		expect(levelOf(denied, "required", [])).toBe(plain);
		expect(levelOf(denied, "required", ["buildx"])).toBe(builder);
		expect(levelOf(denied, "optional", [])).toBe(plain === "pass" ? "pass" : "warn forbidden");
	});
});

it.each([404, 500, 502, 503])("http-error: %i", (status) => {
	const verdict = answering({ kind: "http-error", status, body: "x" });
	expect(findingOf(verdict)).toMatchObject({ reason: "http-error", observed: `${status} x` });
});

describe("known-bad", () => {
	const running = (version: string) => judgeDaemon({ version: { kind: "ok", value: createVersion({ version }) } });

	it.each([
		["29.5.0", "29.5.2"],
		["29.5.1-1~debian.12~bookworm", "29.5.2"],
		["29.7.0", "29.7.1"],
		["29.7.0+dfsg1", "29.7.1"],
	])("%s is fixed in %s", (version, fixedIn) => {
		expect(findingOf(running(version))).toMatchObject({ reason: "known-bad", expected: `Docker ${fixedIn} or newer` });
	});

	it.each(["29.4.3", "29.5.2", "29.6.1", "29.7.1", "29.7.2", "28.5.0", "20.10.24+dfsg1", "dev"])(
		"%s passes",
		(version) => {
			expect(running(version).kind).toBe("pass");
		},
	);

	it("keeps a long version out of the title", () => {
		const version = "29.5.1-1~debian.12~bookworm+a.very.long.suffix.of.a.distribution";
		expect(findingOf(running(version)).title).toBe("Docker 29.5.1 breaks container jobs");
	});
});

it.each([
	["its server", { server: "Libpod/5.4.0 (linux)" }],
	["its component", { components: [{ name: "Podman Engine", version: "5.4.0" }] }],
])("podman is recognized by %s", (_, overrides) => {
	const version = createVersion({ version: "5.4.0", apiVersion: "1.41", ...overrides });
	const verdict = judgeDaemon({ version: { kind: "ok", value: version } });
	expect(findingOf(verdict)).toMatchObject({ reason: "podman", observed: "Podman 5.4.0" });
	// Its level is the reason's own.
	expect(findingOf(verdict)).not.toHaveProperty("level");
});
