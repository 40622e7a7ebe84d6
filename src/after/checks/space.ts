import { type Check, defineCheck, type Evidence, isProof, type Verdict } from "../../checks/check.ts";
import { placeName } from "../../checks/resources/places.ts";
import { findingOf, type ReasonWords, undecided, undecidedOf } from "../../checks/words.ts";
import { own } from "../../own.ts";
import { containerProbe } from "../../probes/container.ts";
import { type DiskPlace, disksProbe } from "../../probes/disks.ts";
import { type JobLog, jobLogProbe, type LogLine } from "../../probes/job-log.ts";
import { type MachineState, machineStateProbe } from "../../probes/machine-state.ts";
import { formatBytes, formatCount } from "../../report/units.ts";
import { atStart, ifLooked } from "../facts.ts";
import { writtenSince } from "../handles.ts";
import { grown, isOtherMachine, sameBoot } from "../span.ts";
import {
	diskIntro,
	diskUnknowns,
	diskWords,
	inodesIntro,
	inodesUnknowns,
	inodesWords,
	logUnknowns,
	type SpaceUnknowns,
	type UsedUp,
} from "./space-words.ts";
import { notSeenBefore, otherMachine } from "./unseen.ts";

type Measured = Extract<DiskPlace, { kind: "measured" }>;

/** Of what a disk can run out, and when it has. */
interface Quantity {
	free(place: Measured): number | undefined;
	total(place: Measured): number | undefined;
	/** Below this, nothing of use can be written. */
	readonly least: number;
	/** Below this, something may have failed that needed more, or that freed some when it failed. */
	readonly little: number;
	format(value: number): string;
	/** `free space` */
	readonly what: string;
	/** What was written to the disks since. */
	toDevices(start: MachineState, state: MachineState): readonly Evidence[];
	/** What programs of the job said about it. */
	saidIn(log: JobLog | null, start: MachineState): readonly LogLine[];
}

const mebibyte = 2 ** 20;
const bytes: Quantity = {
	free: ({ freeBytes }) => freeBytes,
	total: ({ totalBytes }) => totalBytes,
	least: 16 * mebibyte,
	little: 1024 * mebibyte,
	format: (value) => `${formatBytes(value)} free`,
	what: "free space",
	toDevices,
	saidIn: (log, { time }) => (log?.noSpace ?? []).filter((line) => line.time === undefined || line.time >= time),
};
const inodes: Quantity = {
	free: ({ freeInodes }) => freeInodes,
	total: ({ totalInodes }) => totalInodes,
	least: 64,
	little: 1000,
	format: (value) => `${formatCount(value)} inodes free`,
	what: "free inodes",
	toDevices: () => [],
	// The words are the same, and one finding is enough.
	saidIn: () => [],
};

/** ext4 counts what anyone wrote, and Linux has nothing that remembers how full a disk was. */
function toDevices(start: MachineState, state: MachineState): readonly Evidence[] {
	const names = new Set(state.mounts.flatMap(({ name }) => name ?? []));
	return [...names].flatMap((name) => {
		const bytes = toDevice(name, start, state);
		if (bytes === undefined) return [];
		const text = `${formatBytes(bytes)} written since the start, by any program`;
		return [{ source: `/sys/fs/ext4/${name}/session_write_kbytes`, text }];
	});
}

/** Bytes that were written to a device since the start, if that is much. */
function toDevice(name: string | undefined, start: MachineState, state: MachineState): number | undefined {
	if (name === undefined || !sameBoot(start, state)) return undefined;
	const written = grown(own(start.ext4, name)?.writtenKiB, own(state.ext4, name)?.writtenKiB);
	return written === undefined || written < leastWrittenKiB ? undefined : written * 1024;
}

const leastWrittenKiB = 100 * 1024;

/** Part of a small file system that counts as nothing. */
const smallPart = 0.02;

type State = "well" | "little" | "out";

function stateOf(quantity: Quantity, free: number, total: number): State {
	if (free < Math.min(quantity.least, total * smallPart)) return "out";
	return free < Math.min(quantity.little, total * smallPart * 2) ? "little" : "well";
}

interface SpaceCheck<R extends string> {
	readonly id: string;
	readonly title: string;
	readonly intro: string;
	readonly reason: R;
	readonly words: Readonly<Record<R, ReasonWords<UsedUp>>>;
	readonly unknowns: SpaceUnknowns;
	readonly quantity: Quantity;
	readonly after?: readonly string[];
}

