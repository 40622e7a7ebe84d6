import type { Remedy } from "../../checks/check.ts";
import { code, cut, upperFirst } from "../../checks/text.ts";
import { reason, unknown } from "../../checks/words.ts";
import type { MachineState } from "../../probes/machine-state.ts";
import { formatBytes } from "../../report/units.ts";
import { span } from "../span.ts";

/** Whose process the kernel killed, as far as it is known. */
export interface Killed {
	/**
	 * `own-limit`: in the job's container, at its own limit; `own-container`: there, without having met a limit; `machine`: in the
	 * runner's group, as the machine had no more; `runner-limit`: there, at the limit of the runner's service; `runner-group`: there, at whose limit
	 * is unknown; `container`: another container; `other`: elsewhere, as the machine had no more; `somewhere`: only a counter says so.
	 */
	readonly who:
		| "own-limit"
		| "own-container"
		| "machine"
		| "runner-limit"
		| "runner-group"
		| "container"
		| "other"
		| "somewhere";
	readonly kills: number;
	readonly limitBytes?: number;
	readonly program?: string;
	readonly container?: string;
	/** The container was created after the start of the job. */
	readonly isNew?: boolean;
	readonly observed: string;
}

interface Seen extends Killed {
	readonly before: MachineState;
	readonly now: MachineState;
}

interface Stalled {
	/** Percent. */
	readonly share: number;
	readonly before: MachineState;
	readonly now: MachineState;
}

export const intro =
	"Compares the kernel's counters: of the job's own control group (`memory.events` on cgroup v2, `memory.oom_control` on v1), and of the machine (`/proc/vmstat`). Docker's events and the containers that were created since the start tell whether it was one of them, and the kernel's log, if it can be read, names the victim. A job container that met its own limit is the job's doing, and so is a container with a limit that the job started. A kill that nobody claims is `unknown`.";

export const words = {
	"oom-killed": reason<Seen>({
		level: "fail",
		title: "A process was killed for lack of memory",
		headline: ({ who, container }) => titles[who]?.(container) ?? "A process was killed for lack of memory",
		why: "The kernel ends the process with SIGKILL: the step exits with 137, or the program reports `Killed`, `signal: 9` or a lost worker.",
		expected: "no process killed by the kernel",
		tell: (seen) => ({ what: `${upperFirst(whatOf(seen))} ${span(seen.before, seen.now)}.`, fix: fixOf(seen) }),
	}),
	pressure: reason<Stalled>({
		level: "warn",
		title: "The machine was short of memory during the job",
		why: "Programs wait for memory and disk instead of running, so that tests time out. That alone fails no job.",
		expected: "all processes waiting for memory less than 20 % of the time",
		tell: ({ share, before, now }) => ({
			what: `All processes of this machine waited for memory ${share} % of the time ${span(before, now)}.`,
			fix: {
				text: "Run fewer jobs at a time on this runner (`runner.capacity`), or give the machine more memory.",
				commands: ["free -m", "ps -eo rss,comm --sort=-rss | head"],
				kind: "host",
			},
		}),
	}),
};

export const unknowns = {
	whose: unknown<Seen>({
		title: "It is unknown whose process was killed for lack of memory",
		why: "If it was a process of this job, the step exits with 137, or the program reports `Killed`.",
		expected: "no kill, or one whose victim can be told",
		tell: (seen) => ({
			what: `${upperFirst(whatOf(seen))} ${span(seen.before, seen.now)}. ${whyUnknown(seen)}`,
			fix: lookInLog,
		}),
	}),
};

const titles: Readonly<Record<string, (container?: string) => string>> = {
	"own-limit": () => "The job's container ran into its own memory limit",
	"own-container": () => "The machine ran out of memory",
	machine: () => "The machine ran out of memory",
	"runner-limit": () => "The runner's service ran into its memory limit",
	container: (name = "") => `The container ${code(cut(name, 24))} ran out of memory`,
};

/** What happened, without the time. */
function whatOf({ who, kills, limitBytes, program, container = "" }: Killed): string {
	const processes = kills === 1 ? "a process" : `${kills} processes`;
	const named = program === undefined ? processes : code(cut(program, 40));
	const limit = limitBytes === undefined || limitBytes < 1024 ? "" : ` of ${formatBytes(limitBytes)}`;
	switch (who) {
		case "own-limit":
			return limitBytes === undefined
				? `the kernel killed ${processes} of the job's container at a memory limit that was set inside of it`
				: `the kernel killed ${processes} of the job's container at its own memory limit${limit}`;
		case "own-container":
			return `the kernel killed ${processes} of the job's container, which had not met a limit of its own: the machine, or a control group around the container, had no memory left`;
		case "machine":
			return `the machine ran out of memory, and the kernel killed ${named} of the runner's control group`;
		case "runner-limit":
			return `the runner's control group met its memory limit, and the kernel killed ${named}`;
		case "runner-group":
			return `the kernel killed ${processes} of the runner's control group`;
		case "container":
			return limitBytes === undefined
				? `the kernel killed a process of the container ${code(container)} for lack of memory`
				: `the container ${code(container)} met its own memory limit${limit}, and the kernel killed a process in it`;
		case "other":
			return `the machine ran out of memory, and the kernel killed ${named} outside of the runner's control group`;
		case "somewhere":
			return `the kernel killed ${processes} somewhere on this machine for lack of memory`;
	}
}

function whyUnknown({ who, isNew }: Killed): string {
	if (who === "container")
		return isNew
			? "The container is gone, and with it whether it had a limit of its own."
			: "The container is older than this job.";
	if (who === "runner-group") return "Other jobs of this runner are in the same group.";
	if (who === "other") return "It may have been a program that the job needs.";
	return "Neither Docker's events nor a container nor the kernel's log says which.";
}

const lookInLog: Remedy = {
	text: "Read the kernel's log on the runner's host as root: it names the program, its control group and whose limit was met.",
	commands: ["sudo dmesg --ctime | grep -A1 'oom-kill:'"],
	kind: "host",
};

function fixOf({ who, container = "" }: Killed): Remedy {
	if (who === "own-limit")
		return {
			text: "Raise `--memory` where it is set, in `container.options` of the job or in the options of the runner's label, or have the job need less, for example with fewer parallel compilers.",
			kind: "workflow",
		};
	if (who === "container")
		return {
			text: `Raise \`--memory\` of ${code(container)} (\`mem_limit\` in a compose file), or have it need less.`,
			kind: "workflow",
		};
	if (who === "runner-limit")
		return {
			text: "Raise `MemoryMax=` of the runner's unit, or run fewer jobs at a time (`runner.capacity`).",
			commands: ["systemctl show -p MemoryMax gitea-runner", "sudo systemctl edit gitea-runner"],
			kind: "host",
		};
	return {
		text: "Run fewer jobs at a time on this machine (`runner.capacity`), give it more memory, or limit what else runs on it.",
		commands: ["free -m", "ps -eo rss,comm --sort=-rss | head", "sudo dmesg --ctime | grep -A1 'oom-kill:'"],
		kind: "host",
	};
}
