import type { DockerEndpoint } from "../../probes/docker-endpoint.ts";
import type { EngineVersion } from "../../probes/docker-engine.ts";
import type { Remedy } from "../check.ts";
import { code, cut, listed } from "../text.ts";
import { reason, type Told } from "../words.ts";
import { readLog, serviceOf, showListener, unreachable } from "./daemon-unreachable-words.ts";
import { shortVersion } from "./describe-engine.ts";
import { type Situation, setVariables, stopsContainers } from "./situation.ts";

export const intro =
	"Asks the daemon for `/version` and `/info`, both at once and without a version in the path, which every release answers. `/info` is optional, and a proxy may deny it. But a daemon that answers it with a server error is reported. Invalid requests to create a container, build and pull show what a proxy lets through; only if one of them or `/info` is denied, they are sent with a version in the path too, and lists are tried.";

interface Timeout {
	readonly address: string;
	readonly endpoint: DockerEndpoint;
}

interface NotDocker {
	readonly address: string;
	readonly endpoint: DockerEndpoint;
	/** What was received instead. */
	readonly body: string;
}

interface HttpError {
	readonly address: string;
	/** `/version` */
	readonly path: string;
	readonly status: number;
	/** The daemon answers only TLS. */
	readonly wantsTls: boolean;
	readonly endpoint: DockerEndpoint;
	readonly situation: Situation;
}

interface Forbidden {
	readonly address: string;
	/** The requests that are not let through: `POST /containers/create`. */
	readonly denied: readonly { readonly request: string; readonly status: number }[];
	/** Nothing that a job does with Docker works. */
	readonly isUseless: boolean;
	/** Of the answer that a job sees first. */
	readonly status: number;
	readonly body: string;
}

interface KnownBad {
	readonly version: string;
	/** First release without the problem. */
	readonly fixedIn: string;
}

interface Podman {
	readonly address: string;
	readonly version: EngineVersion;
}

const everyCommandFails = "Every `docker` command in this job fails.";

