import * as fs from "node:fs";
import type { FileKind, FileOutcome, PlacedFile, ReadOutcome } from "./host.ts";

/** The errno of a failed file operation: `EACCES`; `EUNKNOWN` for what is none. */
export function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "EUNKNOWN";
}

/** ENOTDIR: a file stands where the path wants a directory, so the path leads nowhere. */
function failure(error: unknown): { readonly kind: "absent" } | { readonly kind: "unreadable"; readonly code: string } {
	const code = codeOf(error);
	return code === "ENOENT" || code === "ENOTDIR" ? { kind: "absent" } : { kind: "unreadable", code };
}

/**
 * What the kernel makes up itself, and the system's own settings: no server stands behind them that could leave a call without
 * an answer, so they may be asked while everything waits. The others go through Node's thread pool, whose four threads a
 * mount that hangs can occupy; these must not wait behind it. Not /proc/<pid>/cmdline: it waits for the memory of that process.
 */
const answersAtOnce = /^\/(?:proc\/(?:self\/|\d+\/limits$|meminfo$)|etc\/|sys\/|dev(?:\/|$))/;

type Done<T> = (error: NodeJS.ErrnoException | null, value: T) => void;

/** One call to the file system as an outcome. Callbacks cost half of what the promises of `node:fs` do. */
export function outcomeOf<T>(call: (done: Done<T>) => void): Promise<ReadOutcome<T>> {
	return new Promise((resolve) => {
		try {
			call((error, value) => resolve(error ? failure(error) : { kind: "ok", value }));
		} catch (error) {
			// A path that no system call would take: it has a NUL in it.
			resolve(failure(error));
		}
	});
}

