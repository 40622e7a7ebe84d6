import { type Check, defineCheck, type Evidence, isProof, type Verdict } from "../../checks/check.ts";
import { finding, undecided } from "../../checks/words.ts";
import { containerProbe } from "../../probes/container.ts";
import type { ContainerSince, DockerSince, ToldEvent } from "../../probes/docker-since.ts";
import type { KernelMessage, KernelMessages, OomRecord } from "../../probes/kernel-messages.ts";
import { type GroupState, type MachineState, machineStateProbe } from "../../probes/machine-state.ts";
import { formatBytes } from "../../report/units.ts";
import { atStart } from "../facts.ts";
import { dockerSince, kernelMessages } from "../handles.ts";
import { grown, sameBoot } from "../span.ts";
import { intro, type Killed, unknowns, words } from "./memory-words.ts";
import { afterReboot, notSeenBefore } from "./unseen.ts";

type Reason = keyof typeof words;

/** Who was killed, and whether that is known to be the machine's or the job's doing. */
type Finding =
	| { readonly kind: "machine" | "job"; readonly killed: Killed; readonly evidence: readonly Evidence[] }
	| { readonly kind: "unknown"; readonly killed: Killed; readonly evidence: readonly Evidence[] };

export const afterMemory: Check = defineCheck({
	id: "after/memory",
	title: "No process was killed for lack of memory",
	intro,
	reasons: words,
	needs: {
		before: atStart(machineStateProbe),
		now: machineStateProbe,
		container: containerProbe,
		docker: dockerSince,
		kernel: kernelMessages,
	},
	judge({ before, now, container, docker, kernel }): Verdict<Reason> {
		if (!before) return notSeenBefore("what the kernel counts");
		if (!sameBoot(before, now)) return afterReboot;
		const evidence = evidenceOf(before, now);
		const inContainer = container.mode === "container";
		const found =
			(inContainer ? ofOwnContainer(before, now) : ofHost(before, now, kernel)) ??
			ofOtherContainers(docker, kernel, before) ??
			unexplained(before, now);
		if (found?.kind === "unknown")
			return undecided(
				unknowns,
				"whose",
				{ ...found.killed, before, now },
				{
					observed: found.killed.observed,
					evidence: [...found.evidence, ...evidence],
				},
			);
		if (found)
			return finding(
				words,
				"oom-killed",
				{ ...found.killed, before, now },
				{
					observed: found.killed.observed,
					evidence: [...found.evidence, ...evidence],
					...(found.kind === "job" && { level: "warn", by: "job" }),
				},
			);
		const stalled = stallOf(before, now);
		if (stalled !== undefined)
			return finding(
				words,
				"pressure",
				{ share: stalled, before, now },
				{
					observed: `all processes waited for memory ${stalled} % of the time`,
					evidence,
				},
			);
		const isCounted =
			grown(before.oomKills, now.oomKills) !== undefined || now.groups.some(({ oomKills }) => oomKills !== undefined);
		if (!isCounted || !isProof(evidence))
			return { kind: "skip", reason: "not-applicable", message: "The kernel does not count such kills here." };
		return { kind: "pass", message: "The kernel killed no process for lack of memory", evidence };
	},
});

/** Groups of the same path at both times that count kills; the innermost first. */
function pairs(before: MachineState, now: MachineState): readonly { was: GroupState; is: GroupState }[] {
	return now.groups.flatMap((is) => {
		const was = before.groups.find(({ path }) => path === is.path);
		return was && is.oomKills !== undefined && was.oomKills !== undefined ? [{ was, is }] : [];
	});
}

/** In a job container, its own group is the innermost one. */
function ofOwnContainer(before: MachineState, now: MachineState): Finding | undefined {
	const [own] = pairs(before, now);
	const kills = own ? (own.is.oomKills ?? 0) - (own.was.oomKills ?? 0) : 0;
	if (!own || kills <= 0) return undefined;
	const { limitBytes, peakBytes = 0, path, version } = own.is;
	// Version 2 counts how often the group met its limit. Version 1 has only the most that it used.
	const metLimit =
		version === 2
			? (grown(own.was.ooms, own.is.ooms) ?? 0) > 0
			: limitBytes !== undefined && peakBytes >= limitBytes * 0.98;
	// Without a limit of its own, version 2 counts that of a group in the container, which the job made. One around it does not count here.
	const isOwn = metLimit;
	const killed: Killed = {
		who: isOwn ? "own-limit" : "own-container",
		kills,
		...(limitBytes !== undefined && { limitBytes }),
		observed: `${kills} killed in the job's container`,
	};
	const limit = limitBytes === undefined ? "no limit of its own" : `a limit of ${formatBytes(limitBytes)}`;
	return {
		kind: isOwn ? "job" : "machine",
		killed,
		evidence: [
			{
				source: path,
				text: `oom_kill ${own.was.oomKills} at the start, ${own.is.oomKills} now; ${limit}, at most ${formatBytes(peakBytes)} used`,
			},
		],
	};
}

