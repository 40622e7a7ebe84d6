import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "output-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a shell script with the built program as `"$@"`. */
function sh(script: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
	const { status, signal, stdout, stderr } = spawnSync("sh", ["-c", script, "sh", process.execPath, ...words], {
		encoding: "utf8",
		timeout: 30_000,
		env: { PATH: process.env.PATH, HOME: folder, RUNNER_TEMP: folder, ...env },
	});
	return { status, signal, stdout, stderr };
}

const check = ["dist/cli.js", "check", "--profile", "generic", "--fail-on", "never"];

describe("the terminal's output", () => {
	it.each(["text", "lines", "json", "junit", "prometheus", "markdown"])("is an error on a full disk: %s", (format) => {
		const { status, stderr } = sh('exec "$@" > /dev/full', [...check, "--format", format]);
		expect({ status, stderr }).toEqual({
			status: 3,
			stderr: "runner-check: could not write the output: ENOSPC: no space left on device, write\n",
		});
	});

	it.each([[[...check, "--format", "json"]], [["dist/cli.js", "list"]], [["dist/cli.js", "explain", "docker"]]])(
		"ends with a reader that has seen enough, and says nothing: %j",
		(words) => {
			const { stdout, stderr } = sh('{ "$@"; echo "status $?" >&2; } | head -c 1', words);
			expect(stdout).toHaveLength(1);
			// A short output fits into the pipe and is read by nobody.
			expect(stderr).toMatch(/^status (?:0|141)\n$/);
		},
	);

	it("costs no verdict if stderr takes nothing", () => {
		const { status, stdout } = sh('exec "$@" 2> /dev/full', [...check, "--report-dir", "/proc/x", "--format", "json"]);
		expect(status).toBe(3);
		expect(JSON.parse(stdout)).toMatchObject({ profile: { name: "generic" } });
		expect(sh('exec "$@" 2> /dev/full', ["dist/cli.js", "nonsense"]).status).toBe(2);
	});
});

describe("a step's log", () => {
	it("that cannot be written fails the step, which still has its report, summary and outputs", () => {
		const files = { GITHUB_OUTPUT: join(folder, "output"), GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
		for (const file of Object.values(files)) writeFileSync(file, "");
		const inputs = { INPUT_PROFILE: "generic", "INPUT_FAIL-ON": "never" };
		const { status, stderr } = sh('exec "$@" > /dev/full', ["dist/main.js"], { ...files, ...inputs });
		expect({ status, stderr }).toEqual({
			status: 1,
			stderr: "runner-check: could not write the log: ENOSPC: no space left on device, write\n",
		});
		expect(readFileSync(files.GITHUB_OUTPUT, "utf8")).toMatch(/^verdict<</m);
		expect(readFileSync(files.GITHUB_STEP_SUMMARY, "utf8")).toContain("## ");
		expect(JSON.parse(readFileSync(join(folder, "runner-check", "report.json"), "utf8"))).toMatchObject({ version: 1 });
	});

	it.each([",", " ,\n, "])("is not all there is: `formats: %j` names none and is a mistake", (formats) => {
		const { status, stdout } = sh('exec "$@"', ["dist/main.js"], { INPUT_PROFILE: "generic", INPUT_FORMATS: formats });
		expect(status).toBe(1);
		expect(stdout).toMatch(/^::error title=runner-check inputs::input `formats`: found .+; allowed: json, junit/m);
	});
});
