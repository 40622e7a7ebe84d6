import type { ServiceExpectation } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { proxyReachProbe } from "../../probes/proxy-reach.ts";
import { type ServiceFacts, type ServiceReply, serviceProbe } from "../../probes/service.ts";
import { type Check, defineCheck, type Family, type Proof, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { causeOf, otherProxy, tellFailure } from "../network/connection.ts";
import { mayBeProxys, skipForProxy } from "../network/dead-proxy.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { code, cut, listed } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { intro, unknowns, withheld, words } from "./service-words.ts";

/** One check for each service of the policy: it answers, and has its models. */
export const serviceFamily: Family = {
	id: "service/*",
	title: "The service answers, and has its models",
	intro,
	reasons: words,
	expand: ({ services }) => services.map(checkOf),
};

function checkOf(service: ServiceExpectation): Check {
	const { name, url, models } = service;
	return defineCheck({
		id: `service/${name}`,
		title: models.length === 0 ? `${code(cut(name, 40))} answers` : `${code(cut(name, 40))} has its models`,
		reasons: words,
		needs: { service: serviceProbe(name, url), reach: proxyReachProbe, container: containerProbe, job: jobProbe },
		judge: ({ service: facts, reach, container, job }, policy) =>
			(mayBeProxys(facts.answer) ? skipForProxy(reach, facts.via, policy) : undefined) ??
			judgeService(service, facts, situationOf(container, job), policy.profile),
	});
}

function judgeService(
	{ name, models }: ServiceExpectation,
	facts: ServiceFacts,
	situation: Situation,
	profile: string,
): Verdict<keyof typeof words> {
	const { answer, url, via } = facts;
	const seen = { name, url, models, situation };
	const evidence = evidenceOf(facts);
	switch (answer.kind) {
		case "no-url":
			return undecided(unknowns, "invalid-address", { name }, { observed: url, evidence });
		case "other-proxy":
			return { kind: "skip", reason: "not-applicable", message: otherProxy(code(url), via) };
		case "timed-out":
			return finding(words, "timeout", seen, { observed: tellFailure(answer), evidence });
		case "failed": {
			const reason = causeOf(answer) === "not-http" ? "unexpected-body" : "refused";
			return finding(words, reason, { ...seen, answer, via }, { observed: tellFailure(answer), evidence });
		}
		case "answered":
			break;
	}
	const { status, ms } = answer;
	if (facts.withheld && (status === 401 || status === 403)) {
		return { kind: "skip", reason: "untrusted", message: withheld(name, status) };
	}
	if (!Number.isInteger(status)) return nothingSeen(`service/${name}`, "the status");
	if (status >= 400) {
		return finding(words, "http-error", { ...seen, status }, { observed: `status ${status}`, evidence });
	}
	if (models.length === 0) return { kind: "pass", message: `${code(name)} answers ${status} in ${ms} ms`, evidence };
	if (answer.models === undefined) {
		const isTruncated = answer.truncated === true;
		return finding(words, "unexpected-body", { ...seen, profile, isTruncated }, { observed: bodyOf(answer), evidence });
	}
	const listedModels = answer.models;
	const missing = models.filter((model) => !listedModels.some((there) => isSame(there, model)));
	if (missing.length === 0) return { kind: "pass", message: `${code(name)} has ${listed(models.map(code))}`, evidence };
	const near = listedModels.filter((model) => missing.some((wanted) => withoutTag(wanted) === withoutTag(model)));
	const observed = listedModels.length === 0 ? "no models" : listedModels.slice(0, 20).join(", ");
	return finding(words, "model-missing", { ...seen, missing, near }, { observed, evidence });
}

function bodyOf({ body }: ServiceReply): string {
	return body === "" || body === undefined ? "an empty answer" : body;
}

/**
 * Ollama lists every model with its tag, reads a name without one as `:latest`, and ignores case. Servers that list names
 * without tags compare them letter by letter.
 */
function isSame(there: string, wanted: string): boolean {
	const hasTag = (model: string): boolean => /:[^/]+$/.test(model);
	if (!hasTag(there)) return there === wanted || `${there}:latest` === wanted;
	return there.toLowerCase() === (hasTag(wanted) ? wanted : `${wanted}:latest`).toLowerCase();
}

function withoutTag(model: string): string {
	return model.toLowerCase().replace(/:[^/]+$/, "");
}

function evidenceOf({ answer, url, via }: ServiceFacts): Proof {
	return [{ source: `GET ${url}${via === undefined ? "" : ` through ${via}`}`, text: textOf(answer) }];
}

function textOf(answer: ServiceFacts["answer"]): string {
	switch (answer.kind) {
		case "answered": {
			const count = answer.models?.length;
			const content = count === undefined ? answer.body : `${count} ${count === 1 ? "model" : "models"}`;
			return [`status ${answer.status}`, content].filter(Boolean).join(", ");
		}
		case "no-url":
			return "not asked";
		default:
			return tellFailure(answer);
	}
}
