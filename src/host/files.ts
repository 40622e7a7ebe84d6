import { constants, promises as fs, type Stats } from "node:fs";
import type { FileKind, FileOutcome, PlacedFile, ReadOutcome } from "./host.ts";

/** The errno of a failed file operation: `EACCES`; `EUNKNOWN` for what is none. */
export function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "EUNKNOWN";
}

/** ENOTDIR: a file stands where the path wants a directory, so the path leads nowhere. */
function isAbsent(code: string): boolean {
	return code === "ENOENT" || code === "ENOTDIR";
}

async function read<T>(operation: () => Promise<T>): Promise<ReadOutcome<T>> {
	try {
		return { kind: "ok", value: await operation() };
	} catch (error) {
		const code = codeOf(error);
		return isAbsent(code) ? { kind: "absent" } : { kind: "unreadable", code };
	}
}

function kindOf(stats: Stats): FileKind {
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

async function look(operation: () => Promise<Stats>): Promise<FileOutcome> {
	const outcome = await read(operation);
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

export const lstat = (path: string): Promise<FileOutcome> => look(() => fs.lstat(path));
export const stat = (path: string): Promise<FileOutcome> => look(() => fs.stat(path));
export const readLink = (path: string): Promise<ReadOutcome<string>> => read(() => fs.readlink(path));
export const realPath = (path: string): Promise<ReadOutcome<string>> => read(() => fs.realpath(path));
export const list = (path: string): Promise<ReadOutcome<readonly string[]>> => read(() => fs.readdir(path));

export async function access(path: string, mode: "r" | "w" | "x"): Promise<boolean> {
	const bits = { r: constants.R_OK, w: constants.W_OK, x: constants.X_OK };
	return (await read(() => fs.access(path, bits[mode]))).kind === "ok";
}

/** Reads at most `maxBytes` (64 KiB): files of /proc have no size, and a strange file may have no end. */
export async function readText(
	path: string,
	maxBytes = 64 * 1024,
	encoding: "utf8" | "latin1" = "utf8",
): Promise<ReadOutcome<string>> {
	return read(async () => {
		// Not blocking: opening a FIFO would otherwise wait for a writer for ever.
		const handle = await fs.open(path, constants.O_RDONLY | constants.O_NONBLOCK);
		try {
			const buffer = Buffer.alloc(maxBytes);
			let length = 0;
			while (length < maxBytes) {
				const { bytesRead } = await handle.read(buffer, length, maxBytes - length, null);
				if (bytesRead === 0) break;
				length += bytesRead;
			}
			return buffer.toString(encoding, 0, length);
		} finally {
			await handle.close();
		}
	});
}

/** Linux's O_TMPFILE; Node has no name for it. Its second half differs between architectures. */
const unnamedFile = 0o20000000 | constants.O_DIRECTORY;

/**
 * Can bytes be written in `directory`? An unnamed file tells without a trace: it has no name, does not touch the
 * directory's times, and is gone when closed. Creating it needs an inode, and writing to it needs a block, so that a full
 * disk shows too, which `touch` would not. Where the file system knows no such files, the kernel's word has to do.
 */
export async function tryWrite(directory: string): Promise<ReadOutcome<null>> {
	const outcome = await read(async () => {
		const handle = await fs.open(directory, unnamedFile | constants.O_WRONLY, 0o600);
		try {
			await handle.write(Buffer.alloc(4096, 1));
		} finally {
			await handle.close();
		}
		return null;
	});
	const unsupported =
		outcome.kind === "unreadable" && ["EOPNOTSUPP", "ENOTSUP", "EISDIR", "EINVAL"].includes(outcome.code);
	if (!unsupported) return outcome;
	return read(async () => {
		await fs.access(directory, constants.W_OK | constants.X_OK);
		return null;
	});
}

/** Puts a small, readable file with a name that nobody else has into `directory`. */
export async function placeFile(directory: string): Promise<ReadOutcome<PlacedFile>> {
	const name = `.runner-check-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 12)}`;
	const path = `${directory}/${name}`;
	return read(async () => {
		await fs.writeFile(path, `${name}\n`, { flag: "wx", mode: 0o644 });
		return { name, remove: () => fs.rm(path, { force: true }).catch(() => undefined) };
	});
}
