/**
 * Stands in for `node:crypto` in @actions/core, which wants nothing else of it to mark the ends of outputs: loading it takes
 * 3 ms of every run, and has no `randomUUID` before Node 14.17.
 */
import { closeSync, openSync, readSync } from "node:fs";

/** A word that nobody can guess: 128 random bits in hex. */
export function randomUUID(): string {
	return randomBytes().toString("hex");
}

function randomBytes(): Buffer {
	const bytes = Buffer.alloc(16);
	try {
		const file = openSync("/dev/urandom", "r");
		try {
			if (readSync(file, bytes, 0, bytes.length, null) === bytes.length) return bytes;
		} finally {
			closeSync(file);
		}
	} catch {
		// Windows has no such file.
	}
	globalThis.crypto.getRandomValues(bytes);
	return bytes;
}
