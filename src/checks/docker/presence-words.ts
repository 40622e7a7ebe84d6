import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import { reason, unknown } from "../words.ts";
import { configFile, restartRunner, type Situation } from "./situation.ts";

export const intro =
	"Applies only if the profile forbids Docker, and checks that this job cannot reach a daemon. Access is what counts: next to the address that the CLI would use, every socket at a usual path is asked, since a step can unset any variable. A CLI without a daemon is harmless, and so is a socket that this user cannot open.";

interface ForbiddenButPresent {
	/** The address that the CLI would use. */
	readonly address: string;
	/** `29.1.2`; `undefined`: it answers with an error, or hangs. */
	readonly version: string | undefined;
	/** A socket that the CLI would not use, and at which a daemon answers. */
	readonly otherSocket: string | undefined;
	/** The daemon is reached through a socket of this machine. */
	readonly overSocket: boolean;
	readonly profile: string;
	/** Name of the job's user, if it has one. */
	readonly user: string | undefined;
	readonly situation: Situation;
}

const rootAccess =
	"Access to a Docker daemon is root access to its machine: every job of this label can read and change everything there, including the secrets of other jobs.";

export const words = {
	"forbidden-but-present": reason<ForbiddenButPresent>({
		level: "fail",
		title: "This job can reach a Docker daemon, which is forbidden",
		why: ({ otherSocket }) =>
			otherSocket === undefined ? rootAccess : `A step only has to unset a variable to use that socket. ${rootAccess}`,
		expected: "no daemon that this job can reach",
		tell: (seen) => ({ what: whatAnswers(seen), fix: takeAway(seen) }),
		more: "A daemon that answers with an error or hangs counts too: it may work again in the next job.",
	}),
};

function whatAnswers({ address, version, otherSocket, profile }: ForbiddenButPresent): string {
	if (otherSocket !== undefined) {
		return `The Docker CLI uses ${code(address)}, but a daemon also answers at ${code(otherSocket)}. The profile ${code(profile)} forbids Docker.`;
	}
	const name = version === undefined ? "A Docker daemon" : `Docker ${version}`;
	return `${name} answers at ${code(address)}, but the profile ${code(profile)} forbids Docker.`;
}

function takeAway({ overSocket, user, situation }: ForbiddenButPresent): Remedy {
	if (!overSocket) {
		return {
			text: "Remove `DOCKER_HOST` from the environment of the jobs, and take them out of the network of the daemon.",
			commands: ["unset DOCKER_HOST"],
			kind: "runner",
		};
	}
	if (!situation.inContainer) return leaveGroup(user, situation);
	if (situation.system !== "gitea" && situation.system !== "forgejo") {
		return { text: "Start the job's container without a mount of the Docker socket.", kind: "runner" };
	}
	return {
		text: 'Keep the socket out of the job containers: with `docker_host: "-"`, the runner uses the daemon itself but does not mount its socket. Remove the socket from `container.options` and `valid_volumes` too.',
		config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: "-"' },
		commands: restartRunner(situation),
		kind: "runner",
	};
}

function leaveGroup(user: string | undefined, situation: Situation): Remedy {
	if (user === "root") {
		return {
			text: "Run the jobs in containers, as another user, or on a machine without Docker: nothing keeps root from the socket.",
			kind: "host",
		};
	}
	return {
		text: "Remove the runner's user from the socket's group and restart the runner: a running process keeps its old groups.",
		commands: [
			...(user === undefined ? [] : [`sudo gpasswd --delete=${shellQuote(user)} docker`]),
			...restartRunner(situation),
		],
		kind: "host",
	};
}

export const unknowns = {
	"not-asked": unknown<{ readonly address: string; readonly isSsh: boolean }>({
		title: "Unknown whether this job can reach a Docker daemon",
		why: rootAccess,
		expected: "no daemon",
		tell: ({ address, isSsh }) => ({
			what: isSsh
				? `The Docker CLI would reach a daemon at ${code(address)} through SSH, which this check cannot ask.`
				: `The daemon's address is ${code(address)}, and nothing there answered or refused before the deadline: a firewall may drop the packets.`,
			fix: {
				text: "Remove the address (`DOCKER_HOST`, or the Docker context), since the profile forbids Docker. To see whether a daemon answers there, ask by hand, as the job's user.",
				commands: ["docker context ls", `timeout 30 docker --host=${shellQuote(address)} version`],
				kind: "runner",
			},
		}),
	}),
};
