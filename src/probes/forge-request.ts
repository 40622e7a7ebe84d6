import type { Host, HttpRequest } from "../host/host.ts";
import { hostOf, portOf, urlOf } from "./proxy.ts";

declare const trusted: unique symbol;
/** An API that may get the token: only `forgeApi` makes one. */
export type TrustedApi = URL & { readonly [trusted]: true };

/** Why the token is not sent. `insecure`: without TLS; `foreign`: not an address of the forge. */
export type Refusal = "insecure" | "foreign";

export type ForgeApi =
	| { readonly kind: "trusted"; readonly api: TrustedApi }
	| { readonly kind: "refused"; readonly why: Refusal }
	/** GITHUB_API_URL has no host. */
	| { readonly kind: "none" };

/**
 * The forge's API, if a token may be sent to it. A step can set GITHUB_API_URL, so the API must be at the origin of
 * GITHUB_SERVER_URL (Gitea, GitHub Enterprise Server) or at `api.` of it (github.com), and use TLS unless it is on this machine.
 */
export function forgeApi({ GITHUB_API_URL, GITHUB_SERVER_URL }: Host["env"]): ForgeApi {
	const api = urlOf(GITHUB_API_URL);
	if (!api) return { kind: "none" };
	if (!isPrivateWay(api)) return { kind: "refused", why: "insecure" };
	const server = urlOf(GITHUB_SERVER_URL);
	const origins = server ? [server.origin, `${server.protocol}//api.${server.host}`] : [];
	if (!origins.includes(api.origin)) return { kind: "refused", why: "foreign" };
	return { kind: "trusted", api: api as TrustedApi };
}

/** Can nobody else on the network read it? Unlike `isLoopback`, without `*.localhost`, which a DNS server may resolve. */
export function isPrivateWay(url: URL): boolean {
	return url.protocol === "https:" || /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/.test(hostOf(url));
}

/**
 * A request to the forge's API with a token. Redirects are not followed, so the token goes nowhere else.
 * @param api The address of the API, `https://git.example/api/v1`.
 * @param path Starts with a slash, and may have a query.
 */
export function forgeRequest(api: TrustedApi, path: string, token: string, signal: AbortSignal): HttpRequest {
	const isSecure = api.protocol === "https:";
	return {
		to: {
			host: hostOf(api),
			port: portOf(api),
			...(isSecure && { tls: { verify: true } }),
		},
		path: `${api.pathname.replace(/\/+$/, "")}${path}`,
		headers: {
			host: api.host,
			accept: "application/json",
			authorization: `token ${token}`,
			"user-agent": "runner-check",
		},
		signal,
	};
}