/** On the host, the group is the runner's, or the machine's. Only the kernel's log names the victim. */
function ofHost(before: MachineState, now: MachineState, kernel: KernelMessages): Finding | undefined {
	const [own] = pairs(before, now);
	const group = now.groups[0]?.path;
	const records = oomRecords(kernel);
	const isOwn = (name: string | undefined): boolean =>
		name !== undefined && name !== "/" && group !== undefined && (group.endsWith(name) || group.includes(`${name}/`));
	const ours = records.find(({ oom }) => isOwn(oom.group) && (oom.of === "machine" || isOwn(oom.limitGroup)));
	if (ours) {
		const { program } = ours.oom;
		return {
			kind: "machine",
			killed: {
				who: ours.oom.of === "machine" ? "machine" : "runner-limit",
				kills: 1,
				...(program !== undefined && { program }),
				observed: `${program ?? "a process"} of the runner's control group was killed`,
			},
			evidence: [{ source: "/dev/kmsg", text: ours.text }],
		};
	}
	const others = records.find(({ oom }) => oom.of === "machine");
	if (others)
		return {
			kind: "unknown",
			killed: {
				who: "other",
				kills: 1,
				...(others.oom.program && { program: others.oom.program }),
				observed: "a process outside of the runner's control group was killed",
			},
			evidence: [{ source: "/dev/kmsg", text: others.text }],
		};
	const kills = own ? (own.is.oomKills ?? 0) - (own.was.oomKills ?? 0) : 0;
	if (!own || kills <= 0) return undefined;
	return {
		kind: "unknown",
		killed: { who: "runner-group", kills, observed: `${kills} killed in the runner's control group` },
		evidence: [{ source: own.is.path, text: `oom_kill ${own.was.oomKills} at the start, ${own.is.oomKills} now` }],
	};
}

function oomRecords(kernel: KernelMessages): readonly (KernelMessage & { readonly oom: OomRecord })[] {
	if (kernel.kind !== "read") return [];
	return kernel.messages.filter((message): message is KernelMessage & { oom: OomRecord } => message.oom !== undefined);
}

/** Containers that were started since, such as those of the job. */
function ofOtherContainers(docker: DockerSince, kernel: KernelMessages, { time }: MachineState): Finding | undefined {
	const told = (docker.events?.told ?? []).filter((event) => event.type === "container" && event.time >= time);
	const isOurs = (id: string): boolean => id !== docker.self;
	const event = told.find(({ action, id }) => action === "oom" && isOurs(id));
	const kept = (docker.containers ?? []).find(
		({ id, oomKilled }) => oomKilled && isOurs(id) && (event === undefined || event.id === id),
	);
	const id = kept?.id ?? event?.id;
	if (id === undefined) return undefined;
	const known = kept ?? docker.containers?.find((container) => container.id === id);
	const isNew = known !== undefined || told.some(({ action, id: created }) => action === "create" && created === id);
	const name = known?.name ?? event?.name ?? id.slice(0, 12);
	const byLog = oomRecords(kernel).some(({ oom }) => oom.of === "group" && oom.limitGroup?.includes(id));
	const limit = limitOf(known, byLog);
	const killed: Killed = {
		who: "container",
		kills: 1,
		container: name,
		...(limit !== undefined && limit > 0 && { limitBytes: limit }),
		observed: `the container ${name} was killed for lack of memory`,
	};
	const evidence = evidenceOfContainer(event, known);
	if (!isNew || limit === undefined) return { kind: "unknown", killed: { ...killed, isNew }, evidence };
	return { kind: limit === 0 ? "machine" : "job", killed, evidence };
}

/** Bytes; 0: it has none; 1: it has one of unknown size; `undefined`: not known. */
function limitOf(known: ContainerSince | undefined, byLog: boolean): number | undefined {
	if (known) return known.memory;
	return byLog ? 1 : undefined;
}

function evidenceOfContainer(event: ToldEvent | undefined, known: ContainerSince | undefined): readonly Evidence[] {
	return [
		...(event
			? [{ source: "GET /events", text: `${new Date(event.time).toISOString()} container oom ${event.name}` }]
			: []),
		...(known
			? [
					{
						source: `GET /containers/${known.name}/json`,
						text: `OOMKilled ${known.oomKilled}, ExitCode ${known.exitCode}, HostConfig.Memory ${known.memory}`,
					},
				]
			: []),
	];
}

/** The machine's counter went on, and nobody tells why. */
function unexplained(before: MachineState, now: MachineState): Finding | undefined {
	const kills = grown(before.oomKills, now.oomKills) ?? 0;
	if (kills <= 0) return undefined;
	return {
		kind: "unknown",
		killed: { who: "somewhere", kills, observed: `${kills} killed somewhere on this machine` },
		evidence: [],
	};
}

/** Shorter times say nothing. */
const leastMs = 5000;
const muchPercent = 20;

/** The part of the time in which all processes of the machine waited for memory, in percent, if it is much. */
function stallOf(before: MachineState, now: MachineState): number | undefined {
	const stalled = grown(before.pressure.memory?.full, now.pressure.memory?.full);
	const elapsed = now.time - before.time;
	if (stalled === undefined || elapsed < leastMs) return undefined;
	const percent = Math.round(stalled / elapsed / 10);
	return percent >= muchPercent ? percent : undefined;
}

function evidenceOf(before: MachineState, now: MachineState): readonly Evidence[] {
	const [own] = pairs(before, now);
	return [
		...(before.oomKills !== undefined && now.oomKills !== undefined
			? [{ source: "/proc/vmstat", text: `oom_kill ${before.oomKills} at the start, ${now.oomKills} now` }]
			: []),
		...(own
			? [{ source: own.is.path, text: `oom_kill ${own.was.oomKills} at the start, ${own.is.oomKills} now` }]
			: []),
	];
}
