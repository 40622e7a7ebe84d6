import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type GroupMemory, type MachineMemory, type MemoryFacts, memoryProbe } from "../../probes/memory.ts";
import { formatBytes } from "../../report/units.ts";
import { defineCheck, type Evidence, type Remedy, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { allow, demandFor, fewerJobs, mebibytes } from "./floors.ts";

type LimitedGroup = Extract<GroupMemory, { kind: "limited" }>;

/** What one place leaves: the machine, or a control group with a limit. */
interface Room {
	readonly bytes: number;
	/** `undefined`: the machine. */
	readonly group: LimitedGroup | undefined;
}

export const memoryAvailable = defineCheck({
	id: "memory/available",
	title: "There is the memory that the profile asks for",
	reasons: { low: { level: "warn", title: "less memory available than the profile asks for" } },
	needs: { memory: memoryProbe, container: containerProbe, job: jobProbe },
	applies: (policy) => policy.memory !== undefined,
	judge({ memory, container, job }, policy): Verdict<"low"> {
		const { machine, groups } = memory;
		if (machine.kind === "not-linux") {
			return { kind: "skip", reason: "not-applicable", message: "Only Linux tells how much memory can be had." };
		}
		const floor = policy.memory ?? 0;
		const evidence = [machineEvidence(machine), ...groups.map(groupEvidence)];
		const tightest = tightestOf(machine, groups);
		if (tightest && tightest.bytes < floor) return low(tightest, floor, policy, situationOf(container, job), evidence);
		if (!tightest || machine.kind === "unreadable" || groups.some(({ kind }) => kind === "unreadable")) {
			return { kind: "undecided", message: `Cannot be read: ${unreadableOf(memory)}.`, evidence };
		}
		return {
			kind: "pass",
			message: `${formatBytes(tightest.bytes)} of memory available (${formatBytes(floor)} asked for)`,
			evidence,
		};
	},
});

/** The machine's memory and every limit on the way up hold at once: the least of them is what a job gets. */
function tightestOf(machine: MachineMemory, groups: readonly GroupMemory[]): Room | undefined {
	const rooms: Room[] = [
		...(machine.kind === "read" ? [{ bytes: machine.availableBytes, group: undefined }] : []),
		...groups.flatMap((group) => (group.kind === "limited" ? [{ bytes: leftIn(group), group }] : [])),
	];
	return rooms.reduce<Room | undefined>(
		(least, room) => (least && least.bytes <= room.bytes ? least : room),
		undefined,
	);
}

function leftIn({ limitBytes, usedBytes, cacheBytes }: LimitedGroup): number {
	return Math.max(0, limitBytes - Math.max(0, usedBytes - cacheBytes));
}

function low(
	{ bytes, group }: Room,
	floor: number,
	policy: Policy,
	situation: Situation,
	evidence: readonly Evidence[],
): Verdict<"low"> {
	const within = group ? ` within a limit of ${formatBytes(group.limitBytes)}` : "";
	return {
		kind: "finding",
		reason: "low",
		message: `${formatBytes(bytes)} of memory available${within}; ${demandFor("memory", formatBytes(floor), policy)}.`,
		why: "When memory runs out, the kernel kills a process of the job: the log shows no more than `Killed`, `signal: 9` or exit code 137, mostly while rustc links.",
		expected: `at least ${formatBytes(floor)} available`,
		observed: formatBytes(bytes),
		evidence,
		remedy: group ? limitRemedy(group, bytes, floor, situation) : machineRemedy(situation),
	};
}

function limitRemedy(group: LimitedGroup, left: number, floor: number, situation: Situation): Remedy {
	// What is taken already comes on top of what the job is to have.
	const size = mebibytes(group.limitBytes - left + floor);
	return {
		...allow(situation, {
			cause: `A control group lets the job have ${formatBytes(group.limitBytes)} in all.`,
			option: `--memory=${size}`,
			unit: `MemoryMax=${size.toUpperCase()}`,
		}),
		...(!situation.inContainer && { otherwise: fewerJobs(situation) }),
	};
}

function machineRemedy(situation: Situation): Remedy {
	return {
		text: `See what takes the memory of the ${situation.inContainer ? "runner's host" : "machine"}: other jobs, services, a model that stays loaded. Move it elsewhere, or give the machine more.`,
		commands: ["free -h", "ps -eo pid,rss,comm --sort=-rss | head"],
		kind: "host",
		otherwise: fewerJobs(situation),
	};
}

function machineEvidence(machine: Exclude<MachineMemory, { kind: "not-linux" }>): Evidence {
	const text =
		machine.kind === "read"
			? `${formatBytes(machine.availableBytes)} available of ${formatBytes(machine.totalBytes)}`
			: machine.code;
	return { source: "/proc/meminfo", text };
}

function groupEvidence(group: GroupMemory): Evidence {
	if (group.kind === "unreadable") return { source: group.source, text: group.code };
	const { source, limitBytes, usedBytes, cacheBytes } = group;
	return {
		source,
		text: `limit ${formatBytes(limitBytes)}, ${formatBytes(usedBytes)} used, of that ${formatBytes(cacheBytes)} cache of files`,
	};
}

function unreadableOf({ machine, groups }: MemoryFacts): string {
	return [
		...(machine.kind === "unreadable" ? [`\`/proc/meminfo\` (${machine.code})`] : []),
		...groups.flatMap((group) => (group.kind === "unreadable" ? [`\`${group.source}\` (${group.code})`] : [])),
	].join(", ");
}
