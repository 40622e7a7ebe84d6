import { code, cut } from "../../checks/text.ts";
import { reason, unknown } from "../../checks/words.ts";
import type { MachineState } from "../../probes/machine-state.ts";
import { span } from "../span.ts";

interface Times {
	readonly before: MachineState;
	readonly now: MachineState;
}

export const intro =
	"Compares the machine's `boot_id` with the start, and reads this job's own record from the forge with the job's own token (`actions: read` in private repositories). After a step that failed, the record has its end. If the runner itself was stopped, the step that it cut off is still in progress there: Gitea's runner then goes on with the post steps, and **log, job and run say success**. The same record is left by a job that meets the runner's own limit (`runner.timeout`): if it took a multiple of five minutes, the answer is `undecided`.";

const journal = "sudo journalctl --unit gitea-runner --since -2h | tail -n 50";

export const words = {
	restarted: reason<Times & { readonly step: string }>({
		level: "fail",
		title: "The runner was stopped in the middle of this job",
		why: "The runner cut the step off. Gitea may nevertheless show this job and its run as a success, although the step did not end.",
		expected: "a runner that lets its jobs end",
		tell: ({ step, before, now }) => ({
			what: `The runner was stopped ${span(before, now)} and cut the step ${code(cut(step, 80))} off. If this job is shown as a success, it is not one.`,
			fix: {
				text: "Let the runner wait for its jobs when it is stopped, with `shutdown_timeout` in its configuration, and let its service manager wait as long (`TimeoutStopSec=`). Then run the job again.",
				config: { file: "config.yaml", language: "yaml", text: "runner:\n  shutdown_timeout: 3h" },
				commands: [journal],
				kind: "runner",
			},
		}),
	}),
	rebooted: reason<Times>({
		level: "fail",
		title: "The machine was started again during the job",
		why: "Everything that was running ended.",
		expected: "the `boot_id` of the start",
		tell: ({ before, now }) => ({
			what: `The machine was started again ${span(before, now)}.`,
			fix: {
				text: "Find out why: an update, a watchdog, a power failure or a kernel panic.",
				commands: ["last -x reboot shutdown | head", "sudo journalctl --boot -1 | tail -n 50"],
				kind: "host",
			},
		}),
	}),
};

export const unknowns = {
	machine: unknown<object>({
		title: "This is not the machine of the report",
		why: "What differs between two machines says nothing about what made the job fail.",
		expected: "the machine where the report was written",
		tell: () => ({
			what: "This machine has another `boot_id` than the report, and it has been running since before the report was written.",
			fix: {
				text: "Run `runner-check after` on the machine, and in the container, where the report was written.",
				kind: "host",
			},
		}),
	}),
	limit: unknown<{ readonly step: string; readonly minutes: number }>({
		title: "It is unknown why the runner cut the step off",
		why: "A runner that is stopped cuts the step off, and so does one whose limit for a job is reached, which every job that hangs reaches.",
		expected: "a record in which every step has ended",
		tell: ({ step, minutes }) => ({
			what: `The runner cut the step ${code(cut(step, 80))} off ${minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`} after the job began. Either the job met the limit \`runner.timeout\`, which is 3 h unless it is set, or the runner was stopped.`,
			fix: {
				text: "Look at the last lines of the step: if it hung, fix that, and let `timeout-minutes` end it sooner. If it needs so long, raise the runner's limit. The runner's log says whether it was stopped.",
				config: { file: "config.yaml", language: "yaml", text: "runner:\n  timeout: 6h" },
				commands: [journal],
				kind: "runner",
			},
		}),
	}),
	late: unknown<{ readonly step: string }>({
		title: "It is unknown whether the runner was stopped",
		why: "A runner that is stopped cuts the step off, and Gitea may show the job as a success.",
		expected: "a record in which every step has ended",
		tell: ({ step }) => ({
			what: `The forge's record of this job has the step ${code(cut(step, 80))} still in progress, and the forge could not be asked again. The runner may have been stopped, or it may report late.`,
			fix: {
				text: "Look whether the runner's log says that it was stopped. With a `timeout` of `10s` or more, there is time to ask again.",
				commands: [journal],
				kind: "runner",
			},
		}),
	}),
	record: unknown<{ readonly said: string }>({
		title: "It is unknown whether the runner was stopped",
		why: "A runner that is stopped cuts the step off, and Gitea may show the job as a success.",
		expected: "the record of this job",
		tell: ({ said }) => ({
			what: `The forge did not give the record of this job: ${cut(said, 200)}.`,
			fix: {
				text: "Let the job's token read it, and look at the runner's log meanwhile.",
				config: {
					file: "the workflow's job",
					language: "yaml",
					text: "permissions:\n  contents: read\n  actions: read",
				},
				commands: [journal],
				kind: "workflow",
			},
		}),
	}),
};
