import { describe, expect, test } from "vitest";
import { accountProbe } from "../../src/probes/account.ts";
import { within } from "../../src/probes/deadline.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

const untilAborted = (signal: AbortSignal) =>
	new Promise<string>((resolve) => {
		if (signal.aborted) resolve("aborted");
		signal.addEventListener("abort", () => resolve("aborted"));
	});

describe("a deadline within another", () => {
	test("its own time", async () => {
		expect(await within(20, new AbortController().signal, untilAborted)).toBe("aborted");
	});

	test("the outer one, before and during the work", async () => {
		const outer = new AbortController();
		const work = within(60_000, outer.signal, untilAborted);
		outer.abort();
		expect(await work).toBe("aborted");
		expect(await within(60_000, outer.signal, untilAborted)).toBe("aborted");
	});

	test("work that is done in time, or fails", async () => {
		const { signal } = new AbortController();
		expect(await within(60_000, signal, async () => "done")).toBe("done");
		await expect(within(60_000, signal, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
	});
});

test("whom the kernel takes us for", async () => {
	expect(await collect(accountProbe, createHost({ uid: 990, gid: 990, groups: [990, 998] }))).toEqual({
		uid: 990,
		gid: 990,
		groups: [990, 998],
	});
	expect(await collect(accountProbe, { ...createHost(), uid: undefined, gid: undefined, groups: [] })).toEqual({
		groups: [],
	});
});
