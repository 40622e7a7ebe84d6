import type { Certificate, Host } from "../host/host.ts";
import { jsonOf } from "../json-of.ts";
import { findVersion, type Version } from "../versions.ts";
import { askUrl, type NoAnswer, shownUrl, systemAuthorities, type UrlAnswer, type UrlQuestion } from "./ask-url.ts";
import { within } from "./deadline.ts";
import { dockerToolProbe, identify } from "./docker-cli.ts";
import { bounded, dockerEndpointProbe, objectOf } from "./docker-endpoint.ts";
import { dockerEngineProbe, type EngineInfo } from "./docker-engine.ts";
import type { Ask, Probe } from "./probe.ts";
import { hostOf, isLoopback, urlOf } from "./proxy.ts";
import { commonNameOnly, endOf, isInsecure, troubleWithTls } from "./registry-insecure.ts";
import { type Credentials, findLogin, type Login, type LoginFacts, withheldLogin } from "./registry-login.ts";
import { withholdsLogins } from "./withheld.ts";

/** What to ask one registry for. */
export interface RegistryTarget {
	/** As images name it: `ghcr.io`, `localhost:5000`, `docker.io`. */
	readonly host: string;
	/** Empty: ask only whether the registry itself answers. */
	readonly images: readonly RegistryImage[];
}

export interface RegistryImage {
	/** As in the policy. */
	readonly name: string;
	/** `fortemi/fortemi/builder` */
	readonly repository: string;
	/** Tag or digest. */
	readonly reference: string;
}

/** How far one request got. */
export interface RegistryLook {
	/** The image; absent if the registry itself was asked. */
	readonly image?: string;
	/** Who gave the last answer: the registry or its token server. */
	readonly at: "registry" | "token-server";
	/** Its address, without query. */
	readonly url: string;
	readonly answer: NoAnswer | RegistryReply;
	readonly via?: string;
	readonly trustedBy?: string;
	/** Verified TLS failed, and this answer was got without it, as the daemon's `insecure-registries` allow. */
	readonly insecure?: true;
	/** A login was sent along. */
	readonly loggedIn: boolean;
	/** It fails with the login and works without: the login is stale, and the image is public. */
	readonly publicAnyway?: boolean;
	/** The daemon's mirror of Docker Hub that gave this answer. */
	readonly mirror?: string;
	/** It was asked through the proxy of the daemon, as this job cannot reach it itself. */
	readonly byDaemon?: true;
	/** What this job itself got, if `byDaemon`. */
	readonly own?: Pick<RegistryLook, "answer" | "via">;
	/** It wanted a token, which `docker build` gets itself, without the daemon. */
	readonly needsToken?: true;
	/** The daemon's own proxy, which nobody else can try: only the daemon knows its login. */
	readonly closedProxy?: string;
	/** The daemon's mirrors that were asked before and do not have the image. */
	readonly mirrors?: readonly { readonly url: string; readonly answer: RegistryLook["answer"] }[];
}

export interface RegistryReply {
	readonly kind: "answered";
	readonly status: number;
	/** Does it look like the answer of a registry or its token server, and not like a web page? */
	readonly genuine: boolean;
	/** What it asks for with status 401: `bearer`, `basic` or another scheme. */
	readonly challenge?: string;
	/** Where it redirects to, without query. The redirect is not followed. */
	readonly location?: string;
	/** Its error message. */
	readonly message?: string;
	/** `Retry-After` of 429, in seconds. */
	readonly retryAfter?: number;
	/** `sha256:…` of the manifest. */
	readonly digest?: string;
	/** Pulls that are left, and how many there are in which time: Docker Hub's `RateLimit` headers. */
	readonly pulls?: { readonly left: number; readonly of?: number; readonly seconds?: number };
	/** Of the registry, if it was verified. */
	readonly certificate?: Certificate;
}

export interface RegistryFacts {
	readonly login: LoginFacts;
	readonly looks: readonly RegistryLook[];
}

/**
 * Makes the first requests of a pull: `HEAD` of each manifest (or `GET /v2/` if no image is named), with the token that the
 * registry wants in between, and with the login of this job's Docker CLI. It pulls nothing and follows no redirect.
 */
