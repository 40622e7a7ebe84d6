import type { Host, HttpProxy } from "../host/host.ts";
import { bounded, withoutCredentials } from "./docker-endpoint.ts";
import type { Probe } from "./probe.ts";

/** One variable that tools read in two spellings. */
export interface ProxyVariable {
	/** In lower case: `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`. */
	readonly name: string;
	/** Its value in each spelling, without user and password; absent if it is not set or empty. */
	readonly lower?: string;
	readonly upper?: string;
	/** Both are set, and the user or the password in them differs. */
	readonly credentialsDiffer?: boolean;
	/** Why a value is not the address of a proxy. */
	readonly malformed?: string;
}

export interface ProxyFacts {
	/** Those that are set, in whichever spelling. */
	readonly variables: readonly ProxyVariable[];
	/** The forge's host, from GITHUB_SERVER_URL. */
	readonly forge?: {
		readonly host: string;
		/** The proxy that curl and git use for it; absent if NO_PROXY excludes it. */
		readonly proxy?: string;
	};
}

type Env = Host["env"];

/** Source: the variables of this process. No request is sent. */
export const proxyProbe: Probe<ProxyFacts> = {
	name: "proxy",
	async collect({ env }: Host): Promise<ProxyFacts> {
		const forge = urlOf(env.GITHUB_SERVER_URL);
		const proxy = forge && proxyFor(env, forge, "strict");
		return {
			variables: ["http_proxy", "https_proxy", "all_proxy", "no_proxy"].flatMap((name) => variable(env, name)),
			...(forge && { forge: { host: hostOf(forge), ...(proxy && { proxy: proxy.shown }) } }),
		};
	},
};

/** An http or https address with a host. `exec` of Gitea's runner sets just `https://`, which has none. */
export function urlOf(text: string | undefined): URL | undefined {
	if (!/^https?:\/\/[^/]/i.test(text ?? "")) return undefined;
	try {
		return new URL(text ?? "");
	} catch {
		return undefined;
	}
}

/** The host without the brackets of an IPv6 address. */
export function hostOf(url: URL): string {
	return url.hostname.replace(/^\[(.*)\]$/, "$1");
}

/** The port of an address, also if it does not name one. */
export function portOf(url: URL | undefined): number {
	return Number(url?.port) || (url?.protocol === "https:" ? 443 : 80);
}

function variable(env: Env, name: string): ProxyVariable[] {
	const lower = env[name]?.trim();
	const upper = env[name.toUpperCase()]?.trim();
	if (!lower && !upper) return [];
	const isAddress = name !== "no_proxy";
	const shown = (value: string): string =>
		// A fix repeats the whole list.
		isAddress ? bounded(withoutCredentials(value), 1000) : bounded(value, 10_000);
	const malformed = isAddress ? (whyMalformed(lower) ?? whyMalformed(upper)) : undefined;
	return [
		{
			name,
			...(lower && { lower: shown(lower) }),
			...(upper && { upper: shown(upper) }),
			...(isAddress && lower && upper && credentialsOf(lower) !== credentialsOf(upper) && { credentialsDiffer: true }),
			...(malformed !== undefined && { malformed }),
		},
	];
}

function credentialsOf(address: string): string {
	return /^(?:[a-z][\w+.-]*:\/\/)?(.*)@/is.exec(address)?.[1] ?? "";
}

