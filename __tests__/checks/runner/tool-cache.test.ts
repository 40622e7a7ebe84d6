import { describe, expect, test } from "vitest";
import { runnerToolCache } from "../../../src/checks/runner/tool-cache.ts";
import type { ToolCacheFacts } from "../../../src/probes/tool-cache.ts";
import { createPolicy, judge } from "../../support/builders.ts";
import { createContainer, createJob, onHost } from "./facts.ts";

const path = "/opt/hostedtoolcache";
const mount = { target: path, root: "/var/lib/docker/volumes/act-toolcache/_data", fsType: "ext4", readOnly: false };
const tool = (complete = true) => ({ tool: "node", version: "22.11.0", arch: "x64", complete });
const createCache = (overrides: Partial<ToolCacheFacts> = {}): ToolCacheFacts => ({
	path,
	state: "present",
	writable: true,
	owner: { mode: 0o755, uid: 0, gid: 0 },
	mount,
	mountsKnown: true,
	perJob: false,
	tools: [tool()],
	...overrides,
});
const root = { uid: 0, gid: 0, groups: [0] };
const plain = { uid: 1001, gid: 1001, groups: [1001] };
const persistent = createPolicy({ profile: "matric-builder", toolCache: "persistent" });
const { mount: _, ...unmounted } = createCache();

const judgeCache = (
	cache: ToolCacheFacts = createCache(),
	{ policy = createPolicy(), ...facts }: { policy?: ReturnType<typeof createPolicy> } & Record<string, unknown> = {},
) => judge(runnerToolCache, { cache, container: createContainer(), account: root, job: createJob(), ...facts }, policy);

describe("kept and whole", () => {
	test("a volume of the runner", () => {
		expect(judgeCache()).toMatchObject({ kind: "pass", message: `\`${path}\`, 1 tool` });
		expect(judgeCache(createCache(), { policy: persistent }).kind).toBe("pass");
	});

	test("a host's own directory", () => {
		const cache = createCache({ path: "/home/runner/.cache/act/tool_cache" });
		expect(judgeCache(cache, { container: onHost, account: plain, policy: persistent }).kind).toBe("pass");
	});
});

describe("not-set", () => {
	const none: ToolCacheFacts = { state: "not-set", writable: false, mountsKnown: true, perJob: false, tools: [] };
	test("is skipped", () => {
		expect(judgeCache(none)).toMatchObject({ kind: "skip", reason: "not-set" });
		expect(judgeCache(none, { policy: persistent, job: createJob({ inJob: false }) })).toMatchObject({
			reason: "not-set",
		});
	});
	test("in a job whose profile wants one, there is none that stays", () => {
		expect(judgeCache(none, { policy: persistent })).toMatchObject({
			kind: "finding",
			reason: "not-persistent",
			level: "fail",
		});
	});
});

describe("not-writable", () => {
	const closed = createCache({ writable: false });
	test("to root: a read-only mount", () => {
		const cache = { ...closed, mount: { ...mount, readOnly: true } };
		expect(judgeCache(cache)).toMatchObject({
			kind: "finding",
			reason: "not-writable",
			message: `The tool cache \`${path}\` is mounted read-only.`,
			remedy: { kind: "runner" },
		});
	});
	test("to the user of a host", () => {
		expect(judgeCache(closed, { container: onHost, account: plain })).toMatchObject({
			reason: "not-writable",
			remedy: { commands: [`sudo chown -R 1001:1001 ${path}`] },
		});
	});
	test("to a plain user whose profile wants a cache", () => {
		expect(judgeCache(closed, { account: plain, policy: persistent })).toMatchObject({ reason: "not-writable" });
	});
	test("to a plain user who asked for none: the runner's volume is root's, and a healthy job stays healthy", () => {
		expect(judgeCache(closed, { account: plain })).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
			message: expect.stringContaining("only uid 0 may write there"),
		});
	});
	test.each([
		["a file", createCache({ state: "not-a-directory", writable: false }), "is not a directory"],
		[
			"closed to us",
			createCache({ state: "unreadable", code: "EACCES", writable: false }),
			"cannot be looked at (EACCES)",
		],
	])("%s", (_name, cache, message) => {
		expect(judgeCache(cache)).toMatchObject({ reason: "not-writable", message: expect.stringContaining(message) });
	});
});

