import { describe, expect, test } from "vitest";
import { renderLog } from "../../src/render/log.ts";
import type { Report } from "../../src/report/report.ts";
import { createReport, createResult, createTools } from "./builders.ts";
import { brokenApiVersion, brokenInManyWays, healthy } from "./reports.ts";

const plain = { width: 100, unicode: true, color: false, groups: true };

function linesOf(report: Report, overrides: Partial<typeof plain> = {}): readonly string[] {
	return renderLog(report, { ...plain, ...overrides })
		.trimEnd()
		.split("\n");
}

/** More checks than this version has, as a healthy builder with every later one would show them. */
const full = createReport({
	results: [
		...["mode", "image", "version", "privileged", "secrets", "user", "server", "cache-server", "tool-cache"].map(
			(name) =>
				createResult(`runner/${name}`, { message: "a message of the usual length that says what was found there" }),
		),
		...["rustc", "cargo", "docker", "node", "git", "ffmpeg", "psql", "jq"].map((name) => createResult(`tool/${name}`)),
		...["cli", "endpoint", "socket", "daemon", "api-version", "plugins", "storage", "warnings", "workspace"].map(
			(name) => createResult(`docker/${name}`),
		),
		...["free", "inodes"].map((name) => createResult(`disk/${name}`)),
		...["driver", "visibility", "inventory"].map((name) =>
			createResult(`gpu/${name}`, { status: "skip", reason: "not-in-profile", message: "not asked for" }),
		),
		...["ghcr.io", "docker.io", "gitea.example"].map((name) => createResult(`registry/${name}`)),
		...["ollama", "postgres"].map((name) =>
			createResult(`service/${name}`, { status: "skip", reason: "disabled", message: "Switched off by `skip`." }),
		),
		createResult("runner/summary", {
			status: "skip",
			reason: "not-shown",
			message: "Gitea shows job summaries from 1.27 with runner 2.0 on; this log holds it all.",
		}),
	],
	...createTools({ rustc: "1.92.0", cargo: "1.92.0", docker: "29.1.2", node: "22.11.0", git: "2.39.5" }),
});

describe("a healthy run", () => {
	test.each([60, 80, 100, 120])("takes less than 40 lines of %i columns", (width) => {
		expect(linesOf(healthy, { width }).length).toBeLessThan(40);
		expect(linesOf(full, { width }).length).toBeLessThan(40);
	});

	test("says in its first lines that all is well, where, and with which versions", () => {
		expect(linesOf(healthy).slice(0, 4)).toEqual([
			"::endgroup::",
			"✔ Runner healthy: titan-host-runner · matric-builder · container · Gitea runner v4.1.0",
			"  rustc 1.92.0, cargo 1.92.0, docker 29.1.2, node 22.11.0, git 2.39.5",
			"  21 passed, 2 skipped, 84 ms",
		]);
	});

	test("names every check", () => {
		const text = renderLog(full, plain);
		for (const { id } of full.results) expect(text).toContain(id);
	});
});

describe("lines", () => {
	test("wrap at the width; commands, paths and links stay whole", () => {
		const lines = linesOf(brokenInManyWays, { width: 60 });
		const prose = lines
			.filter((line) => !line.startsWith("      "))
			.map((line) => line.replace(/^ *(?:seen|More): */, ""));
		expect(prose.filter((line) => line.length > 60 && line.trim().includes(" "))).toEqual([]);
		expect(lines).toContain("      Environment=PATH=/home/runner/.cargo/bin:/usr/local/bin:/usr/bin:/bin");
	});

	test("have color only where it was asked for, and then in pairs", () => {
		expect(renderLog(brokenApiVersion, plain)).not.toContain("\u001b");
		const colored = renderLog(brokenApiVersion, { ...plain, color: true });
		expect(colored.split("\u001b[0m").length).toBe(colored.split(/\u001b\[[1-9]/).length);
		expect(
			colored
				.replace(/\u001b\[\d+m/g, "")
				.split("`")
				.join(""),
		).toContain("Every docker command of a job");
	});

	test("hold workflow commands only where they are asked for", () => {
		expect(renderLog(healthy, plain)).toMatch(/^::group::All checks$/m);
		expect(renderLog(healthy, { ...plain, groups: false })).not.toContain("::group");
	});
});

test("what could not be found out is never told as success", () => {
	const report = createReport({
		results: [
			createResult("docker/daemon", {
				status: "error",
				reason: "timeout",
				title: "The daemon answers",
				message: "No answer",
			}),
		],
	});
	const text = renderLog(report, plain);
	expect(text).toMatch(/^::endgroup::\n\? Runner could not be verified/);
	expect(text).toContain("? Could not decide: The daemon answers [docker/daemon:timeout]");
	expect(text).not.toContain("✔");
});
