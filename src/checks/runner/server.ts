import { containerProbe } from "../../probes/container.ts";
import { type ForgeFacts, type ForgeReply, forgeProbe } from "../../probes/forge.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { proxyProbe } from "../../probes/proxy.ts";
import { proxyReachProbe } from "../../probes/proxy-reach.ts";
import { defineCheck, type Finding, type Proof, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { certificateEvidence, daysLeft, shownTime } from "../network/certificate.ts";
import { causeOf, hostIn, otherProxy, tellFailure } from "../network/connection.ts";
import { skipForProxy } from "../network/dead-proxy.ts";
import { skipForProxiedForge } from "../network/proxied-forge.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { intro, type NoConnection, words } from "./server-words.ts";

type Reason = keyof typeof words;

/** Seconds of difference from which short-lived tokens and certificates suffer. */
const skewWarn = 5;
const skewFail = 300;

export const runnerServer = defineCheck({
	id: "runner/server",
	title: "The job can reach the forge",
	intro,
	reasons: words,
	needs: {
		forge: forgeProbe,
		proxy: proxyProbe,
		reach: proxyReachProbe,
		container: containerProbe,
		job: jobProbe,
	},
	judge({ forge, proxy, reach, container, job }, policy, { started }): Verdict<Reason> {
		const { answer, url = "", via } = forge;
		const situation = situationOf(container, job);
		const evidence = evidenceOf(forge);
		// In a container that shares the host's network, `localhost` is right: an answer of the forge proves it.
		const answers = answer.kind === "answered" && judgeReply(forge, answer) === undefined;
		const isInContainer = container.mode === "container" || container.insideContainer !== undefined;
		if (forge.url !== undefined && forge.isLoopback && isInContainer && job.inJob && !answers) {
			const failure = answer.kind === "not-asked" || answer.kind === "answered" ? "" : `: ${tellFailure(answer)}`;
			return finding(words, "localhost-url", { url, situation }, { observed: `${url}${failure}`, evidence });
		}
		const proxied = skipForProxiedForge(proxy, reach, forge, policy);
		if (proxied) return proxied;
		switch (answer.kind) {
			case "not-asked":
				return { kind: "skip", reason: "not-applicable", message: whyNotAsked(forge, job) };
			case "other-proxy":
				return (
					skipForProxy(reach, via, policy) ?? {
						kind: "skip",
						reason: "not-applicable",
						message: otherProxy("the forge", via),
					}
				);
			case "answered": {
				if (url === "") return nothingSeen("runner/server", "its address");
				const failure = untrustedByNode(forge, situation) ?? judgeReply(forge, answer);
				if (failure) return failure;
				// Only the forge's own answer tells the forge's time. A failure comes before a warning.
				const skew = skewed(forge, answer);
				const untrusted = untrustedByGit(forge, situation);
				return (
					(skew?.level === "fail" ? skew : (untrusted ?? skew)) ??
					expiring(forge, answer, started) ?? { kind: "pass", message: praise(forge, answer), evidence }
				);
			}
			default: {
				const isProxys = answer.kind === "timed-out" || answer.at === "proxy";
				return (isProxys && skipForProxy(reach, via, policy)) || noConnection(forge, answer, situation);
			}
		}
	},
});

function whyNotAsked({ url }: ForgeFacts, { inJob, system }: JobFacts): string {
	if (!inJob) return "Outside a job, no forge is known.";
	if (url === undefined) return "This run has no forge: `GITHUB_SERVER_URL` names none.";
	return system === "github" ? "GitHub is not asked." : "A run without a server has no forge to ask.";
}

function praise({ url = "", asked = "" }: ForgeFacts, { status, version }: ForgeReply): string {
	const shownVersion = version === undefined ? "" : ` with version ${version}`;
	const isClosed = status === 401 || status === 403;
	return `${code(url)} answers${shownVersion}${isClosed ? `; ${code(asked)} requires a login` : ""}`;
}

function noConnection(forge: ForgeFacts, answer: NoConnection["answer"], situation: Situation): Finding<Reason> {
	const { url = "", host = "", asked = "", via, trustedBy } = forge;
	const seen = { url, host, asked, via, answer, situation };
	const found = { observed: tellFailure(answer), evidence: evidenceOf(forge) };
	if (answer.kind === "timed-out") return finding(words, "unreachable", seen, found);
	if (answer.code === "ERR_INVALID_URL") {
		const evidence = [{ source: "environment", text: tellFailure(answer) }];
		return finding(words, "unreachable", seen, { observed: url, evidence });
	}
	switch (causeOf(answer)) {
		case "unresolvable":
			return finding(words, "unresolvable", { ...seen, answer }, found);
		case "untrusted": {
			const untrusted = { url, host, asked, errno: answer.code, trustedBy, situation };
			return finding(words, "tls-untrusted", untrusted, { ...found, observed: answer.code });
		}
		default:
			return finding(words, "unreachable", seen, found);
	}
}

/** The system's authorities trust the certificate, and Node does not. */
function untrustedByNode(forge: ForgeFacts, situation: Situation): Finding<Reason> | undefined {
	const { url = "", host = "", asked = "", untrusted: errno, trustedBy } = forge;
	if (errno === undefined) return undefined;
	const seen = { url, host, asked, errno, trustedBy, situation };
	return finding(words, "tls-untrusted", seen, { observed: errno, evidence: evidenceOf(forge) });
}

function untrustedByGit({ git, ...forge }: ForgeFacts, situation: Situation): Finding<Reason> | undefined {
	if (git?.kind !== "distrusts") return undefined;
	const { url = "", host = "" } = forge;
	const evidence = [...evidenceOf(forge), { source: `git ls-remote ${url}`, text: git.message }];
	return finding(words, "git-tls-untrusted", { url, host, git, situation }, { observed: git.message, evidence });
}

function expiring(forge: ForgeFacts, { certificate }: ForgeReply, started: string): Finding<Reason> | undefined {
	const days = certificate && daysLeft(certificate, started);
	if (!certificate || days === undefined) return undefined;
	const { url = "", host = "", asked = "" } = forge;
	const { until } = certificate;
	const evidence = [...evidenceOf(forge), certificateEvidence(`TLS of ${url}`, certificate)];
	return finding(words, "tls-expiring", { url, host, asked, days, until }, { observed: shownTime(until), evidence });
}

/** A private forge refuses in JSON, and a forge that has moved redirects within itself: both have answered. */
function judgeReply(forge: ForgeFacts, answer: ForgeReply): Finding<Reason> | undefined {
	const { status, version, isJson, location, body } = answer;
	const { host, url = "", asked = "" } = forge;
	if (status === 200 && version !== undefined) return undefined;
	if ((status === 401 || status === 403) && isJson) return undefined;
	if (status >= 300 && status < 400 && host !== undefined && hostIn(location) === host) return undefined;
	const observed = `status ${status}${body ? `, ${body}` : ""}`;
	return finding(words, "http-error", { url, asked, status, location }, { observed, evidence: evidenceOf(forge) });
}

function skewed(forge: ForgeFacts, { clockAheadSeconds: ahead = 0 }: ForgeReply): Finding<Reason> | undefined {
	const seconds = Math.abs(ahead);
	if (seconds <= skewWarn) return undefined;
	const isGrave = seconds > skewFail;
	return finding(
		words,
		"clock-skew",
		{ ahead, limit: skewWarn, isGrave },
		{
			observed: `${ahead > 0 ? "+" : "-"}${seconds} s`,
			evidence: evidenceOf(forge),
			...(isGrave && { level: "fail" }),
		},
	);
}

function evidenceOf({ url, asked, answer, via, trustedBy, untrusted }: ForgeFacts): Proof {
	const source =
		asked === undefined
			? "environment, GITHUB_SERVER_URL"
			: `GET ${asked}${via === undefined ? "" : ` through ${via}`}`;
	switch (answer.kind) {
		case "not-asked":
			return [{ source, text: url ?? "none" }];
		case "answered": {
			const text = `${answer.status} ${answer.version ?? answer.body ?? ""}`.trim();
			const trust =
				trustedBy === undefined ? [] : [{ source: trustedBy, text: `trusted; Node says ${untrusted ?? "no"}` }];
			return [{ source, text }, ...trust];
		}
		default:
			return [{ source, text: tellFailure(answer) }];
	}
}
