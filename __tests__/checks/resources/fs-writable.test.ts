import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
import { fsWritable } from "../../../src/checks/resources/fs-writable.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { DiskPlace } from "../../../src/probes/disks.ts";
import type { WritablePlace } from "../../../src/probes/writable.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import {
	createWritable,
	disksOf,
	GiB,
	home,
	inContainer,
	jobOf,
	measured,
	onHost,
	temp,
	workspace,
	writablePlace,
} from "./facts.ts";

interface Given {
	uid?: number;
	places?: Record<string, DiskPlace>;
	policy?: Partial<Policy>;
	container?: typeof onHost;
}
const verdictOf = (places: readonly WritablePlace[], given: Given = {}) =>
	judge(
		fsWritable,
		{
			writable: createWritable(places, given.uid ?? 0),
			disks: disksOf(given.places ?? { workspace: measured(), temp: measured({ path: "/tmp" }) }),
			container: given.container ?? onHost,
			job: jobOf(),
		},
		createPolicy({ disk: [{ path: "workspace", free: 40 * GiB, inodes: 1_000_000 }], ...given.policy }),
	);
const findingOf = (...facts: Parameters<typeof verdictOf>) => verdictOf(...facts) as Finding<string>;

test("passes without a home", () => {
	expect(verdictOf([writablePlace(), temp()]).kind).toBe("pass");
});

describe("read-only", () => {
	test("comes before the other reasons", () => {
		const places = [writablePlace({ outcome: "EACCES" }), temp({ outcome: "ENOSPC" }), home({ outcome: "EROFS" })];
		expect(findingOf(places).reason).toBe("read-only");
	});
});

describe("not-writable", () => {
	const denied = (overrides: Partial<WritablePlace>) => writablePlace({ outcome: "EACCES", ...overrides });

	test.each(["/", "/var", "/var/tmp", "/usr/local/src", "/opt", "/lib64/x"])(
		"%s is a directory of the system and keeps its owner and mode",
		(path) => {
			for (const place of [denied({ path, directory: path }), temp({ path, directory: path, outcome: "EACCES" })]) {
				for (const container of [onHost, inContainer]) {
					const { commands } = findingOf([place], { uid: 1001, container }).remedy;
					expect(commands?.join("\n")).not.toMatch(/chown|chmod/);
				}
			}
		},
	);

	test.each(["/home/runner/work", "/var/lib/gitea-runner/work", "/srv/jobs"])("%s is not", (path) => {
		const { remedy } = findingOf([denied({ path, directory: path })], { uid: 1001 });
		expect(remedy.commands).toContain(`sudo chown -R 1001:1001 ${path}`);
	});

	test("nothing is taken from a user other than root", () => {
		const { remedy } = findingOf([denied({ uid: 1000, gid: 1000 })], { uid: 1001, container: inContainer });
		expect(remedy.commands?.join("\n")).not.toContain("chown");
		expect(remedy.otherwise?.config?.text).toBe(
			"container:\n  options: --user 1000:1000   # append to existing options",
		);
	});

	test("the home of another user is not given away", () => {
		for (const container of [onHost, inContainer]) {
			const { remedy } = findingOf([writablePlace(), home({ outcome: "EACCES" })], { uid: 1001, container });
			expect(JSON.stringify(remedy)).not.toContain("chown");
		}
	});

	test("a path that needs quotes", () => {
		const place = denied({ path: "/srv/a b", directory: "/srv/a b" });
		expect(findingOf([place], { uid: 1 }).remedy.commands).toContain("sudo chown -R 1:1 '/srv/a b'");
	});

	test("a path that cannot be looked at has no owner to show", () => {
		const place: WritablePlace = { name: "workspace", path: workspace, outcome: "EACCES" };
		const finding = findingOf([place], { uid: 1001 });
		expect(finding.message).toBe(`This job runs as uid 1001 and cannot write to the workspace \`${workspace}\`.`);
		expect(finding.remedy.commands).toEqual([`ls -ldn ${workspace}`]);
	});
});

