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

test("applies where the profile sets a floor", () => {
	expect(diskFree.applies?.(createPolicy())).toBe(false);
	expect(diskFree.applies?.(createPolicy({ disk: [{ path: "workspace", inodes: 1 }] }))).toBe(false);
	expect(diskFree.applies?.(createPolicy({ disk: [forty] }))).toBe(true);
});

test("passes with enough", () => {
	expect(verdictOf({ workspace: measured() })).toEqual({
		kind: "pass",
		message: "65 GiB free for the workspace (40 GiB asked for)",
		evidence: [{ source: `statfs ${workspace}`, text: "65 GiB free of 252 GiB (ext4 on /); workspace needs 40 GiB" }],
	});
});

test("passes with exactly what is asked for", () => {
	expect(verdictOf({ workspace: measured({ freeBytes: 40 * GiB }) }).kind).toBe("pass");
});

test("says what it could not see", () => {
	const verdict = verdictOf({ workspace: measured(), "docker-root": { kind: "not-visible", why: "on the host" } }, [
		forty,
		{ path: "docker-root", free: 40 * GiB },
	]);
	expect(verdict).toMatchObject({
		kind: "pass",
		message: "65 GiB free for the workspace (40 GiB asked for); Docker's data directory is out of sight",
	});
	expect(verdict).toMatchObject({ evidence: [{}, { source: "docker-root", text: "on the host" }] });
});

test("not-applicable where nothing of it can be seen", () => {
	const verdict = verdictOf({ "docker-root": { kind: "not-visible", why: "on the host" } }, [
		{ path: "docker-root", free: 1 },
	]);
	expect(verdict).toMatchObject({ kind: "skip", reason: "not-applicable" });
});

describe("low", () => {
	const low = { workspace: measured({ freeBytes: 12.34 * GiB }) };

	test("on the host", () => {
		const finding = findingOf(low);
		expect(finding).toMatchObject({
			reason: "low",
			message: "12.3 GiB free on the file system of the workspace; the profile `titan` asks for 40 GiB.",
			expected: "at least 40 GiB free",
			observed: "12.3 GiB",
			remedy: { kind: "host" },
		});
		expect(finding.remedy.commands).toContain("docker system df");
		expect(finding.remedy.commands).toContain("du -sh ~/.cache/act ~/.cache/actcache");
		expect(finding.remedy.otherwise?.text).toContain("`min-free-disk`");
	});

	test("in a container, whose disk is the host's", () => {
		const { remedy } = findingOf(low, [forty], inContainer);
		expect(remedy.text).toContain("runner's host");
		expect(remedy.commands?.[0]).toBe("docker system df");
		expect(remedy.commands).not.toContain("du -sh ~/.cache/act ~/.cache/actcache");
	});

	test("Docker's data directory", () => {
		const disk = [{ path: "docker-root", free: 40 * GiB }];
		const { message, remedy } = findingOf(
			{ "docker-root": measured({ freeBytes: GiB, path: "/var/lib/docker" }) },
			disk,
		);
		expect(message).toMatch(/^1 GiB free on the file system of Docker's data directory/);
		expect(remedy.text).toMatch(/^Unused images/);
	});

	test("a file system in memory", () => {
		const mount = { target: "/tmp/my ci", fsType: "tmpfs" };
		const { remedy } = findingOf({ workspace: measured({ freeBytes: GiB, mount }) });
		expect(remedy.commands).toEqual(["sudo mount -o remount,size=40G '/tmp/my ci'"]);
	});

	test("names the input that asks for it", () => {
		const { message } = findingOf(low, [forty], onHost, { "disk.workspace.free": "input `min-free-disk`" });
		expect(message).toContain("; the input `min-free-disk` asks for 40 GiB.");
	});

	test("names the line of the policy that asks for it", () => {
		const { message } = findingOf(low, [forty], onHost, { disk: "`.gitea/runner-check.yml`" });
		expect(message).toContain("; `.gitea/runner-check.yml` asks for 40 GiB.");
	});

	test("the worst place decides, measured by what it needs, and all are in the evidence", () => {
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
		expect(finding.message).toBe(
			"1 GiB free on the file system of the directory for temporary files; the profile `titan` asks for 10 GiB. The workspace is short too.",
		);
		expect(finding.evidence.map((entry) => entry.source)).toEqual([
			"statfs /tmp",
			`statfs ${workspace}`,
			"statfs /srv",
		]);
	});

	test("places that share a file system are one in the evidence", () => {
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

	test("goes before what cannot be read", () => {
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
		expect(finding.message).toMatch(/^0 bytes free on the file system of `\/srv\/it's`/);
		expect(finding.evidence[0]?.text).toContain("/srv/it's does not exist yet");
		expect(finding.remedy.commands?.[0]).toBe("df -h /srv");
	});
});

describe("unreadable", () => {
	test("a path that is closed to us", () => {
		const place = { kind: "unreadable", path: "/srv/it's", code: "EACCES" } as const;
		expect(
			verdictOf({ workspace: measured(), "/srv/it's": place }, [forty, { path: "/srv/it's", free: 1 }]),
		).toMatchObject({
			reason: "unreadable",
			message: "The free space of `/srv/it's` (`/srv/it's`) cannot be read: EACCES.",
			observed: "EACCES",
			remedy: { commands: ["ls -ld '/srv/it'\\''s'", "df '/srv/it'\\''s'"] },
		});
	});

	test("a file system that tells no size", () => {
		const finding = findingOf({ workspace: { kind: "unreadable", path: workspace, code: "ENODATA" } });
		expect(finding.message).toMatch(/cannot be read: the file system tells no size\.$/);
	});

	test("a file system that does not answer", () => {
		const finding = findingOf({ workspace: { kind: "unreadable", path: workspace, code: "ETIMEDOUT" } });
		expect(finding.message).toContain("the file system does not answer");
		expect(finding.remedy.commands).toEqual([`findmnt --target ${workspace}`]);
	});
});

test("cannot decide about a place that these facts do not know", () => {
	expect(verdictOf({}, [forty])).toMatchObject({ kind: "undecided" });
});
