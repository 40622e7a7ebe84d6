import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AfterReport } from "../../src/after/after-report.ts";
import { differenceOf } from "../../src/cli/diff.ts";
import { readEither } from "../../src/cli/read-report.ts";
import type { LogOptions } from "../../src/render/log-text.ts";
import type { Report, Result } from "../../src/report/report.ts";
import { createReport, createResult } from "../render/builders.ts";
import { hostileTexts } from "../render/hostile.ts";
import { matchesGolden } from "../support/golden.ts";

const options: LogOptions = { width: 100, unicode: true, color: false, groups: false };
const id = "6f1c2a4e-0d7b-4a5e-9b1f-0c3d5e7f9a1b";

const start = createReport({
	id,
	started: "2026-11-24T14:03:00.000Z",
	results: [
		createResult("disk/free"),
		createResult("tool/rustc", { status: "warn", reason: "out-of-range", title: "rustc 1.85 is too old" }),
	],
});

const compared = [
	createResult("after/inodes", {
		message: "The disks of the job have free inodes",
		evidence: [{ source: "statfs /srv/jobs", text: "5,000,000 inodes free at the start, 4,990,000 inodes free now" }],
	}),
	createResult("after/gpu", { status: "skip", reason: "not-applicable", message: "No GPU was listed at the start." }),
];

/** A second look, as `after.json` has it. */
const endOf = (
	caused_by: AfterReport["caused_by"],
	finding: Partial<Result>,
	more: Partial<AfterReport> = {},
): AfterReport => ({
	version: 1,
	generator: { name: "runner-check", version: "1.0.0" },
	report: id,
	caused_by,
	outcome: "failed",
	sentence: `${openings[caused_by]}: ${finding.message}`,
	because: `${finding.id}:${finding.reason}`,
	started: "2026-11-24T14:07:00.000Z",
	duration_ms: 125,
	since: start.started,
	runner: start.runner,
	profile: start.profile,
	results: [createResult(finding.id ?? "after/disk", finding), ...compared],
	facts: {},
	...more,
});

const openings = {
	runner: "The runner caused this",
	job: "The job caused this",
	unknown: "It is unknown whether the runner caused this",
};

const filled: Partial<Result> = {
	id: "after/disk",
	status: "fail",
	reason: "filled",
	title: "The disk of the workspace filled up",
	message:
		"the disk of the workspace (`/srv/jobs`) filled up between 14:03 and 14:07 UTC: 41 GiB written below `target/`",
	why: "Writes fail with `No space left on device`.",
	expected: "free space, as at the start (38 GiB free)",
	observed: "0 bytes free",
	evidence: [{ source: "statfs /srv/jobs", text: "38 GiB free at the start, 0 bytes free now" }],
	remedy: { text: "Give this disk more room than the job needs.", commands: ["df -h /srv/jobs"], kind: "host" },
};
const ownLimit: Partial<Result> = {
	...filled,
	id: "after/memory",
	status: "warn",
	reason: "oom-killed",
	by: "job",
	title: "The job's container ran into its own memory limit",
	message: "the kernel killed a process of the job's container at its own memory limit of 512 MiB",
};
const starved: Partial<Result> = {
	...filled,
	id: "after/cpu",
	status: "warn",
	reason: "starved",
	title: "A CPU quota slowed the job down",
	message: "the job's CPU quota was used up in 491 of 500 periods",
};
const end = endOf("runner", filled);

/** As it comes out of two files. */
function difference(first: object, second: object) {
	const [a, b] = [first, second].map((value, at) => {
		const report = readEither(`${at}.json`, JSON.stringify(value));
		if ("place" in report) throw new Error(`${report.place}: ${report.found}`);
		return { path: `${at}.json`, report };
	});
	if (!a || !b) throw new Error("two of them");
	return differenceOf(a, b, options);
}

const textOf = (first: object, second: object): string => {
	const told = difference(first, second);
	return "text" in told ? told.text : `${told.place}: found ${told.found}; allowed: ${told.allowed}`;
};

