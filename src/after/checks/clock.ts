import { type Check, defineCheck, type Verdict } from "../../checks/check.ts";
import { finding } from "../../checks/words.ts";
import { machineStateProbe } from "../../probes/machine-state.ts";
import { atStart } from "../facts.ts";
import { sameBoot } from "../span.ts";
import { intro, words } from "./clock-words.ts";
import { afterReboot, notSeenBefore } from "./unseen.ts";

/** Without a jump, both clocks agree within some milliseconds. */
const muchMs = 1000;

export const afterClock: Check = defineCheck({
	id: "after/clock",
	title: "The clock was not set",
	intro,
	reasons: words,
	needs: { before: atStart(machineStateProbe), now: machineStateProbe },
	judge({ before, now }): Verdict<"jumped"> {
		if (!before) return notSeenBefore("the clock");
		if (!sameBoot(before, now)) return afterReboot;
		if (before.uptime === undefined || now.uptime === undefined)
			return {
				kind: "skip",
				reason: "not-applicable",
				message: "The time since the machine was started is not known.",
			};
		const [byClock, byUptime] = [now.time - before.time, now.uptime - before.uptime];
		const jumped = byClock - byUptime;
		const evidence = [
			{ source: "/proc/uptime", text: `${byUptime} ms since the start, ${byClock} ms by the clock` },
		] as const;
		if (Math.abs(jumped) < muchMs) return { kind: "pass", message: "The clock went on evenly", evidence };
		const seconds = Math.round(jumped / 1000);
		return finding(words, "jumped", { seconds }, { observed: `${seconds} s`, evidence });
	},
});