export function registryProbe(target: RegistryTarget): Probe<RegistryFacts> {
	return {
		name: `registry:${target.host}`,
		async collect(host: Host, request, signal: AbortSignal, ask: Ask): Promise<RegistryFacts> {
			const login = withholdsLogins("registries", request, ask).then((withheld): Login | Promise<Login> =>
				withheld ? withheldLogin(host) : findLogin(host, target.host, signal, () => cliVersion(ask)),
			);
			const credentials = login.then((found) => found.credentials);
			let told: Promise<boolean> | undefined;
			const insecure = (): Promise<boolean> => {
				told ??= isInsecure(target.host, ask, signal);
				return told;
			};
			const hasMirrors = target.host === "docker.io" && target.images.length > 0;
			const mirrors = hasMirrors ? ((await daemonOf(host, ask, signal))?.mirrors ?? []) : [];
			const patience = request.timeoutMs / (mirrors.length + 2);
			const asked: readonly (RegistryImage | undefined)[] = target.images.length > 0 ? target.images : [undefined];
			const looks = await Promise.all(
				asked.map(async (image) => {
					const way = { host, registry: target.host, image, signal, insecure };
					const failed: NonNullable<RegistryLook["mirrors"]>[number][] = [];
					for (const mirror of image ? mirrors : []) {
						const look = await within(patience, signal, (limited) =>
							lookAtMirror({ ...way, signal: limited }, mirror, ask),
						);
						if (isThere(look)) return { ...look, mirror, ...(failed.length > 0 && { mirrors: failed }) };
						failed.push({ url: mirror, answer: look.answer });
					}
					const lookWith = (login: Promise<Credentials | undefined>): Promise<RegistryLook> =>
						lookAsDaemon(way, login, ask, request.timeoutMs / 3);
					const own = await lookWith(credentials);
					const look = failed.length > 0 ? { ...own, mirrors: failed } : own;
					const refused = look.answer.kind === "answered" && [401, 403, 404].includes(look.answer.status);
					if (!look.loggedIn || !refused) return look;
					const anonymous = await lookWith(Promise.resolve(undefined));
					return isThere(anonymous) ? { ...look, publicAnyway: true } : look;
				}),
			);
			return { login: (await login).facts, looks };
		},
	};
}

/** How long to wait for the daemon's mirrors: without a daemon, Docker Hub is asked alone. */
const daemonPatienceMs = 2000;

/** How the daemon pulls, if it answers soon. */
async function daemonOf(host: Host, ask: Ask, signal: AbortSignal): Promise<EngineInfo | undefined> {
	const { endpoint } = await ask(dockerEndpointProbe);
	if (endpoint.kind === "unix" && (await host.stat(endpoint.path)).kind === "absent") return undefined;
	const engine = ask(dockerEngineProbe).catch(() => undefined);
	const info = await within(daemonPatienceMs, signal, (limited) => Promise.race([engine, endOf(limited)]));
	return info?.info.kind === "ok" ? info.info.value : undefined;
}

/**
 * Asks as this job does. If that gets no answer soon and the daemon has proxies of its own, asks through them, too: it is the
 * daemon that pulls. Source: "Daemon proxy configuration" in Docker's documentation.
 */
async function lookAsDaemon(
	way: Way,
	credentials: Promise<Credentials | undefined>,
	ask: Ask,
	patienceMs: number,
): Promise<RegistryLook> {
	const own = lookAt(way, credentials);
	const soon = await Promise.race([own, within(patienceMs, way.signal, endOf)]);
	if (soon && !leadsNowhere(soon)) return soon;
	const daemon = daemonOf(way.host, ask, way.signal).catch(() => undefined);
	const proxies = (await Promise.race([daemon, endOf(way.signal)]))?.proxies;
	if (!proxies) return own;
	const env = {
		...way.host.env,
		...Object.fromEntries(proxyNames.flatMap((name) => [name, name.toUpperCase()].map((one) => [one, undefined]))),
		http_proxy: proxies.http,
		https_proxy: proxies.https,
		no_proxy: proxies.no,
	};
	const host: Host = Object.create(way.host, { env: { value: env } });
	const asDaemon = await lookAt({ ...way, host, asDaemon: true }, credentials);
	const { answer, via } = asDaemon;
	// It may only have been slow.
	const late = soon ?? (await Promise.race([own, undefined]));
	if (via === undefined || via === late?.via || (late && !leadsNowhere(late))) return own;
	if (answer.kind === "answered") {
		const got: RegistryLook["own"] = late
			? { answer: late.answer, ...(late.via !== undefined && { via: late.via }) }
			: { answer: { kind: "timed-out" } };
		return { ...asDaemon, byDaemon: true, own: got };
	}
	const isClosed = proxies.hasLogin && answer.kind === "failed" && answer.code === "HTTP_407";
	return isClosed ? { ...(await own), closedProxy: via } : own;
}

