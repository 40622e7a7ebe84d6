import type { FileOutcome, Host } from "../host/host.ts";
import { bounded } from "./docker-endpoint.ts";
import { runGit } from "./git.ts";
import type { Probe } from "./probe.ts";
import { join } from "./program-search.ts";

/** Whether git works in the workspace, whose owner may be another user. */
export interface GitWorkspaceFacts {
	readonly path: string;
	/** `unasked`: GIT_DIR names the repository, or the platform has no users; git compares no owners then. */
	readonly repository: "found" | "none" | "unasked";
	readonly uid?: number;
	/** Of `sudo`: root may use what belongs to this user. */
	readonly sudoUid?: number;
	/** Owners of the workspace and of `.git` in it. */
	readonly owner?: number;
	readonly group?: number;
	readonly gitOwner?: number;
	/** What git itself says; only asked if an owner is another one. */
	readonly answer?: GitAnswer;
}

type GitAnswer =
	| { readonly kind: "accepts" }
	/** Its error message. */
	| { readonly kind: "refuses"; readonly message: string }
	| { readonly kind: "no-git" | "no-repository" | "untrusted" }
	| { readonly kind: "unknown"; readonly message: string };

/**
 * Source: the owners of the workspace and of its `.git`. If one is not this user, `git -C … rev-parse --git-dir`, which compares
 * them with `safe.directory` in its configuration. That command starts no program, whatever the repository's configuration names: no
 * hook, no file system monitor, no pager and no alias.
 */
export const gitWorkspaceProbe: Probe<GitWorkspaceFacts> = {
	name: "git-workspace",
	async collect(host: Host, { workspace: path }, signal: AbortSignal): Promise<GitWorkspaceFacts> {
		const { uid, env } = host;
		if (uid === undefined || env.GIT_DIR) return { path, repository: "unasked" };
		const real = await host.realPath(path);
		if (real.kind !== "ok") return { path, repository: "none" };
		const [directory, repository] = await Promise.all([host.lstat(real.value), host.lstat(join(real.value, ".git"))]);
		if (!isThere(repository)) return { path, repository: "none" };
		const sudoUid = uid === 0 && /^\d{1,10}$/.test(env.SUDO_UID ?? "") ? Number(env.SUDO_UID) : undefined;
		const owner = isThere(directory) ? directory.uid : undefined;
		const isOwn = (one: number | undefined): boolean => one === uid || (one !== undefined && one === sudoUid);
		// A `.git` that is a file or a link leads to another place, with an owner of its own.
		const isClear = isOwn(owner) && isOwn(repository.uid) && repository.kind === "directory";
		return {
			path,
			repository: "found",
			uid,
			...(sudoUid !== undefined && { sudoUid }),
			...(isThere(directory) && { owner: directory.uid, group: directory.gid }),
			gitOwner: repository.uid,
			...(!isClear && { answer: await askGit(host, real.value, signal) }),
		};
	},
};

function isThere(look: FileOutcome): look is Exclude<FileOutcome, { kind: "absent" | "unreadable" }> {
	return look.kind !== "absent" && look.kind !== "unreadable";
}

/** Git before 2.35.3 says that the repository is unsafe; later ones that its ownership is dubious. Before 2.35.2 it accepts all. */
const refusal = /^fatal: (?:detected dubious ownership in|unsafe) repository.*$/m;

async function askGit(host: Host, directory: string, signal: AbortSignal): Promise<GitAnswer> {
	const ran = await runGit(host, ["-C", directory, "rev-parse", "--git-dir"], directory, signal);
	switch (ran.kind) {
		case "exited": {
			if (ran.code === 0 && ran.stdout.trim() !== "") return { kind: "accepts" };
			const said = refusal.exec(ran.stderr)?.[0];
			if (said !== undefined) return { kind: "refuses", message: bounded(said, 500) };
			if (/^fatal: not a git repository/m.test(ran.stderr)) return { kind: "no-repository" };
			const message = `exit ${ran.code}: ${bounded(ran.stderr.trim(), 300)}`;
			return { kind: "unknown", message };
		}
		case "not-started":
			if (ran.code === "ENOENT") return { kind: "no-git" };
			if (ran.code === "EUNTRUSTED") return { kind: "untrusted" };
			return { kind: "unknown", message: `git cannot be started (${ran.code})` };
		case "signalled":
			return { kind: "unknown", message: `git was ended by ${ran.signal}` };
		case "timed-out":
			return { kind: "unknown", message: "git did not answer within the deadline" };
	}
}
