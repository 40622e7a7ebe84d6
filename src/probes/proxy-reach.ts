import type { Host, HttpOutcome } from "../host/host.ts";
import { within } from "./deadline.ts";
import { bounded, withoutCredentials } from "./docker-endpoint.ts";
import { forgeDeadlineMs } from "./forge.ts";
import type { Probe } from "./probe.ts";
import { settingOf } from "./proxy.ts";
import { isOldTls } from "./registry-insecure.ts";

/** Whether anything listens where the proxy variables say, and speaks TLS if they say so. */
export interface ProxyReachFacts {
	readonly proxies: readonly AskedProxy[];
}

export interface AskedProxy {
	/** Without user and password: `socks5://127.0.0.1:1080`. */
	readonly proxy: string;
	readonly host: string;
	/** In lower case: those that name it. */
	readonly variables: readonly string[];
	readonly answer:
		| { readonly kind: "listens" }
		| { readonly kind: "failed"; readonly code: string; readonly message: string }
		| { readonly kind: "timed-out" };
}

/** Nothing listens there, or it cannot be found. Any other error is an answer: a SOCKS proxy does not speak HTTP. */
const nobody = /^(?:ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL)$/;

/**
 * A port without TLS answers a handshake with something else: the address should begin with `http://`. An alert is an answer in
 * TLS, such as that of a proxy that wants a client certificate.
 */
function isNoTls(failure: { readonly code: string; readonly message: string }): boolean {
	if (isOldTls(failure) || /alert/i.test(`${failure.code} ${failure.message}`)) return false;
	return /^(?:EPROTO|ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL))$/.test(failure.code);
}

/** Source: one connection to each proxy that a variable names, without a login. Without a proxy nothing is asked. */
export const proxyReachProbe: Probe<ProxyReachFacts> = {
	name: "proxy-reach",
	unnamed: { proxies: [] },
	async collect(host: Host, { timeoutMs }, signal: AbortSignal): Promise<ProxyReachFacts> {
		const { env } = host;
		if (settingOf(env, "no_proxy") === "*") return { proxies: [] };
		const named = new Map<string, string[]>();
		for (const name of ["http_proxy", "https_proxy", "all_proxy"]) {
			const address = settingOf(env, name);
			if (address !== undefined) named.set(address, [...(named.get(address) ?? []), name]);
		}
		const proxies = await Promise.all(
			[...named].map(([address, variables]) =>
				within(Math.min(timeoutMs, forgeDeadlineMs), signal, (limited) => ask(host, address, variables, limited)),
			),
		);
		return { proxies: proxies.flatMap((proxy) => proxy ?? []) };
	},
};

/** `undefined`: not an address. */
async function ask(
	host: Host,
	address: string,
	variables: readonly string[],
	signal: AbortSignal,
): Promise<AskedProxy | undefined> {
	const full = /^[a-z][\w+.-]*:\/\//i.test(address) ? address : `http://${address}`;
	const place = placeOf(full);
	if (!place) return undefined;
	const tls = /^https:/i.test(full);
	// Whether its certificate is trusted is another question.
	const to = tls ? { ...place, tls: { verify: false } } : place;
	const outcome = await host.request({ to, method: "HEAD", path: "/", signal, maxBody: 1024 });
	return {
		proxy: bounded(withoutCredentials(full), 300),
		host: place.host,
		variables,
		answer: answerOf(outcome, tls),
	};
}

function placeOf(address: string): { readonly host: string; readonly port: number } | undefined {
	try {
		const { protocol, hostname, port } = new URL(address);
		const usual = { "http:": 80, "https:": 443 }[protocol] ?? (/^socks[45]?[ah]?:$/.test(protocol) ? 1080 : undefined);
		const host = hostname.replace(/^\[(.*)\]$/, "$1");
		return host === "" || usual === undefined ? undefined : { host, port: Number(port) || usual };
	} catch {
		return undefined;
	}
}

function answerOf(outcome: HttpOutcome, tls: boolean): AskedProxy["answer"] {
	if (outcome.kind === "timed-out") return { kind: "timed-out" };
	if (outcome.kind === "failed" && (nobody.test(outcome.code) || (tls && isNoTls(outcome)))) {
		return { kind: "failed", code: outcome.code, message: bounded(outcome.message, 300) };
	}
	return { kind: "listens" };
}
