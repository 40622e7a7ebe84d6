import { type Check, defineCheck, type Evidence, isProof, type Verdict } from "../../checks/check.ts";
import { finding, undecided } from "../../checks/words.ts";
import { forgeProbe } from "../../probes/forge.ts";
import { jobProbe } from "../../probes/job.ts";
import { type MachineState, machineStateProbe } from "../../probes/machine-state.ts";
import { lastStarted, type OwnJob } from "../../probes/own-job.ts";
import { atStart, ifLooked } from "../facts.ts";
import { ownJob } from "../handles.ts";
import { isOtherMachine } from "../span.ts";
import { intro, unknowns, words } from "./runner-words.ts";
import { notSeenBefore } from "./unseen.ts";

type Reason = keyof typeof words;

export const afterRunner: Check = defineCheck({
	id: "after/runner",
	title: "Runner and machine ran on",
	intro,
	reasons: words,
	needs: {
		before: atStart(machineStateProbe),
		now: machineStateProbe,
		record: ownJob,
		job: jobProbe,
		forge: ifLooked(forgeProbe),
	},
	judge({ before, now, record, job, forge }): Verdict<Reason> {
		if (!before) return notSeenBefore("what tells one start of the machine from another");
		const evidence: Evidence[] = [];
		if (before.bootId !== undefined && now.bootId !== undefined) {
			const same = before.bootId === now.bootId;
			evidence.push({
				source: "/proc/sys/kernel/random/boot_id",
				text: same ? `${now.bootId}, as at the start` : `${before.bootId} at the start, ${now.bootId} now`,
			});
			if (isOtherMachine(before, now))
				return undecided(unknowns, "machine", {}, { observed: "another boot_id", evidence });
			if (!same) return finding(words, "rebooted", { before, now }, { observed: "another boot_id", evidence });
		}
		evidence.push({ source: "GET /repos/{owner}/{repo}/actions/jobs/{id}", text: told(record) });
		const step = lastStarted(record);
		if (step?.status === "in_progress" && record.kind === "known" && !record.inStep) {
			const observed = `the step is still in progress: ${step.name}`;
			const minutes = limitReached(record.startedAt, now);
			if (minutes !== undefined)
				return undecided(unknowns, "limit", { step: step.name, minutes }, { observed, evidence });
			if (record.asked > 1)
				return finding(words, "restarted", { before, now, step: step.name }, { observed, evidence });
			return undecided(unknowns, "late", { step: step.name }, { observed, evidence });
		}
		if (record.kind === "no-answer" && forge && forge.answer.kind !== "answered")
			return {
				kind: "skip",
				reason: "needs:after/network",
				message: "The forge, which has the record of this job, does not answer.",
			};
		// Only Gitea's runner goes on after it was told to stop, and then says that the job succeeded.
		const isHidden =
			job.system === "gitea" && (record.kind === "no-answer" || (record.kind === "refused" && record.status !== 401));
		if (isHidden) return undecided(unknowns, "record", { said: told(record) }, { observed: told(record), evidence });
		if (!isProof(evidence)) return notSeenBefore("what tells one start of the machine from another");
		return { kind: "pass", message: "Nothing shows that the runner or the machine was stopped", evidence };
	},
});

/** A runner also cuts off a job that meets `runner.timeout`, and reports nothing more then. Such limits are multiples of five minutes. */
const limitStepMs = 5 * 60_000;
/** The clocks of the forge and the runner differ a little, and processes that a step left behind are waited for. */
const tolerance = { earlyMs: 2000, lateMs: 15_000 };

/** How many minutes the job took, if that may be a limit of the runner. */
function limitReached(startedAt: number | undefined, { time }: MachineState): number | undefined {
	if (startedAt === undefined) return undefined;
	const elapsed = time - startedAt;
	const steps = Math.floor((elapsed + tolerance.earlyMs) / limitStepMs);
	return steps > 0 && elapsed - steps * limitStepMs <= tolerance.lateMs ? (steps * limitStepMs) / 60_000 : undefined;
}

function told(record: OwnJob): string {
	switch (record.kind) {
		case "not-asked":
			return "not asked: this is not a job of Gitea's runner, or its token may not be sent to that address";
		case "no-answer":
			return `no answer (${record.code})`;
		case "refused":
			return record.status === 401
				? "HTTP 401: the job's token is not valid any more, as after a cancel"
				: `HTTP ${record.status}`;
		case "known": {
			const step = lastStarted(record);
			const state = [step?.status, step?.conclusion].filter(Boolean).join(", ");
			return `the job is ${[record.status, record.conclusion].filter(Boolean).join(", ")}; last step: ${step ? `${step.name} (${state})` : "none"}`;
		}
	}
}
