import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Ajv from "ajv";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fleet } from "../../src/fleet/fleet.ts";
import type { Report } from "../../src/report/report.ts";
import { failing, hoursAgo, now, reportOf } from "./support/looks.ts";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "fleet-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function fleet(...args: readonly string[]) {
	const command = [join(process.cwd(), "dist/cli.js"), "fleet", ...args, "--now", now];
	const env = { PATH: process.env.PATH, FLEET_TOKEN: "canary-5up3rs3cr3t" };
	return spawnSync(process.execPath, command, { encoding: "utf8", cwd: folder, env, maxBuffer: 1e9 });
}

function fleetJson(...args: readonly string[]): Fleet {
	return JSON.parse(fleet(...args, "--format", "json").stdout);
}

function put(path: string, content: Report | string): void {
	const file = join(folder, path);
	mkdirSync(join(file, ".."), { recursive: true });
	writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

describe("fleet DIR", () => {
	it("reads artifacts as they are downloaded, also several folders", () => {
		put("in/run-1/report-titan/report.json", reportOf(25));
		put("in/run-2/report-titan/report.json", reportOf(1));
		put("in/run-2/report-titan/summary.md", "# not a report");
		put("more/x.json", reportOf(1, { name: "b", results: [failing] }));
		const { status, stdout } = fleet("in", "more");
		expect(status).toBe(1);
		expect(stdout).toContain("Fleet: misconfigured");
		expect(fleetJson("in", "more")).toMatchObject({
			version: 1,
			generated: now,
			verdict: "misconfigured",
			runners: [{ name: "b" }, { name: "titan-1", history: [{ at: hoursAgo(25) }, { at: hoursAgo(1) }] }],
			rejected: [],
		});
		expect(fleet("in").status).toBe(0);
	});

	it("judges by the policy's runners, ages and profiles, and by a flag before it", () => {
		put("in/a.json", reportOf(3, { profile: { name: "inference", decided_by: "input" } }));
		put(
			".gitea/runner-check.yml",
			"version: 1\nprofiles: { inference: { extends: gpu, labels: [infer] } }\nfleet:\n  max-age: 2h\n  runners: [{ name: titan-1, profile: inference }, { name: b }]\n",
		);
		expect(fleetJson("in").runners).toMatchObject([
			{ name: "b", status: "silent", why: "The policy expects this runner, and it never sent a report." },
			{ name: "titan-1", status: "silent", labels: ["infer"] },
		]);
		expect(fleetJson("in", "--max-age", "4h").runners).toMatchObject([{ status: "silent" }, { status: "reported" }]);
	});

	it("counts who caused the failures of jobs, where a second look is next to a report", () => {
		put("in/1/report.json", reportOf(3));
		put("in/1/after.json", '{"version":1,"caused_by":"runner"}');
		put("in/2/report.json", reportOf(2));
		put("in/2/after.json", '{"version":1,"caused_by":"job"}');
		put("in/3/report.json", reportOf(1));
		put("in/3/after.json", "hello");
		expect(fleetJson("in")).toMatchObject({ runners: [{ after: { runner: 1, job: 1, unknown: 0 } }], rejected: [] });
	});

	it("names labels of profiles that no runner serves", () => {
		put("in/a.json", reportOf(1));
		put(
			".gitea/workflows/ci.yml",
			"on: push\njobs:\n  a:\n    runs-on: titan\n  b:\n    runs-on: gpu\n  c:\n    runs-on: ubuntu-latest\n",
		);
		expect(fleetJson("in").unserved).toEqual([{ label: "gpu", file: ".gitea/workflows/ci.yml", line: 6 }]);
	});

	it("names what is not a report, and follows no link", () => {
		const outside = mkdtempSync(join(tmpdir(), "outside-"));
		writeFileSync(join(outside, "secret.json"), "top secret");
		put("in/a.json", reportOf(1));
		put("in/none.json", "{}");
		put("in/text.json", "hello");
		put("in/deep.json", `${"[".repeat(300_000)}${"]".repeat(300_000)}`);
		put("in/later.json", reportOf(-1));
		put("in/never.json", reportOf(1, { started: "2026-99-99T00:00:00.000Z" }));
		symlinkSync(join(outside, "secret.json"), join(folder, "in/link.json"));
		symlinkSync(outside, join(folder, "in/folder"));
		execFileSync("mkfifo", [join(folder, "in/fifo.json")]);
		mkdirSync(join(folder, "in/dir.json"));
		put("in/1/2/3/4/5/6/7/report.json", reportOf(1, { name: "too deep" }));
		const { stdout, status } = fleet("in", "--format", "json");
		expect(status).toBe(0);
		expect(stdout).not.toContain("top secret");
		const { rejected, runners } = JSON.parse(stdout) as Fleet;
		expect(runners).toHaveLength(1);
		const reasons = Object.fromEntries(rejected.map(({ file, reason }) => [file.replace("in/", ""), reason]));
		expect(reasons).toEqual({
			"none.json": "not a report: version is missing",
			"text.json": expect.stringMatching(/^not a report: no JSON/),
			"deep.json": "not a report: more than 100 levels",
			"later.json": `is of the future: ${hoursAgo(-1)}`,
			"never.json": "not a report: 2026-99-99T00:00:00.000Z is not a date",
			"link.json": "a link, which was not followed",
			"fifo.json": "not a regular file",
			"dir.json": "not a regular file",
			"1/2/3/4/5/6": "more than 6 levels of folders",
		});
		rmSync(outside, { recursive: true });
	});

	it("keeps hostile names and texts inert in every format", () => {
		const evil =
			"::error::x\u001b[31m<script>alert(1)</script> @everyone [a](javascript:alert(1)) `|` ##[error] canary-5up3rs3cr3t";
		const result = {
			...failing,
			title: evil,
			message: evil,
			why: evil,
			remedy: { text: evil, commands: [evil], kind: "host" as const },
		};
		put("in/a.json", reportOf(1, { name: evil, profile: { name: evil, decided_by: evil }, results: [result] }));
		put("in/b\u001b[31m::error::.json", "{}");
		const outputs = ["text", "json", "markdown", "prometheus"].map((format) => fleet("in", "--format", format));
		for (const { stdout, stderr } of outputs) {
			expect(stdout + stderr).not.toContain("canary-5up3rs3cr3t");
			expect(stdout).not.toMatch(/\u001b|^\s*::|##\[/m);
		}
		const markdown = (outputs[2]?.stdout ?? "").replace(/^```sh\n.*?\n```$/gms, "");
		expect(markdown).not.toMatch(/<script|@everyone|\]\(javascript/);
	});

	it("writes every format with --out, and does not read its own fleet.json again", () => {
		put("in/a.json", reportOf(1));
		expect(fleet("in", "--out", "in").status).toBe(0);
		const written = JSON.parse(readFileSync(join(folder, "in/fleet.json"), "utf8"));
		expect(written).toEqual(fleetJson("in"));
		expect(readFileSync(join(folder, "in/fleet.md"), "utf8")).toContain("Fleet healthy");
		const accepts = new Ajv({ strict: false }).compile(JSON.parse(readFileSync("schema/fleet.schema.json", "utf8")));
		accepts(written);
		expect(accepts.errors).toBeNull();
	});

	it.each([
		[[], /takes folders of reports/],
		[["nowhere"], /nowhere does not exist/],
		[["in", "--max-age", "3"], /`--max-age`: found `3`/],
		[["in", "--max-age", "0h"], /`--max-age`/],
		[["in", "--now", "soon"], /twice/],
		[["in", "--policy", "none.yml"], /none.yml`, which does not exist/],
		[["in", "--format", "xml"], /`--format`: found `xml`/],
	])("is a usage error: %j", (args, message) => {
		put("in/a.json", reportOf(1));
		const { status, stderr } = fleet(...args);
		expect(stderr).toMatch(message);
		expect(status).toBe(2);
	});

	it("is unknown, and fails, without any report", () => {
		mkdirSync(join(folder, "in"));
		const { status, stdout } = fleet("in");
		expect(stdout).toContain("Fleet: unknown");
		expect(status).toBe(1);
	});

	it("takes time in proportion to the number of reports", { timeout: 120_000 }, () => {
		const healthy = JSON.parse(readFileSync("__tests__/fixtures/reports/healthy-container.json", "utf8")) as Report;
		const fill = (name: string, count: number): void => {
			for (let index = 0; index < count; index++) {
				const runner = { ...healthy.runner, name: `runner-${index % 100}` };
				put(`${name}/${index}.json`, { ...healthy, runner, started: hoursAgo(1 + Math.floor(index / 100)) });
			}
		};
		const took = (name: string): number => {
			const started = performance.now();
			expect(fleetJson(name).runners).toHaveLength(100);
			return performance.now() - started;
		};
		fill("few", 300);
		fill("many", 1500);
		took("few");
		const [few, many] = [took("few"), took("many")];
		// Five times as many: less than ten times the time of the few, start included.
		expect(many).toBeLessThan(10 * few);
		cpSync(join(folder, "few"), join(folder, "again"), { recursive: true });
		expect(fleetJson("few", "again").runners[0]?.history).toHaveLength(3);
	});
});
