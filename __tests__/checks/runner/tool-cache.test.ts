import { describe, expect, test } from "vitest";
import type { Finding } from "../../../src/checks/check.ts";
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
const ordinary = { uid: 1001, gid: 1001, groups: [1001] };
const persistent = createPolicy({ profile: "matric-builder", toolCache: "persistent" });
const { mount: _, ...unmounted } = createCache();

const judgeCache = (
	cache: ToolCacheFacts = createCache(),
	{ policy = createPolicy(), ...facts }: { policy?: ReturnType<typeof createPolicy> } & Record<string, unknown> = {},
) => judge(runnerToolCache, { cache, container: createContainer(), account: root, job: createJob(), ...facts }, policy);

describe("not-set", () => {
	const none: ToolCacheFacts = { state: "not-set", writable: false, mountsKnown: true, perJob: false, tools: [] };

	test("is skipped outside a job", () => {
		const facts = { policy: persistent, job: createJob({ inJob: false }) };
		expect(judgeCache(none, facts)).toMatchObject({ kind: "skip", reason: "not-set" });
	});
});

describe("not-writable", () => {
	const closed = createCache({ writable: false });

	test("also if no cache is asked for: root, and users of the host", () => {
		expect(judgeCache(closed)).toMatchObject({ reason: "not-writable" });
		expect(judgeCache(closed, { container: onHost, account: ordinary })).toMatchObject({ reason: "not-writable" });
	});

	test("not for an ordinary user whose profile asks for none: the runner's volume belongs to root", () => {
		expect(judgeCache(closed, { account: ordinary })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	test("a missing directory of the host that the user cannot create", () => {
		const { owner: _owner, ...missing } = createCache({ state: "absent", writable: false, tools: [] });
		const facts = { container: onHost, account: ordinary, policy: persistent };
		expect(judgeCache(missing, facts)).toMatchObject({
			reason: "not-writable",
			message: `The tool cache \`${path}\` does not exist, and uid 1001 cannot create it.`,
			remedy: { commands: [`sudo install -d -o 1001 -g 1001 ${path}`] },
		});
	});

	test.each(["/", "/usr", "/opt", "/var/cache"])("never advises `chown -R %s`", (path) => {
		const verdict = judgeCache({ ...closed, path }, { container: onHost, account: ordinary }) as Finding<string>;
		expect(verdict.reason).toBe("not-writable");
		expect(verdict.remedy.commands).toBeUndefined();
	});
});

describe("not-persistent", () => {
	test.each<[string, ToolCacheFacts, Record<string, unknown>, string]>([
		["part of the container", unmounted, {}, "it is part of the container"],
		["absent", { ...unmounted, state: "absent", tools: [] }, {}, "it does not exist"],
		[
			"absent, for an ordinary user",
			{ ...unmounted, state: "absent", writable: false, tools: [] },
			{ account: ordinary },
			"it does not exist",
		],
		["in memory", createCache({ mount: { ...mount, fsType: "tmpfs" } }), {}, "it is in memory"],
		[
			"a volume without a name",
			createCache({ mount: { ...mount, root: `/var/lib/docker/volumes/${"a".repeat(64)}/_data` } }),
			{},
			"its volume has no name",
		],
		["in the folder of a host job", { ...unmounted, perJob: true }, { container: onHost }, "removes after the job"],
	])("%s: skipped, and a failure if the profile wants it kept", (_name, cache, facts, cause) => {
		expect(judgeCache(cache, facts)).toMatchObject({
			kind: "skip",
			reason: "not-persistent",
			message: expect.stringContaining(cause),
		});
		expect(judgeCache(cache, { ...facts, policy: persistent })).toMatchObject({
			kind: "finding",
			reason: "not-persistent",
			level: "fail",
			observed: expect.stringContaining(cause),
		});
	});

	test.each([
		["v3.1.0", "gitea"],
		["v3.3.0", "forgejo"],
	] as const)("runner %s of %s is not the cause", (runnerVersion, system) => {
		const verdict = JSON.stringify(judgeCache(unmounted, { job: createJob({ runnerVersion, system }) }));
		expect(verdict).not.toContain("nothing is mounted");
	});

	test.each([
		["in a container", createContainer()],
		["on the host", onHost],
	])("advises `tool_cache_mode` only for the runner that has it: %s", (_name, container) => {
		const cache = { ...unmounted, perJob: true };
		const adviceFor = (job: Parameters<typeof createJob>[0]) =>
			JSON.stringify(judgeCache(cache, { container, policy: persistent, job: createJob(job) }));
		expect(adviceFor({})).toContain("tool_cache_mode");
		expect(adviceFor({ system: "forgejo" })).not.toContain("tool_cache_mode");
		expect(adviceFor({ runnerVersion: "v3.1.0" })).toContain("3.2.0");
	});

	test("mounts that the kernel hides matter only if the profile asks", () => {
		const cache = { ...unmounted, mountsKnown: false };
		expect(judgeCache(cache)).toMatchObject({ kind: "skip", reason: "not-applicable" });
		expect(judgeCache(cache, { policy: persistent }).kind).toBe("undecided");
	});

	test("if nothing in /proc can be read, runner/mode says so", () => {
		const facts = { container: createContainer({ mode: "unknown" }), policy: { ...persistent, runsIn: "container" } };
		const verdict = judgeCache({ ...unmounted, mountsKnown: false }, facts as Record<string, unknown>);
		expect(verdict).toMatchObject({ kind: "skip", reason: "needs:runner/mode" });
	});
});

describe("incomplete", () => {
	test("a hostile name stays one word", () => {
		const cache = createCache({ tools: [{ ...tool(false), tool: "x; reboot" }] });
		expect(judgeCache(cache, { container: onHost })).toMatchObject({
			remedy: { commands: [`sudo rm -r ${path}/'x; reboot/22.11.0/x64'`] },
		});
	});

	test("shows five of many", () => {
		const tools = Array.from({ length: 7 }, (_, index) => ({ ...tool(false), version: `22.${index}.0` }));
		expect(judgeCache(createCache({ tools }))).toMatchObject({
			message: expect.stringContaining("`node/22.4.0/x64` and 2 more"),
			observed: "7 of 7 incomplete",
		});
	});

	test("is not reported for a cache that ends with the job", () => {
		expect(judgeCache({ ...unmounted, tools: [tool(false)] })).toMatchObject({ reason: "not-persistent" });
	});
});
