import { describe, expect, test } from "vitest";
import type { RunOptions, RunOutcome } from "../../src/host/host.ts";
import { type SmokeStepsFacts, smokeStepsProbe } from "../../src/probes/smoke-steps.ts";
import type { SmokePlan } from "../../src/smoke/plan.ts";
import { collect, createPolicy, createRequest } from "../support/builders.ts";
import { answered, createHost, executable, exited, type FakeMachine, file } from "../support/fake-host.ts";
import { type Ending, smokeRun } from "../support/smoke-run.ts";

const workspace = "/work/project";
const good: Ending = { exit: 0, stdout: "fine\n", stderr: "" };

interface Tried {
	readonly facts: SmokeStepsFacts;
	readonly plan: SmokePlan | undefined;
	/** Directories that were made, and those that were removed. */
	readonly made: readonly string[];
	readonly removed: readonly string[];
	readonly options: RunOptions | undefined;
	/** What a shell would do if this process were killed, and what was taken back. */
	readonly undo: readonly string[];
	readonly kept: readonly string[];
	readonly api: readonly string[];
}

async function smoke(
	parts: readonly ("docker" | "rust" | "git" | "gpu")[],
	ending: (command: readonly string[]) => Ending = () => good,
	{
		machine = {},
		policy = {},
		trusts = false,
		closed = false,
		all = false,
	}: { machine?: FakeMachine; policy?: object; trusts?: boolean; closed?: boolean; all?: boolean } = {},
): Promise<Tried> {
	const made: string[] = [];
	const removed: string[] = [];
	const undo: string[] = [];
	const kept: string[] = [];
	const api: string[] = [];
	let plan: string | undefined;
	let options: RunOptions | undefined;
	const host = createHost({
		env: { PATH: "/usr/bin", HOME: "/home/ci", RUNNER_TEMP: "/tmp/job", RUSTC_WRAPPER: "sccache", ...machine.env },
		directories: { "/dev": [] },
		...machine,
		files: {
			...Object.fromEntries(["docker", "cargo", "git", "cc"].map((name) => [`/usr/bin/${name}`, executable()])),
			"/var/run/docker.sock": file({ kind: "socket", mode: 0o660 }),
			...machine.files,
		},
		async placeDirectory(directory) {
			if (closed) return { kind: "unreadable", code: "EROFS" };
			const name = `.runner-check-${made.length}`;
			made.push(`${directory}/${name}`);
			return { kind: "ok", value: { name, remove: async () => void removed.push(`${directory}/${name}`) } };
		},
		ifKilled(command) {
			undo.push(command);
			return () => void kept.push(command);
		},
		async run(command, given): Promise<RunOutcome> {
			if (given.input === undefined) return exited(`${command[0]} 1.0.0\n`);
			plan = given.input;
			options = given;
			return smokeRun(given.input, ending);
		},
		async request({ method = "GET", path }) {
			api.push(`${method} ${path}`);
			if (path === "/images/json") return answered([{ RepoTags: ["small:1"], Size: 1 }]);
			return method === "DELETE" ? answered("", 204) : answered({ message: "page not found" }, 404);
		},
	});
	const request = createRequest({
		workspace,
		trusts,
		timeoutMs: 2000,
		policy: createPolicy({ smoke: { parts, all }, ...policy }),
	});
	const facts = await collect(smokeStepsProbe, host, request);
	return {
		facts,
		plan: plan === undefined ? undefined : (JSON.parse(plan) as SmokePlan),
		made,
		removed,
		options,
		undo,
		kept,
		api,
	};
}

test("nothing is started or made without the input", async () => {
	expect(await smoke([])).toMatchObject({ facts: { parts: {} }, plan: undefined, made: [], undo: [] });
});

test("each part has its steps, and all run in one process", async () => {
	const { facts, plan, made, removed } = await smoke(["docker", "rust", "git", "gpu"]);
	expect(Object.keys(facts.parts).sort()).toEqual(["docker", "git", "gpu", "rust"]);
	for (const became of Object.values(facts.parts)) {
		expect(became).toMatchObject({ kind: "done" });
		if (became?.kind === "done") expect(became.steps).toHaveLength(became.planned);
	}
	expect(plan?.sequences.map(({ name }) => name).sort()).toEqual([
		"docker",
		"git",
		"gpu",
		"rust in the temporary directory",
		"rust in the workspace",
	]);
	expect(made.map((path) => path.replace(/\d+$/, "")).sort()).toEqual([
		"/tmp/job/.runner-check-",
		`${workspace}/.runner-check-`,
	]);
	expect([...removed].sort()).toEqual([...made].sort());
});

