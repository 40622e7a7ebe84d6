import type { AfterReport } from "../after/after-report.ts";
import type { Report, Result } from "../report/report.ts";

/**
 * `report.json`: two spaces, and the keys always in the order of the published format, so that two reports can be
 * compared line by line. What no terminal or log should see raw is written as an escape; a parser reads it back.
 */
export function renderJson(report: Report): string {
	const results = report.results.map((result) => inOrder(result, resultKeys));
	return `${escaped(JSON.stringify(inOrder({ ...report, results }, reportKeys), null, 2))}\n`;
}

/** `after.json`, in the same way. */
export function renderAfterJson(report: AfterReport): string {
	const results = report.results.map((result) => inOrder(result, resultKeys));
	return `${escaped(JSON.stringify({ ...report, results }, null, 2))}\n`;
}

const reportKeys: readonly (keyof Report)[] = [
	"version",
	"id",
	"generator",
	"started",
	"duration_ms",
	"runner",
	"job",
	"profile",
	"verdict",
	"counts",
	"switched_off",
	"results",
	"expectations",
	"facts",
];

const resultKeys: readonly (keyof Result)[] = [
	"id",
	"status",
	"reason",
	"title",
	"message",
	"why",
	"expected",
	"observed",
	"evidence",
	"remedy",
	"docs",
	"duration_ms",
	"location",
	"by",
	"accepted",
	"acceptance_expired",
];

/** The value with these keys first; a key that is not among them is kept and comes last. */
function inOrder<T extends object>(value: T, keys: readonly (keyof T)[]): T {
	const known = Object.fromEntries(keys.map((key) => [key, value[key]]));
	return { ...known, ...value };
}

/** A JSON text without what no terminal or log should see raw: only strings can hold it, and they may write any character as an escape. */
export function escaped(json: string): string {
	return json
		.replace(/##(?=\[)/g, "#\\u0023")
		.replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => character.split("").map(escapeOf).join(""));
}

function escapeOf(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
