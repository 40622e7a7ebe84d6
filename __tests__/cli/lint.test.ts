/** The lint as people run it. */
import { spawnSync } from "node:child_process";
import {
	chmodSync,
	chownSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "lint-cli-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string | Uint8Array): void {
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

describe("--fix", () => {
	const broken = 'runner:\n  # Two jobs\n  capacity: "2"\n  timeout: 1d\n  labels: ["a:docker://x.example/y:latest"]\n';
	const good = broken.replace('"2"', "2").replace("1d", "24h");
	const read = (path: string): string => readFileSync(join(folder, path), "utf8");

	it("writes what is certain, and reports what is left", () => {
		write("config.yaml", broken);
		const { status, stdout } = lint("--fix", "config.yaml");
		expect(read("config.yaml")).toBe(good);
		expect(stdout).toMatch(/^Fixed 2 problems in config\.yaml\.\n\n/);
		expect(stdout).toContain("config.yaml:5:12: warning");
		expect(stdout).toContain("config.yaml: 1 warning");
		expect(status).toBe(0);
		expect(readdirSync(folder)).toEqual(["config.yaml"]);
	});

	it("with --dry-run writes nothing and shows a diff that makes the same file", () => {
		write("config.yaml", broken);
		write("sub/gitea-runner.service", "[Service]\nExecStart=/usr/bin/gitea-runner daemon\nUser=ci # the user\n");
		const { status, stdout } = lint("--fix", "--dry-run", "config.yaml", "sub");
		expect(status).toBe(1);
		expect(read("config.yaml")).toBe(broken);
		expect(stdout).toContain("Without `--dry-run`, `--fix` fixes 3 problems.");
		const diff = stdout.slice(0, stdout.indexOf("`--fix`"));
		expect(diff).toMatch(/^--- a\/config\.yaml\n\+\+\+ b\/config\.yaml\n@@ -1,5 \+1,5 @@\n/);
		const [own = ""] = diff.split("--- a/sub");
		const patch = spawnSync("git", ["apply", "-"], {
			cwd: folder,
			input: own.replace("# *** ****", "# Two jobs"),
			encoding: "utf8",
		});
		expect(patch).toMatchObject({ status: 0, stderr: "" });
		expect(read("config.yaml")).toBe(good);
	});

	it("shows no secret in its diff", () => {
		const canary = "Tr0ub4dor-canary-9f3a";
		write(
			"config.yaml",
			`runner:\n  envs:\n    TOKEN: ${canary}\n  # password ${canary}\n  capacity: "2"\ncache:\n  external_secret: ${canary}\n`,
		);
		write(
			"x.service",
			`[Service]\nExecStart=/bin/gitea-runner daemon\nEnvironment=PASSWORD=${canary}\nUser=ci # ${canary}\n`,
		);
		for (const format of ["text", "json", "sarif", "junit", "github"]) {
			const { stdout, stderr } = lint("--fix", "--dry-run", "config.yaml", "x.service", "--format", format);
			expect(stdout + stderr).not.toContain(canary);
			expect(stdout).not.toBe("");
		}
		expect(JSON.parse(lint("--fix", "config.yaml", "x.service", "--format", "json").stdout).fixed).toEqual([
			{ path: "config.yaml", problems: 1 },
			{ path: "x.service", problems: 1 },
		]);
		expect(read("x.service")).toContain(`\n# ${canary}\nUser=ci\n`);
		expect(read("config.yaml")).toContain(`external_secret: ${canary}\n`);
	});

	it("keeps mode and owner, and follows a link to its file", () => {
		write("real/config.yaml", broken);
		chmodSync(join(folder, "real/config.yaml"), 0o640);
		const isRoot = process.getuid?.() === 0;
		if (isRoot) chownSync(join(folder, "real/config.yaml"), 12345, 12346);
		symlinkSync("real/config.yaml", join(folder, "link.yaml"));
		expect(lint("--fix", "link.yaml").status).toBe(0);
		const { mode, uid, gid } = statSync(join(folder, "real/config.yaml"));
		expect(mode & 0o7777).toBe(0o640);
		if (isRoot) expect([uid, gid]).toEqual([12345, 12346]);
		expect(lstatSync(join(folder, "link.yaml")).isSymbolicLink()).toBe(true);
		expect(read("real/config.yaml")).toBe(good);
	});

	it.each([
		["UTF-8 with a mark", Buffer.from(`\ufeff${broken}`), Buffer.from(`\ufeff${good}`)],
		["UTF-16LE", Buffer.from(`\ufeff${broken}`, "utf16le"), Buffer.from(`\ufeff${good}`, "utf16le")],
		["UTF-16BE", Buffer.from(`\ufeff${broken}`, "utf16le").swap16(), Buffer.from(`\ufeff${good}`, "utf16le").swap16()],
		["CRLF", Buffer.from(broken.replace(/\n/g, "\r\n")), Buffer.from(good.replace(/\n/g, "\r\n"))],
	])("keeps %s", (_name, before, after) => {
		write("config.yaml", before);
		expect(lint("--fix", "config.yaml").status).toBe(0);
		expect(readFileSync(join(folder, "config.yaml")).equals(after)).toBe(true);
	});

	it("says which file it could not write, and leaves it as it was", () => {
		write("a/config.yaml", broken);
		write("b/config.yaml", broken);
		// A name that leaves no room for the draft next to it.
		const long = `${"x".repeat(240)}.yaml`;
		write(long, broken);
		const { status, stdout, stderr } = lint("--fix", "a/config.yaml", long);
		expect(status).toBe(3);
		expect(stderr).toBe(`runner-check: could not fix ${long}: the name is too long (ENAMETOOLONG)\n`);
		expect(stdout).toMatch(/^Fixed 2 problems in a\/config\.yaml\.\n\n/);
		expect(read(long)).toBe(broken);
		expect(read("b/config.yaml")).toBe(broken);
	});

	it.each([
		[["--fix"], "the flag `--fix` needs the names of the files to fix"],
		[["--fix", "-"], "the flag `--fix` writes files, and cannot write standard input"],
		[["--dry-run", "config.yaml"], "the flag `--dry-run` needs `--fix`"],
	])("%j is a mistake", (words, said) => {
		write("config.yaml", broken);
		expect(lint(...words)).toMatchObject({ status: 2, stdout: "", stderr: `runner-check: ${said}\n` });
		expect(read("config.yaml")).toBe(broken);
	});
});
