import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { type CpuFacts, type CpuQuota, cpuProbe } from "../../probes/cpu.ts";
import { jobProbe } from "../../probes/job.ts";
import { defineCheck, type Evidence, type Remedy, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { allow, demandFor, lowerFloor } from "./floors.ts";

/** What bounds the CPUs of a job. */
interface Bound {
	readonly by: "machine" | "allowed" | "quota";
	readonly cpus: number;
}

export const cpuCount = defineCheck({
	id: "cpu/count",
	title: "There are the CPUs that the profile asks for",
	reasons: { low: { level: "warn", title: "fewer CPUs than the profile asks for" } },
	needs: { cpu: cpuProbe, container: containerProbe, job: jobProbe },
	applies: (policy) => policy.cpus !== undefined,
	judge({ cpu, container, job }, policy): Verdict<"low"> {
		const floor = policy.cpus ?? 0;
		const evidence = evidenceOf(cpu);
		const least = leastOf(cpu);
		if (least && least.cpus < floor) return low(least, cpu, floor, policy, situationOf(container, job), evidence);
		const unreadable = unreadableOf(cpu);
		if (!least || unreadable.length > 0) {
			return { kind: "undecided", message: `Cannot be read: ${unreadable.join(", ")}.`, evidence };
		}
		return { kind: "pass", message: `${cpusOf(least.cpus)} (${floor} asked for)`, evidence };
	},
});

/** All of them hold at once: the least is what a job gets. */
function leastOf({ online, allowed, quotas }: CpuFacts): Bound | undefined {
	const bounds: Bound[] = [
		...(online === undefined ? [] : [{ by: "machine", cpus: online } as const]),
		...(allowed.kind === "read" ? [{ by: "allowed", cpus: allowed.count } as const] : []),
		...quotas.flatMap((quota) => (quota.kind === "limited" ? [{ by: "quota", cpus: quota.cpus } as const] : [])),
	];
	return bounds.reduce<Bound | undefined>(
		(least, bound) => (least && least.cpus <= bound.cpus ? least : bound),
		undefined,
	);
}

function low(
	{ by, cpus }: Bound,
	{ online }: CpuFacts,
	floor: number,
	policy: Policy,
	situation: Situation,
	evidence: readonly Evidence[],
): Verdict<"low"> {
	const some = online === undefined ? cpusOf(cpus) : `${cpus} of the machine's ${cpusOf(online)}`;
	const state = {
		machine: `${cpusOf(cpus)} online`,
		allowed: `This job may run on ${some}`,
		quota: `A quota gives this job the time of ${some}`,
	}[by];
	return {
		kind: "finding",
		reason: "low",
		message: `${state}; ${demandFor("cpus", cpusOf(floor), policy)}.`,
		why: "Builds and tests take longer by as much, and what has a time limit runs into it. Tools that count the machine's CPUs start more threads than get to run.",
		expected: `at least ${cpusOf(floor)}`,
		observed: cpusOf(cpus),
		evidence,
		remedy: remedyOf(by, floor, online, situation),
	};
}

function remedyOf(by: Bound["by"], floor: number, online: number | undefined, situation: Situation): Remedy {
	const otherwise = lowerFloor("cpus");
	if (by === "machine" || (online !== undefined && online < floor)) {
		return {
			text: "The machine itself has no more of them online: give it more, or let a bigger one serve this label.",
			commands: ["nproc --all", "cat /sys/devices/system/cpu/online"],
			kind: "host",
			otherwise,
		};
	}
	if (by === "quota") {
		return {
			...allow(situation, {
				cause: "A control group gives the job a share of the time only.",
				option: `--cpus=${floor}`,
				unit: `CPUQuota=${Math.ceil(floor * 100)}%`,
			}),
			otherwise,
		};
	}
	const last = Math.max(0, Math.ceil(floor) - 1);
	const list = last === 0 ? "0" : `0-${last}`;
	return {
		...allow(situation, {
			cause: "The job may run on some of the CPUs only.",
			option: `--cpuset-cpus=${list}`,
			unit: `AllowedCPUs=${list}\nCPUAffinity=${list}`,
		}),
		otherwise,
	};
}

function evidenceOf({ online, source, allowed, quotas }: CpuFacts): Evidence[] {
	return [
		{ source, text: online === undefined ? "no number" : `${online} online` },
		...(allowed.kind === "not-linux"
			? []
			: [
					{
						source: "/proc/self/status",
						text: allowed.kind === "read" ? `may run on ${allowed.count} of them` : allowed.code,
					},
				]),
		...quotas.map(quotaEvidence),
	];
}

function quotaEvidence(quota: CpuQuota): Evidence {
	return { source: quota.source, text: quota.kind === "limited" ? `quota of ${cpusOf(quota.cpus)}` : quota.code };
}

function unreadableOf({ online, source, allowed, quotas }: CpuFacts): string[] {
	return [
		...(online === undefined ? [`\`${source}\``] : []),
		...(allowed.kind === "unreadable" ? [`\`/proc/self/status\` (${allowed.code})`] : []),
		...quotas.flatMap((quota) => (quota.kind === "unreadable" ? [`\`${quota.source}\` (${quota.code})`] : [])),
	];
}

/** `1 CPU`, `1.5 CPUs` */
function cpusOf(count: number): string {
	return `${count} ${count === 1 ? "CPU" : "CPUs"}`;
}
