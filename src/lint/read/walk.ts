import type { Host } from "../../host/host.ts";
import { nextTurn } from "../../probes/deadline.ts";
import { pathMatcher } from "../glob.ts";

/** What is below a folder. */
export interface Walked {
	/** Paths of the files, each folder's own before those of the folders in it. */
	readonly files: readonly string[];
	/** Folders that cannot be listed, with the errno. */
	readonly closed: readonly { readonly path: string; readonly code: string }[];
	/** There are more files than the ones that were looked at. */
	readonly isCut: boolean;
}

/** Names that are looked at: a checkout of a large project has fewer. */
const maxNames = 100_000;

/** Folders of tools, which hold what other projects wrote. */
const foreign = new Set([".git", "node_modules"]);

/**
 * Finds the files below a folder, at any depth. Links to folders are not followed, so there are no loops.
 * @param base Where a relative path begins.
 */
export async function walk(host: Host, base: string, folder: string, limit = maxNames): Promise<Walked> {
	const files: string[] = [];
	const closed: { path: string; code: string }[] = [];
	const open = [folder];
	let names = 0;
	for (let path = open.pop(); path !== undefined; path = open.pop()) {
		const full = path.startsWith("/") ? path : path === "" ? base : `${base}/${path}`;
		const listed = await host.list(full);
		if (listed.kind === "unreadable") closed.push({ path: path === "" ? "." : path, code: listed.code });
		if (listed.kind !== "ok") continue;
		const below: string[] = [];
		const prefix = path === "" || path.endsWith("/") ? path : `${path}/`;
		const sorted = [...listed.value].sort();
		for (let at = 0; at < sorted.length; at += 200) {
			const some = sorted.slice(at, at + 200);
			const kinds = await Promise.all(some.map(async (name) => (await host.lstat(`${full}/${name}`)).kind));
			for (const [index, name] of some.entries()) {
				if (++names > limit) return { files, closed, isCut: true };
				if (kinds[index] !== "directory") files.push(`${prefix}${name}`);
				else if (!foreign.has(name)) below.push(`${prefix}${name}`);
			}
			await nextTurn();
		}
		for (const next of below.reverse()) open.push(next);
	}
	return { files, closed, isCut: false };
}

/** Is this a pattern, and not the path of a file? */
export function isPattern(path: string): boolean {
	return /[*?[{]/.test(path);
}

/** The files that a pattern names, as a shell would find them, and where that was looked for. */
export async function filesMatching(
	host: Host,
	base: string,
	pattern: string,
): Promise<{ readonly matching: readonly string[]; readonly folder: string; readonly walked: Walked }> {
	const fixed = pattern.slice(0, pattern.search(/[*?[{]/));
	const folder = fixed.slice(0, fixed.lastIndexOf("/") + 1).replace(/(?<=.)\/+$/, "");
	const walked = await walk(host, base, folder);
	return { matching: walked.files.filter(pathMatcher(pattern)), folder, walked };
}
