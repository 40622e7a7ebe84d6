import { expect, it } from "vitest";
import { runnerCacheServer } from "../../../src/checks/runner/cache-server.ts";
import type { CacheServerFacts } from "../../../src/probes/forge-cache.ts";
import { judge } from "../../support/builders.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

const answered = (status: number, body = "") => ({ kind: "answered", status, body }) as const;
const failed = (code: string) => ({ kind: "failed", code, message: `connect ${code}` }) as const;

function judgeCache(answer: CacheServerFacts["answer"], container = createContainer()) {
	const cache = { url: "http://127.0.0.1:37161", isLoopback: true, hadToken: true, answer };
	return judge(runnerCacheServer, { cache, container, job: createJob() });
}

it("is skipped behind a proxy that it does not support", () => {
	expect(judgeCache({ kind: "other-proxy" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

it.each(["ECONNREFUSED", "ETIMEDOUT", "ENOTFOUND"])("unreachable: %s", (code) => {
	expect(judgeCache(failed(code))).toMatchObject({ reason: "unreachable", observed: `${code}: connect ${code}` });
});

it.each([401, 403])("unauthorized: %i to the job's own token", (status) => {
	expect(judgeCache(answered(status))).toMatchObject({ reason: "unauthorized", observed: String(status) });
});

it("does not call the host a job container", () => {
	const verdict = judgeCache(failed("ECONNREFUSED"), onHost);
	expect(JSON.stringify(verdict)).not.toContain("job container itself");
});
