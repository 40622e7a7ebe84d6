import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ForgeCache } from "../../src/fleet/forge/cache.ts";
import { forgeClient } from "../../src/fleet/forge/client.ts";
import { readForge } from "../../src/fleet/forge/read-forge.ts";
import { setUpTrouble } from "../../src/fleet/forge/set-up.ts";
import { fleetOptions } from "../../src/fleet/inputs.ts";
import { publishedLines, publishedReport } from "../../src/fleet/published.ts";
import { type Watched, watchFleet } from "../../src/fleet/watch.ts";
import { fleetPolicy } from "../../src/fleet-policy.ts";
import { createRealHost } from "../../src/host/real-host.ts";
import type { Report } from "../../src/report/report.ts";
import { Servers } from "../support/servers.ts";
import { type FakeJob, type FakeRun, ForgeApi, type ForgeSystem, repository, token } from "./support/forge-api.ts";
import { failing, hoursAgo, now, reportOf } from "./support/looks.ts";

let workspace: string;
let forge: ForgeApi;
let servers: Servers;
beforeEach(async () => {
	workspace = mkdtempSync(join(tmpdir(), "fleet-watch-"));
	forge = await ForgeApi.start();
	servers = new Servers();
});
afterEach(async () => {
	rmSync(workspace, { recursive: true });
	await forge[Symbol.asyncDispose]();
	servers.close();
});

function put(path: string, text: string): void {
	mkdirSync(join(workspace, path, ".."), { recursive: true });
	writeFileSync(join(workspace, path), text);
}

/** One run of the action against the forge. */
async function watch(inputs: Readonly<Record<string, string>> = {}, at = now, by = forge): Promise<Watched> {
	const env = { PATH: process.env.PATH, ...by.env };
	const host = createRealHost(env);
	const options = fleetOptions({ token, ...inputs });
	const policy = await fleetPolicy(host, workspace, options.policy);
	return watchFleet(
		host,
		options,
		{ workspace, policy, now: at, diagnose: setUpTrouble },
		new AbortController().signal,
	);
}

/** A log as the forge serves it: a time before each line. */
const logOf = (...texts: readonly string[]): string =>
	texts
		.join("\n")
		.split("\n")
		.map((line) => `2026-11-24T07:00:00.2551234Z ${line}`)
		.join("\n");

let job = 100;
/** A job that ran on a runner with the label `titan`, and printed this report. */
function jobOf(
	runner: string,
	hours: number,
	parts: Partial<FakeJob> & { report?: Partial<Report>; run?: number } = {},
): FakeJob {
	const { report, run = 1, ...overrides } = parts;
	const status = report?.results?.some((result) => result.status === "fail") ? "failure" : "success";
	const printed = publishedReport(
		reportOf(hours, { name: runner, job: { repository, run_id: String(run) }, ...report }),
	).text;
	return {
		...{
			id: ++job,
			name: "check (titan)",
			labels: ["titan"],
			runner,
			status,
			at: hoursAgo(hours),
			log: logOf("::group::Run x", printed, "done"),
		},
		...overrides,
	};
}

const runOf = (id: number, ...jobs: readonly FakeJob[]): FakeRun => ({ id, jobs });
const statesOf = ({ fleet }: Watched) =>
	fleet.runners.map(({ name, profile = "", status, verdict = "" }) => [name, profile, status, verdict]);

describe.each<ForgeSystem>(["gitea", "github"])("the runs of the health check on %s", (system) => {
	beforeEach(async () => {
		await forge[Symbol.asyncDispose]();
		forge = await ForgeApi.start(system);
	});

	it("become one picture, with a history", async () => {
		forge.runs = [
			runOf(1, jobOf("titan-1", 25), jobOf("titan-2", 25)),
			runOf(2, jobOf("titan-1", 1, { run: 2 }), jobOf("titan-2", 1, { run: 2, report: { results: [failing] } })),
		];
		const { fleet, errors } = await watch({ issues: "false" });
		expect(errors).toEqual([]);
		expect(fleet).toMatchObject({
			verdict: "misconfigured",
			runners: [
				{ name: "titan-1", verdict: "healthy", labels: ["titan"], last_report: hoursAgo(1) },
				{
					name: "titan-2",
					verdict: "misconfigured",
					failures: ["docker/socket:missing"],
					failed: 1,
					since: hoursAgo(1),
				},
			],
			changes: [{ name: "titan-2", before: "healthy", now: "misconfigured", came: ["docker/socket:missing"] }],
			rejected: [],
		});
		expect(fleet.runners[1]?.url).toMatch(
			/^https:\/\/git\.example\.com\/fortemi\/fortemi\/actions\/runs\/2\/jobs\/\d+$/,
		);
		expect(fleet.runners[1]?.history).toHaveLength(2);
		expect(fleet.notes).toEqual([expect.stringMatching(/^The token may not list runners/)]);
	});

	it("of 50 jobs cost one list of them and a log for each", async () => {
		forge.runs = [
			runOf(1, ...Array.from({ length: 50 }, (_, index) => jobOf(`r${index}`, 1, { labels: [`r${index}`] }))),
		];
		const { fleet } = await watch({ issues: "false" });
		expect(fleet.runners).toHaveLength(50);
		const asked = (part: RegExp) => forge.asked.filter((one) => part.test(one)).length;
		expect([asked(/\/jobs\?/), asked(/\/logs$/), asked(/\/runs\?/)]).toEqual([1, 50, 1]);
	});

	it("are read as far as the forge's limits allow, the newest first", async () => {
		forge.runs = Array.from({ length: 5 }, (_, index) =>
			runOf(index + 1, jobOf("a", 30 - index, { run: index + 1 }), jobOf("b", 30 - index, { run: index + 1 })),
		);
		const signal = new AbortController().signal;
		const client = forgeClient(createRealHost(forge.env), token, signal);
		if ("why" in client) throw new Error(client.why);
		const cache = new ForgeCache(repository);
		const { looks, notes, isComplete } = await readForge(client, {
			workflow: "health-check.yml",
			runs: 4,
			budget: 8,
			cache,
			diagnose: setUpTrouble,
			now,
			maxAgeMs: 1,
			signal,
		});
		expect(looks.map(({ at }) => at)).toEqual([26, 26, 27, 27].map(hoursAgo));
		expect(notes).toEqual([expect.stringMatching(/^Only the newest 2 of 4 runs were read/)]);
		expect(isComplete).toBe(true);
	});

	it("are read on several pages", async () => {
		forge.maxPage = 20;
		forge.runs = Array.from({ length: 130 }, (_, index) => ({
			...runOf(index + 1),
			...(index < 128 && { event: "pull_request" }),
		}));
		forge.runs[0] = runOf(
			1,
			...Array.from({ length: 130 }, (_, index) => jobOf(`r${index}`, 1, { labels: [`r${index}`] })),
		);
		const { fleet } = await watch({ issues: "false", runs: "50" });
		expect(fleet.runners).toHaveLength(130);
	});
});

