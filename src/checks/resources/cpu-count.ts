import { type CpuFacts, type CpuQuota, cpuProbe } from "../../probes/cpu.ts";
import type { Evidence, Proof } from "../check.ts";
import { type Bound, cpusOf, intro, words } from "./cpu-count-words.ts";
import { floorCheck, lowestOf } from "./floor-check.ts";
import type { Unreadable } from "./floor-words.ts";

export const cpuCount = floorCheck({
	id: "cpu/count",
	title: "The job gets as many CPUs as the profile asks for",
	intro,
	words,
	probe: cpuProbe,
	key: "cpus",
	format: cpusOf,
	supplyOf(cpu) {
		const evidence = evidenceOf(cpu);
		const unreadable = unreadableOf(cpu);
		const bound = lowestOf(boundsOf(cpu), ({ cpus }) => cpus);
		return bound === undefined
			? { amount: undefined, unreadable, evidence }
			: { amount: bound.cpus, seen: { ...bound, online: cpu.online }, unreadable, evidence };
	},
});

function boundsOf({ online, allowed, quotas }: CpuFacts): readonly Bound[] {
	return [
		...(online === undefined ? [] : [{ by: "machine", cpus: online } as const]),
		...(allowed.kind === "read" ? [{ by: "allowed", cpus: allowed.count } as const] : []),
		...quotas.flatMap((quota) => (quota.kind === "limited" ? [{ by: "quota", cpus: quota.cpus } as const] : [])),
	];
}

function evidenceOf({ online, source, allowed, quotas }: CpuFacts): Proof {
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

function unreadableOf({ online, source, allowed, quotas }: CpuFacts): readonly Unreadable[] {
	return [
		...(online === undefined ? [{ path: source }] : []),
		...(allowed.kind === "unreadable" ? [{ path: "/proc/self/status", errno: allowed.code }] : []),
		...quotas.flatMap((quota) => (quota.kind === "unreadable" ? [{ path: quota.source, errno: quota.code }] : [])),
	];
}
