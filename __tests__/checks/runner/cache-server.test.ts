import { describe, expect, it } from "vitest";
import { runnerCacheServer } from "../../../src/checks/runner/cache-server.ts";
import type { CacheServerFacts } from "../../../src/probes/forge-cache.ts";
import { judge } from "../../support/builders.ts";
import { findingOf, wayOut } from "../docker/facts.ts";
import { createContainer, createJob } from "./facts.ts";

const answered = (status: number, body = "") => ({ kind: "answered", status, body }) as const;
const failed = (code: string, at?: "proxy") =>
	({ kind: "failed", code, message: `connect ${code}`, ...(at && { at }) }) as const;

function judgeCache(answer: CacheServerFacts["answer"], overrides: Partial<CacheServerFacts> = {}) {
	const cache: CacheServerFacts = {
		url: "http://172.18.0.2:37161",
		isLoopback: false,
		hadToken: true,
		answer,
		...overrides,
	};
	return judge(runnerCacheServer, { cache, container: createContainer(), job: createJob() });
}

describe("a cache server that answers", () => {
	it.each([204, 200, 404])("passes (%i)", (status) => {
		expect(judgeCache(answered(status))).toMatchObject({ kind: "pass", message: "`http://172.18.0.2:37161` answers" });
	});

	it("passes where this step has no token to show", () => {
		expect(judgeCache(answered(401), { hadToken: false })).toMatchObject({
			kind: "pass",
			message: expect.stringContaining("wants a token"),
		});
	});

	it("is not judged where there is none", () => {
		expect(judgeCache({ kind: "not-asked" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
		expect(judgeCache({ kind: "other-proxy" }, { via: "socks5://p" })).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
		});
	});
});

describe("unreachable", () => {
	it.each<CacheServerFacts["answer"]>([
		failed("ECONNREFUSED"),
		failed("ETIMEDOUT"),
		failed("ENOTFOUND"),
		{ kind: "timed-out" },
		answered(502),
	])("%j", (answer) => {
		const verdict = findingOf(judgeCache(answer));
		expect(verdict.reason).toBe("unreachable");
		expect(verdict.message).toContain("The runner's cache server `http://172.18.0.2:37161`");
		expect(wayOut(verdict)).toContain("port: 8088");
		expect(wayOut(verdict)).toContain("enabled: false");
	});

	it("names the mistake of a loopback address", () => {
		expect(wayOut(judgeCache(failed("ECONNREFUSED"), { isLoopback: true }))).toContain("is the job container itself");
	});

	it("names the proxy", () => {
		const verdict = judgeCache(failed("HTTP_403", "proxy"), { via: "http://p:3128" });
		expect(findingOf(verdict).message).toContain("the proxy `http://p:3128` forbids it");
		expect(wayOut(verdict)).toMatch(/NO_PROXY: "?172\.18\.0\.2/);
	});
});

it.each([401, 403])("unauthorized: %i to the job's own token", (status) => {
	const verdict = findingOf(judgeCache(answered(status, "unknown bearer token")));
	expect(verdict).toMatchObject({ reason: "unauthorized", observed: `${status} unknown bearer token` });
	expect(wayOut(verdict)).toContain("external_secret");
});

it("both are warnings", () => {
	expect(Object.values(runnerCacheServer.reasons).map(({ level }) => level)).toEqual(["warn", "warn"]);
});
