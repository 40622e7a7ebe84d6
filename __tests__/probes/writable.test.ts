import { expect, test } from "vitest";
import { writableProbe } from "../../src/probes/writable.ts";
import { collect, createPolicy, createRequest, createTool } from "../support/builders.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";
const directory = (uid = 0, mode = 0o755) => file({ kind: "directory", uid, gid: uid, mode });
const ok = { kind: "ok", value: null } as const;
const machine: FakeMachine = {
	uid: 1001,
	gid: 1001,
	env: { HOME: "/home/runner", RUNNER_TEMP: "/tmp" },
	files: { [workspace]: directory(), "/tmp": directory(0, 0o1777), "/home/runner": directory(1001), "/": directory() },
	writable: { [workspace]: ok, "/tmp": ok, "/home/runner": ok },
};
const writableOf = (overrides: FakeMachine = {}) => collect(writableProbe, createHost({ ...machine, ...overrides }));

test("tries workspace, temporary directory and home", async () => {
	expect(await writableOf()).toEqual({
		uid: 1001,
		gid: 1001,
		places: [
			{ name: "workspace", path: workspace, directory: workspace, outcome: "ok", mode: 0o755, uid: 0, gid: 0 },
			{ name: "temp", path: "/tmp", directory: "/tmp", outcome: "ok", mode: 0o1777, uid: 0, gid: 0 },
			{
				name: "home",
				path: "/home/runner",
				directory: "/home/runner",
				outcome: "ok",
				mode: 0o755,
				uid: 1001,
				gid: 1001,
			},
		],
	});
});

test("keeps the errno", async () => {
	const facts = await writableOf({
		writable: { ...machine.writable, [workspace]: { kind: "unreadable", code: "EROFS" } },
	});
	expect(facts.places[0]).toMatchObject({ name: "workspace", outcome: "EROFS" });
});

test.each<[string, FakeMachine]>([
	["no HOME and no entry in the user database", { env: {}, userHome: undefined }],
	["the home that Docker gives a uid without an entry", { env: { HOME: "/" } }],
	["a home that does not exist", { env: { HOME: "/nonexistent" } }],
])("leaves out home: %s", async (_name, overrides) => {
	const facts = await writableOf(overrides);
	expect(facts.places.map((place) => place.name)).toEqual(["workspace", "temp"]);
});

test("a temporary directory that does not exist is tried in the directory above", async () => {
	const facts = await writableOf({ env: { RUNNER_TEMP: "/tmp/runner/1" } });
	expect(facts.places[1]).toMatchObject({ path: "/tmp/runner/1", directory: "/tmp", outcome: "ok" });
});

test("a path that is closed to this user", async () => {
	const facts = await writableOf({
		realPath: async (path) =>
			path === workspace ? { kind: "unreadable", code: "EACCES" } : { kind: "ok", value: path },
	});
	expect(facts.places[0]).toEqual({ name: "workspace", path: workspace, outcome: "EACCES" });
});

test("a directory that disappears meanwhile", async () => {
	const facts = await writableOf({ tryWrite: async () => ({ kind: "absent" }) });
	expect(facts.places[0]?.outcome).toBe("ENOENT");
});

test("has no uid if the platform has none", async () => {
	const facts = await writableOf({ uid: undefined, gid: undefined });
	expect(facts).not.toHaveProperty("uid");
	expect(facts).not.toHaveProperty("gid");
});

test("a file system that does not answer does not hide the others", async () => {
	const controller = new AbortController();
	const host = createHost({
		...machine,
		tryWrite: (path) => (path === workspace ? new Promise(() => {}) : Promise.resolve(ok)),
	});
	setTimeout(() => controller.abort(), 20);
	const facts = await writableProbe.collect(host, createRequest(), controller.signal, () => Promise.reject());
	expect(facts.places[0]).toEqual({ name: "workspace", path: workspace, outcome: "ETIMEDOUT" });
	expect(facts.places[1]).toMatchObject({ name: "temp", outcome: "ok" });
});

