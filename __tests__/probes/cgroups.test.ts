import { describe, expect, it } from "vitest";
import { cgroupsProbe } from "../../src/probes/cgroups.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

/** The groups of a process, by what /proc tells of them. */
function groupsOf(cgroup: string, mounts: readonly string[]) {
	return collect(
		cgroupsProbe,
		createHost({ files: { "/proc/self/cgroup": `${cgroup}\n`, "/proc/self/mountinfo": mounts.join("\n") } }),
	);
}

const v2 = "31 24 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate";
const v1 = (root: string, controllers: string) =>
	`32 31 0:29 ${root} /sys/fs/cgroup/${controllers} rw - cgroup cgroup rw,${controllers}`;

describe("version 2", () => {
	it("a service of the host: every group up to the top", async () => {
		const groups = await groupsOf("0::/system.slice/gitea-runner.service", [v2]);
		const directories = [
			"/sys/fs/cgroup/system.slice/gitea-runner.service",
			"/sys/fs/cgroup/system.slice",
			"/sys/fs/cgroup",
		];
		expect(groups).toEqual({ memory: { version: 2, directories }, cpu: { version: 2, directories } });
	});

	it("a container with its own namespace", async () => {
		const { memory } = await groupsOf("0::/", [v2]);
		expect(memory.directories).toEqual(["/sys/fs/cgroup"]);
	});

	it("a container that sees its own group at the mount, under the host's name", async () => {
		const { memory } = await groupsOf("0::/system.slice/docker-4f.scope/inner", [
			"31 24 0:27 /system.slice/docker-4f.scope /sys/fs/cgroup ro - cgroup2 cgroup rw",
		]);
		expect(memory.directories).toEqual(["/sys/fs/cgroup/inner", "/sys/fs/cgroup"]);
	});

	it.each([
		["/../other", "/"],
		["/a/b", "/c"],
	])("a path of another namespace, %s below %s: what is mounted is all there is", async (path, root) => {
		const { memory } = await groupsOf(`0::${path}`, [`31 24 0:27 ${root} /sys/fs/cgroup ro - cgroup2 cgroup rw`]);
		expect(memory.directories).toEqual(["/sys/fs/cgroup"]);
	});

	it("an endless tree is cut", async () => {
		const { memory } = await groupsOf(`0::${"/a".repeat(1000)}`, [v2]);
		expect(memory.directories).toHaveLength(33);
	});
});

describe("version 1", () => {
	it("each controller has its own hierarchy", async () => {
		const groups = await groupsOf("5:cpu,cpuacct:/user.slice\n4:memory:/docker/4f\n0::/", [
			v1("/", "cpu,cpuacct"),
			v1("/docker/4f", "memory"),
			"41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
		]);
		expect(groups).toEqual({
			memory: { version: 1, directories: ["/sys/fs/cgroup/memory"] },
			cpu: { version: 1, directories: ["/sys/fs/cgroup/cpu,cpuacct/user.slice", "/sys/fs/cgroup/cpu,cpuacct"] },
		});
	});

	it("a similar name is not taken for it", async () => {
		const { cpu } = await groupsOf("3:cpuset:/a\n2:cpu:/b", [v1("/", "cpuset"), v1("/", "cpu")]);
		expect(cpu.directories).toEqual(["/sys/fs/cgroup/cpu/b", "/sys/fs/cgroup/cpu"]);
	});
});

describe("nothing is visible", () => {
	it("no hierarchy is mounted", async () => {
		expect((await groupsOf("0::/", [])).memory).toEqual({ version: 2, directories: [] });
		expect((await groupsOf("4:memory:/", [])).memory).toEqual({ version: 1, directories: [] });
	});

	it("no /proc, or garbage in it", async () => {
		const nothing = { version: 2, directories: [] };
		expect(await collect(cgroupsProbe, createHost())).toEqual({ memory: nothing, cpu: nothing });
		expect(await groupsOf("garbage\n::\n", [v2])).toMatchObject({ memory: { version: 2 } });
	});
});
