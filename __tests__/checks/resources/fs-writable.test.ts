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
		},
		createPolicy({ disk: [{ path: "workspace", free: 40 * GiB, inodes: 1_000_000 }], ...given.policy }),
	);
const findingOf = (...facts: Parameters<typeof verdictOf>) => verdictOf(...facts) as Finding<string>;

test("passes where everything can be written", () => {
	expect(verdictOf([writablePlace(), temp(), home()])).toMatchObject({
		kind: "pass",
		message: "The workspace, the temporary directory and the home directory can be written",
		evidence: [{ source: `write to ${workspace}`, text: "ok; owner 0:0, mode 0755" }, {}, {}],
	});
});

test("passes without a home", () => {
	expect(verdictOf([writablePlace(), temp()]).kind).toBe("pass");
});

describe("read-only", () => {
	test("on the host", () => {
		const finding = findingOf([writablePlace({ outcome: "EROFS" }), temp()]);
		expect(finding).toMatchObject({
			reason: "read-only",
			message: `The workspace \`${workspace}\` is on a read-only file system.`,
			observed: "EROFS",
			remedy: { kind: "host" },
		});
		expect(finding.remedy.commands?.[0]).toBe(`findmnt --target ${workspace}`);
		expect(finding.remedy.otherwise?.config?.text).toContain(`ReadWritePaths=${workspace}`);
	});

	test("in a container", () => {
		const { remedy, message } = findingOf([writablePlace({ outcome: "EROFS" }), temp({ outcome: "EROFS" })], {
			container: inContainer,
		});
		expect(message).toBe(
			`The workspace \`${workspace}\` and the temporary directory \`/tmp\` are on a read-only file system.`,
		);
		expect(remedy.kind).toBe("runner");
		expect(remedy.text).toContain("`:ro`");
	});

	test("goes before the rest", () => {
		const places = [writablePlace({ outcome: "EACCES" }), temp({ outcome: "ENOSPC" }), home({ outcome: "EROFS" })];
		expect(findingOf(places).reason).toBe("read-only");
	});
});

describe("not-writable", () => {
	test("leftovers of root on the host", () => {
		const finding = findingOf([writablePlace({ outcome: "EACCES" }), temp()], { uid: 1001 });
		expect(finding).toMatchObject({
			reason: "not-writable",
			message: `The workspace \`${workspace}\` cannot be written by this job, which runs as uid 1001. Its owner is uid 0, its mode \`0755\`.`,
			evidence: [
				{ source: `write to ${workspace}`, text: "EACCES; owner 0:0, mode 0755; the job runs as 1001:1001" },
				{ source: "write to /tmp" },
			],
			remedy: { kind: "host", commands: [`ls -ldn ${workspace}`, `sudo chown -R 1001:1001 ${workspace}`] },
		});
		expect(finding.remedy.text).toContain("ran as root");
		expect(finding.remedy.otherwise?.kind).toBe("workflow");
	});

	test("in a container", () => {
		const { remedy } = findingOf([writablePlace({ outcome: "EACCES" })], { uid: 1001, container: inContainer });
		expect(remedy.otherwise).toMatchObject({ kind: "runner", text: expect.stringContaining("`--user`") });
	});

	test("the home of another user of the image is not given away", () => {
		const { remedy } = findingOf([writablePlace(), home({ outcome: "EACCES" })], { uid: 1001, container: inContainer });
		expect(remedy).toMatchObject({
			kind: "image",
			config: { file: "Dockerfile", text: "RUN install -d -o 1001 -g 1001 /home/ci\nENV HOME=/home/ci" },
		});
		expect(remedy.commands).toBeUndefined();
	});

	test("the home of another user of the host is not given away", () => {
		const { remedy } = findingOf([writablePlace(), home({ outcome: "EACCES" })], { uid: 1001 });
		expect(remedy.config?.text).toContain("Environment=HOME=");
		expect(remedy.commands?.join()).not.toContain("chown");
	});

	test("a temporary directory is everybody's", () => {
		const { remedy } = findingOf([writablePlace(), temp({ outcome: "EACCES", mode: 0o755 })], { uid: 1001 });
		expect(remedy.commands).toEqual(["ls -ldn /tmp", "sudo chmod 1777 /tmp"]);
	});

	test("a directory that cannot be made is made, and the one above it is left alone", () => {
		const place = temp({ path: "/runner/my tmp", directory: "/", outcome: "EACCES", mode: 0o755 });
		expect(findingOf([writablePlace(), place], { uid: 1001 }).remedy.commands).toEqual([
			"sudo install -d -o 1001 -g 1001 '/runner/my tmp'",
		]);
	});

	test("a directory of the system is not given away", () => {
		const place = writablePlace({ path: "/", directory: "/", outcome: "EACCES" });
		expect(findingOf([place], { uid: 1001 }).remedy.commands).toEqual(["ls -ldn /"]);
	});

	test("a directory of one's own without the right mode", () => {
		const place = writablePlace({ outcome: "EACCES", uid: 1001, mode: 0o555 });
		expect(findingOf([place], { uid: 1001 }).remedy.commands).toContain(`chmod u+rwx ${workspace}`);
	});

	test("refused even to root", () => {
		const { remedy } = findingOf([writablePlace({ outcome: "EPERM" })]);
		expect(remedy.text).toContain("Even root");
	});

	test("a path that needs quotes", () => {
		const place = writablePlace({ path: "/srv/a b", directory: "/srv/a b", outcome: "EACCES" });
		expect(findingOf([place], { uid: 1 }).remedy.commands).toContain("sudo chown -R 1:1 '/srv/a b'");
	});

	test("a path that may not even be looked into has no owner to show", () => {
		const place: WritablePlace = { name: "workspace", path: workspace, outcome: "EACCES" };
		expect(findingOf([place], { uid: 1001 }).message).toMatch(/as uid 1001\.$/);
	});
});

