import { expect, it } from "vitest";
import type { FileOutcome } from "../../src/host/host.ts";
import { cpuProbe } from "../../src/probes/cpu.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

const online = "/sys/devices/system/cpu/online";
const v2 = {
	[online]: "0-7\n",
	"/proc/self/status": "Name:\tnode\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\nMems_allowed_list:\t0\n",
	"/proc/self/cgroup": "0::/a/b\n",
	"/proc/self/mountinfo": "31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
};
const factsOf = (files: Readonly<Record<string, string | FileOutcome>>, platform = "linux", cpuCount = 16) =>
	collect(cpuProbe, createHost({ files, platform, cpuCount }));

it("a machine without limits", async () => {
	const facts = { online: 8, source: online, allowed: { kind: "read", count: 8 }, quotas: [] };
	expect(await factsOf(v2)).toEqual(facts);
	expect(await factsOf({ ...v2, "/sys/fs/cgroup/a/cpu.max": "max 100000\n" })).toEqual(facts);
});

it.each([
	["0-3,8", 4],
	["1", 1],
	["0,2,4-5", 4],
	["0-127", 8],
])("may run on %s: %i of those online", async (list, count) => {
	const facts = await factsOf({ ...v2, "/proc/self/status": `Cpus_allowed_list:\t${list}\n` });
	expect(facts.allowed).toEqual({ kind: "read", count });
});

const lxcfs =
	"99 98 0:60 /sys/devices/system/cpu/online /sys/devices/system/cpu/online rw,nosuid - fuse.lxcfs lxcfs rw,user_id=0\n";

it.each([
	["0", "24", 1],
	["0-3", "2-5", 4],
	["0-3", "2,9", 2],
	["0-7", "0-127", 8],
])("in an LXC container, lxcfs counts from 0: %s online, and the process may run on %s", async (shown, list, count) => {
	const files = { ...v2, [online]: `${shown}\n`, "/proc/self/status": `Cpus_allowed_list:\t${list}\n` };
	const facts = await factsOf({ ...files, "/proc/self/mountinfo": `${v2["/proc/self/mountinfo"]}${lxcfs}` });
	expect(facts.allowed).toEqual({ kind: "read", count });
});

it("never counts no CPU at all, even if the mount of lxcfs cannot be seen", async () => {
	const files = { ...v2, [online]: "0\n", "/proc/self/status": "Cpus_allowed_list:\t24\n" };
	expect((await factsOf(files)).allowed).toEqual({ kind: "read", count: 1 });
});

it("version 2: the quotas of the group and of the one above it", async () => {
	const { quotas } = await factsOf({
		...v2,
		"/sys/fs/cgroup/a/cpu.max": "400000 100000\n",
		"/sys/fs/cgroup/a/b/cpu.max": "150000 100000\n",
	});
	expect(quotas).toEqual([
		{ kind: "limited", source: "/sys/fs/cgroup/a/b/cpu.max", cpus: 1.5 },
		{ kind: "limited", source: "/sys/fs/cgroup/a/cpu.max", cpus: 4 },
	]);
});

it("version 1: two files, and -1 for no quota", async () => {
	const v1 = {
		...v2,
		"/proc/self/cgroup": "5:cpu,cpuacct:/a\n",
		"/proc/self/mountinfo": "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct\n",
		"/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
		"/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
		"/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "50000\n",
	};
	const source = "/sys/fs/cgroup/cpu/a/cpu.cfs_quota_us";
	expect((await factsOf({ ...v1, "/sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000\n" })).quotas).toEqual([
		{ kind: "limited", source, cpus: 0.5 },
	]);
	expect((await factsOf(v1)).quotas).toEqual([{ kind: "unreadable", source, code: "ENODATA" }]);
});

it("counts with Node without /sys", async () => {
	const facts = await factsOf({ ...v2, [online]: { kind: "unreadable", code: "EACCES" } });
	expect(facts).toMatchObject({ online: 16, source: "os.cpus()", allowed: { kind: "read", count: 8 } });
});

it("reports what cannot be read", async () => {
	const facts = await factsOf({}, "linux", 0);
	expect(facts).toMatchObject({ online: undefined, allowed: { kind: "unreadable", code: "ENOENT" }, quotas: [] });
	const garbage = await factsOf({ ...v2, "/proc/self/status": "Cpus_allowed_list:\tx-9\n", [online]: "?\n" });
	expect(garbage).toMatchObject({ source: "os.cpus()", allowed: { kind: "unreadable", code: "ENODATA" } });
	const source = "/sys/fs/cgroup/a/b/cpu.max";
	expect((await factsOf({ ...v2, [source]: { kind: "unreadable", code: "EACCES" } })).quotas).toEqual([
		{ kind: "unreadable", source, code: "EACCES" },
	]);
	expect((await factsOf({ ...v2, [source]: "" })).quotas).toEqual([{ kind: "unreadable", source, code: "ENODATA" }]);
});

it("reports the number alone on other systems than Linux", async () => {
	expect(await factsOf(v2, "darwin")).toEqual({
		online: 16,
		source: "os.cpus()",
		allowed: { kind: "not-linux" },
		quotas: [],
	});
});
