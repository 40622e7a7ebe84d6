import * as fs from "node:fs";
import { promises } from "node:fs";
import { join } from "node:path";
import { shellQuote } from "../checks/text.ts";
import { type FileCalls, pooled } from "./file-calls.ts";
import { ifKilled } from "./guard.ts";
import type { AccessOutcome, FileKind, FileOutcome, PlacedFile, ReadOutcome } from "./host.ts";

/** The errno of a failed file operation: `EACCES`; `EUNKNOWN` for any other error. */
export function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "EUNKNOWN";
}

/** ENOTDIR: a file stands where the path wants a directory, so the path leads nowhere. */
function failure(error: unknown): { readonly kind: "absent" } | { readonly kind: "unreadable"; readonly code: string } {
	const code = codeOf(error);
	return code === "ENOENT" || code === "ENOTDIR" ? { kind: "absent" } : { kind: "unreadable", code };
}

/** One call to the file system as an outcome. */
export async function outcomeOf<T>(call: () => T | Promise<T>): Promise<ReadOutcome<T>> {
	try {
		return { kind: "ok", value: await call() };
	} catch (error) {
		return failure(error);
	}
}

function kindOf(stats: fs.Stats): FileKind {
	if (stats.isFile()) return "file";
	if (stats.isDirectory()) return "directory";
	if (stats.isSocket()) return "socket";
	if (stats.isSymbolicLink()) return "link";
	if (stats.isCharacterDevice() || stats.isBlockDevice()) return "device";
	return "other";
}

/** Major and minor as glibc packs them into `st_rdev`. */
function deviceNumbers(rdev: number): { major: number; minor: number } {
	const device = BigInt(rdev);
	return {
		major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n)),
		minor: Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n)),
	};
}

function fileOf(outcome: ReadOutcome<fs.Stats | undefined>): FileOutcome {
	if (outcome.kind !== "ok") return outcome;
	const stats = outcome.value;
	if (!stats) return { kind: "absent" };
	const kind = kindOf(stats);
	return {
		kind,
		mode: stats.mode & 0o7777,
		uid: stats.uid,
		gid: stats.gid,
		size: stats.size,
		inode: stats.ino,
		changed: Math.round(stats.ctimeMs),
		modified: Math.round(stats.mtimeMs),
		...(kind === "device" && { device: deviceNumbers(stats.rdev) }),
	};
}

export async function lstat(path: string, calls = pooled): Promise<FileOutcome> {
	return fileOf(await outcomeOf(() => calls.lstat(path)));
}

export async function stat(path: string, calls = pooled): Promise<FileOutcome> {
	return fileOf(await outcomeOf(() => calls.stat(path)));
}

export const readLink = (path: string, calls = pooled): Promise<ReadOutcome<string>> =>
	outcomeOf(() => calls.readlink(path));
export const realPath = (path: string, calls = pooled): Promise<ReadOutcome<string>> =>
	outcomeOf(() => calls.realpath(path));
/** Never at once: a directory may have a million entries. */
export const list = (path: string): Promise<ReadOutcome<readonly string[]>> => outcomeOf(() => promises.readdir(path));

/** What the kernel says if it knows: no permission, a read-only file system, a program that is being written. */
const denials = ["EACCES", "EPERM", "EROFS", "ETXTBSY"];

export async function access(path: string, mode: "r" | "w" | "x", calls = pooled): Promise<AccessOutcome> {
	const bits = { r: fs.constants.R_OK, w: fs.constants.W_OK, x: fs.constants.X_OK };
	const outcome = await outcomeOf(() => calls.access(path, bits[mode]));
	if (outcome.kind === "ok") return { kind: "granted" };
	return outcome.kind === "absent" || denials.includes(outcome.code) ? { kind: "denied" } : outcome;
}

/** Not blocking: opening a FIFO would otherwise wait for a writer for ever. */
const readFlags = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;

