import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";

/** What was not looked at is not well: the program itself, with real files that are empty, cut off, closed, or not files at all. */
const folder = mkdtempSync(join(tmpdir(), "never-green-"));
afterAll(() => {
	chmodSync(join(folder, "closed"), 0o700);
	rmSync(folder, { recursive: true, force: true });
});

const cli = fileURLToPath(new URL("../../dist/cli.js", import.meta.url));
const label = "builder:docker://node:22.1";
const workflow = (runsOn: string): string =>
	`on: push\njobs:\n  build:\n    runs-on: ${runsOn}\n    steps: [{run: make}]\n`;
const place = (name: string, text: string): void => {
	const path = join(folder, name);
	mkdirSync(join(path, ".."), { recursive: true });
	writeFileSync(path, text);
};

beforeAll(() => {
	expect(spawnSync("mkfifo", [join(folder, "fifo.yaml")]).status).toBe(0);
	place("empty.yaml", "");
	place("comments.yaml", "# nothing\n");
	place("config.yaml", `runner:\n  labels: ["${label}"]\n`);
	place("alone.yaml", `runner:\n  labels: ["${label}"]\n`);
	place("labels/.runner", JSON.stringify({ id: 1, uuid: "u", name: "n", labels: [label] }));
	place("one.yml", workflow("builder"));
	place("jobless.yml", "on: push\njobs: {}\n");
	place("closed/one.yml", workflow("builder"));
	place("long.yml", `${workflow("builder")}${"#".repeat(8 * 1024 * 1024)}\n`);
	// The last one asks for a label that no runner has.
	for (let number = 1; number <= 205; number++) {
		place(`many/${String(number).padStart(3, "0")}.yml`, workflow(number === 205 ? "nobody" : "builder"));
	}
	chmodSync(join(folder, "closed"), 0);
});

/** As a user for whom a closed directory is closed, on a machine without Docker. */
function run(...args: readonly string[]) {
	const asNobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
	const env = { PATH: process.env.PATH ?? "", HOME: folder, DOCKER_HOST: `unix://${folder}/none.sock` };
	chmodSync(folder, 0o755);
	return spawnSync(process.execPath, [cli, ...args], {
		cwd: folder,
		encoding: "utf8",
		env,
		timeout: 30_000,
		...asNobody,
	});
}

/** Status and reason of each check whose id matches. */
function check(ids: RegExp, ...args: readonly string[]) {
	const { stdout, status } = run("check", "--format", "json", ...args);
	const report = JSON.parse(stdout) as Report;
	const results = report.results.filter(({ id }) => ids.test(id));
	return {
		status,
		report,
		results: Object.fromEntries(results.map((one) => [one.id, `${one.status} ${one.reason ?? ""}`.trim()])),
	};
}

const passed = (results: Readonly<Record<string, string>>) =>
	Object.keys(results).filter((id) => results[id] === "pass");

describe("a run that judges nothing", () => {
	test("by `--skip '*'` fails and says how much is switched off", () => {
		const { status, stdout } = run("check", "--skip", "*");
		expect(status).toBe(1);
		expect(stdout).toContain("Runner could not be verified");
		expect(stdout).toMatch(/No check passed \((\d+) of \1 checks switched off\)/);
	});

	test("by a policy fails as well", () => {
		place("off.yml", 'version: 1\nseverity: {"*": off}\n');
		const { status, report } = check(/./, "--policy", "off.yml");
		expect(status).toBe(1);
		expect(report.verdict).toBe("unknown");
		expect(report.switched_off.count).toBe(report.switched_off.of);
	});
});

describe("the configuration of a runner", () => {
	test.each([
		["a FIFO", "fifo.yaml", "fail unreadable"],
		["an empty file", "empty.yaml", "error undecided"],
		["a file of comments", "comments.yaml", "error undecided"],
		["a directory without one", "many", "fail unreadable"],
		["a workflow", "one.yml", "fail not-a-config"],
		["a device", "/dev/null", "fail unreadable"],
		["a directory that is closed", "closed", "fail unreadable"],
		["a file in it", "closed/one.yml", "fail unreadable"],
	])("that is %s passes no check", (_, path, syntax) => {
		const { status, results } = check(/^config\//, "--runner-config", path);
		expect(status).toBe(1);
		expect(Object.keys(results).length).toBe(15);
		expect(passed(results)).toEqual([]);
		expect(results["config/syntax"]).toBe(syntax);
	});

	test("passes no check of a registration or a unit that is not there", () => {
		const { results } = check(/^config\//, "--runner-config", "alone.yaml");
		expect(results["config/registration"]).toBe("skip not-applicable");
		expect(results["config/service"]).toBe("skip not-applicable");
		expect(passed(results).length).toBe(9);
	});
});

describe("workflows", () => {
	test.each([
		["a pattern that matches nothing", "nowhere/*.yml"],
		["a file that does not exist", "nowhere/one.yml"],
		["a directory that is closed", "closed/*.yml"],
		["more files than are read", "many/*.yml"],
		["a FIFO", "fifo.yaml"],
		["a file that is longer than what is read", "long.yml"],
	])("named by %s are not served", (_, pattern) => {
		const { status, results } = check(/^workflow\//, "--workflows", pattern, "--runner-config", "config.yaml");
		expect(status).toBe(1);
		expect(results["workflow/runs-on"]).toBe("error undecided");
		expect(passed(results)).toEqual([]);
	});

	test("that are all read are, and the evidence names them", () => {
		const { report, results } = check(/^workflow\//, "--workflows", "one.yml", "--runner-config", "config.yaml");
		expect(results["workflow/runs-on"]).toBe("pass");
		expect(report.results.find(({ id }) => id === "workflow/runs-on")?.evidence).toEqual([
			{ source: "one.yml", text: "1 job, on push" },
			{ source: "runner config.yaml", text: "labels builder" },
		]);
	});
});

describe("lint", () => {
	test.each(["empty.yaml", "comments.yaml", "jobless.yml"])("has nothing to say about %s, and says that", (path) => {
		const { status, stdout } = run("lint", path);
		expect(stdout).toContain(`Not checked: \`${path}\``);
		expect(stdout).not.toContain("no problems");
		expect(status).toBe(2);
		expect(JSON.parse(run("lint", path, "--format", "json").stdout)).toMatchObject({
			results: [],
			notes: [expect.stringContaining(path)],
		});
	});

	test.each(["fifo.yaml", "/dev/null", "many/../many", "closed"])("reports %s as no file of a runner", (path) => {
		const { status, stdout } = run("lint", path);
		expect(stdout).not.toContain("no problems");
		expect(status).toBe(1);
	});

	test("says that it knows no labels to compare those of a workflow with", () => {
		const { status, stdout } = run("lint", "one.yml");
		expect(status).toBe(0);
		expect(stdout.replace(/\s+/g, " ")).toContain(
			"Not checked: the labels in `one.yml`, because no linted file has those of a runner.",
		);
		expect(run("lint", "one.yml", "config.yaml").stdout).not.toContain("Not checked");
	});
});

test("`--smoke true` without a daemon says what became of it", () => {
	const { status, results } = check(/^docker\/(?:socket|workspace)$/, "--smoke", "true");
	expect(results).toEqual({ "docker/socket": "fail missing", "docker/workspace": "skip needs:docker/socket" });
	expect(status).toBe(1);
});
