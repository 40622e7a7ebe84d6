import type { Policy } from "../../policy/policy.ts";
import type { PartFacts, StepFacts } from "../../probes/smoke-part.ts";
import type { SmokeStepsFacts } from "../../probes/smoke-steps.ts";
import type { SmokePart } from "../../smoke/parts.ts";
import type { Check, Evidence, Proof, Remedy, Skip, Undecided } from "../check.ts";
import { moreTime } from "../find-out.ts";
import { code, cut } from "../text.ts";
import { undecidedOf, unknown } from "../words.ts";

/** A check of what only the input `smoke` asks for. */
export function ofSmoke(part: SmokePart, check: Check): Check {
	const isAsked = ({ smoke }: Policy): boolean => smoke?.parts.includes(part) ?? false;
	return {
		...check,
		applies: (policy) => isAsked(policy) && (check.applies?.(policy) ?? true),
		notAsked: (policy) => (isAsked(policy) ? undefined : "The input `smoke` does not ask for this."),
	};
}

/** A part that was named has to work; with `all`, what is not here is skipped. */
export function isNamed({ smoke }: Policy): boolean {
	return smoke?.all !== true;
}

/** What every part may be told instead of its steps; `undefined` if there are steps to judge, or it is absent or forbidden. */
export function notDone(part: SmokePart, facts: SmokeStepsFacts): Skip<never> | Undecided | undefined {
	const became = facts.parts?.[part];
	switch (became?.kind) {
		case "untrusted": {
			const message = `Not tried: ${code(cut(became.by))} leads to a program of the workspace, which is not run. \`trust-policy: true\` allows it.`;
			return { kind: "skip", reason: "untrusted", message };
		}
		case "not-done":
			return undecidedOf(
				undone,
				{ part, why: became.message },
				details(became.message, evidenceOf(facts, became.message)),
			);
		case "done":
			return became.steps?.length > 0 && (isWhole(became) || failedStep(became)) ? undefined : nothing(part, facts);
		case "absent":
		case "forbidden":
			return undefined;
		default:
			return nothing(part, facts);
	}
}

/** Without a step that failed, each has to be there. */
function isWhole({ planned, steps }: Extract<PartFacts, { kind: "done" }>): boolean {
	return planned === steps.length;
}

function nothing(part: SmokePart, facts: SmokeStepsFacts): Undecided {
	return undecidedOf(undone, { part, why: "nothing was seen" }, details("nothing", evidenceOf(facts, "no steps")));
}

const names: Readonly<Record<SmokePart, string>> = {
	docker: "start a container",
	rust: "build a crate",
	git: "use git in the workspace",
	gpu: "run a CUDA program",
};

/** The work of a part that could not be tried. */
const undone = unknown<{ readonly part: SmokePart; readonly why: string }>({
	title: "The work that `smoke` asks for could not be tried",
	headline: ({ part }) => `\`smoke\` could not try to ${names[part]}`,
	why: ({ part }) => `It is unknown whether a job on this runner can ${names[part]}.`,
	expected: "work that was tried",
	tell: ({ part, why }) => ({
		what: `\`smoke\` could not try to ${names[part]}: ${why}.`,
		fix: {
			text: "See whether the job's user can write to the workspace and to the temporary directory, and start programs there.",
			commands: ["id", 'ls -ld "$PWD" "${RUNNER_TEMP:-/tmp}"', 'df -h "$PWD" "${RUNNER_TEMP:-/tmp}"'],
			kind: "host",
			otherwise: moreTime(60_000),
		},
	}),
});

export function details(observed: string, evidence: readonly Evidence[]) {
	return { observed: cut(observed.trim().split("\n")[0] ?? "", 120), evidence };
}

/** The steps that were done: the first that did not work is the last of its sequence. */
export function failedStep(became: PartFacts): StepFacts | undefined {
	return became.kind === "done"
		? became.steps.find(({ end, code: exit }) => end !== "exited" || exit !== 0)
		: undefined;
}

/** Without the path of our own directory, which is gone when this is read. */
export function brief(text: string): string {
	return text.replace(/\/[^\s'"`=]*\/\.runner-check-[\w-]+\//g, "");
}

/** What a step said: a line or two, with those behind the first complaint. */
export function stepEvidence({ command, sequence, end, code: exit, output }: StepFacts): Evidence {
	const result = {
		exited: `exit code ${exit}`,
		signalled: "ended by a signal",
		"not-started": "did not start",
		hung: "was killed at the deadline",
	};
	const said = output.trim() === "" ? "" : `: ${cut(brief(output.trim()), 1500)}`;
	return { source: sequence, text: `${code(cut(brief(command), 200))}, ${result[end]}${said}` };
}

export function leftBehind({ leftBehind: names = [] }: SmokeStepsFacts): readonly Evidence[] {
	return names.map((name) => ({ source: "left behind", text: name }));
}

function evidenceOf(facts: SmokeStepsFacts, text: string): readonly Evidence[] {
	return [{ source: "smoke", text }, ...leftBehind(facts)];
}

/** A program that is not on the PATH. */
export function noProgram(name: string) {
	return { observed: "none", evidence: [{ source: "PATH", text: `no ${name}` }] };
}

/** What a pass saw: each step, and how long it took. */
export function proofOf(steps: readonly StepFacts[], facts: SmokeStepsFacts): Proof {
	const [first, ...rest] = steps.map(({ sequence, command, ms }) => ({
		source: sequence,
		text: `${code(cut(brief(command), 200))} worked${ms === undefined ? "" : ` in ${ms} ms`}`,
	}));
	return [first ?? { source: "smoke", text: "" }, ...rest, ...leftBehind(facts)];
}

/** What the fix of a cause that nobody knows says. */
export function tryByHand(command: string, kind: Remedy["kind"] = "host"): Remedy {
	return { text: "Try the same by hand, as the job's user, and see what differs.", commands: [command], kind };
}

/** A step that did not end. */
export function hungFix(commands: readonly string[]): Remedy {
	return {
		text: "Do the same by hand, as the job's user, and see where it stops. A machine under load needs more time.",
		commands,
		kind: "host",
		otherwise: moreTime(60_000),
	};
}
