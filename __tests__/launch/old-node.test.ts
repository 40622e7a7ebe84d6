import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { words } from "../../src/checks/toolchain/node-runtime-words.ts";
import { isTooOld, reportToJob, reportToTerminal } from "../../src/launch/old-node.ts";

// That these run on a Node of 6 to 14 is what __tests__/e2e/node-versions.test.ts sees to.

let folder: string;
let printed: string;
let files: { GITHUB_STEP_SUMMARY: string; GITHUB_OUTPUT: string };
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "runner-check-"));
	files = { GITHUB_STEP_SUMMARY: join(folder, "summary.md"), GITHUB_OUTPUT: join(folder, "outputs") };
	writeFileSync(files.GITHUB_STEP_SUMMARY, "of an earlier step\n");
	writeFileSync(files.GITHUB_OUTPUT, "");
	printed = "";
	vi.spyOn(process.stdout, "write").mockImplementation((text) => {
		printed += text;
		return true;
	});
});
afterEach(() => {
	vi.restoreAllMocks();
	rmSync(folder, { recursive: true });
});

const read = (file: string): string => readFileSync(file, "utf8");
const { what, fix } = words["too-old"].tell({ version: process.versions.node });
const { title, why } = words["too-old"];
const parts = [what, String(why), fix.text, fix.otherwise?.text];

/** The outputs, as a runner reads `name<<MARK` from its file. */
function outputs(): Readonly<Record<string, string>> {
	const entries = [...read(files.GITHUB_OUTPUT).matchAll(/^(\w+)<<(\S+)\n([\s\S]*?)\n\2$/gm)];
	return Object.fromEntries(entries.map(([, name, , value]) => [name, value]));
}

it("is about an older Node than this one", () => {
	expect(isTooOld).toBe(false);
});

describe("in a job", () => {
	it("is one annotation on one line, in the words of the check", () => {
		expect(reportToJob({ ...files })).toBe(1);
		expect(printed).toMatch(/^::error title=[^:,\n]+ \(node\/runtime\)::[^\n]+\n$/);
		expect(printed).toContain(title);
		const text = printed.replace(/%0A/g, "\n");
		for (const part of parts) expect(text).toContain(part);
	});

	it("is added to the job summary, with the lines to copy", () => {
		reportToJob({ ...files });
		const summary = read(files.GITHUB_STEP_SUMMARY);
		expect(summary).toMatch(/^of an earlier step\n## /);
		for (const part of parts) expect(summary).toContain(part);
		expect(summary).toContain(`\`\`\`dockerfile\n${fix.config?.text}\n\`\`\``);
		expect(summary).toContain(`\`\`\`sh\n${fix.otherwise?.commands?.join("\n")}\n\`\`\``);
	});

	it("sets every output that action.yml names", () => {
		reportToJob({ ...files, INPUT_PROFILE: "titan" });
		expect(Object.keys(outputs())).toEqual(Object.keys(parse(read("action.yml")).outputs));
		expect(outputs()).toMatchObject({
			verdict: "misconfigured",
			failed: "1",
			failures: '["node/runtime:too-old"]',
			profile: "titan",
			report: "",
			summary: files.GITHUB_STEP_SUMMARY,
		});
	});

	it.each([
		["auto", ""],
		[" gpu ", "gpu"],
		["a\nverdict=healthy", ""],
		["https://u:secret@host", ""],
	])("names the profile only where an input is the name of one: %j", (input, profile) => {
		reportToJob({ ...files, INPUT_PROFILE: input });
		expect(outputs().profile).toBe(profile);
	});

	it.each(["INPUT_FAIL-ON", "INPUT_FAIL_ON"])("succeeds where %s is never", (name) => {
		expect(reportToJob({ ...files, [name]: "never" })).toBe(0);
		expect(reportToJob({ ...files, [name]: "warn" })).toBe(1);
	});

	it("writes no summary where the input does not want one, and nothing where a runner names no files", () => {
		reportToJob({ ...files, INPUT_SUMMARY: "false" });
		expect(read(files.GITHUB_STEP_SUMMARY)).toBe("of an earlier step\n");
		expect(outputs().summary).toBe("");
		expect(reportToJob({})).toBe(1);
	});

	it("says what it cannot write, and does the rest", () => {
		expect(reportToJob({ ...files, GITHUB_STEP_SUMMARY: folder })).toBe(1);
		expect(printed).toMatch(/^::warning::runner-check could not write the job summary: .*EISDIR.*$/m);
		expect(outputs()).toMatchObject({ verdict: "misconfigured", summary: "" });
	});
});

describe("in a terminal", () => {
	it("is the finding on stdout, its first line as `--format lines` has it", () => {
		expect(reportToTerminal(["check", "--format", "lines"])).toBe(1);
		expect(printed.split("\n")[0]).toBe(`fail node/runtime:too-old: ${what} ${why}`);
		expect(printed).toContain(fix.config?.text.split("\n")[0]);
	});

	it.each([["--format", "json"], ["--format=junit"], ["check", "--format", "prometheus"]])(
		"leaves stdout to the format of %s %s %s",
		(...argv) => {
			let told = "";
			vi.spyOn(process.stderr, "write").mockImplementation((text) => {
				told += text;
				return true;
			});
			expect(reportToTerminal(argv)).toBe(1);
			expect(printed).toBe("");
			expect(told).toContain(`fail node/runtime:too-old: ${what} ${why}\n`);
		},
	);

	it.each([["--fail-on", "never"], ["--fail-on=never"], ["check", "--timeout", "5s", "--fail-on", "never"]])(
		"succeeds with %s %s",
		(...argv) => {
			expect(reportToTerminal(argv)).toBe(0);
		},
	);

	it("fails with another --fail-on", () => {
		expect(reportToTerminal(["--fail-on", "warn", "never"])).toBe(1);
	});
});
