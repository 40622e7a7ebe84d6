import type { Host } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import type { Probe } from "./probe.ts";

/** Where the Docker CLI of this job looks for its daemon. */
export type DockerEndpoint =
	| {
			readonly kind: "unix";
			readonly path: string;
			/** Set if TLS variables are set: the CLI then fails without `ca.pem`, even though it does not use TLS here. */
			readonly files?: readonly TlsFile[];
	  }
	| {
			readonly kind: "tcp";
			readonly host: string;
			readonly port: number;
			/** `no-verify`: encrypted, but the daemon's certificate is not checked. */
			readonly tls: "none" | "verify" | "no-verify";
			/** The three TLS files, if TLS is used. */
			readonly files?: readonly TlsFile[];
	  }
	/** A daemon behind ssh: the CLI starts `ssh` for every command. */
	| { readonly kind: "ssh"; readonly host: string }
	/** The Docker CLI on this machine cannot connect to it. */
	| { readonly kind: "invalid"; readonly why: string; readonly meant?: string };

export interface TlsFile {
	readonly role: "ca" | "cert" | "key";
	readonly path: string;
	readonly state: "present" | "absent" | "unreadable";
}

export interface EndpointFacts {
	readonly endpoint: DockerEndpoint;
	/** As people write it, without credentials: `unix:///var/run/docker.sock`. */
	readonly address: string;
	/** What DOCKER_HOST says, without credentials, if Docker reads something else into it: `docker:2375`. */
	readonly written?: string;
	readonly source: "DOCKER_HOST" | "DOCKER_CONTEXT" | "config" | "default";
	/** Name of the context that decided, if one did. */
	readonly context?: string;
	/** The CLI's own configuration. The CLI ignores an unreadable or invalid one with a warning. */
	readonly config: { readonly path: string; readonly state: "ok" | "absent" | "unreadable" | "invalid" };
	/** Sockets at other usual paths, looked for only if the default one is missing. */
	readonly elsewhere: readonly string[];
}

export const defaultSocket = "/var/run/docker.sock";
const defaultPort = 2375;

/** Source: DOCKER_HOST, else DOCKER_CONTEXT, else the current context of the CLI's configuration, else the default socket. */
export const dockerEndpointProbe = {
	name: "docker-endpoint",
	async collect(host: Host): Promise<EndpointFacts> {
		const directory = configDirectory(host);
		const config = await readConfig(host, directory);
		const decided = await decide(host, directory, config.currentContext);
		const endpoint = await withTls(host, decided, directory);
		const address = decided.shown ?? addressOf(endpoint);
		const written =
			decided.source === "DOCKER_HOST" ? bounded(withoutCredentials(host.env.DOCKER_HOST?.trim() ?? ""), 200) : address;
		return {
			endpoint,
			address,
			...(written !== address && { written }),
			source: decided.source,
			...(decided.context !== undefined && { context: bounded(decided.context, 200) }),
			config: { path: `${directory}/config.json`, state: config.state },
			elsewhere: await socketsElsewhere(host, endpoint),
		};
	},
} satisfies Probe<EndpointFacts>;

/** The address as `DOCKER_HOST` has it. */
function addressOf(endpoint: DockerEndpoint): string {
	switch (endpoint.kind) {
		case "unix":
			return `unix://${endpoint.path}`;
		case "tcp":
			return `tcp://${endpoint.host.includes(":") ? `[${endpoint.host}]` : endpoint.host}:${endpoint.port}`;
		case "ssh":
			return `ssh://${endpoint.host}`;
		case "invalid":
			return "nowhere";
	}
}

/** The directory of the CLI's configuration: $DOCKER_CONFIG, else ~/.docker. */
export function configDirectory(host: Host): string {
	const named = host.env.DOCKER_CONFIG;
	if (named) return named.replace(/\/+$/, "") || "/";
	return `${(host.env.HOME || host.userHome || "").replace(/\/+$/, "")}/.docker`;
}

interface CliConfig {
	readonly state: EndpointFacts["config"]["state"];
	readonly currentContext?: string;
	/** More directories in which the CLI looks for plugins. */
	readonly pluginDirectories: readonly string[];
}

/** Two fields of config.json. The rest, such as credentials, is not kept. */
export async function readConfig(host: Host, directory: string): Promise<CliConfig> {
	// Large, since it can hold the logins of many registries.
	const text = await host.readText(`${directory}/config.json`, 1024 * 1024);
	if (text.kind !== "ok") return { state: text.kind, pluginDirectories: [] };
	const config = objectOf(jsonOf(text.value));
	if (!config) return { state: "invalid", pluginDirectories: [] };
	const { currentContext, cliPluginsExtraDirs } = config;
	return {
		state: "ok",
		...(typeof currentContext === "string" && { currentContext }),
		pluginDirectories: Array.isArray(cliPluginsExtraDirs)
			? cliPluginsExtraDirs.filter((entry) => typeof entry === "string")
			: [],
	};
}

