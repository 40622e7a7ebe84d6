import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let home: string;
beforeAll(() => {
	home = mkdtempSync(join(tmpdir(), "runner-check-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** The PATH of a well set up machine, with the Node that runs the tests first. */
const path = `${dirname(process.execPath)}:${process.env.PATH}`;

function run(script: string, env: Readonly<Record<string, string>>) {
	const { status, stdout, stderr } = spawnSync("/bin/sh", [script], {
		env: { HOME: home, PATH: path, ...env },
		encoding: "utf8",
	});
	return { status, stdout, stderr };
}

const hooks = ["hooks/health-check.sh", "hooks/job-started.sh"];

describe.each(hooks)("%s", (hook) => {
	it("says that node is missing, and fails, without anything on PATH", () => {
		const { status, stdout, stderr } = run(hook, { PATH: "/nonexistent" });
		expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
		expect(stderr).toMatch(
			/^runner-check: node is (?:not installed here|installed in .*, which is not on the PATH of jobs)/,
		);
	});

	it("says where node is when only the PATH lacks it, and as an error in a job", () => {
		execFileSync("mkdir", ["-p", `${home}/.volta/bin`]);
		execFileSync("ln", ["-sf", process.execPath, `${home}/.volta/bin/node`]);
		const { status, stderr } = run(hook, { PATH: "/nonexistent", GITHUB_ACTIONS: "true" });
		expect(status).toBe(1);
		expect(stderr).toMatch(/^::error::runner-check: node is installed in .*\.volta\/bin, which is not on the PATH/);
	});

	it("fails for a profile that this machine is not, or that does not exist", () => {
		const policy = join(home, "policy.yml");
		writeFileSync(policy, 'version: 1\nprofiles: { generic: { tools: { no-such-tool: "*" } } }\n');
		const { status, stdout } = run(hook, { RUNNER_CHECK_PROFILE: "generic", RUNNER_CHECK_POLICY: policy });
		expect(status).toBe(1);
		expect(stdout).toContain("no-such-tool");
		expect(run(hook, { RUNNER_CHECK_PROFILE: "nonsense" })).toMatchObject({
			status: 2,
			stderr: expect.stringContaining("nonsense"),
		});
	});
});

describe("a workspace that wants a say", () => {
	function workspace(): string {
		const folder = mkdtempSync(join(home, "workspace-"));
		execFileSync("mkdir", ["-p", `${folder}/.gitea/workflows`]);
		const lax = "{ labels: [any], tools: { lax-tool: '*' } }";
		writeFileSync(join(folder, ".gitea/runner-check.yml"), `version: 1\nprofiles: { generic: ${lax}, lax: ${lax} }\n`);
		writeFileSync(join(folder, ".gitea/workflows/ci.yml"), "jobs: { build: { runs-on: any } }\n");
		writeFileSync(join(folder, ".nvmrc"), "99\n");
		return folder;
	}
	const job = { GITEA_ACTIONS: "true", GITHUB_ACTIONS: "true", GITHUB_JOB: "build" };

	it.each(hooks)("has none in %s: neither its policy, nor its workflow, nor its versions", (hook) => {
		const { stdout, stderr } = run(hook, { ...job, GITHUB_WORKSPACE: workspace(), RUNNER_CHECK_TIMEOUT: "10s" });
		expect(stdout).not.toMatch(/lax|99/);
		expect(stderr).not.toMatch(/lax|99/);
		expect(stdout).not.toBe("");
	});

	it.each(hooks)("is not where %s takes its policy from, whatever names it", (hook) => {
		const folder = workspace();
		const policy = join(folder, ".gitea/runner-check.yml");
		const { status, stderr } = run(hook, { ...job, GITHUB_WORKSPACE: folder, RUNNER_CHECK_POLICY: policy });
		expect(status).toBe(2);
		expect(stderr).toContain("a file of the job's workspace");
	});

	it("leaves it to the hook to say which profile it took, and why", () => {
		const hook = "hooks/job-started.sh";
		const { stderr } = run(hook, { ...job, GITHUB_WORKSPACE: workspace() });
		expect(stderr).toBe(
			"runner-check: profile generic, guessed from the environment. RUNNER_CHECK_PROFILE can name another.\n",
		);
		const named = run(hook, { ...job, GITHUB_WORKSPACE: workspace(), RUNNER_CHECK_PROFILE: "generic" });
		expect(named.stderr).toBe("");
	});

	it("has no code of NODE_OPTIONS loaded", () => {
		const folder = workspace();
		writeFileSync(join(folder, "evil.js"), "console.log('loaded')");
		const { stdout } = run("hooks/job-started.sh", {
			...job,
			GITHUB_WORKSPACE: folder,
			NODE_OPTIONS: `-r ${folder}/evil.js`,
		});
		expect(stdout).not.toContain("loaded");
	});
});

describe("hooks/health-check.sh", () => {
	/** What the runner gives the script, and a profile of container jobs that this machine is not. */
	function health(more: Readonly<Record<string, string>>) {
		const policy = join(home, "builder.yml");
		const profile =
			"{ runs-in: container, image: registry.example/builder:1, tools: { no-such-tool: '*' }, docker: optional }";
		writeFileSync(policy, `version: 1\nprofiles:\n  builder: ${profile}\n`);
		return run("hooks/health-check.sh", {
			GITEA_ACTIONS: "true",
			GITHUB_ACTIONS: "true",
			JOB_CONTAINER_NAME: "runner",
			RUNNER_CHECK_PROFILE: "builder",
			RUNNER_CHECK_POLICY: policy,
			...more,
		});
	}

	it("takes jobs on a runner whose own container has no tool of the job's image", () => {
		expect(health({ GITEA_RUNNER_HEALTH_CHECK: "true" })).toMatchObject({
			status: 0,
			stdout: expect.stringMatching(/^healthy:/),
		});
		const job = health({});
		expect(job.status).toBe(1);
		expect(job.stdout).toMatch(/^fail tool\/no-such-tool:missing/m);
	});

	it("runs the tools in its working directory, which is the runner's and no workspace", () => {
		const place = mkdtempSync(join(home, "runner-"));
		writeFileSync(join(place, "own-tool"), "#!/bin/sh\necho own-tool 1.2.3\n");
		chmodSync(join(place, "own-tool"), 0o755);
		const policy = join(home, "own.yml");
		writeFileSync(policy, 'version: 1\nprofiles: { generic: { tools: { own-tool: ">=2" } } }\n');
		const env = {
			HOME: home,
			PATH: `${place}:${path}`,
			GITEA_RUNNER_HEALTH_CHECK: "true",
			GITEA_ACTIONS: "true",
			RUNNER_CHECK_POLICY: policy,
			RUNNER_CHECK_PROFILE: "generic",
		};
		const script = join(process.cwd(), "hooks/health-check.sh");
		const { stdout } = spawnSync("/bin/sh", [script], { env, cwd: place, encoding: "utf8" });
		expect(stdout).toContain("tool/own-tool:out-of-range");
	});

	it("takes no job if the daemon that the runner needs does not answer", () => {
		const policy = join(home, "daemon.yml");
		writeFileSync(policy, "version: 1\nprofiles: { builder: { runs-in: container, docker: required } }\n");
		const more = { RUNNER_CHECK_POLICY: policy, DOCKER_HOST: `unix://${home}/absent.sock` };
		const { status, stdout } = health({ GITEA_RUNNER_HEALTH_CHECK: "true", ...more });
		expect(status).toBe(1);
		expect(stdout).toMatch(/^fail docker\/(?:socket|endpoint):/m);
		expect(stdout).not.toContain("docker/cli");
	});

	it("does not guess a profile from the container, as a job without a token does", () => {
		const profile = { RUNNER_CHECK_PROFILE: "auto" };
		expect(health(profile).stdout).toContain("runner/profile:guessed");
		expect(health({ ...profile, GITEA_RUNNER_HEALTH_CHECK: "true" }).stdout).not.toContain("runner/profile");
	});

	it("prints one line for each finding and leaks no secret of the daemon's environment", () => {
		const tool = join(home, "leaky");
		writeFileSync(tool, '#!/bin/sh\necho "cannot log in with $GITEA_RUNNER_REGISTRATION_TOKEN" >&2\nexit 1\n');
		chmodSync(tool, 0o755);
		const policy = join(home, "leaky.yml");
		writeFileSync(policy, 'version: 1\nprofiles: { generic: { tools: { leaky: "*", absent-tool: "*" } } }\n');
		const { status, stdout, stderr } = run("hooks/health-check.sh", {
			PATH: `${home}:${path}`,
			RUNNER_CHECK_PROFILE: "generic",
			RUNNER_CHECK_POLICY: policy,
			GITEA_RUNNER_REGISTRATION_TOKEN: "canary-5f2c9e71",
		});
		expect(status).toBe(1);
		expect(stdout.split("\n").filter((line) => /^fail tool\/(?:leaky|absent-tool):/.test(line))).toHaveLength(2);
		expect(stdout + stderr).not.toContain("canary");
	});
});
