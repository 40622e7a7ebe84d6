import { expect, it } from "vitest";
import type { ReadOutcome, Space } from "../../src/host/host.ts";
import { shmProbe } from "../../src/probes/shm.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

const factsOf = (space: ReadOutcome<Space>, platform = "linux") =>
	collect(shmProbe, createHost({ spaces: { "/dev/shm": space }, platform }));
const measured: ReadOutcome<Space> = {
	kind: "ok",
	value: { freeBytes: 60, totalBytes: 64, freeInodes: 9, totalInodes: 10, source: "statfs" },
};

it("measures /dev/shm", async () => {
	expect(await factsOf(measured)).toEqual({ kind: "measured", totalBytes: 64, freeBytes: 60, source: "statfs" });
});

it("distinguishes absent from unreadable", async () => {
	expect(await factsOf({ kind: "absent" })).toEqual({ kind: "absent" });
	expect(await factsOf({ kind: "unreadable", code: "EACCES" })).toEqual({ kind: "unreadable", code: "EACCES" });
});

it("reads nothing on other systems than Linux", async () => {
	expect(await factsOf(measured, "darwin")).toEqual({ kind: "not-linux" });
});
