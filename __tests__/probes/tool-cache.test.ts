import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findAllVersions } from "@actions/tool-cache";
import { describe, expect, test } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { toolCacheProbe } from "../../src/probes/tool-cache.ts";
import { collect, createRequest } from "../support/builders.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

const cache = "/opt/hostedtoolcache";
const volume = "/var/lib/docker/volumes/act-toolcache/_data";
const mountinfo = (...lines: string[]) =>
	["74 49 0:39 / / rw,relatime - overlay overlay rw,lowerdir=x", ...lines].join("\n");
const directory = (mode = 0o755, uid = 0) => file({ kind: "directory", mode, uid });

const look = (machine: FakeMachine, env: Record<string, string> = {}) =>
	collect(
		toolCacheProbe,
		createHost({
			env: { JOB_CONTAINER_NAME: "job", RUNNER_TOOL_CACHE: cache, ...env },
			...machine,
			files: { "/proc/self/mountinfo": mountinfo(), ...machine.files },
		}),
	);

describe("in a container", () => {
	test("no variable: no cache", async () => {
		const facts = await look({}, { RUNNER_TOOL_CACHE: "" });
		expect(facts).toMatchObject({ state: "not-set", tools: [] });
		expect(facts).not.toHaveProperty("path");
	});

	test("named by the runner, and not there", async () => {
		expect(await look({ files: { "/opt": directory() } })).toMatchObject({ state: "absent", writable: true });
		expect(await look({ files: { "/opt": directory(0o555) } })).toMatchObject({ state: "absent", writable: false });
	});

	test("part of the image: no mount of its own", async () => {
		const facts = await look({ files: { [cache]: directory() } });
		expect(facts).toMatchObject({ state: "present", writable: true, mountsKnown: true });
		expect(facts).not.toHaveProperty("mount");
	});

	test("a volume of the runner", async () => {
		const line = `94 74 254:0 ${volume} ${cache} rw,relatime - ext4 /dev/vda rw`;
		const facts = await look({ files: { [cache]: directory(), "/proc/self/mountinfo": mountinfo(line) } });
		expect(facts.mount).toEqual({ target: cache, root: volume, fsType: "ext4", readOnly: false });
	});

	test("a directory of the host above it", async () => {
		const line = "94 74 254:0 /srv/opt /opt ro - ext4 /dev/vda rw";
		const facts = await look({ files: { [cache]: directory(), "/proc/self/mountinfo": mountinfo(line) } });
		expect(facts.mount).toMatchObject({ target: "/opt", readOnly: true });
	});

	test("mounts that the kernel does not tell", async () => {
		const unreadable = { kind: "unreadable", code: "EACCES" } as const;
		const facts = await look({ files: { [cache]: directory(), "/proc/self/mountinfo": unreadable } });
		expect(facts.mountsKnown).toBe(false);
	});

	test("a file in its place; a place that may not be looked at", async () => {
		expect(await look({ files: { [cache]: file() } })).toMatchObject({ state: "not-a-directory", writable: false });
		expect(await look({ files: { [cache]: { kind: "unreadable", code: "EACCES" } } })).toMatchObject({
			state: "unreadable",
			code: "EACCES",
		});
	});
});

describe("on a host", () => {
	const folder = "/home/runner/.cache/act/0123456789abcdef";
	const env = { JOB_CONTAINER_NAME: "", GITHUB_WORKSPACE: `${folder}/hostexecutor` };

	test.each([
		["in the folder of this job", `${folder}/tool_cache`, true],
		["shared by all jobs", "/home/runner/.cache/act/tool_cache", false],
	])("%s", async (_, path, perJob) => {
		const facts = await look({ files: { [path]: directory() } }, { ...env, RUNNER_TOOL_CACHE: path });
		expect(facts).toMatchObject({ state: "present", perJob });
		expect(facts).not.toHaveProperty("mount");
	});
});

test("the same tools as @actions/tool-cache sees, and those that broke off besides", async () => {
	const root = await mkdtemp(join(tmpdir(), "tool-cache-"));
	const put = async (entry: string, complete: boolean) => {
		await mkdir(join(root, entry), { recursive: true });
		if (complete) await writeFile(`${join(root, entry)}.complete`, "");
	};
	try {
		await put("node/22.11.0/x64", true);
		await put("node/20.18.1/x64", true);
		await put("node/18.0.0/x64", false);
		await put("node/24.0.0-rc.1/x64", true);
		await put("node/latest/x64", true);
		await put("Python/3.12.7/arm64", true);
		await put("Java_Temurin-Hotspot_jdk/21.0.5-11/x64", true);
		await put("not-a-tool/1.0.0/lib", false);
		await put(".hidden/1.0.0/x64", true);

		process.env.RUNNER_TOOL_CACHE = root;
		const host = createRealHost({ RUNNER_TOOL_CACHE: root });
		const { tools } = await collect(toolCacheProbe, host, createRequest({ workspace: root }));
		const seen = (tool: string, arch: string) =>
			tools
				.filter((entry) => entry.tool === tool && entry.arch === arch && entry.complete)
				.map(({ version }) => version);
		for (const [tool, arch] of [
			["node", "x64"],
			["Python", "arm64"],
			["Java_Temurin-Hotspot_jdk", "x64"],
			["none", "x64"],
		] as const) {
			expect(seen(tool, arch).sort()).toEqual(findAllVersions(tool, arch).sort());
		}
		expect(tools.filter(({ complete }) => !complete)).toEqual([
			{ tool: "node", version: "18.0.0", arch: "x64", complete: false },
		]);
	} finally {
		delete process.env.RUNNER_TOOL_CACHE;
		await rm(root, { recursive: true });
	}
});
