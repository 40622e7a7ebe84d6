import { type Check, defineCheck, type Evidence, isProof, type Verdict } from "../../checks/check.ts";
import { finding, undecided } from "../../checks/words.ts";
import { containerProbe } from "../../probes/container.ts";
import type { KernelMessage } from "../../probes/kernel-messages.ts";
import { machineStateProbe } from "../../probes/machine-state.ts";
import { type NvidiaFacts, nvidiaProbe } from "../../probes/nvidia.ts";
import type { NvidiaGpu } from "../../probes/nvidia-output.ts";
import { formatBytes } from "../../report/units.ts";
import { atStart, ifLooked } from "../facts.ts";
import { kernelMessages } from "../handles.ts";
import { sameBoot } from "../span.ts";
import { intro, unknowns, words } from "./gpu-words.ts";
import { afterReboot, notSeenBefore } from "./unseen.ts";

type Reason = keyof typeof words;

/** Faults of programs: a bad access, an exception of a shader, a channel that was stopped. NVIDIA, "Xid Errors". */
const ofPrograms = [13, 31, 43, 45, 68, 69];
/** Faults of the card, its memory, its link or its firmware. */
const ofHardware = [48, 61, 62, 64, 74, 79, 94, 95, 119, 120, 140];
/** The card repaired itself, or counted errors that it corrected: no program notices. What one does notice has a number of its own. */
const ofRepairs = [63, 92];

/** What nvidia-smi prints about a card that went away. */
const awayMessage =
	/GPU is lost|No devices were found|Unable to determine the device handle|Failed to initialize NVML|couldn't communicate with the NVIDIA driver/i;

export const afterGpu: Check = defineCheck({
	id: "after/gpu",
	title: "The GPUs stayed and kept their memory",
	intro,
	reasons: words,
	needs: {
		before: atStart(nvidiaProbe),
		now: ifLooked(nvidiaProbe),
		start: atStart(machineStateProbe),
		state: machineStateProbe,
		kernel: kernelMessages,
		container: containerProbe,
	},
	judge({ before, now, start, state, kernel, container }): Verdict<Reason> {
		if (!start) return notSeenBefore("the GPUs");
		if (!sameBoot(start, state)) return afterReboot;
		const was = gpusOf(before);
		if (was.length === 0 || !before)
			return { kind: "skip", reason: "not-applicable", message: "No GPU was listed at the start." };
		const times = { start, state };
		const xids = kernel.kind === "read" ? kernel.messages.filter(({ about }) => about === "xid") : [];
		const ofXids = xids.slice(-3).map(({ text }): Evidence => ({ source: "/dev/kmsg", text }));
		const run = now?.run;
		if (!now || !run || run.kind !== "exited") {
			const observed = run?.kind === "timed-out" ? "`nvidia-smi` did not answer" : "`nvidia-smi` was not run";
			return undecided(
				unknowns,
				"no-answer",
				{ observed },
				{
					observed,
					evidence: [{ source: before.run?.command ?? "nvidia-smi", text: observed }, ...ofXids],
				},
			);
		}
		const is = gpusOf(now);
		const lost = was.filter((gpu) => !is.some((one) => sameGpu(one, gpu) && !isLost(one)));
		const evidence: readonly Evidence[] = [
			{
				source: run.command,
				text: `${was.length} GPUs at the start, ${is.length - is.filter(isLost).length} now. ${run.messages}`
					.trim()
					.slice(0, 300),
			},
		];
		// NVIDIA/nvidia-container-toolkit#48: the nodes are there, and the control group denies them.
		const byContainer =
			container.mode === "container" && is.length === 0 && /initialize NVML: Unknown Error/i.test(run.messages);
		if (lost.length > 0 && (is.length > 0 || awayMessage.test(run.messages)))
			return finding(
				words,
				"lost",
				{ ...times, lost, of: was.length, byContainer },
				{
					observed: `${lost.length} of ${was.length} GPUs are gone`,
					evidence: [...evidence, ...ofXids],
				},
			);
		if (lost.length > 0)
			return undecided(
				unknowns,
				"no-answer",
				{ observed: run.messages || `exit code ${run.code}` },
				{
					observed: `exit code ${run.code}`,
					evidence,
				},
			);
		const xid = worstXid(xids);
		if (xid !== undefined) {
			const seen = { ...times, xid };
			if (ofHardware.includes(xid)) return finding(words, "xid", seen, { observed: `Xid ${xid}`, evidence: ofXids });
			if (ofPrograms.includes(xid))
				return finding(
					words,
					"xid",
					{ ...seen, isOfProgram: true },
					{ observed: `Xid ${xid}`, evidence: ofXids, level: "warn", by: "job" },
				);
			return undecided(unknowns, "xid", seen, { observed: `Xid ${xid}`, evidence: ofXids });
		}
		const taken = was.find((gpu) =>
			isTaken(
				gpu,
				is.find((one) => sameGpu(one, gpu)),
			),
		);
		if (taken) {
			const free = is.find((one) => sameGpu(one, taken))?.memoryFree ?? 0;
			const observed = `${formatBytes(free)} free`;
			return finding(
				words,
				"memory-taken",
				{ ...times, name: nameOf(taken), was: taken.memoryFree ?? 0, free },
				{ observed, evidence: [{ source: run.command, text: observed }] },
			);
		}
		const slow = is.find((gpu) => isSlowed(gpu) && !was.some((one) => sameGpu(one, gpu) && isSlowed(one)));
		if (slow)
			return finding(
				words,
				"throttled",
				{ ...times, name: nameOf(slow) },
				{ observed: "slowed down by its hardware", evidence },
			);
		if (!isProof(evidence)) return notSeenBefore("the GPUs");
		const message = `All ${was.length} GPUs of the start are listed`;
		return { kind: "pass", message, evidence: [...evidence, ...ofXids] };
	},
});

function gpusOf(facts: NvidiaFacts | null): readonly NvidiaGpu[] {
	return facts?.run?.form === "csv" ? facts.run.gpus : [];
}

function sameGpu(a: NvidiaGpu, b: NvidiaGpu): boolean {
	return a.uuid !== undefined && b.uuid !== undefined ? a.uuid === b.uuid : a.index === b.index;
}

function isLost({ troubles = {} }: NvidiaGpu): boolean {
	return Object.values(troubles).some((trouble) => /GPU is lost|GPU requires reset/i.test(trouble));
}

function isSlowed({ thermalSlowdown, hardwareSlowdown, powerBrake }: NvidiaGpu): boolean {
	return thermalSlowdown === true || hardwareSlowdown === true || powerBrake === true;
}

/** More than half of what was free is used. */
function isTaken(was: NvidiaGpu, is: NvidiaGpu | undefined): boolean {
	return was.memoryFree !== undefined && is?.memoryFree !== undefined && is.memoryFree < was.memoryFree / 2;
}

/** One of the hardware, if there is one. */
function worstXid(messages: readonly KernelMessage[]): number | undefined {
	const xids = messages.flatMap(({ xid }) => xid ?? []).filter((xid) => !ofRepairs.includes(xid));
	return (
		xids.find((xid) => ofHardware.includes(xid)) ??
		xids.find((xid) => !ofPrograms.includes(xid)) ??
		xids[xids.length - 1]
	);
}

export function nameOf({ name, index }: NvidiaGpu): string {
	return [name ?? "GPU", index === undefined ? "" : `(${index})`].join(" ").trim();
}