describe("a run", () => {
	it.each([
		["a pull request", { event: "pull_request" }],
		["another branch", { branch: "feature" }],
		["another workflow", { workflow: "ci.yml" }],
	])("of %s says nothing: its author decides what it prints", async (_, overrides) => {
		forge.runs = [
			runOf(1, jobOf("titan-1", 20)),
			{ ...runOf(2, jobOf("titan-1", 1, { run: 2, report: { results: [failing] } })), ...overrides },
		];
		expect(statesOf(await watch())).toEqual([["titan-1", "titan", "reported", "healthy"]]);
	});

	it("of a fork says nothing, not even on a branch of the same name", async () => {
		await using github = await ForgeApi.start("github");
		github.runs = [{ ...runOf(1, jobOf("titan-1", 1)), from: "stranger/fortemi" }];
		expect((await watch({}, now, github)).fleet.runners).toEqual([]);
	});
});

describe("a job", () => {
	it("cannot report for another runner", async () => {
		const stolen = publishedReport(
			reportOf(1, { name: "titan-2", facts: { job: { ok: true, value: { runnerName: "titan-2" }, ms: 1 } } }),
		).text;
		forge.runs = [runOf(1, jobOf("titan-1", 1), jobOf("titan-3", 1, { log: logOf(stolen), labels: ["other"] }))];
		const { fleet } = await watch();
		expect(fleet.runners.map(({ name }) => name)).toEqual(["titan-1"]);
		expect(fleet.rejected).toEqual([
			{
				file: expect.stringMatching(/^job \d+ \(check \(titan\)\) of run 1$/),
				reason: "a report for the runner titan-2, but the job ran on titan-3",
			},
		]);
	});

	it("that waits is the runner with its labels, else goes by them", async () => {
		const queued = (label: string, hours: number): FakeJob => ({
			id: ++job,
			name: `check (${label})`,
			labels: [label],
			status: "queued",
			at: hoursAgo(hours),
		});
		forge.runs = [runOf(1, jobOf("titan-1", 25)), runOf(2, queued("titan", 1), queued("gpu", 1), queued("soon", 0.1))];
		expect(statesOf(await watch({ issues: "false" }))).toEqual([
			["gpu", "", "waiting", ""],
			["titan-1", "titan", "waiting", "healthy"],
		]);
	});

	it("that the forge gave up after a day counts as waiting, too", async () => {
		forge.runs = [runOf(1, { id: ++job, name: "check (gpu)", labels: ["gpu"], status: "cancelled", at: hoursAgo(25) })];
		expect(statesOf(await watch({ issues: "false" }))).toEqual([["gpu", "", "waiting", ""]]);
	});

	it("that a person canceled at once says nothing about a runner", async () => {
		const canceled = { id: ++job, name: "check (gpu)", labels: ["gpu"], status: "cancelled", at: hoursAgo(2) } as const;
		forge.runs = [runOf(1, { ...canceled, completed: hoursAgo(1.99) })];
		expect(statesOf(await watch({ issues: "false" }))).toEqual([]);
		forge.runs = [runOf(1, { ...canceled, completed: hoursAgo(1) })];
		expect(statesOf(await watch({ issues: "false" }))).toEqual([["gpu", "", "waiting", ""]]);
	});

	it.each([
		[
			'OCI runtime exec failed: exec failed: unable to start container process: exec: "node": executable file not found in $PATH: unknown',
			"tool/node:missing",
		],
		[
			"Error response from daemon: Duplicate mount point: /var/run/docker.sock",
			"config/options:duplicate-socket-mount",
		],
		[
			'Error response from daemon: Head "https://ghcr.io/v2/fortemi/builder/manifests/gpu": denied: denied',
			"registry/ghcr.io:denied",
		],
		[
			"failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error loading seccomp filter into kernel: errno 524: unknown",
			"smoke/docker:cannot-start",
		],
		["write /var/lib/docker/tmp/x: no space left on device", "disk/free:low"],
		[
			"Error response from daemon: client version 1.43 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version",
			"docker/api-version:client-too-old",
		],
	])("that died in set-up is diagnosed by its log: %s", async (line, id) => {
		const died = jobOf("titan-1", 1, {
			status: "failure",
			log: logOf(
				"titan-1(version:v3.1.0) received task 7 of job check",
				line,
				"##[error]Process completed with exit code 1.",
				"🏁  Job failed",
			),
		});
		forge.runs = [runOf(1, jobOf("titan-1", 25)), runOf(2, died)];
		const { fleet } = await watch({ issues: "false" });
		expect(fleet.runners).toMatchObject([
			{ name: "titan-1", profile: "titan", status: "set-up-failed", verdict: "healthy" },
		]);
		const [result] = fleet.runners[0]?.results ?? [];
		expect(`${result?.id}:${result?.reason}`).toBe(id);
		expect(result?.remedy?.text).toMatch(/\w/);
		expect(result?.evidence[0]?.text).toContain(line.slice(-40));
	});

	it("that died for a reason nobody knows says its last line that means something", async () => {
		const died = jobOf("titan-1", 1, {
			status: "failure",
			log: logOf(
				"preparing",
				"the widget is bent",
				"::endgroup::",
				"##[error]Process completed with exit code 1.",
				"🏁  Job failed",
			),
		});
		forge.runs = [runOf(1, died)];
		const { fleet } = await watch({ issues: "false" });
		expect(fleet.runners).toMatchObject([
			{
				status: "set-up-failed",
				profile: "titan",
				results: [],
				why: "The job check (titan) failed before runner-check reported: the last line of its log is `the widget is bent`.",
			},
		]);
	});

	it("that printed no report is named", async () => {
		forge.runs = [runOf(1, jobOf("titan-1", 1, { log: logOf("all is well") }))];
		expect((await watch()).fleet.notes).toContainEqual(
			expect.stringMatching(/^Jobs that succeeded and printed no report: check \(titan\)\. Set `publish: log`/),
		);
	});

	it("with a second look adds who caused the failures", async () => {
		const lines = publishedLines("after", JSON.stringify({ version: 1, caused_by: "runner" })) ?? [];
		const healthy = jobOf("titan-1", 1);
		forge.runs = [runOf(1, { ...healthy, log: `${healthy.log}\n${logOf(...lines)}` })];
		expect((await watch()).fleet.runners).toMatchObject([{ after: { runner: 1, job: 0, unknown: 0 } }]);
	});

	it("with a log of 20 MB is read up to 8 MiB, and named", async () => {
		const long = jobOf("titan-1", 1);
		forge.runs = [runOf(1, { ...long, log: `${long.log}\n${"x".repeat(20_000_000)}` })];
		const { fleet } = await watch();
		expect(fleet.runners).toHaveLength(1);
		expect(fleet.rejected).toMatchObject([{ reason: "its log has more than 8 MiB; the rest was not read" }]);
	});
});

