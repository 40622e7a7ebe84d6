import { readdir } from "node:fs/promises";
import { afterAll, describe, expect, inject, test } from "vitest";
import { runAction } from "./support/action.ts";
import { dockerGroup, hostUser } from "./support/engine.ts";
import { runJob } from "./support/job.ts";
import { findings, type Outcome } from "./support/outcome.ts";
import { must } from "./support/run.ts";

const world = inject("world");
const record: string[] = [];
afterAll(() => console.log(record.join("\n")));

const containers = () => must(world.client, ["--host", `unix://${world.socket}`, "ps", "--all", "--quiet"]);
const statusOf = ({ report }: Outcome) =>
	Object.fromEntries(
		report.results
			.filter(({ id }) => id.startsWith("smoke/"))
			.map(({ id, status, reason, message }) => [
				id,
				status === "error" ? message : reason === undefined ? status : `${status} ${reason}`,
			]),
	);

/** The image is of the machine's own release of Debian, and so are the linker and the C library's files. */
const withLinker = ["/usr/bin", "/usr/lib", "/etc/alternatives"].map((path) => `--volume ${path}:${path}:ro`).join(" ");

/** A GPU is what these machines lack. */
const works = { "smoke/docker": "pass", "smoke/rust": "pass", "smoke/git": "pass", "smoke/gpu": "skip absent" };

describe("`smoke: all`", () => {
	test("works in the builder image, in less than five seconds, and leaves nothing", async () => {
		const before = await containers();
		const outcome = await runJob(world, {
			options: withLinker,
			with: { smoke: "all" },
			after: 'ls -A "$GITHUB_WORKSPACE" "${RUNNER_TEMP:-/tmp}" > "$RESULTS/left.txt"',
		});
		record.push(`builder image: ${outcome.report.duration_ms} ms`);
		expect(statusOf(outcome)).toEqual(works);
		// The runner keeps the workspace in a volume, which no container of a job sees.
		expect(findings(outcome.report, "fail", "error", "warn")).toEqual(["docker/workspace:not-visible"]);
		expect(outcome.report.duration_ms).toBeLessThan(5000);
		expect(outcome.log).toContain("a crate with a build script works");
		expect(outcome.left).toEqual([]);
		expect((await readdir(outcome.results)).includes("left.txt")).toBe(true);
		expect(await must("cat", [`${outcome.results}/left.txt`])).not.toMatch(/\.runner-check/);
		expect(await containers()).toBe(before);
	});

	test("says what the builder image lacks: one failure, with the package", async () => {
		const outcome = await runJob(world, { with: { smoke: "rust" } });
		expect(findings(outcome.report, "fail", "error", "warn")).toEqual(["smoke/rust:link-failed"]);
		expect(outcome.log).toMatch(/apt-get install .*\bgcc\b/);
	});

	test("works on a host, as its ordinary user", async () => {
		const before = await containers();
		const outcome = await runAction(world, {
			uid: hostUser,
			groups: [dockerGroup],
			with: { docker: "required", smoke: "docker, git" },
		});
		record.push(`host: ${outcome.report.duration_ms} ms`);
		expect(statusOf(outcome)).toMatchObject({ "smoke/docker": "pass", "smoke/git": "pass" });
		expect(findings(outcome.report, "fail", "error", "warn")).toEqual([]);
		expect(outcome.left).toEqual([]);
		expect(await containers()).toBe(before);
	});
});
