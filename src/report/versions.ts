import type { Report } from "./report.ts";

/**
 * Version of each tool that the profile names and that told one, in the profile's order. Read from the facts of the
 * probes `tool:<name>`, which a report from elsewhere may hold in any shape.
 */
export function versionsOf({
	expectations,
	facts,
}: Pick<Report, "expectations" | "facts">): ReadonlyMap<string, string> {
	const versions = new Map<string, string>();
	for (const name of Object.keys(expectations.tools)) {
		const answer = facts[`tool:${name}`];
		const text = answer?.ok ? versionText(answer.value) : undefined;
		if (text !== undefined) versions.set(name, text);
	}
	return versions;
}

function versionText(value: unknown): string | undefined {
	const { version } = (value ?? {}) as { version?: { text?: unknown } | null };
	return typeof version?.text === "string" ? version.text : undefined;
}
