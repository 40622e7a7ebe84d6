import { expect, it, test } from "vitest";
import { shmSize } from "../../../src/checks/resources/shm-size.ts";
import type { ShmFacts } from "../../../src/probes/shm.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { GiB, inContainer, jobOf } from "./facts.ts";

const verdictOf = (shm: ShmFacts) =>
	judge(shmSize, { shm, container: inContainer, job: jobOf() }, createPolicy({ shm: GiB }));

it("applies where the profile sets a floor", () => {
	expect(shmSize.applies?.(createPolicy())).toBe(false);
	expect(shmSize.applies?.(createPolicy({ shm: GiB }))).toBe(true);
});

test("passes when it was mounted without a limit", () => {
	expect(verdictOf({ kind: "measured", totalBytes: 0, freeBytes: 0, source: "statfs" })).toMatchObject({
		kind: "pass",
		message: "`/dev/shm` is limited only by memory",
	});
});

test("could not find out", () => {
	expect(verdictOf({ kind: "unreadable", code: "EACCES" })).toMatchObject({
		kind: "undecided",
		message: "The size of `/dev/shm` cannot be read: EACCES.",
	});
});

test("not on Linux: nothing to judge", () => {
	expect(verdictOf({ kind: "not-linux" })).toMatchObject({ kind: "skip", reason: "not-applicable" });
});
