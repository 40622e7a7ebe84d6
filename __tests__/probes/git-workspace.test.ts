import { describe, expect, test } from "vitest";
import { gitWorkspaceProbe } from "../../src/probes/git-workspace.ts";
import { collect } from "../support/builders.ts";
import { createHost, exited, type FakeMachine, file } from "../support/fake-host.ts";

const workspace = "/workspace/fortemi/fortemi";
const command = `git -C ${workspace} rev-parse --git-dir`;
const dubious = exited(
	"",
	128,
	`fatal: detected dubious ownership in repository at '${workspace}'\nTo add an exception\n`,
);
const owned = (uid: number, gitUid = uid): NonNullable<FakeMachine["files"]> => ({
	[workspace]: file({ kind: "directory", uid, gid: uid }),
	[`${workspace}/.git`]: file({ kind: "directory", uid: gitUid, gid: gitUid }),
});
const factsOf = (machine: FakeMachine) => collect(gitWorkspaceProbe, createHost(machine));

describe("git is asked only if an owner is another user", () => {
	test.each<[string, FakeMachine, boolean]>([
		["the job's user owns both", { uid: 1001, files: owned(1001) }, false],
		["root owns both", { uid: 0, files: owned(0) }, false],
		["root by sudo", { uid: 0, env: { SUDO_UID: "1000" }, files: owned(1000) }, false],
		["SUDO_UID without sudo", { uid: 1001, env: { SUDO_UID: "1000" }, files: owned(1000) }, true],
		["another user owns both", { uid: 0, files: owned(1000) }, true],
		["another user owns the repository", { uid: 1001, files: owned(1001, 0) }, true],
		["the repository is elsewhere", { files: { ...owned(0), [`${workspace}/.git`]: "gitdir: /x" } }, true],
	])("%s", async (_, machine, asks) => {
		const facts = await factsOf({ ...machine, programs: { [command]: dubious } });
		expect(facts.repository).toBe("found");
		expect("answer" in facts).toBe(asks);
	});
});

test.each<[string, FakeMachine["programs"], string]>([
	["refuses", { [command]: dubious }, "refuses"],
	[
		"refuses, as 2.35.2 says it",
		{ [command]: exited("", 128, "fatal: unsafe repository ('/w' is owned by someone else)\n") },
		"refuses",
	],
	["accepts", { [command]: exited(".git\n") }, "accepts"],
	["finds no repository", { [command]: exited("", 128, "fatal: not a git repository: /x\n") }, "no-repository"],
	["is not there", {}, "no-git"],
	["fails in another way", { [command]: exited("", 1, "git: symbol lookup error\n") }, "unknown"],
])("git %s", async (_, programs, kind) => {
	expect((await factsOf({ files: owned(1000), programs: programs ?? {} })).answer?.kind).toBe(kind);
});

test("without users, with GIT_DIR and without a repository nothing is compared", async () => {
	expect((await factsOf({ uid: undefined, files: owned(0) })).repository).toBe("unasked");
	expect((await factsOf({ env: { GIT_DIR: "/x" }, files: owned(1000) })).repository).toBe("unasked");
	expect((await factsOf({ files: { [workspace]: file({ kind: "directory" }) } })).repository).toBe("none");
});

test("git gets what it is told to trust, and nothing else of its variables", async () => {
	let given: Readonly<Record<string, string | undefined>> = {};
	const env = {
		GIT_CONFIG_GLOBAL: "/etc/ci.gitconfig",
		GIT_CONFIG_SYSTEM: `${workspace}/gitconfig`,
		GIT_SSH_COMMAND: "evil",
		GIT_CONFIG_COUNT: "3",
		GIT_CONFIG_KEY_0: "core.sshCommand",
		GIT_CONFIG_VALUE_0: "evil",
		GIT_CONFIG_KEY_1: "safe.directory",
		GIT_CONFIG_VALUE_1: "/workspace/*",
		GIT_CONFIG_KEY_2: "http.https://git.lan/.extraHeader",
		GIT_CONFIG_VALUE_2: "secret",
	};
	const programs = {
		[command]: (options: { env?: typeof given }) => {
			given = options.env ?? {};
			return exited(".git\n");
		},
	};
	await factsOf({ env, files: owned(1000), programs });
	expect(given).toEqual({
		GIT_CONFIG_GLOBAL: "/etc/ci.gitconfig",
		GIT_CONFIG_COUNT: "1",
		GIT_CONFIG_KEY_0: "safe.directory",
		GIT_CONFIG_VALUE_0: "/workspace/*",
		GIT_TERMINAL_PROMPT: "0",
		GIT_ALLOW_PROTOCOL: "https",
		LC_ALL: "C",
		LANGUAGE: "",
	});
});
