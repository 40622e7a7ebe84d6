import type { Host, HttpOutcome, HttpRequest, TlsOptions } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import { within } from "./deadline.ts";
import { bounded, type DockerEndpoint, dockerEndpointProbe, objectOf, withoutCredentials } from "./docker-endpoint.ts";
import type { Ask, Probe } from "./probe.ts";

/** The result of one request to the engine's API. */
export type EngineAnswer<T> =
	| { readonly kind: "ok"; readonly value: T }
	/** It answered with another status than 200. `body` is bounded. */
	| { readonly kind: "http-error"; readonly status: number; readonly body: string }
	/** It answered, but not as a Docker engine does. */
	| { readonly kind: "not-docker"; readonly body: string }
	| { readonly kind: "failed"; readonly code: string; readonly message: string }
	| { readonly kind: "timed-out" }
	/** No endpoint to ask (invalid, or behind ssh). */
	| { readonly kind: "no-endpoint" };

/** `GET /version` of the engine: only what is judged or shown. */
export interface EngineVersion {
	readonly version: string;
	readonly apiVersion: string;
	readonly minApiVersion: string | undefined;
	readonly components: readonly { readonly name: string; readonly version: string }[];
	/** The `Server` header: `Docker/29.1.2 (linux)`, `Libpod/4.3.1 (linux)`. */
	readonly server: string | undefined;
}

/** `GET /info` of the engine, without what could contain a secret (proxies, labels). */
export interface EngineInfo {
	readonly name: string;
	readonly operatingSystem: string;
	readonly driver: string;
	readonly dockerRootDir: string;
	readonly warnings: readonly string[];
	readonly runtimes: readonly string[];
	readonly defaultRuntime: string;
	/** CDI directories and discovered devices (`nvidia.com/gpu=all`), if the engine reports them. */
	readonly cdiDevices: readonly string[];
	readonly securityOptions: readonly string[];
	readonly cgroupDriver: string;
	/** Absent if there are none. */
	readonly insecureRegistries?: InsecureRegistries;
	/** Mirrors of Docker Hub, in the order in which the engine asks them: `http://mirror.lan:5000`. Absent if there are none. */
	readonly mirrors?: readonly string[];
	/** Proxies of the daemon itself, through which it pulls. Absent if it has none. */
	readonly proxies?: DaemonProxies;
	/** `default-address-pools` of its configuration. Absent if it has the default ones. */
	readonly addressPools?: readonly AddressPool[];
}

/** Without logins, which the daemon masks anyway. */
export interface DaemonProxies {
	readonly http?: string;
	readonly https?: string;
	readonly no?: string;
	/** One of them needs a login that only the daemon knows. */
	readonly hasLogin?: true;
}

/** A range of which each network gets a part. */
export interface AddressPool {
	/** `172.16.0.0/12` */
	readonly base: string;
	/** Bits of a network's prefix: 24. */
	readonly size: number;
}

/** Registries that the engine uses without verified TLS: `insecure-registries` of its configuration. */
export interface InsecureRegistries {
	/** `registry.lan:5000` */
	readonly names: readonly string[];
	/** `192.168.0.0/16` */
	readonly networks: readonly string[];
}

export interface EngineFacts {
	/** The address that was asked, without credentials: `unix:///var/run/docker.sock`. */
	readonly endpoint: string;
	readonly version: EngineAnswer<EngineVersion>;
	readonly info: EngineAnswer<EngineInfo>;
	/** What jobs do, as far as it was asked and answered in time. */
	readonly requests?: readonly ApiRequest[];
}

/** One request of a job's kind, and how the engine, or a proxy in front of it, answers. */
export interface ApiRequest {
	readonly name: RequestName;
	/** `POST /containers/create` */
	readonly request: string;
	readonly status: number;
	/** The error message. */
	readonly body: string;
	/** Whose answer it is. An engine describes its errors in JSON and names its API's version. Absent in older reports. */
	readonly by?: "engine" | "proxy";
}