describe("a report and its after.json", () => {
	it.each([
		["runner", endOf("runner", filled)],
		["job", endOf("job", ownLimit)],
		["unknown", endOf("unknown", starved)],
	] as const)("say in words who caused the failure: %s", (cause, after) => {
		const text = textOf(start, after);
		matchesGolden(`pair-${cause}.exit1.log.txt`, text);
		// In either order.
		expect(textOf(after, start)).toBe(text);
		expect(difference(start, after)).toMatchObject({ isAny: true });
	});

	it("that found nothing differ in nothing", () => {
		expect(difference(start, { ...end, results: compared })).toMatchObject({ isAny: false });
	});

	it.each([
		[
			"of another report",
			start,
			endOf("unknown", starved, { report: "another" }),
			"1.json, report: found `another`; allowed: the id of 0.json, `",
		],
		["of a report without an id", createReport(), end, "the id of 0.json, which has none"],
		["twice", end, end, "1.json: found a second look, like the other file; allowed: two reports, or"],
	])("do not go together: %s", (_, first, second, message) => {
		expect(textOf(first, second)).toContain(message);
	});
});

describe("two reports", () => {
	it("say in words what became of each check", () => {
		const second: Report = createReport({
			...start,
			verdict: "misconfigured",
			results: [
				createResult("disk/free", { status: "fail", reason: "low", title: "The disk has 1 GiB free (needs 40 GiB)" }),
				createResult("tool/rustc"),
				createResult("tool/node", { status: "skip", reason: "not-in-profile" }),
			],
			runner: { ...start.runner, version: "v3.1.0" },
		});
		matchesGolden("diff-reports.exit1.txt", textOf(start, second));
	});
});

const forbidden = /^\s*::|##\[|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/m;

describe("hostile reports", () => {
	// Without those that are larger than a report may be.
	it.each(Object.entries(hostileTexts).filter(([, text]) => text.length < 100_000))("stay inert: %s", (_, text) => {
		const result = createResult("after/x", {
			status: "fail",
			reason: text,
			title: text,
			message: text,
			why: text,
			expected: text,
			observed: text,
			evidence: [{ source: text, text }],
			remedy: { text, commands: [text], kind: "host" },
			docs: text,
		});
		const after = endOf("unknown", starved, {
			sentence: text,
			results: [result, { ...result, status: "pass" }, { ...result, status: "skip" }],
			started: "9999-99-99T99:99:99.999Z",
		});
		const before = {
			...start,
			runner: { ...start.runner, name: text },
			profile: { ...start.profile, name: text },
			results: [result],
		};
		expect(textOf(before, after)).not.toMatch(forbidden);
		expect(textOf(start, before)).not.toMatch(forbidden);
	});
});

describe("from a terminal", () => {
	let folder: string;
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), "runner-check-"));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const canary = "canary-77aa01fe";
	const file = (name: string, value: unknown): string => {
		const path = join(folder, name);
		writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
		return path;
	};
	const diff = (...words: string[]) => {
		const env = { ...process.env, DEPLOY_TOKEN: canary };
		const { status, stdout, stderr } = spawnSync(process.execPath, ["dist/cli.js", "diff", ...words], {
			env,
			encoding: "utf8",
		});
		expect(stdout + stderr).not.toContain(canary);
		return { status, stdout, stderr };
	};

	it("the exit code is 1 if something gave out, and no secret is printed", () => {
		const told = diff(file("a.json", start), file("b.json", { ...end, sentence: `${end.sentence} ${canary}` }));
		expect(told).toMatchObject({ status: 1, stderr: "" });
		expect(told.stdout).toMatch(/^✖ The runner caused this: |^x The runner caused this: /);
		expect(diff(file("a.json", start), file("c.json", { ...end, results: compared })).status).toBe(0);
	});

	it.each<[string, unknown, RegExp]>([
		["no JSON", "{", /b\.json: found no JSON/],
		["no report", {}, /b\.json, version: found undefined; allowed: "version": a report of runner-check/],
		["no second look", { caused_by: "runner" }, /b\.json, version: found undefined/],
		[
			"a cause that is none",
			{ ...end, caused_by: "\u001b[2Jme" },
			/b\.json, caused_by: found "[^\u001b]*me"; allowed: /,
		],
		["results of another form", { ...end, results: [{}] }, /b\.json, results\.0\.id: found undefined/],
		[
			"the second look at another report",
			endOf("unknown", starved, { report: `x\n::error::${canary}` }),
			/b\.json, report: found `x/,
		],
	])("%s is refused with its place, what was found and what is allowed", (_, second, message) => {
		const { status, stdout, stderr } = diff(file("a.json", start), file("b.json", second));
		expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
		expect(stderr).toMatch(message);
		expect(stderr).not.toMatch(/^::/m);
	});
});