export const words = {
	unreachable,
	timeout: reason<Timeout>({
		level: "fail",
		title: "The Docker daemon does not answer",
		why: "The Docker CLI has no deadline of its own: every `docker` command hangs until the job is killed.",
		expected: "an answer within milliseconds",
		tell: ({ address, endpoint }) => ({
			what: `${code(address)} gives no answer to \`GET /version\` within the deadline.`,
			fix: fixTimeout(endpoint),
		}),
	}),
	"not-docker": reason<NotDocker>({
		level: "fail",
		title: "Something other than Docker answers",
		headline: ({ body }) =>
			isHtml(body) ? "A web server answers instead of Docker" : "Something other than Docker answers",
		why: everyCommandFails,
		expected: "JSON with `Version` and `ApiVersion`",
		tell: ({ address, endpoint, body }) => ({
			what: `${code(address)} answers, but not as a Docker daemon does${isHtml(body) ? ": it sends a web page" : ""}.`,
			fix: {
				text: "Find the process that listens there. Then make Docker use the daemon instead: correct `DOCKER_HOST`, or what the runner mounts at this path.",
				commands: showListener(endpoint),
				kind: "host",
			},
		}),
	}),
	"http-error": reason<HttpError>({
		level: "fail",
		title: "The Docker daemon answers with an error",
		headline: ({ status, wantsTls }) => {
			if (wantsTls) return "The Docker daemon requires TLS";
			return status === 404
				? "Another server answers in Docker's place (HTTP 404)"
				: `The Docker daemon answers with HTTP ${status}`;
		},
		why: ({ wantsTls, status }) =>
			wantsTls
				? "Every `docker` command in this job fails with `Client sent an HTTP request to an HTTPS server`."
				: status === 404
					? everyCommandFails
					: "The daemon, or a proxy in front of it, has a problem: some or all `docker` commands fail with this error.",
		expected: ({ path }) => `GET ${path} answers with 200`,
		tell: tellHttpError,
	}),
	forbidden: reason<Forbidden>({
		level: "fail",
		title: "The Docker daemon denies access",
		headline: ({ status, denied, isUseless }) => {
			if (!isUseless) return "A proxy keeps back part of Docker's API";
			if (denied.every(({ request }) => isBuild(request))) return "Docker does not let jobs build images";
			return denied.some(({ request }) => request.startsWith("POST"))
				? `Docker does not let jobs do anything (HTTP ${status})`
				: `The Docker daemon denies access (HTTP ${status})`;
		},
		why: ({ body, denied }) =>
			`${commandsOf(denied.map(({ request }) => request))} with ${code(`Error response from daemon: ${cut(body.split("\n")[0] ?? "")}`)}.`,
		expected: ({ denied }) => `${denied.map(({ request }) => request).join(", ")} let through`,
		tell: ({ address, denied, status, body }) => ({
			what: `${code(address)} answers ${listed(denied.map(({ request }) => code(request)))} with ${status}: the daemon is reachable, but ${isPlugin(body) ? "its authorization plugin" : "a proxy in front of it"} does not let this job use it.`,
			fix: isPlugin(body) ? fixPlugin : fixForbidden,
		}),
		more: "Whether POST is let through is tried with requests that a daemon rejects as invalid (400), such as a `POST /containers/create` whose body is not JSON: they create nothing. An error that is not worded as an engine does (JSON, or a header `Api-Version`) is a proxy's own. A proxy that denies only `/info` is not reported. If only a part is kept back, or Docker is `optional`, it is a warning.",
	}),
	"known-bad": reason<KnownBad>({
		level: "fail",
		title: "This release of Docker breaks container jobs",
		headline: ({ version }) => `Docker ${shortVersion(version)} breaks container jobs`,
		why: "Runners do that before the first step. Jobs fail in `Set up job` with `path escapes from parent` or `mkdirat var/run: file exists`, unless their image has a real `/var/run`.",
		expected: ({ fixedIn }) => `Docker ${fixedIn} or newer`,
		tell: ({ version, fixedIn }) => ({
			what: `Docker ${version} cannot copy files below \`/var/run\` into a container where it is a link to \`/run\`, as in most images.`,
			fix: fixKnownBad(fixedIn),
		}),
		more: "29.5.0, 29.5.1 and 29.7.0 are affected. A job that reports this has an image with a real `/var/run`, or runs on the host; other jobs of the runner fail. Debian's package `docker.io` 28.5.2+dfsg4-3 (in sid) has the same problem, but the engine does not report its revision, so it passes. If jobs fail this way, check `dpkg -s docker.io`.",
	}),
	podman: reason<Podman>({
		level: "warn",
		title: "The daemon is Podman, not Docker",
		headline: ({ version }) => `The daemon is Podman ${shortVersion(version.version)}, not Docker`,
		why: "`docker ps`, `run` and `build` mostly work. `buildx`, networks and health checks differ, and the runners do not support Podman. If something works with Docker but not here, suspect this first.",
		expected: "Docker Engine",
		tell: ({ address, version }) => ({
			what: `Podman ${version.version} answers at ${code(address)}. It implements Docker's API ${version.apiVersion} only in part.`,
			fix: {
				text: "Let the runner use Docker Engine.",
				kind: "host",
				otherwise: {
					text: "If you want Podman, turn this off in the policy.",
					config: {
						file: ".gitea/runner-check.yml",
						language: "yaml",
						text: "severity:\n  docker/daemon:podman: off",
					},
					kind: "workflow",
				},
			},
		}),
	}),
};

function fixTimeout(endpoint: DockerEndpoint): Remedy {
	const firewall = endpoint.kind === "tcp" ? "Check whether a firewall drops the connection. If not, find" : "Find";
	const { name, restart, log, interrupts } = serviceOf(endpoint);
	const find = `${firewall} out why the daemon hangs, then restart it. Usual causes are a full or failing disk, a stuck container shim, and a lock in its storage.`;
	if (name !== "Docker") {
		return { text: `${find} ${interrupts}`, commands: ["df -h", log, restart], kind: "host" };
	}
	return {
		text: `${find} \`SIGUSR1\` makes the daemon write its stack to its log. ${interrupts}`,
		commands: [
			"df -h /var/lib/docker; sudo dmesg | tail",
			'sudo kill -USR1 "$(pidof dockerd)" && sudo journalctl -u docker -n 50 --no-pager',
			"sudo systemctl restart docker",
		],
		kind: "host",
	};
}

