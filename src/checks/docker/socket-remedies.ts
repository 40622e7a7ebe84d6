import type { EndpointFacts } from "../../probes/docker-endpoint.ts";
import type { SocketOwner, SocketUser } from "../../probes/docker-socket.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import { addOption, configFile, holdsHere, restartRunner, type Situation, setVariables } from "./situation.ts";

/*
 * What the runners do with the socket, by which the way out differs:
 *
 * - Gitea's runner mounts the daemon's socket into every job container by itself, at /var/run/docker.sock, unless
 *   `container.docker_host` is `-` or no unix address. The path that it is told has to exist on the daemon's machine.
 * - Up to 2.3.0 a second mount of the same path, by `container.options`, kills every job: `Duplicate mount point`.
 *   So the option is never advised to those, nor where the version is not known.
 * - Any other host path in `container.options` has to be allowed by `container.valid_volumes`, else it is dropped with a
 *   line in the log of `Set up job`: `[/var/run/docker.sock] is not a valid volume, will be ignored`.
 * - Forgejo's runner does not mount it unless `container.docker_host` is `automount`.
 * - GitHub's runner mounts the socket of its host into every job container.
 * - `--group-add` is kept by every version of Gitea's runner, privileged or not.
 */

export function forMissing(path: string, endpoint: EndpointFacts, situation: Situation): Remedy {
	const other = endpoint.elsewhere[0];
	if (situation.inRunnerContainer) return giveToRunner("the socket", `--volume ${shellQuote(`${path}:${path}`)}`);
	if (!situation.inContainer) return startDocker(path, endpoint, situation);
	if (other !== undefined) return pointTo(other, situation);
	if (endpoint.source !== "default" && path !== "/var/run/docker.sock") return correctAddress(path, endpoint);
	switch (situation.system) {
		case "gitea":
			return mountByGitea(situation);
		case "forgejo":
			return {
				text: "Forgejo's runner keeps the socket to itself unless told otherwise. `automount` makes it find the daemon's socket and mount it into every job container.",
				config: { file: configFile, language: "yaml", text: "container:\n  docker_host: automount" },
				commands: restartRunner(situation),
				kind: "runner",
			};
		case "github":
			return {
				text: "GitHub's runner mounts the Docker socket of its own machine into job containers, so it has none there itself: start Docker on it, or mount the socket into the runner if that runs in a container.",
				commands: ["ls -l /var/run/docker.sock", "sudo systemctl enable --now docker"],
				kind: "host",
			};
		default:
			return {
				text: "Start the container with the socket mounted.",
				commands: ["docker run --volume /var/run/docker.sock:/var/run/docker.sock …"],
				kind: "host",
			};
	}
}

/** The runner runs in a container itself, and so do its `host` jobs. */
function giveToRunner(what: string, option: string): Remedy {
	return {
		text: `This job runs on the runner's own system, and that is a container. Start it anew with ${what}.`,
		commands: [`docker run ${option} …`],
		kind: "host",
	};
}

function mountByGitea(situation: Situation): Remedy {
	const careful = holdsHere("duplicate-socket-mount", situation) !== "no";
	const warning = careful
		? " Do not add it to `container.options`: up to runner 2.3.0 the second mount makes every job fail with `Duplicate mount point`."
		: "";
	const remedy: Remedy = {
		text: `The runner mounts the socket by itself, unless \`docker_host\` is \`-\` or a tcp address. Leave it empty, or name the socket as it is called on the daemon's machine (rootless: \`unix:///run/user/1000/docker.sock\`), then restart the runner.${warning}`,
		config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: ""' },
		commands: restartRunner(situation),
		kind: "runner",
	};
	if (careful) return remedy;
	return {
		...remedy,
		otherwise: {
			text: "If `docker_host` has to stay `-`, mount the socket by options, and allow the path: without `valid_volumes` the runner drops it with `is not a valid volume, will be ignored` in the log of `Set up job`.",
			config: {
				file: configFile,
				language: "yaml",
				text: [
					"container:",
					'  docker_host: "-"',
					"  options: --volume /var/run/docker.sock:/var/run/docker.sock",
					"  valid_volumes:",
					"    - /var/run/docker.sock",
				].join("\n"),
			},
			kind: "runner",
		},
	};
}

function pointTo(socket: string, situation: Situation): Remedy {
	const address = `unix://${socket}`;
	return {
		text: `Tell Docker where the socket is: set \`DOCKER_HOST\` to ${code(address)} for the jobs.`,
		...setVariables(situation, { DOCKER_HOST: address }),
		kind: "runner",
	};
}

