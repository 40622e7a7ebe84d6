import { defaultSocket, type EndpointFacts } from "../../probes/docker-endpoint.ts";
import type { SocketFacts, SocketOwner } from "../../probes/docker-socket.ts";
import type { Remedy } from "../check.ts";
import { code, listed, octal, shellQuote, titleWith } from "../text.ts";
import { reason } from "../words.ts";
import { serviceAt } from "./engine-service.ts";
import {
	configFile,
	holdsHere,
	isDockers,
	recreateRunner,
	restartRunner,
	type Situation,
	setVariables,
	stopsContainers,
} from "./situation.ts";
import { permissionDenied } from "./socket-permission-words.ts";

/*
 * What the runners do with the socket decides the fix:
 *
 * - Gitea's runner mounts the daemon's socket into every job container, always at /var/run/docker.sock, unless
 *   `container.docker_host` is `-` or not a unix address. The path must exist on the daemon's machine.
 * - Up to 2.3.0, a second mount of the same path through `container.options` makes every job fail with `Duplicate mount point`.
 *   So those releases and unknown ones are never told to use the option.
 * - Any other host path in `container.options` must be allowed by `container.valid_volumes`. Otherwise, the runner drops it and
 *   logs `[/var/run/docker.sock] is not a valid volume, will be ignored` in `Set up job`.
 * - Forgejo's runner mounts the socket only if `container.docker_host` is `automount`.
 * - GitHub's runner mounts the socket of its host into every job container.
 * - Every version of Gitea's runner keeps `--group-add`, privileged or not.
 */

export const intro =
	"Looks at the unix socket: first at what its path is (`lstat`), then at the target of a link, the mode, owner and group, and finally at whether it accepts a connection. The order matters: a directory, a plain file and a socket without a daemon all refuse a connection with the same error. A link to a live socket passes. If Docker is reached over TCP, there is nothing to check (`not-applicable`).";

interface Missing {
	readonly socket: Extract<SocketFacts, { kind: "unix" }>;
	readonly endpoint: EndpointFacts;
	readonly situation: Situation;
}

interface NotASocket {
	readonly path: string;
	/** `a plain file` */
	readonly thing: string;
	readonly situation: Situation;
	readonly endpoint: EndpointFacts;
}

interface WorldWritable {
	readonly endpoint: EndpointFacts;
	readonly path: string;
	readonly owner: SocketOwner;
}

/** Where the socket should be, and who has to put it there. */
interface Place {
	readonly path: string;
	readonly situation: Situation;
	readonly endpoint: EndpointFacts;
}

const socketAt = (path: string): string => `a socket at ${path}`;
const cannotConnect = (path: string): string =>
	`Every \`docker\` command in this job fails with ${code(`Cannot connect to the Docker daemon at unix://${path}`)}.`;

export const words = {
	missing: reason<Missing>({
		level: "fail",
		title: "The Docker socket is missing",
		headline: ({ endpoint: { source, context } }) =>
			source === "config" || source === "DOCKER_CONTEXT"
				? titleWith("The Docker context ", context ?? "?", " leads to no socket")
				: "The Docker socket is missing",
		why: ({ socket }) => cannotConnect(socket.path),
		expected: ({ socket }) => socketAt(socket.path),
		tell: (seen) => ({ what: whatIsMissing(seen), fix: fixMissing(seen) }),
		more: "Docker 29 reports `failed to connect to the docker API` instead. Rootless Docker, Podman, Colima and Docker Desktop use other paths: if one of those sockets exists, the finding names it.",
	}),
	directory: reason<Place>({
		level: "fail",
		title: "The Docker socket is a directory",
		why: ({ path }) => cannotConnect(path),
		expected: ({ path }) => socketAt(path),
		tell: ({ path, situation, endpoint }) => ({
			what: `${code(path)} is a directory. Docker creates one if it is told to mount a path that does not exist on the daemon's machine.`,
			fix: fixDirectory(path, situation, endpoint),
		}),
		more: "The runner wanted to mount a socket that does not exist on the daemon's machine. Typical causes: rootless Docker, whose socket has another path; a Docker-in-Docker daemon, which does not see the host's files; a Docker that was not running yet when the container was started.",
	}),
	"not-a-socket": reason<NotASocket>({
		level: "fail",
		title: "The Docker socket is not a socket",
		headline: ({ thing }) => `The Docker socket is ${thing}`,
		why: ({ path }) => cannotConnect(path),
		expected: ({ path }) => socketAt(path),
		tell: ({ path, thing, situation, endpoint }) => ({
			what: `${code(path)} is ${thing}.`,
			fix: fixNotASocket(path, situation, endpoint),
		}),
	}),
	"permission-denied": permissionDenied,
	"world-writable": reason<WorldWritable>({
		level: "fail",
		title: "The Docker socket is open to every user",
		headline: ({ owner }) => `The Docker socket is open to every user (mode ${octal(owner.mode)})`,
		why: "Access to the Docker socket is root access to the host: every user, and every program of every user, can take the host over.",
		expected: "mode 0660 and a group of its own",
		tell: ({ path, owner, endpoint }) => ({
			what: `${code(path)} has mode ${octal(owner.mode)}: every user of the machine can open it.`,
			fix: fixWorldWritable(path, owner, endpoint),
		}),
		more: "The usual cause is a `chmod 666` as a quick fix for `permission-denied`. The group is the right fix. A socket that newer runners create for a single job, between job and daemon, passes.",
	}),
	refused: reason<Place>({
		level: "fail",
		title: "No daemon listens on the Docker socket",
		why: ({ path }) => cannotConnect(path),
		expected: "a daemon that accepts connections",
		tell: ({ path, situation }) => ({
			what: `${code(path)} is a socket, but connections are refused. Its daemon has stopped, or has restarted and left this socket behind.`,
			fix: fixRefused(path, situation),
		}),
	}),
};

