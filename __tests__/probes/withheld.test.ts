import { describe, expect, it } from "vitest";
import { registryFamily } from "../../src/checks/network/registry.ts";
import { serviceFamily } from "../../src/checks/service/service.ts";
import { collectFacts } from "../../src/collect.ts";
import { judgeAll, probesOf } from "../../src/engine.ts";
import type { HttpRequest } from "../../src/host/host.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { createPolicy, createRequest } from "../support/builders.ts";
import { answered, createHost } from "../support/fake-host.ts";

const event = (head: number) =>
	JSON.stringify({ pull_request: { head: { repo: { id: head } }, base: { repo: { id: 1 } } } });
const login = Buffer.from("me:s3cr3t-login").toString("base64");

/** Judges a registry and a service that want a login. */
async function judged(policy: Partial<Policy>, { head = 2, readable = true } = {}) {
	const sent: HttpRequest[] = [];
	const host = createHost({
		env: {
			HOME: "/root",
			GITHUB_ACTIONS: "true",
			GITEA_ACTIONS: "true",
			GITHUB_EVENT_NAME: "pull_request",
			GITHUB_EVENT_PATH: "/event.json",
		},
		files: {
			...(readable && { "/event.json": event(head) }),
			"/root/.docker/config.json": JSON.stringify({ auths: { "registry.example": { auth: login } } }),
		},
		request: async (request) => {
			sent.push(request);
			if (request.headers?.authorization) return answered("internal words");
			return answered("internal words", 401, {
				"www-authenticate": "Basic realm=x",
				"docker-distribution-api-version": "registry/2.0",
			});
		},
	});
	const full = createPolicy({
		registries: ["registry.example/team/image:1"],
		services: [{ name: "inside", url: "http://me:s3cr3t-login@service.example/", models: [] }],
		...policy,
	});
	const checks = [...registryFamily.expand(full), ...serviceFamily.expand(full)];
	const facts = await collectFacts(probesOf(checks), host, createRequest({ policy: full }));
	const results = judgeAll(checks, facts, full, { started: "2026-11-24T06:00:00.000Z" });
	return {
		results,
		facts: JSON.stringify(facts),
		isLoggedIn: sent.some(({ headers }) => headers?.authorization !== undefined),
	};
}

const untrusted = ["registries", "services"] as const;

describe("a policy of the workspace in a pull request from a fork", () => {
	it("gets no login for its registries and services, and does not see what they answer", async () => {
		const { results, facts, isLoggedIn } = await judged({ untrusted });
		expect(isLoggedIn).toBe(false);
		expect(results).toMatchObject([
			{ id: "registry/registry.example", status: "skip", reason: "untrusted" },
			{ id: "service/inside", status: "skip", reason: "untrusted" },
		]);
		expect(facts).not.toContain("internal words");
	});

	it("may be one, if that cannot be found out", async () => {
		expect((await judged({ untrusted }, { readable: false })).isLoggedIn).toBe(false);
	});

	it.each<[string, Partial<Policy>, number]>([
		["a branch of the repository", { untrusted }, 1],
		["a fork, whose policy is trusted or the machine's", {}, 2],
	])("is not %s", async (_, policy, head) => {
		const { results, isLoggedIn } = await judged(policy, { head });
		expect(isLoggedIn).toBe(true);
		expect(results.map(({ reason }) => reason)).not.toContain("untrusted");
	});
});
