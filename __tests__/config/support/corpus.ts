import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const corpusFolder = join(dirname(fileURLToPath(import.meta.url)), "../corpus");

/** A configuration with what the lint has to say of it: one file, or a folder of files that belong together. */
export interface Case {
	/** `label/empty` */
	readonly name: string;
	/** Path in the case -> content. */
	readonly files: Readonly<Record<string, string>>;
	/** Permission bits of a `.runner` in it. */
	readonly registrationMode: number;
	/** `# --runner-version v2.3.0` in the first line. */
	readonly runnerVersion: string | undefined;
	/** Path of the expected output. */
	readonly expected: string;
}

/** Every case below the folder, found by walking it. A folder with a `config.yaml` or a unit in it is one case. */
export function readCorpus(folder: string = corpusFolder): readonly Case[] {
	return readdirSync(folder)
		.sort()
		.flatMap((name) => {
			const path = join(folder, name);
			if (statSync(path).isDirectory()) {
				return isCase(path) ? [toCase(path, filesBelow(path))] : readCorpus(path);
			}
			return name.endsWith(".out") ? [] : [toCase(path, { [name]: readFileSync(path, "utf8") })];
		});
}

function isCase(folder: string): boolean {
	return readdirSync(folder).some((name) => name === "config.yaml" || name === "gitea-runner.service.d");
}

function toCase(path: string, files: Readonly<Record<string, string>>): Case {
	const versions = Object.values(files).map((text) => /^# --runner-version (\S+)/.exec(text)?.[1]);
	return {
		name: relative(corpusFolder, path),
		files,
		runnerVersion: versions.find((version) => version !== undefined),
		registrationMode: /world-readable/.test(path) ? 0o644 : 0o600,
		expected: `${path}.out`,
	};
}

function filesBelow(folder: string, prefix = ""): Readonly<Record<string, string>> {
	const entries = readdirSync(folder).flatMap((name): [string, string][] => {
		const path = join(folder, name);
		return statSync(path).isDirectory()
			? Object.entries(filesBelow(path, `${prefix}${name}/`))
			: [[`${prefix}${name}`, readFileSync(path, "utf8")]];
	});
	return Object.fromEntries(entries);
}
