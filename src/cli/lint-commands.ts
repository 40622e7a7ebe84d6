import type { Host } from "../host/host.ts";
import { complain, print, readStdin, showsUnicode, terminalWidth, wantsColor } from "../host/terminal.ts";
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
	await refuseMissing(
		host,
		files.filter((file) => file !== "-"),
	);
	const { lintFormats, runLint } = await import("../more.ts");
	const runnerVersion = flags["runner-version"];
	const options = {
		files: files.map((file) => (file === "-" ? stdin : file)),
		...(runnerVersion !== undefined && { runnerVersion }),
		format: oneOf(flags.format ?? "text", lintFormats),
		failOn: failOnOf(flags),
		posture: flags.posture === "true",
		color: wantsColor(),
		unicode: showsUnicode(),
		annotate: host.env.GITHUB_ACTIONS === "true",
		width: terminalWidth(),
	};
	const given = files.includes("-") ? withStdin(host, await readStdin(maxStdin)) : host;
	const { text, exitCode } = await within(deadlineMs, stop, (signal) => runLint(given, { ...options, signal }));
	if (stop.aborted) return 1;
	await print(createRedactor(host.env).stars(text));
	return exitCode;
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

/** A file that does not exist is a typing error, not a problem of the runner. @throws UsageError */
async function refuseMissing(host: Host, files: readonly string[]): Promise<void> {
	const found = await Promise.all(files.map((file) => host.lstat(file)));
	const missing = files.filter((_, index) => found[index]?.kind === "absent");
	if (missing.length > 0) throw new UsageError(missing.map((file) => `${file} does not exist`).join("\n"));
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
