import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

let home: string;
/** RUNNER_TEMP of one job. */
let temp: string;
beforeAll(() => {
	home = mkdtempSync(join(tmpdir(), "runner-check-"));
});
beforeEach(() => {
	temp = mkdtempSync(join(home, "temp-"));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const canary = "canary-3e7a90c1";
const started = "hooks/job-started.sh";
const completed = "hooks/job-completed.sh";
const keptAs = (name: string) => join(temp, `runner-check-hook-${name}`);

type Env = Readonly<Record<string, string>>;
const environment = (env: Env) => ({
	HOME: home,
	PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
	GITEA_ACTIONS: "true",
	GITHUB_ACTIONS: "true",
	NO_COLOR: "1",
	RUNNER_TEMP: temp,
	RUNNER_CHECK_PROFILE: "generic",
	RUNNER_CHECK_FAIL_ON: "never",
	DEPLOY_TOKEN: canary,
	...env,
});

/** As Gitea's runner calls a hook: `bash -e`. */
function run(hook: string, env: Env = {}, shell: readonly string[] = ["bash", "-e"]) {
	const [program = "", ...args] = shell;
	const { status, stdout, stderr } = spawnSync(program, [...args, hook], { env: environment(env), encoding: "utf8" });
	expect(stdout + stderr).not.toContain(canary);
	return { status, stdout, stderr };
}

const lookedAgain = /^::endgroup::\n\S [A-Z][\s\S]*runner-check looked again after the job/;
const nothingToCompare =
	"::endgroup::\nrunner-check: The first look wrote no report, so nothing can be compared with it.\n";

describe("the two hooks of a job", () => {
	it.each([[["bash", "-e"]], [["/bin/sh"]]])(
		"compare its end with its start in %j, and leave nothing behind",
		(shell) => {
			expect(run(started, {}, shell).status).toBe(0);
			expect(readdirSync(keptAs("host"))).toEqual(["report.json"]);
			const { status, stdout, stderr } = run(completed, {}, shell);
			expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
			expect(stdout).toMatch(lookedAgain);
			expect(readdirSync(temp)).toEqual([]);
		},
	);

	it("never mix with those of a job that shares the directory at the same time", async () => {
		const [first, second] = [{ JOB_CONTAINER_NAME: "TASK-1_JOB-a" }, { JOB_CONTAINER_NAME: "TASK-2_JOB-a" }];
		const starts = [first, second].map(
			(env) =>
				new Promise((resolve) => spawn("bash", ["-e", started], { env: environment(env) }).once("close", resolve)),
		);
		expect(await Promise.all(starts)).toEqual([0, 0]);
		const [ofFirst, ofSecond] = ["TASK-1_JOB-a", "TASK-2_JOB-a"].map((name) => join(keptAs(name), "report.json"));
		const idOf = (path = "") => JSON.parse(readFileSync(path, "utf8")).id;
		expect(idOf(ofFirst)).not.toBe(idOf(ofSecond));
		expect(run(completed, first).stdout).toMatch(lookedAgain);
		// The other's report is still there, and is not taken by who has none.
		expect(run(completed, first).stdout).toBe(nothingToCompare);
		expect(run(completed, second).stdout).toMatch(lookedAgain);
		expect(readdirSync(temp)).toEqual([]);
	});

	it("leave a directory alone that somebody else made first", () => {
		mkdirSync(keptAs("host"));
		expect(run(started).status).toBe(0);
		expect(readdirSync(keptAs("host"))).toEqual([]);
	});

	it.each([
		["none", ""],
		["one that does not exist", "/nonexistent/temp"],
		["a file", "/etc/hostname"],
		["one that is not absolute", "temp"],
	])("fail no job if there is no place for the report: %s", (_, place) => {
		expect(run(started, { RUNNER_TEMP: place })).toMatchObject({ status: 0, stderr: "" });
		expect(run(completed, { RUNNER_TEMP: place })).toEqual({ status: 0, stdout: nothingToCompare, stderr: "" });
		expect(existsSync("temp")).toBe(false);
	});

	it("fail no job if the report cannot be written, and say why", () => {
		const bin = mkdtempSync(join(home, "bin-"));
		// A file cannot replace a directory, for root neither.
		writeFileSync(join(bin, "mkdir"), `#!/bin/sh\n/bin/mkdir "$@" && /bin/mkdir -p "$3/report.json/full"\n`, {
			mode: 0o755,
		});
		const { status, stderr } = run(started, { PATH: `${bin}:${environment({}).PATH}` });
		expect(status).toBe(0);
		expect(stderr).toMatch(/^runner-check: could not write .*runner-check-hook-host\/report\.json: /);
		expect(run(completed)).toEqual({ status: 0, stdout: nothingToCompare, stderr: "" });
		expect(readdirSync(temp)).toEqual([]);
	});

	it("still fail the job for what the start finds", () => {
		const policy = join(home, "policy.yml");
		writeFileSync(policy, 'version: 1\nprofiles: { generic: { tools: { no-such-tool: "*" } } }\n');
		const env = { RUNNER_CHECK_POLICY: policy, RUNNER_CHECK_FAIL_ON: "fail" };
		expect(run(started, env).status).toBe(1);
		expect(run(completed, env)).toMatchObject({ status: 0, stdout: expect.stringMatching(lookedAgain) });
	});
});

describe("hooks/job-completed.sh", () => {
	it("fails no job without node, and says so", () => {
		const { status, stderr } = run(completed, { PATH: "/nonexistent" }, ["/bin/sh"]);
		expect(status).toBe(0);
		expect(stderr).toMatch(/^::error::runner-check: node is /);
	});

	it("is not silenced or diverted by what an action or the job's `env:` has left", () => {
		run(started);
		const evil = join(home, "evil.js");
		writeFileSync(evil, "console.log('loaded')");
		const summary = join(temp, "summary.md");
		writeFileSync(summary, "");
		const { status, stdout } = run(completed, {
			NODE_OPTIONS: `-r ${evil}`,
			INPUT_AFTER: "never",
			INPUT_TIMEOUT: "1ms",
			INPUT_FORMATS: "prometheus",
			INPUT_PUBLISH: "log",
			STATE_report: "/nonexistent/report.json",
			STATE_id: "another",
			STATE_hook: "false",
			GITHUB_STEP_SUMMARY: summary,
		});
		expect(status).toBe(0);
		expect(stdout).toMatch(lookedAgain);
		expect(stdout).not.toMatch(/loaded|runner-check:report/);
		expect(readdirSync(temp)).toEqual(["summary.md"]);
		expect(readFileSync(summary, "utf8")).toBe("");
	});

	it.each<[string, (elsewhere: string) => void]>([
		["the directory is a link", (elsewhere) => symlinkSync(elsewhere, keptAs("host"))],
		[
			"the report is a link",
			(elsewhere) => {
				mkdirSync(keptAs("host"));
				symlinkSync(join(elsewhere, "report.json"), join(keptAs("host"), "report.json"));
			},
		],
		[
			"the report is a FIFO",
			() => {
				mkdirSync(keptAs("host"));
				execFileSync("mkfifo", [join(keptAs("host"), "report.json")]);
			},
		],
		["the report is a directory", () => mkdirSync(join(keptAs("host"), "report.json"), { recursive: true })],
	])("reads and removes nothing elsewhere if %s", (_, damage) => {
		const elsewhere = mkdtempSync(join(home, "elsewhere-"));
		writeFileSync(join(elsewhere, "report.json"), canary);
		damage(elsewhere);
		expect(run(completed)).toEqual({ status: 0, stdout: nothingToCompare, stderr: "" });
		expect(readFileSync(join(elsewhere, "report.json"), "utf8")).toBe(canary);
		expect(readdirSync(temp)).toEqual([]);
	});

	it.each([canary, "{}", `{"version":1,"id":"${canary}"}`, "[".repeat(100_000)])(
		"quotes nothing of a report that was changed: %.40s",
		(text) => {
			run(started);
			writeFileSync(join(keptAs("host"), "report.json"), text);
			const { status, stdout } = run(completed);
			expect(status).toBe(0);
			expect(stdout).toBe("::endgroup::\nrunner-check: The report of the start was changed, so it cannot be used.\n");
		},
	);

	it("makes and removes nothing outside of the directory for temporary files, whatever the job's `env:` says", () => {
		const victim = join(home, "victim");
		mkdirSync(victim, { recursive: true });
		writeFileSync(join(victim, "report.json"), "{}");
		mkdirSync(keptAs("x"));
		const env = { JOB_CONTAINER_NAME: "x/../../victim" };
		expect(run(started, env).status).toBe(0);
		expect(run(completed, env)).toEqual({ status: 0, stdout: nothingToCompare, stderr: "" });
		expect(readdirSync(victim)).toEqual(["report.json"]);
	});
});
