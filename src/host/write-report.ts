import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readlinkSync, renameSync, statSync, unlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";

/**
 * Writes a file of `report-dir`, and the directory if it does not exist. A file of that name is replaced and never
 * opened: a link would lead into somebody else's file, and a FIFO without a reader keeps its writer forever.
 * @returns the path of the file.
 * @throws the error of the file system, which names the path that it is about.
 */
export function writeReport(directory: string, name: string, text: string): string {
	makeDirectory(directory);
	const path = join(directory, name);
	const draft = join(directory, `.${name}.${randomBytes(16).toString("hex")}`);
	try {
		writeFileSync(draft, text, { flag: "wx" });
		renameSync(draft, path);
	} catch (error) {
		remove(draft);
		throw error;
	}
	return path;
}

/**
 * Writes a file that a person names, with the same promises: who reads it finds the old text or the new one, never a part.
 * A device or a pipe is not replaced: for root, that would take `/dev/null` from every process of the machine.
 * @throws the error of the file system, which names the path that it is about.
 */
export function writeOutput(path: string, text: string): void {
	const file = resolve(path);
	if (isSpecial(file)) throw new Error("it is not a regular file; without `--output`, the report goes to stdout");
	writeReport(dirname(file), basename(file), text);
}

/** One level after the other: below /proc, where nothing can be made, the `recursive` of Node never returns. */
function makeDirectory(directory: string): void {
	const levels = [directory];
	for (let above = dirname(directory); isAbsent(above) && above !== dirname(above); above = dirname(above))
		levels.unshift(above);
	for (const level of levels) {
		try {
			mkdirSync(level);
		} catch (error) {
			if (!isDirectory(level)) throw error;
		}
	}
}

function isAbsent(path: string): boolean {
	try {
		statSync(path);
		return false;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "ENOENT";
	}
}

/** A device, a pipe or a socket, or a link to one. `/dev/stdout` is a link into `/proc`, whatever the output is. */
function isSpecial(path: string): boolean {
	try {
		if (lstatSync(path).isSymbolicLink() && readlinkSync(path).startsWith("/proc/")) return true;
		const stat = statSync(path);
		return !stat.isFile() && !stat.isDirectory();
	} catch {
		return false;
	}
}

function isDirectory(path: string): boolean {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}

/** What cannot be removed was not made either. */
function remove(path: string): void {
	try {
		unlinkSync(path);
	} catch {}
}
