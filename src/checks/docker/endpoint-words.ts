import type { DockerEndpoint, EndpointFacts, TlsFile } from "../../probes/docker-endpoint.ts";
import type { Remedy } from "../check.ts";
import { code, listed, shellQuote } from "../text.ts";
import { reason, skipReason, type Told } from "../words.ts";
import { configFile, optionLine, restartRunner, type Situation, setVariables } from "./situation.ts";

export const intro =
	"Finds out where the Docker CLI of this job looks for its daemon, in the CLI's own order: `DOCKER_HOST`, `DOCKER_CONTEXT`, `currentContext` of `~/.docker/config.json` (or of the one in `DOCKER_CONFIG`), and finally `unix:///var/run/docker.sock`. Credentials in an address are never kept. A `config.json` that cannot be read or parsed is ignored, as the CLI ignores it, and named in the evidence.";

interface InvalidHost {
	readonly facts: EndpointFacts;
	/** Why the CLI cannot use it; `undefined`: TLS variables alone led the CLI away from the socket, and no daemon answers. */
	readonly invalid: Extract<DockerEndpoint, { kind: "invalid" }> | undefined;
	readonly situation: Situation;
}

interface TcpWithoutTls {
	readonly facts: EndpointFacts;
	readonly host: string;
	readonly situation: Situation;
}

interface TlsFilesMissing {
	readonly facts: EndpointFacts;
	readonly missing: readonly TlsFile[];
	readonly situation: Situation;
}

interface SshUnsupported {
	readonly facts: EndpointFacts;
}

const sourcesOfVariables =
	"The variables of a job come from `env:` in the workflow, `runner.envs` or `runner.env_file` in the runner's `config.yaml`, the runner's service (host jobs) and `ENV` in the image.";

export const words = {
	"invalid-host": reason<InvalidHost>({
		level: "fail",
		title: "The Docker address is invalid",
		headline: ({ facts: { context }, invalid }) => {
			if (!invalid) return "TLS variables are set, but `DOCKER_HOST` is not";
			return context === undefined
				? "`DOCKER_HOST` is not a valid Docker address"
				: "The Docker context cannot be used";
		},
		why: "Every `docker` command in this job fails before it reaches a daemon.",
		expected: ({ invalid }) =>
			invalid
				? "an address such as `unix:///var/run/docker.sock` or `tcp://host:2376`"
				: "no TLS variables, or a `DOCKER_HOST` that they belong to",
		tell: tellInvalidHost,
		more: "Valid addresses are `unix:///path`, `tcp://host:port` and `ssh://host`. `unix:/path` with one slash, `http://` and `npipe://` are not. The CLI reports `unable to resolve docker endpoint`, or `Cannot connect to the Docker daemon` if it reads the value as a TCP address.",
	}),
	"tcp-without-tls": reason<TcpWithoutTls>({
		level: "fail",
		title: "Docker is reached over the network without TLS",
		why: "A Docker daemon asks for no password: anyone who can reach this port has root access to its machine. What the job sends (build secrets, registry logins) can be read on the way.",
		expected: "a unix socket, TLS, or a loopback address",
		tell: ({ facts, host, situation }) => ({
			what: `${originFirst(facts)} ${facts.written === undefined ? "names" : `is ${code(facts.written)}, which Docker reads as`} ${code(facts.address)}, but TLS is not set up for it.`,
			fix: fixWithoutTls(host, situation),
		}),
		more: "Addresses of the machine itself (`localhost`, `127.0.0.1`, `::1`) pass.",
	}),
	"tls-files-missing": reason<TlsFilesMissing>({
		level: "fail",
		title: "TLS files for Docker are missing",
		headline: ({ missing }) =>
			areUnreadable(missing) ? "TLS files for Docker cannot be read" : "TLS files for Docker are missing",
		why: ({ facts, missing }) => {
			const ca = missing.find(({ role }) => role === "ca");
			if (!ca) return "Without its certificate and key, the daemon rejects this job: every `docker` command fails.";
			const error = `open ${ca.path}: ${ca.state === "absent" ? "no such file or directory" : "permission denied"}`;
			const note = facts.endpoint.kind === "unix" ? ", even though a unix socket does not use TLS" : "";
			return `Every \`docker\` command in this job fails with ${code(`unable to resolve docker endpoint: ${error}`)}${note}.`;
		},
		expected: ({ missing }) => `readable ca.pem, cert.pem and key.pem in ${directoryOf(missing)}`,
		tell: tellTlsFiles,
		more: "The CLI checks only whether the variables are empty: `DOCKER_TLS_VERIFY=0` enables verification. Without `DOCKER_CERT_PATH`, the files are expected in `~/.docker`.",
	}),
	"ssh-unsupported": skipReason<SshUnsupported>({
		level: "skip",
		title: "A Docker daemon behind SSH is not checked",
		message: ({ facts }) =>
			`${originFirst(facts)} names ${code(facts.address)}. The CLI starts \`ssh\` for every command; this check does not. Try \`docker version\`.`,
		more: "The CLI starts `ssh` for every command, with keys and known hosts of its own. This check does not, so the daemon is not checked. Try `docker version`.",
	}),
};

