import { spawnSync } from "node:child_process";
import {
	closeSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "report-dir-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const place = (...names: readonly string[]): string => join(folder, ...names);

/** Runs the built program of the terminal. A write that never returns would hold this test, too: it gets a deadline. */
function cli(...args: readonly string[]) {
	const options = { encoding: "utf8", timeout: 15_000, killSignal: "SIGKILL" } as const;
	const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", ...args], options);
	return { status, stdout, stderr };
}

/** Runs the built action in a job that is no more than its variables, and gives what it printed and put out. */
function action(inputs: Readonly<Record<string, string>>) {
	writeFileSync(place("summary.md"), "");
	writeFileSync(place("output"), "");
	const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/main.js"], {
		encoding: "utf8",
		timeout: 15_000,
		killSignal: "SIGKILL",
		env: {
			PATH: process.env.PATH,
			GITHUB_STEP_SUMMARY: place("summary.md"),
			GITHUB_OUTPUT: place("output"),
			INPUT_PROFILE: "generic",
			"INPUT_FAIL-ON": "never",
			...inputs,
		},
	});
	const read = (name: string): string => readFileSync(place(name), "utf8");
	return { status, stdout, stderr, summary: read("summary.md"), output: read("output") };
}

/** Directories that nobody can make, root neither. */
function impossible(): readonly string[] {
	writeFileSync(place("file"), "");
	symlinkSync(place("nowhere"), place("dangling"));
	return ["/proc/x", "/proc/sys/x/y", "/sys/x", place("file"), place("dangling")];
}

describe("check --report-dir", () => {
	const check = ["check", "--profile", "generic"];

	it("writes the report that it prints", () => {
		const { stdout } = cli(...check, "--format", "json", "--report-dir", place("a", "b"));
		expect(readFileSync(place("a", "b", "report.json"), "utf8")).toBe(stdout);
		expect(readdirSync(place("a", "b"))).toEqual(["report.json"]);
	});

	it("prints the report, an error, and exits with 3 where nothing can be written", () => {
		for (const directory of impossible()) {
			const passing = cli(...check, "--fail-on", "never", "--format", "json", "--report-dir", directory);
			expect(passing, directory).toMatchObject({
				status: 3,
				stderr: expect.stringContaining(`${directory}/report.json`),
			});
			expect(passing.stderr).toMatch(/^runner-check: could not write .+\n$/);
			expect(JSON.parse(passing.stdout)).toMatchObject({ profile: { name: "generic" } });
		}
		const failing = cli(...check, "--tools", "no-such-tool: '*'", "--report-dir", "/proc/x");
		expect(failing).toMatchObject({ status: 3, stdout: expect.stringContaining("no-such-tool") });
	});

	it("is no reason for init to say nothing", () => {
		const { status, stdout, stderr } = cli("init", "--profile", "generic", "--report-dir", "/proc/x");
		expect({ status, stderr }).toMatchObject({ status: 3, stderr: expect.stringContaining("could not write") });
		expect(stdout).toMatch(/^version: 1$/m);
	});
});

describe("report-dir of the action", () => {
	it("fails with summary, outputs and an error where nothing can be written", () => {
		for (const directory of impossible()) {
			const { status, stdout, summary, output } = action({ "INPUT_REPORT-DIR": directory });
			expect(status, directory).toBe(1);
			expect(stdout).toContain(`::error::runner-check could not write ${directory}/report.json`);
			expect(summary).toContain("## ");
			expect(output).toMatch(/^verdict<</m);
			expect(output).toMatch(/^report<<(.+)\n\n\1$/m);
		}
	});

	it("is worth a warning where no input names it", () => {
		writeFileSync(place("file"), "");
		const { status, stdout, output } = action({ RUNNER_TEMP: place("file") });
		expect(status).toBe(0);
		expect(stdout).toContain(`::warning::runner-check could not write ${place("file")}/runner-check/report.json`);
		expect(output).toMatch(/^verdict<</m);
	});

	it("replaces what has the name of a report, and follows no link", () => {
		writeFileSync(place("canary"), "precious");
		mkdirSync(place("reports", "junit.xml"), { recursive: true });
		symlinkSync(place("canary"), place("reports", "summary.md"));
		expect(spawnSync("mkfifo", [place("reports", "report.json")]).status).toBe(0);
		const { status, stdout, output } = action({
			"INPUT_REPORT-DIR": place("reports"),
			INPUT_FORMATS: "json, markdown, junit",
		});
		expect(status).toBe(1);
		expect(readFileSync(place("canary"), "utf8")).toBe("precious");
		expect(JSON.parse(readFileSync(place("reports", "report.json"), "utf8"))).toMatchObject({ version: 1 });
		expect(readFileSync(place("reports", "summary.md"), "utf8")).toContain("## ");
		expect(stdout).toContain(`::error::runner-check could not write ${place("reports", "junit.xml")}`);
		expect(readdirSync(place("reports")).sort()).toEqual(["junit.xml", "report.json", "summary.md"]);
		expect(output).toContain(`\n${place("reports", "report.json")}\n`);
	});
});

describe("--output", () => {
	const metrics = ["check", "--profile", "generic", "--fail-on", "never", "--format", "prometheus", "--output"];

	it("takes the report instead of stdout, and leaves nothing else in the directory", () => {
		const { status, stdout, stderr } = cli(...metrics, place("node-exporter", "generic.prom"));
		expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
		expect(readFileSync(place("node-exporter", "generic.prom"), "utf8")).toMatch(/^runner_check_healthy\{.*\} [01]$/m);
		expect(readdirSync(place("node-exporter"))).toEqual(["generic.prom"]);
	});

	it("replaces the file: who has the old one open reads it to its end, and a link is not followed", () => {
		writeFileSync(place("canary"), "precious");
		symlinkSync(place("canary"), place("a.prom"));
		writeFileSync(place("b.prom"), "old text");
		const reader = openSync(place("b.prom"), "r");
		for (const name of ["a.prom", "b.prom"]) expect(cli(...metrics, place(name)).status).toBe(0);
		expect(readFileSync(place("canary"), "utf8")).toBe("precious");
		expect(lstatSync(place("a.prom")).isFile()).toBe(true);
		expect(readFileSync(reader, "utf8")).toBe("old text");
		closeSync(reader);
	});

	it("is an error that names the file where nothing can be written", () => {
		for (const directory of impossible()) {
			const { status, stdout, stderr } = cli(...metrics, `${directory}/x.prom`);
			expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
			expect(stderr).toContain(`could not write ${directory}/x.prom`);
		}
	});

	it("has no color for a file, and is for replay as well", () => {
		const report = "__tests__/fixtures/reports/broken-container.json";
		const { status } = cli("replay", report, "--output", place("report.txt"));
		expect(status).toBe(1);
		expect(readFileSync(place("report.txt"), "utf8")).toMatch(/^[^\u001b]*misconfigured[^\u001b]*$/);
	});
});
