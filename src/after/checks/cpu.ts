import { type Check, defineCheck, type Verdict } from "../../checks/check.ts";
import { finding } from "../../checks/words.ts";
import { type GroupState, machineStateProbe } from "../../probes/machine-state.ts";
import { atStart } from "../facts.ts";
import { sameBoot } from "../span.ts";
import { intro, words } from "./cpu-words.ts";
import { afterReboot, notSeenBefore } from "./unseen.ts";

/** Fewer periods (a tenth of a second each, as Docker sets them) say nothing. */
const leastPeriods = 20;
const much = 0.5;

export const afterCpu: Check = defineCheck({
	id: "after/cpu",
	title: "No CPU quota starved the job",
	intro,
	reasons: words,
	needs: { before: atStart(machineStateProbe), now: machineStateProbe },
	judge({ before, now }): Verdict<"starved"> {
		if (!before) return notSeenBefore("what the kernel counts");
		if (!sameBoot(before, now)) return afterReboot;
		const used = now.groups.flatMap((is) => {
			const was = before.groups.find(({ path }) => path === is.path);
			return was ? usedBy(was, is) : [];
		});
		const [worst] = [...used].sort((a, b) => b.throttled / b.periods - a.throttled / a.periods);
		if (!worst)
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "No control group of this process had a CPU quota in use.",
			};
		const evidence = [
			{
				source: `${worst.path}/cpu.stat`,
				text: `${worst.throttled} of ${worst.periods} periods throttled, for ${(worst.throttledUs / 1e6).toFixed(1)} s`,
			},
		] as const;
		if (worst.periods < leastPeriods || worst.throttled < worst.periods * much)
			return { kind: "pass", message: "The CPU quota left the job most of its time", evidence };
		const observed = `${worst.throttled} of ${worst.periods} periods throttled`;
		return finding(words, "starved", { ...worst, before, now }, { observed, evidence });
	},
});

/** What happened in between. */
export interface Throttled {
	readonly path: string;
	readonly periods: number;
	readonly throttled: number;
	readonly throttledUs: number;
}

function usedBy(was: GroupState, is: GroupState): Throttled | [] {
	if (!was.cpu || !is.cpu) return [];
	const periods = is.cpu.periods - was.cpu.periods;
	if (periods <= 0) return [];
	return {
		path: is.path,
		periods,
		throttled: is.cpu.throttled - was.cpu.throttled,
		throttledUs: is.cpu.throttledUs - was.cpu.throttledUs,
	};
}
