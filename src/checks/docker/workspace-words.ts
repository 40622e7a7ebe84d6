import type { Remedy } from "../check.ts";
import { moreTime } from "../find-out.ts";
import { code, cut, shellQuote, yamlValue } from "../text.ts";
import { reason, type Told, unknown } from "../words.ts";
import { startTrouble } from "./container-start.ts";
import { configFile, restartRunner, type Situation } from "./situation.ts";

export const intro = [
	"`docker run -v \"$PWD:/src\"` in a job is executed by the daemon on its own host, where the job's path usually means nothing. This check asks the daemon how the workspace of this container is mounted. With the input `smoke`, it also starts a container from an image that exists locally (the job's own, or the smallest) with the workspace mounted, and lets it read a file that was put there. File and container are removed again.",
	"By default, Gitea's runner keeps the workspace in a volume, and GitHub's runner mounts it from another path. There, `-v \"$PWD:/src\"` never worked and was never promised; `docker build` and actions are not affected. So the check is skipped with a note, instead of warning about every runner with the usual setup.",
	"With `smoke`, the finding is a failure, because a container was started to find out. If `smoke` may not start a container, or cannot put its file into the workspace, the result is an error: it was requested, and could not find out. Without a local image, the mounts decide.",
].join("\n\n");

type NotVisible = { readonly workspace: string; readonly situation: Situation } & (
	| {
			/** The mounts of this container tell. */
			readonly by: "mounts";
			/** What the workspace is instead: "it is `/srv/jobs` on the daemon's host". */
			readonly found: string;
	  }
	/** A container that was started did not see it. */
	| { readonly by: "smoke" }
	/** No container could be started. */
	| { readonly by: "no-start"; readonly image: string; readonly error: string }
);

export const words = {
	"not-visible": reason<NotVisible>({
		level: "warn",
		title: "The Docker daemon does not see the job's workspace",
		headline: ({ by }) =>
			by === "no-start"
				? "Docker cannot start a container with the workspace"
				: "The Docker daemon does not see the job's workspace",
		why: ({ by }) =>
			by === "no-start"
				? "The daemon answers and looks healthy, but every `docker run` and every build step fails, and the runner cannot start jobs."
				: 'A container that a job starts with `-v "$PWD:/src"`, or with Compose, finds an empty directory or other files. The job fails with missing files.',
		expected: ({ by, workspace }) => {
			switch (by) {
				case "mounts":
					return `${workspace} bound to the same path, or a volume of the runner`;
				case "smoke":
					return "the workspace's files in a container that the job starts";
				case "no-start":
					return "a container that starts and sees the workspace";
			}
		},
		tell: tellNotVisible,
	}),
};

function tellNotVisible(seen: NotVisible): Told {
	const { workspace, situation } = seen;
	switch (seen.by) {
		case "mounts":
			return {
				what: `The daemon looks for ${code(workspace)} on its own host, and ${seen.found}. So \`docker run -v "$PWD:/src"\` does not mount the workspace.`,
				fix: makeVisible(workspace, situation),
			};
		case "smoke":
			return {
				what: `A container that was started to find out did not see the workspace ${code(workspace)}.`,
				fix: makeVisible(workspace, situation),
			};
		case "no-start":
			return {
				what: `${startTrouble(seen.error, seen.image).cause} No container can be started: ${code(cut(seen.error, 600))}.`,
				fix: startTrouble(seen.error, seen.image).fix,
			};
	}
}

/** Only Gitea's runner sets `JOB_CONTAINER_NAME`. With the others, the container's hostname is its id. */
function shareMounts({ system }: Situation): Omit<Remedy, "otherwise"> {
	const self = system === "gitea" ? '"$JOB_CONTAINER_NAME"' : '"$(hostname)"';
	return {
		text: `Share the mounts of the job's container: add \`--volumes-from ${self} --workdir "$GITHUB_WORKSPACE"\` to \`docker run\`. This works with any setup of the runner.`,
		kind: "workflow",
	};
}

/**
 * `bind_workdir` alone is not enough: before 3.3.1, the runner silently drops a directory that `valid_volumes` does not name, and
 * the workspace is then a part of the container.
 */
function makeVisible(workspace: string, situation: Situation): Remedy {
	if (situation.system !== "gitea" && situation.system !== "forgejo") return shareMounts(situation);
	const parent = `/${workspace.split("/")[1] || "workspace"}`;
	return {
		text: `Let the runner bind the workspace from the host. Before 3.3.1, it drops a directory that \`valid_volumes\` does not allow. If the runner itself runs in a container, mount ${code(parent)} of the host there at the same path.`,
		config: {
			file: configFile,
			language: "yaml",
			text: `container:\n  bind_workdir: true\n  workdir_parent: ${yamlValue(parent.slice(1))}\n  valid_volumes:\n    - ${yamlValue(`${parent}/**`)}`,
		},
		commands: restartRunner(situation),
		kind: "runner",
		otherwise: shareMounts(situation),
	};
}

const emptyMount =
	'Whether a started container sees the workspace is unknown. If it does not, `docker run -v "$PWD:/src"` in a job mounts an empty directory, and the step fails on missing files.';
const sawTheFile = "a started container that sees the workspace";

export const unknowns = {
	"no-file": unknown<{ readonly workspace: string; readonly errno: string }>({
		title: "`smoke` could not write to the workspace",
		why: emptyMount,
		expected: sawTheFile,
		tell: ({ workspace, errno }) => ({
			what: `\`smoke\` could not put a file into ${code(workspace)} (${errno}), so a container cannot see it.`,
			fix: {
				text: "Give the job a workspace that it can write to. The commands show its owner and mode, how full its disk is, and whether it is mounted read-only.",
				commands: [
					"id",
					`ls -ld ${shellQuote(workspace)}`,
					`df -h ${shellQuote(workspace)}`,
					`findmnt --target ${shellQuote(workspace)}`,
				],
				kind: "host",
			},
		}),
	}),
	forbidden: unknown<{ readonly answer: string }>({
		title: "`smoke` may not start a container",
		why: emptyMount,
		expected: sawTheFile,
		tell: ({ answer }) => ({
			what: `\`smoke\` may not start a container: the daemon, or a proxy in front of it, denies it (${answer}).`,
			fix: {
				text: "Allow `POST /containers/create` for jobs in the proxy or the daemon's authorization plugin. If jobs must not start containers, take `docker` out of `smoke`: the check then judges by the mounts.",
				commands: ["docker info --format '{{.Plugins.Authorization}}'", 'echo "${DOCKER_HOST:-the default socket}"'],
				kind: "host",
			},
		}),
	}),
	"no-answer": unknown<{ readonly answer: string }>({
		title: "The container of `smoke` did not finish",
		why: emptyMount,
		expected: sawTheFile,
		tell: ({ answer }) => ({
			what: `\`smoke\` could not finish: ${answer}.`,
			fix: {
				text: "Start a container by hand and see how long it takes. A daemon under load, or a slow disk, needs more time.",
				commands: ["docker ps --all --last 3", "sudo journalctl --unit docker --since -10min | tail -n 50"],
				kind: "host",
				otherwise: moreTime(),
			},
		}),
	}),
};
