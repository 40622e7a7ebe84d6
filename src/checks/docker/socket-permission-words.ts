import type { SocketFacts, SocketOwner, SocketUser } from "../../probes/docker-socket.ts";
import type { Remedy } from "../check.ts";
import { code, octal, operand, shellQuote } from "../text.ts";
import { reason, type Told } from "../words.ts";
import {
	addOption,
	isDockers,
	optionLine,
	recreateRunner,
	restartRunner,
	type Situation,
	stopsContainers,
} from "./situation.ts";

interface PermissionDenied {
	readonly socket: Extract<SocketFacts, { kind: "unix" }>;
	readonly situation: Situation;
}

export const permissionDenied = reason<PermissionDenied>({
	level: "fail",
	title: "Permission denied on the Docker socket",
	headline: ({ socket }) =>
		isForeign(socket)
			? "The Docker socket belongs to another user namespace"
			: "Permission denied on the Docker socket",
	why: ({ socket }) =>
		`Every \`docker\` command in this job fails with \`permission denied while trying to connect to the Docker daemon socket\`${isForeign(socket) ? ", even for root: the socket's owner and group do not exist in this container" : ""}.`,
	expected: ({ socket }) => {
		if (isForeign(socket)) return "a socket of the daemon that runs this job, or a job without a user namespace";
		return socket.owner
			? `a user who can write to it, such as a member of group ${socket.owner.gid}`
			: "a path that this user can reach";
	},
	tell: tellPermissionDenied,
	more: "A running process keeps its groups, so a runner has to be restarted after its user joined one. No version of Gitea's runner drops `--group-add`.",
});

/** What the kernel shows for an id that has no number in this user namespace. */
const overflowId = 65534;

function isForeign({ userNamespace, owner }: PermissionDenied["socket"]): boolean {
	return userNamespace === true && owner !== undefined && [owner.uid, owner.gid].includes(overflowId);
}

/** `mode 0660, owner 0, group 998 (docker)` */
export function describeOwner({ mode, uid, gid, group }: SocketOwner): string {
	return `mode ${octal(mode)}, owner ${uid}, group ${group ? `${gid} (${group})` : gid}`;
}

function tellPermissionDenied({ socket, situation }: PermissionDenied): Told {
	const { path, owner, user } = socket;
	const name = user.name ? `${code(user.name)} (uid ${user.uid})` : `uid ${user.uid ?? "?"}`;
	const who = `${name}, groups ${user.groups.join(" ") || "none"}`;
	if (!owner) {
		return {
			what: `${code(path)} is in a directory that is closed to ${who}.`,
			fix: fixDirectory(path, situation),
		};
	}
	const access = `${code(path)} has ${describeOwner(owner)}. The job runs as ${who}`;
	if (isForeign(socket)) {
		return {
			what: `${access}, in a user namespace. There, ${overflowId} stands for every user and group from outside.`,
			fix: fixNamespace(situation),
		};
	}
	return { what: `${access}.`, fix: fixAccess(path, owner, user, situation) };
}

function fixDirectory(path: string, { inContainer }: Situation): Remedy {
	return {
		text: "Run the job as the user that owns the directory, since a rootless daemon serves only its own user. Or use another daemon.",
		commands: [`namei -l ${shellQuote(path)}`],
		kind: inContainer ? "runner" : "host",
	};
}

/** `--group-add` cannot help: a group needs a number in the namespace to be joined. */
function fixNamespace(situation: Situation): Remedy {
	if (!situation.inContainer) {
		return {
			text: "Give the runner the socket of its own user's daemon, or run it directly on the machine: it now runs in a rootless container.",
			kind: "host",
		};
	}
	return {
		text: "If the daemon runs with `userns-remap`, turn that off, or run these jobs without the socket: with the socket, they are root on the host anyway. If the runner uses a rootless daemon, mount that daemon's own socket: name it in `container.docker_host`, such as `unix:///run/user/1000/docker.sock`.",
		commands: ["grep userns-remap /etc/docker/daemon.json", ...restartRunner(situation)],
		kind: "runner",
	};
}

