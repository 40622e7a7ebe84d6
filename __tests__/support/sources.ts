import { execFileSync } from "node:child_process";
import { cp, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

/** This repository. */
export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What of it a release is made from. */
export const releasedParts = [
	...[
		"action.yml",
		"dist",
		"sh",
		"hooks",
		"fleet",
		"schema",
		".pre-commit-hooks.yaml",
		"LICENSE",
		"README.md",
		"package.json",
	],
	"src/version.ts", // states the version
];

const ignored = [".git", "node_modules", "coverage"];

/** A repository with the files of this one, as they are now, in one commit on `main`: all of them, or these. */
export async function copySources(folder: string, parts: readonly string[] = ["."]): Promise<string> {
	for (const part of parts)
		await cp(join(repository, part), join(folder, part), {
			recursive: true,
			filter: (path) => !ignored.includes(basename(path)),
		});
	git(folder, "init", "--quiet", "--initial-branch=main");
	commitAll(folder, "sources");
	return folder;
}

/** Writes a version where the sources state it, and commits that. */
export async function setVersion(folder: string, version: string): Promise<void> {
	for (const file of ["package.json", "src/version.ts"]) {
		const text = await readFile(join(folder, file), "utf8");
		await writeFile(join(folder, file), text.replace(/(version"?(?::| =) )"[^"]*"/, `$1"${version}"`));
	}
	commitAll(folder, version);
}

export function commitAll(folder: string, message: string): void {
	git(folder, "add", "--all", "--force");
	git(folder, "commit", "--quiet", "--allow-empty", "--message", message);
}

/** Runs git in a repository as a person with a name, and gives what it prints. */
export function git(folder: string, ...args: string[]): string {
	const person = ["-c", "user.name=test", "-c", "user.email=test@example.test"];
	return execFileSync("git", [...person, ...args], { cwd: folder, encoding: "utf8" }).trimEnd();
}
