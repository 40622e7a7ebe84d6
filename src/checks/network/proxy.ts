import { containerProbe } from "../../probes/container.ts";
import { forgeProbe } from "../../probes/forge.ts";
import { jobProbe } from "../../probes/job.ts";
import { type ProxyFacts, proxyProbe } from "../../probes/proxy.ts";
import { proxyReachProbe } from "../../probes/proxy-reach.ts";
import { defineCheck, type Evidence, isProof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code, listed } from "../text.ts";
import { finding } from "../words.ts";
import { tellFailure } from "./connection.ts";
import { deadProxies } from "./dead-proxy.ts";
import { oddVariables } from "./odd-variables.ts";
import { type FailedRequest, isOnlyInOneSpelling, proxiedForge } from "./proxied-forge.ts";
import { intro, words } from "./proxy-words.ts";

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
		const proxied = proxiedForge(proxy, forge);
		const odd = oddVariables(proxy);
		if (odd.length > 0) {
			const observed = [odd[0]?.lower, odd[0]?.upper].filter((value) => value !== undefined).join(" and ");
			const isGrave = isOnlyInOneSpelling(proxy, proxied);
			const more = isGrave && proxied?.failed ? [...evidence, askedOf(proxied.failed)] : evidence;
			const level = isGrave && { level: "fail" as const };
			return finding(words, "inconsistent", { odd, situation }, { observed, evidence: more, ...level });
		}
		if (proxied) {
			const { noProxy, failed } = proxied;
			const observed = noProxy === undefined ? "NO_PROXY is not set" : `NO_PROXY is ${noProxy}`;
			const more = failed ? [...evidence, askedOf(failed)] : evidence;
			const level = failed && { level: "fail" as const };
			return finding(words, "forge-not-excluded", { ...proxied, situation }, { observed, evidence: more, ...level });
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

/** What became of the request that the proxy did not pass on. */
function askedOf({ asked = "", via, answer }: FailedRequest): Evidence {
	const text = answer.kind === "answered" ? `status ${answer.status}` : tellFailure(answer);
	return { source: `GET ${asked} through ${via}`, text };
}