describe("Forgejo, which names no runner in its jobs", () => {
	it("has a runner go by the labels of its jobs, which no job can choose", async () => {
		await using forgejo = await ForgeApi.start("forgejo");
		const claim = jobOf("claims-to-be-another", 1, { report: { facts: {} } });
		forgejo.runs = [
			runOf(1, claim),
			runOf(2, { id: ++job, name: "check (gpu)", labels: ["gpu"], status: "queued", at: hoursAgo(1) }),
		];
		expect(statesOf(await watch({}, now, forgejo))).toEqual([
			["gpu", "", "waiting", ""],
			["titan", "titan", "reported", "healthy"],
		]);
	});
});

describe("the list of runners", () => {
	it("tells which are offline, disabled and busy", async () => {
		forge.may.add("runners");
		forge.runners = [
			{ name: "a", labels: ["a"], status: "offline" },
			{ name: "b", labels: ["b"], disabled: true },
			{ name: "c", labels: ["c"], busy: true },
		];
		forge.runs = [runOf(1, ...["a", "b", "c"].map((name) => jobOf(name, 1, { labels: [name] })))];
		put(".gitea/workflows/ci.yml", "on: push\njobs:\n  x:\n    runs-on: nobody\n  y:\n    runs-on: a\n");
		const { fleet } = await watch({ issues: "false" });
		expect(fleet.runners).toMatchObject([
			{ status: "offline" },
			{ status: "disabled" },
			{ status: "reported", busy: true },
		]);
		expect(fleet.notes).toEqual([]);
		// The list has the runners of the repository; one of the whole instance may serve the label.
		expect(fleet.unserved).toEqual([]);
		forge.may.add("instance");
		const { fleet: complete } = await watch({ issues: "false" });
		expect(complete.unserved).toEqual([{ label: "nobody", file: ".gitea/workflows/ci.yml", line: 4 }]);
	});

	it("can have an old registration of the same name, which does not make a runner offline", async () => {
		forge.may.add("runners");
		const old = { name: "a", labels: ["a"], status: "offline" } as const;
		for (const runners of [
			[old, { name: "a", labels: ["a"] }],
			[{ name: "a", labels: ["a"] }, old],
		]) {
			forge.runners = runners;
			forge.runs = [runOf(1, jobOf("a", 1, { labels: ["a"] }))];
			expect((await watch({ issues: "false" })).fleet.runners).toMatchObject([{ status: "reported" }]);
		}
	});

	it("is never asked for in the scope of the user, which leaks on Gitea 1.27", async () => {
		await watch();
		expect(forge.asked.filter((one) => one.includes("/user/"))).toEqual([]);
	});
});