/** What names the address: `` `DOCKER_HOST` ``. */
export function origin({ source, context, endpoint }: EndpointFacts): string {
	switch (source) {
		case "DOCKER_HOST":
			return "`DOCKER_HOST`";
		case "DOCKER_CONTEXT":
			return `the context ${code(context ?? "?")} of \`DOCKER_CONTEXT\``;
		case "config":
			return `the context ${code(context ?? "?")} of the CLI's configuration`;
		case "default":
			return endpoint.kind === "tcp" ? "Docker's default with `DOCKER_TLS_VERIFY` or `DOCKER_TLS`" : "Docker's default";
	}
}

/** The same at the beginning of a sentence. */
function originFirst(facts: EndpointFacts): string {
	return origin(facts).replace(/^t/, "T");
}

function tellInvalidHost({ facts, invalid, situation }: InvalidHost): Told {
	const { address, source, context } = facts;
	if (!invalid) {
		return {
			what: `\`DOCKER_TLS_VERIFY\` or \`DOCKER_TLS\` is set without \`DOCKER_HOST\`. So Docker does not use its socket: it looks for a daemon at ${code(address)}, and none answers there.`,
			fix: {
				text: `Remove the TLS variables, or set \`DOCKER_HOST\` to the daemon that they belong to. They are often left over from a daemon in a service container. ${sourcesOfVariables}`,
				commands: [unsetTls],
				kind: situation.inContainer ? "runner" : "host",
			},
		};
	}
	return {
		what:
			context === undefined
				? `${originFirst(facts)} is ${code(address)}: ${invalid.why}.`
				: `${originFirst(facts)} ${address.startsWith("context ") ? "cannot be used" : `has the address ${code(address)}`}: ${invalid.why}.`,
		fix: source === "DOCKER_HOST" ? fixDockerHost(invalid.meant, situation) : fixContext(facts, situation),
	};
}

const unsetTls = "unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH";

function fixDockerHost(meant: string | undefined, situation: Situation): Remedy {
	const address = meant ?? "unix:///var/run/docker.sock";
	return {
		text: `${meant === undefined ? "Remove `DOCKER_HOST`, or set it to" : `Set \`DOCKER_HOST\` to ${code(meant)}, or remove it to use`} the default, \`unix:///var/run/docker.sock\`. ${sourcesOfVariables}`,
		...setVariables(situation, { DOCKER_HOST: address }),
		kind: "runner",
	};
}

function fixContext({ source, config }: EndpointFacts, situation: Situation): Remedy {
	if (source === "DOCKER_CONTEXT") {
		return {
			text: `Remove \`DOCKER_CONTEXT\`, or create the context. ${sourcesOfVariables}`,
			commands: ["docker context ls"],
			kind: "runner",
		};
	}
	const directory = config.path.replace(/\/config\.json$/, "");
	return {
		text: `Go back to the default context. The choice is kept in ${code(config.path)}, which is often copied from a machine with Docker Desktop.`,
		commands: [`DOCKER_CONFIG=${shellQuote(directory)} docker context use default`],
		kind: situation.inContainer ? "image" : "host",
	};
}

