import { describe, expect, test } from "vitest";
import { jobProbe } from "../../src/probes/job.ts";
import { collect } from "../support/builders.ts";
import { createHost } from "../support/fake-host.ts";

type Env = Record<string, string>;
const jobOf = (env: Env, files: Record<string, string> = {}) => collect(jobProbe, createHost({ env, files }));

const gitea: Env = {
	CI: "true",
	ACT: "true",
	GITHUB_ACTIONS: "true",
	GITEA_ACTIONS: "true",
	GITEA_ACTIONS_RUNNER_VERSION: "v3.3.0",
	GITEA_ACTIONS_CAPABILITIES: "job-summary",
	JOB_CONTAINER_NAME: "GITEA-ACTIONS-TASK-12-WORKFLOW-health-JOB-builder",
	RUNNER_NAME: "titan-host-runner",
	GITHUB_REPOSITORY: "fortemi/fortemi",
	GITHUB_WORKFLOW: "health",
	GITHUB_JOB: "builder",
	GITHUB_RUN_ID: "12",
	GITHUB_EVENT_NAME: "schedule",
	GITHUB_SERVER_URL: "https://git.example.com",
	GITHUB_STEP_SUMMARY: "/var/run/act/workflow/step-summary-1.md",
};

test("reads what Gitea's runner tells a job", async () => {
	expect(await jobOf(gitea)).toEqual({
		inJob: true,
		system: "gitea",
		runnerName: "titan-host-runner",
		runnerVersion: "v3.3.0",
		capabilities: ["job-summary"],
		containerName: "GITEA-ACTIONS-TASK-12-WORKFLOW-health-JOB-builder",
		summaryFile: true,
		repository: "fortemi/fortemi",
		workflow: "health",
		job: "builder",
		runId: "12",
		event: "schedule",
		serverUrl: "https://git.example.com",
		fromFork: false,
	});
});

test("leaves out what is not set, so that the facts stay the same in JSON", async () => {
	const facts = await jobOf({});
	expect(facts).toEqual({ inJob: false, system: "none", capabilities: [], summaryFile: false, fromFork: false });
	expect(Object.values(facts)).not.toContain(undefined);
});

