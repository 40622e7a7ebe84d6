import { type GroupMemory, type MachineMemory, memoryProbe } from "../../probes/memory.ts";
import { formatBytes } from "../../report/units.ts";
import type { Evidence, Proof } from "../check.ts";
import { floorCheck, lowestOf } from "./floor-check.ts";
import { intro, type LimitedGroup, words } from "./memory-available-words.ts";

export const memoryAvailable = floorCheck({
	id: "memory/available",
	title: "As much memory is available as the profile asks for",
	intro,
	words,
	probe: memoryProbe,
	key: "memory",
	format: formatBytes,
	supplyOf({ machine, groups }) {
		if (machine.kind === "not-linux") return "Only Linux reports how much memory is available.";
		const evidence: Proof = [machineEvidence(machine), ...groups.map(groupEvidence)];
		const unreadable = [
			...(machine.kind === "unreadable" ? [{ path: "/proc/meminfo", errno: machine.code }] : []),
			...groups.flatMap((group) => (group.kind === "unreadable" ? [{ path: group.source, errno: group.code }] : [])),
		];
		const rooms = [
			...(machine.kind === "read" ? [{ bytes: machine.availableBytes, group: undefined }] : []),
			...groups.flatMap((group) => (group.kind === "unreadable" ? [] : [{ bytes: leftIn(group), group }])),
		];
		const room = lowestOf(rooms, ({ bytes }) => bytes);
		return room === undefined
			? { amount: undefined, unreadable, evidence }
			: {
					amount: room.bytes,
					seen: { ...room, onMachine: machine.kind === "read" ? machine.availableBytes : undefined },
					passed: `${formatBytes(room.bytes)} of memory is available`,
					unreadable,
					evidence,
				};
	},
});

/** The kernel drops cached files before it lets a group run out of memory. */
function leftIn({ limitBytes, usedBytes, cacheBytes }: LimitedGroup): number {
	return Math.max(0, limitBytes - Math.max(0, usedBytes - cacheBytes));
}

function machineEvidence(machine: Exclude<MachineMemory, { kind: "not-linux" }>): Evidence {
	if (machine.kind === "unreadable") return { source: "/proc/meminfo", text: machine.code };
	const { availableBytes, totalBytes, arcBytes } = machine;
	const text = `${formatBytes(availableBytes)} available of ${formatBytes(totalBytes)}`;
	return arcBytes === undefined
		? { source: "/proc/meminfo", text }
		: {
				source: "/proc/meminfo, /proc/spl/kstat/zfs/arcstats",
				text: `${text}, including ${formatBytes(arcBytes)} in the cache of ZFS`,
			};
}

function groupEvidence(group: GroupMemory): Evidence {
	if (group.kind === "unreadable") return { source: group.source, text: group.code };
	const { source, limitBytes, usedBytes, cacheBytes } = group;
	return {
		source,
		text: `limit ${formatBytes(limitBytes)}, ${formatBytes(usedBytes)} used, of which ${formatBytes(cacheBytes)} are cached files`,
	};
}
