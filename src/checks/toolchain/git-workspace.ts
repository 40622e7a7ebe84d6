import { containerProbe } from "../../probes/container.ts";
import { type GitWorkspaceFacts, gitWorkspaceProbe } from "../../probes/git-workspace.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Proof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { intro, unknowns, words } from "./git-workspace-words.ts";

export const gitWorkspace = defineCheck({
	id: "git/workspace",
	title: "git accepts the workspace",
	intro,
	reasons: words,
	needs: { git: gitWorkspaceProbe, container: containerProbe, job: jobProbe },
	after: ["tool/git", "fs/writable"],
	judge({ git, container, job }): Verdict<keyof typeof words> {
		const { path, repository, uid, sudoUid, owner, gitOwner, answer } = git;
		switch (repository) {
			case "none":
				return { kind: "skip", reason: "not-applicable", message: `${code(path)} is not a git repository.` };
			case "unasked":
				return { kind: "skip", reason: "not-applicable", message: "git compares no owners here." };
		}
		const isSeen = uid !== undefined && owner !== undefined && gitOwner !== undefined;
		if (repository !== "found" || !isSeen) return nothingSeen("git/workspace", "the owners");
		const evidence = evidenceOf(git);
		switch (answer?.kind) {
			case undefined:
				return [owner, gitOwner].some((one) => one !== uid && one !== sudoUid)
					? nothingSeen("git/workspace", "what git says")
					: { kind: "pass", message: `${code(path)} belongs to the job's user`, evidence };
			case "accepts":
				return { kind: "pass", message: `git accepts ${code(path)}`, evidence };
			case "refuses": {
				const seen = { seen: git, situation: situationOf(container, job) };
				return finding(words, "dubious-ownership", seen, { observed: answer.message, evidence });
			}
			case "no-repository":
				return { kind: "skip", reason: "not-applicable", message: `git finds no repository in ${code(path)}.` };
			case "no-git":
				return { kind: "skip", reason: "not-applicable", message: "git is not installed." };
			case "untrusted":
				return { kind: "skip", reason: "untrusted", message: "The git on PATH belongs to the workspace." };
			case "unknown":
				return undecided(unknowns, "unknown", { path }, { observed: answer.message, evidence });
		}
	},
});

function evidenceOf({ path, uid, sudoUid, owner, gitOwner, answer }: GitWorkspaceFacts): Proof {
	const sudo = sudoUid === undefined ? "" : `, SUDO_UID ${sudoUid}`;
	const said: readonly Evidence[] =
		answer === undefined
			? []
			: [{ source: `git -C ${path} rev-parse --git-dir`, text: "message" in answer ? answer.message : answer.kind }];
	return [
		{
			source: path,
			text: `owner ${owner ?? "?"}, of \`.git\` ${gitOwner ?? "?"}; the job runs as ${uid ?? "?"}${sudo}`,
		},
		...said,
	];
}
