import { constants } from "node:fs";
import { type FileCalls, pooled } from "./file-calls.ts";
import { contentOf, outcomeOf } from "./files.ts";
import type { InsideOutcome } from "./host.ts";
import { isWithin } from "./workspace.ts";

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
	calls = pooled,
): Promise<InsideOutcome> {
	const read = await outcomeOf(async (): Promise<InsideOutcome> => {
		// Most files that are looked for are not there, which is cheaper to find out than where they are.
		if (!(await calls.lstat(path))) return { kind: "absent" };
		const [realRoot, real] = await Promise.all([calls.realpath(root), calls.realpath(path)]);
		if (!isWithin(real, realRoot)) return { kind: "refused", why: "outside" };
		if (!(await calls.lstat(real))?.isFile()) return { kind: "refused", why: "irregular" };
		const file = await calls.open(real, flags);
		try {
			// What was opened counts, and not what was there a moment before.
			if (!(await calls.fstat(file)).isFile()) return { kind: "refused", why: "irregular" };
			if (!isWithin((await pathOf(file, calls)) ?? real, realRoot)) return { kind: "refused", why: "outside" };
			return { kind: "ok", value: await contentOf(file, maxBytes, encoding, calls) };
		} finally {
			await calls.close(file);
		}
	});
	if (read.kind === "ok") return read.value;
	// A link in a circle leads nowhere.
	return read.kind === "unreadable" && read.code === "ELOOP" ? { kind: "refused", why: "outside" } : read;
}

/** Where an open file is; `undefined` where the kernel does not tell. */
async function pathOf(file: number, calls: FileCalls): Promise<string | undefined> {
	const told = await outcomeOf(() => calls.readlink(`/proc/self/fd/${file}`));
	return told.kind === "ok" && told.value.startsWith("/") ? told.value.replace(/ \(deleted\)$/, "") : undefined;
}