test.each([[{ skip: ["smoke/*"] }], [{ severity: { "smoke/git": "off" } }]])(
	"a part that nothing judges is not tried: %j",
	async (policy) => {
		expect((await smoke(["git"], undefined, { policy })).plan).toBeUndefined();
	},
);

test("a forbidden Docker is not tried", async () => {
	const policy = { docker: { require: "forbidden", plugins: [] } };
	expect((await smoke(["docker"], undefined, { policy })).plan).toBeUndefined();
});

describe("the container", () => {
	const command = (tried: Tried) => tried.plan?.sequences[0]?.steps[0]?.command ?? [];

	test("is of a local image, has a name, and is removed by the CLI", async () => {
		const tried = await smoke(["docker"]);
		expect(command(tried).slice(0, 4)).toEqual(["/usr/bin/docker", "run", "--rm", "--name"]);
		expect(command(tried).slice(-3)).toEqual(["--entrypoint", "true", "small:1"]);
		expect(tried.api.filter((call) => call.startsWith("DELETE"))).toEqual([]);
		expect(tried.undo).toEqual([expect.stringContaining("/usr/bin/docker rm --force runner-check-run-")]);
		expect(tried.kept).toEqual(tried.undo);
	});

	test("is removed by us if the CLI failed or was killed", async () => {
		for (const ending of [{ exit: 125, stdout: "", stderr: "no" }, undefined]) {
			const tried = await smoke(["docker"], () => ending);
			expect(tried.api.filter((call) => call.startsWith("DELETE"))).toHaveLength(1);
			expect(tried.kept).toEqual(tried.undo);
		}
	});
});

describe("cargo", () => {
	const steps = ({ plan }: Tried) => plan?.sequences.flatMap((sequence) => sequence.steps) ?? [];

	test("does not run in an untrusted workspace, and gets the job's wrapper", async () => {
		for (const { cwd, env } of steps(await smoke(["rust"]))) {
			expect(cwd).toBe("/tmp/runner-check-empty");
			expect(env).toMatchObject({ CARGO_NET_OFFLINE: "true", RUSTC_WRAPPER: "sccache" });
		}
	});

	test("runs in a trusted one", async () => {
		for (const { cwd } of steps(await smoke(["rust"], undefined, { trusts: true }))) expect(cwd).toContain(workspace);
	});

	test.each([
		["RUSTC_WRAPPER", `${workspace}/wrap`],
		["CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER", `sh ${workspace}/run.sh`],
	])("is not run if %s leads into an untrusted workspace", async (name, value) => {
		const machine = { env: { [name]: value } };
		const machineOf = { env: { PATH: "/usr/bin", HOME: "/home/ci", RUNNER_TEMP: "/tmp/job", ...machine.env } };
		const { facts, plan } = await smoke(["rust"], undefined, { machine: machineOf });
		expect(facts.parts.rust).toEqual({ kind: "untrusted", by: name });
		expect(plan).toBeUndefined();
		expect((await smoke(["rust"], undefined, { machine: machineOf, trusts: true })).plan).toBeDefined();
	});
});

test("with `all`, no GPU is looked for without a device", async () => {
	expect((await smoke(["gpu"], undefined, { all: true })).facts.parts.gpu).toEqual({ kind: "absent", what: "GPU" });
	expect((await smoke(["gpu"])).facts.parts.gpu).toMatchObject({ kind: "done", subject: "cc" });
});

test("a step that hangs is told from those that ended", async () => {
	const { facts } = await smoke(["git", "rust"], (command) => (command.includes("commit") ? undefined : good));
	const git = facts.parts.git;
	expect(git?.kind === "done" && git.steps.map(({ end }) => end)).toEqual(["exited", "exited", "hung"]);
	expect(facts.parts.rust).toMatchObject({ kind: "done", planned: 2 });
});

test("a workspace that takes no directory leaves its parts untried, and the others not", async () => {
	const { facts } = await smoke(["docker", "git"], undefined, { closed: true });
	expect(facts.parts.docker).toMatchObject({ kind: "done" });
	expect(facts.parts.git).toEqual({ kind: "not-done", message: `no directory can be made in ${workspace}: EROFS` });
});
