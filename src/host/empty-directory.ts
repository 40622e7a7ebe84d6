import { rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Host, ReadOutcome } from "./host.ts";
import { homeOfUser } from "./user-home.ts";
import { isWithin } from "./workspace.ts";

/**
 * Files that a version manager or a tool looks for in its working directory and in all directories above, to learn which program to run
 * in its place: rustup, asdf, mise, volta, npm, yarn, nvm and their like, Maven, Gradle, Bazel, cargo.
 */
const steering = [
	"rust-toolchain",
	"rust-toolchain.toml",
	".cargo",
	".tool-versions",
	"mise.toml",
	".mise.toml",
	"package.json",
	".npmrc",
	".yarnrc",
	".yarnrc.yml",
	".pnp.cjs",
	".nvmrc",
	".node-version",
	".python-version",
	".ruby-version",
	".java-version",
	".go-version",
	".prototools",
	".mvn",
	"go.work",
	"global.json",
];

export interface Places extends Pick<Host, "realPath" | "lstat"> {
	/** Makes a directory in `parent` whose name begins like this. @returns its path. */
	makeDirectory(parent: string, prefix: string): Promise<ReadOutcome<string>>;
}

/**
 * Makes an empty directory for programs to run in, and removes it when this process ends. In it, no tool finds a file that names
 * another program. If anything is wrong with one place, the next one is taken.
 * @param untrusted Not in these directories.
 * @returns its path; `/` if none can be made.
 */
export async function makeEmptyDirectory(
	env: Readonly<Record<string, string | undefined>>,
	untrusted: readonly string[],
	files: Places,
): Promise<string> {
	for (const place of [env.RUNNER_TEMP, tmpdir()]) {
		if (!place?.startsWith("/")) continue;
		const path = await directoryIn(place, untrusted, files).catch(() => undefined);
		if (path === undefined) continue;
		process.once("exit", () => remove(path));
		return path;
	}
	return "/";
}

/** `undefined`: it does not exist, is not fit for it, or is read-only or full. @throws DeadMount */
async function directoryIn(place: string, untrusted: readonly string[], files: Places): Promise<string | undefined> {
	const parent = await files.realPath(place);
	if (parent.kind !== "ok" || untrusted.some((directory) => isWithin(parent.value, directory))) return undefined;
	if (await isSteered(parent.value, files)) return undefined;
	const made = await files.makeDirectory(parent.value, "runner-check-");
	return made.kind === "ok" ? made.value : undefined;
}

/** Does a directory, or one above it, hold a file that tools would go by? Not the user's home: what is in there holds everywhere. */
async function isSteered(directory: string, files: Pick<Host, "lstat">): Promise<boolean> {
	if (directory === homeOfUser()) return false;
	const found = await Promise.all(steering.map((name) => files.lstat(join(directory, name))));
	if (found.some(({ kind }) => kind !== "absent")) return true;
	return directory !== "/" && isSteered(dirname(directory), files);
}

/** Only if it is empty: what a tool left in it may be of use to somebody. */
function remove(path: string): void {
	try {
		rmdirSync(path);
	} catch {}
}
