import { describe, expect, it } from "vitest";
import type { FileOutcome } from "../../src/host/host.ts";
import { memoryProbe } from "../../src/probes/memory.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

const meminfo = "MemTotal:       24683656 kB\nMemFree:        15321152 kB\nMemAvailable:   23460008 kB\n";
const machine = { kind: "read", availableBytes: 23_460_008 * 1024, totalBytes: 24_683_656 * 1024 };
const v2 = {
	"/proc/meminfo": meminfo,
	"/proc/self/cgroup": "0::/a/b\n",
	"/proc/self/mountinfo": "31 24 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n",
};
const factsOf = (files: Readonly<Record<string, string | FileOutcome>>, platform = "linux") =>
	collect(memoryProbe, createHost({ files, platform }));

it("a machine without limits", async () => {
	expect(await factsOf({ "/proc/meminfo": meminfo })).toEqual({ machine, groups: [] });
	const files = { ...v2, "/sys/fs/cgroup/a/memory.max": "max\n", "/sys/fs/cgroup/a/b/memory.max": "max\n" };
	expect(await factsOf(files)).toEqual({ machine, groups: [] });
});

describe("the cache of ZFS, which MemAvailable leaves out", () => {
	const gibibyte = 2 ** 30;
	const arcstats = `13 1 0x01 147 39984 51 99\nname type data\nhits 4 7\nc 4 9\nc_min 4 ${gibibyte}\nc_max 4 9\nsize 4 ${9 * gibibyte}\n`;
	const full = "MemTotal:       33554432 kB\nMemAvailable:    4194304 kB\n";
	const path = "/proc/spl/kstat/zfs/arcstats";

	it("is given back, down to its least size", async () => {
		expect((await factsOf({ "/proc/meminfo": full, [path]: arcstats })).machine).toEqual({
			kind: "read",
			availableBytes: 12 * gibibyte,
			totalBytes: 32 * gibibyte,
			arcBytes: 8 * gibibyte,
		});
	});

	it("is the host's in an LXC container, whose memory lxcfs counts", async () => {
		const lxcfs = "99 98 0:60 /proc/meminfo /proc/meminfo rw,nosuid - fuse.lxcfs lxcfs rw,user_id=0\n";
		const { machine: seen } = await factsOf({ "/proc/meminfo": full, [path]: arcstats, "/proc/self/mountinfo": lxcfs });
		expect(seen).toEqual({ kind: "read", availableBytes: 4 * gibibyte, totalBytes: 32 * gibibyte });
	});

	it("counts for nothing if it is small, or its numbers are not there", async () => {
		for (const text of ["size 4 5\n", `size 4 5\nc_min 4 6\n`, "?"])
			expect((await factsOf({ "/proc/meminfo": meminfo, [path]: text })).machine).toEqual(machine);
	});
});

it("version 2: the limits of the group and of the one above it", async () => {
	const { groups } = await factsOf({
		...v2,
		"/sys/fs/cgroup/a/memory.max": "4294967296\n",
		"/sys/fs/cgroup/a/memory.current": "2147483648\n",
		"/sys/fs/cgroup/a/memory.stat": "anon 1\ninactive_file 1073741824\nactive_file 4096\nslab 5\n",
		"/sys/fs/cgroup/a/b/memory.max": "8589934592\n",
		"/sys/fs/cgroup/a/b/memory.current": "1024\n",
		"/sys/fs/cgroup/a/b/memory.stat": "anon 1\n",
	});
	expect(groups).toEqual([
		{
			kind: "limited",
			source: "/sys/fs/cgroup/a/b/memory.max",
			limitBytes: 8 * 2 ** 30,
			usedBytes: 1024,
			cacheBytes: 0,
		},
		{
			kind: "limited",
			source: "/sys/fs/cgroup/a/memory.max",
			limitBytes: 4 * 2 ** 30,
			usedBytes: 2 * 2 ** 30,
			cacheBytes: 2 ** 30 + 4096,
		},
	]);
});

it("version 2: what slows the group down, as MemoryHigh= of a service sets it", async () => {
	const group = "/sys/fs/cgroup/a/b";
	const high = { [`${group}/memory.high`]: "2147483648\n", [`${group}/memory.current`]: "1024\n" };
	const files = { ...v2, ...high, [`${group}/memory.stat`]: "anon 1\n", [`${group}/memory.max`]: "max\n" };
	const limited = { kind: "limited", usedBytes: 1024, cacheBytes: 0 };
	const slow = { ...limited, source: `${group}/memory.high`, limitBytes: 2 ** 31 };
	expect((await factsOf(files)).groups).toEqual([slow]);
	const { groups } = await factsOf({ ...files, [`${group}/memory.max`]: "4294967296\n" });
	expect(groups).toEqual([{ ...limited, source: `${group}/memory.max`, limitBytes: 2 ** 32 }, slow]);
	const closed = await factsOf({ ...files, [`${group}/memory.high`]: { kind: "unreadable", code: "EACCES" } });
	expect(closed.groups).toEqual([{ kind: "unreadable", source: `${group}/memory.high`, code: "EACCES" }]);
});

it("version 1: its file names, the cache of the groups below, and its number for no limit", async () => {
	const { groups } = await factsOf({
		"/proc/meminfo": meminfo,
		"/proc/self/cgroup": "4:memory:/docker/4f\n",
		"/proc/self/mountinfo": "35 31 0:32 /docker/4f /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
		"/sys/fs/cgroup/memory/memory.limit_in_bytes": "943718400\n",
		"/sys/fs/cgroup/memory/memory.usage_in_bytes": "10354688\n",
		"/sys/fs/cgroup/memory/memory.stat":
			"inactive_file 1\nactive_file 1\ntotal_inactive_file 100\ntotal_active_file 20\n",
	});
	const source = "/sys/fs/cgroup/memory/memory.limit_in_bytes";
	expect(groups).toEqual([
		{ kind: "limited", source, limitBytes: 943_718_400, usedBytes: 10_354_688, cacheBytes: 120 },
	]);
	const unlimited = await factsOf({
		"/proc/meminfo": meminfo,
		"/proc/self/cgroup": "4:memory:/\n",
		"/proc/self/mountinfo": "35 31 0:32 / /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
		[source]: "9223372036854771712\n",
	});
	expect(unlimited.groups).toEqual([]);
});

it("reports what cannot be read", async () => {
	expect(await factsOf({})).toEqual({ machine: { kind: "unreadable", code: "ENOENT" }, groups: [] });
	expect((await factsOf({ "/proc/meminfo": "MemTotal: 1 kB\n" })).machine).toEqual({
		kind: "unreadable",
		code: "ENODATA",
	});
	const source = "/sys/fs/cgroup/a/b/memory.max";
	const closed = await factsOf({ ...v2, [source]: { kind: "unreadable", code: "EACCES" } });
	expect(closed.groups).toEqual([{ kind: "unreadable", source, code: "EACCES" }]);
	const halfway = await factsOf({ ...v2, [source]: "4294967296\n" });
	expect(halfway.groups).toEqual([{ kind: "unreadable", source, code: "ENODATA" }]);
});

it("reads nothing on other systems than Linux", async () => {
	expect(await factsOf(v2, "darwin")).toEqual({ machine: { kind: "not-linux" }, groups: [] });
});
