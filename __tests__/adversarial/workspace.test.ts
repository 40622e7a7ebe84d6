import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Report, Result } from "../../src/report/report.ts";

/**
 * What a pull request puts into its repository, against the built action: no program of the workspace is run, no token and no login gets
 * to anyone, and no file of the machine is shown.
 */
const root = mkdtempSync(join(tmpdir(), "workspace-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const tokens = { INPUT_TOKEN: "canary-input-5f2c9e71", ACTIONS_RUNTIME_TOKEN: "canary-runtime-81b3d0aa" };
const secret = "canary-of-this-machine-77ac";

interface Job {
	readonly folder: string;
	readonly workspace: string;
	readonly home: string;
	readonly temp: string;
	/** Of the machine, and on PATH. */
	readonly bin: string;
	readonly env: NodeJS.ProcessEnv;
}

let jobs = 0;
function createJob(): Job {
	const folder = join(root, String(++jobs));
	const place = (name: string): string => {
		mkdirSync(join(folder, name), { recursive: true });
		return join(folder, name);
	};
	const [workspace, home, temp, bin] = [place("workspace"), place("home"), place("temp"), place("bin")];
	for (const file of ["outputs", "summary"]) writeFileSync(join(folder, file), "");
	const env = {
		...tokens,
		PATH: `${bin}:/usr/bin:/bin`,
		HOME: home,
		GITHUB_ACTIONS: "true",
		GITEA_ACTIONS: "true",
		GITHUB_WORKSPACE: workspace,
		RUNNER_TEMP: temp,
		GITHUB_OUTPUT: join(folder, "outputs"),
		GITHUB_STEP_SUMMARY: join(folder, "summary"),
		INPUT_PROFILE: "generic",
		"INPUT_REPORT-DIR": join(folder, "report"),
		"INPUT_FAIL-ON": "never",
		INPUT_TIMEOUT: "5s",
	};
	return { folder, workspace, home, temp, bin, env };
}

function put(path: string, text: string, mode = 0o644): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
	chmodSync(path, mode);
}

/** A program that takes its environment away and says a version. */
const evil = (job: Job): string => `#!/bin/sh\nenv > ${job.folder}/stolen\necho evil 1.0.0\n`;
const stolen = (job: Job): boolean => existsSync(join(job.folder, "stolen"));

function act(job: Job, env: NodeJS.ProcessEnv = {}) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/main.js"], {
		env: { ...job.env, ...env },
		encoding: "utf8",
		timeout: 30_000,
	});
	const file = join(job.folder, "report/report.json");
	const report = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Report) : undefined;
	const summary = readFileSync(join(job.folder, "summary"), "utf8");
	const all = stdout + stderr + summary + (report ? JSON.stringify(report) : "");
	const result = (id: string): Result | undefined => report?.results.find((each) => each.id === id);
	return { status, log: stdout + stderr, all, report, result };
}

const policyOf = (profile: string): string => `version: 1\nprofiles:\n  generic: ${profile}\n`;

