import { findingsOf, judgeCases, judgeHealthyReports, judgeState, resultsOn } from "./judge.ts";
import type { Disagreement, Measured } from "./page.ts";
import { areas, readArea, readYaml } from "./states.ts";

/** Judges all recordings, cases and reports of healthy runners. */
export async function measure(): Promise<Measured> {
	const read = areas.map(readArea);
	const states = [];
	for (const state of read.flatMap((area) => area.states)) states.push(await judgeState(state));
	return {
		areas: read,
		states,
		cases: await judgeCases(),
		healthy: new Map([["the healthy machine", findingsOf(await resultsOn({}))], ...judgeHealthyReports()]),
		disagreements: readYaml<readonly Disagreement[]>("disagreements.yaml"),
		notJudged: readYaml<Readonly<Record<string, string>>>("expected/not-judged.yaml"),
	};
}
