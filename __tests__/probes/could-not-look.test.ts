/** "Could not find out" is neither "absent" nor "fine": what a probe could not look at is in its facts, and no check passes on it. */
import { describe, expect, it } from "vitest";
import { dockerPlugins } from "../../src/checks/docker/plugins.ts";
import { memoryAvailable } from "../../src/checks/resources/memory-available.ts";
import { runnerCacheServer } from "../../src/checks/runner/cache-server.ts";
import { runnerToolCache } from "../../src/checks/runner/tool-cache.ts";
import type { Host } from "../../src/host/host.ts";
import { cgroupsProbe } from "../../src/probes/cgroups.ts";
import { containerProbe } from "../../src/probes/container.ts";
import { cpuProbe } from "../../src/probes/cpu.ts";
import { dockerCliProbe } from "../../src/probes/docker-cli.ts";
import { dockerEndpointProbe } from "../../src/probes/docker-endpoint.ts";
import type { CacheServerFacts } from "../../src/probes/forge-cache.ts";
import { memoryProbe } from "../../src/probes/memory.ts";
import { rustProbe } from "../../src/probes/rust.ts";
import { toolCacheProbe } from "../../src/probes/tool-cache.ts";
import { toolProbe } from "../../src/probes/tools.ts";
import { createContainer, debian } from "../checks/docker/facts.ts";
import { createJob } from "../checks/runner/facts.ts";
import { collect, createPolicy, judge } from "../support/builders.ts";
import { createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";

const closed = (code: string) => ({ kind: "unreadable", code }) as const;
const directory = file({ kind: "directory" });

/** A machine on which these directories cannot be listed. */
function hostWith(machine: FakeMachine, unlisted: Readonly<Record<string, string>>): Host {
	const host = createHost(machine);
	const list: Host["list"] = async (path) => {
		const code = unlisted[path];
		return code === undefined ? host.list(path) : closed(code);
	};
	return { ...host, list };
}

const withCli = (files: FakeMachine["files"] = {}): FakeMachine => ({
	env: { PATH: "/usr/bin" },
	files: { "/usr/bin/docker": executable(), ...files },
	programs: { "/usr/bin/docker --version": exited("Docker version 29.1.2, build x\n") },
});
const judgePlugins = (cli: unknown) =>
	judge(
		dockerPlugins,
		{ cli, container: createContainer(), os: debian },
		createPolicy({ docker: { require: "required", plugins: ["buildx"] } }),
	);
const plugins = "/usr/libexec/docker/cli-plugins";

it("a plugin in a directory that cannot be listed is found by its path, as the CLI finds it", async () => {
	const machine = withCli({ [`${plugins}/docker-buildx`]: executable() });
	const facts = await collect(dockerCliProbe, hostWith(machine, { [plugins]: "EACCES" }));
	expect(facts.plugins).toEqual([{ name: "buildx", path: `${plugins}/docker-buildx`, state: "executable" }]);
	expect(judgePlugins(facts).kind).toBe("pass");
});

it.each(["EACCES", "EIO"])("plugins in a directory that cannot be entered (%s) are not missing", async (code) => {
	const machine = withCli({
		[`${plugins}/docker-buildx`]: closed(code),
		[`${plugins}/docker-compose`]: closed(code),
	});
	const facts = await collect(dockerCliProbe, hostWith(machine, { [plugins]: code }));
	expect(facts).toMatchObject({ plugins: [], unread: { path: `${plugins}/docker-buildx`, code } });
	expect(judgePlugins(facts)).toMatchObject({
		kind: "undecided",
		title: "Unknown whether `docker buildx` is available",
		observed: code,
	});
});

const cache = "/opt/hostedtoolcache";
const withCache = (directories: FakeMachine["directories"] = {}): FakeMachine => ({
	env: { JOB_CONTAINER_NAME: "job", RUNNER_TOOL_CACHE: cache },
	files: {
		[cache]: directory,
		"/proc/self/mountinfo": `94 74 254:0 /srv/cache ${cache} rw,relatime - ext4 /dev/vda rw`,
	},
	directories,
});
const judgeToolCache = (facts: unknown) =>
	judge(runnerToolCache, {
		cache: facts,
		container: createContainer(),
		account: { uid: 0, gid: 0, groups: [0] },
		job: createJob(),
	});

it.each([
	[cache, {}],
	[`${cache}/node`, { [cache]: ["node"] }],
	[`${cache}/node/22.11.0`, { [cache]: ["node"], [`${cache}/node`]: ["22.11.0"] }],
])("a tool cache whose %s cannot be listed is not empty", async (path, directories) => {
	const facts = await collect(toolCacheProbe, hostWith(withCache(directories), { [path]: "EACCES" }));
	expect(facts).toMatchObject({ tools: [], unread: { path, code: "EACCES" } });
	expect(judgeToolCache(facts)).toMatchObject({ kind: "undecided", observed: "EACCES" });
});

it("`lost+found` of a tool cache that is a disk of its own is closed to everyone, which means nothing", async () => {
	const machine = withCache({ [cache]: ["lost+found"] });
	const facts = await collect(toolCacheProbe, hostWith(machine, { [`${cache}/lost+found`]: "EACCES" }));
	expect(facts).not.toHaveProperty("unread");
	expect(judgeToolCache(facts).kind).toBe("pass");
});

it("a Docker context whose description cannot be read is not one that does not exist", async () => {
	const meta = "/root/.docker/contexts/meta";
	const { endpoint } = await collect(
		dockerEndpointProbe,
		createHost({
			env: { DOCKER_CONTEXT: "build" },
			files: { [`${meta}/1/meta.json`]: closed("EACCES") },
			directories: { [meta]: ["1"] },
		}),
	);
	expect(endpoint).toMatchObject({ kind: "invalid", why: expect.stringContaining("1/meta.json") });
	expect(endpoint).toMatchObject({ why: expect.stringContaining("cannot be read (EACCES)") });
});

const plainMachine = {
	"/proc/self/cgroup": "0::/system.slice/gitea-runner.service\n",
	"/proc/self/mountinfo": "27 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard",
};

it("a sign of a container that cannot be looked at does not make this the host", async () => {
	const files = { ...plainMachine, "/run/.containerenv": closed("EACCES") };
	expect(await collect(containerProbe, createHost({ files }))).toMatchObject({
		mode: "unknown",
		witness: "/run/.containerenv cannot be read",
	});
	expect(await collect(containerProbe, createHost({ files: plainMachine }))).toMatchObject({ mode: "host" });
});

const meminfo = "MemTotal: 67108864 kB\nMemAvailable: 33554432 kB\n";

it.each(["/proc/self/cgroup", "/proc/self/mountinfo"])(
	"without %s, no limit is known, so none is absent",
	async (path) => {
		const files = { ...plainMachine, "/proc/meminfo": meminfo, [path]: closed("EACCES") };
		const host = createHost({ files });
		expect(await collect(cgroupsProbe, host)).toMatchObject({ unread: { path } });
		expect((await collect(cpuProbe, host)).quotas).toMatchObject([{ kind: "unreadable", source: path }]);
		const facts = await collect(memoryProbe, host);
		const verdict = judge(
			memoryAvailable,
			{ facts, container: createContainer(), job: createJob() },
			createPolicy({ memory: 1 }),
		);
		expect(verdict).toMatchObject({ kind: "undecided", message: expect.stringContaining(path) });
	},
);

it("a kernel without control groups has no limits of groups", async () => {
	const host = createHost({ files: { "/proc/self/mountinfo": plainMachine["/proc/self/mountinfo"] } });
	expect(await collect(cgroupsProbe, host)).not.toHaveProperty("unread");
});

it.each<[number, string, string]>([
	[204, "", "pass"],
	[200, '{"archiveLocation":"x"}', "pass"],
	[200, "<html>Sign in</html>", "finding"],
	[200, "", "finding"],
	[302, "", "finding"],
	[404, "page not found", "finding"],
	[400, "", "finding"],
	[500, "", "finding"],
])("status %i %s of the cache server: %s", (status, body, kind) => {
	const answer: CacheServerFacts["answer"] = { kind: "answered", status, body };
	const facts = { url: "http://172.18.0.2:37161", isLoopback: false, hadToken: true, answer };
	const verdict = judge(runnerCacheServer, { cache: facts, container: createContainer(), job: createJob() });
	expect(verdict.kind).toBe(kind);
});

/** A host that cannot tell whether this path may be used. */
function withoutAnswer(machine: FakeMachine, path: string): Host {
	const host = createHost(machine);
	return { ...host, access: async (at, mode) => (at === path ? closed("EIO") : host.access(at, mode)) };
}

describe("the kernel cannot tell about permissions (EIO)", () => {
	it("of a plugin, which is not one without permission", async () => {
		const machine = {
			...withCli({ [`${plugins}/docker-buildx`]: executable() }),
			directories: { [plugins]: ["docker-buildx"] },
		};
		const facts = await collect(dockerCliProbe, withoutAnswer(machine, `${plugins}/docker-buildx`));
		expect(judgePlugins(facts)).toMatchObject({ kind: "undecided", observed: "EIO" });
	});

	it("of a program, which may work", async () => {
		const facts = await collect(
			toolProbe("docker", ["docker", "--version"]),
			withoutAnswer(withCli(), "/usr/bin/docker"),
		);
		expect(facts).toMatchObject({ unusable: [{ path: "/usr/bin/docker", kind: "unreadable", code: "EIO" }] });
	});

	it("of a tool cache, which is not one of another owner", async () => {
		const facts = await collect(toolCacheProbe, withoutAnswer(withCache(), cache));
		expect(facts).toMatchObject({ state: "unreadable", code: "EIO" });
	});

	it("of cargo's home", async () => {
		const machine = { env: { HOME: "/root" }, files: { "/root/.cargo": directory } };
		const facts = await collect(rustProbe, withoutAnswer(machine, "/root/.cargo"));
		expect(facts.cargoHome).toMatchObject({ kind: "unknown", path: "/root/.cargo", code: "EIO" });
	});
});
