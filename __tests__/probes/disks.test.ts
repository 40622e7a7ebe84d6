import { describe, expect, test } from "vitest";
import { DeadMount } from "../../src/host/dead-mount.ts";
import type { Space } from "../../src/host/host.ts";
import { disksProbe } from "../../src/probes/disks.ts";
import type { Ask } from "../../src/probes/probe.ts";
import { collect, createPolicy, createRequest } from "../support/builders.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

const GiB = 2 ** 30;
const workspace = "/workspace/fortemi/fortemi";
const space = (overrides: Partial<Space> = {}) =>
	({
		kind: "ok",
		value: {
			freeBytes: 65 * GiB,
			totalBytes: 252 * GiB,
			freeInodes: 16_000_000,
			totalInodes: 16_777_216,
			source: "statfs",
			...overrides,
		},
	}) as const;

const mountinfo = [
	"22 27 0:21 / /proc rw,relatime - proc proc rw",
	"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw",
	"40 27 254:16 / /workspace rw,relatime - xfs /dev/vdb rw",
	"41 27 0:40 / /mnt/with\\040blank rw - tmpfs none rw",
].join("\n");

const machine: FakeMachine = {
	files: { "/proc/self/mountinfo": mountinfo },
	directories: { "/": [], [workspace]: [], "/tmp": [], "/root": [] },
	spaces: { [workspace]: space(), "/tmp": space(), "/root": space(), "/": space({ freeBytes: 1 }) },
	env: { HOME: "/root" },
};
const disksOf = async (overrides: FakeMachine = {}, paths: readonly string[] = []) => {
	const policy = createPolicy({ disk: paths.map((path) => ({ path, free: 1 })) });
	return (await collect(disksProbe, createHost({ ...machine, ...overrides }), createRequest({ policy }))).places;
};

test("measures the places with a name", async () => {
	const places = await disksOf();
	expect(places.workspace).toEqual({
		kind: "measured",
		path: workspace,
		freeBytes: 65 * GiB,
		totalBytes: 252 * GiB,
		freeInodes: 16_000_000,
		totalInodes: 16_777_216,
		source: "statfs",
		mount: { target: "/workspace", fsType: "xfs" },
	});
	expect(places.temp).toMatchObject({ kind: "measured", path: "/tmp", mount: { target: "/", fsType: "ext4" } });
	expect(places.home).toMatchObject({ kind: "measured", path: "/root" });
	expect(places["tool-cache"]).toEqual({ kind: "not-visible", why: "`RUNNER_TOOL_CACHE` is not set" });
});

test("also measures the paths of the policy, relative ones in the workspace", async () => {
	const places = await disksOf(
		{
			directories: { ...machine.directories, "/srv": [], "/mnt/with blank": [], [`${workspace}/target`]: [] },
			spaces: { "/srv": space(), "/mnt/with blank": space(), [`${workspace}/target`]: space() },
		},
		["/srv", "/mnt/with blank", "target"],
	);
	expect(places["/srv"]).toMatchObject({ kind: "measured", path: "/srv" });
	expect(places["/mnt/with blank"]).toMatchObject({ mount: { target: "/mnt/with blank", fsType: "tmpfs" } });
	expect(places.target).toMatchObject({ kind: "measured", path: `${workspace}/target` });
});

test("a place that does not exist yet is measured in a directory above", async () => {
	const { temp } = await disksOf({ env: { RUNNER_TEMP: "/var/tmp/runner" } });
	expect(temp).toMatchObject({ kind: "measured", path: "/var/tmp/runner", measuredAt: "/", freeBytes: 1 });
});

test("a path of the policy must exist: the disk above may be another one", async () => {
	const places = await disksOf({}, ["/mnt/models"]);
	expect(places["/mnt/models"]).toEqual({ kind: "unreadable", path: "/mnt/models", code: "ENOENT" });
});

test("leaves out inodes if the file system has no fixed number", async () => {
	const { temp } = await disksOf({ spaces: { "/tmp": space({ freeInodes: undefined, totalInodes: undefined }) } });
	expect(temp).not.toHaveProperty("freeInodes");
	expect(temp).not.toHaveProperty("totalInodes");
});

test("works without mountinfo", async () => {
	const { temp } = await disksOf({ files: {} });
	expect(temp).toMatchObject({ kind: "measured" });
	expect(temp).not.toHaveProperty("mount");
});

describe("unreadable", () => {
	test("a path that is closed to this user", async () => {
		const { home } = await disksOf({
			realPath: async (path) =>
				path === "/root" ? { kind: "unreadable", code: "EACCES" } : { kind: "ok", value: path },
		});
		expect(home).toEqual({ kind: "unreadable", path: "/root", code: "EACCES" });
	});
	test("a file system that answers with an error", async () => {
		const { temp } = await disksOf({ spaces: { "/tmp": { kind: "unreadable", code: "EIO" } } });
		expect(temp).toEqual({ kind: "unreadable", path: "/tmp", code: "EIO" });
	});
	test("a file system without a size", async () => {
		const { temp } = await disksOf({ spaces: { "/tmp": space({ totalBytes: 0, freeBytes: 0 }) } });
		expect(temp).toEqual({ kind: "unreadable", path: "/tmp", code: "ENODATA" });
	});
	test("a file system that does not answer does not hide the others", async () => {
		const controller = new AbortController();
		const host = createHost({
			...machine,
			space: (path) => (path === "/root" ? new Promise(() => {}) : Promise.resolve(space())),
		});
		setTimeout(() => controller.abort(), 20);
		const ask: Ask = (probe) => probe.collect(host, createRequest(), controller.signal, ask);
		const { places } = await disksProbe.collect(host, createRequest(), controller.signal, ask);
		expect(places.home).toEqual({ kind: "unreadable", path: "/root", code: "ETIMEDOUT" });
		expect(places.workspace).toMatchObject({ kind: "measured" });
	});
});

