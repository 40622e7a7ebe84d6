import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { FileOutcome, Host } from "../../src/host/host.ts";
import { type LintOutcome, runLint } from "../../src/lint/lint-command.ts";
import { createHost, file } from "./fake-host.ts";
import { lintOptions } from "./lint-options.ts";

/** `lint.json`: what the files of a case do not tell. */
interface LintFile {
	readonly runnerVersion?: string;
	/** The paths to lint. Default: every file of the case but drop-ins, which are found next to their unit. */
	readonly files?: readonly string[];
	/** Path -> permission bits, in place of 0644; 0600 for a `.runner`. */
	readonly modes?: Readonly<Record<string, string>>;
	/** Path -> encoding, with its mark, in place of UTF-8. */
	readonly encodings?: Readonly<Record<string, "utf16le" | "utf16be">>;
	/** Paths of files that this user cannot read. */
	readonly unreadable?: readonly string[];
}

/** The files of a case as people have them: a `config.yaml`, a `.runner`, units, workflows. */
export interface LintCase extends LintFile {
	/** Path in the case -> content. */
	readonly texts: Readonly<Record<string, string>>;
	/** Absolute path -> content of other files of the machine: those below `machine/`. */
	readonly machine: Readonly<Record<string, string>>;
}

/** Does a case consist of files to lint, and not of facts or a report? */
export function isLintCase(folder: string): boolean {
	return !existsSync(join(folder, "case.json")) && !existsSync(join(folder, "report.json"));
}

export function readLintCase(folder: string): LintCase {
	const all = readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((path) => statSync(join(folder, path)).isFile() && !["expected.md", "lint.json"].includes(path))
		.sort();
	const textsOf = (paths: readonly string[]) =>
		Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
	const machine = Object.entries(textsOf(all.filter((path) => path.startsWith("machine/"))));
	return {
		texts: textsOf(all.filter((path) => !path.startsWith("machine/"))),
		machine: Object.fromEntries(machine.map(([path, text]) => [path.slice("machine".length), text])),
		...(existsSync(join(folder, "lint.json")) ? JSON.parse(readFileSync(join(folder, "lint.json"), "utf8")) : {}),
	};
}

/** Lints the files of a case, as `runner-check lint` does. */
export function lintCase(one: LintCase): Promise<LintOutcome> {
	const { runnerVersion, files } = one;
	const named = files ?? Object.keys(one.texts).filter((path) => !path.includes(".d/"));
	return runLint(hostOf(one), lintOptions({ files: named, ...(runnerVersion !== undefined && { runnerVersion }) }));
}

const workingDirectory = "/etc/gitea-runner";

/** A machine with the files of a case in its working directory. */
export function hostOf({ texts, machine, modes = {}, encodings = {}, unreadable = [] }: LintCase): Host {
	const full = (path: string): string => (path.startsWith("/") ? path : `${workingDirectory}/${path}`);
	const files: Record<string, string | FileOutcome> = { ...machine };
	for (const [path, text] of Object.entries(texts)) files[full(path)] = text;
	for (const path of unreadable) files[full(path)] = { kind: "unreadable", code: "EACCES" };
	const written = new Map(Object.entries(modes).map(([path, mode]) => [full(path), Number.parseInt(mode, 8)]));
	const host = createHost({ workingDirectory, directories: directoriesOf(Object.keys(files)), files });
	const encoded = new Map(Object.entries(encodings).map(([path, encoding]) => [full(path), encoding]));
	return {
		...host,
		readText: async (path, maxBytes, encoding) => {
			const outcome = await host.readText(path, maxBytes, encoding);
			const written = encoded.get(path);
			if (written === undefined || outcome.kind !== "ok") return outcome;
			const bytes = Buffer.from(`\ufeff${outcome.value}`, "utf16le");
			return { kind: "ok", value: (written === "utf16be" ? bytes.swap16() : bytes).toString(encoding) };
		},
		stat: async (path) => {
			const outcome = await host.stat(path);
			const mode = written.get(path) ?? (path.endsWith(".runner") ? 0o600 : undefined);
			return mode === undefined || !("mode" in outcome) ? outcome : file({ ...outcome, mode });
		},
	};
}

/** Every directory above the paths, with what is in it. */
function directoriesOf(paths: readonly string[]): Readonly<Record<string, readonly string[]>> {
	const directories: Record<string, string[]> = {};
	for (const path of paths) {
		for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
			const names = directories[path.slice(0, at)] ?? [];
			const name = path.slice(at + 1).split("/")[0] ?? "";
			directories[path.slice(0, at)] = names.includes(name) ? names : [...names, name];
		}
	}
	return directories;
}
