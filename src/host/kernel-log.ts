import * as fs from "node:fs";
import { codeOf } from "./files.ts";
import type { ReadOutcome } from "./host.ts";

/** Each read gives one record, of at most 8 KiB. */
const maxRecord = 8192;
/** The log of a busy machine has some thousands. */
const maxRecords = 20_000;

/** Reads /dev/kmsg to its end. Job containers have no such device, and most kernels show it to root only. */
export function kernelLog(): ReadOutcome<readonly string[]> {
	let file: number;
	try {
		file = fs.openSync("/dev/kmsg", fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
	} catch (error) {
		const code = codeOf(error);
		return code === "ENOENT" ? { kind: "absent" } : { kind: "unreadable", code };
	}
	try {
		return { kind: "ok", value: recordsOf(file) };
	} finally {
		fs.closeSync(file);
	}
}

function recordsOf(file: number): readonly string[] {
	const buffer = Buffer.allocUnsafe(maxRecord);
	const records: string[] = [];
	for (let reads = 0; reads < maxRecords; reads++) {
		try {
			const length = fs.readSync(file, buffer, 0, maxRecord, null);
			if (length === 0) break;
			records.push(buffer.toString("utf8", 0, length));
		} catch (error) {
			// EPIPE: the oldest record was overwritten meanwhile, and the next read gives the one after it.
			if (codeOf(error) !== "EPIPE") break;
		}
	}
	return records;
}
