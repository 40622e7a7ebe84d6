import { expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { diskInodes } from "../../../src/checks/resources/disk-inodes.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { DiskPlace } from "../../../src/probes/disks.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { disksOf, inContainer, measured, onHost, workspace } from "./facts.ts";

const million = [{ path: "workspace", inodes: 1_000_000 }];
const verdictOf = (place: DiskPlace, overrides: Partial<Policy> = {}, container = onHost) =>
	judge(
		diskInodes,
		{ disks: disksOf({ workspace: place }), container },
		createPolicy({ profile: "titan", disk: million, ...overrides }),
	);

test("applies where the profile sets a floor", () => {
	expect(diskInodes.applies?.(createPolicy({ disk: [{ path: "workspace", free: 1 }] }))).toBe(false);
	expect(diskInodes.applies?.(createPolicy({ disk: million }))).toBe(true);
});

test("passes with enough", () => {
	expect(verdictOf(measured())).toMatchObject({
		kind: "pass",
		message: "16,000,000 inodes free for the workspace (1,000,000 inodes asked for)",
	});
});

test("passes where the file system makes them as it needs them, and says so", () => {
	const {
		freeInodes: _,
		totalInodes: __,
		...place
	} = measured({
		mount: { target: "/", fsType: "btrfs" },
	}) as Extract<DiskPlace, { kind: "measured" }>;
	expect(verdictOf(place)).toEqual({
		kind: "pass",
		message: "The workspace has no fixed number of them (btrfs)",
		evidence: [
			{
				source: `statfs ${workspace}`,
				text: "the file system counts none (btrfs on /); workspace needs 1,000,000 inodes",
			},
		],
	});
});

test("low", () => {
	const finding = verdictOf(measured({ freeInodes: 12_345 })) as Finding<string>;
	expect(finding).toMatchObject({
		reason: "low",
		message: "12,345 inodes free on the file system of the workspace; the profile `titan` asks for 1,000,000 inodes.",
		observed: "12,345 inodes",
	});
	expect(finding.remedy.commands?.[1]).toContain("du -x --inodes");
	expect(finding.remedy.otherwise?.text).toContain("`min-free-inodes`");
});

test("low in a container, whose disk is the host's", () => {
	const { remedy } = verdictOf(measured({ freeInodes: 1 }), {}, inContainer) as Finding<string>;
	expect(remedy.commands).toContain("docker image prune --all --filter until=168h");
});

test("low in a file system in memory", () => {
	const mount = { target: "/tmp", fsType: "tmpfs" };
	const { remedy } = verdictOf(measured({ freeInodes: 0, mount })) as Finding<string>;
	expect(remedy.commands).toEqual(["sudo mount -o remount,nr_inodes=1000000 /tmp"]);
});

const unreadable = { kind: "unreadable", path: workspace, code: "EIO" } as const;

test("unreadable", () => {
	expect(verdictOf(unreadable)).toMatchObject({
		reason: "unreadable",
		message: `The free inodes of the workspace (\`${workspace}\`) cannot be read: EIO.`,
	});
});

test("unreadable is said once, by disk/free where that looks there too", () => {
	const both = [{ path: "workspace", free: 1, inodes: 1 }];
	expect(verdictOf(unreadable, { disk: both })).toMatchObject({ kind: "skip", reason: "needs:disk/free" });
	expect(verdictOf(unreadable, { disk: both, skip: ["disk/free"] })).toMatchObject({ reason: "unreadable" });
	expect(verdictOf(unreadable, { disk: both, severity: { "disk/free": "off" } })).toMatchObject({
		reason: "unreadable",
	});
});
