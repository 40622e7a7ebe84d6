import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { directoriesToMeasure } from "../../src/probes/directories-to-measure.ts";
import { measureDirectories } from "../../src/probes/measure-directories.ts";
import { spaceUsersProbe } from "../../src/probes/space-users.ts";
import { collect, createRequest } from "../support/builders.ts";
import { answered, createHost, type FakeMachine, file } from "../support/fake-host.ts";

const GiB = 2 ** 30;
const never = new AbortController().signal;

describe("measureDirectories", () => {
	let root: string;
	beforeAll(() => {
		root = mkdtempSync(join(tmpdir(), "space-users-"));
		for (const name of ["a/deep/er", "b", "mount"]) mkdirSync(join(root, name), { recursive: true });
		for (const name of ["a/one", "a/deep/er/two", "b/three", "mount/four"])
			writeFileSync(join(root, name), "x".repeat(1000));
		symlinkSync(root, join(root, "a", "loop"));
	});
	afterAll(() => rmSync(root, { recursive: true, force: true }));
	const measure = (names: readonly string[], mounts: readonly string[] = [], signal = never) =>
		measureDirectories(
			createRealHost({}),
			names.map((name) => join(root, name)),
			new Set(mounts.map((name) => join(root, name))),
			signal,
		);

	test("adds up what is in them, follows no link, and enters no mount", async () => {
		expect(await measure(["a", "b"])).toEqual([
			{ bytes: 2000, files: 5, isCut: false },
			{ bytes: 1000, files: 1, isCut: false },
		]);
		expect(await measure(["."], ["mount"])).toMatchObject([{ bytes: 3000 }]);
	});

	test("a signal ends it, and what is left over makes it a lower bound", async () => {
		expect(await measure(["a"], [], AbortSignal.abort())).toEqual([{ bytes: 0, files: 0, isCut: true }]);
		expect(await measure(["absent"])).toEqual([{ bytes: 0, files: 0, isCut: false }]);
	});

	test("ends after a number of entries, and a large directory does not hide a small one", async () => {
		const many = Array.from({ length: 100_000 }, (_, at) => `${at}`);
		const host = createHost({
			list: async (path) => ({ kind: "ok", value: path === "/small" ? ["one"] : many }),
			lstat: async () => file({ size: 1 }),
		});
		const [large, small] = await measureDirectories(host, ["/large", "/small"], new Set(), never);
		expect(large?.isCut).toBe(true);
		expect(large?.files).toBeLessThan(70_000);
		expect(small).toEqual({ bytes: 1, files: 1, isCut: false });
	});
});

describe("directoriesToMeasure", () => {
	const of = async (workspace: string, machine: FakeMachine) =>
		(await directoriesToMeasure(createHost(machine), createRequest({ workspace }))).map(
			({ kind, path }) => `${kind} ${path}`,
		);

	test("of Gitea's runner: other workspaces, and the actions that jobs use", async () => {
		const machine = {
			env: { HOME: "/home/runner" },
			directories: {
				"/home/runner/.cache/act": ["7dc5", "0a1b", "actions-checkout"],
				"/home/runner/.cache/act/0a1b/hostexecutor": [],
			},
		};
		expect(await of("/home/runner/.cache/act/7dc5/hostexecutor", machine)).toEqual([
			"workspace /home/runner/.cache/act/7dc5/hostexecutor",
			"old-workspace /home/runner/.cache/act/0a1b",
			"act-cache /home/runner/.cache/act/actions-checkout",
			"act-cache /home/runner/.cache/actcache",
			"temp /tmp",
		]);
	});

	test("nothing twice: what holds the workspace, or is in it", async () => {
		expect(await of("/tmp/work", { env: { HOME: "/tmp/work", RUNNER_TOOL_CACHE: "/opt/tools" } })).toEqual([
			"workspace /tmp/work",
			"tool-cache /opt/tools",
		]);
	});

	test("of GitHub's runner", async () => {
		const machine = {
			env: { RUNNER_TEMP: "/srv/_work/_temp" },
			directories: { "/srv/_work": ["app", "other", "_tool", "_temp"] },
		};
		expect(await of("/srv/_work/app/app", machine)).toEqual([
			"workspace /srv/_work/app/app",
			"old-workspace /srv/_work/other",
			"act-cache /srv/_work/_tool",
			"act-cache /srv/_work/_temp",
			"act-cache /root/.cache/actcache",
		]);
	});
});

