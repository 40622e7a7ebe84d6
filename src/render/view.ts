import type { Report, Result, RunnerInfo } from "../report/report.ts";
import { oneLine } from "./text.ts";

/** A report sorted the way a person reads it: what is wrong first, the gravest at the top. */
export interface View {
	/** Failed, then undecided, then warned; each in the report's order. */
	readonly findings: readonly Result[];
	/** Known deviations that the policy accepts for a while. */
	readonly accepted: readonly Result[];
	readonly passed: readonly Result[];
	/** Skipped, but for what is accepted. */
	readonly skipped: readonly Result[];
	/** Id of a root cause -> ids of the checks that cannot be judged before it is mended. */
	readonly waiting: ReadonlyMap<string, readonly string[]>;
}

export function viewOf(report: Report): View {
	const having = (status: Result["status"]) => report.results.filter((result) => result.status === status);
	const skips = having("skip");
	const waiting = new Map<string, string[]>();
	for (const { id, reason } of skips) {
		const root = rootOf(reason);
		if (root !== undefined) waiting.set(root, [...(waiting.get(root) ?? []), id]);
	}
	return {
		findings: [...having("fail"), ...having("error"), ...having("warn")],
		accepted: skips.filter((result) => result.accepted !== undefined),
		passed: having("pass"),
		skipped: skips.filter((result) => result.accepted === undefined),
		waiting,
	};
}

/** The check whose failure a `needs:<id>` skip waits for. */
export function rootOf(reason: string | undefined): string | undefined {
	return reason?.startsWith("needs:") ? reason.slice("needs:".length) : undefined;
}

/** What a report says in its first words. */
export function verdictOf(report: Report): {
	readonly mark: "pass" | "warn" | "fail" | "error";
	readonly text: string;
} {
	if (report.verdict === "healthy") return { mark: "pass", text: "Runner healthy" };
	if (report.verdict === "degraded") return { mark: "warn", text: "Runner degraded" };
	// Nothing is known to be wrong, yet nobody may take that for success.
	if (report.counts.fail === 0) return { mark: "error", text: "Runner not verified" };
	return { mark: "fail", text: "Runner misconfigured" };
}

/** The heading of a result that is no success: what is wrong, in one line without an end mark. */
export function headlineOf(result: Result): string {
	if (result.status === "error") return `Could not find out: ${result.title}`;
	return oneLine(result.title, 300).replace(/\.$/, "");
}

/** What is the case and what that means, as one text of whole sentences. */
export function storyOf(result: Result): string {
	const message = oneLine(result.message, 1500);
	const why = oneLine(result.status === "error" ? adviceOnError(result) : (result.why ?? ""), 1000);
	const end = /[.!?:]$/.test(message) || why === "" ? "" : ".";
	return `${message}${end} ${why}`.trim();
}

/** What is to be said of a check that could not decide, by its reason. */
function adviceOnError(result: Result): string {
	switch (result.reason) {
		case "timeout":
			return `This may be right or wrong: nobody knows, so it counts as a failure. Try it by hand on the runner; if it is only slow, raise the input \`timeout\`.`;
		case "crashed":
			return `This may be right or wrong: nobody knows, so it counts as a failure. A crash is a fault of runner-check: please report it with this report's JSON. Until then \`skip: ${result.id}\` leaves the check out.`;
		case "no-facts":
			return `The report was made by another version of runner-check, or by hand: run the check on the runner again.`;
		default:
			return `This may be right or wrong: nobody knows, so it counts as a failure.`;
	}
}

/** `config.yaml:12:5`, or undefined where a result has no place in a file. */
export function locationOf({ location }: Result): string | undefined {
	if (!location) return undefined;
	const { file, line, column } = location;
	return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

/** The counts in words, those that are not zero: "1 failed", "31 passed". */
export function countsOf(report: Report): readonly { readonly text: string; readonly grave: boolean }[] {
	const { pass, warn, fail, error, skip } = report.counts;
	const accepted = report.results.filter((result) => result.accepted !== undefined).length;
	const all = [
		{ count: fail, text: `${fail} failed`, grave: true },
		{ count: error, text: `${error} could not be decided`, grave: true },
		{ count: warn, text: `${warn} warning${warn === 1 ? "" : "s"}`, grave: false },
		{ count: accepted, text: `${accepted} accepted`, grave: false },
		{ count: pass, text: `${pass} passed`, grave: false },
		{ count: skip - accepted, text: `${skip - accepted} skipped`, grave: false },
	];
	return all.filter(({ count }) => count > 0);
}

/** `84 ms`, `1.2 s` */
export function durationText(milliseconds: number): string {
	return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** `Gitea runner v4.1.0`, `outside a job`. */
export function systemOf({ system, version }: RunnerInfo): string {
	const tail = version === undefined ? "" : ` ${version}`;
	switch (system) {
		case "gitea":
			return `Gitea runner${tail}`;
		case "forgejo":
			return `Forgejo runner${tail}`;
		case "github":
			return `GitHub runner${tail}`;
		case "act":
			return `act${tail}`;
		case "none":
			return "outside a job";
	}
}

/** Which step chose the profile, in words. */
export function decidedByText(decidedBy: string): string {
	switch (decidedBy) {
		case "input":
			return "as the input `profile` says";
		case "runs-on":
			return "by the job's `runs-on`";
		case "api":
			return "by the job's labels";
		case "environment":
			return "guessed from the environment";
		case "replay":
			return "judged again from a report";
		default:
			return decidedBy;
	}
}

/** Short words for the reasons of skips that the engine gives. */
export function skipText(result: Result): string {
	const root = rootOf(result.reason);
	if (root !== undefined) return `waits for \`${root}\``;
	switch (result.reason) {
		case "not-in-profile":
			return "not asked for by the profile";
		case "absent":
			return "optional and not there";
		case "not-applicable":
			return "does not apply here";
		default:
			return oneLine(result.message, 300);
	}
}

/** Skips with the same words, in the order of the first of each. Texts of a report. */
export function skipGroups(
	skipped: readonly Result[],
): readonly { readonly why: string; readonly ids: readonly string[] }[] {
	const groups = new Map<string, string[]>();
	for (const result of skipped) {
		const why = skipText(result);
		groups.set(why, [...(groups.get(why) ?? []), result.id]);
	}
	return [...groups].map(([why, ids]) => ({ why, ids }));
}

/** `docker` of `docker/api-version`. */
export function areaOf(id: string): string {
	return id.split("/", 1)[0] ?? id;
}