/** Did this job find no way to it? */
function leadsNowhere({ answer }: RegistryLook): boolean {
	if (answer.kind !== "failed") return answer.kind !== "answered";
	return (
		answer.at === "proxy" || /^(?:ENOTFOUND|EAI_\w+|ECONNREFUSED|ECONNRESET|E\w+UNREACH|ETIMEDOUT)$/.test(answer.code)
	);
}

const proxyNames = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];

/** Asks a mirror as the daemon does: at its own address, with or without TLS, and without a login for Docker Hub. */
function lookAtMirror(way: Way, mirror: string, ask: Ask): Promise<RegistryLook> {
	const registry = new URL(mirror).host;
	const insecure = (): Promise<boolean> => isInsecure(registry, ask, way.signal);
	return lookAt({ ...way, registry, base: mirror, insecure }, Promise.resolve(undefined));
}

async function cliVersion(ask: Ask): Promise<Version | undefined> {
	const tool = await ask(dockerToolProbe).catch(() => undefined);
	const { product } = tool ? identify(tool) : { product: "none" };
	return tool?.run.kind === "ran" && product === "docker" ? findVersion(tool.run.outcome.stdout) : undefined;
}

interface Way {
	readonly host: Host;
	readonly registry: string;
	readonly image: RegistryImage | undefined;
	readonly signal: AbortSignal;
	/** May the daemon ask this registry without verified TLS? */
	readonly insecure: () => Promise<boolean>;
	/** Through the proxies of the daemon. */
	readonly asDaemon?: true;
	/** Where a mirror's API is: `http://mirror.lan:5000`. */
	readonly base?: string;
}

/** Where the registry answered, and how it was asked. The following requests are made the same way. */
interface Reached {
	readonly url: URL;
	readonly answer: UrlAnswer;
	readonly insecure: boolean;
}

function isThere({ image, answer }: RegistryLook): boolean {
	return image !== undefined && answer.kind === "answered" && answer.status === 200;
}

