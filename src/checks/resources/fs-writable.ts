import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { type DisksFacts, disksProbe } from "../../probes/disks.ts";
import { type WritableFacts, type WritablePlace, writableProbe } from "../../probes/writable.ts";
import { defineCheck, type Evidence } from "../check.ts";
import { code, listed, octal } from "../text.ts";
import { cannotReadSpace, lacksSpace } from "./disk-free.ts";
import { lacksInodes } from "./disk-inodes.ts";
import { isReported } from "./reported.ts";
import { remedyOf, type Trouble } from "./writable-remedies.ts";

export const fsWritable = defineCheck({
	id: "fs/writable",
	title: "The job can write to its workspace, to its temporary directory and to its home",
	reasons: {
		"read-only": { level: "fail", title: "a directory of the job is on a read-only file system" },
		"not-writable": { level: "fail", title: "the job's user may not write to one of its directories" },
		"no-space": { level: "fail", title: "nothing more can be written to a directory of the job" },
	},
	needs: { writable: writableProbe, disks: disksProbe, container: containerProbe },
	judge({ writable, disks, container }, policy) {
		const evidence = writable.places.map((place) => evidenceOf(place, writable));
		for (const trouble of ["read-only", "not-writable", "no-space"] as const) {
			const places = writable.places.filter((place) => troubleOf(place.outcome) === trouble);
			// One cause, one failure: what a disk check reports already is not said twice.
			const [first, ...more] = places.filter((place) => reportedBy(place, disks, policy) === undefined);
			if (!first) continue;
			return {
				kind: "finding",
				reason: trouble,
				message: messageOf(trouble, [first, ...more], writable),
				why: whyOf(trouble),
				expected: "new files can be written",
				observed: first.outcome,
				evidence,
				remedy: remedyOf(trouble, first, writable, container),
			};
		}
		for (const place of writable.places) {
			const id = reportedBy(place, disks, policy);
			if (id !== undefined) {
				const message = `${upperFirst(nameOf(place))} cannot be written (${place.outcome}) for what \`${id}\` says.`;
				return { kind: "skip", reason: `needs:${id}`, message };
			}
		}
		const unknown = writable.places.filter((place) => place.outcome !== "ok");
		if (unknown.length > 0) {
			return {
				kind: "undecided",
				message: `Could not find out whether files can be written: ${unknown.map(saidOf).join("; ")}.`,
				evidence,
			};
		}
		return { kind: "pass", message: `${upperFirst(listed(writable.places.map(nameOf)))} can be written`, evidence };
	},
});

/** The errno's meaning; `undefined` where it is none of these, or all is well. */
function troubleOf(errno: string): Trouble | undefined {
	switch (errno) {
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

/** The disk check that already fails for the same cause: no room, or a place that nobody gets at. */
function reportedBy(place: WritablePlace, disks: DisksFacts, policy: Policy): "disk/free" | "disk/inodes" | undefined {
	if (place.outcome === "ok") return undefined;
	if (cannotReadSpace(disks, policy, place.name) && isReported("disk/free", "unreadable", policy)) return "disk/free";
	if (troubleOf(place.outcome) !== "no-space") return undefined;
	if (lacksSpace(disks, policy, place.name) && isReported("disk/free", "low", policy)) return "disk/free";
	if (lacksInodes(disks, policy, place.name) && isReported("disk/inodes", "low", policy)) return "disk/inodes";
	return undefined;
}

function messageOf(trouble: Trouble, places: readonly WritablePlace[], { uid }: WritableFacts): string {
	const names = upperFirst(listed(places.map((place) => `${nameOf(place)} ${code(place.path)}`)));
	const verb = places.length === 1 ? "is" : "are";
	const [first] = places;
	switch (trouble) {
		case "read-only":
			return `${names} ${verb} on a read-only file system.`;
		case "no-space":
			return `${names} ${verb} full: not even a few bytes can be written${first?.outcome === "EDQUOT" ? ", for the quota of this user is used up" : ""}.`;
		case "not-writable": {
			const { uid: owner, mode, directory, path } = places[0] ?? {};
			const whose = directory === path || directory === undefined ? "Its owner" : `The owner of ${code(directory)}`;
			const rights = mode === undefined ? "" : `, its mode ${code(octal(mode))}`;
			const told = owner === undefined ? "" : ` ${whose} is uid ${owner}${rights}.`;
			return `${names} cannot be written by this job${uid === undefined ? "" : `, which runs as uid ${uid}`}.${told}`;
		}
	}
}

function whyOf(trouble: Trouble): string {
	switch (trouble) {
		case "read-only":
			return "Checkout, compilers and caches all write there: the job dies at its first file with `Read-only file system`.";
		case "not-writable":
			return "Checkout, compilers and caches all write there: the job dies at its first file with `Permission denied`.";
		case "no-space":
			return "The job dies at its first file with `No space left on device`; some tools say `I/O error` or `Bus error` instead.";
	}
}

function evidenceOf(place: WritablePlace, { uid, gid }: WritableFacts): Evidence {
	const owner = place.uid === undefined ? "" : `; owner ${place.uid}:${place.gid}, mode ${octal(place.mode ?? 0)}`;
	const job = uid === undefined || place.outcome === "ok" ? "" : `; the job runs as ${uid}:${gid}`;
	return { source: `write to ${place.directory ?? place.path}`, text: `${place.outcome}${owner}${job}` };
}

function saidOf(place: WritablePlace): string {
	const said = place.outcome === "ETIMEDOUT" ? "the file system does not answer" : place.outcome;
	return `${nameOf(place)} ${code(place.path)}: ${said}`;
}

function nameOf(place: WritablePlace): string {
	return { workspace: "the workspace", temp: "the temporary directory", home: "the home directory" }[place.name];
}

function upperFirst(text: string): string {
	return text.slice(0, 1).toUpperCase() + text.slice(1);
}
