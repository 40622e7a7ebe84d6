import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { maxLine, maxPublished, publishedLines, publishedReport } from "../../src/fleet/published.ts";
import { type JobRecord, readLog, reportsIn } from "../../src/fleet/read-log.ts";
import { digest } from "../../src/host/packed.ts";
import type { Report } from "../../src/report/report.ts";
import { createReport, createResult } from "../render/builders.ts";

const record: JobRecord = { repository: "fortemi/fortemi", runId: "12", runner: "titan-host-runner" };
const failing = createResult("docker/socket", { status: "fail", reason: "missing" });

/** Text that gzip cannot make smaller: pseudo-random, and the same in every run. */
function noise(length: number): string {
	let state = 1;
	return Array.from({ length }, () => {
		state = (state * 48271) % 2147483647;
		return String.fromCharCode(33 + (state % 90));
	}).join("");
}

/** A log as Gitea serves it: a time before each line. */
function log(...texts: readonly string[]): string {
	const lines = texts.flatMap((text) => text.split("\n"));
	return lines
		.map((line, index) => `2026-01-02T15:03:${String(index % 60).padStart(2, "0")}.2551234Z ${line}\n`)
		.join("");
}

const published = (report: Report): string => publishedReport(report).text;
/** A packed word under the right digest, whatever it holds. */
const lineOf = (packed: string, count = "1/1"): string => `runner-check-report:1:${digest(packed)}:${count}:${packed}`;
const packed = (text: string): string => gzipSync(text).toString("base64");

describe("a report in the log of its job", () => {
	it("comes back as it was", () => {
		const report = createReport({ results: [failing] });
		const { reports, rejected } = reportsIn(log("##[group]Run x", published(report), "after"), record);
		expect(reports).toEqual([report]);
		expect(rejected).toEqual([]);
	});

	it("takes several lines where one is too short, each of at most 40,000 characters with its time", () => {
		const report = createReport({ facts: { x: { ok: true, value: noise(100_000), ms: 1 } } });
		const text = log(published(report));
		expect(text.split("\n").filter((line) => line.includes("runner-check-report:1:")).length).toBeGreaterThan(1);
		expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(maxLine);
		expect(reportsIn(text, record).reports).toEqual([report]);
	});

	it("loses its facts beyond 200,000 characters, says so, and keeps which job it is of", () => {
		const job = { ok: true as const, value: { inJob: true, runnerName: "titan-host-runner" }, ms: 1 };
		const report = createReport({ facts: { job, x: { ok: true, value: noise(400_000), ms: 1 } } });
		const text = published(report);
		expect(text).toContain("The facts are left out");
		expect(text.length).toBeLessThan(maxPublished);
		expect(reportsIn(log(text), record).reports).toEqual([{ ...report, facts: { job } }]);
	});

	it("is not published if it is too large without its facts, too", () => {
		const huge = createReport({ results: [createResult("docker/socket", { message: noise(400_000) })] });
		expect(publishedReport(huge)).toEqual({ text: "", isTooLarge: true });
	});

	it("is the last one of each profile", () => {
		const first = createReport({ duration_ms: 1 });
		const last = createReport({ duration_ms: 2 });
		const other = createReport({ profile: { name: "titan", decided_by: "input" } });
		const { reports } = reportsIn(log(published(first), published(other), published(last)), record);
		expect(reports.map(({ profile, duration_ms }) => [profile.name, duration_ms])).toEqual([
			["matric-builder", 2],
			["titan", 84],
		]);
	});

	it("may be told by a runner that knows no name of its own", () => {
		const facts = { job: { ok: true as const, value: { inJob: true }, ms: 1 } };
		const report = createReport({ runner: { ...createReport().runner, name: "4b326e483400" }, facts });
		expect(reportsIn(log(published(report)), record).reports).toEqual([report]);
	});

	it("can stand next to a second look", () => {
		const after = publishedLines("after", JSON.stringify({ version: 1, caused_by: "runner" })) ?? [];
		expect(reportsIn(log(published(createReport()), ...after), record)).toMatchObject({
			reports: [{ verdict: "healthy" }],
			after: ["runner"],
		});
	});
});

