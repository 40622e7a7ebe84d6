import { containerProbe } from "../../probes/container.ts";
import {
	type DockerEndpoint,
	dockerEndpointProbe,
	type EndpointFacts,
	type TlsFile,
} from "../../probes/docker-endpoint.ts";
import { dockerEngineProbe } from "../../probes/docker-engine.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Finding, type Remedy } from "../check.ts";
import { code, listed, shellQuote, yamlValue } from "../text.ts";
import { configFile, type Situation, setVariables, situationOf, wantsDocker } from "./situation.ts";

type Reason = "invalid-host" | "tcp-without-tls" | "tls-files-missing";
type Tcp = Extract<DockerEndpoint, { kind: "tcp" }>;

export const dockerEndpoint = defineCheck({
	id: "docker/endpoint",
	title: "Docker is looked for at a valid and safe address",
	reasons: {
		"invalid-host": { level: "fail", title: "The Docker address leads nowhere" },
		"tcp-without-tls": { level: "fail", title: "Docker is reached over the network without encryption" },
		"tls-files-missing": { level: "fail", title: "The certificate files for Docker are missing" },
		"ssh-unsupported": { level: "skip", title: "Docker behind ssh is not looked into" },
	},
	needs: { endpoint: dockerEndpointProbe, engine: dockerEngineProbe, container: containerProbe, job: jobProbe },
	applies: wantsDocker,
	judge({ endpoint: facts, engine, container, job }) {
		const { endpoint, address } = facts;
		const answers = engine.version.kind === "ok";
		const situation = situationOf(container, job);
		switch (endpoint.kind) {
			case "invalid":
				return invalidHost(facts, endpoint, situation);
			case "ssh":
				return {
					kind: "skip",
					reason: "ssh-unsupported",
					message: `${origin(facts)} names a daemon behind ssh (${code(address)}). Docker starts \`ssh\` for every command there, which this check does not do: try \`docker version\` by hand.`,
				};
			case "unix": {
				const missing = (endpoint.files ?? []).filter(({ role, state }) => role === "ca" && state !== "present");
				if (missing.length > 0) return tlsFilesMissing(facts, missing);
				return { kind: "pass", message: `${code(address)} (${origin(facts)})`, evidence: seen(facts) };
			}
			case "tcp": {
				if (endpoint.tls === "none" && !isLoopback(endpoint.host)) return tcpWithoutTls(facts, endpoint, situation);
				if (facts.source === "default" && !answers) return tlsWithoutHost(facts, situation);
				const missing = (endpoint.files ?? []).filter(({ state }) => state !== "present");
				// The CLI insists on the authority's file. A server that wants no certificate of ours is rare, but one that answers proves it.
				if (missing.some(({ role }) => role === "ca") || (missing.length > 0 && !answers)) {
					return tlsFilesMissing(facts, missing);
				}
				const how = endpoint.tls === "none" ? "no TLS, but on this machine only" : "with TLS";
				return { kind: "pass", message: `${code(address)}, ${how} (${origin(facts)})`, evidence: seen(facts) };
			}
		}
	},
});

