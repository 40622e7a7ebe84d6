import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { diskFree } from "../../../src/checks/resources/disk-free.ts";
import type { DiskExpectation } from "../../../src/policy/policy.ts";
import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { DiskPlace } from "../../../src/probes/disks.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { disksOf, GiB, inContainer, measured, onHost, workspace } from "./facts.ts";

const forty: DiskExpectation = { path: "workspace", free: 40 * GiB };
const verdictOf = (
	places: Record<string, DiskPlace>,
	disk: readonly DiskExpectation[] = [forty],
	container: ContainerFacts = onHost,
	sources = {},
) => judge(diskFree, { disks: disksOf(places), container }, createPolicy({ profile: "titan", disk, sources }));
const findingOf = (...facts: Parameters<typeof verdictOf>) => verdictOf(...facts) as Finding<string>;

test("applies if the profile sets a floor", () => {
	expect(diskFree.applies?.(createPolicy())).toBe(false);
	expect(diskFree.applies?.(createPolicy({ disk: [{ path: "workspace", inodes: 1 }] }))).toBe(false);
	expect(diskFree.applies?.(createPolicy({ disk: [forty] }))).toBe(true);
});

test("passes with exactly what the profile asks for", () => {
	expect(verdictOf({ workspace: measured({ freeBytes: 40 * GiB }) }).kind).toBe("pass");
});

test("is skipped if no place is visible", () => {
	const verdict = verdictOf({ "docker-root": { kind: "not-visible", why: "on the host" } }, [
		{ path: "docker-root", free: 1 },
	]);
	expect(verdict).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

describe("low", () => {
	test("names a place that cannot be read, so that it is not taken for one with enough", () => {
		const places = {
			workspace: measured({ freeBytes: GiB }),
			home: { kind: "unreadable", path: "/home/ci", code: "EIO" },
		};
		const found = findingOf(places as Record<string, DiskPlace>, [forty, { path: "home", free: GiB }]);
		expect(found).toMatchObject({ reason: "low", message: expect.stringContaining("home directory cannot be read") });
	});

	const low = { workspace: measured({ freeBytes: 12.34 * GiB }) };

	test("a path that needs quotes", () => {
		const mount = { target: "/tmp/my ci", fsType: "tmpfs" };
		const { remedy } = findingOf({ workspace: measured({ freeBytes: GiB, totalBytes: GiB, mount }) });
		expect(remedy.commands).toEqual(["sudo mount -o remount,size=40G '/tmp/my ci'"]);
	});

	test("a file system in memory keeps room for what is in it", () => {
		const mount = { target: "/tmp", fsType: "tmpfs" };
		const { remedy } = findingOf({ workspace: measured({ freeBytes: 2 * GiB, totalBytes: 64 * GiB, mount }) });
		expect(remedy.commands).toEqual(["sudo mount -o remount,size=102G /tmp"]);
	});

	test("a file system in memory of a container is not that of the host", () => {
		const mount = { target: "/tmp", fsType: "tmpfs" };
		const { remedy } = findingOf({ workspace: measured({ freeBytes: 0, mount }) }, [forty], inContainer);
		expect(remedy.commands).toBeUndefined();
		expect(remedy.text).toContain("set `size=292G` there for `/tmp`");
	});

	test("a place whose name is too long for the title is in the message", () => {
		const path = `/srv/${"models/".repeat(8)}`;
		const found = findingOf({ [path]: measured({ path, freeBytes: 0 }) }, [{ path, free: GiB }]);
		expect(found.title).toBe("Too little disk space (0 bytes of 1 GiB)");
		expect(found.message).toContain(`\`${path}\``);
	});

	test("names the input that asks for it", () => {
		const { message } = findingOf(low, [forty], onHost, { "disk.workspace.free": "input `min-free-disk`" });
		expect(message).toContain("; the input `min-free-disk` asks for 40 GiB.");
	});

	test("names the line of the policy that asks for it", () => {
		const { message } = findingOf(low, [forty], onHost, { disk: ".gitea/runner-check.yml" });
		expect(message).toContain("; `.gitea/runner-check.yml` asks for 40 GiB.");
	});

	test("the place with the least of what it needs comes first in the evidence", () => {
		const finding = findingOf(
			{
				workspace: measured({ freeBytes: 30 * GiB }),
				temp: measured({
					freeBytes: GiB,
					totalBytes: 16 * GiB,
					path: "/tmp",
					mount: { target: "/tmp", fsType: "tmpfs" },
				}),
				"/srv": measured({ path: "/srv", mount: { target: "/srv", fsType: "xfs" } }),
			},
			[forty, { path: "temp", free: 10 * GiB }, { path: "/srv", free: GiB }],
		);
		expect(finding.evidence.map((entry) => entry.source)).toEqual([
			"statfs /tmp",
			`statfs ${workspace}`,
			"statfs /srv",
		]);
	});

	test("places on one file system are one entry in the evidence", () => {
		const finding = findingOf(
			{ workspace: measured({ freeBytes: GiB }), home: measured({ freeBytes: GiB, path: "/root" }) },
			[forty, { path: "home", free: 2 * GiB }],
		);
		expect(finding.evidence).toEqual([
			{
				source: `statfs ${workspace}`,
				text: "1 GiB free of 252 GiB (ext4 on /); workspace needs 40 GiB, home needs 2 GiB",
			},
		]);
	});

	test("comes before what cannot be read", () => {
		const finding = findingOf({ "/srv": { kind: "unreadable", path: "/srv", code: "EIO" }, ...low }, [
			{ path: "/srv", free: 1 },
			forty,
		]);
		expect(finding.reason).toBe("low");
	});

	test("a path that does not exist yet", () => {
		const finding = findingOf({ "/srv/it's": measured({ path: "/srv/it's", measuredAt: "/srv", freeBytes: 0 }) }, [
			{ path: "/srv/it's", free: GiB },
		]);
		expect(finding.message).toMatch(/^The file system of `\/srv\/it's` has 0 bytes free/);
		expect(finding.evidence[0]?.text).toContain("/srv/it's does not exist yet");
		expect(finding.remedy.commands?.[0]).toBe("df -h /srv");
	});
});

describe("unreadable", () => {
	test("a path that needs quotes", () => {
		const place = { kind: "unreadable", path: "/srv/it's", code: "EACCES" } as const;
		expect(
			verdictOf({ workspace: measured(), "/srv/it's": place }, [forty, { path: "/srv/it's", free: 1 }]),
		).toMatchObject({
			reason: "unreadable",
			message: "The free space of `/srv/it's` cannot be read: EACCES.",
			remedy: { commands: ["ls -ld '/srv/it'\\''s'", "df '/srv/it'\\''s'", "findmnt --target '/srv/it'\\''s'"] },
		});
	});

	test("a file system that reports no size", () => {
		const finding = findingOf({ workspace: { kind: "unreadable", path: workspace, code: "ENODATA" } });
		expect(finding.message).toMatch(/cannot be read: the file system reports no size\.$/);
	});
});

test("is undecided about a place that these facts do not cover", () => {
	expect(verdictOf({}, [forty])).toMatchObject({ kind: "undecided" });
});
