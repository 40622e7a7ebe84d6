import type { RunOutcome } from "../../src/host/host.ts";
import type { SmokePlan, StepEvent } from "../../src/smoke/plan.ts";
import { exited } from "./fake-host.ts";

/** How a command of `smoke` ends: `undefined` hangs. */
export type Ending = { readonly exit: number; readonly stdout: string; readonly stderr: string } | undefined;

/** What the process that does the steps of `smoke` prints, if its programs end like that. */
export function smokeRun(plan: string, ending: (command: readonly string[]) => Ending): RunOutcome {
	const { sequences } = JSON.parse(plan) as SmokePlan;
	const events: StepEvent[] = [];
	let hangs = false;
	for (const { name, steps } of sequences) {
		for (const [step, { command }] of steps.entries()) {
			events.push({ began: name, step });
			const ended = ending(command);
			hangs ||= ended === undefined;
			if (!ended) break;
			const { exit, stdout, stderr } = ended;
			events.push({ ended: name, step, code: exit < 0 ? null : exit, ms: 1, output: `${stdout}${stderr}` });
			if (exit !== 0) break;
		}
	}
	const stdout = events.map((event) => `${JSON.stringify(event)}\n`).join("");
	return hangs ? { kind: "timed-out", abandoned: false, stdout, stderr: "", ms: 1 } : exited(stdout);
}