function fixWithoutTls(host: string, situation: Situation): Remedy {
	return {
		text: "Make the daemon require certificates, and give the job those of a client. The image `docker:dind` creates both if `DOCKER_TLS_CERTDIR` is set; share that directory with the job.",
		...setVariables(situation, {
			DOCKER_HOST: `tcp://${host.includes(":") ? `[${host}]` : host}:2376`,
			DOCKER_TLS_VERIFY: "1",
			DOCKER_CERT_PATH: "/certs/client",
		}),
		kind: "runner",
		otherwise: {
			text: "If the daemon runs on the same machine, use its unix socket and remove the variable. If it is a throwaway Docker-in-Docker on a network that nothing else can reach, make this a warning in the policy.",
			config: {
				file: ".gitea/runner-check.yml",
				language: "yaml",
				text: "severity:\n  docker/endpoint:tcp-without-tls: warn",
			},
			kind: "workflow",
		},
	};
}

function areUnreadable(missing: readonly TlsFile[]): boolean {
	return missing.every(({ state }) => state === "unreadable");
}

function directoryOf([first]: readonly TlsFile[]): string {
	return (first?.path ?? "").replace(/\/[^/]*$/, "");
}

function tellTlsFiles({ facts, missing, situation }: TlsFilesMissing): Told {
	const { endpoint, address, source } = facts;
	const fromContext = source === "DOCKER_CONTEXT" || source === "config";
	const wanted = fromContext ? "The context requires" : "The TLS variables require";
	const files = listed(missing.map(({ path }) => code(path)));
	const unreadable = areUnreadable(missing);
	const state = unreadable ? "cannot be read by this user" : missing.length === 1 ? "does not exist" : "do not exist";
	const directory = directoryOf(missing);
	return {
		what: `${wanted} TLS for ${code(address)}, but ${files} ${state}.`,
		fix:
			endpoint.kind === "unix"
				? dropTls
				: unreadable
					? makeReadable(directory)
					: provideCertificates(directory, situation),
	};
}

const dropTls: Remedy = {
	text: `Remove \`DOCKER_TLS_VERIFY\`, \`DOCKER_TLS\` and \`DOCKER_CERT_PATH\`, which are for a daemon reached over TCP. ${sourcesOfVariables}`,
	commands: [unsetTls],
	kind: "runner",
};

function makeReadable(directory: string): Remedy {
	return {
		text: "Give the files to the job's user, or run the job as the user that owns them. Do not open the key to other users.",
		commands: [`ls -ln ${shellQuote(directory)}`],
		kind: "host",
	};
}

function provideCertificates(directory: string, situation: Situation): Remedy {
	const otherwise = {
		text: `If the daemon does not use TLS, remove \`DOCKER_TLS_VERIFY\`, \`DOCKER_TLS\` and \`DOCKER_CERT_PATH\`. If the files are in another directory, set \`DOCKER_CERT_PATH\` to it.`,
		kind: "runner",
	} as const;
	if (!situation.inContainer) {
		return {
			text: `Copy the client certificates of the daemon to ${code(directory)}, readable by the job's user only.`,
			commands: [`ls -ln ${shellQuote(directory)}`],
			kind: "host",
			otherwise,
		};
	}
	return {
		text: `Mount the client certificates at ${code(directory)} in the job. \`docker:dind\` writes them to \`/certs/client\`: make that a volume, here \`docker-certs\`, and allow it in \`valid_volumes\`.`,
		config: {
			file: configFile,
			language: "yaml",
			text: [
				"container:",
				optionLine(`--volume ${shellQuote(`docker-certs:${directory}:ro`)}`),
				"  valid_volumes:",
				"    - docker-certs",
			].join("\n"),
		},
		commands: restartRunner(situation),
		kind: "runner",
		otherwise,
	};
}
