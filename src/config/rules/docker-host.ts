import { optionsOf } from "../docker-access.ts";
import type { RunnerSystem } from "../keys.ts";
import { type Context, defineRule, type Found } from "../rule.ts";
import { hasEnv, type Setup, unitEnvironment, usesDocker } from "../setup.ts";
import { scalarAt } from "../tree.ts";
import { mountsOf, socketPath } from "../volumes.ts";
import { yamlText } from "../yaml-text.ts";

type R = "invalid" | "not-mounted" | "tcp-without-tls";

/** `container.docker_host`: where the daemon is, and whether jobs get to it. */
export const dockerHost = defineRule<R>({
	id: "config/docker-host",
	title: "The runner finds its Docker daemon, and jobs get to it",
	reasons: {
		invalid: { level: "fail", title: "`container.docker_host` is no address of a Docker daemon" },
		"not-mounted": { level: "warn", title: "jobs get no Docker socket" },
		"tcp-without-tls": { level: "fail", title: "the Docker daemon is reached over the network without TLS" },
	},
	fine: "the address of the daemon is well-formed, and jobs get to it",
	find(setup, context) {
		const { config } = setup;
		const scalar = scalarAt(config?.root, "container", "docker_host");
		if (!config || !scalar || scalar.text === "") return [];
		const place = { file: config.path, line: scalar.line, column: scalar.column };
		const host = scalar.text;
		const problem = problemOf(host, setup);
		if (problem) return [invalid(place, host, problem)];
		if (setup.system === "forgejo" && (host === "-" || host === "automount")) return [];
		const plain = isPlainTcp(setup, host) ? [withoutTls(place, host, setup.system)] : [];
		const isShared = /^(?:unix|npipe):/i.test(host) || hasEnv(setup, "DOCKER_HOST");
		// Whoever mounts a socket by the options has thought of it; whether that works is judged there.
		const isMounted = mountsOf(optionsOf(setup).options.flags).some(({ target }) => target === socketPath);
		return isShared || isMounted || !mayNeedDocker(setup, context) ? plain : [...plain, notMounted(place, host)];
	},
});

/** A runner whose labels are all of the host starts no job container. */
function mayNeedDocker(setup: Setup, context: Context): boolean {
	return context.dockerRequired === true || usesDocker(setup) !== "no";
}

type Place = Pick<Found<R>, "file" | "line" | "column">;

interface AddressProblem {
	readonly what: string;
	readonly mended: string | undefined;
}

/** What is wrong with the address; `undefined` where a Docker client can use it. */
function problemOf(host: string, setup: Setup): AddressProblem | undefined {
	if (host === "-") return undefined;
	if (host === "automount") {
		return setup.system === "forgejo"
			? undefined
			: {
					what: "`automount` is a word of Forgejo's runner; Gitea's mounts the socket where the key is empty",
					mended: "",
				};
	}
	const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/i.exec(host);
	if (!match) {
		const path = host.replace(/^unix:\/*/, "/");
		return { what: "it has no scheme", mended: path.startsWith("/") ? `unix://${path}` : undefined };
	}
	const [, scheme = "", rest = ""] = match;
	switch (scheme.toLowerCase()) {
		case "unix":
			return rest.startsWith("/")
				? undefined
				: { what: "a unix socket needs three slashes", mended: `unix:///${rest}` };
		case "tcp":
			return /^[^/?#\s]+:\d{1,5}\/?$/.test(rest)
				? undefined
				: { what: "it names no port", mended: `tcp://${rest.replace(/\/+$/, "") || "host"}:2376` };
		case "npipe":
		case "http":
		case "https":
			return undefined;
		case "ssh":
			return setup.system === "forgejo"
				? undefined
				: { what: "the runner's Docker client speaks no `ssh`", mended: undefined };
		default:
			return { what: `no Docker client knows \`${scheme.slice(0, 20)}://\``, mended: undefined };
	}
}

function invalid(place: Place, host: string, problem: AddressProblem): Found<R> {
	return {
		...place,
		reason: "invalid",
		message: `\`container.docker_host\` is no address of a daemon: ${problem.what}`,
		why: "A runner with a container label ends at its start with `cannot ping the docker daemon, is it running?` or `unable to parse docker host`, and takes no job.",
		expected: "empty, `-`, `unix:///path/to/docker.sock` or `tcp://host:port`",
		found: `\`${host.slice(0, 200)}\``,
		remedy: {
			text: "Write the address with its scheme.",
			kind: "runner",
			config: {
				file: place.file,
				language: "yaml",
				text: `container:\n  docker_host: ${yamlText(problem.mended ?? "unix:///var/run/docker.sock")}`,
			},
		},
	};
}

/** Unencrypted and not on this machine: whoever reaches the port is root there. */
function isPlainTcp(setup: Setup, host: string): boolean {
	const match = /^(?:tcp|http):\/\/(\[[^\]]*\]|[^:/]+)/i.exec(host);
	if (!match) return false;
	if (/^(?:localhost|127\.|\[::1\])/.test(match[1] ?? "")) return false;
	const names = ["DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "DOCKER_TLS"];
	if (names.some((name) => unitEnvironment(setup, name) !== undefined || hasEnv(setup, name))) return false;
	return !/:2376\/?$/.test(host);
}

function withoutTls(place: Place, host: string, system: RunnerSystem): Found<R> {
	return {
		...place,
		reason: "tcp-without-tls",
		message: `\`${host.slice(0, 200)}\` is spoken to without TLS`,
		why: "Whoever reaches that port may start containers there, and so is root on that machine; jobs and everybody else in the network can.",
		expected: "a unix socket, or `tcp://host:2376` with certificates",
		found: `\`${host.slice(0, 200)}\``,
		remedy: {
			text: "Let the daemon demand certificates, and give the runner its own in the environment of its service.",
			kind: "runner",
			config: {
				file: `${system}-runner.service`,
				language: "ini",
				text: `[Service]\nEnvironment=DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=/etc/${system}-runner/docker-certs`,
			},
			otherwise: { text: "Or run the runner beside its daemon and use the socket.", kind: "runner" },
		},
	};
}

function notMounted(place: Place, host: string): Found<R> {
	const isDash = host === "-";
	return {
		...place,
		reason: "not-mounted",
		message: isDash
			? '`container.docker_host: "-"` keeps the Docker socket out of every job'
			: `a daemon at \`${host.slice(0, 200)}\` cannot be mounted, and jobs are not told where it is`,
		why: "A job that calls `docker` fails with `Cannot connect to the Docker daemon`. Where no job needs Docker this is as it should be, and the safer way.",
		expected: isDash ? "an empty `docker_host`, or a unix socket" : "`DOCKER_HOST` in `runner.envs`",
		found: `\`${host.slice(0, 200)}\``,
		remedy: {
			text: isDash
				? "If jobs need Docker, leave the key empty: the runner then finds the socket and mounts it. If none does, set `config/docker-host: off` in the policy's `severity`."
				: "Tell the jobs where the daemon is.",
			kind: "runner",
			config: {
				file: place.file,
				language: "yaml",
				text: isDash ? 'container:\n  docker_host: ""' : `runner:\n  envs:\n    DOCKER_HOST: ${yamlText(host)}`,
			},
		},
	};
}