function correctAddress(path: string, { source }: EndpointFacts): Remedy {
	const origin = source === "config" ? "the current context of the CLI's configuration" : code(source);
	return {
		text: `${code(path)} is what ${origin} says. Correct that, or mount the socket at this path. In the job container of Gitea's runner the socket is always at \`/var/run/docker.sock\`, whatever it is called on the host.`,
		commands: ["unset DOCKER_HOST DOCKER_CONTEXT", "docker version"],
		kind: "runner",
	};
}

function startDocker(path: string, endpoint: EndpointFacts, situation: Situation): Remedy {
	const other = endpoint.elsewhere[0];
	const start: Remedy = {
		text: "Start Docker, and let it start with the machine. If it is not installed, install Docker Engine from Docker's own packages.",
		commands: ["systemctl status docker.socket docker.service", "sudo systemctl enable --now docker"],
		kind: "host",
	};
	if (other !== undefined) return { ...pointTo(other, situation), otherwise: start };
	if (endpoint.source === "default" || path === "/var/run/docker.sock") return start;
	const { otherwise: _, ...address } = correctAddress(path, endpoint);
	return { ...start, otherwise: address };
}

export function forDirectory(path: string, situation: Situation): Remedy {
	const cleanUp = [
		"sudo systemctl stop docker.socket docker.service",
		`sudo rmdir ${shellQuote(path)}`,
		"sudo systemctl start docker.socket docker.service",
	];
	if (!situation.inContainer) {
		return {
			text: "Stop Docker, remove the directory, and start Docker again: it makes its socket there. It comes back if a container with that mount starts before Docker has its socket.",
			commands: cleanUp,
			kind: "host",
		};
	}
	const old =
		holdsHere("socket-directory", situation) === "yes"
			? " Runners before 0.3.0 mount the path even where the daemon is reached over tcp: upgrade the runner."
			: "";
	return {
		text: `The socket that the runner mounts does not exist on the daemon's machine. Set \`docker_host\` to the socket as it is called there (rootless Docker: \`unix:///run/user/1000/docker.sock\`); where a Docker-in-Docker daemon runs the jobs, that is inside of its container. Then remove the empty directory there.${old}`,
		config: {
			file: configFile,
			language: "yaml",
			text: "container:\n  docker_host: unix:///var/run/docker.sock   # as the daemon's machine has it",
		},
		commands: ["ls -ld /var/run/docker.sock   # on the daemon's machine: must begin with s", ...cleanUp],
		kind: "runner",
	};
}

export function forNotASocket(path: string, situation: Situation): Remedy {
	const look = `ls -l ${shellQuote(path)}`;
	if (situation.inContainer) {
		return {
			text: "Something else is mounted or copied to this path. Look at what the runner mounts there (`container.docker_host`, and `--volume` in `container.options`), and whether the image brings a file of that name.",
			commands: [look, "ls -l /var/run/docker.sock   # on the daemon's machine: must begin with s"],
			kind: "runner",
		};
	}
	return {
		text: "Stop Docker, remove what lies there, and start Docker again: it makes its socket anew.",
		commands: [
			look,
			"sudo systemctl stop docker.socket docker.service",
			`sudo rm ${shellQuote(path)}`,
			"sudo systemctl start docker.socket docker.service",
		],
		kind: "host",
	};
}

export function forPermissionDenied(
	path: string,
	owner: SocketOwner | undefined,
	user: SocketUser,
	situation: Situation,
): Remedy {
	if (!owner) {
		return {
			text: "Run the job as the user that owns the directory (a rootless daemon serves that user alone), or use another daemon.",
			commands: [`namei -l ${shellQuote(path)}`],
			kind: situation.inContainer ? "runner" : "host",
		};
	}
	if ((owner.mode & 0o020) === 0) return owner.uid === 0 ? openToGroup(path) : runAsOwner(owner, situation);
	const bitsAllow = user.uid === owner.uid || user.groups.includes(owner.gid) || (owner.mode & 0o002) !== 0;
	if (bitsAllow) return blameSecurityModule(path, situation);
	if (situation.inRunnerContainer) return giveToRunner("the socket's group", `--group-add ${owner.gid}`);
	if (!situation.inContainer) return joinGroup(owner, user, situation);
	const option = `--group-add ${owner.gid}`;
	const remedy: Remedy = {
		text: "Give the job's user the socket's group, by its number: names differ between host and image.",
		...addOption(situation, option),
	};
	if (remedy.kind !== "runner") return remedy;
	return {
		...remedy,
		otherwise: {
			text: "For one job only, its workflow can ask for the same.",
			config: { file: "the job in the workflow", language: "yaml", text: `container:\n  options: ${option}` },
			kind: "workflow",
		},
	};
}

