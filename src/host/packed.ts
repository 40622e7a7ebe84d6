import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";

/** A text as gzip in base64: one word of plain characters, which any log takes. */
export function pack(text: string): string {
	return gzipSync(text, { level: 9 }).toString("base64");
}

/** The text in a packed word; `undefined` if it is damaged, or has more than `maxBytes`: nothing beyond them is unpacked. */
export function unpack(packed: string, maxBytes: number): string | undefined {
	try {
		return gunzipSync(Buffer.from(packed, "base64"), { maxOutputLength: maxBytes }).toString("utf8");
	} catch {
		return undefined;
	}
}

/** A short name of a text. Every character counts. */
export function digest(text: string): string {
	return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
