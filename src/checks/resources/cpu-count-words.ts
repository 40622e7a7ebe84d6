import type { Remedy } from "../check.ts";
import { reason } from "../words.ts";
import type { BelowFloor } from "./floor-check.ts";
import { lowerFloor, raiseLimit } from "./limit-fixes.ts";

/** One of the limits that hold at the same time. */
export interface Bound {
	readonly by: "machine" | "allowed" | "quota";
	readonly cpus: number;
}

interface Low extends BelowFloor, Bound {
	/** CPUs of the machine that are online; `undefined`: unknown. */
	readonly online: number | undefined;
}

export const intro =
	"Takes the lowest of three numbers: the CPUs that are online, those of them that the job may run on (`Cpus_allowed_list` in `/proc/self/status`, which includes cpusets and affinity), and the quotas of the control groups that hold the job (`cpu.max`, or `cpu.cfs_quota_us` in version 1). `nproc` shows the first two and misses the quota.";

export const words = {
	low: reason<Low>({
		level: "warn",
		title: "Too few CPUs",
		headline: ({ cpus, floor }) => `Too few CPUs (${cpus} of ${floor})`,
		why: "Builds and tests take longer in proportion, and run into time limits. Tools that count the machine's CPUs start more threads than can run at a time, which also costs memory.",
		expected: ({ floor }) => `at least ${cpusOf(floor)}`,
		tell: (seen) => ({ what: `${limitOf(seen)}; ${seen.demand}.`, fix: fixLow(seen) }),
	}),
};

function limitOf({ by, cpus, online }: Low): string {
	const some = online === undefined ? cpusOf(cpus) : `${cpus} of the machine's ${cpusOf(online)}`;
	switch (by) {
		case "machine":
			return `This machine has ${cpusOf(cpus)} online`;
		case "allowed":
			return `This job may run on ${some}`;
		case "quota":
			return `A control group's quota limits this job to the time of ${some}`;
	}
}

function fixLow({ by, floor, online, situation }: Low): Remedy {
	const otherwise = lowerFloor("cpus");
	if (by === "machine" || (online !== undefined && online < floor)) {
		return {
			text: "Give the machine more CPUs, or move the label to a larger machine: this one has no more online.",
			commands: ["nproc --all", "cat /sys/devices/system/cpu/online"],
			kind: "host",
			otherwise,
		};
	}
	if (by === "quota") {
		return {
			...raiseLimit(situation, {
				option: `--cpus=${floor}`,
				unit: `CPUQuota=${Math.ceil(floor * 100)}%`,
			}),
			otherwise,
		};
	}
	const last = Math.max(0, Math.ceil(floor) - 1);
	const list = last === 0 ? "0" : `0-${last}`;
	return {
		...raiseLimit(situation, {
			option: `--cpuset-cpus=${list}`,
			unit: `AllowedCPUs=${list}\nCPUAffinity=${list}`,
		}),
		otherwise,
	};
}

/** `1 CPU`, `1.5 CPUs` */
export function cpusOf(count: number): string {
	return `${count} ${count === 1 ? "CPU" : "CPUs"}`;
}
