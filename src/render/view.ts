import type { Report, Result, RunnerInfo } from "../report/report.ts";
import { oneLine } from "./text.ts";

/** A report in the order in which a person reads it: the most severe findings first. */
export interface View {
	/** Failures, then undecided checks, then warnings; each in the report's order. */
	readonly findings: readonly Result[];
	/** Findings that the policy accepts until a date. */
	readonly accepted: readonly Result[];
	readonly passed: readonly Result[];
	/** Skipped checks, without the accepted findings. */
	readonly skipped: readonly Result[];
	/** Id of a failed check -> ids of the checks that wait for it. */
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
function rootOf(reason: string | undefined): string | undefined {
	return reason?.startsWith("needs:") ? reason.slice("needs:".length) : undefined;
}

/** The verdict in words. */
export function verdictOf(report: Report): {
	readonly mark: "pass" | "warn" | "fail" | "error";
	readonly text: string;
} {
	if (report.verdict === "healthy") return { mark: "pass", text: "Runner healthy" };
	if (report.verdict === "degraded") return { mark: "warn", text: "Runner degraded" };
	// No check failed, but some could not decide: that is not a success.
	if (report.counts.fail === 0) return { mark: "error", text: "Runner could not be verified" };
	return { mark: "fail", text: "Runner misconfigured" };
}

/** "3 of 41 checks switched off"; `undefined` if none is, or if the report is older than the number. */
export function switchedOffText({ switched_off }: Partial<Report>): string | undefined {
	if (!switched_off || switched_off.count === 0) return undefined;
	return `${switched_off.count} of ${switched_off.of} checks switched off`;
}

/** What the verdict `unknown` means; `undefined` for the others. */
export function unknownText(report: Report): string | undefined {
	if (report.verdict !== "unknown") return undefined;
	const off = switchedOffText(report);
	const cause = off === undefined ? "" : ` (${off})`;
	return `No check passed${cause}, so nothing shows that this runner works. This counts as a failure.`;
}

/** The heading of a finding: what is wrong, in one line without a period. */
export function headlineOf(result: Result): string {
	// Before 1.2, the title of an undecided check said what would be so if it passed.
	if (result.status === "error" && result.why === undefined) return `Could not decide: ${result.title}`;
	return oneLine(result.title, 300).replace(/\.$/, "");
}

/** What is wrong and why it matters, as one text. */
export function storyOf(result: Result): string {
	const message = oneLine(result.message, 1500);
	const why = oneLine(
		`${result.why ?? ""}${result.status === "error" && !isAfter(result) ? countsAsFailure : ""}`,
		1000,
	);
	const end = /[.!?:]$/.test(message) || why === "" ? "" : ".";
	return `${message}${end} ${why}`.trim();
}

/** The second look fails no job. */
function isAfter({ id }: Result): boolean {
	return id.startsWith("after/");
}

const countsAsFailure = " An undecided check counts as a failure.";

/** `config.yaml:12:5`; `undefined` if a result has no place in a file. */
export function locationOf({ location }: Result): string | undefined {
	if (!location) return undefined;
	const { file, line, column } = location;
	return [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined).join(":");
}

/** The counts that are not zero, in words: "1 failed", "31 passed". */
export function countsOf(report: Report): readonly { readonly text: string; readonly severe: boolean }[] {
	const { pass, warn, fail, error, skip } = report.counts;
	const accepted = report.results.filter((result) => result.accepted !== undefined).length;
	const all = [
		{ count: fail, text: `${fail} failed`, severe: true },
		{ count: error, text: `${error} undecided`, severe: true },
		{ count: warn, text: `${warn} warning${warn === 1 ? "" : "s"}`, severe: false },
		{ count: accepted, text: `${accepted} accepted`, severe: false },
		{ count: pass, text: `${pass} passed`, severe: false },
		{ count: skip - accepted, text: `${skip - accepted} skipped`, severe: false },
	];
	const off = switchedOffText(report);
	const shown = all.filter(({ count }) => count > 0);
	return off === undefined ? shown : [...shown, { text: off, severe: false }];
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
			return "set by the input `profile`";
		case "runs-on":
			return "chosen by the job's `runs-on`";
		case "api":
			return "chosen by the job's labels";
		case "environment":
			return "guessed from the environment";
		case "replay":
			return "replayed from a report";
		default:
			return decidedBy;
	}
}

/** That files of the workspace were not used, and what to do about it; `undefined` if all were. */
export function unusedText({ profile: { unused } }: Report): string | undefined {
	if (!unused) return undefined;
	const files = unused.files.map((file) => `\`${file}\``).join(", ");
	const commit = (name = "") => `\`${name.slice(0, 10)}\``;
	const why =
		unused.why === "other-commit"
			? `the workspace holds the commit ${commit(unused.found)}, and this run is for ${commit(unused.wanted)}`
			: `the workspace does not tell which commit it holds, and this run is for ${commit(unused.wanted)}`;
	return `Not used: ${files}, because ${why}. Check out this run's commit before this step, or name the policy in the input \`policy\`.`;
}

/** Why a check was skipped, in a few words. */
export function skipText(result: Result): string {
	const root = rootOf(result.reason);
	if (root !== undefined) return `waits for \`${root}\``;
	switch (result.reason) {
		case "not-in-profile":
			return "not in the profile";
		case "absent":
			return "optional and not installed";
		case "untrusted":
			return "from the workspace, which is untrusted";
		case "not-applicable":
			return "not applicable";
		default:
			return oneLine(result.message, 300);
	}
}

/** Skipped checks grouped by why, in the order of the first of each group. */
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
