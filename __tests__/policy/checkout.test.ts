import { describe, expect, it } from "vitest";
import { checkoutOf } from "../../src/policy/checkout.ts";
import { createHost, type FakeMachine, file } from "../support/fake-host.ts";

const commit = "a".repeat(40);
const other = "b".repeat(40);

const look = (files: FakeMachine["files"], sha: string | undefined = commit) =>
	checkoutOf(createHost({ env: { ...(sha !== undefined && { GITHUB_SHA: sha }) }, files: files ?? {} }), "/w");

describe("the commit that is checked out", () => {
	it.each<[string, FakeMachine["files"]]>([
		["a detached HEAD", { "/w/.git/HEAD": `${commit}\n` }],
		["a branch", { "/w/.git/HEAD": "ref: refs/heads/a/b\n", "/w/.git/refs/heads/a/b": `${commit}\n` }],
		[
			"a packed branch",
			{
				"/w/.git/HEAD": "ref: refs/heads/main\n",
				"/w/.git/packed-refs": `# pack-refs\n${other} refs/heads/x/refs/heads/main\n${commit} refs/heads/main\n`,
			},
		],
		[
			"a worktree, whose branch is the repository's",
			{
				"/w/.git": "gitdir: /repo/.git/worktrees/w\n",
				"/repo/.git/worktrees/w/HEAD": "ref: refs/heads/w\n",
				"/repo/.git/worktrees/w/commondir": "../..\n",
				"/repo/.git/worktrees/w/../../refs/heads/w": `${commit}\n`,
			},
		],
		["a submodule", { "/w/.git": "gitdir: ../m\n", "/w/../m/HEAD": commit }],
	])("is read from %s", async (_, files) => {
		expect(await look(files)).toEqual({ kind: "this-run" });
		expect(await look(files, other)).toEqual({ kind: "other-commit", commit, wanted: other });
	});

	it.each<[string, FakeMachine["files"]]>([
		["without a repository", {}],
		["with a branch that is none", { "/w/.git/HEAD": "ref: refs/heads/../../../../etc/shadow\n" }],
		["with a branch without a commit", { "/w/.git/HEAD": "ref: refs/heads/main\n" }],
		["with refs that git keeps in tables", { "/w/.git/HEAD": "ref: refs/heads/.invalid\n" }],
		["with a HEAD that is a FIFO", { "/w/.git/HEAD": file({ kind: "other" }) }],
		["with a HEAD of something else", { "/w/.git/HEAD": "root:x:0:0\n" }],
	])("is unknown %s, and nothing of it is told", async (_, files) => {
		expect(await look(files)).toEqual({ kind: "unknown", wanted: commit });
	});

	it.each([undefined, "", "main"])("does not matter where the run is for none: %s", async (sha) => {
		const host = createHost({ env: sha === undefined ? {} : { GITHUB_SHA: sha } });
		expect(await checkoutOf(host, "/w")).toEqual({ kind: "this-run" });
	});
});
