import { execFileSync, spawnSync } from "node:child_process";
import {
	chmodSync,
	chownSync,
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Report, Result } from "../../src/report/report.ts";

/** Workspaces that can be written and still cannot be used: with real mounts, owners and permissions. */
const root = mkdtempSync(join(tmpdir(), "unusable-"));
const user = 1001;
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeAll(() => {
	chmodSync(root, 0o755);
	// The user has to be able to read it.
	cpSync("dist", join(root, "dist"), { recursive: true });
	execFileSync("chmod", ["-R", "a+rX", join(root, "dist")]);
});

let count = 0;
function createJob() {
	const folder = join(root, String(++count));
	for (const name of ["workspace", "home", "temp"]) mkdirSync(join(folder, name), { recursive: true });
	execFileSync("chown", ["-R", `${user}:${user}`, folder]);
	return { folder, workspace: join(folder, "workspace") };
}
type Job = ReturnType<typeof createJob>;

function put(path: string, text = ""): void {
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}

interface How {
	readonly uid?: number;
	/** Run before, in a mount namespace of its own. */
	readonly prepare?: string;
	readonly env?: NodeJS.ProcessEnv;
}

function check({ folder, workspace }: Job, id: string, { uid = user, prepare = "true", env }: How = {}): Result {
	const script = `${prepare} && exec setpriv --reuid ${uid} --regid ${uid} --clear-groups "$0" "$@"`;
	const args = ["--mount", "sh", "-c", script, process.execPath, `${root}/dist/cli.js`, "--format", "json"];
	const { stdout, stderr } = spawnSync("unshare", args, {
		cwd: workspace,
		env: {
			PATH: "/usr/bin:/bin",
			HOME: join(folder, "home"),
			GITHUB_WORKSPACE: workspace,
			RUNNER_TEMP: join(folder, "temp"),
			...env,
		},
		encoding: "utf8",
		timeout: 30_000,
	});
	if (!stdout.startsWith("{")) throw new Error(stderr || stdout);
	const found = (JSON.parse(stdout) as Report).results.find((one) => one.id === id);
	if (!found) throw new Error(`no ${id}`);
	return found;
}

describe("a mount with noexec", () => {
	it.each(["workspace", "temp"])("is named if it holds the %s", (place) => {
		const job = createJob();
		const target = join(job.folder, place);
		const mount = (options: string) => `mount -t tmpfs -o mode=1777,${options} tmpfs ${target} && cd ${job.workspace}`;
		expect(check(job, "fs/writable", { prepare: mount("noexec") })).toMatchObject({
			status: "fail",
			reason: "noexec",
			observed: `noexec on ${target}`,
		});
		expect(check(job, "fs/writable", { prepare: mount("exec") })).toMatchObject({ status: "pass" });
	});

	it("is judged as what the fix makes of it", () => {
		const job = createJob();
		const { workspace } = job;
		const mount = `mount -t tmpfs -o mode=1777,noexec tmpfs ${workspace} && cd ${workspace}`;
		const [fix = ""] = check(job, "fs/writable", { prepare: mount }).remedy?.commands ?? [];
		expect(fix).toBe(`sudo mount -o remount,exec ${workspace}`);
		const fixed = `${mount} && ${fix.replace("sudo ", "")}`;
		expect(check(job, "fs/writable", { prepare: fixed })).toMatchObject({ status: "pass" });
	});
});

describe("what an earlier job left", () => {
	it("is named if this user cannot remove it, and nothing is said to root", () => {
		const job = createJob();
		for (const path of ["target/debug/x", ".pytest_cache/.gitignore"]) put(join(job.workspace, path));
		chownSync(join(job.workspace, "target"), user, user);
		expect(spawnSync("setpriv", ["--reuid", `${user}`, "rm", "-rf", join(job.workspace, "target")]).status).toBe(1);
		const found = check(job, "fs/writable");
		expect(found).toMatchObject({ status: "fail", reason: "foreign-files" });
		expect(found.message).toContain(`\`${job.workspace}/.pytest_cache\` (uid 0, mode \`0755\`)`);
		expect(found.message).toContain(`\`${job.workspace}/target/debug\``);
		expect(check(job, "fs/writable", { uid: 0 })).toMatchObject({ status: "pass" });

		execFileSync("sh", ["-c", (found.remedy?.commands ?? []).join("\n").replace(/sudo /g, "")]);
		expect(check(job, "fs/writable")).toMatchObject({ status: "pass" });
	});

	it("is named if it is read-only, like the module cache of Go", () => {
		const job = createJob();
		const module = join(job.workspace, ".go/pkg/mod/golang.org/x/text@v0.14.0");
		put(join(module, "go.mod"));
		execFileSync("chown", ["-R", `${user}`, job.workspace]);
		chmodSync(module, 0o555);
		const found = check(job, "fs/writable");
		expect(found).toMatchObject({ status: "fail", reason: "foreign-files" });
		execFileSync("setpriv", ["--reuid", `${user}`, "sh", "-c", found.remedy?.commands?.[0] ?? "false"]);
		expect(check(job, "fs/writable")).toMatchObject({ status: "pass" });
	});

	it("is no problem if its directories belong to this user, are empty, or are only linked to", () => {
		const job = createJob();
		const { workspace } = job;
		put(join(workspace, "src/file-of-root"));
		chownSync(join(workspace, "src"), user, user);
		mkdirSync(join(workspace, "empty"));
		put(join(job.folder, "elsewhere/x"));
		symlinkSync(join(job.folder, "elsewhere"), join(workspace, "link"));
		expect(check(job, "fs/writable")).toMatchObject({ status: "pass" });
		execFileSync("setpriv", ["--reuid", `${user}`, "sh", "-c", `rm -rf ${workspace}/*`]);
	});
});

