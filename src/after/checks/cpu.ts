import { type Check, defineCheck, type Evidence, type Proof, type Verdict } from "../../checks/check.ts";
import { upperFirst } from "../../checks/text.ts";
import { finding } from "../../checks/words.ts";
import { type GroupState, type MachineState, machineStateProbe } from "../../probes/machine-state.ts";
import { atStart } from "../facts.ts";
import { grown, sameBoot } from "../span.ts";
import { intro, words } from "./cpu-words.ts";
import { afterReboot, notSeenBefore } from "./unseen.ts";

/** Fewer periods (a tenth of a second each, as Docker sets them) say nothing. */
const leastPeriods = 20;
const much = 0.5;
const leastMs = 5000;

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
				message: `No control group of this process had a CPU quota in use.${waitedText(before, now)}`,
			};
		const evidence: Proof = [
			{
				source: `${worst.path}/cpu.stat`,
				text: `${worst.throttled} of ${worst.periods} periods throttled, for ${(worst.throttledUs / 1e6).toFixed(1)} s`,
			},
			...pressureOf(before, now),
		];
		if (worst.periods < leastPeriods || worst.throttled < worst.periods * much)
			return { kind: "pass", message: "The CPU quota left the job most of its time", evidence };
		const observed = `${worst.throttled} of ${worst.periods} periods throttled`;
		return finding(words, "starved", { ...worst, before, now }, { observed, evidence });
	},
});

/** In percent of the time; shorter times say nothing. Builds always wait for a CPU, so this is not a finding. */
function pressureOf(before: MachineState, now: MachineState): readonly Evidence[] {
	const elapsed = now.time - before.time;
	const share = (stalled: number | undefined): string | undefined =>
		stalled === undefined || elapsed < leastMs ? undefined : `${Math.min(100, Math.round(stalled / elapsed / 10))} %`;
	const cpu = share(grown(before.pressure.cpu?.some, now.pressure.cpu?.some));
	const io = share(grown(before.pressure.io?.full, now.pressure.io?.full));
	return [
		...(cpu ? [{ source: "/proc/pressure/cpu", text: `some program waited for a CPU during ${cpu} of the time` }] : []),
		...(io ? [{ source: "/proc/pressure/io", text: `every program waited for a disk during ${io} of the time` }] : []),
	];
}

function waitedText(before: MachineState, now: MachineState): string {
	const texts = pressureOf(before, now).map(({ text }) => text);
	return texts.length > 0 ? ` ${upperFirst(texts.join(", and "))}.` : "";
}

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
