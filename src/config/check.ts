import { type Check, defineCheck, type Evidence, type Verdict } from "../checks/check.ts";
import type { Policy } from "../policy/policy.ts";
import type { RunnerConfigFacts } from "./facts.ts";
import { type Mistake, mistakesOf } from "./lint.ts";
import { runnerConfigProbe } from "./probe.ts";
import type { Context, Rule } from "./rule.ts";
import { setupsOf } from "./setup.ts";

/** The engine's check of a rule: one verdict about all mistakes of its kind. */
export function configCheck(rule: Rule): Check {
	return defineCheck({
		id: rule.id,
		title: rule.title,
		reasons: rule.reasons,
		needs: { config: runnerConfigProbe },
		...(rule.id !== "config/syntax" && { after: ["config/syntax"] }),
		judge({ config }, policy): Verdict {
			if (config.files.length === 0) {
				return { kind: "skip", reason: "not-applicable", message: "No configuration of a runner was given." };
			}
			const context = contextOf(config, policy);
			const mistakes = setupsOf(config).flatMap((setup) => mistakesOf(rule, setup, context));
			return verdictOf(mistakes, `${config.files.map((file) => file.path).join(", ")}: ${rule.fine}.`);
		},
	});
}

export function contextOf(facts: RunnerConfigFacts, policy?: Policy): Context {
	return {
		...(facts.runnerVersion && { version: facts.runnerVersion.text }),
		...(policy?.docker.require === "required" && { dockerRequired: true }),
	};
}

/** How many mistakes a verdict lists; the lint shows them all. */
const maxListed = 20;

/** The gravest mistake is the finding; the others are its evidence, each with its place. */
export function verdictOf(mistakes: readonly Mistake[], fine: string): Verdict {
	const gravest = mistakes.find(({ level }) => level === "fail") ?? mistakes[0];
	if (!gravest) return { kind: "pass", message: fine };
	const evidence: Evidence[] = mistakes
		.slice(0, maxListed)
		.map((mistake) => ({ source: placeOf(mistake), text: `${mistake.reason}: ${mistake.message}` }));
	const more = mistakes.length - maxListed;
	if (more > 0) evidence.push({ source: gravest.file, text: `and ${more} more` });
	const { reason, message, why, expected, found, remedy, level, file, line, column, versions } = gravest;
	return {
		kind: "finding",
		reason,
		level,
		message: mistakes.length > 1 ? `${message} (and ${mistakes.length - 1} more, see the evidence)` : message,
		why: versions === undefined ? why : `${why} This holds for runners ${versions}.`,
		expected,
		observed: found,
		evidence,
		remedy,
		location: { file, ...(line !== undefined && { line }), ...(column !== undefined && { column }) },
	};
}

/** `config.yaml:12:5` */
export function placeOf({ file, line, column }: Pick<Mistake, "file" | "line" | "column">): string {
	return [file, line, column].filter((part) => part !== undefined).join(":");
}
