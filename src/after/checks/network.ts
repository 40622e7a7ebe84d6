import { type Check, defineCheck, type Evidence, type Verdict } from "../../checks/check.ts";
import { code, cut } from "../../checks/text.ts";
import { finding, undecided } from "../../checks/words.ts";
import { containerProbe } from "../../probes/container.ts";
import { type ForgeFacts, forgeProbe } from "../../probes/forge.ts";
import { type CacheServerFacts, cacheServerProbe } from "../../probes/forge-cache.ts";
import { machineStateProbe } from "../../probes/machine-state.ts";
import { atStart, ifLooked } from "../facts.ts";
import { isOtherMachine, lostNetwork } from "../span.ts";
import { intro, unknowns, words } from "./network-words.ts";
import { notSeenBefore, otherMachine } from "./unseen.ts";

type Reason = keyof typeof words;

/** Of the forge, or of the way to it. Other errors may be of the job: no ports left, another certificate, a firewall of its own. */
const ofTheWay = [
	"ECONNREFUSED",
	"ECONNRESET",
	"ECONNABORTED",
	"EPIPE",
	"EHOSTUNREACH",
	"EHOSTDOWN",
	"ENETUNREACH",
	"ENETDOWN",
];
/** The name did not resolve. */
const dnsCodes = ["EAI_AGAIN", "ENOTFOUND", "EAI_FAIL", "EAI_NODATA"];

export const afterNetwork: Check = defineCheck({
	id: "after/network",
	title: "The forge and the cache server still answer",
	intro,
	reasons: words,
	needs: {
		before: atStart(forgeProbe),
		now: ifLooked(forgeProbe),
		cacheBefore: atStart(cacheServerProbe),
		cacheNow: ifLooked(cacheServerProbe),
		start: atStart(machineStateProbe),
		state: machineStateProbe,
		container: containerProbe,
	},
	judge({ before, now, cacheBefore, cacheNow, start, state, container }): Verdict<Reason> {
		if (!start || !before || !now) return notSeenBefore("how the forge answers");
		if (isOtherMachine(start, state)) return otherMachine;
		if (container.mode === "container" && lostNetwork(start, state).length > 0)
			return { kind: "skip", reason: "needs:after/docker", message: "The job's container lost its network." };
		if (!isWell(before) || now.answer.kind === "not-asked")
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "The forge did not answer at the start, or was not asked.",
			};
		const evidence: readonly [Evidence, ...Evidence[]] = [
			{ source: `GET ${now.asked ?? now.url ?? "the forge"}`, text: said(now.answer) },
		];
		const seen = { address: now.url ?? "?", host: now.host ?? "?", start, state, observed: said(now.answer) };
		const isChanged = start.resolverChanged !== state.resolverChanged;
		if (!isWell(now)) {
			const { answer } = now;
			const observed = seen.observed;
			// Only a step of the job sets variables for the steps after it.
			if (now.url !== before.url || now.via !== before.via)
				return {
					kind: "skip",
					reason: "not-applicable",
					message: `The job changed how the forge is reached, from ${wayOf(before)} to ${wayOf(now)}, where it does not answer (${observed}).`,
				};
			// What the job may have done itself, as root: a new resolv.conf or a line in /etc/hosts.
			if (
				isChanged ||
				answer.kind === "other-proxy" ||
				answer.kind === "timed-out" ||
				(answer.kind === "failed" && answer.at)
			)
				return undecided(unknowns, "forge", { ...seen, isChanged }, { observed, evidence });
			if (answer.kind === "failed" && dnsCodes.includes(answer.code))
				return finding(words, "dns-lost", seen, { observed, evidence });
			if (answer.kind === "failed" && !/^HTTP_\d+$/.test(answer.code) && !ofTheWay.includes(answer.code))
				return undecided(unknowns, "forge", { ...seen, isChanged }, { observed, evidence });
			return finding(words, "forge-lost", seen, { observed, evidence });
		}
		if (cacheBefore?.answer.kind === "answered" && cacheNow && cacheNow.url === cacheBefore.url) {
			const { answer } = cacheNow;
			const asked = [{ source: `GET ${cacheNow.url}`, text: said(answer) }];
			if (answer.kind === "failed" || answer.kind === "timed-out")
				return finding(
					words,
					"cache-lost",
					{ ...seen, address: cacheNow.url ?? "?", observed: said(answer) },
					{ observed: said(answer), evidence: [...asked, ...evidence] },
				);
			return { kind: "pass", message: "The forge and the cache server answer", evidence: [evidence[0], ...asked] };
		}
		return { kind: "pass", message: "The forge answers", evidence };
	},
});

/** `https://git.example.com through http://proxy:3128` */
function wayOf({ url = "?", via }: ForgeFacts): string {
	return code(cut(url, 100)) + (via === undefined ? "" : ` through ${code(cut(via, 100))}`);
}

/** The forge, or what is in front of it, answers: with an error of the server, it is as gone. */
function isWell({ answer }: ForgeFacts): boolean {
	return answer.kind === "answered" && answer.status < 500;
}

function said(answer: ForgeFacts["answer"] | CacheServerFacts["answer"]): string {
	if (answer.kind === "answered") return `HTTP ${answer.status}`;
	if (answer.kind === "failed") return answer.code;
	return answer.kind.replace("-", " ");
}
