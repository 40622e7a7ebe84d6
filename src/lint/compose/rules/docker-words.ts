import { code, titleWith } from "../../../checks/text.ts";
import { reason } from "../../../checks/words.ts";
import { exitsWithoutSocket } from "../../rules/fixes.ts";
import { composeText, linesOfServices, serviceLines, yamlKey } from "../lines.ts";
import type { Service } from "../model.ts";

interface SocketWithoutGroup {
	readonly service: Service;
	readonly user: string;
	/** The socket on the machine. */
	readonly source: string;
}

/** What the daemon and its client do not agree on. */
export type Mismatch =
	/** The daemon has TLS, and the client asks on the port without. */
	| "plain-client"
	/** The daemon has no TLS, and the client wants it. */
	| "tls-client"
	| "no-certificates"
	| "certificates-not-shared"
	/** The certificate has another name than the address. */
	| "other-name";

interface TlsMismatch {
	readonly service: Service;
	readonly daemon: Service;
	readonly mismatch: Mismatch;
	readonly host: string;
	readonly port: string;
}

interface NotWaiting {
	readonly service: Service;
	readonly daemon: Service;
}

export const intro =
	"Looks at how the service comes to a Docker daemon: may its user open the mounted socket, does a daemon in another service agree on TLS, and is it awaited?";

export const words = {
	"socket-without-group": reason<SocketWithoutGroup>({
		level: "fail",
		title: "The service's user may not open the Docker socket",
		headline: ({ user }) => titleWith("The user ", user, " may not open the Docker socket"),
		why: exitsWithoutSocket,
		expected: "a user in the group of the socket, by `group_add`",
		tell: ({ service, user, source }) => ({
			what: `${code(service.name)} runs as ${code(user)} and mounts ${code(source)}, which belongs to root and its group.`,
			fix: {
				text: "Add the socket's group by its number, which the command writes to `.env`. Then start the service again.",
				commands: ['echo "DOCKER_GID=$(stat -c %g /var/run/docker.sock)" >> .env'],
				config: serviceLines(service, ["group_add:", '  - "${DOCKER_GID}"']),
				kind: "runner",
			},
		}),
	}),

	"tls-mismatch": reason<TlsMismatch>({
		level: "fail",
		title: "The runner and its Docker daemon do not agree on TLS",
		headline: ({ daemon }) => titleWith("The runner and ", daemon.name, " do not agree on TLS"),
		why: "The runner cannot connect to the daemon and exits at startup: `cannot ping the docker daemon`.",
		expected: "TLS with shared certificates on port 2376, or no TLS on port 2375",
		tell: ({ service, daemon, mismatch, host, port }) => ({
			what: mismatches[mismatch](service, daemon, host, port),
			fix: {
				text: "Let both use TLS with certificates in a shared volume, and start both services again while no job runs.",
				config: linesOfServices(
					service.place.file,
					[
						[
							daemon.name,
							[
								...(host === "docker" ? [] : [`hostname: ${composeText(host)}`]),
								"environment:",
								"  DOCKER_TLS_CERTDIR: /certs",
								"volumes:",
								"  - docker-certs:/certs",
							],
						],
						[
							service.name,
							[
								"environment:",
								`  DOCKER_HOST: ${composeText(`tcp://${host}:2376`)}`,
								"  DOCKER_CERT_PATH: /certs/client",
								'  DOCKER_TLS_VERIFY: "1"',
								"volumes:",
								"  - docker-certs:/certs:ro",
							],
						],
					],
					["volumes:", "  docker-certs:"],
				),
				kind: "runner",
			},
		}),
	}),

	"not-waiting": reason<NotWaiting>({
		level: "warn",
		title: "The runner does not wait for its Docker daemon",
		headline: ({ daemon }) => titleWith("The runner does not wait for ", daemon.name),
		why: "A daemon needs some seconds to start. A runner that asks earlier exits with `cannot ping the docker daemon`, and nothing starts it again until the daemon answers.",
		expected: "`depends_on` with `condition: service_healthy`, and a `healthcheck` of the daemon",
		tell: ({ service, daemon }) => ({
			what: `${code(service.name)} starts without waiting until the daemon in ${code(daemon.name)} answers.`,
			fix: {
				text: "Give the daemon a health check, and let the runner wait for it.",
				config: linesOfServices(service.place.file, [
					[daemon.name, ["healthcheck:", '  test: ["CMD", "docker", "info"]', "  interval: 5s", "  retries: 12"]],
					[service.name, ["depends_on:", `  ${yamlKey(daemon.name)}:`, "    condition: service_healthy"]],
				]),
				kind: "runner",
			},
		}),
		more: "With `restart: always`, `unless-stopped` or `on-failure`, Docker starts the runner again until the daemon answers, and nothing is reported.",
	}),
};

const mismatches: Readonly<
	Record<Mismatch, (service: Service, daemon: Service, host: string, port: string) => string>
> = {
	"plain-client": (service, daemon, host, port) =>
		`The daemon in ${code(daemon.name)} listens with TLS on port 2376, and ${code(service.name)} asks ${code(`tcp://${host}:${port}`)}.`,
	"tls-client": (service, daemon, host, port) =>
		`The daemon in ${code(daemon.name)} listens without TLS, and ${code(service.name)} asks ${code(`tcp://${host}:${port}`)} with TLS.`,
	"no-certificates": (service, daemon) =>
		`The daemon in ${code(daemon.name)} wants TLS, and ${code(service.name)} has no \`DOCKER_CERT_PATH\`.`,
	"certificates-not-shared": (service, daemon) =>
		`The certificates that ${code(daemon.name)} makes are in no volume that ${code(service.name)} mounts at its \`DOCKER_CERT_PATH\`.`,
	"other-name": (service, daemon, host) =>
		`The certificate of ${code(daemon.name)} is made for \`docker\` and \`localhost\`, and ${code(service.name)} asks ${code(host)}.`,
};
