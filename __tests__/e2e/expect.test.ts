import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Report } from "../../src/report/report.ts";
import { run } from "./support/run.ts";

/** What a policy declares about a machine, judged on a real one. */
const folder = mkdtempSync(join(tmpdir(), "expect-"));
const cache = join(folder, "cache");
mkdirSync(cache, { mode: 0o750 });
writeFileSync(join(cache, "settings"), "mirror = mirror.lan\n");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function results(entries: readonly string[]): Promise<Readonly<Record<string, string>>> {
	const policy = join(folder, "policy.yml");
	writeFileSync(policy, ["version: 1", "expect:", ...entries.map((entry) => `  ${entry}`), ""].join("\n"));
	const args = ["dist/cli.js", "--policy", policy, "--trust-policy", "true", "--format", "json", "--fail-on", "never"];
	const { stdout, stderr } = await run("node", args, { env: { ...process.env, EXPECT_CACHE: "redis://cache.lan" } });
	if (!stdout.startsWith("{")) throw new Error(stderr);
	const found = (JSON.parse(stdout) as Report).results.filter(({ id }) => id.startsWith("expect/"));
	return Object.fromEntries(found.map(({ id, status, reason }) => [id.slice("expect/".length), reason ?? status]));
}

const platform = process.arch === "arm64" ? "linux/arm64" : "linux/amd64";

test("what is so passes, and what is not is named", { timeout: 60_000 }, async () => {
	expect(
		await results([
			`directory: { file: ${cache}, type: directory, mode: "0750", owner: ${process.getuid?.()} }`,
			`contents: { file: ${cache}/settings, contains: mirror.lan }`,
			"variable: { env: EXPECT_CACHE, matches: 'redis://*' }",
			"program: { command: [node, -p, '6*7'], stdout: '42' }",
			'kernel: { sysctl: kernel.pid_max, is: ">=1000" }',
			`here: { platform: ${platform} }`,
			`gone: { file: ${cache}/nothing }`,
			`open: { file: ${cache}, mode: "0777" }`,
			"other: { env: EXPECT_CACHE, is: memcached }",
			"fails: { command: [node, -e, 'process.exit(3)'] }",
			"hangs: { command: [sleep, '60'], timeout: 300ms }",
			'small: { sysctl: kernel.pid_max, is: ">=99999999999" }',
			"elsewhere: { platform: linux/s390x }",
		]),
	).toEqual({
		directory: "pass",
		contents: "pass",
		variable: "pass",
		program: "pass",
		kernel: "pass",
		here: "pass",
		gone: "absent",
		open: "differs",
		other: "differs",
		fails: "failed",
		hangs: "timeout",
		small: "differs",
		elsewhere: "absent",
	});
});