/** Reads at most `maxBytes` (64 KiB): files of /proc have no size, and a strange file may have no end. */
export async function readText(
	path: string,
	maxBytes = 64 * 1024,
	encoding: "utf8" | "latin1" = "utf8",
	calls = pooled,
): Promise<ReadOutcome<string>> {
	return outcomeOf(async () => {
		const file = await calls.open(path, readFlags);
		try {
			return await contentOf(file, maxBytes, encoding, calls);
		} finally {
			await calls.close(file);
		}
	});
}

/** The beginning of an open file, as text. */
export async function contentOf(
	file: number,
	maxBytes: number,
	encoding: "utf8" | "latin1",
	calls: FileCalls,
): Promise<string> {
	const buffer = Buffer.allocUnsafe(maxBytes);
	let length = 0;
	while (length < buffer.length) {
		const bytesRead = await calls.read(file, buffer, length);
		if (bytesRead === 0) break;
		length += bytesRead;
	}
	return buffer.toString(encoding, 0, length);
}

/** Linux's O_TMPFILE; Node has no name for it. Its second half differs between architectures. */
const unnamedFile = 0o20000000 | fs.constants.O_DIRECTORY;

/**
 * Can bytes be written in `directory`? An unnamed file tells without a trace: it has no name, does not touch the
 * directory's times, and is gone when closed. Creating it needs an inode, and writing to it needs a block, so that a full
 * disk shows too, which `touch` would not. If the file system has no such files, the kernel's word has to do.
 */
export async function tryWrite(directory: string): Promise<ReadOutcome<null>> {
	const outcome = await writeUnnamed(directory);
	const unsupported =
		outcome.kind === "unreadable" && ["EOPNOTSUPP", "ENOTSUP", "EISDIR", "EINVAL"].includes(outcome.code);
	if (!unsupported) return outcome;
	const bits = fs.constants.W_OK | fs.constants.X_OK;
	return outcomeOf(() => promises.access(directory, bits).then(() => null));
}

async function writeUnnamed(directory: string): Promise<ReadOutcome<null>> {
	return outcomeOf(async () => {
		const file = await promises.open(directory, unnamedFile | fs.constants.O_WRONLY, 0o600);
		try {
			await file.write(Buffer.alloc(4096, 1));
		} finally {
			// Some file systems (NFS, quotas) say only here that there was no room.
			await file.close();
		}
		return null;
	});
}

/** Makes a directory in `parent` whose name begins like this, for this user alone. */
export const makeDirectory = (parent: string, prefix: string): Promise<ReadOutcome<string>> =>
	outcomeOf(() => promises.mkdtemp(join(parent, prefix)));

/** Puts a small, readable file with a name that nobody else has into `directory`. */
export async function placeFile(directory: string): Promise<ReadOutcome<PlacedFile>> {
	const name = placedName();
	const path = `${directory}/${name}`;
	return outcomeOf(async () => {
		const keep = ifKilled(removal(path));
		try {
			await promises.writeFile(path, `${name}\n`, { flag: "wx", mode: 0o644 });
		} catch (error) {
			keep();
			throw error;
		}
		return { name, remove: once(() => promises.rm(path, { force: true }), keep) };
	});
}

/** Makes a directory with a name that nobody else has in `directory`, for this user alone. */
export async function placeDirectory(directory: string): Promise<ReadOutcome<PlacedFile>> {
	const name = placedName();
	const path = `${directory}/${name}`;
	return outcomeOf(async () => {
		const keep = ifKilled(removal(path));
		try {
			await promises.mkdir(path, { mode: 0o700 });
		} catch (error) {
			keep();
			throw error;
		}
		return { name, remove: once(() => promises.rm(path, { recursive: true, force: true, maxRetries: 3 }), keep) };
	});
}

function placedName(): string {
	return `.runner-check-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
}

/** For a shell. What is killed at that moment may still write. */
function removal(path: string): string {
	const remove = `rm -rf -- ${shellQuote(path)}`;
	return `${remove} || { sleep 1; ${remove}; }`;
}

/** Removes it, however often it is called, and then has nobody else do so. */
function once(remove: () => Promise<void>, keep: () => void): () => Promise<void> {
	let removed: Promise<void> | undefined;
	return () => {
		removed ??= remove()
			.catch(() => undefined)
			.finally(keep);
		return removed;
	};
}
