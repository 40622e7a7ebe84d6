import { describe, expect, test } from "vitest";
import type { ToolRun } from "../../src/probes/tools.ts";
import { annotationsOf } from "../../src/render/annotations.ts";
import { renderJson } from "../../src/render/json.ts";
import { outputsOf } from "../../src/render/outputs.ts";
import type { Report } from "../../src/report/report.ts";
import { versionsOf } from "../../src/report/versions.ts";
import { createReport, createResult, createTools } from "./builders.ts";
import { brokenInManyWays, healthy } from "./reports.ts";

/** The same report from a runner of another forge. */
const on = (system: Report["runner"]["system"], report: Report): Report => ({
	...report,
	runner: { ...report.runner, system },
});

const configuration = { file: "config.yaml", language: "yaml", text: 'container:\n  docker_host: ""' } as const;

describe("annotations", () => {
	test("there is one for each result that failed, is undecided or warns", () => {
		expect(annotationsOf(brokenInManyWays).map(({ level }) => level)).toEqual([
			"error",
			"error",
			"error",
			"error",
			"warning",
		]);
		expect(annotationsOf(healthy)).toEqual([]);
	});

	test("the place is in the properties and in the text", () => {
		const annotation = annotationsOf(on("github", brokenInManyWays)).at(-1);
		expect(annotation?.properties).toEqual({
			title: "A label names an image without a fixed version (config/label)",
			file: "/etc/gitea-runner/config.yaml",
			startLine: 12,
			startColumn: 7,
		});
		expect(annotation?.message).toMatch(/^\/etc\/gitea-runner\/config\.yaml:12:7: The label/);
	});

	test("the text holds the fix and its commands", () => {
		const [first] = annotationsOf(on("github", brokenInManyWays));
		expect(first?.message).toContain("Fix it on the host: Give the runner's service the directory");
		expect(first?.message).toContain(
			"\n  in /etc/systemd/system/gitea-runner.service.d/override.conf:\n    [Service]\n    Environment=PATH=",
		);
		expect(first?.message).toContain("\n  systemctl restart gitea-runner");
	});

	test.each(["gitea", "forgejo"] as const)("on %s each is one row of the log", (system) => {
		const annotations = annotationsOf(on(system, brokenInManyWays));
		expect(annotations.filter(({ properties }) => "title" in properties)).toEqual([]);
		expect(annotations.at(-1)?.properties).toMatchObject({ startLine: 12 });
		const messages = annotations.map(({ message }) => message);
		expect(messages).toHaveLength(5);
		for (const message of messages) {
			expect(message.length, message).toBeLessThanOrEqual(120);
			expect(message).not.toMatch(/[\r\n]|%0A/);
		}
		expect(messages[0]).toBe("The tool is installed, but not on PATH");
		expect(messages[4]).toMatch(/^\/etc\/gitea-runner\/config\.yaml:12:7: A label names/);
	});

	test.each([
		["alone is the fix, so the row has it", {}, "The daemon is down: sudo systemctl start docker"],
		["that follows lines of configuration fixes nothing by itself", { config: configuration }, "The daemon is down"],
	] as const)("a command %s", (_, more, row) => {
		const remedy = { text: "Do it.", commands: ["sudo systemctl start docker"], kind: "host", ...more } as const;
		const result = createResult("docker/daemon", {
			status: "fail",
			reason: "down",
			title: "The daemon is down",
			remedy,
		});
		expect(annotationsOf(createReport({ results: [result] }))[0]?.message).toBe(row);
	});

	test("a command that does not fit into the row is left out, not cut", () => {
		const remedy = { text: "Do it.", commands: [`sudo ${"x".repeat(120)}`], kind: "host" } as const;
		const result = createResult("disk/free", { status: "fail", reason: "low", title: "Disk almost full", remedy });
		expect(annotationsOf(createReport({ results: [result] }))[0]?.message).toBe("Disk almost full");
	});

	test("an id with a port leaves no colon in the title", () => {
		const result = createResult("registry/ghcr.io:5000", {
			status: "fail",
			reason: "denied",
			title: "Denied: no access",
		});
		const [annotation] = annotationsOf(on("github", createReport({ results: [result] })));
		expect(annotation?.properties.title).toBe("Denied - no access (registry/ghcr.io - 5000)");
	});
});

describe("outputs", () => {
	test("are those of the contract", () => {
		expect(outputsOf(brokenInManyWays, { report: "/r.json", summary: "/s.md" })).toEqual({
			verdict: "misconfigured",
			passed: "3",
			warned: "1",
			failed: "3",
			errored: "1",
			skipped: "3",
			failures: JSON.stringify([
				"tool/cargo:off-path",
				"docker/daemon:timeout",
				"gpu/driver:library-mismatch",
				"disk/free:low",
			]),
			versions: JSON.stringify({ rustc: "1.92.0", node: "22.11.0" }),
			profile: "gpu",
			report: "/r.json",
			summary: "/s.md",
		});
	});
});

describe("versions", () => {
	const versionOf = (run: ToolRun | undefined) => {
		const { expectations } = createTools({ node: "1.0.0" });
		const facts = { "tool:node": { ok: true as const, value: { run }, ms: 1 } };
		return versionsOf({ expectations, facts }).get("node");
	};
	const exited = (code: number, stdout: string, stderr = ""): ToolRun => ({
		kind: "ran",
		outcome: { kind: "exited", code, stdout, stderr, ms: 1 },
	});

	test.each([
		["of the Node that runs us", { kind: "own-node", version: "22.11.0" } as ToolRun, "22.11.0"],
		["on stdout", exited(0, "git version 2.39.5"), "2.39.5"],
		["on stderr", exited(0, "", "tool 1.2.3"), "1.2.3"],
		["on the line of its own name", exited(0, "Runtime 26.2.1\nNode 1.2.3"), "1.2.3"],
		["of a tool that failed", exited(1, "tool 1.2.3"), undefined],
		["of a tool that told none", exited(0, "hello"), undefined],
		["of a tool that is not there", { kind: "not-found" } as ToolRun, undefined],
	])("%s", (_name, run, expected) => {
		expect(versionOf(run)).toBe(expected);
	});

	test("of a tool whose probe failed: none", () => {
		const { expectations } = createTools({ node: "1.0.0" });
		const facts = { "tool:node": { ok: false as const, reason: "timeout" as const, message: "", ms: 1 } };
		expect([...versionsOf({ expectations, facts })]).toEqual([]);
	});
});

describe("JSON", () => {
	test("has its keys in the order of the format, however the report was built", () => {
		const reverse = <T extends object>(value: T): T => Object.fromEntries(Object.entries(value).reverse()) as T;
		const turned = { ...reverse(brokenInManyWays), results: brokenInManyWays.results.map(reverse) };
		expect(renderJson(turned)).toBe(renderJson(brokenInManyWays));
	});

	test("drops nothing that a later version adds", () => {
		const later = { ...healthy, results: [{ ...createResult("a/b"), later: 1 }], later: 2 };
		expect(JSON.parse(renderJson(later))).toEqual(JSON.parse(JSON.stringify(later)));
	});

	test("ends with a line feed and is indented by two spaces", () => {
		expect(renderJson(healthy)).toMatch(/^\{\n {2}"version": 1,\n/);
		expect(renderJson(healthy)).toMatch(/\n\}\n$/);
	});
});
