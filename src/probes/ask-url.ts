import type { Host, HttpOutcome, HttpRequest } from "../host/host.ts";
import { bounded } from "./docker-endpoint.ts";
import { hostOf, portOf, proxyFor } from "./proxy.ts";

/** Why a request got no answer. Facts: without secrets, and of limited length. */
export type NoAnswer =
	/** `at` proxy: the proxy could not be reached, or it refused (`HTTP_407`). */
	| { readonly kind: "failed"; readonly code: string; readonly message: string; readonly at?: "proxy" }
	| { readonly kind: "timed-out" }
	/** A proxy applies that is not supported (SOCKS) or has an invalid address. */
	| { readonly kind: "other-proxy" };

export type UrlAnswer = {
	/** The proxy that the request went through: `http://proxy.lan:3128`. */
	readonly via?: string;
	/** The file of authorities that trust the server's certificate, if Node's own do not. */
	readonly trustedBy?: string;
	/** Why Node does not trust it, if `trustedBy` does. */
	readonly untrusted?: string;
} & (Extract<HttpOutcome, { kind: "answered" }> | NoAnswer);

export interface UrlQuestion {
	readonly method?: "GET" | "HEAD" | "POST";
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string;
	readonly maxBody?: number;
	/** Ask again with these files of authorities (those that exist) if Node does not know who signed the certificate. */
	readonly authorities?: readonly string[];
	/** `false`: accept any certificate, like Docker does for registries on this machine. */
	readonly verify?: boolean;
	readonly signal: AbortSignal;
}

/** No authority that Node trusts has signed it. Another authority would not fix any other problem of a certificate. */
const unknownIssuer =
	/^(?:UNABLE_TO_(?:GET_ISSUER_CERT(?:_LOCALLY)?|VERIFY_LEAF_SIGNATURE)|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT)$/;

/** One request to an http or https address, through the proxy that applies to it, without following redirects. Never throws. */
export async function askUrl(host: Host, url: URL, question: UrlQuestion): Promise<UrlAnswer> {
	const proxy = proxyFor(host.env, url);
	if (proxy && !proxy.target) return { kind: "other-proxy", via: proxy.shown };
	const secure = url.protocol === "https:";
	const { authorities = [], verify = true, headers, ...rest } = question;
	const send = (ca?: string): Promise<HttpOutcome> => {
		const place = { host: hostOf(url), port: portOf(url) };
		const request: HttpRequest = {
			...rest,
			to: secure ? { ...place, tls: { verify, ...(ca !== undefined && { ca }) } } : place,
			...(proxy?.target && { proxy: proxy.target }),
			path: `${url.pathname}${url.search}`,
			headers: { "user-agent": "runner-check", ...headers },
		};
		return host.request(request);
	};
	const via = proxy && { via: proxy.shown };
	const first = await send();
	if (first.kind === "failed" && unknownIssuer.test(first.code)) {
		for (const ca of authorities) {
			if ((await host.stat(ca)).kind !== "file") continue;
			const again = await send(ca);
			if (again.kind === "answered") return { ...again, ...via, trustedBy: ca, untrusted: first.code };
		}
	}
	return { ...plain(first, proxy !== undefined), ...via };
}

/** A proxy that forwards plain HTTP answers 407 itself, in place of the server. */
function plain(outcome: HttpOutcome, proxied: boolean): HttpOutcome {
	if (proxied && outcome.kind === "answered" && outcome.status === 407) {
		return { kind: "failed", code: "HTTP_407", message: "the proxy answers 407", at: "proxy" };
	}
	return outcome.kind === "failed" ? { ...outcome, message: bounded(outcome.message, 300) } : outcome;
}

/** The usual files of the system's authorities: Debian, Red Hat, openSUSE, Alpine. */
export const usualAuthorities = [
	"/etc/ssl/certs/ca-certificates.crt",
	"/etc/pki/tls/certs/ca-bundle.crt",
	"/etc/ssl/ca-bundle.pem",
	"/etc/ssl/cert.pem",
] as const;

/** What Docker, git and curl trust. */
export function systemAuthorities({ env }: Host): readonly string[] {
	const named = env.SSL_CERT_FILE?.startsWith("/") ? [env.SSL_CERT_FILE] : [];
	return [...new Set([...named, ...usualAuthorities])];
}

/** An address without user, password and query, which may contain secrets. */
export function shownUrl(url: URL): string {
	return bounded(`${url.protocol}//${url.host}${url.pathname}`, 300);
}
