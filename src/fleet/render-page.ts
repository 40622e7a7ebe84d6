import { escaped } from "../render/json.ts";
import { clean, oneLine } from "../render/text.ts";
import type { Report, Result } from "../report/report.ts";
import type { Fleet, FleetRunner } from "./fleet.ts";
import { lookOf } from "./look.ts";
import type { PageData } from "./page/data.ts";
import template from "./page/page.html";

/** Characters of all findings and histories: a browser still opens the page. */
const maxData = 30_000_000;
/** Looks of a runner that are shown. */
const maxLooks = 30;
/** Of one list in a finding: evidence, commands. Nobody reads more, and the report has them. */
const maxListed = 50;

/** `fleet.html`: one page that loads nothing and sends nothing. */
export function renderFleetPage(fleet: Fleet): string {
	return page({ kind: "fleet", fleet: bounded(cleaned(fleet) as Fleet) });
}

/** A single report as the same page: a fleet of one, with what passed and what was skipped. */
export function renderReportPage(report: Report): string {
	const { results, verdict, started } = report;
	const { at: last_report, after: _, disks = {}, ...look } = lookOf(report);
	const only: FleetRunner = { ...look, disks, last_report, results, history: [], failed: 0 };
	const nothing = { drift: [], unserved: [], rejected: [], changes: [], notes: [] };
	const fleet: Fleet = { version: 1, generated: started, verdict, runners: [only], ...nothing };
	return page({ kind: "report", fleet: bounded(cleaned(fleet) as Fleet) });
}

/** The data is inert: no `<` of it can end its element, and the page makes text of it, never HTML. */
function page(data: PageData): string {
	const json = escaped(JSON.stringify(data)).replace(/</g, "\\u003c");
	const [before, after] = template;
	return `${before}${json}${after}`;
}

/** Findings and history of the last runners are left out if there is too much of them, and that is said. */
function bounded(fleet: Fleet): Fleet {
	let size = 0;
	let bare = 0;
	const runners = fleet.runners.map((runner): FleetRunner => {
		const results = runner.results.map(shortened);
		const history = runner.history.slice(-maxLooks);
		size += JSON.stringify(results).length + JSON.stringify(history).length;
		if (size <= maxData) return { ...runner, results, history };
		bare++;
		return { ...runner, results: [], history: [] };
	});
	if (bare === 0) return { ...fleet, runners };
	const of = bare === 1 ? "one runner" : `${bare} runners`;
	const note = `The page is too large: the findings and the history of ${of} are in fleet.json only.`;
	return { ...fleet, runners, notes: [note, ...fleet.notes] };
}

function shortened(result: Result): Result {
	const { evidence, remedy } = result;
	const commands = remedy?.commands?.slice(0, maxListed);
	return {
		...result,
		evidence: evidence.slice(0, maxListed),
		...(remedy && { remedy: { ...remedy, ...(commands && { commands }) } }),
	};
}

/** The same with every text without controls and what has no glyph, and bounded. */
function cleaned(value: unknown): unknown {
	if (typeof value === "string") return clean(value);
	if (Array.isArray(value)) return value.map(cleaned);
	if (value === null || typeof value !== "object") return value;
	return Object.fromEntries(Object.entries(value).map(([key, entry]) => [oneLine(key, 200), cleaned(entry)]));
}
