import type { GroupMemory } from "../../probes/memory.ts";
import { formatBytes } from "../../report/units.ts";
import type { Remedy } from "../check.ts";
import { reason } from "../words.ts";
import type { BelowFloor } from "./floor-check.ts";
import { fewerJobs, lowerFloor, mebibytes, raiseLimit } from "./limit-fixes.ts";

export type LimitedGroup = Extract<GroupMemory, { kind: "limited" }>;

interface Low extends BelowFloor {
	/** What is available. */
	readonly bytes: number;
	/** The control group that leaves no more; `undefined`: the machine itself. */
	readonly group: LimitedGroup | undefined;
	/** What is available on the whole machine; `undefined`: unknown. */
	readonly onMachine: number | undefined;
}

export const intro =
	"Takes the lowest of what the kernel estimates to be available without swapping (`MemAvailable` in `/proc/meminfo`) and of what every control group that holds the job leaves: the container's `--memory`, the `MemoryMax=` or `MemoryHigh=` of a service, in cgroup version 1 or 2. Cached files of a group count as available, because the kernel drops them first, and so does the cache of ZFS, which `MemAvailable` leaves out. If one of these numbers cannot be read and none of the others is too low, the check is undecided.";

export const words = {
	low: reason<Low>({
		level: "warn",
		title: "Too little memory is available",
		headline: ({ bytes, floor }) => `Too little memory is available (${formatBytes(bytes)} of ${formatBytes(floor)})`,
		why: (seen) =>
			isHigh(seen.group) && !isShort(seen)
				? "Above this limit, the kernel takes memory back with each request for more: jobs do not fail, but become so slow that they seem to hang."
				: "When memory runs out, the kernel kills a process of the job. The log only shows `Killed`, `signal: 9, SIGKILL: kill` or exit code 137, usually while rustc links.",
		expected: ({ floor }) => `at least ${formatBytes(floor)} available`,
		tell: (seen) => ({
			what: `${formatBytes(seen.bytes)} of memory is available${seen.group ? ` within a control group's limit of ${formatBytes(seen.group.limitBytes)}` : ""}; ${seen.demand}.`,
			fix: seen.group && !isShort(seen) ? raiseGroup(seen, seen.group) : freeMachine(seen),
		}),
		more: "The kernel's log names the process that was killed: `sudo dmesg | grep -i oom`.",
	}),
};

/** systemd's `MemoryHigh=` */
function isHigh(group: LimitedGroup | undefined): boolean {
	return group?.source.endsWith("/memory.high") === true;
}

/** Then a higher limit of a group gives the job nothing. */
function isShort({ onMachine, floor }: Low): boolean {
	return onMachine !== undefined && onMachine < floor;
}

function raiseGroup({ bytes, floor, situation }: Low, group: LimitedGroup): Remedy {
	// The floor is for the job alone, so what is in use already comes on top.
	const size = mebibytes(group.limitBytes - bytes + floor);
	return {
		...raiseLimit(situation, {
			option: `--memory=${size}`,
			unit: `${isHigh(group) ? "MemoryHigh" : "MemoryMax"}=${size.toUpperCase()}`,
		}),
		otherwise: situation.inContainer ? lowerFloor("memory") : fewerJobs(situation),
	};
}

function freeMachine({ situation }: Low): Remedy {
	return {
		text: "Find out what uses the memory (other jobs, services, a model that stays loaded), and move it elsewhere. Or give the machine more memory.",
		commands: ["free -h", "ps -eo pid,rss,comm --sort=-rss | head"],
		kind: "host",
		otherwise: fewerJobs(situation),
	};
}