test("tells the mount on which no program can be started", async () => {
	const files = { ...machine.files, "/proc/self/mountinfo": "" };
	const line = (options: string) =>
		`27 1 254:0 / / rw - ext4 /dev/vda rw\n30 27 8:17 /r /workspace rw,${options} - ext4 /dev/sdb1 rw`;
	const noexec = await writableOf({ files: { ...files, "/proc/self/mountinfo": line("nosuid,noexec") } });
	const mount = { target: "/workspace", root: "/r", fsType: "ext4", source: "/dev/sdb1" };
	expect(noexec.places.map((place) => place.noExec)).toEqual([mount, undefined, undefined]);
	const exec = await writableOf({ files: { ...files, "/proc/self/mountinfo": line("nosuid") } });
	expect(exec.places.some((place) => place.noExec)).toBe(false);
});

const leftovers = async (root: string) => ({
	looked: 1,
	blocked: [{ path: `${root}/target`, mode: 0o755, uid: 0, gid: 0 }],
});

test("tells what earlier jobs left", async () => {
	expect((await writableOf({ leftovers })).leftovers?.blocked[0]?.path).toBe(`${workspace}/target`);
});

test.each<[string, FakeMachine]>([
	["root may remove everything", { uid: 0 }],
	["the workspace cannot be written", { writable: {} }],
	["the workspace is a home, in a terminal", { userHome: workspace }],
	["users share the workspace, in a terminal", { files: { ...machine.files, [workspace]: directory(0, 0o1777) } }],
	["the workspace does not exist yet", { files: { ...machine.files, [workspace]: { kind: "absent" } } }],
])("does not look for leftovers: %s", async (_name, overrides) => {
	expect(await writableOf({ leftovers, ...overrides })).not.toHaveProperty("leftovers");
});

test("looks for leftovers in the workspace of a job, even if it holds the home", async () => {
	const env = { ...machine.env, GITHUB_WORKSPACE: workspace };
	expect(await writableOf({ leftovers, env, userHome: workspace })).toHaveProperty("leftovers");
});

test("tries the temporary directory of compilers, and names it only if it does not work", async () => {
	const RUNNER_TEMP = "/srv/temp";
	const files = { ...machine.files, [RUNNER_TEMP]: directory(1001) };
	const writable = { ...machine.writable, [RUNNER_TEMP]: ok };
	const extra = async (env: FakeMachine["env"], overrides: FakeMachine = {}) =>
		(await writableOf({ files, writable, env: { HOME: "/home/runner", RUNNER_TEMP, ...env }, ...overrides })).places[3];
	expect(await extra({})).toBeUndefined();
	expect(await extra({ TMPDIR: "/srv/temp/" })).toBeUndefined();
	expect(await extra({ TMPDIR: "/scratch" })).toEqual({
		name: "temp",
		path: "/scratch",
		outcome: "ENOENT",
		missing: true,
	});
	const closed = { writable: { ...writable, "/tmp": { kind: "unreadable", code: "EACCES" } as const } };
	expect(await extra({}, closed)).toMatchObject({ name: "temp", path: "/tmp", outcome: "EACCES" });
});

test("tries where cargo builds, in a Rust workspace, and names it only if nothing can be started or written there", async () => {
	const mountinfo = "28 1 253:0 / / rw - ext4 /dev/vda1 rw\n40 28 0:50 / /scratch rw,noexec - ext4 /dev/sdb1 rw\n";
	const files = { ...machine.files, "/scratch": directory(1001), "/proc/self/mountinfo": mountinfo };
	const rust = { ...files, [`${workspace}/Cargo.toml`]: "" };
	const writable = { ...machine.writable, "/scratch": ok };
	const target = async (path: string, overrides: FakeMachine = {}) => {
		const host = createHost({
			...machine,
			files: rust,
			writable,
			...overrides,
			env: { ...machine.env, CARGO_TARGET_DIR: path },
		});
		const request = createRequest({ policy: createPolicy({ tools: { cargo: createTool("cargo") } }) });
		return (await collect(writableProbe, host, request)).places.find(({ name }) => name === "cargo-target");
	};
	expect(await target("/scratch/target")).toMatchObject({ noExec: { target: "/scratch" } });
	expect(await target("/scratch/target", { files })).toBeUndefined();
	expect(await target("/tmp/target")).toBeUndefined();
	expect(await target(`${workspace}/out`)).toBeUndefined();
});