/** `--group-add` cannot help: a group has to have a number in the namespace to be joined. */
export function forUserNamespace(situation: Situation): Remedy {
	if (!situation.inContainer) {
		return {
			text: "The runner itself runs in a user namespace (a rootless container). Give it the socket of the daemon of its own user, or run it on the machine.",
			kind: "host",
		};
	}
	return {
		text: "Where `userns-remap` is on, take it off for this daemon, or let these jobs do without the socket: with it they were root on the host anyway. Where the runner uses a rootless daemon, mount that daemon's own socket instead of `/var/run/docker.sock` of the machine: name it in `container.docker_host`.",
		config: {
			file: configFile,
			language: "yaml",
			text: "container:\n  docker_host: unix:///run/user/1000/docker.sock   # of the daemon that runs the jobs",
		},
		commands: ["grep userns-remap /etc/docker/daemon.json", ...restartRunner(situation)],
		kind: "runner",
	};
}

function joinGroup(owner: SocketOwner, user: SocketUser, situation: Situation): Remedy {
	const name = user.name ? shellQuote(user.name) : `"$(getent passwd ${user.uid ?? ""} | cut -d: -f1)"`;
	const group = owner.group ? shellQuote(owner.group) : `"$(getent group ${owner.gid} | cut -d: -f1)"`;
	// Membership of root's group opens more than the socket.
	if (owner.gid === 0) {
		return {
			text: "The socket belongs to the group of root. Give it to the group `docker`, let the runner's user join that, and restart both: a running process keeps its old groups.",
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
		text: "Let the runner's user join the socket's group, and restart the runner: a running process keeps its old groups.",
		commands: [`sudo usermod -aG ${group} ${name}`, ...restartRunner(situation)],
		kind: "host",
	};
}

function openToGroup(path: string): Remedy {
	return {
		text: "Not even the socket's group may write there. The daemon sets the mode at its start: look for `SocketMode=` of `docker.socket`, which should be `0660`, and repair the socket until then.",
		commands: [
			"systemctl cat docker.socket | grep -i SocketMode",
			`sudo chgrp docker ${shellQuote(path)} && sudo chmod 0660 ${shellQuote(path)}`,
		],
		kind: "host",
	};
}

/** A rootless daemon serves the user that it runs as. */
function runAsOwner(owner: SocketOwner, situation: Situation): Remedy {
	const text = `Only uid ${owner.uid} may open it: a rootless daemon serves the user that it runs as. Run the job as that user, or use another daemon.`;
	if (!situation.inContainer) return { text, kind: "host" };
	return { text, ...addOption(situation, `--user ${owner.uid}`) };
}

function blameSecurityModule(path: string, situation: Situation): Remedy {
	return {
		text: "The permission bits would let this user in, so something else says no: SELinux or AppArmor most likely. Look for the refusal in the host's audit log.",
		commands: [`ls -lZ ${shellQuote(path)}`, "sudo ausearch -m avc -ts recent", "sudo dmesg | grep -i apparmor | tail"],
		kind: "host",
		...(situation.inContainer && {
			otherwise: {
				text: "With SELinux, a job container may be let out of its label. Gitea's runner 3.0.0 to 3.3.0 drops this option unless `container.privileged` is true.",
				...addOption(situation, "--security-opt label=disable"),
			},
		}),
	};
}

export function forWorldWritable(path: string, owner: SocketOwner, situation: Situation): Remedy {
	const group = owner.gid === 0 ? [`sudo chgrp docker ${shellQuote(path)}`] : [];
	const where = situation.inContainer ? " The job sees the host's socket, so it has to be done there." : "";
	return {
		text: `Take the right from everybody and find out what gave it: a \`chmod 666\` in a start script, or \`SocketMode=\` of \`docker.socket\`.${where} Who needs Docker joins its group, or gets \`--group-add\`.`,
		commands: [...group, `sudo chmod 0660 ${shellQuote(path)}`, "systemctl cat docker.socket | grep -i SocketMode"],
		kind: "host",
	};
}

export function forRefused(path: string, situation: Situation): Remedy {
	const restart = [
		"systemctl status docker.socket docker.service",
		"sudo systemctl restart docker.socket docker.service",
	];
	if (!situation.inContainer) {
		return {
			text: "Start Docker. If it does not come up, its log says why.",
			commands: [...restart, "journalctl -u docker --since -1h --no-pager | tail -50"],
			kind: "host",
		};
	}
	return {
		text: `Start Docker on the host. If it runs, this job has an old socket: a mount of ${code(path)} keeps the file of the daemon that was there when the mount was made. Where the runner itself runs in a container, restart it after every restart of Docker.`,
		commands: [...restart, ...restartRunner(situation)],
		kind: "host",
	};
}
