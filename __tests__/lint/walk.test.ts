/** Folders and patterns, on a real file system. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRealHost } from "../../src/host/real-host.ts";
import { pathMatcher } from "../../src/lint/glob.ts";
import { type LintOptions, runLint } from "../../src/lint/lint-command.ts";
import { filesMatching, walk } from "../../src/lint/read/walk.ts";
import { cpuTime } from "../support/cpu-time.ts";
import { lintOptions } from "../support/lint-options.ts";

let root: string;
beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "lint-walk-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
	mkdirSync(dirname(join(root, path)), { recursive: true });
	writeFileSync(join(root, path), text);
}

const host = () => ({ ...createRealHost({ PATH: "" }), cwd: () => root });

function lint(files: readonly string[], overrides: Partial<LintOptions> = {}) {
	return runLint(host(), lintOptions({ files, format: "json", ...overrides }));
}

const pathsIn = ({ text }: { text: string }): readonly string[] =>
	JSON.parse(text).files.map(({ path }: { path: string }) => path);

const config = "runner:\n  capacity: 2\n";
const unit = "[Service]\nExecStart=/usr/bin/gitea-runner daemon -c /etc/gitea-runner/config.yaml\nRestart=always\n";
const compose = "services:\n  runner:\n    image: gitea/act_runner:0.2.11\n";
const workflow = "on: push\njobs:\n  a:\n    runs-on: titan\n    steps: []\n";

describe("a folder", () => {
	test("stands for the files of runners at any depth, and for nothing else", async () => {
		write("config.yaml", config);
		write("hosts/titan/etc/my-runner.yml", config);
		write("hosts/titan/units/ci.service", unit);
		write("hosts/titan/units/nginx.service", "[Service]\nExecStart=/usr/sbin/nginx\n");
		write("deploy/compose.yaml", compose);
		write("deploy/web/compose.yaml", "services:\n  web:\n    image: nginx:1\n");
		write("app/.gitea/workflows/ci.yml", workflow);
		write("app/.github/workflows/ci.yml", workflow);
		write("ansible/play.yml", "- hosts: all\n  tasks: []\n");
		write("hosts/git.example.yml/config.yaml", config);
		write("hosts/titan.service/notes.json/runner.yaml", config);
		write("node_modules/x/config.yaml", config);
		write(".git/config.yaml", config);
		expect([...pathsIn(await lint(["."]))].sort()).toEqual([
			"./app/.gitea/workflows/ci.yml",
			"./config.yaml",
			"./deploy/compose.yaml",
			"./hosts/git.example.yml/config.yaml",
			"./hosts/titan.service/notes.json/runner.yaml",
			"./hosts/titan/etc/my-runner.yml",
			"./hosts/titan/units/ci.service",
		]);
	});

	test("with a loop of links is read once", async () => {
		write("a/config.yaml", config);
		symlinkSync("..", join(root, "a/up"));
		symlinkSync(root, join(root, "a/again"));
		expect(pathsIn(await lint(["a"]))).toEqual(["a/config.yaml"]);
	});

	test("that cannot be listed below is said, and no problem of the runner", async () => {
		write("a/config.yaml", config);
		mkdirSync(join(root, "a/closed"));
		const real = host();
		const closed = async (path: string) =>
			path.endsWith("/closed") ? ({ kind: "unreadable", code: "EACCES" } as const) : real.list(path);
		const outcome = await runLint({ ...real, list: closed }, lintOptions({ files: ["a"], width: 200 }));
		expect(outcome).toMatchObject({ exitCode: 0, results: [] });
		expect(outcome.text).toContain("Not checked: `a/closed`, which cannot be listed: permission denied (EACCES).");
	});

	test("ends at its limit, and says so", async () => {
		for (let index = 0; index < 20; index++) write(`many/${index}.txt`, "");
		expect(await walk(host(), root, "many", 10)).toMatchObject({ isCut: true });
		expect(await walk(host(), root, "many", 20)).toMatchObject({ isCut: false, closed: [] });
	});

	test("with 1,000 files is judged in less than 3 s", { timeout: 30_000 }, async () => {
		for (let index = 0; index < 250; index++) {
			write(`f${index % 20}/${index}/config.yaml`, `${config}  labels: ["a${index}:docker://x.example/y:1"]\n`);
			write(`f${index % 20}/${index}/compose.yaml`, compose);
			write(`f${index % 20}/${index}/values.yaml`, "replicaCount: 1\nx: [1, 2]\n");
			write(`f${index % 20}/${index}/runner.service`, unit);
		}
		expect(pathsIn(await lint(["."])).length).toBeGreaterThan(700);
		expect(await cpuTime(() => lint(["."]))).toBeLessThan(3000);
	});
});

describe("a pattern", () => {
	test.for([
		["deploy/**/*.yml", ["deploy/a.yml", "deploy/x/b.yml", "deploy/x/y/c.yml"]],
		["**/b.yml", ["deploy/x/b.yml"]],
		["deploy/*.yml", ["deploy/a.yml"]],
		["deploy/x/{b,d}.yml", ["deploy/x/b.yml"]],
		["deploy/[ab].y?l", ["deploy/a.yml"]],
		["none/*.yml", []],
	] as const)("%s names the files that a shell would find", async ([pattern, wanted]) => {
		for (const path of ["deploy/a.yml", "deploy/x/b.yml", "deploy/x/y/c.yml", "deploy/note.txt", "top.yml"])
			write(path, "");
		expect((await filesMatching(host(), root, pattern)).matching).toEqual(wanted);
		const absolute = await filesMatching(host(), root, `${root}/${pattern}`);
		expect(absolute.matching).toEqual(wanted.map((path) => `${root}/${path}`));
	});

	test("may have two stars for no folder at all", () => {
		const matches = pathMatcher(".gitea/workflows/**/*.yml");
		expect(matches(".gitea/workflows/ci.yml")).toBe(true);
		expect(matches(".gitea/workflows/a/b/ci.yml")).toBe(true);
		expect(matches(".gitea/workflowsci.yml")).toBe(false);
		expect(pathMatcher("**/ci.yml")("myci.yml")).toBe(false);
	});
});

describe("skipping what is not a runner's", () => {
	test("leaves compose files and units of other programs alone", async () => {
		write("compose.yaml", "services:\n  web:\n    image: nginx:1\n");
		write("nginx.service", "[Service]\nExecStart=/usr/sbin/nginx\n");
		const files = ["compose.yaml", "nginx.service"];
		expect((await lint(files)).exitCode).toBe(1);
		const skipped = await lint(files, { skipOthers: true, format: "text" });
		expect(skipped).toMatchObject({ exitCode: 0, text: "No file of a runner among 2 files.\n" });
		for (const format of ["json", "sarif", "junit", "github"] as const)
			expect((await lint(files, { skipOthers: true, format })).exitCode).toBe(0);
	});

	test("keeps what is, with its drop-ins, and what cannot be read", async () => {
		write("compose.yaml", compose);
		write("gitea-runner.service.d/x.conf", "[Service]\nRestart=always # yes\n");
		const outcome = await lint(["compose.yaml", "gitea-runner.service.d/x.conf", "gone.yaml"], { skipOthers: true });
		expect([...pathsIn(outcome)].sort()).toEqual(["compose.yaml", "gitea-runner.service.d/x.conf", "gone.yaml"]);
		expect(outcome.exitCode).toBe(1);
	});
});
