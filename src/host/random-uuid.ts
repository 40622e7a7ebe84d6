/**
 * Stands in for `node:crypto` in @actions/core, which wants nothing else of it to mark the ends of outputs: loading it takes
 * 3 ms of every run, and has no `randomUUID` before Node 14.17.
 */
import { closeSync, openSync, readSync } from "node:fs";

let word: string | undefined;

/** A word that nobody can guess: 128 random bits in hex. The same for a whole run, as all it marks was written before it. */
export function randomUUID(): string {
	word ??= randomBytes().toString("hex");
	return word;
}

/** 128 random bits. */
export function randomBytes(): Buffer {
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
