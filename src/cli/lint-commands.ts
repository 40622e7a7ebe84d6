import type { Host } from "../host/host.ts";
import { complain, print, showsUnicode, terminalWidth, wantsColor } from "../host/terminal.ts";
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
	await refuseMissing(host, files);
	const { runLint } = await import("../more.ts");
	const runnerVersion = flags["runner-version"];
	const options = {
		files,
		...(runnerVersion !== undefined && { runnerVersion }),
		format: oneOf(flags.format ?? "text", ["text", "json"]),
		failOn: failOnOf(flags),
		posture: flags.posture === "true",
		color: wantsColor(),
		unicode: showsUnicode(),
		annotate: host.env.GITHUB_ACTIONS === "true",
		width: terminalWidth(),
	};
	const { text, exitCode } = await within(deadlineMs, stop, (signal) => runLint(host, { ...options, signal }));
	if (stop.aborted) return 1;
	await print(createRedactor(host.env).stars(text));
	return exitCode;
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
