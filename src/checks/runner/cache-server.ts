import { containerProbe } from "../../probes/container.ts";
import { type CacheServerFacts, cacheServerProbe } from "../../probes/forge-cache.ts";
import { jobProbe } from "../../probes/job.ts";
import { proxyReachProbe } from "../../probes/proxy-reach.ts";
import { defineCheck, type Proof, type Verdict } from "../check.ts";
import { situationOf } from "../docker/situation.ts";
import { otherProxy, tellFailure } from "../network/connection.ts";
import { mayBeProxys, skipForProxy } from "../network/dead-proxy.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { intro, words } from "./cache-server-words.ts";

const withheld = "is not sent there: its address is not in a private network, and it does not use TLS";

export const runnerCacheServer = defineCheck({
	id: "runner/cache-server",
	title: "The job can reach the runner's cache server",
	intro,
	reasons: words,
	needs: { cache: cacheServerProbe, reach: proxyReachProbe, container: containerProbe, job: jobProbe },
	judge({ cache, reach, container, job }, policy): Verdict<keyof typeof words> {
		const { answer, url = "", isLoopback = false, via } = cache;
		if (answer.kind === "not-asked") {
			return { kind: "skip", reason: "not-applicable", message: "The runner offers this job no cache server." };
		}
		const proxys = mayBeProxys(answer) ? skipForProxy(reach, via, policy) : undefined;
		if (proxys) return proxys;
		if (answer.kind === "other-proxy") {
			return { kind: "skip", reason: "not-applicable", message: otherProxy("the cache server", via) };
		}
		const situation = situationOf(container, job);
		const evidence = evidenceOf(cache);
		const found = { observed: evidence[0].text, evidence };
		if (answer.kind !== "answered" || !isCache(answer)) {
			return finding(words, "unreachable", { url, answer, isLoopback, via, situation }, found);
		}
		const isRefused = answer.status === 401 || answer.status === 403;
		if (isRefused && cache.hadToken) {
			return finding(words, "unauthorized", { url, status: answer.status, situation }, found);
		}
		if (url === "") return nothingSeen("runner/cache-server", "its address");
		const untried = isRefused
			? ` and requires a token, which ${cache.isPublic ? withheld : "this step does not have"}`
			: "";
		return { kind: "pass", message: `${code(url)} answers${untried}`, evidence };
	},
});

/**
 * Is that the answer of a cache to a key that it does not have? The right one is 204. A login page, or the server of something
 * else at this address, answers too.
 */
function isCache({ status, body }: { readonly status: number; readonly body: string }): boolean {
	return [204, 401, 403].includes(status) || (status === 200 && body.startsWith("{"));
}

function evidenceOf({ url = "", via, answer }: CacheServerFacts): Proof {
	const source = `GET ${url}/…/_apis/artifactcache/cache${via === undefined ? "" : ` through ${via}`}`;
	switch (answer.kind) {
		case "not-asked":
			return [{ source: "ACTIONS_CACHE_URL", text: "not asked" }];
		case "answered":
			return [{ source, text: `${answer.status} ${answer.body}`.trim() }];
		default:
			return [{ source, text: tellFailure(answer) }];
	}
}