type RequestName = keyof typeof jobRequests;

/**
 * Requests that jobs make. Each POST is one that an engine rejects before it does anything, so it creates nothing: Docker 20.10, 26.1
 * and 28.5 answer all with 400 and log nothing, Podman 4.3 with 500. A proxy that keeps back the path or the method never passes it on.
 */
const jobRequests = {
	create: { method: "POST", path: "/containers/create", body: "{" },
	// Where BuildKit's client connects.
	session: { method: "POST", path: "/session" },
	// Where buildx connects. An engine has no GET there (404), and logs an error for an invalid POST.
	grpc: { method: "GET", path: "/grpc" },
	build: { method: "POST", path: "/build?buildargs=%7B", body: "{" },
	pull: { method: "POST", path: "/images/create?fromImage=:" },
	containers: { method: "GET", path: "/containers/json?limit=1" },
	// A name that no image has: an engine sizes every image that it lists.
	images: { method: "GET", path: `/images/json?filters=${encodeURIComponent('{"reference":["runner-check/none"]}')}` },
} as const satisfies Readonly<Record<string, Pick<HttpRequest, "method" | "path" | "body">>>;

interface JobRequest {
	readonly name: RequestName;
	readonly method: "GET" | "POST";
	readonly path: string;
	readonly body?: string;
}

type Methods = Partial<Readonly<Record<RequestName, "GET" | "POST">>>;

/** Asked on every machine. The lists cost an engine more, and are asked only if something is kept back. */
const usual = ["create", "session", "grpc", "build", "pull"] as const satisfies readonly RequestName[];
const lists = ["containers", "images"] as const satisfies readonly RequestName[];

/**
 * Some proxies let only paths with a version through, as the CLI sends them. Any version shows it: an engine answers one that it does not
 * speak with 400.
 */
const somePrefix = "/v1.44";

/** A rejection takes a millisecond or two. */
const patienceMs = 2000;

/**
 * Source: `GET /version`, `GET /info` and the invalid requests of `usual`, all at once and without a version prefix, which every engine
 * answers. The answers are independent: a proxy that denies `/info`, or a store that makes it slow, does not cost the version.
 * Only if something is denied is it asked again with a version in the path, and for lists.
 */
export const dockerEngineProbe: Probe<EngineFacts> = {
	name: "docker-engine",
	async collect(host: Host, request, signal: AbortSignal, ask: Ask): Promise<EngineFacts> {
		const { endpoint, address } = await ask(dockerEndpointProbe);
		const budget = Math.min(patienceMs, request.timeoutMs);
		const askFor = (
			names: readonly RequestName[],
			prefix = "",
			methods: Methods = {},
		): Promise<readonly ApiRequest[]> =>
			within(budget, signal, async (limited) => {
				const all = await Promise.all(
					names.map((name) => {
						const own = jobRequests[name];
						const one = { name, ...own, method: methods[name] ?? own.method, path: `${prefix}${own.path}` };
						return askAsJob(host, endpoint, one, limited);
					}),
				);
				return all.filter((answer): answer is ApiRequest => answer !== undefined);
			});
		const about = (prefix: string) =>
			Promise.all([
				askVersion(host, endpoint, signal, prefix),
				send(host, endpoint, `${prefix}/info`, signal, maxBody).then((reply) => read(reply, readInfo)),
			]);
		const [[plainVersion, plainInfo], answers] = await Promise.all([about(""), askFor(usual)]);
		const isKept = isRefused(plainVersion);
		const prefix = isKept ? await prefixOf(host, endpoint, signal) : undefined;
		const [version, info] = prefix === undefined ? [plainVersion, plainInfo] : await about(prefix);
		const isPodmans = version.kind === "ok" && isPodman(version.value);
		const isOffered = (answer: ApiRequest): boolean => !lacks(answer) || (answer.by === "proxy" && !isPodmans);
		const first = answers.filter(isOffered);
		const isSuspicious = isKept || first.some(isDenied) || isRefused(info);
		const more = version.kind === "ok" && isSuspicious ? await askFor(lists) : [];
		const asked = [...first, ...more];
		const denied = version.kind === "ok" ? asked.filter(isDenied).map(({ name }) => name) : [];
		// Some proxies go by the method too, so now it is the one that buildx uses.
		const again = denied.length > 0 ? await askFor(denied, prefix ?? somePrefix, { grpc: "POST" }) : [];
		const requests = asked.map((one) => again.find(({ name }) => name === one.name) ?? one).filter(isOffered);
		return { endpoint: address, version, info, ...(requests.length > 0 && { requests }) };
	},
};

