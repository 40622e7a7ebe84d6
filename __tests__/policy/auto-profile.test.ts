import { describe, expect, it } from "vitest";
import type { Host, HttpRequest } from "../../src/host/host.ts";
import { decideProfile } from "../../src/policy/auto-profile.ts";
import { answered, createHost, type FakeMachine, file } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";
const github = { GITHUB_ACTIONS: "true", GITHUB_JOB: "build", GITHUB_WORKFLOW: "ci.yml", GITHUB_WORKSPACE: workspace };
const job = { ...github, GITEA_ACTIONS: "true" };

function withWorkflows(
	workflows: Readonly<Record<string, string>>,
	machine: FakeMachine = {},
	folder = ".gitea",
): FakeMachine {
	const directory = `${workspace}/${folder}/workflows`;
	return {
		env: job,
		...machine,
		files: {
			...Object.fromEntries(Object.entries(workflows).map(([name, text]) => [`${directory}/${name}`, text])),
			...machine.files,
		},
		directories: { ...machine.directories, [directory]: Object.keys(workflows) },
	};
}

const workflow = (runsOn: string, name = "CI") =>
	`name: ${name}\non: push\njobs:\n  build:\n    runs-on: ${runsOn}\n    steps: []\n`;
/** Longer than a busy machine takes to load, for the first test, what reads workflows. */
const deadlineMs = 60_000;
const decide = (machine: FakeMachine, token?: string) => decideProfile(createHost(machine), token, deadlineMs);