describe("a hostile log", () => {
	const rejectedIn = (text: string, of = record) => {
		const { reports, rejected } = reportsIn(text, of);
		expect(reports).toEqual([]);
		return rejected.join("\n");
	};

	it("cannot report for another runner, run or repository", () => {
		const text = log(published(createReport()));
		expect(rejectedIn(text, { ...record, runner: "other" })).toBe(
			"a report for the runner titan-host-runner, but the job ran on other",
		);
		expect(rejectedIn(text, { ...record, runId: "13" })).toBe("a report of run 12 in the log of run 13");
		expect(rejectedIn(text, { ...record, repository: "a/b" })).toBe("a report of the repository fortemi/fortemi");
	});

	it.each([[{ toString: 1 }], [7], [["titan-host-runner"]], [null]])(
		"cannot name its runner in another form: %j",
		(runnerName) => {
			const facts = { job: { ok: true as const, value: { runnerName }, ms: 1 } };
			expect(rejectedIn(log(published(createReport({ facts }))))).toBe(
				"a report that names its runner in another form than text",
			);
		},
	);

	it("cannot hide a bad report behind a good one, before or after it", () => {
		const good = createReport();
		const bad = createReport({ results: [failing] });
		for (const order of [
			[good, bad],
			[bad, good],
		]) {
			const { reports, rejected } = reportsIn(log(...order.map(published)), record);
			expect(reports).toEqual([bad]);
			expect(rejected).toEqual(["two reports of the profile matric-builder that disagree; the worse one counts"]);
		}
	});

	it.each([
		["no marker of ours", "runner-check-report: hello", /^$/],
		["an unknown form", "runner-check-report:1:hello", /damaged/],
		["a masked secret", lineOf(packed("{}")).replace(/.{5}$/, "***ab"), /damaged/],
		["another digest", `${lineOf(packed("{}")).replace(/:[0-9a-f]{16}:/, ":0123456789abcdef:")}`, /damaged/],
		["line 2 of 1", lineOf(packed("{}"), "2/1"), /damaged/],
		["line 0", lineOf(packed("{}"), "0/1"), /damaged/],
		["99 lines", lineOf(packed("{}"), "1/99"), /damaged/],
		["a missing line", lineOf(packed("{}"), "1/2"), /not complete/],
		["no gzip", lineOf("aGVsbG8="), /cannot be unpacked/],
		["no JSON", lineOf(packed("hello")), /not a report: no JSON/],
		["another kind of JSON", lineOf(packed('{"version":2}')), /not a report/],
		[
			"deep nesting",
			lineOf(packed(`${"[".repeat(200_000)}${"]".repeat(200_000)}`)),
			/not a report: more than 100 levels/,
		],
		["a marker within a line", `x ${lineOf(packed("{}"))}`, /^$/],
		["a second look without a cause", (publishedLines("after", "[]") ?? []).join("\n"), /says no cause/],
	])("says why it takes no report: %s", (_, text, expected) => expect(rejectedIn(log(text))).toMatch(expected));

	it("unpacks no bomb", () => {
		const bomb = packed("0".repeat(100 * 1024 * 1024));
		expect(bomb.length).toBeLessThan(maxPublished);
		const parts = bomb.match(/.{1,39000}/g) ?? [];
		const lines = parts.map(
			(part, index) => `runner-check-report:1:${digest(bomb)}:${index + 1}/${parts.length}:${part}`,
		);
		const before = process.memoryUsage().rss;
		expect(rejectedIn(log(...lines))).toBe("a published report that cannot be unpacked, or is larger than 8 MiB");
		expect(process.memoryUsage().rss - before).toBeLessThan(80 * 1024 * 1024);
	});

	it("is read in one pass, whatever the length of its lines", () => {
		const long = `runner-check-report:1:${"a".repeat(30 * 1024 * 1024)}`;
		const started = performance.now();
		expect(rejectedIn(log(long, "x".repeat(30 * 1024 * 1024)))).toMatch(/damaged/);
		expect(performance.now() - started).toBeLessThan(5000);
	});

	it("has only its last ten texts unpacked", () => {
		const { texts, rejected } = readLog(log(...Array.from({ length: 30 }, (_, index) => lineOf(packed(`${index}`)))));
		expect(texts.map(({ json }) => json)).toEqual(Array.from({ length: 10 }, (_, index) => `${index + 20}`));
		expect(rejected).toEqual(["30 published texts, of which only the last 10 are read"]);
	});
});
