import { describe, expect, test } from "vitest";
import { dockerWarnings } from "../../../src/checks/docker/warnings.ts";
import type { EngineFacts } from "../../../src/probes/docker-engine.ts";
import { judge } from "../../support/builders.ts";
import { createEngine, createInfo, findingOf } from "./facts.ts";

const judgeEngine = (engine: Partial<EngineFacts>) => judge(dockerWarnings, { engine: createEngine(engine) });
const judgeWarnings = (...warnings: string[]) => judgeEngine({ info: { kind: "ok", value: createInfo({ warnings }) } });

test("shows the first line of a warning, without its first word and period", () => {
	const text =
		"[DEPRECATION NOTICE]: API is accessible on http://0.0.0.0:2375 without encryption.\n         Access to the remote API is equivalent to root access on the host.";
	expect(findingOf(judgeWarnings(text)).observed).toBe("API is accessible on http://0.0.0.0:2375 without encryption");
});

test("passes without any warning", () => {
	expect(judgeWarnings()).toMatchObject({ kind: "pass", message: "no warnings" });
});

test("skips without a daemon, and if a proxy denies /info", () => {
	const skip = { kind: "skip", reason: "not-applicable" };
	expect(judgeEngine({ version: { kind: "no-endpoint" } })).toMatchObject(skip);
	expect(judgeEngine({ info: { kind: "http-error", status: 403, body: "" } })).toMatchObject(skip);
});

describe("does not pass what it could not find out", () => {
	test.each([{ kind: "timed-out" }, { kind: "http-error", status: 500, body: "" }] as const)("$kind", (info) => {
		expect(judgeEngine({ info }).kind).toBe("undecided");
	});
});
