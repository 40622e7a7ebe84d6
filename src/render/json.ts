import type { Report, Result } from "../report/report.ts";

/**
 * `report.json`: two spaces, and the keys always in the order of the published format, so that two reports can be
 * compared line by line. What no terminal or log should see raw is written as an escape; a parser reads it back.
 */
export function renderJson(report: Report): string {
	const { version, generator, started, duration_ms, runner, job, profile, verdict, counts, results } = report;
	const ordered: Report = {
		version,
		generator: { name: generator.name, version: generator.version },
		started,
		duration_ms,
		runner,
		...(job && { job }),
		profile,
		verdict,
		counts: { pass: counts.pass, warn: counts.warn, fail: counts.fail, error: counts.error, skip: counts.skip },
		results: results.map(orderedResult),
		expectations: report.expectations,
		facts: report.facts,
	};
	return `${escaped(JSON.stringify(ordered, null, 2))}\n`;
}

const resultKeys: readonly (keyof Result)[] = [
	"id",
	"status",
	"reason",
	"title",
	"summary",
	"message",
	"why",
	"expected",
	"observed",
	"evidence",
	"remedy",
	"docs",
	"duration_ms",
	"location",
	"accepted",
	"acceptance_expired",
];

function orderedResult(result: Result): Result {
	return Object.fromEntries(resultKeys.map((key) => [key, result[key]])) as unknown as Result;
}

/** Only strings can hold these, and a JSON string may write any character as an escape. */
function escaped(json: string): string {
	return json
		.replace(/##(?=\[)/g, "#\\u0023")
		.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => character.split("").map(escapeOf).join(""));
}

function escapeOf(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