interface Decision {
	readonly endpoint: DockerEndpoint;
	readonly source: EndpointFacts["source"];
	readonly context?: string;
	/** The address to show, if the endpoint does not give it. */
	readonly shown?: string;
	/** TLS settings of the context. */
	readonly contextTls?: { readonly directory: string; readonly skipVerify: boolean };
}

async function decide(host: Host, directory: string, currentContext: string | undefined): Promise<Decision> {
	const named = host.env.DOCKER_HOST?.trim();
	if (named) return { ...parseAddress(named), source: "DOCKER_HOST" };

	const fromEnv = host.env.DOCKER_CONTEXT;
	const context = fromEnv || currentContext;
	if (!context || context === "default") return { endpoint: defaultEndpoint(host), source: "default" };
	const source = fromEnv ? "DOCKER_CONTEXT" : "config";
	return { ...(await readContext(host, directory, context)), source, context };
}

/** If TLS is requested without an address, the CLI uses the address of a daemon with TLS (20.10 to 29). */
function defaultEndpoint({ env }: Host): DockerEndpoint {
	const usesTls = Boolean(env.DOCKER_TLS_VERIFY || env.DOCKER_TLS);
	return usesTls ? { kind: "tcp", host: "localhost", port: 2376, tls: "none" } : { kind: "unix", path: defaultSocket };
}

/**
 * Reads an address as the CLI does. Two rules are surprising: a value without a scheme is a TCP host, so a path becomes
 * `tcp://localhost:2375/path`; and the default port is 2375, with TLS too.
 */
function parseAddress(address: string): { endpoint: DockerEndpoint; shown?: string } {
	const shown = address.startsWith("/") ? bounded(address, 200) : bounded(withoutCredentials(address), 200);
	const invalid = (why: string, meant?: string): { endpoint: DockerEndpoint; shown: string } => ({
		endpoint: { kind: "invalid", why, ...(meant !== undefined && { meant }) },
		shown,
	});
	const separator = address.indexOf("://");
	if (separator < 0 && address.startsWith("/")) {
		return invalid("Docker reads a path without `unix://` as a TCP address", `unix://${shown}`);
	}
	if (separator < 0 && /^unix:/i.test(address)) {
		const path = `/${shown.slice("unix:".length).replace(/^\/+/, "")}`;
		return invalid("without two slashes, Docker reads `unix` as the name of a host", `unix://${path}`);
	}
	const mistyped = separator < 0 ? /^(tcp|ssh|https?|npipe|fd):(?!\d+(?:\/|$))\/?(.*)$/is.exec(address) : undefined;
	if (mistyped) {
		const [, scheme = "", rest = ""] = mistyped;
		const isUsable = /^(?:tcp|ssh)$/i.test(scheme) && parseHostAndPort(rest) !== undefined;
		const meant = isUsable ? `${scheme.toLowerCase()}://${bounded(withoutCredentials(rest), 200)}` : undefined;
		return invalid(`without two slashes, Docker reads \`${scheme}\` as the name of a host`, meant);
	}
	const scheme = separator < 0 ? "tcp" : address.slice(0, separator);
	const rest = separator < 0 ? address : address.slice(separator + "://".length);
	switch (scheme) {
		case "unix":
			return { endpoint: { kind: "unix", path: rest || defaultSocket } };
		case "tcp": {
			const place = parseHostAndPort(rest);
			return place ? { endpoint: { kind: "tcp", ...place, tls: "none" } } : invalid("it has no valid host and port");
		}
		case "ssh": {
			const place = rest === "" ? undefined : parseHostAndPort(rest);
			return place ? { endpoint: { kind: "ssh", host: place.host } } : invalid("it has no valid host");
		}
		case "http":
		case "https": {
			const place = parseHostAndPort(rest);
			const meant = place && addressOf({ kind: "tcp", ...place, tls: "none" });
			return invalid(`the Docker CLI does not support the scheme \`${scheme}\``, meant);
		}
		case "npipe":
			return invalid("named pipes exist on Windows only");
		case "fd":
			return invalid("`fd://` is for the daemon's socket activation, not for clients");
		default:
			return invalid("the Docker CLI does not support this scheme");
	}
}

/** `user:password@[::1]:2375/path` -> host and port. */
function parseHostAndPort(text: string): { readonly host: string; readonly port: number } | undefined {
	const authority = bounded(withoutCredentials(text), 200).split("/")[0] ?? "";
	if (/^[0-9a-f]*(:[0-9a-f]*){2,}$/i.test(authority)) return { host: authority, port: defaultPort };
	const match = /^(?:\[([0-9a-f:.%]+)\]|([^:[\]\s]*))(?::(\d{0,5}))?$/i.exec(authority);
	if (!match) return undefined;
	const port = Number(match[3] || defaultPort);
	if (port < 1 || port > 65535) return undefined;
	return { host: match[1] ?? (match[2] || "localhost"), port };
}

