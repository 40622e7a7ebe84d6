import type { ToolFacts } from "../probes/tools.ts";
import { findVersion } from "../versions.ts";
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
		const text = answer?.ok ? versionIn(answer.value as ToolFacts) : undefined;
		if (text !== undefined) versions.set(name, text);
	}
	return versions;
}

function versionIn({ run }: ToolFacts): string | undefined {
	if (run.kind === "own-node") return run.version;
	if (run.kind !== "ran") return undefined;
	const { outcome } = run;
	if (outcome.kind !== "exited" || outcome.code !== 0) return undefined;
	return (findVersion(outcome.stdout.slice(0, maxOutput)) ?? findVersion(outcome.stderr.slice(0, maxOutput)))?.text;
}