describe("a repository of another user", () => {
	const refused = { status: "warn", reason: "dubious-ownership" };
	const evil = "#!/bin/sh\ntouch $(dirname $0)/../pwned\n";

	function createRepository(owner: number): Job & { readonly git: (...args: string[]) => unknown } {
		const job = createJob();
		const git = (...args: string[]) => execFileSync("git", ["-C", job.workspace, ...args], { stdio: "ignore" });
		chownSync(job.workspace, 0, 0);
		git("init");
		put(join(job.workspace, "evil.sh"), evil);
		chmodSync(join(job.workspace, "evil.sh"), 0o755);
		const names = [
			"alias.rev-parse",
			"core.fsmonitor",
			"core.pager",
			"core.sshCommand",
			"core.editor",
			"diff.external",
		];
		for (const name of names) git("config", name, join(job.workspace, "evil.sh"));
		git("config", "core.hooksPath", job.workspace);
		execFileSync("chown", ["-R", `${owner}`, job.workspace]);
		chmodSync(job.workspace, 0o777);
		return { ...job, git };
	}

	it("is refused for root, and what it names is not run", () => {
		const job = createRepository(1000);
		const found = check(job, "git/workspace", { uid: 0 });
		expect(found).toMatchObject(refused);
		expect(found.observed).toBe(`fatal: detected dubious ownership in repository at '${job.workspace}'`);
		const [line = ""] = found.remedy?.commands ?? [];
		const env = { HOME: join(job.folder, "home") };
		execFileSync("sh", ["-c", line || `git config --global --add safe.directory '*'`], {
			env: { ...process.env, ...env },
		});
		expect(check(job, "git/workspace", { uid: 0 })).toMatchObject({ status: "pass" });
		expect(existsSync(join(job.folder, "pwned"))).toBe(false);
	});

	it.each<[string, How, boolean]>([
		["its owner", { uid: user }, true],
		["root, by sudo of its owner", { uid: 0, env: { SUDO_UID: "1000" } }, true],
		["root, by sudo of another user", { uid: 0, env: { SUDO_UID: "1002" } }, false],
		[
			"root, with the exception in variables",
			{
				uid: 0,
				env: {
					GIT_CONFIG_COUNT: "2",
					GIT_CONFIG_KEY_0: "http.extraHeader",
					GIT_CONFIG_VALUE_0: "Authorization: canary",
					GIT_CONFIG_KEY_1: "safe.directory",
					GIT_CONFIG_VALUE_1: "*",
				},
			},
			true,
		],
	])("is accepted or refused like git does: %s", (_, how, accepts) => {
		expect(check(createRepository(how.uid === user ? user : 1000), "git/workspace", how)).toMatchObject(
			accepts ? { status: "pass" } : refused,
		);
	});

	it("is accepted if a file that the configuration includes names it", () => {
		const job = createRepository(1000);
		put(join(job.folder, "home/.gitconfig"), "[include]\n\tpath = more\n");
		put(join(job.folder, "home/more"), `[safe]\n\tdirectory = ${job.workspace}\n`);
		expect(check(job, "git/workspace", { uid: 0 })).toMatchObject({ status: "pass" });
	});

	it("is judged where `.git` is a file, as in a linked worktree", () => {
		const job = createRepository(1000);
		rmSync(join(job.workspace, ".git"), { recursive: true });
		execFileSync("git", ["init", "-q", join(job.folder, "main")]);
		put(join(job.workspace, ".git"), `gitdir: ${job.folder}/main/.git\n`);
		execFileSync("chown", ["-R", "0", job.workspace]);
		execFileSync("chown", ["-R", "1000", join(job.folder, "main")]);
		expect(check(job, "git/workspace", { uid: 0 })).toMatchObject(refused);
		put(join(job.workspace, ".git"), "gitdir: /nowhere\n");
		expect(check(job, "git/workspace", { uid: 0 })).toMatchObject({ status: "skip", reason: "not-applicable" });
	});
});