/** An address as it may be shown, a malformed one too: without user, password, query and fragment. */
export function withoutCredentials(address: string): string {
	return address.replace(/^([a-z][\w+.-]*:\/\/)?.*@/is, "$1").replace(/[?#].*$/s, "");
}

/** A context is a directory named by the hash of the context's name. Reading the names is simpler than hashing. */
async function readContext(
	host: Host,
	directory: string,
	context: string,
): Promise<Omit<Decision, "source" | "context">> {
	const shown = `context ${bounded(context, 200)}`;
	const invalid = (why: string) => ({ endpoint: { kind: "invalid", why } as const, shown });
	const root = `${directory}/contexts/meta`;
	const ids = await host.list(root);
	if (ids.kind === "unreadable") return invalid(`\`${root}\` cannot be read (${ids.code})`);
	if (ids.kind === "absent") return invalid(`\`${root}\` does not exist`);

	const metas = await Promise.all(
		ids.value.map(async (id) => {
			const text = await host.readText(`${root}/${id}/meta.json`);
			const code = text.kind === "unreadable" ? text.code : undefined;
			return { id, code, meta: text.kind === "ok" ? objectOf(jsonOf(text.value)) : undefined };
		}),
	);
	const found = metas.find(({ meta }) => meta?.Name === context);
	if (!found) {
		const closed = metas.find(({ code }) => code !== undefined);
		if (closed)
			return invalid(`\`${root}/${closed.id}/meta.json\`, which may describe it, cannot be read (${closed.code})`);
		return invalid(`\`${root}\` does not contain it`);
	}
	const docker = objectOf(objectOf(found.meta?.Endpoints)?.docker);
	const address = docker?.Host;
	if (typeof address !== "string" || address === "") return invalid("it has no Docker endpoint");
	return {
		...parseAddress(address),
		contextTls: {
			directory: `${directory}/contexts/tls/${found.id}/docker`,
			skipVerify: docker?.SkipTLSVerify === true,
		},
	};
}

/** Adds whether TLS is used, and which of its files exist. */
async function withTls(host: Host, decision: Decision, directory: string): Promise<DockerEndpoint> {
	const { endpoint, contextTls } = decision;
	if (endpoint.kind !== "tcp" && endpoint.kind !== "unix") return endpoint;
	if (contextTls) {
		if (endpoint.kind === "unix") return endpoint;
		const files = await lookAtTlsFiles(host, contextTls.directory);
		if (contextTls.skipVerify) return { ...endpoint, tls: "no-verify", files };
		return files.some((file) => file.state !== "absent") ? { ...endpoint, tls: "verify", files } : endpoint;
	}
	// The CLI checks only whether they are empty: DOCKER_TLS_VERIFY=0 enables verification.
	const verify = Boolean(host.env.DOCKER_TLS_VERIFY);
	if (!verify && !host.env.DOCKER_TLS) return endpoint;
	const files = await lookAtTlsFiles(host, host.env.DOCKER_CERT_PATH || directory);
	return endpoint.kind === "unix"
		? { ...endpoint, files }
		: { ...endpoint, tls: verify ? "verify" : "no-verify", files };
}

async function lookAtTlsFiles(host: Host, directory: string): Promise<TlsFile[]> {
	return Promise.all(
		(["ca", "cert", "key"] as const).map(async (role): Promise<TlsFile> => {
			const path = `${directory.replace(/\/+$/, "")}/${role}.pem`;
			const there = await host.stat(path);
			if (there.kind === "absent") return { role, path, state: "absent" };
			return { role, path, state: (await host.access(path, "r")).kind === "granted" ? "present" : "unreadable" };
		}),
	);
}

/** Where rootless Docker, Docker Desktop, Colima, Rancher Desktop and Podman listen. */
async function socketsElsewhere(host: Host, endpoint: DockerEndpoint): Promise<readonly string[]> {
	if (endpoint.kind !== "unix" || endpoint.path !== defaultSocket) return [];
	if ((await host.lstat(defaultSocket)).kind !== "absent") return [];
	return usualSockets(host);
}

/** The sockets that exist at the usual paths. */
export async function usualSockets(host: Host): Promise<readonly string[]> {
	const home = host.env.HOME || host.userHome;
	const runtime = host.env.XDG_RUNTIME_DIR || (host.uid ? `/run/user/${host.uid}` : undefined);
	const candidates = [
		"/run/docker.sock",
		"/run/podman/podman.sock",
		...(runtime ? [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`] : []),
		...(home
			? [
					`${home}/.docker/run/docker.sock`,
					`${home}/.docker/desktop/docker.sock`,
					`${home}/.colima/docker.sock`,
					`${home}/.colima/default/docker.sock`,
					`${home}/.rd/docker.sock`,
				]
			: []),
	];
	const kinds = await Promise.all(candidates.map(async (path) => (await host.stat(path)).kind));
	return candidates.filter((_, index) => kinds[index] === "socket");
}

/** The value, if it is a JSON object. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
	return typeof value === "object" && value !== null && !Array.isArray(value)
		? (value as Readonly<Record<string, unknown>>)
		: undefined;
}

/** At most `length` characters, so that hostile text cannot bloat a report. */
export function bounded(text: string, length = 2048): string {
	return text.length <= length ? text : `${text.slice(0, length)}…`;
}
