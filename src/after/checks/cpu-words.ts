import { reason } from "../../checks/words.ts";
import type { MachineState } from "../../probes/machine-state.ts";
import { span } from "../span.ts";
import type { Throttled } from "./cpu.ts";

interface Starved extends Throttled {
	readonly before: MachineState;
	readonly now: MachineState;
}

export const intro =
	"Compares `cpu.stat` of the job's control groups: in how many periods of its quota the job was stopped because the quota was used up. That a job was slow is certain then; that it failed for that is not. So this alone is never the runner's fault. How long programs waited for a CPU or a disk (`/proc/pressure`) is told next to it, and is never a finding: every parallel build waits for a CPU.";

export const words = {
	starved: reason<Starved>({
		level: "warn",
		title: "A CPU quota slowed the job down",
		why: "Tests with a time limit fail that pass elsewhere, and everything takes several times as long. That alone fails no job.",
		expected: "throttled in less than half of the periods",
		tell: ({ periods, throttled, throttledUs, before, now }) => ({
			what: `The job's CPU quota was used up in ${throttled} of ${periods} periods ${span(before, now)}, and its processes were stopped for ${(throttledUs / 1e6).toFixed(0)} s in all.`,
			fix: {
				text: "Raise `--cpus` where it is set, in `container.options` of the job or in the options of the runner's label (`CPUQuota=` of the runner's unit for host jobs), and raise time limits of tests that depend on speed.",
				kind: "runner",
			},
		}),
	}),
};
