import {
	type Check,
	defineCheck,
	type Evidence,
	type Finding,
	isProof,
	type Reason,
	type Verdict,
} from "../checks/check.ts";
import type { Policy } from "../policy/policy.ts";
import type { RunnerConfigFacts } from "./facts.ts";
import { isIgnored } from "./ignores.ts";
import { runnerConfigProbe } from "./read/config-probe.ts";
import { type Context, placeText, type Rule } from "./rule.ts";
import { setupsOf } from "./setup/setup.ts";
import { count } from "./setup/subjects.ts";

/** The check of a report that a rule of the lint makes: one verdict on all problems of its kind. */
export function configCheck(rule: Rule): Check {
	const { id, title, intro, reasons, subject, fine } = rule;
	return defineCheck({
		id,
		title,
		...(intro !== undefined && { intro }),
		reasons,
		needs: { config: runnerConfigProbe },
		...(id !== "config/syntax" && { after: ["config/syntax"] }),
		judge({ config }, policy): Verdict {
			if (config.files.length === 0) {
				return { kind: "skip", reason: "not-applicable", message: "No configuration of a runner was named." };
			}
			const context = contextOf(config, policy);
			const setups = setupsOf(config);
			const all = setups.flatMap((setup) => rule.find(setup, context));
			const problems = all.filter(
				({ reason, location }) =>
					!config.ignores?.some((ignore) => isIgnored({ id, reason, ...(location && { location }) }, ignore)),
			);
			const ignored = all.length - problems.length;
			const [first] = setups.flatMap((setup) => rule.waitsFor?.(setup, context) ?? []);
			if (problems.length === 0 && first !== undefined) {
				return { kind: "skip", reason: `needs:${first}`, message: `Not judged before \`${first}\` passes.` };
			}
			const seen = setups.flatMap((setup) => subject.seen(setup)).slice(0, maxListed);
			const files = config.files.map((file) => file.path);
			if (problems.length === 0 && seen.length === 0 && rule.nothingIn) return rule.nothingIn(files);
			const apart = ignored === 0 ? "" : `, apart from ${count(ignored, "finding")} that a comment ignores`;
			const verdict = verdictOf(reasons, problems, `${files.join(", ")}: ${fine}${apart}.`, seen, subject.missing);
			if (ignored === 0 || verdict.kind !== "finding") return verdict;
			return { ...verdict, message: `${verdict.message} (${count(ignored, "more finding")} ignored by a comment.)` };
		},
	});
}

export function contextOf(facts: RunnerConfigFacts, policy?: Policy): Context {
	return {
		...(facts.runnerVersion && { version: facts.runnerVersion.text }),
		...(policy?.docker.require === "required" && { dockerRequired: true }),
	};
}

/** The level of a finding before a policy has a say. */
function levelOf(reasons: Readonly<Record<string, Reason>>, { reason, level }: Finding<string>): "fail" | "warn" {
	return level ?? (reasons[reason]?.level === "warn" ? "warn" : "fail");
}

/** How many problems a verdict lists; the lint lists all of them. */
const maxListed = 20;

/**
 * The worst problem is the finding. With the others it is the evidence, each with its place.
 * @param seen Evidence of a pass. Without any, nothing is judged.
 * @param missing What is missing then, as a sentence.
 */
export function verdictOf<R extends string>(
	reasons: Readonly<Record<R, Reason>>,
	problems: readonly Finding<R>[],
	fine: string,
	seen: readonly Evidence[],
	missing: string,
): Verdict<R> {
	const worst = problems.find((problem) => levelOf(reasons, problem) === "fail") ?? problems[0];
	if (!worst) {
		return isProof(seen)
			? { kind: "pass", message: fine, evidence: seen }
			: { kind: "skip", reason: "not-applicable", message: missing };
	}
	const evidence: Evidence[] = problems.slice(0, maxListed).map((problem) => ({
		source: problem.location ? placeText(problem.location) : "",
		text: `${problem.reason}: ${problem.message}`,
	}));
	const more = problems.length - maxListed;
	if (more > 0) evidence.push({ source: worst.location?.file ?? "", text: `and ${more} more` });
	const others = problems.length - 1;
	const message = others > 0 ? `${worst.message} (${others} more in the evidence.)` : worst.message;
	return { ...worst, message, evidence };
}