describe("not-persistent", () => {
	test.each<[string, ToolCacheFacts, Record<string, unknown>, string]>([
		["part of the container", unmounted, {}, "it is part of the container"],
		["not there", { ...unmounted, state: "absent", tools: [] }, {}, "it does not exist"],
		[
			"not there, for a plain user",
			{ ...unmounted, state: "absent", writable: false, tools: [] },
			{ account: plain },
			"it does not exist",
		],
		["in memory", createCache({ mount: { ...mount, fsType: "tmpfs" } }), {}, "it lies in memory"],
		[
			"a volume without a name",
			createCache({ mount: { ...mount, root: `/var/lib/docker/volumes/${"a".repeat(64)}/_data` } }),
			{},
			"its volume has no name",
		],
		["in the folder of a host job", { ...unmounted, perJob: true }, { container: onHost }, "removes after the job"],
	])("%s: skipped, and a failure where the profile wants it kept", (_name, cache, facts, because) => {
		expect(judgeCache(cache, facts)).toMatchObject({
			kind: "skip",
			reason: "not-persistent",
			message: expect.stringContaining(because),
		});
		expect(judgeCache(cache, { ...facts, policy: persistent })).toMatchObject({
			kind: "finding",
			reason: "not-persistent",
			level: "fail",
			observed: expect.stringContaining(because),
		});
	});

	test.each([
		["v3.3.0", "gitea", "Runner v3.3.0: nothing is mounted"],
		["dev", "gitea", "In runners 3.2.0 and later, nothing is mounted"],
		["v3.1.0", "gitea", undefined],
		["v3.3.0", "forgejo", undefined],
	] as const)("runner %s of %s", (runnerVersion, system, text) => {
		const verdict = JSON.stringify(judgeCache(unmounted, { job: createJob({ runnerVersion, system }) }));
		if (text) expect(verdict).toContain(text);
		else expect(verdict).not.toContain("nothing is mounted");
	});

	test("the way out by the kind of job", () => {
		expect(judgeCache(unmounted, { policy: persistent })).toMatchObject({
			remedy: { config: { text: expect.stringContaining(`--volume /srv/toolcache:${path}`) } },
		});
		expect(judgeCache({ ...unmounted, perJob: true }, { policy: persistent, container: onHost })).toMatchObject({
			remedy: { config: { text: expect.stringContaining("tool_cache_mode: shared") } },
		});
		expect(judgeCache(unmounted, { policy: persistent, job: createJob({ system: "github" }) })).toMatchObject({
			remedy: { kind: "workflow" },
		});
	});

	test("mounts that the kernel hides: not decided where it matters", () => {
		const cache = { ...unmounted, mountsKnown: false };
		expect(judgeCache(cache)).toMatchObject({ kind: "skip", reason: "not-applicable" });
		expect(judgeCache(cache, { policy: persistent }).kind).toBe("undecided");
	});
});

describe("incomplete", () => {
	test("names what to remove", () => {
		expect(judgeCache(createCache({ tools: [tool(), tool(false)] }))).toMatchObject({
			kind: "finding",
			reason: "incomplete",
			observed: "1 of 2 without",
			remedy: { commands: [`rm -r ${path}/node/22.11.0/x64`] },
		});
	});
	test("a hostile name stays one word", () => {
		const cache = createCache({ tools: [{ ...tool(false), tool: "x; reboot" }] });
		expect(judgeCache(cache)).toMatchObject({ remedy: { commands: [`rm -r '${path}/x; reboot/22.11.0/x64'`] } });
	});
	test("of a cache that ends with the job nothing is said", () => {
		expect(judgeCache({ ...unmounted, tools: [tool(false)] })).toMatchObject({ reason: "not-persistent" });
	});
});