function fixAccess(path: string, owner: SocketOwner, user: SocketUser, situation: Situation): Remedy {
	if (mayWrite(owner, user)) return suspectSecurityModule(path, situation);
	if ((owner.mode & 0o020) === 0) return owner.uid === 0 ? openToGroup(path) : runAsOwner(owner, situation);
	const option = `--group-add ${owner.gid}`;
	if (situation.inRunnerContainer) return recreateRunner(option);
	if (!situation.inContainer) return joinGroup(owner, user, situation);
	const remedy: Remedy = {
		text: `Add the job's user to the socket's group with ${code(option)}. Use the number: group names differ between host and image.`,
		...addOption(situation, option),
	};
	if (remedy.kind !== "runner") return remedy;
	return {
		...remedy,
		otherwise: {
			text: "For a single job, set the option in its workflow.",
			config: { file: "the workflow's job", language: "yaml", text: `container:\n${optionLine(option)}` },
			kind: "workflow",
		},
	};
}

/** As the kernel decides: the bits of the owner, else of the group, else of all others. */
function mayWrite({ mode, uid, gid }: SocketOwner, user: SocketUser): boolean {
	if (user.uid === uid) return (mode & 0o200) !== 0;
	return (mode & (user.groups.includes(gid) ? 0o020 : 0o002)) !== 0;
}

function joinGroup(owner: SocketOwner, user: SocketUser, situation: Situation): Remedy {
	const name = user.name ? operand(user.name) : `"$(getent passwd ${user.uid ?? ""} | cut -d: -f1)"`;
	const group = owner.group ? shellQuote(owner.group) : `"$(getent group ${owner.gid} | cut -d: -f1)"`;
	const isRoot = "Members of this group have root access to the host.";
	// Membership of root's group opens more than the socket.
	if (owner.gid === 0) {
		return {
			text: `Create the group \`docker\`, add the runner's user to it, and restart Docker, which then gives its socket to that group. Now the socket belongs to root's group. Restart the runner too: a running process keeps its old groups. ${isRoot} ${stopsContainers}`,
			commands: [
				"sudo groupadd --force docker",
				`sudo usermod -aG docker ${name}`,
				"sudo systemctl restart docker.socket docker.service",
				...restartRunner(situation),
			],
			kind: "host",
		};
	}
	return {
		text: `Add the runner's user to the socket's group and restart the runner: a running process keeps its old groups. ${isRoot}`,
		commands: [`sudo usermod -aG ${group} ${name}`, ...restartRunner(situation)],
		kind: "host",
	};
}

function openToGroup(path: string): Remedy {
	return {
		text: "Give the socket's group access: now only its owner has it. Docker sets the mode when it starts, so `SocketMode=` of `docker.socket` has to be `0660`.",
		commands: [
			...(isDockers(path) ? [`sudo chgrp docker ${shellQuote(path)} && sudo chmod 0660 ${shellQuote(path)}`] : []),
			"systemctl cat docker.socket | grep -i SocketMode",
		],
		kind: "host",
	};
}

/** A rootless daemon serves the user that it runs as. */
function runAsOwner(owner: SocketOwner, situation: Situation): Remedy {
	const text = `Run the job as uid ${owner.uid}, the only user with access: a rootless daemon serves only its own user. Or use another daemon.`;
	if (!situation.inContainer) return { text, kind: "host" };
	return { text, ...addOption(situation, `--user ${owner.uid}`) };
}

function suspectSecurityModule(path: string, situation: Situation): Remedy {
	const option = "--security-opt label=disable";
	return {
		text: "Look for a denial by SELinux or AppArmor in the host's audit log: the permission bits allow this user.",
		commands: [`ls -lZ ${shellQuote(path)}`, "sudo ausearch -m avc -ts recent", "sudo dmesg | grep -i apparmor | tail"],
		kind: "host",
		...(situation.inContainer && {
			otherwise: {
				text: `With SELinux, the option ${code(option)} removes the label that keeps job containers out. Gitea's runner 3.0.0 to 3.3.0 drops this option unless \`container.privileged\` is true.`,
				...addOption(situation, option),
			},
		}),
	};
}