describe("programs of the workspace", () => {
	it("are not run for a `command` of its policy, unless an input trusts it", () => {
		const job = createJob();
		put(join(job.workspace, "evil.sh"), evil(job));
		put(join(job.workspace, ".gitea/runner-check.yml"), policyOf("{ tools: { x: { command: [sh, ./evil.sh] } } }"));
		const { result, all } = act(job);
		expect(stolen(job)).toBe(false);
		expect(result("tool/x")).toMatchObject({ status: "skip", reason: "untrusted" });
		expect(result("tool/x")?.message).toContain("trust-policy: true");
		expect(all).not.toContain("canary");

		expect(act(job, { "INPUT_TRUST-POLICY": "true" }).result("tool/x")).toMatchObject({ status: "pass" });
		expect(readFileSync(join(job.folder, "stolen"), "utf8")).not.toContain("canary");
	});

	it("are not run for the policy that an input names either, as the workflow may be the fork's, too", () => {
		const job = createJob();
		put(join(job.workspace, "evil.sh"), evil(job), 0o755);
		put(join(job.workspace, "ci/policy.yml"), policyOf("{ tools: { x: { command: [./evil.sh] } } }"));
		for (const name of ["ci/policy.yml", join(job.workspace, "ci/policy.yml"), "./ci/../ci/policy.yml"]) {
			expect(act(job, { INPUT_POLICY: name }).result("tool/x")).toMatchObject({ status: "skip", reason: "untrusted" });
		}
		symlinkSync(join(job.workspace, "ci/policy.yml"), join(job.folder, "link.yml"));
		expect(act(job, { INPUT_POLICY: join(job.folder, "link.yml") }).result("tool/x")?.reason).toBe("untrusted");
		expect(stolen(job)).toBe(false);
	});

	it("are not run, but a policy of the machine runs its commands", () => {
		const job = createJob();
		put(join(job.folder, "good.sh"), "echo good 2.0.0\n");
		put(join(job.folder, "policy.yml"), policyOf(`{ tools: { x: { command: [sh, ${job.folder}/good.sh] } } }`));
		expect(act(job, { INPUT_POLICY: join(job.folder, "policy.yml") }).result("tool/x")?.status).toBe("pass");
	});

	it.each([
		["a table", (at: string) => `[toolchain]\npath = "${at}"\n`],
		["a dotted key", (at: string) => `toolchain.path = "${at}"\n`],
		["an inline table", (at: string) => `toolchain = { path = "${at}" }\n`],
		["an escaped key", (at: string) => `[toolchain]\n"p\\u0061th" = "${at}"\n`],
	])("are not run by rustup for a toolchain file: %s", (_, text) => {
		const job = createJob();
		const rustup = join(process.env.HOME ?? "", ".cargo/bin");
		for (const name of ["rustc", "cargo"]) put(join(job.workspace, "vendor/bin", name), evil(job), 0o755);
		put(join(job.workspace, "rust-toolchain.toml"), text(join(job.workspace, "vendor")));
		const env = {
			PATH: `${rustup}:/usr/bin:/bin`,
			RUSTUP_HOME: join(process.env.HOME ?? "", ".rustup"),
			INPUT_TOOLS: 'rustc: "*"\ncargo: "*"',
		};
		const { result } = act(job, env);
		expect(stolen(job)).toBe(false);
		if (existsSync(rustup)) expect(result("tool/rustc")).toMatchObject({ status: "skip", reason: "untrusted" });
	});

	it.each<[string, (job: Job) => NodeJS.ProcessEnv]>([
		["an absolute entry", ({ workspace }) => ({ PATH: `${workspace}/node_modules/.bin:/usr/bin:/bin` })],
		["a relative entry", () => ({ PATH: "node_modules/.bin:/usr/bin:/bin" })],
		[
			"a link of the machine",
			({ workspace, folder }) => {
				symlinkSync(join(workspace, "node_modules/.bin"), join(folder, "bin-link"));
				return { PATH: `${folder}/bin-link:/usr/bin:/bin` };
			},
		],
		["an entry with dots", ({ workspace, bin }) => ({ PATH: `${bin}/../workspace/node_modules/.bin:${workspace}/..` })],
	])("are not run by PATH: %s", (_, path) => {
		const job = createJob();
		for (const name of ["git", "docker", "nvidia-smi", "tool", "gitea-runner", "sh", "env", "df"])
			put(join(job.workspace, "node_modules/.bin", name), evil(job), 0o755);
		put(join(job.folder, "machine.yml"), policyOf("{ docker: { require: optional, plugins: [buildx] } }"));
		const { result, all } = act(job, {
			...path(job),
			INPUT_TOOLS: 'tool: "*"',
			"INPUT_RUNNER-CONFIG": "config.yaml",
			INPUT_POLICY: join(job.folder, "machine.yml"),
		});
		expect(stolen(job)).toBe(false);
		for (const id of ["tool/tool", "tool/git", "docker/cli", "docker/plugins", "gpu/driver"])
			expect(result(id), id).toMatchObject({ status: "skip", reason: "untrusted" });
		expect(all).not.toContain("canary");
	});

	it("are run from PATH if an input trusts the workspace", () => {
		const job = createJob();
		put(join(job.workspace, "bin/tool"), "#!/bin/sh\necho tool 1.2.3\n", 0o755);
		put(join(job.workspace, "bin/nvidia-smi"), `#!/bin/sh\ntouch ${job.folder}/asked\n`, 0o755);
		const { result } = act(job, {
			PATH: `${job.workspace}/bin:/usr/bin:/bin`,
			INPUT_TOOLS: 'tool: "*"',
			"INPUT_TRUST-POLICY": "true",
		});
		expect(result("tool/tool")?.status).toBe("pass");
		expect(existsSync(join(job.folder, "asked"))).toBe(true);
	});

	it("are not run by variables that tools obey", () => {
		const job = createJob();
		put(join(job.workspace, "evil"), evil(job), 0o755);
		put(join(job.workspace, "evil.js"), `require("fs").writeFileSync(${JSON.stringify(`${job.folder}/stolen`)}, "")\n`);
		put(
			join(job.bin, "tool"),
			`#!/bin/bash\nsh -c true\n${process.execPath} -e 0\ngit --version\necho tool 1.2.3\n`,
			0o755,
		);
		const at = join(job.workspace, "evil");
		const env = {
			BASH_ENV: at,
			ENV: at,
			NODE_PATH: job.workspace,
			GIT_EXEC_PATH: job.workspace,
			GIT_CONFIG_COUNT: "1",
			GIT_CONFIG_KEY_0: "core.fsmonitor",
			GIT_CONFIG_VALUE_0: at,
			RUSTC_WRAPPER: at,
			PS4: `$(${at})`,
			SOME_TOOL_HOME: job.workspace,
			DOCKER_CONFIG: join(job.workspace, ".docker"),
		};
		put(join(job.bin, "show"), `#!/bin/sh\nenv > ${job.folder}/seen\necho show 1.0\n`, 0o755);
		const { result } = act(job, { ...env, INPUT_TOOLS: 'tool: "*"\nshow: "*"' });
		expect(stolen(job)).toBe(false);
		expect(result("tool/tool")?.status).toBe("pass");
		const seen = readFileSync(join(job.folder, "seen"), "utf8");
		expect(seen).not.toContain(job.workspace);
		expect(seen).not.toMatch(/canary|INPUT_|ACTIONS_|GITHUB_/);
	});

	it("are not run by a Docker configuration whose plugin is a hook of `docker version`", () => {
		const job = createJob();
		put(join(job.workspace, ".docker/cli-plugins/docker-evil"), evil(job), 0o755);
		put(
			join(job.workspace, ".docker/config.json"),
			'{"plugins": {"evil": {"hooks": "version"}}, "credsStore": "evil"}',
		);
		put(join(job.workspace, "bin/docker-credential-evil"), evil(job), 0o755);
		const { result } = act(job, {
			PATH: `/usr/bin:/bin:${job.workspace}/bin`,
			DOCKER_CONFIG: join(job.workspace, ".docker"),
			INPUT_REGISTRIES: "[127.0.0.1:1]",
		});
		expect(result("registry/127.0.0.1:1")).toBeDefined();
		expect(stolen(job)).toBe(false);
	});

	it("get no place in which tools look for files: an empty directory, which is removed", () => {
		const job = createJob();
		put(join(job.workspace, "package.json"), "{}");
		put(join(job.bin, "tool"), '#!/bin/sh\necho "tool 1.2.3 in $(pwd -P) with $(ls -A | wc -l) files"\n', 0o755);
		const { report } = act(job, { INPUT_TOOLS: 'tool: "*"' });
		const facts = JSON.stringify(report?.facts["tool:tool"]);
		const [, place = "", count] = /in (\S+) with (\d+) files/.exec(facts) ?? [];
		expect(count).toBe("0");
		expect(dirname(place)).toBe(realpathSync(job.temp));
		expect(readdirSync(job.temp)).toEqual([]);
	});

	it("get no place below files that steer tools", () => {
		const job = createJob();
		put(join(job.temp, "rust-toolchain.toml"), "[toolchain]\n");
		put(join(job.bin, "tool"), '#!/bin/sh\necho "tool 1.2.3 in $(pwd -P) here"\n', 0o755);
		const { report } = act(job, { INPUT_TOOLS: 'tool: "*"' });
		expect(/in (\S+) here/.exec(JSON.stringify(report?.facts["tool:tool"]))?.[1]).not.toContain(job.temp);
	});

	it("leave no directory behind when a signal ends the run", async () => {
		const job = createJob();
		put(join(job.bin, "tool"), `#!/bin/sh\ntouch ${job.folder}/started\nexec sleep 60\n`, 0o755);
		const child = spawn(process.execPath, ["dist/main.js"], {
			env: { ...job.env, INPUT_TOOLS: 'tool: "*"' },
			stdio: "ignore",
		});
		const ended = new Promise((resolve) => child.once("exit", resolve));
		await expect.poll(() => existsSync(join(job.folder, "started")), { timeout: 10_000 }).toBe(true);
		expect(readdirSync(job.temp)).toHaveLength(1);
		child.kill("SIGTERM");
		await ended;
		expect(readdirSync(job.temp)).toEqual([]);
	});
});