/** `127.0.0.1`, `localhost`, `::1`: what is said there leaves no machine. */
function isLoopback(host: string): boolean {
	return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function origin({ source, context, endpoint }: EndpointFacts): string {
	switch (source) {
		case "DOCKER_HOST":
			return "`DOCKER_HOST`";
		case "DOCKER_CONTEXT":
			return `context ${code(context ?? "?")} of \`DOCKER_CONTEXT\``;
		case "config":
			return `context ${code(context ?? "?")} of the CLI's configuration`;
		case "default":
			return endpoint.kind === "tcp" ? "Docker's default with `DOCKER_TLS_VERIFY` or `DOCKER_TLS`" : "Docker's default";
	}
}

function seen(facts: EndpointFacts): readonly Evidence[] {
	const { address, source, context, config } = facts;
	const from = {
		DOCKER_HOST: "environment, DOCKER_HOST",
		DOCKER_CONTEXT: `environment, DOCKER_CONTEXT=${context}`,
		config: `${config.path}, currentContext ${context}`,
		default: "Docker's default",
	}[source];
	const configuration =
		config.state === "unreadable" || config.state === "invalid"
			? [{ source: config.path, text: `${config.state}: the CLI warns and goes on without it` }]
			: [];
	return [{ source: from, text: address }, ...configuration];
}

function invalidHost(
	facts: EndpointFacts,
	endpoint: Extract<DockerEndpoint, { kind: "invalid" }>,
	situation: Situation,
): Finding<Reason> {
	const { address, source } = facts;
	return {
		kind: "finding",
		reason: "invalid-host",
		message:
			facts.context === undefined
				? `${origin(facts)} says ${code(address)}: ${endpoint.why}.`
				: `Docker cannot use the ${origin(facts)}: ${endpoint.why}.`,
		why: "Every `docker` command in this job fails before it reaches a daemon.",
		expected: "an address like `unix:///var/run/docker.sock` or `tcp://host:2376`",
		observed: address,
		evidence: seen(facts),
		remedy: source === "DOCKER_HOST" ? setDockerHost(endpoint.meant, situation) : leaveContext(facts, situation),
	};
}

/** Variables that were left over, mostly from a daemon in a service container, turn the CLI away from the socket. */
function tlsWithoutHost(facts: EndpointFacts, situation: Situation): Finding<Reason> {
	const { address } = facts;
	return {
		kind: "finding",
		reason: "invalid-host",
		message: `\`DOCKER_TLS_VERIFY\` or \`DOCKER_TLS\` is set, and \`DOCKER_HOST\` is not: Docker then looks for its daemon at ${code(address)}, where none answers, and not at the socket.`,
		why: "Every `docker` command in this job fails before it reaches a daemon.",
		expected: "no variables of TLS, or a `DOCKER_HOST` that they are meant for",
		observed: address,
		evidence: seen(facts),
		remedy: {
			text: `Remove the variables where they are set, or name the daemon that they are for in \`DOCKER_HOST\`. ${sourcesOfVariable}`,
			commands: ["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],
			kind: situation.inContainer ? "runner" : "host",
		},
	};
}

/** Where the variable of a job comes from: the workflow, the runner's configuration, the service or the image. */
const sourcesOfVariable =
	"It can come from `env:` of the workflow, from `runner.envs` or `runner.env_file` of the runner's `config.yaml`, from the runner's service (host jobs) or from `ENV` of the image.";

function setDockerHost(meant: string | undefined, situation: Situation): Remedy {
	return {
		text: `Correct the variable where it is set, or remove it: without it, Docker uses \`unix:///var/run/docker.sock\`. ${sourcesOfVariable}`,
		...setVariables(situation, { DOCKER_HOST: meant ?? "unix:///var/run/docker.sock" }),
		kind: "runner",
	};
}

function leaveContext({ source, config }: EndpointFacts, situation: Situation): Remedy {
	const directory = config.path.replace(/\/config\.json$/, "");
	if (source === "DOCKER_CONTEXT") {
		return {
			text: `Remove \`DOCKER_CONTEXT\` from where it is set, or create the context there. ${sourcesOfVariable}`,
			commands: ["docker context ls"],
			kind: "runner",
		};
	}
	return {
		text: `Go back to the default context. The choice is kept in ${code(config.path)}, which often was copied from a machine with Docker Desktop.`,
		commands: [`DOCKER_CONFIG=${shellQuote(directory)} docker context use default`],
		kind: situation.inContainer ? "image" : "host",
	};
}

function tcpWithoutTls(facts: EndpointFacts, endpoint: Tcp, situation: Situation): Finding<Reason> {
	const { address } = facts;
	const host = endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host;
	return {
		kind: "finding",
		reason: "tcp-without-tls",
		message: `${origin(facts)} says ${code(address)}, and no TLS is set up for it.`,
		why: "Whoever can reach that port is root on the daemon's machine, with no password asked, and what the job sends (build secrets, registry logins) can be read on the way.",
		expected: "a unix socket, TLS, or a loopback address",
		observed: `${address} without TLS`,
		evidence: [...seen(facts), { source: "environment", text: "neither DOCKER_TLS_VERIFY nor DOCKER_TLS is set" }],
		remedy: {
			text: "Let the daemon ask for certificates and give the job those of a client. The image `docker:dind` makes both by itself where `DOCKER_TLS_CERTDIR` is set; share that directory with the job.",
			...setVariables(situation, {
				DOCKER_HOST: `tcp://${host}:2376`,
				DOCKER_TLS_VERIFY: "1",
				DOCKER_CERT_PATH: "/certs/client",
			}),
			kind: "runner",
			otherwise: {
				text: "If the daemon runs on the same machine, use its unix socket and remove the variable. If it is a throw-away Docker-in-Docker on a network of its own that nobody else can reach, say so in the policy.",
				config: {
					file: ".gitea/runner-check.yml",
					language: "yaml",
					text: "severity:\n  docker/endpoint:tcp-without-tls: warn",
				},
				kind: "workflow",
			},
		},
	};
}

function tlsFilesMissing(facts: EndpointFacts, missing: readonly TlsFile[]): Finding<Reason> {
	const { endpoint, address } = facts;
	const unreadable = missing.every(({ state }) => state === "unreadable");
	const paths = missing.map(({ path }) => path);
	const directory = (paths[0] ?? "").replace(/\/[^/]*$/, "");
	const wanted =
		facts.source === "DOCKER_HOST" || facts.source === "default" ? "The TLS variables ask" : "The context asks";
	const state = unreadable ? "cannot be read by this user" : paths.length === 1 ? "is not there" : "are not there";
	return {
		kind: "finding",
		reason: "tls-files-missing",
		message: `${wanted} for TLS to ${code(address)}, but ${listed(paths.map(code))} ${state}.`,
		why:
			endpoint.kind === "unix"
				? "Docker refuses to start without `ca.pem` as soon as these variables are set, though a unix socket uses no TLS: every `docker` command fails."
				: "Docker cannot prove who it is to the daemon, nor check the daemon: every `docker` command fails.",
		expected: `readable ca.pem, cert.pem and key.pem in ${directory}`,
		observed: missing.map(({ role, state: found }) => `${role}.pem ${found}`).join(", "),
		evidence: [...seen(facts), ...missing.map(({ path, state: found }) => ({ source: path, text: found }))],
		remedy: endpoint.kind === "unix" ? dropTls : unreadable ? makeReadable(directory) : mountCertificates(directory),
	};
}

const dropTls: Remedy = {
	text: `Remove \`DOCKER_TLS_VERIFY\`, \`DOCKER_TLS\` and \`DOCKER_CERT_PATH\`: they belong to a daemon reached over tcp. ${sourcesOfVariable}`,
	commands: ["unset DOCKER_TLS_VERIFY DOCKER_TLS DOCKER_CERT_PATH"],
	kind: "runner",
};

function makeReadable(directory: string): Remedy {
	return {
		text: "Give the files to the user that the job runs as, or run the job as the user that owns them. The key is nobody else's business: do not open it to all.",
		commands: [`ls -ln ${shellQuote(directory)}`],
		kind: "host",
	};
}

function mountCertificates(directory: string): Remedy {
	return {
		text: `Bring the client's certificates to ${code(directory)} in the job. With \`docker:dind\` they lie in \`/certs/client\` of its volume: mount that volume, and allow it in \`valid_volumes\`.`,
		config: {
			file: configFile,
			language: "yaml",
			text: [
				"container:",
				`  options: ${yamlValue(`--volume ${shellQuote(`docker-certs:${directory}:ro`)}`)}`,
				"  valid_volumes:",
				"    - docker-certs",
			].join("\n"),
		},
		kind: "runner",
		otherwise: {
			text: `If the daemon asks for no TLS, remove \`DOCKER_TLS_VERIFY\`, \`DOCKER_TLS\` and \`DOCKER_CERT_PATH\`. If the files lie elsewhere, set \`DOCKER_CERT_PATH\` to that directory.`,
			kind: "runner",
		},
	};
}