/** Is a request not let through? Engines answer those of `jobRequests` with 200, 400 or 500. */
export function isDenied({ status, by }: Pick<ApiRequest, "status" | "by">): boolean {
	if ([401, 403, 407].includes(status)) return true;
	return by === undefined ? [404, 405, 501].includes(status) : by === "proxy";
}

/** Podman has neither path of BuildKit, and words that as a proxy does. */
function lacks({ name, status }: ApiRequest): boolean {
	return status === 404 && (name === "session" || name === "grpc");
}

function isRefused(answer: EngineAnswer<unknown>): boolean {
	return answer.kind === "http-error" && isDenied({ status: answer.status });
}

/** The version that the CLI uses in its paths: `/_ping` tells it, whatever else is let through. */
async function prefixOf(host: Host, endpoint: DockerEndpoint, signal: AbortSignal): Promise<string | undefined> {
	const to = targetOf(endpoint);
	const ping = to && (await host.request({ to, method: "HEAD", path: "/_ping", signal, maxBody: 1024 }));
	if (ping?.kind !== "answered" || ping.status !== 200) return undefined;
	const version = /^\d+\.\d+$/.exec(ping.headers["api-version"] ?? "")?.[0];
	return version && `/v${version}`;
}

async function askAsJob(
	host: Host,
	endpoint: DockerEndpoint,
	{ name, method, path, body: sent }: JobRequest,
	signal: AbortSignal,
): Promise<ApiRequest | undefined> {
	const to = targetOf(endpoint);
	if (!to) return undefined;
	// The wrong type of the body is the first thing that an engine rejects, and what it says is not JSON.
	const headers = method === "POST" ? { "content-type": "text/plain" } : {};
	const text = sent === undefined ? {} : { body: sent };
	const outcome = await host.request({ to, method, path, headers, ...text, signal, maxBody: 64 * 1024 });
	if (outcome.kind !== "answered") return undefined;
	const { status, body } = outcome;
	const said = status === 200 ? "" : bounded(errorOf(body), 500);
	const by = isEngines(outcome) ? "engine" : "proxy";
	return { name, request: `${method} ${path.replace(/^\/v\d[\d.]*|\?.*$/g, "")}`, status, body: said, by };
}

/** A proxy passes on the engine's headers, and has none of them in an answer of its own. */
function isEngines({ status, headers, body }: Extract<HttpOutcome, { kind: "answered" }>): boolean {
	if (status < 400 || headers["api-version"] !== undefined) return true;
	return typeof objectOf(jsonOf(body))?.message === "string";
}

/** Podman calls its component `Podman Engine` and its server `Libpod/4.3.1 (linux)`. */
export function isPodman({ components, server }: EngineVersion): boolean {
	return /^libpod\//i.test(server ?? "") || components.some(({ name }) => /^podman/i.test(name));
}

/** What answers at this endpoint? Never throws: `signal` ends it as `timed-out`. */
export async function askVersion(
	host: Host,
	endpoint: DockerEndpoint,
	signal: AbortSignal,
	prefix = "",
): Promise<EngineAnswer<EngineVersion>> {
	return read(await send(host, endpoint, `${prefix}/version`, signal, maxBody), readVersion);
}

