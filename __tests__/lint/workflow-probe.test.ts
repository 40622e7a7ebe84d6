import { describe, expect, test } from "vitest";
import type { HttpRequest } from "../../src/host/host.ts";
import { workflowsProbe } from "../../src/lint/read/workflow-probe.ts";
import { collect, createRequest } from "../support/builders.ts";
import { answered, createHost, type FakeMachine } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";
const folder = `${workspace}/.gitea/workflows`;
const workflow = "on: push\njobs:\n  a:\n    runs-on: titan\n";
const machine: FakeMachine = {
	files: { [`${folder}/ci.yml`]: workflow, [`${folder}/release.yaml`]: workflow, [`${folder}/notes.md`]: "x" },
	directories: { [folder]: ["ci.yml", "release.yaml", "notes.md"], [`${workspace}/.gitea`]: ["workflows"] },
};

describe("the workflows of a request", () => {
	test.for([
		[".gitea/workflows/ci.yml", [".gitea/workflows/ci.yml"]],
		[".gitea/workflows/*.yml", [".gitea/workflows/ci.yml"]],
		[".gitea/workflows/*.{yml,yaml}", [".gitea/workflows/ci.yml", ".gitea/workflows/release.yaml"]],
		[".gitea/**", [".gitea/workflows/ci.yml", ".gitea/workflows/release.yaml"]],
	] as const)("of %s are %j", async ([pattern, paths]) => {
		const facts = await collect(
			workflowsProbe,
			createHost(machine),
			createRequest({ workflows: [pattern], workspace }),
		);
		expect(facts.files.map(({ path }) => path)).toEqual(paths);
	});

	test.for([".github/workflows/*.yml", ".gitea/workflows/none-*.yml"])(
		"name a glob that matches none: %s",
		async (pattern) => {
			const request = createRequest({ workflows: [pattern, ".gitea/workflows/ci.yml"], workspace });
			const { files } = await collect(workflowsProbe, createHost(machine), request);
			expect(files).toMatchObject([
				{ path: ".gitea/workflows/ci.yml" },
				{ path: pattern, problem: { message: "it matches no file" }, unread: "no-match" },
			]);
		},
	);

	test("name a directory that cannot be listed", async () => {
		const host = createHost(machine);
		const closed = { ...host, list: async () => ({ kind: "unreadable", code: "EACCES" }) as const };
		const request = createRequest({ workflows: [".gitea/workflows/*.yml"], workspace });
		const { files } = await collect(workflowsProbe, closed, request);
		expect(files).toMatchObject([{ path: ".gitea/workflows", problem: { message: "permission denied (EACCES)" } }]);
	});

	test("name a glob that matches more files than are read", async () => {
		const names = Array.from({ length: 205 }, (_, index) => `w${String(index).padStart(3, "0")}.yml`);
		const many: FakeMachine = {
			files: Object.fromEntries(names.map((name) => [`${folder}/${name}`, workflow])),
			directories: { [folder]: names },
		};
		const request = createRequest({ workflows: [".gitea/workflows/*.yml"], workspace });
		const { files } = await collect(workflowsProbe, createHost(many), request);
		expect(files).toHaveLength(201);
		expect(files.filter(({ problem }) => problem)).toMatchObject([
			{
				path: ".gitea/workflows/*.yml",
				problem: { message: "it matches more than the 200 files that are read" },
				unread: "too-many",
			},
		]);
	});

	test("name the first file that the deadline left unread", async () => {
		const request = createRequest({ workflows: [".gitea/workflows/ci.yml", ".gitea/workflows/*.yaml"], workspace });
		const never = () => Promise.reject(new Error("asks nobody"));
		const { files } = await workflowsProbe.collect(createHost(machine), request, AbortSignal.abort(), never);
		expect(files).toMatchObject([
			{ path: ".gitea/workflows/*.yaml", unread: "late" },
			{ path: ".gitea/workflows/ci.yml", problem: { message: "the deadline came before it was read" }, unread: "late" },
		]);
	});

	test("are empty unless some are named", async () => {
		expect(await collect(workflowsProbe, createHost(machine))).toEqual({ files: [] });
	});

	test("contain the problem of a named file that does not exist", async () => {
		const facts = await collect(
			workflowsProbe,
			createHost(machine),
			createRequest({ workflows: ["nowhere.yml"], workspace }),
		);
		expect(facts.files).toMatchObject([{ path: "nowhere.yml", problem: { message: "the file does not exist" } }]);
	});
});

