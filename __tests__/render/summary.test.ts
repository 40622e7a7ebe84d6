import { describe, expect, test } from "vitest";
import { renderSummary } from "../../src/render/summary.ts";
import { createReport, createResult, createTools } from "./builders.ts";
import { brokenInManyWays, brokenSocket, degraded, healthy, undecided } from "./reports.ts";

test("begins with the verdict and the runner's name, then one line of facts", () => {
	const [heading, , facts] = renderSummary(brokenSocket).split("\n");
	expect(heading).toBe("## ❌ Runner misconfigured: `titan-host-runner`");
	expect(facts).toBe(
		"`matric-builder` profile, chosen by the job's `runs-on` · in a container of `ghcr.io/fortemi/fortemi/builder:latest` · Gitea runner v2.0.1 · **1 failed** · 18 passed · 4 skipped · 71 ms",
	);
});

test("names the policy file that was applied", () => {
	const profile = { name: "ours", decided_by: "input", policy: ".gitea/runner-check.yml" };
	expect(renderSummary(createReport({ profile }))).toContain(
		"`ours` profile, set by the input `profile` · policy `.gitea/runner-check.yml` · ",
	);
});

test("is small", () => {
	for (const report of [healthy, degraded, undecided, brokenSocket, brokenInManyWays])
		expect(Buffer.byteLength(renderSummary(report))).toBeLessThan(10_000);
});

test("tells failures first, then what could not be decided, then warnings", () => {
	const marks = [...renderSummary(brokenInManyWays).matchAll(/^### (❌|❓|⚠️)/gm)].map(([, mark]) => mark);
	expect(marks).toEqual(["❌", "❌", "❌", "❓", "⚠️"]);
});

test("a report without failure but with something undecided is not called healthy", () => {
	const text = renderSummary(undecided);
	expect(text).toMatch(/^## ❓ Runner could not be verified/);
	expect(text).toContain("An undecided check counts as a failure");
});

test("what waits for a root cause stands under it", () => {
	expect(renderSummary(brokenSocket)).toContain("Waiting for this: `docker/daemon`, `docker/api-version`.");
});

test("what waits for an accepted deviation is shown with it", () => {
	const report = createReport({
		results: [
			createResult("docker/socket", {
				status: "skip",
				reason: "world-writable",
				message: "Everybody may open it",
				accepted: { reason: "a lab machine", until: "2026-12-31" },
			}),
			createResult("docker/daemon", { status: "skip", reason: "needs:docker/socket", message: "waits" }),
		],
	});
	const text = renderSummary(report);
	expect(text).toMatch(/Accepted for now/);
	expect(text).toMatch(/waits for `docker\/socket` \| `docker\/daemon`/);
	expect(text).toMatch(/1 accepted · 1 skipped/);
});

describe("links to the docs", () => {
	const linksFor = (docs: string) => {
		const result = createResult("docker/socket", { status: "fail", reason: "missing", docs });
		return renderSummary(createReport({ results: [result] })).match(/\]\([^)]*\)/g);
	};

	test("are absolute", () => {
		expect(linksFor("docs/checks/docker.md#socket")).toEqual([
			"](https://github.com/fortemi/runner-check/blob/main/docs/checks/docker.md#socket)",
		]);
	});

	test.each(["javascript:alert(1)", "https://elsewhere.example/", "docs/../../../x", "docs/a) [b](c"])(
		"are left out where a report holds %j",
		(docs) => {
			expect(linksFor(docs)).toBeNull();
		},
	);
});

describe("the table of tools", () => {
	const rowOf = (text: string, tool: string) => text.split("\n").find((line) => line.startsWith(`| \`${tool}\``));

	test("names what is wanted and who wants it", () => {
		expect(rowOf(renderSummary(degraded), "rustc")).toBe(
			"| `rustc` | `1.92.0` | `>=1.92` (`rust-toolchain.toml:2`) | ✅ |",
		);
		expect(rowOf(renderSummary(degraded), "cargo")).toBe("| `cargo` | `1.92.0` | any | ✅ |");
	});

	test("points to the trouble of a tool, also where another check found it", () => {
		expect(rowOf(renderSummary(brokenInManyWays), "cargo")).toBe("| `cargo` | — | any | ❌ see above |");
	});

	test("says in words what a skipped tool waits for", () => {
		const cargo = createResult("tool/cargo", { status: "skip", reason: "needs:tool/rustc" });
		const tools = createTools({ cargo: "1.0.0" });
		const report = createReport({ ...tools, results: [cargo] });
		expect(rowOf(renderSummary(report), "cargo")).toMatch(/➖ waits for `tool\/rustc` \|$/);
	});

	test("takes a tool that is called like a property of every object", () => {
		const report = createReport(createTools({ constructor: "1.0.0" }));
		expect(rowOf(renderSummary(report), "constructor")).toBe("| `constructor` | `1.0.0` | any |  |");
	});
});
