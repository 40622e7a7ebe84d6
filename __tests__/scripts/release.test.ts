import { execFileSync, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Refusal, readmeOfRelease, release } from "../../scripts/release.mjs";
import { commitAll, copySources, git, releasedParts, repository, setVersion } from "../support/sources.ts";

let folder: string;

interface Place {
	/** The repository of the sources. */
	root: string;
	/** The bare repository that is released to. */
	remote: string;
}

/** Sources of 1.0.0 and an empty remote; and the same with 1.0.0 and 1.0.1 released. Tests get copies: see `place`. */
const nothingReleased = "nothing-released";
const twoReleased = "two-released";
/** The remote's refs after the first of the two. */
let afterFirst: string[];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "release-test-"));
	// Few and small files, as there are many copies.
	const few = releasedParts.map(
		(part) => ({ dist: "dist/main.js", schema: "schema/report.schema.json" })[part] ?? part,
	);
	const { root, remote } = placeCalled(nothingReleased);
	await copySources(root, [...few, "docs/releasing.md"]);
	await setVersion(root, "1.0.0");
	git(root, "remote", "add", "origin", "../remote.git");
	git(folder, "init", "--quiet", "--bare", remote);

	const two = placeLike(nothingReleased, twoReleased);
	releaseOf(two, "1.0.0");
	afterFirst = refsOf(two.remote);
	await setVersion(two.root, "1.0.1");
	releaseOf(two, "1.0.1");
});

afterAll(() => rmSync(folder, { recursive: true }));

function placeCalled(name: string): Place {
	return { root: join(folder, name, "sources"), remote: join(folder, name, "remote.git") };
}

function placeLike(name: string, copy = `copy-${randomUUID()}`): Place {
	cpSync(join(folder, name), join(folder, copy), { recursive: true });
	return placeCalled(copy);
}

const place = () => placeLike(nothingReleased);
const twoReleases = () => placeLike(twoReleased);

/** Releases; the sources are not tested, unless `test` says how. */
function releaseOf(at: Place, version: string, options: { dryRun?: boolean; test?: string[][] } = {}): string {
	const lines: string[] = [];
	release({ ...at, version, test: [], print: (line: string) => lines.push(line), ...options });
	return lines.join("\n");
}

/** Every ref of a repository and its object. */
const refsOf = (repo: string) => git(repo, "for-each-ref", "--format=%(refname) %(objectname)").split("\n").sort();
/** The commit that a ref leads to. */
const commitOf = (repo: string, ref: string) => git(repo, "rev-parse", `${ref}^{commit}`);

