import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import contract from "../fixtures/contract-checks.json" with { type: "json" };

let folder: string;
let report: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "runner-check-"));
	report = join(folder, "report.json");
	writeFileSync(report, cli(...checkAsJson).stdout);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** With time enough that two runs on a busy machine tell the same. */
const checkAsJson = "check --profile generic --format json --fail-on never --timeout 60s".split(" ");

/** Runs the built program, as a user would. */
function cli(...args: readonly string[]) {
	const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...args], { encoding: "utf8" });
	return { status, stdout, stderr };
}

function file(name: string, text: string): string {
	const path = join(folder, name);
	writeFileSync(path, text);
	return path;
}

describe("list", () => {
	it("names checks of the contract only, with all their reasons and default levels", () => {
		const { checks } = JSON.parse(cli("list", "--format", "json").stdout) as {
			checks: { id: string; reasons: { reason: string; level: string }[] }[];
		};
		const wanted: Readonly<Record<string, Readonly<Record<string, string>>>> = contract.checks;
		for (const { id, reasons } of checks) {
			// What is only ever shown as skipped needs no entry in the contract.
			const judged = reasons.filter(({ reason, level }) => level !== "skip" || wanted[id]?.[reason] !== undefined);
			const levels = Object.fromEntries(judged.map(({ reason, level }) => [reason, level]));
			expect(levels, `${id} as in __tests__/fixtures/contract-checks.json`).toEqual(wanted[id]);
		}
		expect(checks.length).toBeGreaterThan(20);
	});

	it("prints them for people, too", () => {
		expect(cli("list").stdout).toMatch(/^docker\/socket /m);
	});
});

describe("explain", () => {
	it.each([
		["docker/api-version:client-too-old"],
		["docker/socket"],
		["tool/rustc:off-path"],
		["gpu/driver:library-mismatch"],
		["registry/localhost:5000"],
		["registry/localhost:5000:denied"],
		["docker/storage:undecided"],
	])("%s", (id) => {
		const { status, stdout } = cli("explain", id);
		expect(status).toBe(0);
		expect(stdout.split("\n").length).toBeGreaterThan(5);
	});

	it("an area, and the reasons that every check can have", () => {
		expect(cli("explain", "docker").stdout).toMatch(/^docker\/socket {2}[\s\S]*^docker\/presence {2}/m);
		for (const reason of ["not-applicable", "not-in-profile", "disabled", "needs:docker/socket", "docker/cli:crashed"])
			expect(cli("explain", reason)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^(?:skip|error): /) });
	});

	it("wraps prose, but not commands", () => {
		const { stdout } = cli("explain", "tool/rustc:missing");
		expect(stdout).toContain("apt-get install");
		const prose = stdout.replace(/^```[\s\S]*?^```$/gm, "").split("\n");
		expect(Math.max(...prose.map((line) => line.length))).toBeLessThanOrEqual(100);
	});

	it("suggests what was meant", () => {
		expect(cli("explain", "docker/sockets")).toMatchObject({
			status: 2,
			stderr: expect.stringContaining("did you mean `docker/socket`?"),
		});
		expect(cli("explain", "docker/socket:gone")).toMatchObject({
			status: 2,
			stderr: expect.stringContaining("it has: missing, directory"),
		});
		expect(cli("explain")).toMatchObject({ status: 2 });
	});
});