function whatIsMissing({ socket, endpoint, situation }: Missing): string {
	const { path, link, answering = [] } = socket;
	const missing = link
		? `${code(path)} is a link to ${code(link.to)}, which does not exist.`
		: `${code(path)} does not exist${situation.inContainer ? " in this job container" : ""}.`;
	const named = endpoint.source === "default" ? "" : ` ${originFirst(endpoint)} names it.`;
	const [other] = endpoint.elsewhere;
	if (answering.length > 0) {
		const paths = listed(answering.map((one) => code(one.path)));
		return `${missing}${named} ${answering.every(({ podman }) => podman) ? "Podman" : "A daemon"} answers at ${paths}, where Docker does not look.`;
	}
	if (other === undefined) return `${missing}${named}`;
	return `${missing}${named} A socket exists at ${code(other)}, but Docker does not look there by default.`;
}

/** What names the address, at the beginning of a sentence. */
function originFirst({ source, context, config }: EndpointFacts): string {
	switch (source) {
		case "config":
			return `\`currentContext\` ${code(context ?? "?")} in ${code(config.path)}`;
		case "DOCKER_CONTEXT":
			return `The context ${code(context ?? "?")} of \`DOCKER_CONTEXT\``;
		case "DOCKER_HOST":
			return "`DOCKER_HOST`";
		case "default":
			return "Docker's default";
	}
}

/** Commands that end it, or that try Docker without it. */
function withoutIt({ source, config }: EndpointFacts): readonly string[] {
	if (source === "DOCKER_HOST" || source === "DOCKER_CONTEXT") return [`unset ${source}`, "docker version"];
	if (source !== "config") return ["docker context ls"];
	const directory = config.path.replace(/\/config\.json$/, "");
	const where = directory.endsWith("/.docker") ? "" : `DOCKER_CONFIG=${shellQuote(directory)} `;
	return [`${where}docker context use default`, "docker version"];
}

/** A daemon at a usual path, one of Docker's first. */
function otherSocket({ socket: { answering = [] }, endpoint }: Missing): string | undefined {
	return (answering.find(({ podman }) => !podman) ?? answering[0])?.path ?? endpoint.elsewhere[0];
}

/** Does something lead Docker away from its default socket? */
function isLedAway({ socket, endpoint }: Missing): boolean {
	return endpoint.source !== "default" && socket.path !== defaultSocket;
}

function fixMissing(seen: Missing): Remedy {
	const { socket, endpoint, situation } = seen;
	const { path } = socket;
	if (situation.inRunnerContainer) return recreateRunner(`--volume ${shellQuote(`${path}:${path}`)}`);
	const defaultAnswers = socket.answering?.some((one) => one.path === defaultSocket) === true;
	if (isLedAway(seen) && (situation.inContainer || defaultAnswers || endpoint.source !== "DOCKER_HOST")) {
		return correctAddress(seen, defaultAnswers);
	}
	if (!situation.inContainer) return startDocker(seen);
	const other = otherSocket(seen);
	if (other !== undefined) return pointTo(other, situation);
	switch (situation.system) {
		case "gitea":
			return mountByGitea(situation);
		case "forgejo":
			return {
				text: "Set `docker_host` to `automount`: only then does Forgejo's runner mount the daemon's socket into job containers.",
				config: { file: configFile, language: "yaml", text: "container:\n  docker_host: automount" },
				commands: restartRunner(situation),
				kind: "runner",
			};
		case "github":
			return {
				text: "Start Docker: GitHub's runner mounts the socket of its host into job containers, so the host has none. If the runner itself runs in a container, mount the socket into that container.",
				commands: ["ls -l /var/run/docker.sock", "sudo systemctl enable --now docker"],
				kind: "host",
			};
		default:
			return {
				text: "Start the container with the option `--volume /var/run/docker.sock:/var/run/docker.sock`.",
				kind: "host",
			};
	}
}

