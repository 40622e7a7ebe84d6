import type { Host } from "../host/host.ts";
import { replaceText } from "../host/replace-text.ts";
import { complain, print, readStdin, showsUnicode, terminalWidth, wantsColor } from "../host/terminal.ts";
import type { LintOptions } from "../lint/lint-command.ts";
import { within } from "../probes/deadline.ts";
import { createRedactor } from "../report/redact.ts";
import { UsageError } from "./arguments.ts";
import { type Flags, failOnOf, oneOf } from "./flags.ts";

const deadlineMs = 10_000;

/** `lint`: prints what is wrong in a runner's own configuration. */
export async function lintFiles(
	host: Host,
	files: readonly string[],
	flags: Flags,
	stop: AbortSignal,
): Promise<number> {
	const { lintFormats, runLint } = await import("../more.ts");
	const fix = fixOf(files, flags);
	const named = await namedFiles(host, files);
	const runnerVersion = flags["runner-version"];
	const options = {
		files: named,
		...(runnerVersion !== undefined && { runnerVersion }),
		format: oneOf(flags.format ?? "text", lintFormats),
		failOn: failOnOf(flags),
		posture: flags.posture === "true",
		skipOthers: flags["skip-others"] === "true",
		...(fix && { fix }),
		color: wantsColor(),
		unicode: showsUnicode(),
		annotate: host.env.GITHUB_ACTIONS === "true",
		width: terminalWidth(),
	};
	const given = files.includes("-") ? withStdin(host, await readStdin(maxStdin)) : host;
	const {
		text,
		exitCode,
		unwritten = [],
	} = await within(deadlineMs, stop, (signal) => runLint(given, { ...options, signal }));
	if (stop.aborted) return 1;
	await print(createRedactor(host.env).stars(text));
	for (const one of unwritten) complain(one);
	return unwritten.length > 0 ? 3 : exitCode;
}

/** How to make the fixes that are certain; `undefined`: not at all. @throws UsageError */
function fixOf(files: readonly string[], flags: Flags): LintOptions["fix"] {
	const isDry = flags["dry-run"] === "true";
	if (flags.fix !== "true") {
		if (isDry) throw new UsageError("the flag `--dry-run` needs `--fix`");
		return undefined;
	}
	if (files.length === 0) throw new UsageError("the flag `--fix` needs the names of the files to fix");
	if (files.includes("-")) throw new UsageError("the flag `--fix` writes files, and cannot write standard input");
	return isDry ? "show" : replaceText;
}

/** How findings name what came through standard input. */
const stdin = "<stdin>";
const maxStdin = 1024 * 1024;

/** The same machine, with a file that holds what came through standard input. */
function withStdin(host: Host, bytes: Uint8Array): Host {
	const path = `${host.cwd()}/${stdin}`;
	const status = { kind: "file", mode: 0o600, uid: 0, gid: 0, size: bytes.length } as const;
	const own: Partial<Host> = {
		readText: async (at, maxBytes = bytes.length, encoding = "utf8") =>
			at === path
				? { kind: "ok", value: Buffer.from(bytes.subarray(0, maxBytes)).toString(encoding) }
				: host.readText(at, maxBytes, encoding),
		stat: async (at) => (at === path ? status : host.stat(at)),
		realPath: async (at) => (at === path ? { kind: "ok", value: at } : host.realPath(at)),
		readInside: async (root, at, maxBytes, encoding) =>
			at === path
				? (own.readText?.(at, maxBytes, encoding) ?? { kind: "absent" })
				: host.readInside(root, at, maxBytes, encoding),
	};
	return Object.assign(Object.create(host), own);
}

/**
 * The files that were named, with those that a pattern names. A file that does not exist is a typing error, not a problem of the runner.
 * @throws UsageError
 */
async function namedFiles(host: Host, words: readonly string[]): Promise<readonly string[]> {
	const { filesMatching, isPattern } = await import("../more.ts");
	const missing: string[] = [];
	const named = await Promise.all(
		words.map(async (word): Promise<readonly string[]> => {
			if (word === "-") return [stdin];
			if ((await host.lstat(word)).kind !== "absent") return [word];
			if (!isPattern(word)) {
				missing.push(`${word} does not exist`);
				return [];
			}
			const { matching, folder, walked } = await filesMatching(host, host.cwd(), word);
			if (matching.length === 0) missing.push(`${word} matches no file: ${whatIsIn(folder, walked.files)}`);
			return matching;
		}),
	);
	if (missing.length > 0) throw new UsageError(missing.join("\n"));
	return [...new Set(named.flat())];
}

/** What was found where a pattern begins. */
function whatIsIn(folder: string, files: readonly string[]): string {
	const where = folder === "" ? "this directory" : folder;
	const [first] = files;
	if (first === undefined) return `${where} has no files`;
	return `${where} has ${files.length} file${files.length === 1 ? "" : "s"}, such as ${first}`;
}

/** `init --runner`: prints a configuration for a runner with these labels. What is wrong with the labels is said, too. */
export async function initRunner(labels: string, runnerVersion: string | undefined): Promise<number> {
	const names = labels.split(",").map((label) => label.trim());
	const { runnerTemplate } = await import("../more.ts");
	const { text, results } = await runnerTemplate(names, runnerVersion);
	await print(text);
	for (const { id, reason, message } of results) complain(`${id}:${reason}: ${message}`);
	return results.some(({ status }) => status === "fail") ? 1 : 0;
}