describe("check", () => {
	it("prints JSON and nothing else on stdout", () => {
		expect(JSON.parse(readFileSync(report, "utf8"))).toMatchObject({
			version: 1,
			profile: { name: "generic", decided_by: "input" },
		});
	});

	it("has every check in every report", () => {
		const listed = (JSON.parse(cli("list", "--format", "json").stdout).checks as { id: string }[])
			.map(({ id }) => id)
			// Only the lint judges compose files, and only the second look what changed.
			.filter((id) => !/^(?:compose|after)\/|\/\*$/.test(id));
		const reported = (JSON.parse(readFileSync(report, "utf8")).results as { id: string }[]).map(({ id }) => id);
		expect(listed.filter((id) => !reported.includes(id))).toEqual([]);
	});

	it("shows no login of what it says is wrong", () => {
		const services = '[{name: x, url: "ftp://joe:CANARY@host/x"}]';
		const { status, stderr } = cli(
			"check",
			"--services",
			services,
			"--gpu",
			"joe:CANARY@host",
			"--nonsense=joe:CANARY@h",
		);
		expect(status).toBe(2);
		expect(stderr).not.toContain("CANARY");
		const mistakes = cli("check", "--services", services, "--gpu", "joe:CANARY@host");
		expect(mistakes).toMatchObject({ status: 2, stderr: expect.stringContaining("ftp://***@host/x") });
		expect(mistakes.stderr).toContain("found `***@host`");
	});

	it("ends with 1 for findings, 0 where nobody wants to know, and 2 for mistakes, each with its own message", () => {
		const tools = ["--profile", "generic", "--tools", "no-such-tool: '*'"];
		expect(cli("check", ...tools)).toMatchObject({ status: 1, stdout: expect.stringContaining("no-such-tool") });
		expect(cli("check", ...tools, "--fail-on", "never").status).toBe(0);
		expect(cli("check", "--timeout", "soon", "--gpu", "maybe")).toMatchObject({
			status: 2,
			stdout: "",
			stderr: expect.stringMatching(/`--timeout`[\s\S]*`--gpu`/),
		});
		expect(cli("chek")).toMatchObject({ status: 2 });
	});

	it("is healthy by the policy that init writes here, unless the machine is not", () => {
		const policy = cli("init", "--profile", "generic");
		expect(policy.status).toBe(0);
		const verdict = JSON.parse(readFileSync(report, "utf8")).verdict;
		const again = cli("check", "--profile", "generic", "--policy", file("init.yml", policy.stdout), "--format", "json");
		expect(JSON.parse(again.stdout).verdict).toBe(verdict);
		expect(JSON.parse(again.stdout).profile.policy).toBe(join(folder, "init.yml"));
	});
});

describe("policy", () => {
	it("prints sizes as a policy states them", () => {
		const { stdout } = cli("policy", "--profile", "titan");
		expect(stdout).toMatch(/^disk\.workspace\.free +40GiB +built in$/m);
		expect(stdout).toMatch(/^memory +1GiB +built in$/m);
		expect(cli("init", "--profile", "titan").stdout).toContain("free: 40GiB");
	});

	it("prints what a profile expects, and where it is stated", () => {
		const path = file("policy.yml", 'version: 1\nprofiles:\n  titan:\n    tools:\n      rustc: ">=1.92"\n');
		const { stdout } = cli("policy", "--profile", "titan", "--policy", path);
		expect(stdout).toMatch(new RegExp(`^tools\\.rustc +>=1\\.92 +${path}:5$`, "m"));
		expect(stdout).toMatch(/^tools\.cargo +\* +built in$/m);
	});
});

