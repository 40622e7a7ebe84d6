import { describe, expect, test } from "vitest";
import { dockerWorkspace } from "../../../src/checks/docker/workspace.ts";
import type { SelfMount } from "../../../src/probes/self-container.ts";
import type { SmokeOutcome } from "../../../src/probes/smoke.ts";
import { judge } from "../../support/builders.ts";
import { createSelf, jobName } from "../runner/self.ts";
import { createContainer, createEndpoint, createEngine, createJob, fixOf } from "./facts.ts";

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
	test("a runner that is set up as usual has the workspace in a volume: nothing to warn of", () => {
		expect(judgeWorkspace()).toMatchObject({
			kind: "skip",
			reason: "not-applicable",
			message: expect.stringContaining(`volume of the runner (\`${jobName}\`)`),
		});
	});

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

	test.each<[string, Record<string, unknown>, string]>([
		["bound from another path", withMounts(bind("/srv/work", "/workspace")), "it is `/srv/work` on the daemon's host"],
		["a mount that the runner dropped", withMounts(), "it lies in this container alone"],
		[
			"in memory",
			withMounts({ type: "tmpfs", source: "", target: "/workspace", writable: true }),
			"it is a tmpfs of this container",
		],
	])("%s: somebody tried, and it does not work", (_, mounts, message) => {
		const verdict = judgeWorkspace(mounts);
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "not-visible",
			message: expect.stringContaining(message),
		});
		expect(verdict).not.toHaveProperty("level");
		expect(fixOf(verdict)).toContain("bind_workdir: true\n  workdir_parent: workspace\n  valid_volumes:\n    - ");
		expect(fixOf(verdict)).toContain("--volumes-from");
	});

	test("a similar name is no parent", () => {
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
			{ container: createContainer({ mode: "host", insideContainer: "/.dockerenv" }), self: { state: "none" } },
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
	const tried = (outcome: SmokeOutcome, more: Record<string, unknown> = {}) =>
		judgeWorkspace({ smoke: { workspace, outcome, ...more } });

	test("seen", () => {
		expect(tried({ kind: "seen", image: "small:1" })).toMatchObject({ kind: "pass" });
	});

	test("not seen is a failure, on the usual volume too: somebody asked", () => {
		const message = `invalid mount config for type "bind": bind source path does not exist: ${workspace}`;
		const verdict = tried({ kind: "not-seen", image: "small:1", message });
		expect(verdict).toMatchObject({
			kind: "finding",
			reason: "not-visible",
			level: "fail",
			observed: message,
			evidence: expect.arrayContaining([
				{ source: "GET /containers/{self}/json, Mounts", text: `volume ${jobName} on ${workspace}` },
			]),
		});
		expect(fixOf(verdict)).toContain("bind_workdir: true");
	});

	test("dockerd 29 on runc 1.1 looks healthy to everything else", () => {
		const message =
			'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: namespace {"time" ""} does not exist: unknown';
		const verdict = tried({ kind: "not-started", image: "small:1", message });
		expect(verdict).toMatchObject({
			reason: "not-visible",
			level: "fail",
			message: expect.stringContaining("namespace {"),
		});
		expect(fixOf(verdict)).toContain("docker-ce containerd.io");
	});

	test("another reason not to start gets the general way", () => {
		const verdict = tried({ kind: "not-started", image: "x", message: "no space left on device" });
		expect(fixOf(verdict)).toContain("journalctl -u docker");
	});

	test.each<SmokeOutcome>([
		{ kind: "no-image" },
		{ kind: "no-file", code: "EROFS" },
		{ kind: "forbidden", message: "Forbidden" },
		{ kind: "no-answer", message: "no answer in time" },
	])("$kind: asked, and not decided", (outcome) => {
		expect(tried(outcome).kind).toBe("undecided");
	});

	test("a container that stayed behind is named", () => {
		const verdict = tried({ kind: "seen", image: "x" }, { leftBehind: "runner-check-smoke-1" });
		expect(JSON.stringify(verdict)).toContain("docker rm --force runner-check-smoke-1");
	});
});