describe("Docker's data directory", () => {
	const host: FakeMachine = { directories: { ...machine.directories, "/var/lib/docker": [], "/data/docker": [] } };
	const spaces = { "/var/lib/docker": space(), "/data/docker": space() };

	test("on the host", async () => {
		const places = await disksOf({ ...host, spaces });
		expect(places["docker-root"]).toMatchObject({ kind: "measured", path: "/var/lib/docker" });
	});
	test("at the path in daemon.json", async () => {
		const config = '{ "log-driver": "local",\n  "data-root": "/data/docker" }';
		const places = await disksOf({ ...host, spaces, files: { ...machine.files, "/etc/docker/daemon.json": config } });
		expect(places["docker-root"]).toMatchObject({ kind: "measured", path: "/data/docker" });
	});
	test("unknown if daemon.json, which may name it, is closed to this user", async () => {
		const files = { ...machine.files, "/etc/docker/daemon.json": file({ mode: 0o600 }) };
		expect((await disksOf({ ...host, spaces, files }))["docker-root"]).toEqual({
			kind: "not-visible",
			why: "`/etc/docker/daemon.json`, which may name it, cannot be read (EACCES)",
		});
	});
	test("on a disk that does not answer, without hiding the others", async () => {
		const controller = new AbortController();
		const never = new Promise<never>(() => undefined);
		const isDocker = (path: string) => path.startsWith("/var/lib/docker");
		const host = createHost({
			...machine,
			stat: (path) => (isDocker(path) ? never : Promise.resolve(file({ kind: "directory" }))),
			realPath: (path) => (isDocker(path) ? never : Promise.resolve({ kind: "ok", value: path })),
		});
		setTimeout(() => controller.abort(), 20);
		const ask: Ask = (probe) => probe.collect(host, createRequest(), controller.signal, ask);
		const { places } = await disksProbe.collect(host, createRequest(), controller.signal, ask);
		expect(places["docker-root"]).toEqual({ kind: "unreadable", path: "/var/lib/docker", code: "ETIMEDOUT" });
		expect(places.workspace).toMatchObject({ kind: "measured" });
	});
	test("not on this host", async () => {
		expect((await disksOf())["docker-root"]).toEqual({
			kind: "not-visible",
			why: "`/var/lib/docker` does not exist",
		});
	});
	test.each([
		["a job container", { env: { JOB_CONTAINER_NAME: "GITEA-ACTIONS-TASK-1" } }],
		[
			"the container of the runner",
			{
				env: { GITHUB_WORKSPACE: "/data/.cache/act/0123456789abcdef/hostexecutor" },
				files: { ...machine.files, "/run/.containerenv": "" },
			},
		],
	])("not visible in %s, although the directory exists there", async (_name, where) => {
		const places = await disksOf({ ...host, spaces, ...where });
		expect(places["docker-root"]).toMatchObject({ kind: "not-visible" });
	});
});

test.each([
	["Docker", "lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/var/lib/docker/overlay2/abc/diff,workdir=/w"],
	["containerd", "upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/12/fs,workdir=/w"],
])("the disk of the data of %s is that of the root of a container", async (_, options) => {
	const files = { "/proc/self/mountinfo": `27 1 0:50 / / rw - overlay overlay rw,${options}\n${mountinfo}` };
	const env = { JOB_CONTAINER_NAME: "job" };
	expect(
		(
			await disksOf({
				files: {
					"/proc/self/mountinfo": files["/proc/self/mountinfo"].replace(
						"27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n",
						"",
					),
				},
				env,
			})
		)["docker-root"],
	).toMatchObject({
		kind: "measured",
		path: "/",
		freeBytes: 1,
		mount: { fsType: "overlay" },
	});
	const other = `27 1 0:50 / / rw - overlay overlay rw,upperdir=/cow/upper`;
	expect((await disksOf({ files: { "/proc/self/mountinfo": other }, env }))["docker-root"]).toMatchObject({
		kind: "not-visible",
	});
});

test("a place on a mount that does not answer hides no other", async () => {
	const dead = (path: string): boolean => path.startsWith("/mnt/dead");
	const host = createHost(machine);
	const places = await disksOf(
		{ realPath: (path) => (dead(path) ? Promise.reject(new DeadMount("it is dead")) : host.realPath(path)) },
		["/mnt/dead/cache"],
	);
	expect(places["/mnt/dead/cache"]).toEqual({ kind: "dead-mount", path: "/mnt/dead/cache" });
	expect(places.workspace).toMatchObject({ kind: "measured", path: workspace });
});