describe("what the engine stores", () => {
	const id = "c".repeat(64);
	const lists = {
		image: {
			LayersSize: 52 * GiB,
			Images: [
				{
					Id: "sha256:aaaaaaaaaaaaaaaa",
					RepoTags: ["ghcr.io/team/old:1"],
					Size: 41 * GiB,
					SharedSize: GiB,
					Containers: 0,
				},
			],
		},
		container: { Containers: [{ Id: id, Names: ["/db"], SizeRw: 3 * GiB, State: "running" }] },
		volume: {
			Volumes: [
				{ Name: "buildx_buildkit_ci0_state", UsageData: { Size: 20 * GiB, RefCount: 1 } },
				{ Name: "pgdata", UsageData: { Size: 5 * GiB, RefCount: 0 } },
				{ Name: "unknown", UsageData: { Size: -1, RefCount: -1 } },
			],
		},
		"build-cache": {
			BuildCache: [
				{ Size: 7 * GiB, InUse: false, Shared: false },
				{ Size: GiB, Shared: true },
			],
		},
	};
	const machine = (apiVersion: string, df: NonNullable<FakeMachine["api"]>): FakeMachine => ({
		env: { DOCKER_HOST: "unix:///run/docker.sock" },
		files: { "/proc/self/mountinfo": "27 1 254:0 / / rw - ext4 /dev/vda rw" },
		directories: {
			"/var/lib/docker/containers": [id],
			[`/var/lib/docker/containers/${id}`]: [`${id}-json.log`, `${id}-json.log.1`, "config.v2.json"],
		},
		lstat: async (path) => (/json\.log/.test(path) ? file({ size: 2 * GiB }) : { kind: "absent" }),
		spaces: {
			"/var/lib/docker": {
				kind: "ok",
				value: { freeBytes: GiB, totalBytes: 500 * GiB, freeInodes: 1, totalInodes: 2, source: "statfs" },
			},
		},
		api: {
			"GET /version": answered({ Version: "29.1.2", ApiVersion: apiVersion, MinAPIVersion: "1.24", Components: [] }),
			"GET /info": answered({ DockerRootDir: "/var/lib/docker", Driver: "overlay2", ID: "x" }),
			...df,
		},
	});
	const typed = Object.fromEntries(
		Object.entries(lists).map(([type, list]) => [`GET /system/df?type=${type}&verbose=1`, answered(list)]),
	);
	const named = async (apiVersion: string, df: NonNullable<FakeMachine["api"]>) =>
		collect(spaceUsersProbe, createHost(machine(apiVersion, df)), createRequest({ workspace: "/nowhere" }));

	test("is named, the largest first", async () => {
		const { users, unseen } = await named("1.47", typed);
		expect(unseen).toEqual([]);
		expect(users.map(({ kind, name, bytes, unused }) => [kind, name, bytes / GiB, unused])).toEqual([
			["image", "ghcr.io/team/old:1", 40, true],
			["builder", "ci", 20, undefined],
			["shared-layers", "", 12, undefined],
			["build-cache", "", 7, undefined],
			["volume", "pgdata", 5, true],
			["container-log", "db", 4, undefined],
			["container", "db", 3, undefined],
		]);
		expect(users[0]?.diskBytes).toBe(500 * GiB);
	});

	test("is asked at once before API 1.42, and read in the form of API 1.52", async () => {
		const all = Object.assign({}, ...Object.values(lists));
		expect((await named("1.41", { "GET /system/df": answered(all) })).users).toHaveLength(7);
		const usage = {
			"GET /system/df?type=volume&verbose=1": answered({ VolumeUsage: { Items: lists.volume.Volumes } }),
		};
		expect((await named("1.52", { ...typed, ...usage })).users).toHaveLength(7);
	});

	test("does not wait for what the engine takes minutes for, and says so", async () => {
		const slow = { "GET /system/df?type=volume&verbose=1": { kind: "timed-out" } as const };
		const { users, unseen } = await named("1.47", { ...typed, ...slow });
		expect(unseen).toEqual(["volumes: no answer within 2 s"]);
		expect(users.map(({ kind }) => kind)).toContain("image");
	});
});
