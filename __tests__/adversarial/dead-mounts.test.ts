import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import type { Report, Result } from "../../src/report/report.ts";
import { node as oldNode } from "../e2e/support/node-versions.ts";

/**
 * A real FUSE file system that never answers, in a mount namespace, under each place that a run touches: the run ends in time, with one
 * finding that names the mount, and judges what does not need it.
 */
const root = mkdtempSync(join(tmpdir(), "dead-mounts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const dist = fileURLToPath(new URL("../../dist", import.meta.url));
const daemon = fileURLToPath(new URL("support/dead-fuse.mjs", import.meta.url));

type Mode = "silent" | "deaf" | "alive" | "dying" | "vanishing";

interface Ran {
	readonly code: number | null;
	readonly ms: number;
	readonly stdout: string;
	readonly stderr: string;
	/** Of the last report on stdout, or in the report directory. */
	readonly report: Report | undefined;
	readonly outputs: string;
	readonly folder: string;
}

/** A step of a job on the host: folders, and the environment of its process. */
interface Step {
	readonly folder: string;
	/** Where the file system is mounted. */
	readonly mount: string;
	readonly env: NodeJS.ProcessEnv;
}

const timeoutMs = 4000;

const tools = {
	tool: "tool 1.2.3",
	cargo: "cargo 1.92.0",
	rustc: "rustc 1.92.0",
	docker: "Docker version 29.0.0, build 0123456",
};

let runs = 0;
function createStep(): Step {
	const folder = join(root, String(++runs));
	const [workspace, temp, home, bin, mount] = ["workspace", "temp", "home", "bin", "mount"].map((name) =>
		join(folder, name),
	);
	for (const each of [workspace, temp, home, bin, mount]) mkdirSync(each as string, { recursive: true });
	for (const [name, version] of Object.entries(tools)) {
		writeFileSync(join(bin as string, name), `#!/bin/sh\necho ${version}\n`);
		chmodSync(join(bin as string, name), 0o755);
	}
	for (const file of ["outputs", "summary"]) writeFileSync(join(folder, file), "");
	const env = {
		PATH: `${bin}:/usr/bin:/bin`,
		HOME: home,
		GITHUB_ACTIONS: "true",
		GITEA_ACTIONS: "true",
		GITHUB_WORKSPACE: workspace,
		RUNNER_TEMP: temp,
		GITHUB_OUTPUT: join(folder, "outputs"),
		GITHUB_STEP_SUMMARY: join(folder, "summary"),
		INPUT_PROFILE: "generic",
		INPUT_TOOLS: 'tool: "*"',
		INPUT_TIMEOUT: `${timeoutMs}ms`,
	};
	return { folder, mount: mount as string, env };
}

/** Runs a command beside such a file system. */
async function beside(mode: Mode, step: Step, command: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ran> {
	const { folder, mount } = step;
	const args = ["--mount", "--propagation", "private", process.execPath, daemon, mode, mount, ...command];
	const started = performance.now();
	const child = spawn("unshare", args, {
		env: { ...step.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
		cwd: folder,
	});
	// Whatever happens, nothing stays: SIGTERM ends the connection.
	const patience = setTimeout(() => child.kill("SIGTERM"), 30_000);
	const [stdout, stderr, code] = await Promise.all([
		textOf(child.stdout),
		textOf(child.stderr),
		new Promise<number | null>((resolve) => child.once("exit", resolve)),
	]);
	clearTimeout(patience);
	const ms = performance.now() - started;
	const outputs = readText(join(folder, "outputs"));
	return {
		code,
		ms,
		stdout,
		stderr,
		outputs,
		folder,
		report: reportIn(stdout) ?? reportIn(readText(reportPath(outputs))),
	};
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
	let text = "";
	for await (const chunk of stream) text += chunk;
	return text;
}

function readText(path: string): string {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}

function reportPath(outputs: string): string {
	return /^report<<(\S+)\n(.*)\n\1$/m.exec(outputs)?.[2] ?? "";
}

function reportIn(text: string): Report | undefined {
	return text.startsWith("{") ? (JSON.parse(text) as Report) : undefined;
}

const node = process.execPath;
const action = [node, join(dist, "main.js")];
const terminal = [
	node,
	join(dist, "cli.js"),
	"check",
	"--profile",
	"generic",
	"--tools",
	'tool: "*"',
	"--timeout",
	`${timeoutMs}ms`,
	"--format",
	"json",
];

/** How long the same step takes without a mount: a busy machine is no fault of ours. */
async function healthyMs(): Promise<number> {
	const { ms, code, report } = await beside("alive", createStep(), terminal);
	expect(
		code,
		JSON.stringify(report?.results.filter(({ status }) => status === "fail" || status === "error")),
	).not.toBe(3);
	return ms;
}

const of = (report: Report | undefined, id: string): Result | undefined => report?.results.find((one) => one.id === id);
const judged = ({ status }: Result): boolean => status === "pass" || status === "warn";
const problems = (report: Report | undefined): readonly string[] =>
	(report?.results ?? [])
		.filter(({ status }) => status === "fail" || status === "error")
		.map(({ id, reason }) => `${id}:${reason}`);
const waiting = (report: Report | undefined): readonly string[] =>
	(report?.results ?? []).filter(({ reason }) => reason === "needs:fs/mount").map(({ id }) => id);

interface Place {
	readonly name: string;
	env(step: Step): NodeJS.ProcessEnv;
	readonly flags?: (step: Step) => readonly string[];
	/** Checks that wait for the mount, and some that must be judged nevertheless. */
	readonly waits: readonly string[];
	readonly judges: readonly string[];
}

const places: readonly Place[] = [
	{
		name: "PATH, with the tool elsewhere on it",
		env: ({ mount, env }) => ({ PATH: `${mount}/bin:${env.PATH}` }),
		waits: [],
		judges: ["tool/tool", "node/runtime", "disk/free", "fs/writable"],
	},
	{
		name: "PATH, with the tool nowhere else",
		env: ({ mount }) => ({ PATH: `/usr/bin:/bin:${mount}` }),
		waits: ["tool/tool"],
		judges: ["node/runtime", "disk/free", "fs/writable"],
	},
	{
		name: "HOME",
		env: ({ mount }) => ({ HOME: join(mount, "runner") }),
		waits: ["fs/writable"],
		judges: ["tool/tool", "docker/cli", "disk/free"],
	},
	{
		name: "CARGO_HOME",
		env: ({ mount }) => ({ CARGO_HOME: join(mount, "cargo") }),
		waits: ["rust/consistency"],
		judges: ["tool/tool", "tool/cargo", "disk/free", "fs/writable"],
	},
	{
		name: "DOCKER_CONFIG",
		env: ({ mount }) => ({ DOCKER_CONFIG: mount, INPUT_DOCKER: "required" }),
		waits: [],
		judges: ["tool/tool", "docker/cli", "disk/free", "fs/writable"],
	},
	{
		name: "RUNNER_TOOL_CACHE",
		env: ({ mount }) => ({ RUNNER_TOOL_CACHE: join(mount, "tool_cache") }),
		waits: ["runner/tool-cache"],
		judges: ["tool/tool", "disk/free", "fs/writable"],
	},
	{
		name: "the workspace",
		env: ({ mount }) => ({ GITHUB_WORKSPACE: mount }),
		waits: ["disk/free", "disk/inodes", "fs/writable"],
		judges: ["tool/tool", "node/runtime"],
	},
	{
		name: "the Docker socket",
		env: ({ mount }) => ({ DOCKER_HOST: `unix://${mount}/docker.sock`, INPUT_DOCKER: "required" }),
		waits: ["docker/socket"],
		judges: ["tool/tool", "disk/free", "fs/writable"],
	},
	{
		name: "RUNNER_TEMP",
		env: ({ folder, mount }) => ({ RUNNER_TEMP: mount, "INPUT_REPORT-DIR": join(folder, "reports") }),
		waits: ["fs/writable"],
		judges: ["tool/tool", "disk/free"],
	},
	{
		name: "a link that leads to it",
		env: ({ folder, mount }) => {
			spawnSync("ln", ["-s", mount, join(folder, "link")]);
			return { RUNNER_TOOL_CACHE: join(folder, "link", "tools") };
		},
		waits: ["runner/tool-cache"],
		judges: ["tool/tool", "disk/free", "fs/writable"],
	},
	{
		name: "a script's interpreter",
		env: ({ folder, mount }) => {
			writeFileSync(join(folder, "bin/tool"), `#!${mount}/sh\n`);
			return {};
		},
		waits: ["tool/tool"],
		judges: ["disk/free", "fs/writable"],
	},
	{
		name: "the policy file",
		env: ({ mount }) => ({ INPUT_POLICY: join(mount, "policy.yml") }),
		flags: ({ mount }) => ["--policy", join(mount, "policy.yml")],
		waits: [],
		judges: ["tool/tool", "disk/free", "fs/writable"],
	},
];

function expectOneFinding(ran: Ran, step: Step, { waits, judges }: Pick<Place, "waits" | "judges">): void {
	const { report } = ran;
	const mount = of(report, "fs/mount");
	expect(mount?.reason, `${ran.stdout.slice(0, 2000)}\n${ran.stderr}`).toBe("not-answering");
	expect(mount?.message).toContain(step.mount);
	expect(mount?.message).toContain("storage.example:/jobs");
	expect(waiting(report)).toEqual(expect.arrayContaining([...waits]));
	for (const id of judges) expect(of(report, id), id).toSatisfy(judged);
	// Nothing else is blamed on it. What this machine lacks (Docker, cargo) is its own.
	const others = problems(report).filter(
		(id) => id !== "fs/mount:not-answering" && !/:(missing|off-path|low)$/.test(id),
	);
	expect(others).toEqual([]);
}

describe.each(["silent", "deaf"] as const)("a file system that is %s", (mode) => {
	test.each(places.map((place) => [place.name, place] as const))("under %s", async (_, place) => {
		const healthy = await healthyMs();
		const step = createStep();
		const ran = await beside(mode, step, action, place.env(step));
		console.log(
			`${mode}, ${place.name}: ${Math.round(ran.ms)} ms (healthy ${Math.round(healthy)} ms); waits: ${waiting(ran.report)}`,
		);
		expectOneFinding(ran, step, place);
		expect(ran.code).toBe(1);
		expect(ran.ms - healthy).toBeLessThan(timeoutMs + 1500);
		expect(readText(join(step.folder, "summary"))).toContain(step.mount);
	});
});

/** The finding as the step's log has it: without a place for reports or outputs, the log is all that there is. */
function expectInLog({ stdout }: Ran, { mount }: Step): void {
	const plain = stdout.replace(/\u001b\[\d*m/g, "");
	expect(plain).toContain("[fs/mount:not-answering]");
	expect(plain.match(/:not-answering\]/g)).toHaveLength(1);
	expect(plain).toContain(mount);
	expect(plain).toContain("tool 1.2.3");
}

describe("where results go", () => {
	test.each([
		["report-dir", ({ mount }: Step) => ({ "INPUT_REPORT-DIR": join(mount, "reports") })],
		["the summary", ({ mount }: Step) => ({ GITHUB_STEP_SUMMARY: join(mount, "summary") })],
		["the outputs", ({ mount }: Step) => ({ GITHUB_OUTPUT: join(mount, "outputs") })],
	])("%s on a dead mount", async (_, envOf) => {
		const step = createStep();
		const ran = await beside("silent", step, action, envOf(step));
		expectInLog(ran, step);
		expect(ran.stdout).toMatch(/::(?:warning|error)::.*could not write .*the mount .* did not answer/);
		expect(ran.code).toBe(1);
		expect(ran.ms - (await healthyMs())).toBeLessThan(timeoutMs + 1500);
	});

	test.each([
		["the summary", "GITHUB_STEP_SUMMARY", "could not write the job summary"],
		["the outputs", "GITHUB_OUTPUT", "could not write its outputs"],
		["report-dir", "INPUT_REPORT-DIR", "could not write"],
		["the policy", "INPUT_POLICY", ""],
	])("%s is a FIFO that nobody reads or writes", async (_, variable, said) => {
		const step = createStep();
		const fifo = join(step.folder, "fifo");
		spawnSync("mkfifo", [fifo]);
		const ran = await beside("alive", step, action, { [variable]: fifo });
		expect(ran.code).not.toBeNull();
		expect(ran.ms).toBeLessThan(timeoutMs + 1500);
		expect(ran.stdout).toContain(said);
		expect(ran.stdout.length).toBeGreaterThan(20);
	});

	test("a FIFO that somebody holds open without reading", async () => {
		const step = createStep();
		const fifo = join(step.folder, "fifo");
		spawnSync("mkfifo", [fifo]);
		const held = ["sh", "-c", `sleep 60 <>${fifo} & "$@"; code=$?; kill $!; exit $code`, "sh", ...action];
		const ran = await beside("alive", step, held, { GITHUB_OUTPUT: fifo, GITHUB_STEP_SUMMARY: fifo });
		expect(ran.stdout).toContain("could not write its outputs");
		expect(ran.ms).toBeLessThan(timeoutMs + 1500);
	});
});

describe("the terminal", () => {
	test.each(places.map((place) => [place.name, place] as const))("checks with it under %s", async (_, place) => {
		const step = createStep();
		const { "INPUT_REPORT-DIR": __, ...env } = place.env(step);
		const ran = await beside("silent", step, [...terminal, ...(place.flags?.(step) ?? [])], env);
		expectOneFinding(ran, step, place);
		expect(ran.code).toBe(1);
	});

	test.each([
		["lint", ({ mount }: Step) => ["lint", mount]],
		["replay", ({ mount }: Step) => ["replay", join(mount, "report.json")]],
		["policy", ({ mount }: Step) => ["policy", "--policy", join(mount, "policy.yml")]],
	])("%s says that it cannot read", async (_, wordsOf) => {
		const step = createStep();
		const ran = await beside("silent", step, [node, join(dist, "cli.js"), ...wordsOf(step)]);
		expect(ran.stderr).toContain(`the mount ${step.mount} (fuse.silent, storage.example:/jobs) did not answer`);
		expect(ran.code).toBe(2);
		expect(ran.ms).toBeLessThan(10_000);
	});
});

test("a working directory on a mount that died since", async () => {
	const step = createStep();
	const script = `cd ${step.mount} && touch ${step.mount}.dead && exec "$@"`;
	const ran = await beside("dying", step, ["sh", "-c", script, "sh", ...action], { GITHUB_WORKSPACE: undefined });
	expectOneFinding(ran, step, { waits: ["fs/writable"], judges: ["tool/tool", "node/runtime"] });
});

test("an old Node, which has to ask `df`", async () => {
	const step = createStep();
	const old = [await oldNode(16), join(dist, "main.js")];
	const env = { PATH: `${step.mount}:${step.env.PATH}`, HOME: step.mount, GITHUB_WORKSPACE: step.mount };
	const ran = await beside("silent", step, old, env);
	expectOneFinding(ran, step, { waits: ["disk/free", "fs/writable"], judges: ["tool/tool", "memory/available"] });
	expect(ran.ms).toBeLessThan(timeoutMs + 1500 + (await healthyMs()));
});

test("with `fs/mount` switched off, what needs the mount is undecided, and not passed over", async () => {
	const step = createStep();
	const env = { RUNNER_TOOL_CACHE: step.mount, INPUT_SKIP: "fs/mount" };
	const { report, code } = await beside("silent", step, action, env);
	expect(of(report, "fs/mount")?.status).toBe("skip");
	expect(of(report, "runner/tool-cache")).toMatchObject({ status: "error", reason: "undecided" });
	expect(of(report, "runner/tool-cache")?.message).toContain(step.mount);
	expect(code).toBe(1);
});

test("a mount that answers is used, and the pass names it", async () => {
	const step = createStep();
	const env = { RUNNER_TOOL_CACHE: step.mount, PATH: `${step.mount}:${step.env.PATH}` };
	const { report } = await beside("alive", step, action, env);
	expect(of(report, "fs/mount")).toMatchObject({ status: "pass", message: `\`${step.mount}\` answers` });
	expect(report?.facts["tool-cache"]).toMatchObject({ ok: true, value: { path: step.mount, state: "present" } });
	expect(waiting(report)).toEqual([]);
});

describe("a mount that dies in the middle of the run", () => {
	test("while a call waits that can be killed", async () => {
		const step = createStep();
		const ran = await beside("vanishing", step, action, { PATH: `${step.mount}:/usr/bin:/bin` });
		expectOneFinding(ran, step, { waits: ["tool/tool"], judges: ["node/runtime", "disk/free", "fs/writable"] });
		// A thread still waits, so that only a signal ends the process.
		expect(ran.code).not.toBe(0);
		expect(ran.ms - (await healthyMs())).toBeLessThan(timeoutMs + 1500);
	});

	test.each(["vanishing", "dying"] as const)("while a tool waits for it (%s)", async (mode) => {
		const step = createStep();
		const ran = await beside(mode, step, action, { PATH: `${step.mount}:/usr/bin:/bin`, SEARCH: "1" });
		expectOneFinding(ran, step, { waits: ["tool/tool"], judges: ["node/runtime", "disk/free", "fs/writable"] });
		expect(ran.code).toBe(1);
		expect(ran.ms - (await healthyMs())).toBeLessThan(timeoutMs + 1500);
	});
});