function mountByGitea(situation: Situation): Remedy {
	const mayDuplicate = holdsHere("duplicate-socket-mount", situation) !== "no";
	const warning = mayDuplicate
		? " Do not add the socket to `container.options`: up to runner 2.3.0, the second mount makes every job fail with `Duplicate mount point`."
		: "";
	const remedy: Remedy = {
		text: `Leave \`docker_host\` empty, and the runner mounts the socket into every job container. It does not if \`docker_host\` is \`-\` or a TCP address. For rootless Docker, set it to the socket's path on the daemon's machine, such as \`unix:///run/user/1000/docker.sock\`.${warning}`,
		config: { file: configFile, language: "yaml", text: 'container:\n  docker_host: ""' },
		commands: restartRunner(situation),
		kind: "runner",
	};
	if (mayDuplicate) return remedy;
	return {
		...remedy,
		otherwise: {
			text: "If `docker_host` must stay `-`, mount the socket with an option and allow its path in `valid_volumes`. Otherwise, the runner drops the mount and logs `is not a valid volume, will be ignored` in `Set up job`.",
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
			commands: restartRunner(situation),
			kind: "runner",
		},
	};
}

function pointTo(socket: string, situation: Situation): Remedy {
	const address = `unix://${socket}`;
	return {
		text: `Set \`DOCKER_HOST\` to ${code(address)} for the jobs.`,
		...setVariables(situation, { DOCKER_HOST: address }),
		kind: "runner",
	};
}

/** @param isEnough A daemon answers at the default address. */
function correctAddress(seen: Missing, isEnough: boolean): Remedy {
	const { socket, endpoint, situation } = seen;
	const remedy: Remedy = { ...addressFix(seen), commands: withoutIt(endpoint) };
	if (isEnough || situation.inContainer) return remedy;
	const other = otherSocket({ ...seen, socket: { ...socket, answering: socket.answering ?? [] } });
	// A rootless daemon that ended with its user's session is far more likely than one that was removed.
	if (other === undefined && /^\/run\/user\/\d+\//.test(socket.path)) {
		return { ...startNow(socket.path), otherwise: remedy };
	}
	return { ...remedy, otherwise: other === undefined ? startNow(defaultSocket) : pointTo(other, situation) };
}

function addressFix({ socket: { path }, endpoint, situation }: Missing): Pick<Remedy, "text" | "kind"> {
	switch (endpoint.source) {
		case "config":
			return {
				text: `Go back to the default context. The program that ${code(endpoint.context ?? "?")} belongs to (such as Docker Desktop, Colima or Rancher Desktop) was removed or does not run.`,
				kind: situation.inContainer ? "image" : "host",
			};
		case "DOCKER_CONTEXT":
			return {
				text: `Remove \`DOCKER_CONTEXT\` where it is set: \`env:\` in the workflow, \`runner.envs\`, the runner's service, or the image. To try it without:`,
				kind: "runner",
			};
		default:
			return {
				text: `Correct \`DOCKER_HOST\`, which names ${code(path)}, or mount the socket at this path. In job containers of Gitea's runner, the socket is always at \`/var/run/docker.sock\`. To try it without the setting:`,
				kind: "runner",
			};
	}
}

/** @param path The socket, or what it is a link to. */
function startNow(path: string): Omit<Remedy, "otherwise"> {
	const { name, status, enable } = serviceAt(path);
	const install =
		name === "Docker" ? " If it is not installed, install Docker Engine: https://docs.docker.com/engine/install/." : "";
	const boot = enable.some((command) => command.includes("enable --now")) ? " now and at every boot" : "";
	return { text: `Start ${name}${boot}.${install}`, commands: [status, ...enable], kind: "host" };
}

function startDocker(seen: Missing): Remedy {
	const { socket, endpoint, situation } = seen;
	const start = startNow(socket.link?.to ?? socket.path);
	const other = otherSocket(seen);
	if (other !== undefined) return { ...pointTo(other, situation), otherwise: start };
	if (!isLedAway(seen)) return start;
	return { ...start, otherwise: { ...addressFix(seen), commands: withoutIt(endpoint) } };
}