describe("an expected runner", () => {
	it("is one of the policy, or of the workflow's matrix", async () => {
		forge.runs = [runOf(1, jobOf("titan-1", 1))];
		put(
			".gitea/workflows/health-check.yml",
			"on: schedule\njobs:\n  check:\n    strategy:\n      matrix:\n        label: [titan, gpu, builder]\n    runs-on: ${{ matrix.label }}\n",
		);
		put(".gitea/runner-check.yml", "version: 1\nfleet: { runners: [{ name: gpu-1, profile: gpu }] }\n");
		const { fleet } = await watch({ issues: "false" });
		expect(fleet.runners.map(({ name, status, why = "" }) => [name, status, why])).toEqual([
			["builder", "silent", "The matrix of `health-check.yml` names this label, and it never sent a report."],
			["gpu-1", "silent", "The policy expects this runner, and it never sent a report."],
			["titan-1", "reported", ""],
		]);
	});
});

describe("a forge that does not answer as wanted", () => {
	it.each<[string, () => void, RegExp]>([
		[
			"no permission",
			() => forge.may.delete("actions"),
			/cannot be read: 403: user should have .*`permissions: \{ contents: read, actions: read \}`/,
		],
		["no such workflow", () => undefined, /cannot be read: 404: .*Gitea 1\.25/],
		[
			"a used up rate limit",
			() =>
				forge.instead.set(/./, {
					status: 403,
					body: { message: "API rate limit exceeded" },
					headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1796000000" },
				}),
			/rate limit/,
		],
		["something else", () => forge.instead.set(/runs\?/, { status: 200, body: "<html>" }), /is not JSON/],
		["another form", () => forge.instead.set(/runs\?/, { status: 200, body: { runs: 7 } }), /another form/],
		[
			"no answer",
			() => {
				forge.before = () => false;
			},
			/no connection to the forge/,
		],
	])("%s: it is said, nobody is told of changes, and the step fails", async (_, break_, message) => {
		break_();
		const { fleet, errors, done } = await watch();
		expect(fleet.notes.join("\n")).toMatch(message);
		expect(errors).toEqual(["The forge could not be read completely, so nobody is told of changes."]);
		expect(done).toEqual([]);
		expect(forge.issues).toEqual([]);
	});

	it("asks no more once the rate limit is used up", async () => {
		forge.runs = [runOf(1, ...Array.from({ length: 30 }, (_, index) => jobOf(`r${index}`, 1)))];
		forge.instead.set(/logs$/, { status: 429, body: { message: "slow down" }, headers: { "retry-after": "60" } });
		await watch({ issues: "false" });
		expect(forge.asked.filter((one) => one.endsWith("/logs")).length).toBeLessThanOrEqual(4);
	});

	it("asks no address without TLS for a log, and follows one redirect only", async () => {
		await using github = await ForgeApi.start("github");
		github.runs = [runOf(1, jobOf("titan-1", 1))];
		github.instead.set(/logs$/, { status: 302, headers: { location: "http://evil.example/log" } });
		expect((await watch({ issues: "false" }, now, github)).fleet.notes.join("\n")).toContain("it has no TLS");
		github.instead.clear();
		github.instead.set(/logs$/, { status: 302, headers: { location: `${github.url}/storage/loop` } });
		github.instead.set(/storage/, { status: 302, headers: { location: `${github.url}/storage/loop` } });
		const { errors } = await watch({ issues: "false" }, now, github);
		expect(errors).toEqual(["The forge could not be read completely, so nobody is told of changes."]);
		expect(github.asked.filter((one) => one.includes("storage"))).toHaveLength(1);
	});

	it("never gets the token if it is another one", async () => {
		const env = { ...forge.env, GITHUB_API_URL: "https://evil.example/api/v1" };
		const { errors } = await watchFleet(
			createRealHost(env),
			fleetOptions({ token }),
			{ workspace, policy: undefined, now, diagnose: setUpTrouble },
			new AbortController().signal,
		);
		expect(errors).toEqual([
			"GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there.",
		]);
		expect(forge.asked).toEqual([]);
	});
});

