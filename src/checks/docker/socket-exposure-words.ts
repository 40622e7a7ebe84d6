import type { Remedy } from "../check.ts";
import { code } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { addOption, configFile, restartRunner, type Situation } from "./situation.ts";

export const intro =
	"Checks who else can reach the daemon through this job. Access to a daemon is root access to its host. The team accepts that for its own code, and for no other. It applies wherever a daemon answers, in containers and on the host.";

interface UntrustedEvent {
	/** `pull_request` */
	readonly event: string;
	readonly address: string;
	readonly situation: Situation;
}

interface ReadOnlyIllusion {
	readonly situation: Situation;
}

export const words = {
	"untrusted-event": reason<UntrustedEvent>({
		level: "fail",
		title: "A pull request from a fork can reach the Docker daemon",
		why: "Its author can start a privileged container and read and change everything on the runner's host: the runner's token, and the secrets and results of other jobs.",
		expected: "no Docker daemon that code from forks can reach",
		tell: ({ event, address, situation }) => ({
			what: `This job runs code from a fork (${code(event)}) and can reach the Docker daemon at ${code(address)}.`,
			fix: keepForksOut(situation),
		}),
		more: "The event's file tells whether it is a fork: head and base are compared. `pull_request_target` passes, since it runs the workflow of the base branch; do not check out the head in it. If you trust everyone who can open a pull request, set `docker/socket-exposure: off` under `severity` in the policy.",
	}),
	"read-only-illusion": reason<ReadOnlyIllusion>({
		level: "warn",
		title: "The read-only mount of the Docker socket protects nothing",
		why: "`:ro` only keeps the socket from being replaced. Requests through it are not writes to the file: `docker run --privileged` works, and jobs are root on the host.",
		expected: "a socket without `:ro`, or no socket",
		tell: ({ situation }) => ({
			what: "The Docker socket is mounted read-only, but the daemon still executes every request.",
			fix: decideAccess(situation),
		}),
	}),
};

function keepForksOut(situation: Situation): Remedy {
	return {
		text: "Send pull requests from forks to a runner without the socket: give it a label of its own. Until then, run this job only for branches of the repository itself, and require approval for runs of first-time contributors.",
		config: {
			file: "the workflow's job",
			language: "yaml",
			text: "if: github.event_name != 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository",
		},
		kind: "workflow",
		otherwise: isOfGitea(situation)
			? {
					text: "On the runner for such jobs, keep the socket out of the containers.",
					config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: "-"' },
					commands: restartRunner(situation),
					kind: "runner",
				}
			: {
					text: "If you trust everyone who can open a pull request, turn this off in the policy.",
					config: {
						file: ".gitea/runner-check.yml",
						language: "yaml",
						text: "severity:\n  docker/socket-exposure: off",
					},
					kind: "workflow",
				},
	};
}

function decideAccess(situation: Situation): Remedy {
	const text =
		"Remove `:ro` if jobs of this label may use Docker. If they may only read, put a proxy in front of the daemon that allows only read requests, and give the jobs its socket: `/run/docker-proxy.sock` in this example.";
	if (!isOfGitea(situation)) {
		return { text, ...addOption(situation, "--volume /run/docker-proxy.sock:/var/run/docker.sock") };
	}
	return {
		text: `${text} The runner mounts what \`docker_host\` names, so no option has to mount it.`,
		config: { file: configFile, language: "yaml", text: "container:\n  docker_host: unix:///run/docker-proxy.sock" },
		commands: restartRunner(situation),
		kind: "runner",
	};
}

function isOfGitea({ system }: Situation): boolean {
	return system === "gitea" || system === "forgejo";
}

export const unknowns = {
	"event-unknown": unknown<{ readonly event: string }>({
		title: "Unknown whether this pull request is from a fork",
		why: "This job reaches the Docker daemon, which is root access to its machine. If the pull request is from a fork, a stranger's code has it.",
		expected: "an event file that names the repository of the pull request",
		tell: ({ event }) => ({
			what: `The event's file does not say whether this ${code(event)} comes from a fork: it is missing, cannot be read, or is not the JSON of a pull request.`,
			fix: {
				text: "Let the job read the file: its user must have access, and the runner must have written it. The commands show both in a step of the job.",
				commands: ['ls -l "$GITHUB_EVENT_PATH"', 'head -c 300 "$GITHUB_EVENT_PATH"', "id"],
				kind: "runner",
				otherwise: {
					text: "Run pull requests on a label whose jobs have no socket. Then it does not matter where they come from.",
					kind: "workflow",
				},
			},
		}),
	}),
	"no-event-name": unknown({
		title: "Unknown which event started this job",
		why: "This job reaches the Docker daemon, which is root access to its machine. If the fork's own workflow runs here, a stranger's code has it.",
		expected: "the event's name in `GITHUB_EVENT_NAME`",
		tell: () => ({
			what: "`GITHUB_EVENT_NAME` is not set, and the event's file is that of a pull request from a fork. Whether the fork's workflow runs here (`pull_request`) or that of the base branch (`pull_request_target`), it does not say.",
			fix: {
				text: "Let the job keep the variables that every runner sets: a step that starts runner-check with `env -i` or `sudo` without `--preserve-env` drops them.",
				commands: ["env | grep ^GITHUB_EVENT_"],
				kind: "workflow",
			},
		}),
	}),
};
