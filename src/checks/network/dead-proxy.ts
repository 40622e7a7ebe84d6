import type { Policy } from "../../policy/policy.ts";
import type { NoAnswer } from "../../probes/ask-url.ts";
import type { AskedProxy, ProxyReachFacts } from "../../probes/proxy-reach.ts";
import type { Skip } from "../check.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { code } from "../text.ts";

/** A proxy that does not answer, or not in TLS as its address says. */
export type DeadProxy = AskedProxy & { readonly answer: Exclude<AskedProxy["answer"], { kind: "listens" }> };

export function deadProxies({ proxies }: ProxyReachFacts): readonly DeadProxy[] {
	return proxies.flatMap((one) => (one.answer.kind === "listens" ? [] : [{ ...one, answer: one.answer }]));
}

/**
 * One cause, one failure: what goes through a proxy that `network/proxy` reports is not reported again.
 * @param via The proxy of a request that failed.
 */
export function skipForProxy(facts: ProxyReachFacts, via: string | undefined, policy: Policy): Skip<never> | undefined {
	if (via === undefined) return undefined;
	const isDead = deadProxies(facts).some(({ proxy }) => proxy === via);
	if (!isDead || isSwitchedOff("network/proxy", "proxy-unreachable", policy)) return undefined;
	return {
		kind: "skip",
		reason: "needs:network/proxy",
		message: `Requests go through the proxy ${code(via)}, which cannot be reached.`,
	};
}

/** Did a request fail because of its proxy, or may it have? */
export function mayBeProxys(answer: NoAnswer | { readonly kind: "answered" | "not-asked" | "no-url" }): boolean {
	return (
		answer.kind === "other-proxy" || answer.kind === "timed-out" || (answer.kind === "failed" && answer.at === "proxy")
	);
}

/** Does the port of a proxy that is named with `https://` not speak TLS? */
export function speaksNoTls({ answer }: DeadProxy): boolean {
	return answer.kind === "failed" && /^(?:EPROTO|ERR_SSL_)/.test(answer.code);
}