/** What a service got: its bodies by path, in order. */
async function receiver(status = 200) {
	const got: { path: string; method: string; body: string; key: string; login: string }[] = [];
	let answer = status;
	const port = await servers.http(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		const { method = "", url: path = "", headers } = request;
		got.push({
			method,
			path,
			body,
			key: String(headers["idempotency-key"] ?? ""),
			login: String(headers.authorization ?? ""),
		});
		response.writeHead(answer).end();
	});
	return {
		got,
		url: `http://127.0.0.1:${port}`,
		answer: (next: number) => {
			answer = next;
		},
	};
}

describe("what is kept between runs", () => {
	const logs = () => forge.asked.filter((one) => one.endsWith("/logs")).length;

	it("spares the forge the logs of finished jobs, and gives the same picture", async () => {
		const inputs = { issues: "false", "cache-dir": join(workspace, "cache") };
		const died = jobOf("titan-3", 1, {
			run: 2,
			status: "failure",
			labels: ["c"],
			log: logOf("no space left on device"),
		});
		forge.runs = [
			runOf(1, jobOf("titan-1", 25), jobOf("titan-2", 25, { labels: ["b"] })),
			runOf(2, jobOf("titan-1", 1, { run: 2, report: { results: [failing] } }), died),
		];
		const first = await watch(inputs);
		expect(logs()).toBe(4);
		const second = await watch(inputs);
		expect(logs()).toBe(4);
		expect(second.fleet).toEqual(first.fleet);
		forge.runs.push(runOf(3, jobOf("titan-1", 0.5, { run: 3 })));
		await watch(inputs);
		expect(logs()).toBe(5);
	});

	it("asks under the condition that something changed, where the forge has ETags", async () => {
		forge.hasEtags = true;
		const inputs = { issues: "false", "cache-dir": join(workspace, "cache") };
		forge.runs = [runOf(1, jobOf("titan-1", 25))];
		const first = await watch(inputs);
		expect(forge.unchanged).toBe(0);
		expect((await watch(inputs)).fleet).toEqual(first.fleet);
		// The repository, the runs, and the jobs of the run.
		expect(forge.unchanged).toBe(3);
		forge.runs.push(runOf(2, jobOf("titan-1", 1, { run: 2, report: { results: [failing] } })));
		expect((await watch(inputs)).fleet.verdict).toBe("misconfigured");
	});

	it.each([
		["nothing of the sort", "hello"],
		["another repository's", JSON.stringify({ version: 1, repository: "a/b", answers: {}, jobs: {} })],
		[
			"another form",
			JSON.stringify({
				version: 1,
				repository,
				answers: {},
				jobs: { "1 101 x success": { looks: [{ name: {} }], rejected: [] } },
			}),
		],
	])("is not used if it is %s", async (_, kept) => {
		put("cache/fleet-cache.json", kept);
		forge.runs = [runOf(1, jobOf("titan-1", 1))];
		expect(statesOf(await watch({ "cache-dir": join(workspace, "cache") }))).toEqual([
			["titan-1", "titan", "reported", "healthy"],
		]);
	});
});

describe("a log that is gone", () => {
	it("is the end of a failed job, and only named of another one", async () => {
		const dead = jobOf("titan-1", 1, { status: "failure" });
		const old = jobOf("titan-2", 2, { labels: ["b"] });
		forge.instead.set(new RegExp(`/(?:${dead.id}|${old.id})/logs$`), {
			status: 404,
			body: { message: "logs have been cleaned up" },
		});
		forge.runs = [runOf(1, dead, old)];
		const { fleet, errors } = await watch({ issues: "false" });
		expect(errors).toEqual([]);
		expect(fleet.runners).toMatchObject([
			{
				name: "titan-1",
				status: "set-up-failed",
				why: expect.stringContaining("the forge has no log (404: logs have been cleaned up)"),
			},
		]);
		expect(fleet.rejected).toHaveLength(2);
	});
});

