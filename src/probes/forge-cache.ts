import type { Host } from "../host/host.ts";
import { askUrl, type NoAnswer } from "./ask-url.ts";
import { within } from "./deadline.ts";
import { bounded } from "./docker-endpoint.ts";
import { forgeDeadlineMs } from "./forge.ts";
import { isPrivateWay } from "./forge-request.ts";
import { jobProbe } from "./job.ts";
import type { Ask, Probe } from "./probe.ts";
import { hostOf, isLoopback, urlOf } from "./proxy.ts";

/** How the runner's cache server answers. */
export interface CacheServerFacts {
	/** Without credentials and query; absent if the runner offers no cache. */
	readonly url?: string;
	readonly isLoopback?: boolean;
	/** `not-asked`: no cache, or not a job of Gitea's or Forgejo's runner. */
	readonly answer:
		| { readonly kind: "not-asked" }
		| NoAnswer
		| { readonly kind: "answered"; readonly status: number; readonly body: string };
	/** Was a token sent (ACTIONS_RUNTIME_TOKEN)? */
	readonly hadToken?: boolean;
	/** The way to it is neither encrypted nor within a private network, so no token was sent. */
	readonly isPublic?: boolean;
	readonly via?: string;
}

/** A key that no workflow uses: the right answer is that it does not exist (204). */
const question = "_apis/artifactcache/cache?keys=runner-check-looks-here&version=0000000000000000";

/**
 * Looks up a key that does not exist, like `actions/cache` would. Sources: ACTIONS_CACHE_URL, and ACTIONS_RUNTIME_TOKEN, which
 * the runner makes for this server and which is sent nowhere else: a step can set ACTIONS_CACHE_URL, so without TLS the server
 * must be at an address of a private network, as the runner announces it.
 */
export const cacheServerProbe: Probe<CacheServerFacts> = {
	name: "cache-server",
	async collect(host: Host, request, signal: AbortSignal, ask: Ask): Promise<CacheServerFacts> {
		const base = urlOf(host.env.ACTIONS_CACHE_URL);
		const { inJob, system } = await ask(jobProbe);
		if (!base || !inJob || (system !== "gitea" && system !== "forgejo")) return { answer: { kind: "not-asked" } };
		const url = new URL(`${base.origin}${base.pathname.replace(/\/$/, "")}/${question}`);
		const isPrivate = isPrivateWay(base) || isPrivateAddress(hostOf(base));
		const token = isPrivate ? host.env.ACTIONS_RUNTIME_TOKEN : undefined;
		const {
			via,
			trustedBy: _by,
			untrusted: _code,
			...answer
		} = await within(Math.min(request.timeoutMs, forgeDeadlineMs), signal, (ownSignal) =>
			askUrl(host, url, {
				headers: {
					accept: "application/json;api-version=6.0-preview.1",
					...(token && { authorization: `Bearer ${token}` }),
				},
				maxBody: 16 * 1024,
				signal: ownSignal,
			}),
		);
		return {
			// The path may contain a key (Forgejo's runner), so only host and port are shown.
			url: `${base.protocol}//${base.host}`,
			isLoopback: isLoopback(hostOf(base)),
			hadToken: Boolean(token),
			...(!isPrivate && { isPublic: true }),
			...(via !== undefined && { via }),
			answer:
				answer.kind === "answered"
					? { kind: "answered", status: answer.status, body: bounded(answer.body.trim(), 200) }
					: answer,
		};
	},
};

/** An IPv4 or IPv6 address that no router of the internet forwards to. A name can mean any machine. */
function isPrivateAddress(host: string): boolean {
	const isIPv4 = /^(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3})+$/.test(host);
	return isIPv4 || (host.includes(":") && /^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/.test(host));
}