function spaceCheck<const R extends string>(how: SpaceCheck<R>): Check {
	const { id, title, intro, reason, words, unknowns, quantity, after = [] } = how;
	return defineCheck({
		id,
		title,
		intro,
		reasons: words as Readonly<Record<string, ReasonWords<UsedUp>>>,
		needs: {
			before: atStart(disksProbe),
			now: disksProbe,
			start: atStart(machineStateProbe),
			state: machineStateProbe,
			container: containerProbe,
			log: ifLooked(jobLogProbe),
		},
		details: { of: [reason as string], needs: { written: writtenSince } },
		after,
		judge({ before, now, start, state, container, log, written }): Verdict {
			if (!before || !start) return notSeenBefore("the disks");
			if (isOtherMachine(start, state)) return otherMachine;
			const compared = compare(quantity, before.places, now.places, container.mode);
			const evidence = [...compared.evidence, ...quantity.toDevices(start, state)];
			if (compared.kind === "well") {
				const said = quantity.saidIn(log, start);
				const [last] = said.slice(-1);
				if (!last) return passed(quantity, evidence);
				const lines = said.map(({ text }) => ({ source: "the job's log", text }));
				return undecided(
					logUnknowns,
					"said",
					{ last, start, state },
					{ observed: last.text, evidence: [...lines, ...evidence] },
				);
			}
			const { worst } = compared;
			const device = state.mounts.find(({ target }) => target === worst.target)?.name;
			const onDevice = toDevice(device, start, state);
			const seen = { ...worst, start, state, written: written?.written, onDevice };
			if (compared.kind !== "out") return undecidedOf(unknowns[compared.kind], seen, { observed: worst.is, evidence });
			const doing = worst.isOwn ? ({ level: "warn", by: "job" } as const) : {};
			return findingOf(reason, words[reason], seen, { observed: worst.is, evidence, ...doing });
		},
	});
}

export const afterDisk = spaceCheck({
	id: "after/disk",
	title: "No disk of the job filled up",
	intro: diskIntro,
	reason: "filled",
	words: diskWords,
	unknowns: diskUnknowns,
	quantity: bytes,
});

export const afterInodes = spaceCheck({
	id: "after/inodes",
	title: "No disk of the job ran out of inodes",
	intro: inodesIntro,
	reason: "used-up",
	words: inodesWords,
	unknowns: inodesUnknowns,
	quantity: inodes,
	// XFS makes inodes of free space: without any, it has neither.
	after: ["after/disk"],
});

function passed({ what }: Quantity, evidence: readonly Evidence[]): Verdict<never> {
	if (isProof(evidence)) return { kind: "pass", message: `The disks of the job have ${what}`, evidence };
	return {
		kind: "skip",
		reason: "not-applicable",
		message: `No disk whose ${what} could be counted at the start can be compared.`,
	};
}

/** One place at both times. */
export interface Compared {
	/** `the workspace` */
	readonly name: string;
	readonly path: string;
	/** `38 GiB free` */
	readonly was: string;
	readonly is: string;
	readonly lost: number;
	/** Where its file system is mounted. */
	readonly target: string | undefined;
	/** A tmpfs of the job's own container. */
	readonly isOwn: boolean;
}

type Comparison =
	| { readonly kind: "well"; readonly evidence: readonly Evidence[] }
	| {
			readonly kind: "out" | "was-out" | "little" | "unreadable";
			readonly worst: Compared;
			readonly evidence: readonly Evidence[];
	  };

const severity = ["out", "was-out", "unreadable", "little"] as const;

function compare(
	quantity: Quantity,
	before: Readonly<Record<string, DiskPlace>> | undefined,
	now: Readonly<Record<string, DiskPlace>>,
	mode: string,
): Comparison {
	const evidence: Evidence[] = [];
	const found: { kind: (typeof severity)[number]; worst: Compared }[] = [];
	const seen = new Set<string>();
	for (const [name, was] of Object.entries(before ?? {})) {
		const is = now[name];
		if (was?.kind !== "measured" || is === undefined) continue;
		const free = quantity.free(was);
		const total = quantity.total(was);
		if (free === undefined || total === undefined) continue;
		const place = { name: placeName(name), path: was.path, target: was.mount?.target };
		const base = { ...place, was: quantity.format(free), lost: 0, isOwn: false };
		if (is.kind !== "measured") {
			const code = is.kind === "unreadable" ? is.code : is.kind;
			// What the job removed is the job's, and what is not mounted any more is not this disk.
			if (code === "ENOENT" || is.kind === "not-visible") continue;
			evidence.push({ source: `statfs ${was.path}`, text: `${base.was} at the start, ${code} now` });
			found.push({ kind: "unreadable", worst: { ...base, is: code } });
			continue;
		}
		const freeNow = quantity.free(is);
		// Another file system was mounted there, or the variable names another place.
		const isSame = is.mount?.target === was.mount?.target && is.mount?.fsType === was.mount?.fsType;
		if (freeNow === undefined || !isSame) continue;
		// Places on one file system tell the same.
		const key = `${was.mount?.target ?? was.path} ${quantity.total(is)}`;
		if (seen.has(key)) continue;
		seen.add(key);
		const worst: Compared = {
			...base,
			is: quantity.format(freeNow),
			lost: free - freeNow,
			isOwn: mode === "container" && was.mount?.fsType === "tmpfs",
		};
		evidence.push({ source: `statfs ${was.path}`, text: `${worst.was} at the start, ${worst.is} now` });
		const [start, state] = [stateOf(quantity, free, total), stateOf(quantity, freeNow, quantity.total(is) ?? total)];
		if (state === "out") found.push({ kind: start === "well" ? "out" : "was-out", worst });
		else if (state === "little" && freeNow < free / 2) found.push({ kind: "little", worst });
	}
	const first = severity.flatMap((kind) => found.filter((one) => one.kind === kind))[0];
	return first ? { ...first, evidence } : { kind: "well", evidence };
}