describe("issues", () => {
	const sick = (run: number, hours: number) =>
		runOf(run, jobOf("titan-1", hours, { run, report: { results: [failing] } }));

	it("are opened once, commented on change, and closed on recovery", async () => {
		forge.runs = [sick(1, 30)];
		expect((await watch({}, hoursAgo(29))).done).toEqual([
			expect.stringMatching(/^opened #\d+ for titan-1 \(titan\)$/),
		]);
		expect(forge.issues).toMatchObject([
			{ title: "Runner titan-1 (titan): misconfigured", state: "open", labels: ["runner-check"], comments: [] },
		]);
		expect(forge.issues[0]?.body).toContain("docker/socket:missing");

		expect((await watch({}, hoursAgo(28))).done).toEqual([]);
		expect((await watch()).done).toEqual([expect.stringMatching(/^commented #\d+/)]);
		// Nobody saw the finding go.
		expect(forge.issues[0]?.comments[0]?.body).not.toContain("docker/socket");
		expect(forge.issues).toMatchObject([
			{
				title: "Runner titan-1 (titan): silent",
				comments: [{ body: expect.stringContaining("**misconfigured** → **silent**") }],
			},
		]);
		expect((await watch()).done).toEqual([]);

		forge.runs.push(runOf(2, jobOf("titan-1", 0.1, { run: 2 })));
		expect((await watch()).done).toEqual([expect.stringMatching(/^closed #\d+/)]);
		expect(forge.issues).toMatchObject([
			{
				state: "closed",
				comments: [
					{},
					{ body: expect.stringMatching(/\*\*silent\*\* → \*\*healthy\*\*[\s\S]*Gone: .*docker\/socket/) },
				],
			},
		]);
		expect((await watch()).done).toEqual([]);

		forge.runs.push(sick(3, 0));
		await watch();
		expect(forge.issues.map(({ state }) => state)).toEqual(["closed", "open"]);
	});

	it("that somebody closed stay closed until something changes", async () => {
		forge.runs = [sick(1, 1)];
		await watch();
		Object.assign(forge.issues[0] ?? {}, { state: "closed" });
		expect((await watch()).done).toEqual([]);
		forge.runs.push(runOf(2, jobOf("titan-1", 0.5, { run: 2 })));
		await watch();
		forge.runs.push(sick(3, 0.2));
		expect((await watch()).done).toEqual([expect.stringMatching(/^opened/)]);
	});

	it("keep a runner expected that is gone for longer than the runs reach", async () => {
		forge.runs = [sick(1, 1)];
		await watch();
		forge.runs = [runOf(9, jobOf("b", 0.5, { run: 9, labels: ["b"] }))];
		const { fleet } = await watch();
		expect(fleet.runners).toMatchObject([
			{ name: "b" },
			{ name: "titan-1", status: "silent", why: "An open issue is about this runner, and it never sent a report." },
		]);
	});

	it("about a label end when a runner serves it", async () => {
		forge.runs = [runOf(1, { id: ++job, name: "check", labels: ["gpu"], status: "queued", at: hoursAgo(1) })];
		await watch();
		expect(forge.issues).toMatchObject([{ title: "Runner gpu: waiting", state: "open" }]);
		forge.runs.push(runOf(2, jobOf("gpu-1", 0.5, { run: 2, labels: ["gpu"] })));
		await watch();
		expect(forge.issues).toMatchObject([{ state: "closed" }]);
	});

	it("about a label stay open when the waiting job is only too old to count", async () => {
		forge.runs = [runOf(1, { id: ++job, name: "check", labels: ["gpu"], status: "queued", at: hoursAgo(3) })];
		await watch({ "max-age": "4h" });
		const { fleet } = await watch({ "max-age": "2h" });
		expect(fleet.runners).toMatchObject([{ name: "gpu", status: "silent" }]);
		expect(forge.issues).toMatchObject([{ title: "Runner gpu: silent", state: "open" }]);
	});

	it("are found again, however long the findings of a hostile report are", async () => {
		const results = Array.from({ length: 60 }, (_, index) => ({
			...failing,
			id: `docker/${index}${"\u0001\ud800\u732b".repeat(300)}`,
		}));
		forge.runs = [runOf(1, jobOf("titan-1", 1, { report: { results } }))];
		await watch();
		expect((await watch()).done).toEqual([]);
		expect(forge.issues).toHaveLength(1);
		// GitHub takes no longer text.
		expect(forge.issues[0]?.body.length).toBeLessThan(65_536);
	});

	it("that somebody closed stay closed, also if there was a duplicate", async () => {
		forge.runs = [sick(1, 1)];
		await watch();
		const [first] = forge.issues;
		if (!first) throw new Error("no issue");
		forge.issues.push({ ...first, number: 90, comments: [] });
		expect((await watch()).done).toEqual(["closed #90, a duplicate"]);
		first.state = "closed";
		expect((await watch()).done).toEqual([]);
		// And the recovery is noted in the issue, not lost behind the duplicate.
		forge.runs.push(runOf(2, jobOf("titan-1", 0.5, { run: 2 })));
		await watch();
		forge.runs.push(sick(3, 0.2));
		expect((await watch()).done).toEqual([expect.stringMatching(/^opened/)]);
	});

	it("get no comment as long as theirs cannot be read", async () => {
		forge.runs = [sick(1, 30)];
		await watch({}, hoursAgo(29));
		forge.instead.set(/^GET .*\/comments/, { status: 500, body: { message: "database is locked" } });
		const { warnings } = await watch();
		expect(warnings).toEqual(["The comments cannot be read: 500: database is locked."]);
		expect(forge.issues[0]?.comments).toEqual([]);
		forge.instead.clear();
		await watch();
		expect(forge.issues[0]?.comments).toHaveLength(1);
	});

	it("are not doubled by two collectors at once", async () => {
		forge.runs = [sick(1, 1)];
		// Both have listed the issues before either opens one.
		let listed = 0;
		let release: () => void = () => undefined;
		const both = new Promise<void>((resolve) => {
			release = resolve;
		});
		forge.before = async (asked) => {
			if (asked.startsWith("POST") && asked.endsWith("/issues")) {
				if (++listed === 2) release();
				await both;
			}
			return undefined;
		};
		await Promise.all([watch(), watch()]);
		expect(forge.issues).toHaveLength(2);
		expect(forge.issues.filter(({ state }) => state === "open")).toHaveLength(1);
		expect((await watch()).done).toEqual([]);
		expect(forge.issues.filter(({ state }) => state === "open").map(({ number }) => number)).toEqual([
			Math.min(...forge.issues.map(({ number }) => number)),
		]);
		// And both comment on the same change.
		forge.before = () => undefined;
		forge.runs.push(runOf(2, jobOf("titan-1", 0.5, { run: 2 })));
		let comments = 0;
		const bothComment = new Promise<void>((resolve) => {
			release = resolve;
		});
		forge.before = async (asked) => {
			if (asked.startsWith("POST") && asked.endsWith("/comments")) {
				if (++comments === 2) release();
				await bothComment;
			}
			return undefined;
		};
		await Promise.all([watch(), watch()]);
		expect(forge.issues.filter(({ state }) => state === "open")).toEqual([]);
		expect(forge.issues.flatMap((issue) => issue.comments)).toHaveLength(1);
	});

	it.each(["before", "after"] as const)("are complete after a collector that was killed %s any write", async (when) => {
		const { got, url } = await receiver();
		const inputs = { "notify-url": url };
		const story = [sick(1, 30), runOf(2, jobOf("titan-1", 0.1, { run: 2 }))];
		const play = async (killAt: number): Promise<boolean> => {
			forge.issues = [];
			forge.labels = [];
			got.length = 0;
			let isKilled = false;
			let writes = 0;
			forge[when] = (asked: string) => {
				if (!asked.startsWith("GET") && ++writes === killAt) isKilled = true;
				return isKilled ? false : undefined;
			};
			let wasKilled = false;
			for (const [runs, at] of [
				[story.slice(0, 1), hoursAgo(29)],
				[story, now],
			] as const) {
				forge.runs = [...runs];
				await watch(inputs, at);
				wasKilled ||= isKilled;
				// Somebody starts the next one.
				isKilled = false;
				await watch(inputs, at);
			}
			expect(
				forge.issues.map(({ state, comments }) => [state, comments.length]),
				`killed at write ${killAt}`,
			).toEqual([["closed", 1]]);
			// Nothing had to be taken back.
			expect(forge.asked.filter((asked) => asked.startsWith("DELETE"))).toEqual([]);
			const changes = new Map(got.map(({ body }) => [JSON.parse(body).id, JSON.parse(body).now]));
			expect([...changes.values()], `killed at write ${killAt}`).toEqual(["misconfigured", "healthy"]);
			return wasKilled;
		};
		let kills = 0;
		for (let at = 1; await play(at); at++) kills++;
		// A label, an issue, and what it remembers; a comment, and the end.
		expect(kills).toBe(5);
	});

	it("need a permission, which is said in a sentence", async () => {
		forge.may.delete("issues");
		forge.runs = [sick(1, 1)];
		const { warnings, errors } = await watch();
		expect(errors).toEqual([]);
		expect(warnings).toEqual([expect.stringMatching(/^The label `runner-check` cannot be made: 403: .*issues: write/)]);
	});

	it.each<ForgeSystem>(["github", "forgejo"])("work on %s, too", async (system) => {
		await using other = await ForgeApi.start(system);
		other.runs = [sick(1, 1)];
		await watch({}, now, other);
		expect(other.issues).toMatchObject([{ state: "open", labels: ["runner-check"] }]);
		other.runs.push(runOf(2, jobOf("titan-1", 0.5, { run: 2 })));
		await watch({}, now, other);
		expect(other.issues).toMatchObject([{ state: "closed", comments: [{}] }]);
	});

	it("hold hostile names and texts inert, and ignore what only looks like one of ours", async () => {
		const evil = 'x --> <script>alert(1)</script> @everyone #1 [a](javascript:alert(1)) "];`';
		const result = { ...failing, title: evil, message: evil, remedy: { text: evil, kind: "host" as const } };
		forge.runs = [
			runOf(1, jobOf(evil, 1, { report: { results: [result], profile: { name: evil, decided_by: "input" } } })),
		];
		// Anyone can write this, but not the label.
		const marker = `<!-- runner-check:fleet:1:${Buffer.from('{"name":"ghost","profile":"p","word":"silent","findings":[]}').toString("base64")} -->`;
		forge.issues = [{ number: 7, title: "x", body: marker, state: "open", labels: [], user: "stranger", comments: [] }];
		const { fleet } = await watch();
		expect(fleet.runners).toHaveLength(1);
		const [, issue] = forge.issues;
		expect(issue?.title).toMatch(/^Runner [\p{L}\p{N} .,:()/_-]+$/u);
		const [first = "", ...rest] = (issue?.body ?? "").split("\n");
		expect(first).toMatch(/^<!-- runner-check:fleet:1:[\w+/=]+ -->$/);
		expect(rest.join("\n")).not.toMatch(/<script|@everyone|#1\b|\]\(javascript|-->/);
		expect((await watch()).done).toEqual([]);
	});

	it("take no comment of somebody else for one of ours", async () => {
		forge.runs = [sick(1, 30)];
		await watch({}, hoursAgo(29));
		const before = structuredClone(forge.issues);
		await watch();
		const [said] = forge.issues[0]?.comments ?? [];
		expect(said?.body).toMatch(/^<!-- runner-check:change:[0-9a-f]{16} -->/);
		// The same again, but a stranger has foreseen what we were about to say.
		forge.issues = before;
		forge.issues[0]?.comments.push({ id: 1, body: said?.body ?? "", user: "stranger" });
		await watch();
		expect(forge.issues[0]?.comments.map(({ user }) => user)).toEqual(["stranger", "gitea-actions"]);
	});

	it("need the label, also on a forge that does not filter by it", async () => {
		forge.filtersByLabel = false;
		const marker = `<!-- runner-check:fleet:1:${Buffer.from('{"name":"ghost","profile":"titan","word":"silent","findings":[]}').toString("base64")} -->`;
		forge.issues = [
			{ number: 7, title: "x", body: marker, state: "open", labels: ["bug"], user: "stranger", comments: [] },
		];
		forge.runs = [runOf(1, jobOf("titan-1", 1))];
		expect(statesOf(await watch())).toEqual([["titan-1", "titan", "reported", "healthy"]]);
		expect(forge.issues).toMatchObject([{ state: "open", comments: [] }]);
	});
});

describe("other services", () => {
	it("get a POST for each change, with an id that stays the same", async () => {
		const { got, url } = await receiver();
		forge.runs = [
			runOf(1, jobOf("titan-1", 25)),
			runOf(2, jobOf("titan-1", 1, { run: 2, report: { results: [failing] } })),
		];
		const inputs = { issues: "false", "notify-url": `${url}/hook?key=canary-n0tify` };
		await watch(inputs);
		await watch(inputs);
		expect(got.map(({ method, path }) => `${method} ${path}`)).toEqual(Array(2).fill("POST /hook?key=canary-n0tify"));
		const [first, second] = got.map(({ body }) => JSON.parse(body));
		expect(first).toMatchObject({
			version: 1,
			repository,
			name: "titan-1",
			profile: "titan",
			before: "healthy",
			now: "misconfigured",
			came: ["docker/socket:missing"],
			verdict: "misconfigured",
		});
		expect(second).toEqual(first);
		expect(got[0]?.key).toBe(first.id);
	});

	it("are told again if they did not take it, and the issue waits for that", async () => {
		const { got, url, answer } = await receiver(503);
		forge.runs = [runOf(1, jobOf("titan-1", 1, { report: { results: [failing] } }))];
		const { warnings } = await watch({ "notify-url": `${url}/canary-n0tify` });
		expect(warnings).toEqual(["`notify-url` was not told of titan-1: it answered with HTTP status 503."]);
		expect(forge.issues).toHaveLength(1);
		answer(200);
		const refused = got.length;
		expect((await watch({ "notify-url": url })).warnings).toEqual([]);
		const before = got.length;
		expect(before).toBe(refused + 1);
		await watch({ "notify-url": url });
		expect(got).toHaveLength(before);
		expect(new Set(got.map(({ key }) => key)).size).toBe(1);
		expect(forge.issues).toMatchObject([{ comments: [] }]);
	});

	it("are pinged at the end of a good run only", async () => {
		const { got, url } = await receiver();
		forge.runs = [runOf(1, jobOf("titan-1", 1, { report: { results: [failing] } }))];
		await watch({ "ping-url": `${url}/ping` });
		expect(got.map(({ path }) => path)).toEqual(["/ping"]);
		forge.may.delete("actions");
		await watch({ "ping-url": `${url}/ping` });
		expect(got).toHaveLength(1);
	});

	it("get the metrics of each runner in a group of its own", async () => {
		const { got, url } = await receiver();
		forge.runs = [runOf(1, jobOf("titan-1", 1), jobOf("odd name/1", 1, { labels: ["odd"] }))];
		await watch({ "push-url": url.replace("://", "://user:canary-pu5h@") });
		expect(got.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
			"PUT /metrics/job/runner_check/runner/titan-1/profile/titan",
			"PUT /metrics/job/runner_check/runner@base64/b2RkIG5hbWUvMQ/profile/titan",
			"PUT /metrics/job/runner_check_fleet",
		]);
		expect(got[0]?.body).toMatch(/^# HELP /m);
		expect(got[0]?.login).toBe(`Basic ${Buffer.from("user:canary-pu5h").toString("base64")}`);
	});

	it("never see the token, and their addresses are in no output", async () => {
		const { got, url } = await receiver(400);
		forge.runs = [
			runOf(
				1,
				jobOf("titan-1", 1, { report: { results: [{ ...failing, message: `it said ${url}/canary-addre55` }] } }),
			),
		];
		const address = `${url}/canary-addre55`;
		const watched = await watch({ "notify-url": address, "ping-url": address, "push-url": address });
		expect(JSON.stringify(watched)).not.toMatch(/canary-addre55|f0rge-t0ken/);
		expect(JSON.stringify(got)).not.toContain("f0rge-t0ken");
		expect(watched.warnings).toHaveLength(2);
	});
});

describe("the inputs", () => {
	it("are all checked, without their secrets", () => {
		const wrong = {
			workflow: "../x.yml",
			runs: "0",
			"max-age": "3",
			issues: "yes",
			"notify-url": "canary-5ecret",
			"fail-on": "x",
			timeout: "1h30",
			formats: "pdf",
		};
		expect(() => fleetOptions(wrong)).toThrow(
			/workflow[\s\S]*runs[\s\S]*max-age[\s\S]*timeout[\s\S]*issues[\s\S]*fail-on[\s\S]*formats[\s\S]*notify-url/,
		);
		expect(() => fleetOptions(wrong)).not.toThrow(/canary/);
	});
});
