/** The lint as people run it. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "lint-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string): void {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), text);
}

/** Runs the built program in the folder. */
function lint(...args: readonly string[]) {
	const env = { PATH: process.env.PATH };
	const words = [resolve("dist/cli.js"), "lint", ...args];
	return spawnSync(process.execPath, words, { cwd: folder, encoding: "utf8", env });
}

describe("a pattern that no shell expanded", () => {
	it("names its files", () => {
		write("deploy/a.yml", "runner:\n  capacity: 1\n");
		write("deploy/x/b.yml", 'runner:\n  capacity: "2"\n');
		const { status, stdout } = lint("deploy/**/*.yml");
		expect(status).toBe(1);
		expect(stdout).toContain("deploy/x/b.yml:2:13: error");
		expect(stdout).toContain("deploy/a.yml, deploy/x/b.yml: 1 error");
	});

	it.each([
		["deploy/**/*.yaml", "deploy/**/*.yaml matches no file: deploy has 1 file, such as deploy/a.yml"],
		["nowhere/*.yml", "nowhere/*.yml matches no file: nowhere has no files"],
	])("%s is a mistake if it matches nothing", (pattern, said) => {
		write("deploy/a.yml", "runner:\n  capacity: 1\n");
		expect(lint("deploy/a.yml", pattern)).toMatchObject({
			status: 2,
			stdout: "",
			stderr: `runner-check: ${said}\n`,
		});
	});
});
