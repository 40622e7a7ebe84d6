import type { EndpointFacts } from "../../probes/docker-endpoint.ts";
import type { Remedy } from "../check.ts";
import { code, shellQuote } from "../text.ts";
import { type Situation, setVariables } from "./situation.ts";

/** What an errno means here, and what to do about it. */
export function causeOf(
	endpoint: EndpointFacts,
	situation: Situation,
	errno: string,
): { readonly what: string; readonly remedy: Remedy } {
	const address = code(endpoint.address);
	const isTcp = endpoint.endpoint.kind === "tcp";
	switch (errno) {
		case "ENOTFOUND":
		case "EAI_AGAIN":
			return {
				what: "no such host is known here",
				remedy: {
					text: `Correct the name in ${address}, or put the job into the network where it is known: a service called \`docker\` is known under that name only in its own network. For Gitea's runner that is \`container.network\`.`,
					commands: [`getent hosts ${hostOf(endpoint)}`],
					kind: "runner",
				},
			};
		case "ECONNREFUSED":
			return {
				what: "nobody listens there",
				remedy: {
					text: `Start the daemon, and let it listen at ${address}: Docker alone listens on its unix socket only. With TLS the usual port is 2376, without it 2375. In a job container, \`localhost\` is the container itself.`,
					commands: ["docker ps --filter name=dind   # on the daemon's machine", "ss -ltnp | grep 237"],
					kind: "host",
				},
			};
		case "ECONNRESET":
		case "EPIPE":
			return {
				what: "the connection is accepted and closed at once, without a word",
				remedy: {
					text: "Look at what listens there: a proxy or forwarder whose own daemon is gone behaves like this, and so does a daemon that is just going down, or one that wants TLS.",
					commands: daemonLog,
					kind: "host",
				},
			};
		case "EHOSTUNREACH":
		case "ENETUNREACH":
		case "ETIMEDOUT":
			return {
				what: "no way leads there from this network",
				remedy: {
					text: `Correct the address ${address}, or put the job into a network from which the daemon can be reached (Gitea's runner: \`container.network\`).`,
					kind: "runner",
				},
			};
		default:
			return isTcp && /CERT|SSL|TLS|SELF_SIGNED|EPROTO|LEAF_SIGNATURE/.test(errno)
				? { what: `TLS fails (${code(errno)})`, remedy: mendTls(errno, endpoint, situation) }
				: { what: code(errno), remedy: { text: "Look at the daemon's log.", commands: daemonLog, kind: "host" } };
	}
}

export const daemonLog: readonly string[] = [
	"systemctl status docker.socket docker.service",
	"sudo journalctl -u docker --since -1h --no-pager | tail -50",
];

function hostOf({ endpoint }: EndpointFacts): string {
	return endpoint.kind === "tcp" ? shellQuote(endpoint.host) : "docker";
}

function mendTls(errno: string, endpoint: EndpointFacts, situation: Situation): Remedy {
	if (errno === "EPROTO") {
		return {
			text: "The daemon speaks no TLS at this port. Use the port with TLS, usually 2376; or, for a daemon without TLS, unset `DOCKER_TLS_VERIFY`, `DOCKER_TLS` and `DOCKER_CERT_PATH`.",
			commands: ["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],
			kind: "runner",
		};
	}
	if (errno === "ERR_TLS_CERT_ALTNAME_INVALID") {
		return {
			text: `The daemon's certificate does not hold the name in ${code(endpoint.address)}. Use a name that it holds (\`docker:dind\` makes it for \`docker\` and \`localhost\`), or make a new one with this name.`,
			...setVariables(situation, { DOCKER_HOST: "tcp://docker:2376" }),
			kind: "runner",
		};
	}
	return {
		text: "The certificates of job and daemon do not fit. Those of `docker:dind` are made anew whenever its volume is: mount the volume that this daemon uses, and look at the dates.",
		commands: [
			'openssl x509 -in "$DOCKER_CERT_PATH/ca.pem" -noout -subject -dates',
			'openssl x509 -in "$DOCKER_CERT_PATH/cert.pem" -noout -issuer -dates',
		],
		kind: "runner",
	};
}

/** Shows which process answers at the endpoint. */
export function whoListens({ endpoint }: EndpointFacts): readonly string[] {
	if (endpoint.kind === "unix") return [`sudo ss -lxp | grep ${shellQuote(endpoint.path)}`];
	return endpoint.kind === "tcp" ? [`sudo ss -ltnp 'sport = :${endpoint.port}'   # on ${endpoint.host}`] : [];
}
