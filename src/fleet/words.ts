/** What the fleet says in every format: one sentence for a runner's state, the fleet's counts, a change. */
import { timeText } from "../render/time-text.ts";
import type { Change, Fleet, FleetRunner } from "./fleet.ts";
import { isSick, stateOf } from "./judge-fleet.ts";

/** `titan-1 (titan)` */
export function nameOf({ name, profile }: Pick<FleetRunner, "name" | "profile">): string {
	return profile === undefined ? name : `${name} (${profile})`;
}

/** Runners that somebody has to look at first, then those with warnings; the order of names within. */
export function bySeverity(runners: readonly FleetRunner[]): readonly FleetRunner[] {
	const weight = (runner: FleetRunner): number => (isSick(runner) ? 0 : runner.verdict === "degraded" ? 1 : 2);
	return [...runners].sort((a, b) => weight(a) - weight(b));
}

/** `4 runners: 1 misconfigured, 1 silent, 2 healthy` */
export function countsText({ runners }: Fleet): string {
	const counts = new Map<string, number>();
	for (const runner of bySeverity(runners)) counts.set(stateOf(runner), (counts.get(stateOf(runner)) ?? 0) + 1);
	const parts = [...counts].map(([state, count]) => `${count} ${state}`);
	const total = `${runners.length} runner${runners.length === 1 ? "" : "s"}`;
	return parts.length === 0 ? "no runners" : `${total}: ${parts.join(", ")}`;
}

/** `healthy -> misconfigured; new: docker/socket:missing; gone: disk/free:low` */
export function changeText({ before, now, came, went }: Change): string {
	const state = before === now ? now : `${before ?? "not known before"} -> ${now}`;
	const list = (title: string, findings: readonly string[]): readonly string[] =>
		findings.length === 0 ? [] : [`${title}: ${findings.join(", ")}`];
	return [state, ...list("new", came), ...list("gone", went)].join("; ");
}

/** Why the runner is in this list: its own sentence, its failure rate, and what jobs of others say. */
export function remarksOf({ why, status, since, failed, history, busy, after }: FleetRunner): readonly string[] {
	return [
		...(why === undefined ? [] : [why]),
		// The sentence of these two says it already.
		...(since === undefined || status === "silent" || status === "waiting" ? [] : [`Since ${timeText(since)}.`]),
		...(failed > 0 && history.length > 1 ? [`${failed} of the last ${history.length} checks failed.`] : []),
		...(busy ? ["It runs a job now."] : []),
		...(after && after.runner > 0 ? [`The runner caused the failure of ${after.runner} jobs.`] : []),
	];
}

/** A line for each sick runner. */
export function sickLines({ runners }: Fleet): readonly string[] {
	return runners.filter(isSick).map((runner) => {
		const findings = runner.failures.length > 0 ? `: ${runner.failures.slice(0, 5).join(", ")}` : "";
		const why = runner.why ?? `${stateOf(runner)}${findings}`;
		return `Runner ${nameOf(runner)}: ${why}`;
	});
}
