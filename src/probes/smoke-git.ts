import { type Prepared, type Preparing, programFor } from "./smoke-part.ts";
import { toolProbe } from "./tools.ts";

/** What a job's own git may be set up for is not what is tried: hooks, signatures, maintenance. */
const plain = Object.entries({
	"user.name": "runner-check",
	"user.email": "runner-check@localhost",
	"commit.gpgSign": "false",
	"core.hooksPath": "/dev/null",
	"core.fsmonitor": "false",
	"gc.auto": "0",
	"maintenance.auto": "false",
	"protocol.file.allow": "always",
	"init.defaultBranch": "main",
}).flatMap(([key, value]) => ["-c", `${key}=${value}`]);

/** What a checkout and a release do, in the workspace's file system, with a repository that is made for it. */
export async function gitPart(preparing: Preparing): Promise<Prepared> {
	const command = preparing.request.policy.tools.git?.command ?? ["git", "--version"];
	const git = await programFor(preparing, "git", toolProbe("git", command));
	if (typeof git !== "string") return git;
	const at = `${await preparing.workspace()}/git`;
	const first = `${at}/first`;
	const env = { GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
	const step = (...args: string[]) => ({
		command: [git, ...plain, ...args],
		shown: ["git", ...args].join(" "),
		cwd: first,
		env,
	});
	return {
		kind: "ready",
		sequences: [
			{
				name: "git",
				steps: [
					{
						...step("init", "--quiet", "--template=", first),
						cwd: "/",
						files: { [`${first}/file`]: "runner-check\n" },
					},
					step("add", "file"),
					step("commit", "--quiet", "--message", "runner-check"),
					step("clone", "--quiet", "--bare", "--template=", first, `${at}/bare.git`),
					step("clone", "--quiet", "--template=", `${at}/bare.git`, `${at}/second`),
					step("-C", `${at}/second`, "checkout", "--quiet", "-b", "other"),
				],
			},
		],
	};
}