describe("files of the workspace", () => {
	const places: readonly [string, (job: Job, place: string) => void][] = [
		["a link to a file of the machine", (job, place) => symlinkSync(join(job.home, ".netrc"), place)],
		["a link to our environment", (_, place) => symlinkSync("/proc/self/environ", place)],
		["a link to a device", (_, place) => symlinkSync("/dev/zero", place)],
		["a FIFO", (_, place) => void execFileSync("mkfifo", [place])],
		["a link in a circle", (_, place) => symlinkSync(place, place)],
		["a directory", (_, place) => mkdirSync(place)],
	];

	it.each(places)("are refused unread as the policy: %s", (_, make) => {
		const job = createJob();
		put(join(job.home, ".netrc"), `machine example.com login me password ${secret}\n`);
		mkdirSync(join(job.workspace, ".gitea"));
		make(job, join(job.workspace, ".gitea/runner-check.yml"));
		const { status, log, all } = act(job);
		expect(status).toBe(1);
		expect(log).toMatch(/runner-check\.yml.*which was not read/);
		expect(all).not.toMatch(/canary|netrc|machine/);
	});

	it("are refused unread behind a directory that leads out of the workspace", () => {
		const job = createJob();
		put(join(job.folder, "elsewhere/runner-check.yml"), `version: ${secret}\n`);
		symlinkSync(join(job.folder, "elsewhere"), join(job.workspace, ".gitea"));
		const { log, all } = act(job);
		expect(log).toContain("a link that leads out of the workspace, which was not read");
		expect(all).not.toContain(secret);
	});

	it("are read through a link that stays inside", () => {
		const job = createJob();
		put(join(job.workspace, "ci/policy.yml"), policyOf('{ tools: { no-such-tool: "*" } }'));
		mkdirSync(join(job.workspace, ".gitea"));
		symlinkSync("../ci/policy.yml", join(job.workspace, ".gitea/runner-check.yml"));
		expect(act(job).result("tool/no-such-tool")?.status).toBe("fail");
	});

	it.each(places)("are not shown in any other role: %s", (_, make) => {
		const job = createJob();
		put(
			join(job.home, ".netrc"),
			`97.31.5\nnode: ${secret}\n"engines": {"node": "${secret}"}\nchannel = "${secret}"\n`,
		);
		mkdirSync(join(job.workspace, ".gitea/workflows"), { recursive: true });
		const names = [
			"rust-toolchain",
			"rust-toolchain.toml",
			".nvmrc",
			".node-version",
			"package.json",
			"Cargo.toml",
			".tool-versions",
		];
		for (const name of [...names, ".python-version", ".gitea/workflows/ci.yml", "config.yaml"])
			make(job, join(job.workspace, name));
		const { all, report } = act(job, {
			INPUT_PROFILE: "auto",
			GITHUB_JOB: "build",
			INPUT_TOOLS: 'rustc: "*"\ncargo: "*"\nnode: "*"',
			INPUT_WORKFLOWS: ".gitea/workflows/*.yml",
			"INPUT_RUNNER-CONFIG": "config.yaml",
		});
		expect(report?.results.length).toBeGreaterThan(10);
		expect(all).not.toMatch(/canary|97\.31\.5/);
	});
});

