import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { release } from "../../scripts/release.mjs";
import { version } from "../../src/version.ts";
import { copySources, git, releasedParts, repository } from "../support/sources.ts";

const folder = mkdtempSync(join(tmpdir(), "package-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const [hook] = parse(readFileSync(join(repository, ".pre-commit-hooks.yaml"), "utf8"));

/** A checkout of what is released. */
async function releasedTree(): Promise<string> {
	const [root, remote, tree] = ["sources", "remote", "released"].map((name) => join(folder, name)) as [
		string,
		string,
		string,
	];
	await copySources(root, releasedParts);
	git(folder, "init", "--quiet", "--bare", remote);
	release({ root, version, remote, test: [], print: () => {} });
	git(folder, "clone", "--quiet", "--branch=releases/v1", remote, tree);
	return tree;
}

describe.each([
	["the sources", async () => repository],
	["a release", releasedTree],
])("the package of %s", (name, sources) => {
	const prefix = join(folder, name);
	let files: string[];

	beforeAll(async () => {
		const cwd = await sources();
		const npm = (...args: string[]) =>
			execFileSync("npm", [...args, "--offline", "--no-audit", "--no-fund"], { cwd, encoding: "utf8" });
		const [packed] = JSON.parse(npm("pack", "--json", "--pack-destination", folder));
		files = packed.files.map(({ path }: { path: string }) => path);
		npm("install", "--global", "--prefix", prefix, join(folder, packed.filename));
	}, 60_000);

	/** Runs the installed command as a shell finds it, outside of the sources. */
	const run = (...args: string[]) =>
		spawnSync("sh", ["-c", '"$@"', "sh", ...args], {
			...{ cwd: folder, encoding: "utf8", env: { ...process.env, PATH: `${prefix}/bin:${process.env.PATH}` } },
		});

	it("holds the command and the action, and nothing else", () => {
		const tops = new Set(files.map((file) => file.split("/")[0]));
		const expected = releasedParts.filter((part) => !part.startsWith("src/"));
		expect([...tops].sort()).toEqual(expected.sort());
	});

	it("needs no other package", () => {
		expect(
			JSON.parse(readFileSync(join(prefix, "lib/node_modules/runner-check/package.json"), "utf8")),
		).not.toHaveProperty("dependencies");
	});

	it("gives a command that knows its version and its checks", () => {
		expect(run("runner-check", "--version")).toMatchObject({ status: 0, stdout: `${version}\n` });
		expect(run("runner-check", "list")).toMatchObject({ status: 0, stdout: expect.stringContaining("docker/socket") });
	});

	it("gives the command of the pre-commit hook", () => {
		const broken = join(folder, "config.yaml");
		writeFileSync(broken, 'runner:\n  labels: ["builder:dokcer://image:1"]\n');
		const lint = (file: string) => run(...hook.entry.split(" "), file);
		expect(lint(join(repository, "examples/runner/config.yaml"))).toMatchObject({ status: 0 });
		expect(lint(broken)).toMatchObject({ status: 1, stdout: expect.stringContaining("config/label:bad-schema") });
		const other = join(folder, "compose.yaml");
		writeFileSync(other, "services:\n  web:\n    image: nginx:1\n");
		expect(lint(other)).toMatchObject({ status: 0 });
	});
});

describe("the pre-commit hook", () => {
	// Python's verbose syntax: blanks do not count.
	const files = new RegExp(hook.files.replace("(?x)", "").replace(/\s/g, ""));

	it.each([
		"examples/runner/config.yaml",
		"examples/runner/gitea-runner.service",
		"hosts/titan/act_runner.yml",
		"etc/forgejo-runner/config.yml",
		"systemd/gitea-runner.service.d/override.conf",
		".gitea/workflows/ci.yml",
		".forgejo/workflows/ci.yaml",
		"compose.yaml",
		"deploy/compose.prod.yml",
		"docker-compose.yml",
		"srv/docker-compose-runner.yaml",
		"docker-compose.override.yml",
		"units/ci.service",
	])("lints %s", (path) => expect(path).toMatch(files));

	it.each([
		"config.yaml",
		".gitea/runner-check.yml",
		"app/config.yaml",
		".github/workflows/ci.yaml",
		"decompose.yaml",
		"compose.md",
		"composer.yaml",
		"runner/values.yaml",
		"docs/runner.md",
	])("leaves %s alone", (path) => expect(path).not.toMatch(files));
});
