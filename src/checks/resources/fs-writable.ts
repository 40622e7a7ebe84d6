import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { type DisksFacts, disksProbe } from "../../probes/disks.ts";
import { jobProbe } from "../../probes/job.ts";
import { type WritableFacts, type WritablePlace, writableProbe } from "../../probes/writable.ts";
import { defineCheck, type Evidence, type Finding, isProof, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { nothingSeen } from "../nothing-seen.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { listed, octal, upperFirst } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { inodes, isShort, isUnreadable, space } from "./disk-levels.ts";
import { type Denied, intro, unknowns, words } from "./fs-writable-words.ts";
import { placeName } from "./places.ts";

type Reason = keyof typeof words;

/** Places that every job has. A home that does not exist is not tried. */
const always: readonly WritablePlace["name"][] = ["workspace", "temp"];

export const fsWritable = defineCheck({
	id: "fs/writable",
	title: "The job can write to its workspace, temporary files and home",
	intro,
	reasons: words,
	needs: { writable: writableProbe, disks: disksProbe, container: containerProbe, job: jobProbe },
	judge({ writable, disks, container, job }, policy): Verdict<Reason> {
		const situation = situationOf(container, job);
		const evidence = [...writable.places.map((place) => evidenceOf(place, writable)), ...lookOf(writable)];
		for (const reason of ["read-only", "not-writable", "no-space"] as const) {
			const failing = writable.places.filter((place) => reasonOf(place) === reason);
			// One cause, one failure: what a disk check reports is not reported again.
			const [place, ...others] = failing.filter((one) => reportedBy(one, disks, policy) === undefined);
			if (!place) continue;
			const free = reason === "no-space" ? freeOn(place, disks) : undefined;
			const denied = { place, others, user: writable, situation, ...(free && { free }) };
			return finding(words, reason, denied, { observed: place.outcome, evidence });
		}
		const unknown = writable.places.filter(
			(place) => place.outcome !== "ok" && !place.onDeadMount && reportedBy(place, disks, policy) === undefined,
		);
		if (unknown.length > 0) {
			const observed = listed(unknown.map(({ outcome }) => outcome));
			return undecided(unknowns, "unknown", { places: unknown }, { observed, evidence });
		}
		const dead = writable.places.filter(({ onDeadMount }) => onDeadMount);
		if (dead.length > 0) {
			const names = listed(dead.map(({ name }) => placeName(name)));
			return { kind: "waits-for-mount", message: `Nothing can be written to ${names}: the mount does not answer.` };
		}
		for (const place of writable.places) {
			const id = reportedBy(place, disks, policy);
			if (id !== undefined) {
				const message = `Nothing can be written to ${placeName(place.name)} (${place.outcome}), for the cause that \`${id}\` reports.`;
				return { kind: "skip", reason: `needs:${id}`, message };
			}
		}
		const unusable = noExec(writable, situation, evidence) ?? leftovers(writable, evidence);
		if (unusable) return unusable;
		const seen = writable.places.map(({ name }) => name);
		const lacks = always.find((name) => !seen.includes(name));
		if (!isProof(evidence) || lacks) return nothingSeen("fs/writable", `the place ${lacks}`);
		const names = listed(writable.places.map(({ name }) => placeName(name)));
		return { kind: "pass", message: `${upperFirst(names)} are writable`, evidence };
	},
});

/** Less than this may be gone in a moment. */
const muchBytes = 256 * 2 ** 20;

/** What is free where nothing can be written, if that is much: space is not what is used up then. */
function freeOn({ name, path }: WritablePlace, disks: DisksFacts): Denied["free"] {
	const disk = disks.places[name];
	if (disk?.kind !== "measured" || disk.path !== path || disk.freeBytes < muchBytes) return undefined;
	return { bytes: disk.freeBytes, fsType: disk.mount?.fsType };
}

/** The workspace, or the temporary directory. Of a home, only the tools in it matter, and those have checks of their own. */
function noExec(
	{ places }: WritableFacts,
	situation: Situation,
	evidence: readonly Evidence[],
): Finding<Reason> | undefined {
	const [place, ...others] = places.flatMap((one) =>
		one.noExec && one.name !== "home" ? [{ ...one, noExec: one.noExec }] : [],
	);
	if (!place) return undefined;
	const seen = [place, ...others].map(
		({ noExec: { target, fsType } }): Evidence => ({
			source: "/proc/self/mountinfo",
			text: `${target}: ${fsType}, noexec`,
		}),
	);
	const details = { observed: `noexec on ${place.noExec.target}`, evidence: [...evidence, ...seen] };
	return finding(words, "noexec", { place, others, situation }, details);
}

function leftovers(user: WritableFacts, evidence: readonly Evidence[]): Finding<Reason> | undefined {
	const workspace = user.places.find(({ name }) => name === "workspace");
	const { blocked = [] } = user.leftovers ?? {};
	const [first] = blocked;
	if (!first || !workspace) return undefined;
	const observed = `${first.path}: ${first.uid}:${first.gid}, mode ${octal(first.mode)}`;
	return finding(words, "foreign-files", { blocked, workspace, user }, { observed, evidence });
}

function lookOf({ leftovers: look, places }: WritableFacts): readonly Evidence[] {
	const workspace = places.find(({ name }) => name === "workspace");
	if (!look || !workspace || look.looked === 0) return [];
	const source = `directories below ${workspace.directory ?? workspace.path}`;
	const blocked = look.blocked.map(({ path, uid, gid, mode }) => `${path}: owner ${uid}:${gid}, mode ${octal(mode)}`);
	return [
		{ source, text: `${look.looked} looked at, ${blocked.length} cannot be emptied` },
		...blocked.map((text) => ({ source, text })),
	];
}

/** What the errno means; `undefined`: no error, or another one. */
function reasonOf({ outcome, missing }: WritablePlace): Reason | undefined {
	if (missing) return "not-writable";
	switch (outcome) {
		case "EROFS":
			return "read-only";
		case "EACCES":
		case "EPERM":
			return "not-writable";
		case "ENOSPC":
		case "EDQUOT":
			return "no-space";
		default:
			return undefined;
	}
}

/** The disk check that already fails for the same cause: no room, or a path that cannot be reached. */
function reportedBy(place: WritablePlace, disks: DisksFacts, policy: Policy): "disk/free" | "disk/inodes" | undefined {
	const { name, outcome } = place;
	if (outcome === "ok") return undefined;
	if (isUnreadable(disks, policy, space, name) && !isSwitchedOff("disk/free", "unreadable", policy)) return "disk/free";
	if (reasonOf(place) !== "no-space") return undefined;
	if (isShort(disks, policy, space, name) && !isSwitchedOff("disk/free", "low", policy)) return "disk/free";
	return isShort(disks, policy, inodes, name) && !isSwitchedOff("disk/inodes", "low", policy)
		? "disk/inodes"
		: undefined;
}

function evidenceOf(place: WritablePlace, { uid, gid }: WritableFacts): Evidence {
	const owner = place.uid === undefined ? "" : `; owner ${place.uid}:${place.gid}, mode ${octal(place.mode ?? 0)}`;
	const job = uid === undefined || place.outcome === "ok" ? "" : `; the job runs as ${uid}:${gid}`;
	return { source: `write to ${place.directory ?? place.path}`, text: `${place.outcome}${owner}${job}` };
}
