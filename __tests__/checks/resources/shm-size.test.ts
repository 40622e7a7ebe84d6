import { expect, it, test } from "vitest";
import { shmSize } from "../../../src/checks/resources/shm-size.ts";
import type { ShmFacts } from "../../../src/probes/shm.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { GiB, inContainer, jobOf } from "./facts.ts";

const verdictOf = (facts: ShmFacts) =>
	judge(shmSize, { facts, container: inContainer, job: jobOf() }, createPolicy({ shm: GiB }));

it("applies if the profile sets a floor", () => {
	expect(shmSize.applies?.(createPolicy())).toBe(false);
	expect(shmSize.applies?.(createPolicy({ shm: GiB }))).toBe(true);
});

test("passes when it was mounted without a limit", () => {
	expect(verdictOf({ kind: "measured", totalBytes: 0, freeBytes: 0, source: "statfs" })).toMatchObject({
		kind: "pass",
		message: "`/dev/shm` is limited only by memory",
	});
});

test("is undecided if the size cannot be read", () => {
	expect(verdictOf({ kind: "unreadable", code: "EACCES" })).toMatchObject({
		kind: "undecided",
		message: expect.stringContaining("Cannot read `/dev/shm` (permission denied)"),
	});
});

test("is skipped on other systems than Linux", () => {
	expect(verdictOf({ kind: "not-linux" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});