describe("which system", () => {
	test.each<[string, Env, string]>([
		["Gitea", { GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true", ACT: "true" }, "gitea"],
		["Gitea with set_act_env: false", { GITHUB_ACTIONS: "true", GITEA_ACTIONS: "true" }, "gitea"],
		["Forgejo, which calls itself Gitea too", { GITEA_ACTIONS: "true", FORGEJO_ACTIONS: "true" }, "forgejo"],
		["Forgejo by its version", { GITEA_ACTIONS: "true", FORGEJO_ACTIONS_RUNNER_VERSION: "v12.1.0" }, "forgejo"],
		["a Gitea job that has a token for a Forgejo", { GITEA_ACTIONS: "true", FORGEJO_TOKEN: "x" }, "gitea"],
		["`exec` of Gitea's runner", { GITHUB_ACTIONS: "true", ACT: "true", ACT_EXEC: "true" }, "act"],
		["act", { GITHUB_ACTIONS: "true", ACT: "true" }, "act"],
		["GitHub", { GITHUB_ACTIONS: "true" }, "github"],
		["switched off", { GITHUB_ACTIONS: "false", GITEA_ACTIONS: "" }, "none"],
	])("%s", async (_name, env, system) => {
		const facts = await jobOf(env);
		expect(facts.system).toBe(system);
		expect(facts.inJob).toBe(system !== "none");
	});

	test("the runner's health check is no job, and has a name of its own for the runner", async () => {
		const facts = await jobOf({
			GITEA_ACTIONS: "true",
			GITEA_RUNNER_HEALTH_CHECK: "true",
			GITEA_RUNNER_NAME: "titan-host-runner",
		});
		expect(facts).toMatchObject({ inJob: false, system: "gitea", runnerName: "titan-host-runner" });
	});
});

test("takes Forgejo's own number for the version", async () => {
	const facts = await jobOf({
		FORGEJO_ACTIONS: "true",
		FORGEJO_ACTIONS_RUNNER_VERSION: "v12.1.0",
		GITEA_ACTIONS_RUNNER_VERSION: "v12.1.0-gitea",
	});
	expect(facts.runnerVersion).toBe("v12.1.0");
});

test("splits capabilities by commas and blanks", async () => {
	const facts = await jobOf({ ...gitea, GITEA_ACTIONS_CAPABILITIES: "job-summary, artifacts-v4  oidc" });
	expect(facts.capabilities).toEqual(["job-summary", "artifacts-v4", "oidc"]);
});

test("keeps every text short", async () => {
	const facts = await jobOf({ ...gitea, GITHUB_WORKFLOW: "x".repeat(100_000) });
	expect(facts.workflow?.length).toBe(512);
});

describe("address of the forge", () => {
	test.each([
		["https://git.example.com", "https://git.example.com"],
		["https://git.example.com/gitea/", "https://git.example.com/gitea"],
		["http://localhost:3000", "http://localhost:3000"],
		["https://user:hunter2@git.example.com:8443/sub", "https://git.example.com:8443/sub"],
		["https://us@er:hun@ter2@git.example.com/", "https://git.example.com"],
		["http://user:hunter2/1@git.example.com/sub", "http://git.example.com/sub"],
		["http://user:hunter2#1?2@git.example.com", "http://git.example.com"],
		[`https://user:${"hunter2".repeat(100)}@git.example.com`, "https://git.example.com"],
		["https://git.example.com/?token=hunter2", "https://git.example.com"],
		["https://", undefined],
		["nonsense", undefined],
	])("%s", async (value, expected) => {
		expect((await jobOf({ ...gitea, GITHUB_SERVER_URL: value })).serverUrl).toBe(expected);
	});
});

describe("a pull request from a fork", () => {
	const path = "/var/run/act/workflow/event.json";
	const env = { ...gitea, GITHUB_EVENT_NAME: "pull_request", GITHUB_EVENT_PATH: path };
	const unnamed = { GITEA_ACTIONS: "true" };
	const of = (head: unknown, base: unknown, event = "pull_request") =>
		jobOf({ ...env, GITHUB_EVENT_NAME: event }, { [path]: JSON.stringify({ pull_request: { head, base } }) });
	const repo = (id: number, name: string) => ({ repo_id: id, repo: { id, full_name: name } });

	test("same repository", async () => {
		expect((await of(repo(1, "fortemi/fortemi"), repo(1, "fortemi/fortemi"))).fromFork).toBe(false);
	});
	test("another repository", async () => {
		expect((await of(repo(2, "eve/fortemi"), repo(1, "fortemi/fortemi"))).fromFork).toBe(true);
	});
	test("of the same name, for the id counts", async () => {
		expect((await of(repo(2, "fortemi/fortemi"), repo(1, "fortemi/fortemi"))).fromFork).toBe(true);
	});
	test("by name, where there are no ids", async () => {
		const named = (full_name: string) => ({ repo: { full_name } });
		expect((await of(named("eve/fortemi"), named("fortemi/fortemi"))).fromFork).toBe(true);
		expect((await of(named("fortemi/fortemi"), named("fortemi/fortemi"))).fromFork).toBe(false);
	});
	test("that was deleted", async () => {
		expect((await of({ repo: null }, repo(1, "fortemi/fortemi"))).fromFork).toBe(true);
		expect((await of({ repo_id: 2, repo: null }, repo(1, "fortemi/fortemi"))).fromFork).toBe(true);
	});
	test("pull_request_target and reviews count as well", async () => {
		expect((await of(repo(2, "eve/x"), repo(1, "a/x"), "pull_request_target")).fromFork).toBe(true);
		expect((await of(repo(2, "eve/x"), repo(1, "a/x"), "pull_request_review")).fromFork).toBe(true);
	});

	test.each<[string, Env, Record<string, string>]>([
		["no file", env, {}],
		["no JSON, or cut off", env, { [path]: '{"pull_request": {"head"' }],
		["no pull request in it", env, { [path]: "[]" }],
		["JSON null", env, { [path]: "null" }],
		["no path", { ...gitea, GITHUB_EVENT_NAME: "pull_request" }, {}],
		["no event", { GITEA_ACTIONS: "true" }, {}],
		["no name, and nothing in the file", { ...unnamed, GITHUB_EVENT_PATH: path }, { [path]: "{}" }],
	])("cannot be found out: %s", async (_name, variables, files) => {
		expect((await jobOf(variables, files)).fromFork).toBeUndefined();
	});

	test("by the file, if the event has no name", async () => {
		const of = (event: object) =>
			jobOf({ ...unnamed, GITHUB_EVENT_PATH: path }, { [path]: JSON.stringify({ repository: { id: 1 }, ...event }) });
		expect((await of({ ref: "refs/heads/main" })).fromFork).toBe(false);
		const pull_request = { head: repo(2, "eve/fortemi"), base: repo(1, "fortemi/fortemi") };
		expect((await of({ pull_request })).fromFork).toBe(true);
	});

	test("reads no event file for a push", async () => {
		const host = createHost({
			env: { ...env, GITHUB_EVENT_NAME: "push" },
			readText: () => Promise.reject(new Error("must not be read")),
		});
		expect((await collect(jobProbe, host)).fromFork).toBe(false);
	});
});