/** `rmdir` removes an empty directory only, so nothing is lost. */
function removeDirectory(path: string): readonly string[] {
	return [
		"sudo systemctl stop docker.socket docker.service",
		`sudo rmdir ${shellQuote(path)}`,
		"sudo systemctl start docker.socket docker.service",
	];
}

const mustBeSocket = "ls -ld /var/run/docker.sock   # on the daemon's machine: must begin with s";

/** Something else than Docker's socket is not moved or removed: the address is wrong. */
function correctOnly(path: string, endpoint: EndpointFacts): Remedy {
	return {
		text: `Correct the address: ${code(path)} does not look like a socket of Docker, so leave it as it is. ${originFirst(endpoint)} names it.`,
		commands: withoutIt(endpoint),
		kind: "runner",
	};
}

function fixDirectory(path: string, situation: Situation, endpoint: EndpointFacts): Remedy {
	if (!isDockers(path)) return correctOnly(path, endpoint);
	if (!situation.inContainer) {
		return {
			text: `Stop Docker, remove the directory, and start Docker again: it then creates its socket. The directory comes back if a container with this mount starts before Docker has its socket. ${stopsContainers}`,
			commands: removeDirectory(path),
			kind: "host",
		};
	}
	if (situation.system !== "gitea" && situation.system !== "forgejo") {
		return {
			text: `Mount a socket that exists on the daemon's machine, and remove the empty directory there. ${stopsContainers}`,
			commands: [mustBeSocket, ...removeDirectory(path)],
			kind: "host",
		};
	}
	const old =
		holdsHere("socket-directory", situation) === "yes"
			? " Upgrade the runner too: before 0.3.0, it mounts the path even if the daemon is reached over TCP."
			: "";
	return {
		text: `Set \`docker_host\` to the socket's path on the daemon's machine, then remove the empty directory there. Rootless Docker listens at \`unix:///run/user/1000/docker.sock\` for uid 1000. A Docker-in-Docker daemon has its socket inside its own container. ${stopsContainers}${old}`,
		config: {
			file: configFile,
			language: "yaml",
			text: "container:\n  docker_host: unix:///var/run/docker.sock   # the path on the daemon's machine",
		},
		commands: [mustBeSocket, ...removeDirectory(path), ...restartRunner(situation)],
		kind: "runner",
	};
}

function fixNotASocket(path: string, situation: Situation, endpoint: EndpointFacts): Remedy {
	if (!isDockers(path)) return correctOnly(path, endpoint);
	const look = `ls -l ${shellQuote(path)}`;
	if (situation.inContainer) {
		return {
			text: "Find what is mounted or copied to this path. Look at `container.docker_host`, at `--volume` in `container.options`, and at the image, which may contain a file of that name.",
			commands: [look, mustBeSocket],
			kind: "runner",
		};
	}
	return {
		text: `Stop Docker, move the file away, and start Docker again: it then creates its socket. ${stopsContainers}`,
		commands: [
			look,
			"sudo systemctl stop docker.socket docker.service",
			`sudo mv ${shellQuote(path)} ${shellQuote(`${path}.old`)}`,
			"sudo systemctl start docker.socket docker.service",
		],
		kind: "host",
	};
}

function fixWorldWritable(path: string, owner: SocketOwner, endpoint: EndpointFacts): Remedy {
	if (!isDockers(path)) return correctOnly(path, endpoint);
	const group = owner.gid === 0 ? [`sudo chgrp docker ${shellQuote(path)}`] : [];
	return {
		text: "Remove access for other users, and find out what granted it: a `chmod 666` in a start script, or `SocketMode=` of `docker.socket`. Users who need Docker join the socket's group, job containers get `--group-add`.",
		commands: [...group, `sudo chmod 0660 ${shellQuote(path)}`, "systemctl cat docker.socket | grep -i SocketMode"],
		kind: "host",
	};
}

function fixRefused(path: string, situation: Situation): Remedy {
	if (!situation.inContainer) {
		const { name, status, restart, log, interrupts } = serviceAt(path);
		return {
			text: `Restart ${name}. If it does not start, its log says why. ${interrupts}`,
			commands: [status, restart, log],
			kind: "host",
		};
	}
	return {
		text: `Start Docker. If it is running, this job has an old socket: the mount of ${code(path)} keeps the socket of the daemon that ran when the mount was made. If the runner itself runs in a container, restart the runner after every restart of Docker.`,
		commands: [
			"systemctl status docker.socket docker.service",
			"sudo systemctl start docker.socket docker.service",
			...restartRunner(situation),
		],
		kind: "host",
	};
}