describe("decideProfile", () => {
	it("is generic in the runner's health check, which has the variables of a job but no labels", async () => {
		const env = { ...job, GITEA_RUNNER_HEALTH_CHECK: "true" };
		const machine = withWorkflows({ "ci.yml": workflow("gpu") }, { env });
		expect(await decide(machine)).toEqual({ name: "generic", decidedBy: "environment" });
	});

	it.each([
		["matric-builder", "matric-builder"],
		["[self-hosted, titan]", "titan"],
		["gpu", "gpu"],
		["{ labels: gpu }", "gpu"],
		["{ group: x, labels: [self-hosted, gpu] }", "gpu"],
	])("by runs-on: %s", async (runsOn, name) => {
		expect(await decide(withWorkflows({ "ci.yml": workflow(runsOn) }))).toMatchObject({ name, decidedBy: "runs-on" });
	});

	it("takes the workflow that runs, by file or name, where two have a job of that id", async () => {
		const two = { "a.yml": workflow("titan", "A"), "ci.yml": workflow("gpu", "CI") };
		expect(await decide(withWorkflows(two))).toMatchObject({ name: "gpu" });
		expect(await decide(withWorkflows(two, { env: { ...job, GITHUB_WORKFLOW: "A" } }))).toMatchObject({
			name: "titan",
		});
		expect(await decide(withWorkflows(two, { env: { ...job, GITHUB_WORKFLOW: "other" } }))).toMatchObject({
			decidedBy: "environment",
		});
	});

	it("labels that no profile names select generic, and that is no guess", async () => {
		expect(await decide(withWorkflows({ "ci.yml": workflow("ubuntu-latest") }))).toEqual({
			name: "generic",
			decidedBy: "runs-on",
			labels: ["ubuntu-latest"],
		});
	});

	it.each([["$" + "{{ matrix.label }}"], ["{ group: x }"]])("leaves %s to the environment", async (runsOn) => {
		expect(await decide(withWorkflows({ "ci.yml": workflow(runsOn) }))).toMatchObject({ decidedBy: "environment" });
	});

	it.each(['"build":', "'build':", "build :", "? build\n  :"])("finds the job written as %j", async (key) => {
		const text = workflow("gpu").replace("build:", key);
		expect(await decide(withWorkflows({ "ci.yml": text }))).toMatchObject({ name: "gpu", decidedBy: "runs-on" });
	});

	it("takes no other workflow's word where the one that runs chooses its runner only when it runs", async () => {
		const two = { "ci.yml": workflow("$" + "{{ matrix.label }}"), "other.yml": workflow("gpu", "Other") };
		expect(await decide(withWorkflows(two))).toMatchObject({ decidedBy: "environment" });
	});

	it("takes the workflow that is called, which has the runner, and not the one that calls it", async () => {
		const two = { "ci.yml": "jobs:\n  build:\n    uses: ./.gitea/workflows/b.yml\n", "b.yml": workflow("gpu") };
		expect(await decide(withWorkflows(two))).toMatchObject({ name: "gpu", decidedBy: "runs-on" });
	});

	const nektosAct = { ...github, ACT: "true" };
	const giteaExec = { ...nektosAct, ACT_EXEC: "true" };
	const forgejo = { ...job, FORGEJO_ACTIONS: "true" };
	it.each([
		["GitHub", github, ["gpu", "titan"], "titan"],
		["GitHub", github, ["gpu"], undefined],
		["act", nektosAct, ["gpu", "titan"], "titan"],
		["exec of Gitea's runner", giteaExec, ["gpu", "titan"], "gpu"],
		["Gitea", job, ["gpu", "titan"], "gpu"],
		["Gitea", job, [undefined, "titan"], "titan"],
		["Gitea", job, [undefined, undefined, "titan"], undefined],
		["Forgejo", forgejo, ["gpu", "titan", "matric-builder"], "matric-builder"],
		["Forgejo", forgejo, ["gpu", "titan"], "gpu"],
		["Forgejo", forgejo, [undefined, "titan"], "titan"],
	])("%s looks into its own directories: %#", async (_, env, runsOn, name) => {
		const machine = [".gitea", ".github", ".forgejo"].reduce<FakeMachine>((before, folder, index) => {
			const wanted = runsOn[index];
			return wanted === undefined ? before : withWorkflows({ "ci.yml": workflow(wanted) }, before, folder);
		}, {});
		const decided = await decide({ ...machine, env });
		expect(decided).toMatchObject(name === undefined ? { decidedBy: "environment" } : { name, decidedBy: "runs-on" });
	});

	it("does not take the second directory for the first where that cannot be read", async () => {
		const machine = withWorkflows({ "ci.yml": workflow("gpu") }, {}, ".github");
		const { list } = createHost(machine);
		const closed = { kind: "unreadable", code: "EACCES" } as const;
		const decided = await decide({
			...machine,
			list: async (path, ...rest) => (path.includes(".gitea") ? closed : list(path, ...rest)),
		});
		expect(decided).toMatchObject({ decidedBy: "environment" });
	});

	it("leaves a workflow that is no YAML to the environment", async () => {
		expect(await decide(withWorkflows({ "ci.yml": "build: [\n" }))).toMatchObject({ decidedBy: "environment" });
	});

	const forge = {
		...job,
		GITHUB_SERVER_URL: "https://git.example",
		GITHUB_API_URL: "https://git.example/api/v1",
		GITHUB_REPOSITORY: "fortemi/fortemi",
		GITHUB_RUN_ID: "12",
		RUNNER_NAME: "titan-host-runner",
	};
	const path = "GET /api/v1/repos/fortemi/fortemi/actions/runs/12/jobs?limit=50&per_page=100";

	it("asks the forge for the labels of this job, and only with a token", async () => {
		const jobs = [
			{ name: "build", status: "in_progress", runner_name: "other", labels: ["gpu"] },
			{ name: "build", status: "in_progress", runner_name: "titan-host-runner", labels: ["titan"] },
		];
		let authorization = "";
		const api = {
			[path]: (request: { headers?: Readonly<Record<string, string>> }) => {
				authorization = request.headers?.authorization ?? "";
				return answered({ jobs });
			},
		};
		expect(await decide({ env: forge, api }, "the-token")).toMatchObject({ name: "titan", decidedBy: "api" });
		expect(authorization).toBe("token the-token");
		expect(await decide({ env: forge, api })).toMatchObject({ decidedBy: "environment" });
	});

	it.each([
		["denied", answered("no", 403)],
		["no JSON", answered("<html>")],
		["unreachable", { kind: "failed", code: "ENOTFOUND", message: "" } as const],
	])("leaves it to the environment where the forge is %s", async (_, answer) => {
		expect(await decide({ env: forge, api: { [path]: answer } }, "the-token")).toMatchObject({
			decidedBy: "environment",
		});
	});

	const entry = (name: string, label: string, more: object = {}) => ({
		name,
		status: "in_progress",
		runner_name: "other",
		labels: [label],
		...more,
	});
	const here = { runner_name: "titan-host-runner" };
	const done = { ...here, status: "completed" };
	it.each([
		["the one that runs here, whatever it is called", [entry("Compile", "gpu", here), entry("build", "titan")], "gpu"],
		["not one that ran here before", [entry("lint", "titan", done), entry("build", "gpu", here)], "gpu"],
		["by name", [entry("lint", "titan"), entry("build", "gpu")], "gpu"],
		["by name before a job of a matrix", [entry("build (a)", "titan"), entry("build", "gpu")], "gpu"],
		["a job of a matrix", [entry("lint", "titan"), entry("build (a)", "gpu")], "gpu"],
		["none that merely begins alike", [entry("build-docs", "titan")], undefined],
		["none of several of a matrix", [entry("build (a)", "titan"), entry("build (b)", "gpu")], undefined],
		["by name, of several that run here", [entry("lint", "titan", here), entry("build", "gpu", here)], "gpu"],
		["none of several that run here", [entry("build (a)", "gpu", here), entry("build (b)", "gpu", here)], undefined],
		["what there is beside nonsense", [null, 1, { name: {}, labels: 1 }, entry("build", "gpu")], "gpu"],
		["no labels that are none", [entry("build", "", { labels: [null, {}, "gpu"] })], "gpu"],
		["none without labels", [entry("build", "", { labels: "gpu" })], undefined],
		["none where there is nothing", [null], undefined],
	])("takes of the forge's jobs %s", async (_, jobs, name) => {
		const decided = await decide({ env: forge, api: { [path]: answered({ jobs }) } }, "the-token");
		expect(decided).toMatchObject(name === undefined ? { decidedBy: "environment" } : { name, decidedBy: "api" });
	});

	it("takes a job by name where the runner does not say its own", async () => {
		const { RUNNER_NAME: _, ...env } = forge;
		const jobs = [{ name: "lint", status: "in_progress", labels: ["titan"] }, entry("build", "gpu")];
		expect(await decide({ env, api: { [path]: answered({ jobs }) } }, "the-token")).toMatchObject({ name: "gpu" });
	});

	it("takes none of a run with more jobs than the forge tells at once", async () => {
		const api = { [path]: answered({ jobs: [entry("build", "gpu")], total_count: 2 }) };
		expect(await decide({ env: forge, api }, "the-token")).toMatchObject({ decidedBy: "environment" });
	});

	it("asks a forge that has an IPv6 address, or a path of its own", async () => {
		const asked: unknown[] = [];
		const request: Host["request"] = async ({ to, path: wanted, headers }) => {
			asked.push({ to, path: wanted, host: headers?.host });
			return answered({ jobs: [] });
		};
		const local = { GITHUB_SERVER_URL: "http://[::1]:3000/sub", GITHUB_API_URL: "http://[::1]:3000/sub/api/v1/" };
		await decide({ env: { ...forge, ...local }, request }, "the-token");
		expect(asked).toEqual([
			{ to: { host: "::1", port: 3000 }, path: path.replace("GET ", "/sub"), host: "[::1]:3000" },
		]);
	});

	it.each(["http://:3000/api/v1", "http://[::1", "http://bad host", "http://a:99999/", "nonsense", "https://"])(
		"leaves it to the environment where the address of the API is none: %s",
		async (GITHUB_API_URL) => {
			expect(await decide({ env: { ...forge, GITHUB_API_URL } }, "the-token")).toMatchObject({
				decidedBy: "environment",
			});
		},
	);

	it.each([
		["another host", "https://evil.example/api/v1", "https://git.example", "foreign"],
		["another port", "https://git.example:8443/api/v1", "https://git.example", "foreign"],
		["a host that ends alike", "https://evilgit.example/api/v1", "https://git.example", "foreign"],
		["a host below the forge's", "https://x.git.example/api/v1", "https://git.example", "foreign"],
		["a user that looks like the forge", "https://git.example@evil.example/", "https://git.example", "foreign"],
		["no known forge", "https://git.example/api/v1", undefined, "foreign"],
		["a forge without TLS", "http://git.example/api/v1", "http://git.example", "insecure"],
		["a forge in the network, without TLS", "http://192.168.1.5:3000/api/v1", "http://192.168.1.5:3000", "insecure"],
		["a name that a DNS server may resolve", "http://git.localhost/api/v1", "http://git.localhost", "insecure"],
		["the forge without TLS", "http://git.example/api/v1", "https://git.example", "insecure"],
	])("sends the token not to %s, and says why", async (_, GITHUB_API_URL, GITHUB_SERVER_URL, why) => {
		const asked: string[] = [];
		const request: Host["request"] = async ({ path: wanted }) => {
			asked.push(wanted);
			return answered({ jobs: [] });
		};
		const env = { ...forge, GITHUB_API_URL, GITHUB_SERVER_URL };
		expect(await decide({ env, request }, "the-token")).toMatchObject({ decidedBy: "environment", why });
		expect(asked).toEqual([]);
	});

	it.each([
		["GitHub", "https://api.github.com", "https://github.com"],
		["GitHub with data residency", "https://api.acme.ghe.com", "https://acme.ghe.com"],
		["GitHub Enterprise Server", "https://ghes.example/api/v3", "https://ghes.example"],
		["Gitea", "https://git.example:3000/sub/api/v1", "https://GIT.example:3000/sub"],
		["a forge on this machine", "http://127.0.0.1:3000/api/v1", "http://127.0.0.1:3000"],
	])("sends the token to %s", async (_, GITHUB_API_URL, GITHUB_SERVER_URL) => {
		const tokens = new Set<string | undefined>();
		const request: Host["request"] = async ({ headers }) => {
			tokens.add(headers?.authorization);
			return answered({ jobs: [entry("build", "gpu")] });
		};
		const env = { ...forge, GITHUB_API_URL, GITHUB_SERVER_URL };
		expect(await decide({ env, request }, "the-token")).toMatchObject({ name: "gpu", decidedBy: "api" });
		expect([...tokens]).toEqual(["token the-token"]);
	});

	it("sends no token to a forge without a host", async () => {
		const env = { ...forge, GITHUB_API_URL: "https:///api/v1" };
		const asked: string[] = [];
		const host = createHost({ env });
		const request: typeof host.request = (wanted) => {
			asked.push(wanted.path);
			return host.request(wanted);
		};
		await decideProfile({ ...host, request }, "the-token", 1000);
		expect(asked).toEqual([]);
	});

	describe("the job's own record", () => {
		const payload = Buffer.from(JSON.stringify({ RunID: 75, JobID: 117, scp: "Actions.Results:75:117" }));
		const withId = { ...forge, ACTIONS_RUNTIME_TOKEN: `head.${payload.toString("base64url")}.CANARY-signature` };
		const own = "GET /api/v1/repos/fortemi/fortemi/actions/jobs/117";

		it("is asked first: it is the only one of a matrix on a runner with several jobs", async () => {
			const api = {
				[own]: answered({ id: 117, labels: ["gpu"] }),
				[path]: answered({ jobs: [entry("build (a)", "titan", here), entry("build (b)", "gpu", here)] }),
			};
			const decided = await decide({ env: withId, api }, "the-token");
			expect(decided).toEqual({ name: "gpu", decidedBy: "api", labels: ["gpu"] });
			expect(JSON.stringify(decided)).not.toContain("CANARY");
		});

		it.each(["", "x", "a.b", "a.!!!.c", `a.${Buffer.from('{"JobID":"1/../2"}').toString("base64url")}.c`])(
			"is not asked for with a token of another form: %j",
			async (ACTIONS_RUNTIME_TOKEN) => {
				const asked: string[] = [];
				const host = createHost({ env: { ...forge, ACTIONS_RUNTIME_TOKEN } });
				const request: Host["request"] = (wanted) => {
					asked.push(wanted.path);
					return host.request(wanted);
				};
				await decideProfile({ ...host, request }, "the-token", 1000);
				expect(asked.filter((one) => /actions\/jobs\//.test(one))).toEqual([]);
			},
		);
	});

	describe("the workflow of the run's commit", () => {
		const sha = "a".repeat(40);
		const env = { ...forge, GITHUB_SHA: sha };
		const contents = `GET /api/v1/repos/fortemi/fortemi/contents/.gitea/workflows`;
		const denied = answered({ message: "user should have specific read permission" }, 403);
		const fileOf = (text: string) => answered({ content: Buffer.from(text).toString("base64"), encoding: "base64" });

		it("tells the labels where the token may only read contents", async () => {
			const api = {
				[path]: denied,
				[`${contents}?ref=${sha}`]: answered([{ name: "ci.yml" }, { name: "README.md" }, { name: "../x.yml" }, null]),
				[`${contents}/ci.yml?ref=${sha}`]: fileOf(workflow("titan")),
			};
			expect(await decide({ env, api }, "the-token")).toEqual({ name: "titan", decidedBy: "api", labels: ["titan"] });
		});

		it("leaves a guess, with its cause, where the token may read nothing", async () => {
			expect(await decide({ env, api: { [path]: denied } }, "the-token")).toEqual({
				name: "generic",
				decidedBy: "environment",
				why: "forbidden",
			});
		});

		it("does not tell labels that only a run knows", async () => {
			const api = {
				[path]: denied,
				[`${contents}?ref=${sha}`]: answered([{ name: "ci.yml" }]),
				[`${contents}/ci.yml?ref=${sha}`]: fileOf(workflow("$" + "{{ matrix.label }}")),
			};
			expect(await decide({ env, api }, "the-token")).toMatchObject({ decidedBy: "environment" });
		});
	});

	describe("what does not answer", () => {
		const image = "ghcr.io/fortemi/fortemi/builder:latest";
		const id = "c".repeat(64);
		const files = {
			"/.dockerenv": file(),
			"/proc/self/cgroup": `0::/docker/${id}\n`,
			"/var/run/docker.sock": file({ kind: "socket" }),
		};
		const timedOut = { kind: "timed-out" } as const;
		const silent = { [path]: timedOut };

		it("takes no time from the engine, which knows the image", async () => {
			let timeLeft: boolean | undefined;
			const inspect = ({ signal }: HttpRequest) => {
				timeLeft = !signal.aborted;
				return answered({ Id: id, Config: { Hostname: "builder", Image: image }, State: { Running: true } });
			};
			const api = { ...silent, [`GET /containers/${id}/json`]: inspect };
			const host = createHost({ env: forge, files, api });
			const request: Host["request"] = async (wanted) => {
				if (wanted.path.startsWith("/api/")) await new Promise((over) => wanted.signal.addEventListener("abort", over));
				return host.request(wanted);
			};
			const decided = await decideProfile({ ...host, request }, "the-token", 50);
			expect(decided).toEqual({ name: "matric-builder", decidedBy: "environment", why: "no-answer" });
			expect(timeLeft).toBe(true);
		});

		it("leaves `generic`: an engine that hangs is a finding, not a crash", async () => {
			const api = { ...silent, [`GET /containers/${id}/json`]: timedOut };
			expect(await decide({ env: forge, files, api }, "the-token")).toMatchObject({ name: "generic" });
		});
	});

	const nvidia = { "/dev/nvidiactl": file({ kind: "device" }) };
	const container = { "/run/.containerenv": file() };
	const onHost = {
		"/proc/self/cgroup": "0::/system.slice/gitea-runner.service\n",
		"/proc/self/mountinfo": "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
	};
	it.each([
		["a container with a GPU", { env: job, files: { ...container, ...nvidia } }, "matric-builder-gpu"],
		["a container of any image", { env: job, files: container }, "generic"],
		["a host with a GPU", { env: job, files: { ...onHost, ...nvidia } }, "gpu"],
		["a host", { env: job, files: onHost }, "generic"],
		["a terminal", { files: nvidia }, "generic"],
	])("by the environment: %s", async (_, machine, name) => {
		expect(await decide(machine)).toMatchObject({ name, decidedBy: "environment" });
	});
});
