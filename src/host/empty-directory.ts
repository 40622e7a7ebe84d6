import { promises, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
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

/**
 * Makes an empty directory for programs to run in, and removes it when this process ends. In it, no tool finds a file that names
 * another program. If anything is wrong with one place, the next one is taken.
 * @param untrusted Not in these directories.
 * @param reach Rejects if a path is on a mount that does not answer.
 * @returns its path; `/` if none can be made.
 */
export async function makeEmptyDirectory(
	env: Readonly<Record<string, string | undefined>>,
	untrusted: readonly string[],
	reach: (path: string) => Promise<void>,
): Promise<string> {
	for (const place of [env.RUNNER_TEMP, tmpdir()]) {
		if (!place?.startsWith("/")) continue;
		try {
			await reach(place);
			const parent = await promises.realpath(place);
			if (untrusted.some((directory) => isWithin(parent, directory)) || (await isSteered(parent))) continue;
			const path = await promises.mkdtemp(join(parent, "runner-check-"));
			process.once("exit", () => remove(path));
			return path;
		} catch {
			// It does not exist, does not answer, or is read-only or full.
		}
	}
	return "/";
}

/** Does a directory, or one above it, hold a file that tools would go by? Not the user's home: what is in there holds everywhere. */
async function isSteered(directory: string): Promise<boolean> {
	if (directory === homeOfUser()) return false;
	const found = await Promise.all(steering.map((name) => exists(join(directory, name))));
	if (found.includes(true)) return true;
	return directory !== "/" && isSteered(dirname(directory));
}

async function exists(path: string): Promise<boolean> {
	try {
		await promises.lstat(path);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== "ENOENT";
	}
}

/** Only if it is empty: what a tool left in it may be of use to somebody. */
function remove(path: string): void {
	try {
		rmdirSync(path);
	} catch {}
}