function isHtml(body: string): boolean {
	return /<(!doctype|html|head|body)\b/i.test(body);
}

function tellHttpError({ address, path, status, wantsTls, endpoint, situation }: HttpError): Told {
	if (wantsTls) {
		return {
			what: `The daemon at ${code(address)} requires TLS, but this job uses plain HTTP.`,
			fix: {
				text: "Enable TLS for the jobs, and mount the client certificates at `/certs/client`.",
				...setVariables(situation, { DOCKER_TLS_VERIFY: "1", DOCKER_CERT_PATH: "/certs/client" }),
				kind: "runner",
			},
		};
	}
	return {
		what: `${code(address)} answers \`GET ${path}\` with ${status}.`,
		fix: fixStatus(status, address, endpoint),
	};
}

function fixStatus(status: number, address: string, endpoint: DockerEndpoint): Remedy {
	if (status === 404) {
		return {
			text: `Another server listens at ${code(address)}: a Docker daemon knows this path, whatever its release. Find it with the command, on the machine of this address. Then set \`DOCKER_HOST\` to where the daemon listens, or move the other server to another port. Restarting Docker does not help.`,
			commands: showListener(endpoint),
			kind: "runner",
		};
	}
	const { restart, interrupts } = serviceOf(endpoint);
	const isProxy = status === 502 || status === 503;
	return {
		text: `${isProxy ? "Restart the daemon: a proxy answers in its place." : "Read the daemon's log, which says more. Then restart the daemon."} ${interrupts}`,
		commands: [...readLog(endpoint), restart],
		kind: "host",
	};
}

function isBuild(request: string): boolean {
	return /^POST \/(?:build|session|grpc)$/.test(request);
}

/** Which commands fail without these requests. */
function commandsOf(denied: readonly string[]): string {
	if (denied.includes("GET /version")) return "Every `docker` command in this job fails";
	const builds = denied.some(isBuild);
	const runs = denied.some((request) => !isBuild(request) && request.startsWith("POST"));
	if (builds && runs) return "`docker run` and `docker build` fail";
	return builds ? "`docker build` fails" : runs ? "`docker run` or `docker pull` fails" : "Some `docker` commands fail";
}

/** What `docker build` and `docker run` need of Tecnativa's docker-socket-proxy and its relatives. */
const fixForbidden: Remedy = {
	text: "Let the proxy pass what jobs need. Most proxies are configured by the environment of their container; others name paths and methods. With these switches on, the proxy no longer protects anything: a job can start any container, so it is root on the daemon's machine.",
	config: {
		file: "the environment of the proxy's container",
		language: "ini",
		text: ["CONTAINERS", "IMAGES", "BUILD", "SESSION", "GRPC", "NETWORKS", "VOLUMES", "INFO", "POST"]
			.map((name) => `${name}=1`)
			.join("\n"),
	},
	kind: "host",
	otherwise: {
		text: "If jobs of this label should not have Docker, keep the proxy and set `docker: forbidden` in the profile.",
		kind: "workflow",
	},
};

/** An engine names the plugin that denies a request. */
function isPlugin(body: string): boolean {
	return /authorization denied by plugin/i.test(body);
}

const fixPlugin: Remedy = {
	text: "Let the plugin's policy allow what jobs need: it is the one that `authorization-plugins` names. If jobs of this label should not have Docker, set `docker: forbidden` in the profile.",
	commands: ["grep -s authorization /etc/docker/daemon.json", "systemctl cat docker.service | grep authorization"],
	kind: "host",
};

function fixKnownBad(fixedIn: string): Remedy {
	return {
		text: `Upgrade Docker Engine to ${fixedIn} or newer. ${stopsContainers}`,
		commands: [
			"sudo apt-get update && sudo apt-get install --only-upgrade -y docker-ce docker-ce-cli containerd.io",
			"docker version --format '{{.Server.Version}}'",
		],
		kind: "host",
		otherwise: {
			text: "Until then, give the image a real `/var/run` in the last line of its Dockerfile.",
			config: { file: "Dockerfile", language: "dockerfile", text: "RUN rm -f /var/run && mkdir -p /var/run" },
			kind: "image",
		},
	};
}