const manifestTypes = [
	"application/vnd.oci.image.index.v1+json",
	"application/vnd.docker.distribution.manifest.list.v2+json",
	"application/vnd.oci.image.manifest.v1+json",
	"application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

async function lookAt(way: Way, credentials: Promise<Credentials | undefined>): Promise<RegistryLook> {
	const { image } = way;
	const path = image ? `/v2/${image.repository}/manifests/${image.reference}` : "/v2/";
	const method = image ? "HEAD" : "GET";
	const ask = (url: URL, insecure: boolean, authorization?: string): Promise<UrlAnswer> => {
		const headers = { accept: image ? manifestTypes : "*/*", ...(authorization !== undefined && { authorization }) };
		return askFor(way, url, insecure, { method, headers });
	};
	const { url, answer: first, insecure } = await reach(way, path, ask);
	const seen = (asked: URL, answer: UrlAnswer, at: RegistryLook["at"], loggedIn: boolean): RegistryLook => ({
		...(image && { image: image.name }),
		at,
		url: shownUrl(asked),
		answer: replyOf(answer, at === "token-server", !insecure && !isLoopback(hostOf(asked))),
		...(answer.via !== undefined && { via: answer.via }),
		...(answer.trustedBy !== undefined && { trustedBy: answer.trustedBy }),
		...(insecure && isSameHost(asked, url) && { insecure }),
		loggedIn,
	});

	if (first.kind !== "answered" || first.status !== 401) return seen(url, first, "registry", false);
	const challenge = first.headers["www-authenticate"] ?? "";
	const login = await credentials;

	if (/^basic\b/i.test(challenge)) {
		if (login?.basic === undefined) return seen(url, first, "registry", false);
		return seen(url, await ask(url, insecure, `Basic ${login.basic}`), "registry", true);
	}
	if (!/^bearer\b/i.test(challenge)) return seen(url, first, "registry", false);

	const realm = urlOf(parameterOf(challenge, "realm"));
	if (!realm || !isSafe(realm, url, insecure)) {
		const message = realm ? `its token server ${shownUrl(realm)} does not use TLS` : "it names no token server";
		return seen(realm ?? url, { kind: "failed", code: "EINSECURE", message }, "token-server", false);
	}
	const answer = await askForToken(
		way,
		realm,
		insecure && isSameHost(realm, url),
		parameterOf(challenge, "service"),
		login,
	);
	const token = tokenOf(answer);
	// Without a login and an image, the token server's answer means nothing, except that it can be reached.
	const idle = image === undefined && login === undefined && answer.kind === "answered" && answer.status !== 429;
	if (idle) return seen(url, first, "registry", false);
	if (token === undefined) return seen(realm, answer, "token-server", login !== undefined);
	const last = seen(url, await ask(url, insecure, `Bearer ${token}`), "registry", login !== undefined);
	return way.asDaemon ? { ...last, needsToken: true } : last;
}

async function askFor(
	{ host, registry, signal }: Way,
	url: URL,
	insecure: boolean,
	question: Omit<UrlQuestion, "signal">,
): Promise<UrlAnswer> {
	const authorities = [`/etc/docker/certs.d/${registry}/ca.crt`, ...systemAuthorities(host)];
	// Docker does not verify the certificate of a registry on its own machine.
	const verify = !insecure && !isLoopback(hostOf(url));
	const answer = await askUrl(host, url, { ...question, authorities, verify, maxBody: 64 * 1024, signal });
	const isRefused = verify && answer.kind === "answered" && answer.certificate?.commonNameOnly === true;
	return isRefused ? { kind: "failed", code: commonNameOnly, message: "no subject alternative name" } : answer;
}

/** Docker Hub's API has another name than its images. */
function apiOf(registry: string): string {
	return registry === "docker.io" ? "registry-1.docker.io" : registry;
}

/**
 * Asks with verified TLS. If that fails and the daemon allows it for this registry, asks with unverified TLS or without TLS. On
 * this machine, Docker always allows it. The daemon is asked last, because a healthy registry does not need that.
 * Source: "Test an insecure registry" in Docker's documentation.
 */
async function reach(
	way: Way,
	path: string,
	ask: (url: URL, insecure: boolean) => Promise<UrlAnswer>,
): Promise<Reached> {
	const api = apiOf(way.registry);
	const url = new URL(`${way.base ?? `https://${api}`}${path}`);
	const answer = await ask(url, false);
	if (url.protocol === "http:") return { url, answer, insecure: false };
	const trouble = troubleWithTls(url, answer);
	const insecure = trouble !== undefined && !isLoopback(hostOf(url));
	const allowed = trouble !== undefined && (!insecure || (await way.insecure()));
	if (!allowed) return { url, answer, insecure: false };
	const next = trouble === "certificate" ? url : new URL(`http://${api}${path}`);
	return { url: next, answer: await ask(next, insecure), insecure };
}

/**
 * A login is sent with TLS only. Exceptions: registry and token server are both on this machine, or on the same host to which
 * the daemon sends it without TLS too.
 */
function isSafe(realm: URL, registry: URL, insecure: boolean): boolean {
	if (realm.protocol === "https:" || (insecure && isSameHost(realm, registry))) return true;
	return isLoopback(hostOf(realm)) && isLoopback(hostOf(registry));
}

function isSameHost(one: URL, other: URL): boolean {
	return one.hostname === other.hostname;
}

function askForToken(
	way: Way,
	realm: URL,
	insecure: boolean,
	service: string | undefined,
	login: Credentials | undefined,
): Promise<UrlAnswer> {
	const wanted = new URLSearchParams({
		...(service !== undefined && { service }),
		...(way.image && { scope: `repository:${way.image.repository}:pull` }),
	});
	if (login?.identityToken !== undefined) {
		wanted.set("grant_type", "refresh_token");
		wanted.set("client_id", "runner-check");
		wanted.set("refresh_token", login.identityToken);
		const headers = { "content-type": "application/x-www-form-urlencoded" };
		return askFor(way, realm, insecure, { method: "POST", headers, body: wanted.toString() });
	}
	const url = new URL(realm);
	for (const [name, value] of wanted) url.searchParams.set(name, value);
	const headers = login?.basic === undefined ? {} : { authorization: `Basic ${login.basic}` };
	return askFor(way, url, insecure, { headers });
}

function tokenOf(answer: UrlAnswer): string | undefined {
	if (answer.kind !== "answered" || answer.status !== 200) return undefined;
	const { token, access_token: accessToken } = objectOf(jsonOf(answer.body)) ?? {};
	// It becomes a header, so it must not contain a line break.
	return [token, accessToken].find(
		(value): value is string => typeof value === "string" && /^[\x21-\x7e]+$/.test(value),
	);
}

/** `Bearer realm="https://…",service="…"` -> one of its parameters. */
function parameterOf(challenge: string, name: string): string | undefined {
	const match = new RegExp(`[\\s,]${name}=(?:"([^"]*)"|([^\\s,]*))`, "i").exec(challenge);
	return match?.[1] ?? match?.[2];
}

function replyOf(answer: UrlAnswer, isToken: boolean, isVerified: boolean): RegistryLook["answer"] {
	switch (answer.kind) {
		case "failed":
			return {
				kind: "failed",
				code: answer.code,
				message: answer.message,
				...(answer.at !== undefined && { at: answer.at }),
			};
		case "timed-out":
		case "other-proxy":
			return { kind: answer.kind };
		case "answered":
			break;
	}
	const { status, headers, body, certificate } = answer;
	const challenge = /^\s*(\w+)/.exec(headers["www-authenticate"] ?? "")?.[1]?.toLowerCase();
	const location = urlOf(headers.location);
	const message = status === 200 ? undefined : errorOf(body);
	const retryAfter = Number(headers["retry-after"]);
	const digest = headers["docker-content-digest"];
	return {
		kind: "answered",
		status,
		genuine: isToken ? tokenOf(answer) !== undefined || status !== 200 : isGenuine(headers),
		...(challenge !== undefined && { challenge: bounded(challenge, 40) }),
		...(location && { location: shownUrl(location) }),
		...(message !== undefined && { message }),
		...(retryAfter > 0 && { retryAfter }),
		...pullsIn(headers),
		...(digest !== undefined && /^\w+:[0-9a-f]{32,128}$/.test(digest) && { digest }),
		...(isVerified && certificate && { certificate }),
	};
}

/** `ratelimit-remaining: 0;w=21600` */
function pullsIn(headers: Readonly<Record<string, string>>): Pick<RegistryReply, "pulls"> {
	const left = /^\s*(\d+)(?:;w=(\d+))?/.exec(headers["ratelimit-remaining"] ?? "");
	if (!left) return {};
	const limit = /^\s*(\d+)/.exec(headers["ratelimit-limit"] ?? "");
	const seconds = left[2] === undefined ? {} : { seconds: Number(left[2]) };
	return { pulls: { left: Number(left[1]), ...(limit && { of: Number(limit[1]) }), ...seconds } };
}

/** A registry sends its version, a digest or its own media type; a network's login page is HTML. */
function isGenuine(headers: Readonly<Record<string, string>>): boolean {
	if (headers["docker-distribution-api-version"] || headers["docker-content-digest"]) return true;
	return !/^(?:text\/html|application\/xhtml)/i.test(headers["content-type"] ?? "");
}

/** `{"errors":[{"code":"DENIED","message":"…"}]}`, or of a token server `{"details":"…"}`. */
function errorOf(body: string): string | undefined {
	const reply = objectOf(jsonOf(body));
	const first = objectOf(Array.isArray(reply?.errors) ? reply.errors[0] : undefined);
	const words = [first?.code, first?.message, reply?.details, reply?.message, reply?.error_description, reply?.error];
	const texts = words.filter((word): word is string => typeof word === "string" && word !== "");
	return texts.length === 0 ? undefined : bounded(texts.slice(0, 2).join(": "), 300);
}
