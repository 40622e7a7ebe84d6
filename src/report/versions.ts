import type { ToolFacts } from "../probes/tools.ts";
import { findVersion, type Version } from "../versions.ts";
import type { Report } from "./report.ts";

/** The probe keeps no more than this; a report from elsewhere may hold more. */
const maxOutput = 4096;

/**
 * Version of each tool that the profile names and that told one, in the profile's order. Read from the facts of the
 * probes `tool:<name>`, whatever became of the checks: a version that is out of range is a version too.
 */
export function versionsOf({
	expectations,
	facts,
}: Pick<Report, "expectations" | "facts">): ReadonlyMap<string, string> {
	const versions = new Map<string, string>();
	for (const name of Object.keys(expectations.tools)) {
		const answer = facts[`tool:${name}`];
		const text = answer?.ok ? versionIn(name, answer.value as ToolFacts | null) : undefined;
		if (text !== undefined) versions.set(name, text);
	}
	return versions;
}

/** A report from elsewhere may hold facts in another form, which are ignored. */
function versionIn(name: string, facts: Partial<ToolFacts> | null): string | undefined {
	const run = facts?.run;
	if (run?.kind === "own-node") return typeof run.version === "string" ? run.version : undefined;
	if (run?.kind !== "ran" || run.outcome?.kind !== "exited" || run.outcome.code !== 0) return undefined;
	const { stdout, stderr } = run.outcome;
	return (versionOn(stdout, name) ?? versionOn(stderr, name))?.text;
}

function versionOn(stream: unknown, name: string): Version | undefined {
	return typeof stream === "string" ? findVersion(stream.slice(0, maxOutput), name) : undefined;
}
