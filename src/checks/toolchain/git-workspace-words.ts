import type { GitWorkspaceFacts } from "../../probes/git-workspace.ts";
import type { Remedy } from "../check.ts";
import { addOption, type Situation } from "../docker/situation.ts";
import { code, shellQuote } from "../text.ts";
import { reason, unknown } from "../words.ts";

interface Dubious {
	readonly seen: GitWorkspaceFacts;
	readonly situation: Situation;
}

export const intro =
	"Compares the owner of the workspace, and of the repository in it, with the job's user, like git since 2.35.2. Root may also use what belongs to `SUDO_UID`. If the owner is another user, it asks git itself (`git rev-parse --git-dir`), because `safe.directory` in git's configuration may allow it. That command starts no program and writes nothing.";

export const words = {
	"dubious-ownership": reason<Dubious>({
		level: "warn",
		title: "git refuses the workspace because of its owner",
		why: "Every git command in it ends with exit code 128 and `fatal: detected dubious ownership in repository`. `actions/checkout` allows the workspace for itself alone, in a home of its own.",
		expected: "a workspace of the job's user, or one that `safe.directory` names",
		tell: ({ seen, situation }) => ({ what: whoOwns(seen), fix: allow(seen, situation) }),
		more: "A linked worktree or a submodule has its repository elsewhere; then git is always asked.",
	}),
};

function whoOwns({ path, uid, owner, gitOwner }: GitWorkspaceFacts): string {
	const isOwn = owner === uid;
	const whose = isOwn
		? `The repository ${code(`${path}/.git`)}${gitOwner === uid ? " leads to a place of another user" : ` belongs to uid ${gitOwner}`}`
		: `The workspace ${code(path)} belongs to uid ${owner ?? "?"}`;
	return `${whose}, but this job runs as uid ${uid}, and git's configuration does not allow it with \`safe.directory\`.`;
}

function allow({ path, owner, group, uid }: GitWorkspaceFacts, situation: Situation): Remedy {
	if (situation.inContainer) {
		const asOwner = owner === undefined || owner === uid ? undefined : `--user ${owner}:${group ?? owner}`;
		return {
			text: "Allow every workspace in the image. The job's container holds no other repositories.",
			config: {
				file: "Dockerfile",
				language: "dockerfile",
				text: "RUN git config --system --add safe.directory '*'",
			},
			kind: "image",
			...(asOwner !== undefined && {
				otherwise: {
					text: `Run the job as the workspace's owner: ${code(asOwner)}.`,
					...addOption(situation, asOwner),
				},
			}),
		};
	}
	return {
		text: "Allow this workspace in the configuration of the job's user. Run the command as that user.",
		commands: [`git config --global --add safe.directory ${shellQuote(path)}`],
		kind: "host",
		otherwise: {
			text: "Run the runner and its jobs as the owner of their workspaces.",
			kind: "runner",
		},
	};
}

export const unknowns = {
	unknown: unknown<{ readonly path: string }>({
		title: "Unknown whether git accepts the workspace",
		why: "Every git command in a workspace that git refuses ends with exit code 128.",
		expected: "an answer of `git rev-parse --git-dir`",
		tell: ({ path }) => ({
			what: `The workspace ${code(path)} belongs to another user, and git did not say whether it accepts it.`,
			fix: {
				text: "Ask git in the workspace, as the job's user.",
				commands: [`git -C ${shellQuote(path)} rev-parse --git-dir`],
				kind: "host",
			},
		}),
	}),
};