describe("the runners of the forge", () => {
	const env = {
		GITHUB_SERVER_URL: "https://git.example.com:8443/sub",
		GITHUB_API_URL: "https://git.example.com:8443/sub/api/v1",
		GITHUB_REPOSITORY: "fortemi/fortemi",
	};
	const request = createRequest({ workflows: [".gitea/workflows/ci.yml"], workspace, token: "t0ken" });
	const runner = (id: number, more: object = {}) => ({
		id,
		name: `runner-${id}`,
		status: "online",
		busy: false,
		disabled: false,
		labels: [{ id: 0, name: "titan", type: "custom" }],
		...more,
	});

	async function ask(answer: (request: HttpRequest) => ReturnType<typeof answered>) {
		const asked: HttpRequest[] = [];
		const host = createHost({
			...machine,
			env,
			request: async (one) => {
				asked.push(one);
				return answer(one);
			},
		});
		return { facts: await collect(workflowsProbe, host, request), asked };
	}

	test("are asked in every scope, with the token, at the forge only", async () => {
		const { asked } = await ask(() => answered({ runners: [], total_count: 0 }));
		expect(asked.map(({ path }) => path.split("?")[0])).toEqual([
			"/sub/api/v1/repos/fortemi/fortemi/actions/runners",
			"/sub/api/v1/orgs/fortemi/actions/runners",
			"/sub/api/v1/user/actions/runners",
			"/sub/api/v1/admin/actions/runners",
		]);
		for (const { to, headers } of asked) {
			expect(to).toEqual({ host: "git.example.com", port: 8443, tls: { verify: true } });
			expect(headers?.authorization).toBe("token t0ken");
		}
	});

	test("are merged from the scopes that answer, each runner once", async () => {
		const { facts } = await ask(({ path }) => {
			if (path.includes("/repos/")) return answered({ message: "user should be the owner of the repo" }, 403);
			if (path.includes("/orgs/")) return answered({ message: "not found" }, 404);
			return answered({ runners: [runner(1), runner(2, { status: "offline" })], total_count: 2 });
		});
		expect(facts.forge).toEqual({
			scopes: ["user", "instance"],
			complete: true,
			runners: [
				{ name: "runner-1", labels: ["titan"], online: true, disabled: false },
				{ name: "runner-2", labels: ["titan"], online: false, disabled: false },
			],
			refused: [
				{ scope: "repository", why: expect.stringMatching(/^403/) },
				{ scope: "organization", why: expect.stringMatching(/^404/) },
			],
		});
	});

	test("are read page by page, even if the forge returns smaller pages than asked for", async () => {
		const all = Array.from({ length: 70 }, (_, index) => runner(index));
		const { facts, asked } = await ask(({ path }) => {
			const page = Number(/page=(\d+)/.exec(path)?.[1]);
			return answered({ runners: all.slice((page - 1) * 30, page * 30), total_count: all.length });
		});
		expect(facts.forge?.runners).toHaveLength(70);
		expect(asked).toHaveLength(4 * 3);
	});

	test.for([
		["not JSON", answered("<html>")],
		["another shape", answered([])],
		["a failure of the server", answered("", 502)],
		["an invalid token", answered("", 401)],
	] as const)("are empty if the answer is %s", async ([, answer]) => {
		const { facts } = await ask(() => answer);
		expect(facts.forge).toMatchObject({ scopes: [], runners: [], complete: false });
		expect(facts.forge?.refused).toHaveLength(4);
	});

	const malformed = "not asked: GITHUB_API_URL is not a URL";
	const foreign = "not asked: GITHUB_API_URL is not on the forge of GITHUB_SERVER_URL, so the token is not sent there";
	const insecure = "not asked: GITHUB_API_URL does not use TLS, so the token is not sent there";
	test.for([
		["http://:3000/api/v1", malformed],
		["http://[::1", malformed],
		["http://bad host", malformed],
		["nonsense", malformed],
		["https://evil.example/api/v1", foreign],
		["http://git.example.com:8443/sub/api/v1", insecure],
	] as const)("are not asked for at %s", async ([GITHUB_API_URL, why]) => {
		const asked: HttpRequest[] = [];
		const host = createHost({
			...machine,
			env: { ...env, GITHUB_API_URL },
			request: async (one) => {
				asked.push(one);
				return answered({ runners: [], total_count: 0 });
			},
		});
		const { forge } = await collect(workflowsProbe, host, request);
		expect(forge).toEqual({
			scopes: [],
			runners: [],
			complete: false,
			refused: ["repository", "organization", "user", "instance"].map((scope) => ({
				scope,
				why,
			})),
		});
		expect(asked).toEqual([]);
	});

	test("never have the token in the facts", async () => {
		const { facts } = await ask(() => answered({ runners: [runner(1)], total_count: 1 }));
		expect(JSON.stringify(facts)).not.toContain("t0ken");
	});

	test("are not asked without a token or outside a job", async () => {
		const none = createHost({ ...machine, env });
		expect(
			await collect(workflowsProbe, none, createRequest({ workflows: [".gitea/workflows/ci.yml"], workspace })),
		).not.toHaveProperty("forge");
		expect(await collect(workflowsProbe, createHost(machine), request)).not.toHaveProperty("forge");
		const exec = createHost({ ...machine, env: { ...env, GITHUB_API_URL: "https:///api/v1" } });
		expect(await collect(workflowsProbe, exec, request)).not.toHaveProperty("forge");
	});
});