describe("replay", () => {
	it("gives the same report again", () => {
		const again = cli("replay", report, "--format", "json", "--fail-on", "never");
		expect(again.stdout).toBe(readFileSync(report, "utf8"));
	});

	it("judges the same facts by another policy, and says what it cannot know", () => {
		const policy = file(
			"strict.yml",
			'version: 1\nprofiles:\n  generic:\n    tools:\n      node: ">=999"\n      ffmpeg: "*"\n',
		);
		const { status, stdout } = cli("replay", report, "--policy", policy, "--format", "json");
		expect(status).toBe(1);
		const results = JSON.parse(stdout).results as { id: string; status: string; reason?: string; message: string }[];
		expect(results.find(({ id }) => id === "tool/node")).toMatchObject({
			status: "fail",
			reason: "out-of-range",
			message: expect.stringContaining("strict.yml:5"),
		});
		expect(results.find(({ id }) => id === "tool/ffmpeg")).toMatchObject({ status: "error", reason: "no-facts" });
	});

	it("shows no secret: not of the other policy, nor of the environment, nor of a report from elsewhere", () => {
		const policy = file(
			"secrets.yml",
			`version: 1
profiles:
  generic:
    registries: ["registry.invalid/img:1"]
    services: [{ name: x, url: "http://joe:CANARY-2@localhost:1/x?sig=CANARY-3" }]
    tools: { git: { command: [git, "Authorization: Bearer CANARY-4-0123456789"] } }
accept: [{ check: service/x, reason: "see https://joe:CANARY-5@host/", until: 2026-12-31 }]
`,
		);
		const changed = JSON.parse(readFileSync(report, "utf8"));
		changed.facts.os.value.name = "Debian https://joe:CANARY-6@host/ CANARY-of-the-environment";
		const foreign = file("foreign.json", JSON.stringify(changed));
		const env = { ...process.env, DEPLOY_TOKEN: "CANARY-of-the-environment" };
		const run = (...args: readonly string[]) =>
			spawnSync(process.execPath, ["dist/cli.js", ...args], { encoding: "utf8", env });
		for (const format of ["text", "lines", "json", "markdown", "junit", "prometheus"]) {
			const { stdout, stderr } = run("replay", foreign, "--policy", policy, "--format", format);
			expect(stdout.length, format).toBeGreaterThan(100);
			expect(stdout + stderr, format).not.toContain("CANARY");
		}
		const { stdout } = run("diff", report, foreign);
		expect(stdout).toMatch(/^facts\.os\.value\.name: .*\*\*\*/m);
		expect(stdout).not.toContain("CANARY");
	});

	it("leaves the checks of files alone where only a service is new", () => {
		const policy = file(
			"services.yml",
			'version: 1\nprofiles:\n  generic:\n    services: [{ name: x, url: "http://localhost:1/" }]\n',
		);
		const { stdout } = cli("replay", report, "--policy", policy, "--format", "json");
		const errors = (JSON.parse(stdout).results as { id: string; status: string }[]).filter(
			({ status }) => status === "error",
		);
		expect(errors.map(({ id }) => id)).toEqual(["service/x"]);
	});

	it("refuses expectations that nothing can be judged by, with their place", () => {
		const changed = JSON.parse(readFileSync(report, "utf8"));
		delete changed.expectations.tools;
		expect(cli("replay", file("no-tools.json", JSON.stringify(changed)))).toMatchObject({
			status: 2,
			stdout: "",
			stderr: expect.stringContaining("no-tools.json, expectations.tools: found undefined"),
		});
	});

	it("leaves a check undecided whose facts are none", () => {
		const changed = JSON.parse(readFileSync(report, "utf8"));
		changed.facts.memory.value = null;
		changed.facts["tool:git"].value = "git";
		const { status, stdout, stderr } = cli(
			"replay",
			file("no-facts.json", JSON.stringify(changed)),
			"--format",
			"json",
		);
		expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
		const errors = (JSON.parse(stdout).results as { id: string; status: string }[]).filter(
			({ status }) => status === "error",
		);
		expect(errors.map(({ id }) => id)).toEqual(expect.arrayContaining(["tool/git", "memory/available"]));
	});

	it.each([
		["nothing", "", /no JSON/],
		["no report", "{}", /version/],
		["another version", '{"version": 2}', /version/],
		["a list", "[]", /version/],
	])("refuses %s with its place", (name, text, message) => {
		expect(cli("replay", file(`${name}.json`, text))).toMatchObject({
			status: 2,
			stderr: expect.stringMatching(message),
		});
		expect(cli("replay", join(folder, "absent.json"))).toMatchObject({
			status: 2,
			stderr: expect.stringContaining("does not exist"),
		});
	});
});

describe("diff", () => {
	it("says nothing of two runs on one machine, and what changed otherwise", () => {
		const second = file("second.json", cli(...checkAsJson).stdout);
		expect(cli("diff", report, second)).toMatchObject({ status: 0, stdout: "" });
		const changed = JSON.parse(readFileSync(report, "utf8"));
		changed.runner.version = "v4.1.0";
		changed.results[0].status = "fail";
		const { status, stdout } = cli("diff", report, file("changed.json", JSON.stringify(changed)));
		expect(status).toBe(1);
		expect(stdout).toContain('runner.version: (nothing) -> "v4.1.0"');
	});
});

