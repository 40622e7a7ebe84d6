import { UsageError } from "../cli/arguments.ts";
import { type Flags, oneOf } from "../cli/flags.ts";
import type { Host } from "../host/host.ts";
import { OutputError, print, showsUnicode, terminalWidth, wantsColor } from "../host/terminal.ts";
import { workspaceOf } from "../host/workspace.ts";
import { writeReport } from "../host/write-report.ts";
import type { PolicyFile } from "../policy/policy-file.ts";
import { durationsAllowed, parseDuration } from "../policy/units.ts";
import { assembleFleet } from "./assemble.ts";
import { Looks } from "./collect-looks.ts";
import type { Fleet, Rejected } from "./fleet.ts";
import { fleetFormatNames, fleetFormats } from "./formats.ts";
import { readFolders } from "./read-folders.ts";
import { renderFleetText } from "./render-text.ts";

/** Finds the policy of a workspace, or the one that is named. Comes from `run.js`: it knows every check. */
export type FindPolicy = (workspace: string, named: string | undefined) => Promise<PolicyFile | undefined>;

/** `fleet DIR…`: one picture of many reports. @returns 0 if the fleet is healthy or degraded, else 1. */
export async function fleetOfFolders(
	host: Host,
	paths: readonly string[],
	flags: Flags,
	findPolicy: FindPolicy,
	signal: AbortSignal,
): Promise<number> {
	const format = oneOf(flags.format ?? "text", ["text", ...fleetFormatNames]);
	const now = timeOf(flags.now);
	const maxAgeMs = maxAgeOf(flags["max-age"]);
	if (paths.length === 0)
		throw new UsageError(
			"`fleet` takes folders of reports; to read the runs of a workflow, use the action `fortemi/runner-check/fleet@v1`",
		);
	for (const path of paths)
		if ((await host.stat(path)).kind === "absent") throw new UsageError(`${path} does not exist`);
	const workspace = workspaceOf(host.env, host.cwd());
	const policy = await findPolicy(workspace, flags.policy);
	const looks = new Looks();
	const rejected: Rejected[] = [];
	await readFolders(host, paths, {
		add: (look) => looks.add(look),
		reject: (entry) => rejected.push(entry),
		now,
		signal,
	});
	const sources = { looks, policy, workspace, now, rejected, ...(maxAgeMs !== undefined && { maxAgeMs }) };
	const fleet = await assembleFleet(host, sources, signal);
	if (signal.aborted) return 1;
	if (flags.out !== undefined) await writeAll(host, fleet, flags.out);
	const options = { width: terminalWidth(), unicode: showsUnicode(), color: wantsColor(), groups: false };
	await print(format === "text" ? renderFleetText(fleet, options) : fleetFormats[format].render(fleet));
	return fleet.verdict === "healthy" || fleet.verdict === "degraded" ? 0 : 1;
}

/** `--now` as ISO 8601; without it, now. @throws UsageError */
function timeOf(text: string | undefined): string {
	const time = text === undefined ? Date.now() : /^\d{4}-\d\d-\d\d(?:T|$)/.test(text) ? Date.parse(text) : Number.NaN;
	if (Number.isNaN(time))
		throw new UsageError(`the flag \`--now\`: found \`${text}\`; allowed: a time such as 2026-11-24T06:00:00Z`);
	return new Date(time).toISOString();
}

/** @throws UsageError */
function maxAgeOf(text: string | undefined): number | undefined {
	const ms = text === undefined ? undefined : parseDuration(text);
	if (text !== undefined && (ms === undefined || ms === 0))
		throw new UsageError(`the flag \`--max-age\`: found \`${text}\`; allowed: ${durationsAllowed}, more than 0`);
	return ms;
}

/** Writes the fleet in every format. @throws OutputError */
async function writeAll(host: Host, fleet: Fleet, directory: string): Promise<void> {
	for (const { file, render } of Object.values(fleetFormats)) {
		try {
			await host.reach(directory);
			writeReport(directory, file, render(fleet));
		} catch (error) {
			throw new OutputError(`${directory.replace(/\/$/, "")}/${file}`, error);
		}
	}
}