function outcomeAtOnce<T>(call: () => T): ReadOutcome<T> {
	try {
		return { kind: "ok", value: call() };
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

function fileOf(outcome: ReadOutcome<fs.Stats>): FileOutcome {
	if (outcome.kind !== "ok") return outcome;
	const stats = outcome.value;
	const kind = kindOf(stats);
	return {
		kind,
		mode: stats.mode & 0o7777,
		uid: stats.uid,
		gid: stats.gid,
		size: stats.size,
		...(kind === "device" && { device: deviceNumbers(stats.rdev) }),
	};
}

export async function lstat(path: string): Promise<FileOutcome> {
	if (answersAtOnce.test(path)) return fileOf(outcomeAtOnce(() => fs.lstatSync(path)));
	return fileOf(await outcomeOf<fs.Stats>((done) => fs.lstat(path, done)));
}

export async function stat(path: string): Promise<FileOutcome> {
	if (answersAtOnce.test(path)) return fileOf(outcomeAtOnce(() => fs.statSync(path)));
	return fileOf(await outcomeOf<fs.Stats>((done) => fs.stat(path, done)));
}

export const readLink = (path: string): Promise<ReadOutcome<string>> =>
	outcomeOf<string>((done) => fs.readlink(path, done));
export const realPath = (path: string): Promise<ReadOutcome<string>> =>
	outcomeOf<string>((done) => fs.realpath.native(path, done));

export async function list(path: string): Promise<ReadOutcome<readonly string[]>> {
	if (answersAtOnce.test(path)) return outcomeAtOnce(() => fs.readdirSync(path));
	return outcomeOf<string[]>((done) => fs.readdir(path, done));
}

export async function access(path: string, mode: "r" | "w" | "x"): Promise<boolean> {
	const bits = { r: fs.constants.R_OK, w: fs.constants.W_OK, x: fs.constants.X_OK };
	return (await outcomeOf<null>((done) => fs.access(path, bits[mode], (error) => done(error, null)))).kind === "ok";
}

/** Not blocking: opening a FIFO would otherwise wait for a writer for ever. */
const readFlags = fs.constants.O_RDONLY | fs.constants.O_NONBLOCK;

/** Reads at most `maxBytes` (64 KiB): files of /proc have no size, and a strange file may have no end. */
export async function readText(
	path: string,
	maxBytes = 64 * 1024,
	encoding: "utf8" | "latin1" = "utf8",
): Promise<ReadOutcome<string>> {
	if (answersAtOnce.test(path)) return outcomeAtOnce(() => readAtOnce(path, maxBytes, encoding));
	const opened = await outcomeOf<number>((done) => fs.open(path, readFlags, done));
	if (opened.kind !== "ok") return opened;
	try {
		let buffer = smallBuffer(maxBytes);
		let length = 0;
		for (;;) {
			const at = length;
			const into = buffer;
			const read = await outcomeOf<number>((done) =>
				fs.read(opened.value, into, at, into.length - at, null, (error, bytes) => done(error, bytes)),
			);
			if (read.kind !== "ok") return read;
			length += read.value;
			if (read.value === 0 || length === maxBytes) break;
			buffer = withRoom(buffer, length, maxBytes);
		}
		return { kind: "ok", value: buffer.toString(encoding, 0, length) };
	} finally {
		// Nobody has to wait for that.
		fs.close(opened.value, () => undefined);
	}
}

function readAtOnce(path: string, maxBytes: number, encoding: "utf8" | "latin1"): string {
	const file = fs.openSync(path, readFlags);
	try {
		let buffer = smallBuffer(maxBytes);
		let length = 0;
		for (;;) {
			const bytes = fs.readSync(file, buffer, length, buffer.length - length, null);
			length += bytes;
			if (bytes === 0 || length === maxBytes) break;
			buffer = withRoom(buffer, length, maxBytes);
		}
		return buffer.toString(encoding, 0, length);
	} finally {
		fs.closeSync(file);
	}
}

/** Most files are small, and memory that is asked for in vain has the garbage collector run. */
function smallBuffer(maxBytes: number): Buffer {
	return Buffer.allocUnsafe(Math.min(maxBytes, 16 * 1024));
}

/** The same bytes with room for more, where `length` of them fill the buffer. */
function withRoom(buffer: Buffer, length: number, maxBytes: number): Buffer {
	return length < buffer.length ? buffer : Buffer.concat([buffer], Math.min(maxBytes, 4 * length));
}

/** Linux's O_TMPFILE; Node has no name for it. Its second half differs between architectures. */
const unnamedFile = 0o20000000 | fs.constants.O_DIRECTORY;

/**
 * Can bytes be written in `directory`? An unnamed file tells without a trace: it has no name, does not touch the
 * directory's times, and is gone when closed. Creating it needs an inode, and writing to it needs a block, so that a full
 * disk shows too, which `touch` would not. Where the file system knows no such files, the kernel's word has to do.
 */
export async function tryWrite(directory: string): Promise<ReadOutcome<null>> {
	const outcome = await writeUnnamed(directory);
	const unsupported =
		outcome.kind === "unreadable" && ["EOPNOTSUPP", "ENOTSUP", "EISDIR", "EINVAL"].includes(outcome.code);
	if (!unsupported) return outcome;
	const bits = fs.constants.W_OK | fs.constants.X_OK;
	return outcomeOf<null>((done) => fs.access(directory, bits, (error) => done(error, null)));
}

async function writeUnnamed(directory: string): Promise<ReadOutcome<null>> {
	const flags = unnamedFile | fs.constants.O_WRONLY;
	const opened = await outcomeOf<number>((done) => fs.open(directory, flags, 0o600, done));
	if (opened.kind !== "ok") return opened;
	const block = Buffer.alloc(4096, 1);
	const written = await outcomeOf<null>((done) => fs.write(opened.value, block, (error) => done(error, null)));
	// Some file systems (NFS, quotas) say only here that there was no room.
	const closed = await outcomeOf<null>((done) => fs.close(opened.value, (error) => done(error, null)));
	return written.kind === "ok" ? closed : written;
}

/** Puts a small, readable file with a name that nobody else has into `directory`. */
export async function placeFile(directory: string): Promise<ReadOutcome<PlacedFile>> {
	const name = `.runner-check-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
	const path = `${directory}/${name}`;
	const written = await outcomeOf<null>((done) =>
		fs.writeFile(path, `${name}\n`, { flag: "wx", mode: 0o644 }, (error) => done(error, null)),
	);
	if (written.kind !== "ok") return written;
	const remove = () => new Promise<void>((resolve) => fs.rm(path, { force: true }, () => resolve()));
	return { kind: "ok", value: { name, remove } };
}
