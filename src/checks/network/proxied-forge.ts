import type { Policy } from "../../policy/policy.ts";
import type { ForgeFacts } from "../../probes/forge.ts";
import { isExcluded, isInNetwork, isLoopback, numberOf, type ProxyFacts, portOf, urlOf } from "../../probes/proxy.ts";
import type { ProxyReachFacts } from "../../probes/proxy-reach.ts";
import type { Skip } from "../check.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { code } from "../text.ts";
import { causeOf, hostIn } from "./connection.ts";
import { deadProxies } from "./dead-proxy.ts";
import { oddVariables, union } from "./odd-variables.ts";

/** Requests to a private forge go through a proxy that did not reach it, or that nobody has tried. */
export interface ProxiedForge {
	readonly host: string;
	readonly proxy: string;
	/** The present value of `NO_PROXY`; `undefined`: not set. */
	readonly noProxy: string | undefined;
	/** An entry of it excludes the forge for Go and Node, and curl and git do not understand it. */
	readonly isForOthers: boolean;
	/** The request that failed through the proxy. */
	readonly failed?: FailedRequest;
}

export type FailedRequest = ForgeFacts & {
	readonly via: string;
	readonly answer: Exclude<ForgeFacts["answer"], { readonly kind: "not-asked" | "other-proxy" }>;
};

/** The forge that `NO_PROXY` should exclude and does not. */
export function proxiedForge({ forge: named, variables }: ProxyFacts, forge: ForgeFacts): ProxiedForge | undefined {
	if (named?.proxy === undefined || !isPrivate(named.host) || isReached(forge)) return undefined;
	const { answer, via } = forge;
	// It does not answer without the proxy either: the proxy is not the cause.
	if (via === undefined && (answer.kind === "failed" || answer.kind === "timed-out")) return undefined;
	const { lower, upper } = variables.find(({ name }) => name === "no_proxy") ?? {};
	const noProxy = lower ?? upper;
	const wasAsked = via !== undefined && answer.kind !== "other-proxy" && answer.kind !== "not-asked";
	return {
		host: named.host,
		proxy: named.proxy,
		noProxy,
		isForOthers: isExcluded(noProxy ?? "", named.host, portOf(urlOf(forge.url))),
		...(wasAsked && { failed: { ...forge, via, answer } }),
	};
}

/** Did the forge's own side answer through the proxy? What proxies themselves answer, such as 403 and 502, is not JSON. */
function isReached({ via, host, asked = "", answer }: ForgeFacts): boolean {
	if (via === undefined) return false;
	// What ends in a tunnel comes from its other end.
	if (answer.kind === "failed") return answer.at !== "proxy" && /^(?:untrusted|old-tls)$/.test(causeOf(answer));
	if (answer.kind !== "answered") return false;
	const hasMoved = host !== undefined && hostIn(answer.location) === host;
	return /^https:/i.test(asked) || hasMoved || (answer.isJson && answer.status < 500);
}

/** Would the entries of both spellings of `NO_PROXY` exclude the forge, which failed because a tool reads only one of them? */
export function isOnlyInOneSpelling({ variables }: ProxyFacts, forge: ProxiedForge | undefined): boolean {
	const { lower, upper } = variables.find(({ name }) => name === "no_proxy") ?? {};
	if (!forge?.failed || lower === undefined || upper === undefined) return false;
	return isExcluded(union(lower, upper), forge.host, portOf(urlOf(forge.failed.url)));
}

/** One cause, one failure: a forge that fails through a proxy that should not be used is what `network/proxy` reports. */
export function skipForProxiedForge(
	proxy: ProxyFacts,
	reach: ProxyReachFacts,
	forge: ForgeFacts,
	policy: Policy,
): Skip<never> | undefined {
	if (forge.via === undefined) return undefined;
	const proxied = proxiedForge(proxy, forge);
	if (!proxied?.failed || deadProxies(reach).length > 0) return undefined;
	const isOdd = oddVariables(proxy).length > 0;
	if (isOdd && !isOnlyInOneSpelling(proxy, proxied)) return undefined;
	if (isSwitchedOff("network/proxy", isOdd ? "inconsistent" : "forge-not-excluded", policy)) return undefined;
	return {
		kind: "skip",
		reason: "needs:network/proxy",
		message: `Requests go through the proxy ${code(proxied.proxy)}, which \`NO_PROXY\` should prevent.`,
	};
}

/** A name or an address that exists only in a private network. */
function isPrivate(host: string): boolean {
	if (isLoopback(host) || /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/i.test(host)) return true;
	if (numberOf(host) !== undefined) return privateNetworks.some((network) => isInNetwork(host, network));
	if (host.includes(":")) return false;
	return !host.includes(".") || /\.(?:local|lan|internal|intranet|home|corp|localdomain|home\.arpa)$/i.test(host);
}

/** The last one is that of Tailscale and others. */
const privateNetworks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10"];
