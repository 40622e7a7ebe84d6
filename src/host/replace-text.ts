import { randomBytes } from "node:crypto";
import { promises } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Writes a new text into a file that was read before: a reader finds the old text or the new one. Encoding, mark, mode and owner
 * stay, and a link leads to the new text.
 * @param before The text that was read, without a mark.
 * @throws Error in words, if the file is not written.
 */
export async function replaceText(path: string, before: string, after: string): Promise<void> {
	const file = await promises.realpath(path);
	const stat = await promises.stat(file);
	if (!stat.isFile()) throw new Error("it is not a regular file");
	const bytes = await promises.readFile(file);
	const encoding = encodingOf(bytes);
	if (encoding.decode(bytes) !== before) throw new Error("it was changed while it was linted; nothing was written");
	const draft = join(dirname(file), `.${basename(file)}.${randomBytes(16).toString("hex")}`);
	try {
		const handle = await promises.open(draft, "wx", 0o600);
		try {
			await handle.writeFile(encoding.encode(after));
			const own = await handle.stat();
			if (own.uid !== stat.uid || own.gid !== stat.gid) await handle.chown(stat.uid, stat.gid);
			await handle.chmod(stat.mode & 0o7777);
			await handle.sync();
		} finally {
			await handle.close();
		}
		const now = await promises.stat(file);
		if (now.ino !== stat.ino || now.mtimeMs !== stat.mtimeMs || now.size !== stat.size)
			throw new Error("it was changed while it was linted; nothing was written");
		await promises.rename(draft, file);
	} catch (error) {
		await promises.rm(draft, { force: true });
		throw error;
	}
}

interface Encoding {
	/** Without its mark. @throws TypeError if the bytes are not text. */
	decode(bytes: Uint8Array): string;
	/** With the mark that the file has. */
	encode(text: string): Uint8Array;
}

function encodingOf(bytes: Uint8Array): Encoding {
	const starts = (...mark: readonly number[]): boolean => mark.every((byte, index) => bytes[index] === byte);
	const decoder = (name: string) => new TextDecoder(name, { fatal: true });
	if (starts(0xff, 0xfe)) {
		return {
			decode: (all) => decoder("utf-16le").decode(all),
			encode: (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
		};
	}
	if (starts(0xfe, 0xff)) {
		return {
			decode: (all) => decoder("utf-16be").decode(all),
			encode: (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
		};
	}
	const mark = starts(0xef, 0xbb, 0xbf) ? "\ufeff" : "";
	return { decode: (all) => decoder("utf-8").decode(all), encode: (text) => Buffer.from(`${mark}${text}`, "utf8") };
}
