import { containerProbe } from "../../probes/container.ts";
import { forgeProbe } from "../../probes/forge.ts";
import { jobProbe } from "../../probes/job.ts";
import { isLoopback, numberOf, type ProxyFacts, type ProxyVariable, proxyProbe } from "../../probes/proxy.ts";
import { proxyReachProbe } from "../../probes/proxy-reach.ts";
import { defineCheck, type Evidence, isProof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code, listed } from "../text.ts";
import { finding } from "../words.ts";
import { tellFailure } from "./connection.ts";
import { deadProxies } from "./dead-proxy.ts";
import { intro, type Problem, words } from "./proxy-words.ts";

export const networkProxy = defineCheck({
	id: "network/proxy",
	title: "The proxy settings are consistent",
	intro,
	reasons: words,
	needs: { proxy: proxyProbe, reach: proxyReachProbe, forge: forgeProbe, container: containerProbe, job: jobProbe },
	judge({ proxy, reach, forge, container, job }): Verdict<keyof typeof words> {
		const { variables } = proxy;
		const evidence = evidenceOf(proxy);
		if (variables.every(({ name }) => name === "no_proxy")) {
			const none = { source: "environment", text: "no `http_proxy`, `https_proxy` or `all_proxy`, in either case" };
			return { kind: "pass", message: "No proxy is set", evidence: [none, ...evidence] };
		}
		const situation = situationOf(container, job);
		const [dead] = deadProxies(reach);
		if (dead) {
			const observed = tellFailure(dead.answer);
			const more = [...evidence, { source: `connection to ${dead.proxy}`, text: observed }];
			return finding(words, "proxy-unreachable", { dead, forge: forge.url, situation }, { observed, evidence: more });
		}
		const odd = variables.flatMap((variable) => {
			const problem = problemOf(variable);
			return problem === undefined ? [] : [{ ...variable, problem }];
		});
		if (odd.length > 0) {
			const observed = [odd[0]?.lower, odd[0]?.upper].filter((value) => value !== undefined).join(" and ");
			return finding(words, "inconsistent", { odd, situation }, { observed, evidence });
		}
		const named = proxy.forge;
		if (named?.proxy !== undefined && isPrivate(named.host)) {
			// A proxy that does reach the forge is not a problem. Its own error pages, such as 403 and 407, are not JSON.
			const { via, answer } = forge;
			const isReached = via !== undefined && answer.kind === "answered" && answer.isJson && answer.status < 500;
			if (!isReached) {
				const noProxy = variables.find(({ name }) => name === "no_proxy");
				const present = noProxy?.lower ?? noProxy?.upper;
				const seen = { host: named.host, proxy: named.proxy, noProxy: present, situation };
				const observed = present === undefined ? "NO_PROXY is not set" : `NO_PROXY is ${present}`;
				return finding(words, "forge-not-excluded", seen, { observed, evidence });
			}
		}
		if (!isProof(evidence)) return nothingSeen("network/proxy", "values of the variables");
		const set = variables.filter(({ name }) => name !== "no_proxy").map(({ name }) => code(name));
		return { kind: "pass", message: `${listed(set)} ${set.length === 1 ? "is" : "are"} consistent`, evidence };
	},
});

function evidenceOf({ variables }: ProxyFacts): readonly Evidence[] {
	return variables.flatMap(({ name, lower, upper }) => [
		...(lower === undefined ? [] : [{ source: `environment, ${name}`, text: lower }]),
		...(upper === undefined ? [] : [{ source: `environment, ${name.toUpperCase()}`, text: upper }]),
	]);
}

/** `undefined`: all tools read the same. */
function problemOf({ name, lower, upper, malformed, credentialsDiffer }: ProxyVariable): Problem | undefined {
	if (malformed !== undefined) return "malformed";
	if (lower !== undefined && upper !== undefined && normal(name, lower) !== normal(name, upper)) return "values";
	return credentialsDiffer ? "credentials" : undefined;
}

/** Ignores what makes no difference: order and spaces of a list, a slash at the end of an address. */
function normal(name: string, value: string): string {
	if (name !== "no_proxy") return value.toLowerCase().replace(/\/+$/, "");
	const entries = value
		.toLowerCase()
		.split(/[\s,]+/)
		.filter(Boolean);
	return [...new Set(entries)].sort().join(",");
}

/** A name or an address that exists only in a private network. */
function isPrivate(host: string): boolean {
	if (isLoopback(host) || /^f[cd][0-9a-f]{2}:|^fe[89ab][0-9a-f]:/i.test(host)) return true;
	const address = numberOf(host);
	if (address !== undefined)
		return privateNetworks.some(([start, size]) => Math.floor(address / size) === start / size);
	if (host.includes(":")) return false;
	return !host.includes(".") || /\.(?:local|lan|internal|intranet|home|corp|localdomain|home\.arpa)$/i.test(host);
}

/** 10/8, 172.16/12, 192.168/16, 169.254/16 and 100.64/10 (Tailscale and others): first address and size. */
const privateNetworks: readonly (readonly [number, number])[] = [
	[10 * 2 ** 24, 2 ** 24],
	[172 * 2 ** 24 + 16 * 2 ** 16, 2 ** 20],
	[192 * 2 ** 24 + 168 * 2 ** 16, 2 ** 16],
	[169 * 2 ** 24 + 254 * 2 ** 16, 2 ** 16],
	[100 * 2 ** 24 + 64 * 2 ** 16, 2 ** 22],
];
