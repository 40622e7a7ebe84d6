import { maxReportSize, readReport } from "../cli/read-report.ts";
import { errnoText } from "../errno-text.ts";
import { isDeadMount } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { nextTurn } from "../probes/deadline.ts";
import type { Rejected } from "./fleet.ts";
import { type Look, lookOf } from "./look.ts";
import { type Cause, causeIn } from "./read-log.ts";

/** Levels of folders: an artifact is `run/artifact/report.json`. */
const maxDepth = 6;
const maxFiles = 200_000;
/** Clocks of machines differ, but not by more than this. */
const maxAheadMs = 600_000;

export interface Folders {
	readonly add: (look: Look) => void;
	readonly reject: (rejected: Rejected) => void;
	/** ISO 8601. */
	readonly now: string;
	readonly signal: AbortSignal;
}

/** Reads every report below these folders, one after the other. What is not a report is named; other files are ignored. */
export async function readFolders(host: Host, paths: readonly string[], folders: Folders): Promise<void> {
	let files = 0;
	for (const path of paths) {
		for await (const file of filesBelow(host, path, maxDepth, folders.reject)) {
			if (folders.signal.aborted) return;
			if (++files > maxFiles) return folders.reject({ file: path, reason: `more than ${maxFiles} files` });
			if (files % 50 === 0) await nextTurn();
			const reason = await readFile(host, file, folders);
			if (reason !== undefined) folders.reject({ file, reason });
		}
	}
}

/** @returns why it is not a report. */
async function readFile(host: Host, path: string, { add, now }: Folders): Promise<string | undefined> {
	const stat = await host.lstat(path);
	if (stat.kind === "absent") return undefined;
	if (stat.kind === "unreadable") return `cannot be read: ${errnoText(stat.code)}`;
	// A link may lead to any file of this machine, and a message about it would quote that.
	if (stat.kind === "link") return "a link, which was not followed";
	if (stat.kind !== "file") return "not a regular file";
	if (stat.size > maxReportSize) return "not a report: more than 16 MiB";
	const text = await host.readText(path, stat.size + 1);
	if (text.kind === "absent") return undefined;
	if (text.kind === "unreadable") return `cannot be read: ${errnoText(text.code)}`;
	if (text.value.length > stat.size) return "was written while it was read";
	const report = readReport("", text.value);
	if ("place" in report) return whyNot(report);
	const begun = Date.parse(report.started);
	if (Number.isNaN(begun)) return `not a report: ${report.started} is not a date`;
	if (begun > Date.parse(now) + maxAheadMs) return `is of the future: ${report.started}`;
	const after = path.endsWith("/report.json") ? await causeNextTo(host, path) : undefined;
	add({ ...lookOf(report), ...(after && { after: { runner: 0, job: 0, unknown: 0, [after]: 1 } }) });
	return undefined;
}

/** Bytes of a second look: it has a few results. */
const maxAfter = 4 * 1024 * 1024;

/** Who caused the failure of the job, if it failed: `after.json` is written next to the report of the start. */
async function causeNextTo(host: Host, path: string): Promise<Cause | undefined> {
	const after = path.replace(/report\.json$/, "after.json");
	const stat = await host.lstat(after);
	if (stat.kind !== "file" || stat.size > maxAfter) return undefined;
	const text = await host.readText(after, stat.size);
	return text.kind === "ok" ? causeIn(text.value) : undefined;
}

function whyNot({ place, found }: { readonly place: string; readonly found: string }): string {
	const name = place.replace(/^, /, "");
	if (name === "") return `not a report: ${found}`;
	return found === "undefined" ? `not a report: ${name} is missing` : `not a report: ${name} is ${found}`;
}

/** Every `.json` below a folder, in the order of names, or the file that the path itself is. What we write ourselves is passed over. */
async function* filesBelow(
	host: Host,
	path: string,
	depth: number,
	reject: (rejected: Rejected) => void,
): AsyncGenerator<string> {
	const names = await listed(host, path);
	if (names.kind === "unreadable") {
		if (names.code !== "ENOTDIR") reject({ file: path, reason: `cannot be listed: ${errnoText(names.code)}` });
		return;
	}
	// `list` says absent of a file, too.
	if (names.kind === "absent") {
		if ((await host.lstat(path)).kind === "absent") return reject({ file: path, reason: "does not exist" });
		return yield path;
	}
	for (const name of [...names.value].sort()) {
		const below = `${path.replace(/\/+$/, "")}/${name}`;
		if (name.endsWith(".json")) {
			if (name !== "fleet.json" && name !== "after.json") yield below;
			continue;
		}
		if ((await host.lstat(below)).kind !== "directory") continue;
		if (depth > 1) yield* filesBelow(host, below, depth - 1, reject);
		else reject({ file: below, reason: `more than ${maxDepth} levels of folders` });
	}
}

async function listed(host: Host, path: string): Promise<Awaited<ReturnType<Host["list"]>>> {
	try {
		return await host.list(path);
	} catch (error) {
		if (isDeadMount(error)) return { kind: "unreadable", code: "ETIMEDOUT" };
		throw error;
	}
}