function whyMalformed(address: string | undefined): string | undefined {
	if (!address) return undefined;
	if (!/^[a-z][\w+.-]*:\/\//i.test(address)) return "it lacks `http://`";
	try {
		const { protocol, hostname } = new URL(address);
		if (hostname === "") return "it has no host";
		return /^(?:https?|socks[45]?[ah]?):$/.test(protocol) ? undefined : "its scheme is not http, https or socks";
	} catch {
		return "it is not a URL";
	}
}

/** A proxy that applies to an address. */
export interface ChosenProxy {
	/** Without user and password: `http://proxy.lan:3128`. */
	readonly shown: string;
	/** `undefined`: a kind of proxy that is not supported (SOCKS), or an invalid address. */
	readonly target: HttpProxy | undefined;
}

/**
 * The proxy that the tools of a job use for an address, or none.
 * @param loopback `direct`: like Go, Docker and actions, which never use a proxy for this machine. `strict`: like curl and git,
 * which use it for `localhost` too, and understand fewer entries of NO_PROXY.
 */
export function proxyFor(env: Env, url: URL, loopback: "direct" | "strict" = "direct"): ChosenProxy | undefined {
	const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
	const address = settingOf(env, name) ?? settingOf(env, "all_proxy");
	const host = hostOf(url);
	if (address === undefined || (loopback === "direct" && isLoopback(host))) return undefined;
	if (isExcluded(settingOf(env, "no_proxy") ?? "", host, portOf(url), loopback === "strict")) return undefined;
	return chosen(address);
}

/** Either spelling; lower case first, like curl. */
export function settingOf(env: Env, name: string): string | undefined {
	return env[name]?.trim() || env[name.toUpperCase()]?.trim() || undefined;
}

function chosen(address: string): ChosenProxy {
	// Most tools read an address without a scheme as http.
	const full = /^[a-z][\w+.-]*:\/\//i.test(address) ? address : `http://${address}`;
	const shown = bounded(withoutCredentials(full), 300);
	const url = urlOf(full);
	if (!url) return { shown, target: undefined };
	const tls = url.protocol === "https:";
	const authorization = loginOf(url);
	return {
		shown,
		target: {
			host: hostOf(url),
			port: portOf(url),
			...(tls && { tls }),
			...(authorization !== undefined && { authorization }),
		},
	};
}

/** User and password of an address, as the value of a header. */
export function loginOf({ username, password }: URL): string | undefined {
	if (username === "" && password === "") return undefined;
	return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString("base64")}`;
}

function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Is it a name or an address of this machine? */
export function isLoopback(host: string): boolean {
	return /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|::1|::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4})$/i.test(host);
}

/**
 * Does NO_PROXY exclude this host? Tools differ in details. An entry counts here if it counts for any of Go, curl and Node's
 * actions: a name and all names below it, a leading dot or `*.`, a port, an address, a network (`10.0.0.0/8`), `*`.
 * @param isCurl Only what counts for curl and git: neither `*.`, nor a port, nor brackets (seen with curl 7.88).
 */
export function isExcluded(noProxy: string, host: string, port: number, isCurl = false): boolean {
	const wanted = host.toLowerCase();
	return noProxy
		.toLowerCase()
		.split(/[\s,]+/)
		.filter(Boolean)
		.some((entry) => {
			if (entry === "*") return true;
			if (isCurl && /^(?:\*\.|\[)|^[^:]*:\d+$/.test(entry)) return false;
			const [, name = entry, onlyPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
			if (onlyPort !== undefined && Number(onlyPort) !== port) return false;
			const suffix = name.replace(/^\[(.*)\]$/, "$1").replace(/^\*?\./, "");
			return wanted === suffix || wanted.endsWith(`.${suffix}`) || isInNetwork(wanted, suffix);
		});
}

/** Is an IPv4 address, or a network of it, in a network such as `10.0.0.0/8`? */
export function isInNetwork(address: string, network: string): boolean {
	const [base = "", bits = ""] = network.split("/");
	const [ip, start] = [numberOf(address.split("/")[0] ?? ""), numberOf(base)];
	const length = Number(bits);
	if (ip === undefined || start === undefined || !/^\d{1,2}$/.test(bits) || length > 32) return false;
	const size = 2 ** (32 - length);
	return Math.floor(ip / size) === Math.floor(start / size);
}

/** An IPv4 address as one number. */
export function numberOf(address: string): number | undefined {
	const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
	return parts?.every((part) => part < 256) ? parts.reduce((sum, part) => sum * 256 + part, 0) : undefined;
}
