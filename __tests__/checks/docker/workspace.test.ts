import { describe, expect, test } from "vitest";
import { dockerWorkspace } from "../../../src/checks/docker/workspace.ts";
import type { SelfMount } from "../../../src/probes/self-container.ts";
import type { SmokeOutcome } from "../../../src/probes/smoke.ts";
import { judge } from "../../support/builders.ts";
import { createSelf } from "../runner/self.ts";
import { createContainer, createEndpoint, createEngine, createJob, findingOf, fixOf } from "./facts.ts";

const workspace = "/workspace/fortemi/fortemi";
const judgeWorkspace = (facts: Record<string, unknown> = {}) =>
	judge(dockerWorkspace, {
		engine: createEngine(),
		endpoint: createEndpoint(),
		container: createContainer(),
		job: createJob(),
		self: createSelf(),
		smoke: { workspace, outcome: { kind: "not-asked" } },
		...facts,
	});
const bind = (source: string, target: string): SelfMount => ({ type: "bind", source, target, writable: true });
const withMounts = (...mounts: SelfMount[]) => ({ self: createSelf({ mounts }) });

describe("without smoke", () => {
	test.each([
		["the workspace itself", bind(workspace, workspace)],
		["a directory above it", bind("/workspace", "/workspace")],
		["with a slash at its end", bind("/workspace/", "/workspace")],
	])("bound to the same path, %s: seen", (_, mount) => {
		expect(judgeWorkspace(withMounts(mount)).kind).toBe("pass");
	});

	test("the nearest mount counts", () => {
		const mounts = withMounts(bind("/workspace", "/workspace"), bind("/srv/x", workspace));
		expect(judgeWorkspace(mounts)).toMatchObject({ reason: "not-visible" });
	});

	test("a workspace in memory is a warning, as without smoke", () => {
		const verdict = judgeWorkspace(withMounts({ type: "tmpfs", source: "", target: "/workspace", writable: true }));
		expect(findingOf(verdict).message).toContain("it is a tmpfs of this container");
		expect(verdict).not.toHaveProperty("level");
	});

	test("a similar name is not a parent", () => {
		expect(judgeWorkspace(withMounts(bind("/work", "/work")))).toMatchObject({ reason: "not-visible" });
	});

	test.each<[string, Record<string, unknown>]>([
		[
			"GitHub's own way",
			{ ...withMounts(bind("/home/runner/_work", "/workspace")), job: createJob({ system: "github" }) },
		],
		["no job", { ...withMounts(), job: createJob({ inJob: false, system: "none" }) }],
		["a daemon that does not run us", { self: { state: "unknown", why: "other-engine" } }],
		[
			"a host job in the runner's own container",
			{
				container: createContainer({ mode: "host", insideContainer: "overlay root in /proc/self/mountinfo" }),
				self: { state: "none" },
			},
		],
		[
			"a host job with a daemon elsewhere",
			{
				container: createContainer({ mode: "host" }),
				endpoint: createEndpoint({ endpoint: { kind: "tcp", host: "build", port: 2376, tls: "verify" } }),
			},
		],
		["no daemon", { engine: createEngine({ version: { kind: "no-endpoint" } }) }],
	])("%s: not judged", (_, facts) => {
		expect(judgeWorkspace(facts)).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	test("on the host it is the daemon's own", () => {
		expect(judgeWorkspace({ container: createContainer({ mode: "host" }), self: { state: "none" } }).kind).toBe("pass");
	});
});

describe("with smoke", () => {
	test("but without a daemon, it is undecided: who asked for it gets an answer", () => {
		const engine = createEngine({ version: { kind: "failed", code: "ENOENT", message: "no socket" } });
		const outcome = { kind: "no-answer", message: "connect ENOENT /var/run/docker.sock" } as const;
		expect(judgeWorkspace({ engine, smoke: { workspace, outcome } })).toMatchObject({ kind: "undecided" });
		expect(judgeWorkspace({ engine })).toMatchObject({ kind: "skip", reason: "not-applicable" });
	});

	test("without an image, the mounts decide", () => {
		const without = judgeWorkspace({ smoke: { workspace, outcome: { kind: "no-image" } } });
		expect(without).toEqual(judgeWorkspace({ smoke: { workspace, outcome: { kind: "not-asked" } } }));
	});

	const tried = (outcome: SmokeOutcome, more: Record<string, unknown> = {}) =>
		judgeWorkspace({ smoke: { workspace, outcome, ...more } });

	test("seen", () => {
		expect(tried({ kind: "seen", image: "small:1" })).toMatchObject({ kind: "pass" });
	});

	test("an image's name is quoted", () => {
		expect(fixOf(tried({ kind: "not-started", image: "a; reboot", message: "x" }))).toContain(
			"docker run --rm 'a; reboot' true",
		);
	});

	test.each<SmokeOutcome>([
		{ kind: "no-file", code: "EROFS" },
		{ kind: "forbidden", message: "Forbidden" },
		{ kind: "no-answer", message: "no answer in time" },
	])("$kind is not decided", (outcome) => {
		expect(tried(outcome).kind).toBe("undecided");
	});

	test("a container that was left behind is named", () => {
		const verdict = tried({ kind: "seen", image: "x" }, { leftBehind: "runner-check-smoke-1" });
		expect(JSON.stringify(verdict)).toContain("docker rm --force runner-check-smoke-1");
	});
});
