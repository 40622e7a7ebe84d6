import type { Remedy } from "../../checks/check.ts";
import { code, cut, titleWith, yamlValue } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";
import type { RunnerSystem } from "../../knowledge/config-keys.ts";
import { configLines, defaultService, isHidden, turnOff, unitLines } from "./fixes.ts";

/** What is wrong with the address of a daemon. */
export type AddressProblem =
	| { readonly kind: "automount" }
	| { readonly kind: "no-scheme" }
	| { readonly kind: "two-slashes" }
	| { readonly kind: "no-port" }
	| { readonly kind: "ssh" }
	| { readonly kind: "unknown-scheme"; readonly scheme: string };

interface Invalid {
	readonly file: string;
	readonly address: string;
	readonly problem: AddressProblem;
	/** The address as it should be; `undefined`: nothing tells. */
	readonly fixed: string | undefined;
}

interface NotMounted {
	readonly file: string;
	readonly address: string;
}

interface TcpWithoutTls {
	readonly address: string;
	readonly system: RunnerSystem;
}

export const intro =
	"Checks that `container.docker_host` is an address, and that jobs can use the daemon. If the key is empty, Gitea's runner finds the daemon itself and mounts its socket into every job.";

export const words = {
	invalid: reason<Invalid>({
		level: "fail",
		title: "`container.docker_host` is not an address",
		headline: ({ address }) => titleWith("", address, " is not a Docker address"),
		why: "A runner with a container label exits at startup with `cannot ping the docker daemon, is it running?` or `unable to parse docker host`, and takes no job.",
		expected: "empty, `-`, `unix:///path/to/docker.sock` or `tcp://host:port`",
		tell: ({ file, address, problem, fixed }) => ({
			what: `\`container.docker_host\` is ${code(cut(address))}. ${sentenceFor(problem)}`,
			fix: {
				text: fixed === "" ? "Leave it empty." : "Write a complete address.",
				...(!isHidden(fixed ?? "") && {
					config: configLines(file, `container:\n  docker_host: ${yamlValue(fixed ?? "unix:///var/run/docker.sock")}`),
				}),
				kind: "runner",
			},
		}),
	}),

	"not-mounted": reason<NotMounted>({
		level: "warn",
		title: "Jobs get no Docker socket",
		headline: ({ address }) =>
			address === "-" ? "The configuration gives jobs no Docker socket" : "Jobs do not know where the Docker daemon is",
		why: "A job that calls `docker` fails with `Cannot connect to the Docker daemon`. If no job needs Docker, this is the safer setup.",
		expected: ({ address }) =>
			address === "-" ? "an empty `docker_host`, or a Unix socket" : "`DOCKER_HOST` in `runner.envs`",
		tell: ({ file, address }) => ({
			what:
				address === "-"
					? '`container.docker_host: "-"` keeps the Docker socket out of every job.'
					: `The runner cannot mount the daemon at ${code(cut(address))} into jobs, and jobs are not told where it is.`,
			fix: {
				...giveDocker(file, address),
				otherwise: { text: "If no job needs Docker, turn this check off.", ...turnOff("config/docker-host") },
			},
		}),
	}),

	"tcp-without-tls": reason<TcpWithoutTls>({
		level: "fail",
		title: "The connection to the Docker daemon has no TLS",
		headline: ({ address }) => titleWith("No TLS to the Docker daemon at ", address),
		why: "Anyone who can reach that port can start containers there, and so is root on that machine. That includes every job.",
		expected: "a Unix socket, or `tcp://host:2376` with certificates",
		tell: ({ address, system }) => ({
			what: `The runner talks to ${code(cut(address))} without TLS.`,
			fix: {
				text: "Make the daemon require client certificates, and give the runner its own in the environment of its service.",
				config: unitLines(
					`${defaultService(system)}.service`,
					`[Service]\nEnvironment=DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/etc/${defaultService(system)}/docker-certs`,
				),
				kind: "host",
				otherwise: { text: "Run the runner on the daemon's machine, and use the Unix socket.", kind: "runner" },
			},
		}),
		more: "An address of the runner's own machine is not reported.",
	}),
};

function sentenceFor(problem: AddressProblem): string {
	switch (problem.kind) {
		case "automount":
			return "Only Forgejo's runner knows this word; Gitea's runner mounts the socket if the key is empty.";
		case "no-scheme":
			return "It has no scheme.";
		case "two-slashes":
			return "The path of a Unix socket needs a third slash.";
		case "no-port":
			return "It names no port.";
		case "ssh":
			return "The runner's Docker client does not support `ssh`.";
		case "unknown-scheme":
			return `No Docker client supports the scheme ${code(cut(problem.scheme, 20))}.`;
	}
}

function giveDocker(file: string, address: string): Omit<Remedy, "otherwise"> {
	return address === "-"
		? {
				text: "If jobs need Docker, leave the key empty: the runner then finds the socket and mounts it.",
				config: configLines(file, 'container:\n  docker_host: ""'),
				kind: "runner",
			}
		: {
				text: isHidden(address)
					? "Tell jobs where the daemon is: set `DOCKER_HOST` in `runner.envs` to the same address."
					: "Tell jobs where the daemon is.",
				...(!isHidden(address) && {
					config: configLines(file, `runner:\n  envs:\n    DOCKER_HOST: ${yamlValue(address)}`),
				}),
				kind: "runner",
			};
}
