import { type DockerEndpoint, defaultSocket, type EndpointFacts } from "../../probes/docker-endpoint.ts";
import type { Remedy } from "../check.ts";
import { code, operand, shellQuote } from "../text.ts";
import { reason } from "../words.ts";
import { type EngineService, serviceAt } from "./engine-service.ts";
import { type Situation, serviceLines, setVariables } from "./situation.ts";

interface Unreachable {
	/** `ECONNREFUSED`, `CERT_HAS_EXPIRED` */
	readonly errno: string;
	readonly endpoint: EndpointFacts;
	readonly situation: Situation;
}

export const unreachable = reason<Unreachable>({
	level: "fail",
	title: "The Docker daemon is unreachable",
	headline: (seen) => (isTls(seen) ? "The TLS connection to Docker fails" : "The Docker daemon is unreachable"),
	why: (seen) => {
		const error = causeOf(seen).error;
		return `Every \`docker\` command in this job fails${error === undefined ? "" : ` with ${code(error)}`}.`;
	},
	expected: "a Docker daemon that answers `GET /version`",
	tell: (seen) => {
		const { what, fix } = causeOf(seen);
		const { address, written } = seen.endpoint;
		const read =
			written === undefined ? "" : `\`DOCKER_HOST\` is ${code(written)}, which Docker reads as ${code(address)}. `;
		return { what: `${read}${code(address)} cannot be reached: ${what}.`, fix };
	},
});

/** Who serves the endpoint. */
export function serviceOf(endpoint: DockerEndpoint): EngineService {
	return serviceAt(endpoint.kind === "unix" ? endpoint.path : defaultSocket);
}

/** For a daemon whose log has to be read. */
export function readLog(endpoint: DockerEndpoint): readonly string[] {
	const { status, log } = serviceOf(endpoint);
	return [status, log];
}

/** Shows the process that listens at the endpoint. */
export function showListener(endpoint: DockerEndpoint): readonly string[] {
	if (endpoint.kind === "unix") return [`sudo ss -lxp | grep ${shellQuote(endpoint.path)}`];
	return endpoint.kind === "tcp"
		? [`sudo ss -ltnp 'sport = :${endpoint.port}'   # on ${shellQuote(endpoint.host)}`]
		: [];
}

function isTls({ errno, endpoint: { endpoint } }: Unreachable): boolean {
	return endpoint.kind === "tcp" && /CERT|SSL|TLS|SELF_SIGNED|EPROTO|LEAF_SIGNATURE/.test(errno);
}

interface Cause {
	/** What the error means here. */
	readonly what: string;
	/** What the Docker CLI prints, if every release prints the same. */
	readonly error?: string;
	readonly fix: Remedy;
}

function causeOf(seen: Unreachable): Cause {
	const { errno, endpoint, situation } = seen;
	const address = code(endpoint.address);
	switch (errno) {
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return {
				what: "its host name is unknown here",
				error: "no such host",
				fix: {
					text: `Correct the host name, or put the job into the network where it is known: a service named \`docker\` is known only in its own network. With Gitea's runner, that is \`container.network\`.`,
					commands: [`getent hosts ${hostOf(endpoint)}`],
					kind: "runner",
				},
			};
		case "ECONNREFUSED":
			return {
				what: "connections are refused",
				error: `Cannot connect to the Docker daemon at ${endpoint.address}`,
				fix: {
					text: `Start the daemon, and make it listen at ${address}: by default, Docker listens only on its unix socket. The usual port is 2376 with TLS and 2375 without. In a job container, \`localhost\` is the container itself.`,
					commands: ["docker ps --filter name=dind   # on the daemon's machine", ...showListener(endpoint.endpoint)],
					kind: "host",
				},
			};
		case "EAFNOSUPPORT":
			return {
				what: `this process may not open ${endpoint.endpoint.kind === "unix" ? "unix sockets" : "sockets of this kind"} (\`EAFNOSUPPORT\`)`,
				error: "socket: address family not supported by protocol",
				fix: allowFamily(endpoint, situation),
			};
		case "ECONNRESET":
		case "EPIPE":
			return {
				what: "the connection is accepted and closed at once",
				fix: {
					text: "Check what listens there. A proxy or forwarder without a daemon behind it does this, and so does a daemon that is shutting down or requires TLS.",
					commands: [...showListener(endpoint.endpoint), ...readLog(endpoint.endpoint)],
					kind: "host",
				},
			};
		case "EHOSTUNREACH":
		case "ENETUNREACH":
		case "ETIMEDOUT":
			return {
				what: "it cannot be routed from this network",
				...(errno === "EHOSTUNREACH" && { error: "no route to host" }),
				...(errno === "ENETUNREACH" && { error: "network is unreachable" }),
				fix: {
					text: `Correct the address ${address}, or put the job into a network that reaches the daemon. With Gitea's runner, that is \`container.network\`.`,
					kind: "runner",
				},
			};
		default:
			return isTls(seen)
				? tlsCause(errno, situation)
				: {
						what: code(errno),
						fix: { text: "Read the daemon's log.", commands: readLog(endpoint.endpoint), kind: "host" },
					};
	}
}

/** Lists of a service's address families add up, so one line is enough. */
function allowFamily({ endpoint }: EndpointFacts, situation: Situation): Remedy {
	const families = endpoint.kind === "unix" ? "AF_UNIX" : "AF_INET AF_INET6";
	if (situation.inContainer) {
		return {
			text: `Change the seccomp profile of the container (\`--security-opt seccomp=…\`), which forbids \`socket\` with ${code(families)}. Docker's own profile allows it.`,
			kind: "runner",
		};
	}
	return {
		text: `Allow ${code(families)} in the runner's service: its \`RestrictAddressFamilies\` leaves it out, and jobs on the host inherit that.`,
		...serviceLines(situation, `RestrictAddressFamilies=${families}`),
		kind: "host",
	};
}

function hostOf({ endpoint }: EndpointFacts): string {
	return endpoint.kind === "tcp" ? operand(endpoint.host) : "docker";
}

function tlsCause(errno: string, situation: Situation): Cause {
	switch (errno) {
		case "EPROTO":
			return {
				what: "its answer is not TLS (`EPROTO`)",
				error: "server gave HTTP response to HTTPS client",
				fix: {
					text: "Use the port with TLS, usually 2376. If the daemon does not use TLS, unset `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`.",
					commands: ["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],
					kind: "runner",
				},
			};
		case "ERR_TLS_CERT_ALTNAME_INVALID":
			return {
				what: `the daemon's certificate is for another name (${code(errno)})`,
				fix: {
					text: `Use a name from the certificate, or create a certificate with this name. \`docker:dind\` creates one for \`docker\` and \`localhost\`.`,
					...setVariables(situation, { DOCKER_HOST: "tcp://docker:2376" }),
					kind: "runner",
				},
			};
		default:
			return {
				what: `the certificate is rejected (${code(errno)})`,
				fix: {
					text: "Give the job the certificates that belong to this daemon, and check their dates. `docker:dind` creates new ones whenever its volume is new: mount the volume that this daemon uses.",
					commands: [
						'openssl x509 -in "$DOCKER_CERT_PATH/ca.pem" -noout -subject -dates',
						'openssl x509 -in "$DOCKER_CERT_PATH/cert.pem" -noout -issuer -dates',
					],
					kind: "runner",
				},
			};
	}
}
