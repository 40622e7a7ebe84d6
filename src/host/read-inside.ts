import { constants, promises } from "node:fs";
import { outcomeOf } from "./files.ts";
import type { InsideOutcome } from "./host.ts";
import { isWithin } from "./workspace.ts";

type File = Awaited<ReturnType<typeof promises.open>>;

/** Not blocking, as opening a FIFO would wait for a writer, and not through a link that was put there in the meantime. */
const flags =
	constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Reads a file of a directory that we do not trust. It must be a regular file in that directory, wherever links lead: a link to
 * `~/.netrc` or `/proc/self/environ` would make us tell a secret, and opening a device may do something.
 */
export async function readInside(
	root: string,
	path: string,
	maxBytes = 64 * 1024,
	encoding: "utf8" | "latin1" = "utf8",
): Promise<InsideOutcome> {
	const read = await outcomeOf(async (): Promise<InsideOutcome> => {
		// Most files that are looked for are not there, which is cheaper to find out than where they are.
		await promises.lstat(path);
		const [realRoot, real] = await Promise.all([promises.realpath(root), promises.realpath(path)]);
		if (!isWithin(real, realRoot)) return { kind: "refused", why: "outside" };
		if (!(await promises.lstat(real)).isFile()) return { kind: "refused", why: "irregular" };
		const file = await promises.open(real, flags);
		try {
			// What was opened counts, and not what was there a moment before.
			if (!(await file.stat()).isFile()) return { kind: "refused", why: "irregular" };
			if (!isWithin((await pathOf(file)) ?? real, realRoot)) return { kind: "refused", why: "outside" };
			const buffer = Buffer.allocUnsafe(maxBytes);
			return { kind: "ok", value: buffer.toString(encoding, 0, await fill(file, buffer)) };
		} finally {
			await file.close();
		}
	});
	if (read.kind === "ok") return read.value;
	// A link in a circle leads nowhere.
	return read.kind === "unreadable" && read.code === "ELOOP" ? { kind: "refused", why: "outside" } : read;
}

/** Where an open file is; `undefined` where the kernel does not tell. */
async function pathOf(file: File): Promise<string | undefined> {
	const told = await outcomeOf(() => promises.readlink(`/proc/self/fd/${file.fd}`));
	return told.kind === "ok" && told.value.startsWith("/") ? told.value.replace(/ \(deleted\)$/, "") : undefined;
}

async function fill(file: File, buffer: Buffer): Promise<number> {
	let length = 0;
	while (length < buffer.length) {
		const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
		if (bytesRead === 0) break;
		length += bytesRead;
	}
	return length;
}
