import * as fs from "node:fs";
import { join } from "node:path";
import { now } from "../clock.ts";
import { codeOf } from "./files.ts";
import type { BlockedDirectory, Leftovers } from "./host.ts";

/** A workspace has up to a million files. What an earlier job left is near the top, so a short look tells it. */
const budgetMs = 20;
const maxDirectories = 400;
const maxEntries = 400;
const maxBlocked = 5;

/**
 * Finds directories that this process may not empty, the upper ones first, without following links. At once: side by side with
 * everything else, so short a look would be over before it began.
 * @param isLocal Is it certain that calls on this path return?
 */
export function findLeftovers(root: string, isLocal: (path: string) => boolean): Leftovers | undefined {
	const end = now() + budgetMs;
	const top = isLocal(root) ? directoriesIn(root) : undefined;
	if (top === undefined || "code" in top) return undefined;
	const wanted = [...top.names];
	const blocked: BlockedDirectory[] = [];
	let looked = 0;
	while (looked < Math.min(wanted.length, maxDirectories) && blocked.length < maxBlocked && now() < end) {
		const name = wanted[looked++] ?? "";
		const path = join(root, name);
		if (!isLocal(path)) continue;
		const found = directoriesIn(path);
		if (isBlocked(path, found)) for (const one of describe(path)) blocked.push(one);
		else if ("names" in found) for (const one of found.names) wanted.push(join(name, one));
	}
	return { looked, blocked };
}

type Directories = { readonly names: readonly string[]; readonly isEmpty: boolean } | { readonly code: string };

/** The directories among the first entries. */
function directoriesIn(path: string): Directories {
	try {
		const directory = fs.opendirSync(path, { bufferSize: maxEntries });
		try {
			const names: string[] = [];
			for (let count = 0; count < maxEntries; count++) {
				const entry = directory.readSync();
				if (entry === null) return { names, isEmpty: count === 0 };
				if (entry.isDirectory()) names.push(entry.name);
			}
			return { names, isEmpty: false };
		} finally {
			directory.closeSync();
		}
	} catch (error) {
		return { code: codeOf(error) };
	}
}

/** An empty directory can be removed, whatever user owns it. One that cannot be read may not be empty, and nobody can empty it. */
function isBlocked(path: string, found: Directories): boolean {
	if ("code" in found) return found.code === "EACCES";
	if (found.isEmpty) return false;
	try {
		fs.accessSync(path, fs.constants.W_OK | fs.constants.X_OK);
		return false;
	} catch (error) {
		return codeOf(error) === "EACCES";
	}
}

function describe(path: string): readonly BlockedDirectory[] {
	try {
		const { mode, uid, gid } = fs.lstatSync(path);
		return [{ path, mode: mode & 0o7777, uid, gid }];
	} catch {
		// Gone in the meantime.
		return [];
	}
}
