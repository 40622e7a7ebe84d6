import { describe, expect, it } from "vitest";
import { decideProfile } from "../../src/policy/auto-profile.ts";
import { answered, createHost, type FakeMachine, file } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";
const job = { GITHUB_ACTIONS: "true", GITHUB_JOB: "build", GITHUB_WORKFLOW: "ci.yml", GITHUB_WORKSPACE: workspace };

function withWorkflows(workflows: Readonly<Record<string, string>>, machine: FakeMachine = {}): FakeMachine {
	const directory = `${workspace}/.gitea/workflows`;
	return {
		env: job,
		...machine,
		files: {
			...Object.fromEntries(Object.entries(workflows).map(([name, text]) => [`${directory}/${name}`, text])),
			...machine.files,
		},
		directories: { [directory]: Object.keys(workflows) },
	};
}

const workflow = (runsOn: string, name = "CI") =>
	`name: ${name}\non: push\njobs:\n  build:\n    runs-on: ${runsOn}\n    steps: []\n`;
const decide = (machine: FakeMachine, token?: string) => decideProfile(createHost(machine), token, 1000);

describe("decideProfile", () => {
	it.each([
		["matric-builder", "matric-builder"],
		["[self-hosted, titan]", "titan"],
		["gpu", "gpu"],
	])("by runs-on: %s", async (runsOn, name) => {
		expect(await decide(withWorkflows({ "ci.yml": workflow(runsOn) }))).toEqual({ name, decidedBy: "runs-on" });
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

	it.each([["$" + "{{ matrix.label }}"], ["ubuntu-latest"], ["{ group: x }"]])(
		"leaves %s to the environment",
		async (runsOn) => {
			expect(await decide(withWorkflows({ "ci.yml": workflow(runsOn) }))).toMatchObject({ decidedBy: "environment" });
		},
	);

	it("leaves a workflow that is no YAML to the environment", async () => {
		expect(await decide(withWorkflows({ "ci.yml": "build: [\n" }))).toMatchObject({ decidedBy: "environment" });
	});

	const forge = {
		...job,
		GITHUB_API_URL: "https://git.example/api/v1",
		GITHUB_REPOSITORY: "fortemi/fortemi",
		GITHUB_RUN_ID: "12",
		RUNNER_NAME: "titan-host-runner",
	};
	const path = "GET /api/v1/repos/fortemi/fortemi/actions/runs/12/jobs";

	it("asks the forge for the labels of this job, and only with a token", async () => {
		const jobs = [
			{ name: "build", runner_name: "other", labels: ["gpu"] },
			{ name: "build", runner_name: "titan-host-runner", labels: ["titan"] },
		];
		let authorization = "";
		const api = {
			[path]: (request: { headers?: Readonly<Record<string, string>> }) => {
				authorization = request.headers?.authorization ?? "";
				return answered({ jobs });
			},
		};
		expect(await decide({ env: forge, api }, "the-token")).toEqual({ name: "titan", decidedBy: "api" });
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

	const nvidia = { "/dev/nvidiactl": file({ kind: "device" }) };
	const container = { "/.dockerenv": file() };
	const onHost = {
		"/proc/self/cgroup": "0::/system.slice/gitea-runner.service\n",
		"/proc/self/mountinfo": "1 1 8:1 / / rw - ext4 /dev/sda1 rw\n",
	};
	it.each([
		["a container with a GPU", { env: job, files: { ...container, ...nvidia } }, "matric-builder-gpu"],
		["a container", { env: job, files: container }, "matric-builder"],
		["a host with a GPU", { env: job, files: { ...onHost, ...nvidia } }, "gpu"],
		["a host", { env: job, files: onHost }, "titan"],
		["a terminal", { files: nvidia }, "generic"],
	])("by the environment: %s", async (_, machine, name) => {
		expect(await decide(machine)).toEqual({ name, decidedBy: "environment" });
	});
});
