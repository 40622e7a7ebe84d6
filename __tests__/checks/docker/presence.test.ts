import { describe, expect, it } from "vitest";
import { dockerPresence } from "../../../src/checks/docker/presence.ts";
import type { EndpointFacts } from "../../../src/probes/docker-endpoint.ts";
import type { EngineAnswer, EngineVersion } from "../../../src/probes/docker-engine.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createHost } from "../../support/fake-host.ts";
import {
	createContainer,
	createEndpoint,
	createEngine,
	createJob,
	createVersion,
	debian,
	examine,
	findingOf,
} from "./facts.ts";

const forbidden = createPolicy({ docker: { require: "forbidden", plugins: [] } });
const tcp: Partial<EndpointFacts> = {
	endpoint: { kind: "tcp", host: "docker", port: 2375, tls: "none" },
	address: "tcp://docker:2375",
};
const ssh: Partial<EndpointFacts> = { endpoint: { kind: "ssh", host: "build" }, address: "ssh://build" };
const judgePresence = (
	version: EngineAnswer<EngineVersion>,
	endpoint: Partial<EndpointFacts> = {},
	others: Record<string, unknown> = {},
) => {
	const where = createEndpoint(endpoint);
	return judge(
		dockerPresence,
		{
			engine: createEngine({ endpoint: where.address, version }),
			endpoint: where,
			container: createContainer(),
			job: createJob(),
			os: debian,
			others: [],
			...others,
		},
		forbidden,
	);
};
const failed = (code: string): EngineAnswer<EngineVersion> => ({ kind: "failed", code, message: code });
const live: EngineAnswer<EngineVersion> = { kind: "ok", value: createVersion() };

describe("docker/presence", () => {
	it("applies only if Docker is forbidden", () => {
		expect(dockerPresence.applies?.(forbidden)).toBe(true);
		expect(dockerPresence.applies?.(createPolicy())).toBe(false);
	});

	it("counts a socket that the CLI does not use, unless this user cannot open it", () => {
		const socket = (version: EngineAnswer<EngineVersion>) => ({ others: [{ path: "/var/run/docker.sock", version }] });
		expect(judgePresence(failed("ENOTFOUND"), tcp, socket({ kind: "timed-out" })).kind).toBe("finding");
		expect(judgePresence(failed("ENOTFOUND"), tcp, socket(failed("EACCES"))).kind).toBe("pass");
	});

	it.each<[string, EngineAnswer<EngineVersion>, Partial<EndpointFacts>]>([
		["no socket", failed("ENOENT"), {}],
		["a socket that this user cannot open", failed("EACCES"), {}],
		["a stale socket", failed("ECONNREFUSED"), {}],
		["something else behind the socket", { kind: "not-docker", body: "hello" }, {}],
		["no such host", failed("ENOTFOUND"), tcp],
		["an invalid address", { kind: "no-endpoint" }, { endpoint: { kind: "invalid", why: "x" } }],
	])("passes: %s", (_, version, endpoint) => {
		expect(judgePresence(version, endpoint).kind).toBe("pass");
	});

	it.each<[string, EngineAnswer<EngineVersion>, Partial<EndpointFacts>]>([
		["a live daemon", live, {}],
		["a live daemon over tcp", live, tcp],
		["a daemon that answers with an error", { kind: "http-error", status: 500, body: "" }, {}],
		["a daemon that hangs behind its socket", { kind: "timed-out" }, {}],
		["a daemon whose queue is full", failed("EAGAIN"), {}],
	])("forbidden-but-present: %s", (_, version, endpoint) => {
		expect(findingOf(judgePresence(version, endpoint)).reason).toBe("forbidden-but-present");
	});

	it("passes a proxy that keeps everything back, unless another socket is open", () => {
		const names = ["create", "containers", "images"] as const;
		const through = (kept: readonly string[], others: readonly unknown[] = []) => {
			const requests = names.map((name) => ({
				name,
				request: name,
				status: kept.includes(name) ? 403 : 400,
				body: "",
			}));
			return judgePresence(live, tcp, { others, engine: createEngine({ version: live, requests }) }).kind;
		};
		expect(through(names)).toBe("pass");
		expect(through(["create"])).toBe("finding");
		expect(through(["containers", "images"])).toBe("finding");
		expect(through(names, [{ path: "/var/run/docker.sock", version: live }])).toBe("finding");
	});

	it("does not pass what it could not find out", () => {
		expect(judgePresence({ kind: "timed-out" }, tcp).kind).toBe("undecided");
		expect(judgePresence({ kind: "no-endpoint" }, ssh).kind).toBe("undecided");
	});

	it.each(["uid 1001", "unknown"])("names no user that has no name: %s", (user) => {
		const host = { container: createContainer({ mode: "host" }), os: { ...debian, user } };
		expect(findingOf(judgePresence(live, {}, host)).remedy.commands).toEqual([expect.stringContaining("restart")]);
	});

	it("is the only one that applies if Docker is forbidden", async () => {
		const results = await examine(createHost(), forbidden);
		for (const { id, status, reason } of Object.values(results)) {
			expect([id, status, reason]).toEqual(
				id === "docker/presence" ? [id, "pass", undefined] : [id, "skip", "not-in-profile"],
			);
		}
	});
});
