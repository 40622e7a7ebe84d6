import type { ToolFacts } from "../../probes/tools.ts";
import { anyVersion } from "../../versions.ts";
import type { Remedy } from "../check.ts";
import { code, cut, shellPath } from "../text.ts";
import { installRemedy } from "../toolchain/install.ts";
import { reason, unknown } from "../words.ts";
import { hungFix } from "./part.ts";

export const intro =
	"Does in the workspace's file system what a checkout and a release do, with a repository that is made for it: `git init`, `commit`, `clone` and `checkout`. Hooks, signatures and templates are left out.";

/** What git's words say is wrong. */
export type GitTrouble = "no-space" | "read-only" | "denied" | "modes" | "ownership" | "locks" | "damaged" | "unknown";

const patterns: readonly (readonly [RegExp, GitTrouble])[] = [
	[/dubious ownership|unsafe repository/i, "ownership"],
	[/no space left on device|disk quota exceeded/i, "no-space"],
	[/read-only file system/i, "read-only"],
	[/chmod on [^\n]* failed|could not set '?core\.filemode|fchmod[^\n]*failed/i, "modes"],
	[
		/unable to (?:create|lock|write)[^\n]*\.lock|could not lock|no locks available|unable to link|unable to write (?:loose object|sha1)[^\n]*(?:not permitted|not supported)/i,
		"locks",
	],
	[
		/is not a git command|remote helper|unable to find remote helper|error while loading shared libraries|Error relocating/i,
		"damaged",
	],
	[/permission denied|operation not permitted/i, "denied"],
];

function gitTroubleIn(text: string): GitTrouble {
	return patterns.find(([pattern]) => pattern.test(text))?.[1] ?? "unknown";
}

interface Failed {
	readonly command: string;
	readonly error: string;
	readonly workspace: string;
}

const causes: Readonly<Record<GitTrouble, string>> = {
	"no-space": "The workspace's file system is full.",
	"read-only": "The workspace's file system is read-only.",
	denied: "The job's user may not do this in the workspace.",
	modes: "The workspace's file system does not keep the modes of files.",
	ownership: "Files that git just made belong to another user: the file system maps users.",
	locks: "The workspace's file system does not support what git needs to write safely.",
	damaged: "This git is not complete.",
	unknown: "runner-check does not know the cause.",
};

export const words = {
	failed: reason<Failed>({
		level: "fail",
		title: "git does not work in the workspace",
		headline: ({ error }) =>
			gitTroubleIn(error) === "damaged" ? "git cannot do its work" : "git does not work in the workspace",
		why: "Checkouts of jobs fail in the same way, and so does each step that commits or tags.",
		expected: "a repository that can be made, committed to, cloned and checked out",
		tell: ({ command, error, workspace }) => ({
			what: `${causes[gitTroubleIn(error)]} ${code(cut(command, 100))} failed: ${code(cut(error, 400))}.`,
			fix: fixOf(gitTroubleIn(error), workspace),
		}),
	}),
	timeout: reason<{ readonly command: string; readonly workspace: string }>({
		level: "fail",
		title: "git does not finish in the workspace",
		why: "git has no timeout: a checkout hangs until the job's own.",
		expected: "a repository that can be made, committed to, cloned and checked out",
		tell: ({ command, workspace }) => ({
			what: `${code(cut(command, 100))} did not end before the deadline, and was killed.`,
			fix: hungFix([`findmnt --target ${shellPath(workspace)}`, "time git init /tmp/runner-check-by-hand", "uptime"]),
		}),
	}),
};

export const unknowns = {
	"no-git": unknown<{ readonly mode: ToolFacts["mode"] }>({
		title: "`smoke` has no git to try",
		why: "Without git, a checkout downloads an archive, and steps that call git fail.",
		expected: "git on the PATH",
		tell: ({ mode }) => ({
			what: "`smoke` asks for git, but `git` is not on the PATH.",
			fix: installRemedy("git", mode, anyVersion),
		}),
	}),
	"not-run": unknown<{ readonly error: string }>({
		title: "git could not be run to its end",
		why: "It is unknown whether jobs can check out.",
		expected: "a repository that can be made, committed to, cloned and checked out",
		tell: ({ error }) => ({
			what: `git did not run to its end: ${code(cut(error, 400))}.`,
			fix: {
				text: "Run git by hand, as the job's user.",
				commands: ["git --version", "git init /tmp/runner-check-by-hand"],
				kind: "host",
			},
		}),
	}),
};

function fixOf(trouble: GitTrouble, workspace: string): Remedy {
	const there = shellPath(workspace);
	const look = ["id", `ls -ld ${there}`, `findmnt --target ${there}`];
	switch (trouble) {
		case "no-space":
			return {
				text: "Make room on this file system. The commands show how full it is.",
				commands: [`df -h ${there}`, `df -i ${there}`],
				kind: "host",
			};
		case "read-only":
			return {
				text: "Mount it for writing. If the kernel made it read-only, its disk has errors.",
				commands: [`findmnt --target ${there}`, "sudo dmesg --level=err,warn | tail -n 20"],
				kind: "host",
			};
		case "damaged":
			return {
				text: "Install git from one source, with its libraries and helpers.",
				commands: ["command -v git", "git --exec-path", "git --version --build-options"],
				kind: "host",
			};
		case "modes":
		case "ownership":
		case "locks":
			return {
				text: "Keep workspaces on a local file system (ext4, XFS, btrfs), not on CIFS, on NFS with mapped users, or on a shared folder of a virtual machine.",
				commands: look,
				kind: "host",
			};
		case "denied":
			return {
				text: "Let the job's user write there. The commands show that user, the owner, and the file system.",
				commands: look,
				kind: "host",
			};
		case "unknown":
			return {
				text: "Do the same by hand in the workspace, as the job's user, and see what differs from a directory of its own.",
				commands: [...look, "git init /tmp/runner-check-by-hand"],
				kind: "host",
			};
	}
}