describe("files that the job before has left", () => {
	const git = (job: Job, ...args: string[]): string =>
		execFileSync("git", ["-C", job.workspace, "-c", "user.name=a", "-c", "user.email=a@b.example", ...args], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		}).trim();

	function committed(): Job {
		const job = createJob();
		git(job, "init", "--quiet", "--initial-branch=main");
		put(join(job.workspace, ".gitea/runner-check.yml"), policyOf('{ tools: { no-such-tool: "*" } }'));
		put(join(job.workspace, ".nvmrc"), "99\n");
		git(job, "add", ".");
		git(job, "commit", "--quiet", "--message=one");
		return job;
	}

	it.each<[string, (job: Job) => void]>([
		["on a branch", () => undefined],
		["with packed refs", (job) => void git(job, "pack-refs", "--all")],
		["detached", (job) => void git(job, "checkout", "--quiet", "--detach")],
	])("are those of this run if its commit is checked out: %s", (_, make) => {
		const job = committed();
		make(job);
		const { result, report } = act(job, { GITHUB_SHA: git(job, "rev-parse", "HEAD") });
		expect(result("tool/no-such-tool")?.status).toBe("fail");
		expect(report?.profile).not.toHaveProperty("unused");
	});

	it("are those of this run in a worktree", () => {
		const job = committed();
		const tree = join(job.folder, "tree");
		git(job, "worktree", "add", "--quiet", "-b", "other", tree);
		const { result } = act(job, { GITHUB_WORKSPACE: tree, GITHUB_SHA: git(job, "rev-parse", "HEAD") });
		expect(result("tool/no-such-tool")?.status).toBe("fail");
	});

	it("are not used, and named, if another commit is checked out", () => {
		const job = committed();
		const { result, report, log } = act(job, { GITHUB_SHA: "0".repeat(40) });
		expect(result("tool/no-such-tool")).toBeUndefined();
		expect(result("tool/node")?.status).not.toBe("fail");
		expect(report?.profile.unused).toMatchObject({
			files: [".gitea/runner-check.yml", ".nvmrc"],
			why: "other-commit",
			found: git(job, "rev-parse", "HEAD"),
		});
		expect(log).toMatch(/Not used: .*runner-check\.yml/);
		expect(readFileSync(join(job.folder, "summary"), "utf8")).toContain("Not used:");
		const named = act(job, { GITHUB_SHA: "0".repeat(40), INPUT_POLICY: ".gitea/runner-check.yml" });
		expect(named.result("tool/no-such-tool")?.status).toBe("fail");
	});

	it("are not used if nothing says whose they are", () => {
		const job = committed();
		rmSync(join(job.workspace, ".git"), { recursive: true });
		const { result, report } = act(job, { GITHUB_SHA: "0".repeat(40) });
		expect(result("tool/no-such-tool")).toBeUndefined();
		expect(report?.profile.unused?.why).toBe("unknown-commit");
	});
});