describe("no-space", () => {
	const full = writablePlace({ outcome: "ENOSPC" });

	test("where no disk check says it", () => {
		expect(verdictOf([full, temp()])).toMatchObject({
			reason: "no-space",
			message: `The workspace \`${workspace}\` is full: not even a few bytes can be written.`,
			remedy: { commands: [`df -h ${workspace}`, `df -i ${workspace}`, expect.stringContaining("du -xh")] },
		});
	});

	test("by a quota", () => {
		expect(findingOf([writablePlace({ outcome: "EDQUOT" })]).message).toContain("quota");
	});

	test("is said once: disk/free tells it", () => {
		const places = { workspace: measured({ freeBytes: 0 }) };
		expect(verdictOf([full, temp()], { places })).toMatchObject({ kind: "skip", reason: "needs:disk/free" });
	});

	test("is said once: disk/inodes tells it", () => {
		const places = { workspace: measured({ freeInodes: 0 }) };
		expect(verdictOf([full, temp()], { places })).toMatchObject({ kind: "skip", reason: "needs:disk/inodes" });
	});

	test("for another mount of the same disk as well, such as a container's own layer", () => {
		const layer = { target: "/", fsType: "overlay" };
		const places = {
			workspace: measured({ freeBytes: 0 }),
			temp: measured({ path: "/tmp", freeBytes: 4096, mount: layer }),
		};
		const verdict = verdictOf([writablePlace(), temp({ outcome: "ENOSPC" })], { places });
		expect(verdict).toMatchObject({ reason: "needs:disk/free" });
	});

	test("is a cause of its own on another file system", () => {
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
	])("is a cause of its own on a disk %s", (_name, place) => {
		const places = { workspace: measured({ freeBytes: 30 * GiB }), temp: place };
		expect(verdictOf([writablePlace(), temp({ outcome: "ENOSPC" })], { places })).toMatchObject({ reason: "no-space" });
	});

	test.each<[string, Partial<Policy>]>([
		["by skip", { skip: ["disk/*"] }],
		["by severity", { severity: { "disk/free": "off" } }],
		["by severity of the reason", { severity: { "disk/free:low": "off" } }],
	])("is not lost where disk/free is switched off %s", (_name, policy) => {
		const places = { workspace: measured({ freeBytes: 0 }) };
		expect(verdictOf([full], { places, policy })).toMatchObject({ reason: "no-space" });
	});
});

test("a place that disk/free cannot read is not said twice", () => {
	const places: Record<string, DiskPlace> = { workspace: { kind: "unreadable", path: workspace, code: "EACCES" } };
	const verdict = verdictOf([writablePlace({ outcome: "EACCES" })], { places });
	expect(verdict).toMatchObject({ kind: "skip", reason: "needs:disk/free" });
});

test.each(["ETIMEDOUT", "EIO", "ENOENT"])("cannot decide on %s", (outcome) => {
	expect(verdictOf([writablePlace(), temp({ outcome })])).toMatchObject({
		kind: "undecided",
		message: expect.stringContaining("the temporary directory `/tmp`"),
	});
});