describe("output that cannot be written", () => {
	it.each([
		["check", "--profile", "generic"],
		["list"],
		["explain", "docker"],
		["policy", "--profile", "titan"],
		["lint", "examples/runner/config.yaml"],
		["--version"],
		["--help"],
	])("is an error: %s", (...words) => {
		const command = `exec "${process.execPath}" dist/cli.js "$@" > /dev/full`;
		const { status, stderr } = spawnSync("sh", ["-c", command, "sh", ...words], { encoding: "utf8" });
		expect({ status, stderr }).toEqual({
			status: 3,
			stderr: "runner-check: could not write the output: ENOSPC: no space left on device, write\n",
		});
	});

	it("ends like any program in a pipe, and quietly, where nobody reads", () => {
		const command = `{ sleep 0.3; "${process.execPath}" dist/cli.js list; echo "status $?" >&2; } | true`;
		expect(spawnSync("sh", ["-c", command], { encoding: "utf8" }).stderr).toBe("status 141\n");
	});
});

describe("what somebody typed wrong", () => {
	it.each([
		[["lint", "examples/runner/config.yaml", "--runner-version", "banana"], "--runner-version"],
		[["init", "--runner", "titan:host", "--runner-version", "banana"], "--runner-version"],
		[["list", "everything"], "`everything`"],
		[["policy", "titan"], "`titan`"],
		[["init", "titan"], "`titan`"],
		[["help", "chekc"], "did you mean `check`?"],
		[["chekc", "--help"], "did you mean `check`?"],
		[["diff", "--format", "json"], "`diff` takes no flags"],
	])("%j is a mistake, and no bug of ours", (words, named) => {
		const { status, stderr } = cli(...words);
		expect(status).toBe(2);
		expect(stderr).toContain(named);
	});

	it.each([
		["--format", "xml"],
		["--fail-on", "banana"],
	])("costs no run and prints no report: %s %s", (...flags) => {
		expect(cli("replay", report, ...flags)).toMatchObject({ status: 2, stdout: "" });
		const reports = join(folder, "unwritten");
		expect(cli("check", "--report-dir", reports, ...flags)).toMatchObject({ status: 2, stdout: "" });
		expect(existsSync(reports)).toBe(false);
	});

	it("gets the help of the program, or of the command", () => {
		expect(cli("--help").stdout).toContain("runner-check explain AREA | ID[:REASON]");
		for (const words of [
			["lint", "x.yaml", "-h"],
			["help", "lint"],
		])
			expect(cli(...words).stdout).toMatch(/^runner-check lint[\s\S]*^ {2}--runner-version VALUE$/m);
		const { stdout } = cli("check", "--help");
		for (const flag of stdout.match(/^ {2}--.*$/gm) ?? []) expect(stdout).toMatch(new RegExp(`${flag}\n {6}\\S`));
		expect(stdout.match(/^ {2}--/gm)?.length).toBeGreaterThan(15);
	});

	it("gets the version", () => {
		expect(cli("--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
		expect(cli("lint", "--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
	});

	it.each([
		["lint", "absent.yaml"],
		["replay", "absent.json"],
		["diff", "absent.json", "absent.json"],
		["check", "--policy", "absent.yml"],
	])("a missing file is a usage error: %s %s", (...words) => {
		expect(cli(...words)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("does not exist") });
	});

	it("a directory in place of a file is named in words", () => {
		for (const words of [
			["replay", folder],
			["check", "--policy", folder],
		]) {
			const { status, stderr } = cli(...words);
			expect(status).toBe(2);
			expect(stderr).toContain("it is a directory");
			expect(stderr).not.toMatch(/E[A-Z]{4,}/);
		}
	});

	it("is no empty flag: that is as good as none", () => {
		expect(cli("policy", "--profile", "titan", "--policy", "")).toMatchObject({ status: 0 });
	});

	it("is no directory that was removed while somebody was in it", () => {
		const gone = mkdtempSync(join(tmpdir(), "runner-check-"));
		const program = join(process.cwd(), "dist/cli.js");
		const script = `cd '${gone}' && rmdir '${gone}' && '${process.execPath}' '${program}' check --profile generic --fail-on never`;
		const { status, stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
		expect(status).toBe(0);
		expect(stdout).toContain("fs/writable");
	});
});