describe("a first release", () => {
	const at: Place = { root: "", remote: "" };
	beforeAll(async () => {
		at.root = await copySources(join(folder, "sources"), releasedParts);
		await setVersion(at.root, "1.0.0");
		at.remote = join(folder, "remote.git");
		git(folder, "init", "--quiet", "--bare", at.remote);
		releaseOf(at, "1.0.0");
	});
	const show = (path: string) => git(at.remote, "show", `v1:${path}`);

	it("is one commit, with a branch and three tags", () => {
		const names = refsOf(at.remote).map((line) => line.split(" ")[0]);
		expect(names).toEqual(["refs/heads/releases/v1", "refs/tags/v1", "refs/tags/v1.0", "refs/tags/v1.0.0"]);
		expect(new Set(names.map((name) => commitOf(at.remote, name ?? ""))).size).toBe(1);
		expect(git(at.remote, "rev-list", "--count", "v1")).toBe("1");
		expect(git(at.remote, "show", "--no-patch", "--format=%B", "v1^{commit}")).toBe(
			`runner-check 1.0.0\n\nBuilt from commit ${commitOf(at.root, "HEAD")}.`,
		);
	});

	it("holds what a job needs, and nothing else: at most 30 files and 2 MB", () => {
		const files = git(at.remote, "ls-tree", "-r", "--long", "v1")
			.split("\n")
			.map((line) => ({ bytes: Number(line.split(/\s+/)[3]), path: line.split("\t")[1] ?? "" }));
		const tops = new Set(files.map(({ path }) => path.split("/")[0] ?? ""));
		tops.delete("fleet");
		expect([...tops].sort()).toEqual(
			[".pre-commit-hooks.yaml", "LICENSE", "README.md", "action.yml", "dist"].concat(
				["hooks", "package.json", "schema", "sh"], // in the order of their bytes
			),
		);
		expect(files.length).toBeLessThanOrEqual(30);
		expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(2_000_000);
	});

	it("has the files as the sources have them, with their modes, but for package.json and README.md", () => {
		const tree = (repo: string, ref: string) => git(repo, "ls-tree", "-r", ref).split("\n");
		const sources = new Set(tree(at.root, "HEAD"));
		const changed = tree(at.remote, "v1").filter((entry) => !sources.has(entry));
		expect(changed.map((entry) => entry.split("\t")[1])).toEqual(["README.md", "package.json"]);
		expect(tree(at.remote, "v1").find((entry) => entry.endsWith("\thooks/health-check.sh"))).toMatch(/^100755/);
	});

	it("states itself as a package without dependencies and scripts", () => {
		expect(JSON.parse(show("package.json"))).toEqual({
			name: "runner-check",
			version: "1.0.0",
			description: expect.stringMatching(/\w/),
			license: "MIT",
			type: "commonjs",
			bin: { "runner-check": "dist/cli.js" },
		});
		expect(JSON.parse(show("dist/package.json"))).toEqual({ type: "commonjs" });
	});

	it("has a README whose links all lead somewhere", () => {
		const html = micromark(show("README.md"), {
			...{ extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true },
		});
		const targets = [...html.matchAll(/\b(?:href|src|srcset)="([^"]*)"/g)].map((match) => match[1] ?? "");
		const main = /^https:\/\/github\.com\/fortemi\/runner-check\/(?:blob|raw)\/main\/([^#]*)/;
		const here = targets.flatMap((target) => main.exec(target)?.[1] ?? []);
		expect(here.length).toBeGreaterThan(5);
		expect(here.filter((path) => !existsSync(join(repository, path)))).toEqual([]);
		expect(targets.filter((target) => !/^(?:https:|#)/.test(target))).toEqual([]);
	});

	it("has the schemas at the address that the docs and the schemas themselves name", () => {
		const named = [...show("README.md").matchAll(/runner-check\/(\w+)\/(schema\/[\w.]+)/g)].map(([, ref, path]) => ({
			ref: ref ?? "",
			path: path ?? "",
		}));
		expect(named.length).toBeGreaterThan(0);
		for (const { ref, path } of named)
			expect(JSON.parse(git(at.remote, "show", `${ref}:${path}`)).$id).toContain(`/${ref}/${path}`);
	});

	it("has checksums in the message of its tag, which sha256sum accepts", () => {
		const checkout = join(at.remote, "../checkout");
		git(folder, "clone", "--quiet", "--branch=v1.0.0", "--config=advice.detachedHead=false", at.remote, checkout);
		const verify = "git cat-file tag v1.0.0 | grep -E '^[0-9a-f]{64}  ' | sha256sum --check --strict";
		const ok = execFileSync("sh", ["-c", verify], { cwd: checkout, encoding: "utf8" }).trimEnd().split("\n");
		expect(ok.map((line) => line.replace(/: OK$/, "")).sort()).toEqual(git(checkout, "ls-files").split("\n").sort());
		appendFileSync(join(checkout, "dist/main.js"), "// changed");
		expect(spawnSync("sh", ["-c", verify], { cwd: checkout, encoding: "utf8" }).stdout).toContain(
			"dist/main.js: FAILED",
		);
	});
});

describe("later releases", () => {
	it("move v1, v1.0 and the branch, and leave v1.0.0", async () => {
		const { remote } = twoReleases();
		const first = afterFirst.find((line) => line.startsWith("refs/tags/v1.0.0 "));
		expect(refsOf(remote)).toContain(first);
		const second = commitOf(remote, "v1.0.1");
		expect(["v1", "v1.0", "releases/v1"].map((ref) => commitOf(remote, ref))).toEqual([second, second, second]);
		expect(git(remote, "rev-list", "--parents", "-1", second)).toBe(`${second} ${commitOf(remote, "v1.0.0")}`);
	});

	it("leave v1.0 where it is with a minor version, and all of v1 with a major one", async () => {
		const at = twoReleases();
		await setVersion(at.root, "1.1.0");
		releaseOf(at, "1.1.0");
		expect(commitOf(at.remote, "v1.0")).toBe(commitOf(at.remote, "v1.0.1"));
		expect(commitOf(at.remote, "v1")).toBe(commitOf(at.remote, "v1.1.0"));
		const before = refsOf(at.remote);
		await setVersion(at.root, "2.0.0");
		releaseOf(at, "2.0.0");
		const added = refsOf(at.remote).filter((line) => !before.includes(line));
		expect(added.map((line) => line.split(" ")[0])).toEqual([
			...["refs/heads/releases/v2", "refs/tags/v2", "refs/tags/v2.0", "refs/tags/v2.0.0"],
		]);
		expect(refsOf(at.remote)).toEqual(expect.arrayContaining(before));
	});

	it("count versions as numbers", async () => {
		const at = twoReleases();
		for (const version of ["1.0.9", "1.0.10"]) {
			await setVersion(at.root, version);
			releaseOf(at, version);
			expect(commitOf(at.remote, "v1")).toBe(commitOf(at.remote, `v${version}`));
		}
	});
});

describe("an interrupted release, run again", () => {
	it.each([
		["before anything was pushed", []],
		["after the branch", ["refs/heads/releases/v1"]],
		["after the tag", ["refs/tags/v1.0.1"]],
		["after the branch and the tag", ["refs/heads/releases/v1", "refs/tags/v1.0.1"]],
		["after the branch, the tag and v1.0", ["refs/heads/releases/v1", "refs/tags/v1.0.1", "refs/tags/v1.0"]],
		["after all of it", ["refs/heads/releases/v1", "refs/tags/v1.0.1", "refs/tags/v1.0", "refs/tags/v1"]],
	])("%s, ends as one that was not", async (_, arrived) => {
		const { root, remote } = twoReleases();
		const whole = refsOf(remote);
		for (const line of whole) {
			const ref = line.split(" ")[0] ?? "";
			const old = afterFirst.find((other) => other.startsWith(`${ref} `))?.split(" ")[1];
			if (arrived.includes(ref)) continue;
			git(remote, "update-ref", ...(old === undefined ? ["-d", ref] : [ref, old]));
		}
		releaseOf({ root, remote }, "1.0.1");
		expect(refsOf(remote)).toEqual(whole);
		expect(releaseOf({ root, remote }, "1.0.1")).toContain("has all of it already");
	});

	it("arrives as a whole or not at all", async () => {
		const at = place();
		releaseOf(at, "1.0.0");
		const before = refsOf(at.remote);
		await setVersion(at.root, "1.0.1");
		const hook = join(at.remote, "hooks/update");
		await writeFile(hook, '#!/bin/sh\n[ "$1" != refs/tags/v1 ]\n');
		await chmod(hook, 0o755);
		expect(() => releaseOf(at, "1.0.1")).toThrow(Refusal);
		expect(refsOf(at.remote)).toEqual(before);
		rmSync(hook);
		releaseOf(at, "1.0.1");
		expect(commitOf(at.remote, "v1")).toBe(commitOf(at.remote, "v1.0.1"));
	});

	it("moves nothing back once there is a newer version", async () => {
		const at = twoReleases();
		const whole = refsOf(at.remote);
		git(at.root, "checkout", "--quiet", "HEAD~1");
		expect(releaseOf(at, "1.0.0")).toContain("has all of it already");
		expect(refsOf(at.remote)).toEqual(whole);
	});
});

describe("a release is refused", () => {
	/** The refusal's words. The remote stays as it is. */
	function refusal(at: Place, version: string, options?: { test: string[][] }): string {
		const before = refsOf(at.remote);
		try {
			releaseOf(at, version, options);
		} catch (error) {
			expect(error).toBeInstanceOf(Refusal);
			expect(refsOf(at.remote)).toEqual(before);
			return (error as Error).message;
		}
		throw new Error("it was released");
	}

	it("with other content than a version has already", () => {
		const at = place();
		releaseOf(at, "1.0.0");
		appendFileSync(join(at.root, "hooks/job-started.sh"), "# changed\n");
		commitAll(at.root, "change");
		const message = refusal(at, "1.0.0");
		expect(message).toContain("v1.0.0 is released with other content");
		expect(message).toContain("hooks/job-started.sh");
	});

	it("but not because of what is not part of it", () => {
		const at = place();
		releaseOf(at, "1.0.0");
		appendFileSync(join(at.root, "docs/releasing.md"), "More.\n");
		commitAll(at.root, "docs");
		expect(releaseOf(at, "1.0.0")).toContain("has all of it already");
	});

	it("for a version that is older than a released one", async () => {
		const at = twoReleases();
		await setVersion(at.root, "1.1.0");
		releaseOf(at, "1.1.0");
		await setVersion(at.root, "1.0.2");
		expect(refusal(at, "1.0.2")).toContain("1.1.0 is released already");
	});

	it.each(["package.json", "src/version.ts"])("when %s states another version", async (file) => {
		const at = place();
		await setVersion(at.root, "1.0.1");
		git(at.root, "checkout", "--quiet", "HEAD~1", "--", file);
		commitAll(at.root, "half");
		expect(refusal(at, "1.0.1")).toBe(`${file} of the commit that is checked out says 1.0.0, not 1.0.1`);
	});

	it.each(["1", "v1.0.0", "1.0", "1.0.0-rc.1", "01.0.0", "1.0.0\n", "--help"])("for the version %j", (version) => {
		expect(refusal(place(), version)).toContain("is not a version like 1.2.3");
	});

	it("when the tests fail", () => {
		expect(refusal(place(), "1.0.0", { test: [["true"], ["sh", "-c", "exit 3"]] })).toContain("`sh -c exit 3` failed");
	});

	it.each([
		["differs from", "echo '//' >> dist/main.js", " M dist/main.js"],
		["is not in", "echo '//' > dist/new.js", "?? dist/new.js"],
	])("when what the sources build %s the commit", (_, build, changed) => {
		const at = place();
		const message = refusal(at, "1.0.0", { test: [["sh", "-c", build]] });
		expect(message).toContain("npm run build");
		expect(message).toContain(changed.trim());
	});

	it("when a part is missing", () => {
		const at = place();
		rmSync(join(at.root, "LICENSE"));
		commitAll(at.root, "no license");
		expect(refusal(at, "1.0.0")).toBe("the sources have no LICENSE");
	});

	it.each([
		["files", 31, 1],
		["bytes", 1, 2_000_000],
	])("with too many %s", (_, files, bytes) => {
		const at = place();
		for (let index = 0; index < files; index++) writeFileSync(join(at.root, `schema/${index}.json`), "x".repeat(bytes));
		commitAll(at.root, "more");
		expect(refusal(at, "1.0.0")).toContain("at most 30 and 2000000");
	});

	it("when the branch has a commit that is not a release", async () => {
		const at = twoReleases();
		const stray = git(at.remote, "commit-tree", "v1^{tree}", "-p", "v1", "-m", "stray");
		git(at.remote, "update-ref", "refs/heads/releases/v1", stray);
		git(at.remote, "update-ref", "refs/tags/v1", commitOf(at.remote, "v1.0.0"));
		expect(refusal(at, "1.0.1")).toContain("releases/v1 has commits that v1.0.1 does not have");
	});

	it("when the remote is not there", () => {
		expect(() => releaseOf({ ...place(), remote: join(folder, "nowhere") }, "1.0.0")).toThrow(Refusal);
	});
});

describe("what is not committed, and the repository itself", () => {
	it("stay out of it", async () => {
		const at = place();
		git(at.root, "config", "remote.origin.tagOpt", "--tags");
		releaseOf({ ...at, remote: "origin" }, "1.0.0");
		git(at.root, "update-ref", "-d", "refs/remotes/origin/releases/v1"); // as if another machine had released it
		await setVersion(at.root, "1.0.1");
		writeFileSync(join(at.root, "hooks/staged.sh"), "");
		git(at.root, "add", "hooks/staged.sh");
		appendFileSync(join(at.root, "dist/main.js"), "// changed");
		const state = () => ({
			refs: refsOf(at.root),
			index: readFileSync(join(at.root, ".git/index")),
			status: git(at.root, "status", "--porcelain"),
			fetched: existsSync(join(at.root, ".git/FETCH_HEAD")),
			head: readFileSync(join(at.root, ".git/HEAD"), "utf8"),
		});
		const before = state();
		const test = [["sh", "-c", "test ! -e hooks/staged.sh && ! grep -q '// changed' dist/main.js"]];
		releaseOf({ ...at, remote: "origin" }, "1.0.1", { test, dryRun: true });
		expect(state()).toEqual(before);
		releaseOf({ ...at, remote: "origin" }, "1.0.1", { test });
		const pushed = `refs/remotes/origin/releases/v1 ${commitOf(at.remote, "v1")}`; // as any push keeps note of it
		const others = refsOf(at.root).filter((line) => line !== pushed);
		expect({ ...state(), refs: others }).toEqual(before);
		expect(git(at.remote, "ls-tree", "-r", "--name-only", "v1")).not.toContain("staged");
		expect(git(at.remote, "show", "v1:dist/main.js")).not.toContain("// changed");
	});

	it("are enough in a shallow clone without a name for the author, as a workflow has it", async () => {
		const at = place();
		releaseOf(at, "1.0.0");
		await setVersion(at.root, "1.0.1");
		const shallow = join(at.root, "../shallow");
		git(folder, "clone", "--quiet", "--depth=1", `file://${at.root}`, shallow);
		git(shallow, "checkout", "--quiet", "--detach");
		git(shallow, "config", "user.useConfigOnly", "true");
		releaseOf({ root: shallow, remote: at.remote }, "1.0.1", { test: [["true"]] });
		expect(commitOf(at.remote, "v1")).toBe(commitOf(at.remote, "v1.0.1"));
		expect(git(at.remote, "rev-list", "--count", "v1")).toBe("2");
	});

	it("a dry run tests, says what would change, and pushes nothing", () => {
		const at = place();
		const said = releaseOf(at, "1.0.0", { dryRun: true, test: [["true"]] });
		expect(refsOf(at.remote)).toEqual([""]);
		for (const name of ["v1.0.0", "v1.0", "v1", "releases/v1"]) expect(said).toContain(`  ${name}: new, `);
		expect(said).toContain("Nothing was pushed.");
		expect(() => releaseOf(at, "1.0.0", { dryRun: true, test: [["false"]] })).toThrow(Refusal);
	});
});

describe("readmeOfRelease", () => {
	it.each([
		["[a](docs/a.md#b)", "[a](https://github.com/fortemi/runner-check/blob/main/docs/a.md#b)"],
		["![a](docs/a.png)", "![a](https://github.com/fortemi/runner-check/raw/main/docs/a.png)"],
		['<img src="docs/a.svg">', '<img src="https://github.com/fortemi/runner-check/raw/main/docs/a.svg">'],
		["[a](#b) [c](https://example.test/d)", "[a](#b) [c](https://example.test/d)"],
		[
			"[`f`](.gitea/workflows/f.yml)",
			"[`f`](https://github.com/fortemi/runner-check/blob/main/.gitea/workflows/f.yml)",
		],
	])("%s", (text, expected) => {
		expect(readmeOfRelease(text)).toBe(expected);
	});
});

describe("the command", () => {
	const run = (...args: string[]) =>
		spawnSync("node", [join(repository, "scripts/release.mjs"), ...args], { encoding: "utf8" });

	it("says how it is used", () => {
		expect(run("--help")).toMatchObject({ status: 0, stdout: expect.stringContaining("usage:") });
		expect(run()).toMatchObject({ status: 1, stderr: expect.stringContaining("one VERSION is needed") });
		expect(run("1.0.0", "--force").stderr).toContain("Unknown option '--force'");
	});

	it("refuses without a stack", () => {
		const { status, stderr } = run("99.0.0", "--dry-run");
		expect(status).toBe(1);
		expect(stderr).toMatch(
			/^release: package\.json of the commit that is checked out says \d+\.\d+\.\d+, not 99\.0\.0\n$/,
		);
	});
});

describe("the workflow", () => {
	const {
		on,
		permissions,
		jobs,
		"run-name": title,
	} = parse(readFileSync(join(repository, ".gitea/workflows/release.yml"), "utf8"));
	const steps: { run?: string; env?: Record<string, string> }[] = jobs.release.steps;

	it("is started by hand with a version, and may push and nothing else", () => {
		expect(Object.keys(on)).toEqual(["workflow_dispatch"]);
		expect(on.workflow_dispatch.inputs.version.required).toBe(true);
		expect(permissions).toEqual({ contents: "write" });
		expect(title).toContain("${{ inputs.version }}");
	});

	it("runs the script, with the version as a variable: as a part of the script it could be any command", () => {
		const commands = steps.flatMap(({ run }) => run ?? []);
		expect(commands).toEqual(['node scripts/release.mjs "$VERSION"']);
		expect(steps.at(-1)?.env).toEqual({ VERSION: "${{ inputs.version }}" });
	});
});