describe("no-space", () => {
	const full = writablePlace({ outcome: "ENOSPC" });

	test("is reported once, by disk/free", () => {
		const places = { workspace: measured({ freeBytes: 0 }) };
		expect(verdictOf([full, temp()], { places })).toMatchObject({ kind: "skip", reason: "needs:disk/free" });
	});

	test("is reported once, by disk/inodes", () => {
		const places = { workspace: measured({ freeInodes: 0 }) };
		expect(verdictOf([full, temp()], { places })).toMatchObject({ kind: "skip", reason: "needs:disk/inodes" });
	});

	test("is reported once for another mount of the same disk, such as a container's own layer", () => {
		const layer = { target: "/", fsType: "overlay" };
		const places = {
			workspace: measured({ freeBytes: 0 }),
			temp: measured({ path: "/tmp", freeBytes: 4096, mount: layer }),
		};
		const verdict = verdictOf([writablePlace(), temp({ outcome: "ENOSPC" })], { places });
		expect(verdict).toMatchObject({ reason: "needs:disk/free" });
	});

	test("is a separate cause on another file system", () => {
		const places = {
			workspace: measured({ freeBytes: GiB }),
			temp: measured({ path: "/tmp", freeBytes: 0, totalBytes: 8 * GiB, mount: { target: "/tmp", fsType: "tmpfs" } }),
		};
		const verdict = verdictOf([writablePlace(), temp({ outcome: "ENOSPC" })], { places });
		expect(verdict).toMatchObject({ reason: "no-space", message: expect.stringContaining("`/tmp`") });
	});

	test.each<[string, DiskPlace]>([
		["of the same size, with other room", measured({ path: "/tmp", freeBytes: 0 })],
		["of another size, with the same room", measured({ path: "/tmp", freeBytes: 30 * GiB, totalBytes: 100 * GiB })],
	])("is a separate cause on a disk %s", (_name, place) => {
		const places = { workspace: measured({ freeBytes: 30 * GiB }), temp: place };
		expect(verdictOf([writablePlace(), temp({ outcome: "ENOSPC" })], { places })).toMatchObject({ reason: "no-space" });
	});

	test.each<[string, Partial<Policy>]>([
		["by skip", { skip: ["disk/*"] }],
		["by severity", { severity: { "disk/free": "off" } }],
		["by severity of the reason", { severity: { "disk/free:low": "off" } }],
	])("is reported if disk/free is turned off %s", (_name, policy) => {
		const places = { workspace: measured({ freeBytes: 0 }) };
		expect(verdictOf([full], { places, policy })).toMatchObject({ reason: "no-space" });
	});
});

test("a place that disk/free cannot read is reported once", () => {
	const places: Record<string, DiskPlace> = { workspace: { kind: "unreadable", path: workspace, code: "EACCES" } };
	const verdict = verdictOf([writablePlace({ outcome: "EACCES" })], { places });
	expect(verdict).toMatchObject({ kind: "skip", reason: "needs:disk/free" });
});

test.each(["ETIMEDOUT", "EIO", "ENOENT"])("is undecided on %s", (outcome) => {
	expect(verdictOf([writablePlace(), temp({ outcome })])).toMatchObject({
		kind: "undecided",
		message: expect.stringContaining("the temporary directory `/tmp`"),
	});
});

test("what disk/free reports does not hide a place that could not be tried", () => {
	const places = { workspace: measured({ freeBytes: 0 }) };
	const verdict = verdictOf([writablePlace({ outcome: "ENOSPC" }), home({ outcome: "EIO" })], { places });
	expect(verdict).toMatchObject({ kind: "undecided", message: expect.not.stringContaining("workspace") });
});

test("a place on a mount that does not answer waits for `fs/mount`, unless another has a finding", () => {
	const dead = writablePlace({ name: "home", path: "/home/runner", outcome: "ETIMEDOUT", onDeadMount: true });
	expect(verdictOf([writablePlace(), temp(), dead])).toMatchObject({ kind: "waits-for-mount" });
	const readOnly = writablePlace({ outcome: "EROFS" });
	expect(verdictOf([readOnly, temp(), dead])).toMatchObject({ kind: "finding", reason: "read-only" });
});
