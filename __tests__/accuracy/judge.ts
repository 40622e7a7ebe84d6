import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkRunner } from "../../src/check-runner.ts";
import { judgeAll } from "../../src/engine.ts";
import type { Report, Result } from "../../src/report/report.ts";
import { createRequest } from "../support/builders.ts";
import { casesIn, checksOf, judgeCase, reasonOf } from "../support/cases.ts";
import { changeOf } from "./machines/all.ts";
import { type Change, machineOf } from "./machines/machine.ts";
import type { State } from "./states.ts";

/**
 * `right`: the expected finding and no other. `second-best`: one that leads to the same fix, or the expected one among others.
 * `wrong`: anything else.
 */
type Outcome = "right" | "second-best" | "wrong";

export interface Judged {
	readonly state: State;
	readonly outcome: Outcome;
	/** What the product said: `docker/socket:missing`. */
	readonly found: readonly string[];
}

/** Runs the product on the healthy machine with one change, as a job would: every probe and every check. */
export async function resultsOn(change: Change): Promise<readonly Result[]> {
	const { host, policy, workspace } = machineOf(change);
	const request = createRequest({ policy, workspace });
	const report = await checkRunner(host, request, { decidedBy: "input", policyFile: undefined });
	return report.results;
}

/** What the product says about a state, next to what it has to say. */
export async function judgeState(state: State): Promise<Judged> {
	const results = await resultsOn(changeOf(state));
	const found = findingsOf(results);
	return { state, outcome: outcomeOf(state, results, found), found };
}

function outcomeOf(state: State, results: readonly Result[], found: readonly string[]): Outcome {
	const { expect, judges, second, also } = state;
	const unasked = found.filter((finding) => !also.some((pattern) => fits(pattern, finding)));
	if (expect === "pass") {
		const passed = judges.every((id) => results.some((result) => result.id === id && result.status === "pass"));
		return passed && unasked.length === 0 ? "right" : "wrong";
	}
	// A reason whose level is `skip` is no finding, but it is said.
	const skipped = results.some(({ id, status, reason }) => status === "skip" && fits(expect, `${id}:${reason}`));
	const others = unasked.filter((finding) => !fits(expect, finding));
	if (skipped || found.some((finding) => fits(expect, finding))) return others.length === 0 ? "right" : "second-best";
	return found.some((finding) => second.some((pattern) => fits(pattern, finding))) ? "second-best" : "wrong";
}

/** Does `registry/*:denied` fit `registry/ghcr.io:denied`? */
function fits(pattern: string, finding: string): boolean {
	const [before = "", after] = pattern.split("*");
	return after === undefined ? pattern === finding : finding.startsWith(before) && finding.endsWith(after);
}

/** `docker/socket:missing`, or `tool/true:error` for what could not be decided. */
export function findingsOf(results: readonly Result[]): readonly string[] {
	return results.flatMap(({ id, status, reason }) => {
		if (status === "error") return [`${id}:error`];
		return status === "fail" || status === "warn" ? [`${id}:${reason}`] : [];
	});
}

export interface JudgedCase {
	readonly name: string;
	/** `shm/size`; a case that only the lint has is of the check that it shows. */
	readonly id: string;
	readonly isHealthy: boolean;
	readonly isRight: boolean;
}

/** Every folder of `__tests__/cases`: is the reason in its name the one that is reported? */
export async function judgeCases(): Promise<readonly JudgedCase[]> {
	const cases = casesIn(join(import.meta.dirname, "../cases"));
	const judged: JudgedCase[] = [];
	for (const one of cases) {
		const { result } = await judgeCase(one);
		const isRight = reasonOf(result) === one.reason;
		judged.push({ name: one.name, id: result.id, isHealthy: one.reason === "pass", isRight });
	}
	return judged;
}

/** File name of a report of a healthy machine -> what is found when its facts are judged again. */
export function judgeHealthyReports(): ReadonlyMap<string, readonly string[]> {
	const folder = join(import.meta.dirname, "../fixtures/reports");
	const names = readdirSync(folder).filter((name) => name.startsWith("healthy-"));
	return new Map(
		names.sort().map((name) => {
			const { facts, expectations, started } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Report;
			return [name, findingsOf(judgeAll(checksOf(expectations), facts, expectations, { started }))];
		}),
	);
}
