import { expect, test } from "vitest";
import { diskInodes } from "../../../src/checks/resources/disk-inodes.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { DiskPlace } from "../../../src/probes/disks.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { disksOf, measured, onHost, workspace } from "./facts.ts";

const million = [{ path: "workspace", inodes: 1_000_000 }];
const verdictOf = (place: DiskPlace, overrides: Partial<Policy> = {}) =>
	judge(
		diskInodes,
		{ disks: disksOf({ workspace: place }), container: onHost },
		createPolicy({ profile: "titan", disk: million, ...overrides }),
	);

test("applies if the profile sets a floor", () => {
	expect(diskInodes.applies?.(createPolicy({ disk: [{ path: "workspace", free: 1 }] }))).toBe(false);
	expect(diskInodes.applies?.(createPolicy({ disk: million }))).toBe(true);
});

test("passes with enough", () => {
	expect(verdictOf(measured())).toMatchObject({
		kind: "pass",
		message: "16,000,000 inodes free for the workspace (1,000,000 inodes asked for)",
	});
});

test("what cannot be read is reported once, by disk/free if that looks there too", () => {
	const unreadable = { kind: "unreadable", path: workspace, code: "EIO" } as const;
	const both = [{ path: "workspace", free: 1, inodes: 1 }];
	expect(verdictOf(unreadable, { disk: both })).toMatchObject({ kind: "skip", reason: "needs:disk/free" });
	expect(verdictOf(unreadable, { disk: both, skip: ["disk/free"] })).toMatchObject({ reason: "unreadable" });
	for (const pattern of ["disk/free", "disk/free:unreadable", "*/free", "*:unreadable"]) {
		const severity = { [pattern]: "off" } as const;
		expect(verdictOf(unreadable, { disk: both, severity })).toMatchObject({ reason: "unreadable" });
	}
});

test("what is on a mount that does not answer waits for `fs/mount`", () => {
	expect(verdictOf({ kind: "dead-mount", path: workspace })).toEqual({
		kind: "waits-for-mount",
		message: "Cannot be measured on a mount that does not answer: the workspace.",
	});
});