/** `/info` has about 8 kB. An endless answer must not fill the memory. */
const maxBody = 512 * 1024;

/**
 * One GET of the engine's API, as parsed JSON, on a connection of its own. Never throws: `signal` ends it as `timed-out`.
 * `path` starts with `/` and has no version prefix.
 */
export async function askEngine(
	host: Host,
	endpoint: DockerEndpoint,
	path: string,
	signal: AbortSignal,
	options: { readonly maxBody?: number } = {},
): Promise<EngineAnswer<unknown>> {
	return read(await send(host, endpoint, path, signal, options.maxBody ?? maxBody), (json) => json);
}

async function send(
	host: Host,
	endpoint: DockerEndpoint,
	path: string,
	signal: AbortSignal,
	limit: number,
): Promise<HttpOutcome | undefined> {
	const to = targetOf(endpoint);
	return to && host.request({ to, path, signal, maxBody: limit });
}

/** Where to connect; `undefined` for an endpoint that HTTP does not reach. */
export function targetOf(endpoint: DockerEndpoint): HttpRequest["to"] | undefined {
	if (endpoint.kind === "unix") return { socket: endpoint.path };
	if (endpoint.kind !== "tcp") return undefined;
	const { host, port, tls, files = [] } = endpoint;
	if (tls === "none") return { host, port };
	const named = files.filter((file) => file.state === "present").map((file) => [file.role, file.path]);
	const options: TlsOptions = { verify: tls === "verify", ...Object.fromEntries(named) };
	return { host, port, tls: options };
}

/** `readValue` returns `undefined` for JSON that a Docker engine does not send here. */
function read<T>(
	outcome: HttpOutcome | undefined,
	readValue: (json: unknown, headers: Readonly<Record<string, string>>) => T | undefined,
): EngineAnswer<T> {
	if (!outcome) return { kind: "no-endpoint" };
	if (outcome.kind === "timed-out") return outcome;
	if (outcome.kind === "failed") {
		// Codes of Node's parser: the answer is not HTTP.
		if (outcome.code.startsWith("HPE_")) return { kind: "not-docker", body: bounded(outcome.message) };
		return { kind: "failed", code: outcome.code, message: bounded(outcome.message) };
	}
	if (outcome.status !== 200) {
		return { kind: "http-error", status: outcome.status, body: bounded(errorOf(outcome.body)) };
	}
	if (outcome.truncated) return { kind: "failed", code: "EMSGSIZE", message: "the answer is too long to be read" };
	const json = jsonOf(outcome.body);
	const value = json === undefined ? undefined : readValue(json, outcome.headers);
	return value === undefined ? { kind: "not-docker", body: bounded(outcome.body) } : { kind: "ok", value };
}

/** The engine wraps its errors: `{"message":"…"}`. */
export function errorOf(body: string): string {
	const message = objectOf(jsonOf(body))?.message;
	return typeof message === "string" ? message : body;
}

function readVersion(json: unknown, headers: Readonly<Record<string, string>>): EngineVersion | undefined {
	const reply = objectOf(json);
	const version = textOf(reply?.Version);
	const apiVersion = textOf(reply?.ApiVersion);
	if (!version || !apiVersion) return undefined;
	return {
		version,
		apiVersion,
		minApiVersion: textOf(reply?.MinAPIVersion) || undefined,
		components: listOf(reply?.Components).flatMap((entry) => {
			const component = objectOf(entry);
			const name = textOf(component?.Name);
			return name ? [{ name, version: textOf(component?.Version) }] : [];
		}),
		server: headers.server && bounded(headers.server, 200),
	};
}

