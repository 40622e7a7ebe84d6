import type { HttpRequest } from "../host/host.ts";
import { hostOf } from "./proxy.ts";

/**
 * A request to the forge's API with a token.
 * @param api The address of the API, `https://git.example/api/v1`.
 * @param path Starts with a slash, and may have a query.
 */
export function forgeRequest(api: URL, path: string, token: string, signal: AbortSignal): HttpRequest {
	const isSecure = api.protocol === "https:";
	return {
		to: {
			host: hostOf(api),
			port: Number(api.port) || (isSecure ? 443 : 80),
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
