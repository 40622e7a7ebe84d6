import type { Remedy } from "../check.ts";
import {
	interruptsJobs,
	recreateRunner,
	restartRunner,
	runnerService,
	type Situation,
	serviceLines,
	stopsContainers,
} from "../docker/situation.ts";
import { code, cut, operand, shellQuote } from "../text.ts";
import { reason } from "../words.ts";

interface OutsideGroup {
	/** `undefined`: the uid has no account. */
	readonly user: string | undefined;
	readonly uid: number;
	readonly group: { readonly gid: number; readonly name: string | undefined };
	/** Path of the Docker socket. */
	readonly socket: string;
	readonly situation: Situation;
}

interface Root {
	readonly situation: Situation;
}

export const intro =
	"Judges the user that host jobs run as. In a container, the image and `container.options` choose the user, so it is skipped.";

export const words = {
	"not-in-docker-group": reason<OutsideGroup>({
		level: "fail",
		title: "The jobs' user is not in the Docker socket's group",
		headline: ({ user, uid, group }) =>
			`${user === undefined ? `uid ${uid}` : code(cut(user, 18))} is not in the group ${code(cut(groupName(group), 16))}`,
		why: "Every `docker` command of a host job fails with `permission denied while trying to connect`.",
		expected: ({ group }) => `group ${groupName(group)} (${group.gid})`,
		tell: (seen) => ({
			what: `${seen.user === undefined ? `The user with uid ${seen.uid}` : code(seen.user)} is not in the group ${code(groupName(seen.group))}, which owns ${code(seen.socket)}.`,
			fix: joinGroup(seen),
		}),
		more: "[`docker/socket`](docker.md#permission-denied) reports the same cause, and this check waits for it. You see this finding only if `docker/socket` is switched off.",
	}),
	root: reason<Root>({
		level: "warn",
		title: "Host jobs run as root",
		why: "Nothing separates a job from the machine. A wrong path in a script, or any dependency, can change or read everything, including the runner's registration. Files that jobs leave in the work directory also belong to root.",
		expected: "a user of its own for the runner",
		tell: ({ situation }) => ({ what: "Host jobs run as root (uid 0).", fix: giveOwnUser(situation) }),
		more: "Reported for jobs only: not for a person who looks at the machine as root, and not for root in the runner's own container.",
	}),
};

function groupName({ gid, name }: OutsideGroup["group"]): string {
	return name ?? String(gid);
}

function joinGroup({ user, uid, group, situation }: OutsideGroup): Remedy {
	const why =
		"A running process keeps its groups, so restart the runner. Members of this group have the power of root.";
	if (situation.inRunnerContainer) return recreateRunner(`--group-add ${group.gid}`);
	// Membership of root's group opens more than the socket.
	if (group.gid === 0) {
		const { commands = [], ...membership } =
			user === undefined
				? serviceLines(situation, "SupplementaryGroups=docker")
				: { commands: [`sudo usermod -aG docker ${operand(user)}`, ...restartRunner(situation)] };
		return {
			...membership,
			text: `Create the group \`docker\`, give it to the runner's user, and restart Docker, which then gives its socket to that group. ${why} ${stopsContainers}`,
			commands: ["sudo groupadd --force docker", "sudo systemctl restart docker.socket docker.service", ...commands],
			kind: "host",
		};
	}
	const name = group.name ?? "docker-socket";
	const create = group.name === undefined ? [`sudo groupadd --gid ${group.gid} ${name}`] : [];
	if (user === undefined) {
		return {
			text: `Give the runner's service this group: uid ${uid} has no account that could be added to it. ${why}`,
			...serviceLines(situation, `SupplementaryGroups=${group.gid}`),
			kind: "host",
		};
	}
	return {
		text: `Add the user to the group. ${why}`,
		commands: [...create, `sudo usermod -aG ${shellQuote(name)} ${operand(user)}`, ...restartRunner(situation)],
		kind: "host",
	};
}

function giveOwnUser(situation: Situation): Remedy {
	return { ...runAsOwnUser(situation), otherwise: acceptRoot };
}

function runAsOwnUser(situation: Situation): Omit<Remedy, "otherwise"> {
	const name = runnerService(situation);
	const home = `/var/lib/${name}`;
	if (situation.system === "github") {
		return {
			text: "Install the service again, as its own user. Do this in the directory of the runner when no job is running.",
			commands: [
				"sudo useradd --create-home github-runner",
				`test -f .runner && sudo ./svc.sh stop && sudo ./svc.sh uninstall && sudo chown -R github-runner: .   # ${interruptsJobs}`,
				"sudo ./svc.sh install github-runner && sudo ./svc.sh start",
			],
			kind: "host",
		};
	}
	const { config, commands = [] } = serviceLines(situation, `User=${name}\nGroup=${name}\nWorkingDirectory=${home}`);
	return {
		text: `Run the service as its own user, which must own the working directory with \`.runner\` (here ${code(home)}). If it is elsewhere, move \`.runner\` there before you change the owner.`,
		...(config && { config }),
		commands: [
			`sudo useradd --system --create-home --home-dir ${home} ${name}`,
			`sudo usermod -aG docker ${name}   # only if host jobs need Docker`,
			`sudo chown ${name}: ${home}/.runner`,
			...commands,
		],
		kind: "host",
	};
}

const acceptRoot: Omit<Remedy, "otherwise"> = {
	text: "If these jobs must be root, say so in the policy.",
	config: {
		file: ".gitea/runner-check.yml",
		language: "yaml",
		text: 'severity:\n  "runner/user:root": off',
	},
	kind: "workflow",
};
