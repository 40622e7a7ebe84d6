import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { now, since } from "../../src/clock.ts";
import { findLeftovers } from "../../src/host/leftovers.ts";

/** What permissions make of it is tested with a real user in e2e/unusable-workspace.test.ts. */
const root = mkdtempSync(join(tmpdir(), "leftovers-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const isLocal = () => true;

describe("the look for leftovers", () => {
	test("is short, however large the workspace is", () => {
		for (let a = 0; a < 30; a++)
			for (let b = 0; b < 30; b++) mkdirSync(join(root, `large/d${a}/e${b}`), { recursive: true });
		for (let a = 0; a < 2000; a++) writeFileSync(join(root, `large/f${a}`), "");
		const start = now();
		const found = findLeftovers(join(root, "large"), isLocal);
		expect(found?.looked).toBeLessThanOrEqual(400);
		expect(since(start)).toBeLessThan(150);
	});

	test("follows no link, neither out of the workspace nor in a circle", () => {
		mkdirSync(join(root, "links/own"), { recursive: true });
		symlinkSync("/etc", join(root, "links/etc"));
		symlinkSync("..", join(root, "links/own/up"));
		expect(findLeftovers(join(root, "links"), isLocal)).toEqual({ looked: 1, blocked: [] });
	});

	test("touches nothing whose calls may never return", () => {
		mkdirSync(join(root, "mounts/nfs/x"), { recursive: true });
		expect(findLeftovers(join(root, "mounts"), (path) => path !== join(root, "mounts/nfs"))?.looked).toBe(1);
		expect(findLeftovers(join(root, "mounts"), () => false)).toBeUndefined();
	});

	test("tells nothing about a workspace that is not there", () => {
		expect(findLeftovers(join(root, "none"), isLocal)).toBeUndefined();
	});
});
