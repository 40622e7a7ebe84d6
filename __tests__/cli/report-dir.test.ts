import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
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