function readInfo(json: unknown): EngineInfo | undefined {
	const reply = objectOf(json);
	// Every engine reports its driver, Podman too.
	if (!reply || typeof reply.Driver !== "string") return undefined;
	const insecureRegistries = readInsecure(objectOf(reply.RegistryConfig));
	const mirrors = readMirrors(objectOf(reply.RegistryConfig));
	const addressPools = readPools(reply.DefaultAddressPools);
	const proxies = readProxies(reply);
	return {
		name: textOf(reply.Name),
		operatingSystem: textOf(reply.OperatingSystem),
		driver: textOf(reply.Driver),
		dockerRootDir: textOf(reply.DockerRootDir),
		warnings: textsOf(reply.Warnings),
		runtimes: Object.keys(objectOf(reply.Runtimes) ?? {})
			.slice(0, 100)
			.map((name) => textOf(name)),
		defaultRuntime: textOf(reply.DefaultRuntime),
		cdiDevices: [
			...textsOf(reply.CDISpecDirs),
			...listOf(reply.DiscoveredDevices).flatMap((device) => textOf(objectOf(device)?.ID) || []),
		],
		securityOptions: textsOf(reply.SecurityOptions),
		cgroupDriver: textOf(reply.CgroupDriver),
		...(insecureRegistries && { insecureRegistries }),
		...(mirrors.length > 0 && { mirrors }),
		...(proxies && { proxies }),
		...(addressPools.length > 0 && { addressPools }),
	};
}

function readProxies(reply: Readonly<Record<string, unknown>>): DaemonProxies | undefined {
	const [http, https] = [reply.HttpProxy, reply.HttpsProxy].map((proxy) =>
		typeof proxy === "string" && proxy !== "" ? proxy : undefined,
	);
	if (http === undefined && https === undefined) return undefined;
	const no = textOf(reply.NoProxy);
	return {
		...(http !== undefined && { http: bounded(withoutCredentials(http), 300) }),
		...(https !== undefined && { https: bounded(withoutCredentials(https), 300) }),
		...(no !== "" && { no }),
		...([http, https].some((proxy) => proxy?.includes("@")) && { hasLogin: true }),
	};
}

/** Only IPv4: networks of IPv6 do not run out. */
function readPools(pools: unknown): readonly AddressPool[] {
	return listOf(pools).flatMap((pool) => {
		const { Base: base, Size: size } = objectOf(pool) ?? {};
		const isRange = typeof base === "string" && /^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/.test(base);
		return isRange && typeof size === "number" ? [{ base, size }] : [];
	});
}

const maxInsecure = 50;

/** Only what has the form of a host or a network: anything else may be a login. */
function readInsecure(config: Readonly<Record<string, unknown>> | undefined): InsecureRegistries | undefined {
	const names = Object.entries(objectOf(config?.IndexConfigs) ?? {})
		.filter(([name, index]) => objectOf(index)?.Secure === false && isHostName(name))
		.slice(0, maxInsecure)
		.map(([name]) => name);
	const networks = listOf(config?.InsecureRegistryCIDRs)
		.filter((network): network is string => typeof network === "string" && /^[\da-f.:]{2,45}\/\d{1,3}$/i.test(network))
		.slice(0, maxInsecure);
	return names.length + networks.length === 0 ? undefined : { names, networks };
}

/** Only addresses without a login, as Docker demands: anything else may be a secret. */
function readMirrors(config: Readonly<Record<string, unknown>> | undefined): readonly string[] {
	const hub = listOf(objectOf(objectOf(config?.IndexConfigs)?.["docker.io"])?.Mirrors);
	const named = hub.length > 0 ? hub : listOf(config?.Mirrors);
	return named
		.filter((mirror): mirror is string => typeof mirror === "string" && /^https?:\/\/[^@?#\s]{1,200}$/i.test(mirror))
		.slice(0, 5)
		.map((mirror) => mirror.replace(/\/+$/, ""));
}

function isHostName(name: string): boolean {
	return name.length < 300 && /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(name);
}

function textOf(value: unknown): string {
	return typeof value === "string" ? bounded(value, 500) : "";
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value.slice(0, 100) : [];
}

function textsOf(value: unknown): readonly string[] {
	return listOf(value)
		.map(textOf)
		.filter((text) => text !== "");
}
