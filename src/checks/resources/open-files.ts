import type { Policy } from "../../policy/policy.ts";
import { containerProbe } from "../../probes/container.ts";
import { jobProbe } from "../../probes/job.ts";
import { type FileCount, type LimitsFacts, limitsProbe, type OpenFilesLimit } from "../../probes/limits.ts";
import { formatCount } from "../../report/units.ts";
import { defineCheck, type Evidence, type Remedy, type Verdict } from "../check.ts";
import { type Situation, situationOf } from "../docker/situation.ts";
import { allow, demandFor } from "./floors.ts";

type ReadLimit = Extract<OpenFilesLimit, { kind: "read" }>;

/** What a step gets. */
interface Limit {
	readonly files: number;
	/** The real soft limit may be lower: what we see of it has been raised to the hard one. */
	readonly atMost: boolean;
	readonly hard: number;
}

export const openFiles = defineCheck({
	id: "limits/open-files",
	title: "A process may hold open the files that the profile asks for",
	reasons: { low: { level: "warn", title: "fewer open files allowed than the profile asks for" } },
	needs: { limits: limitsProbe, container: containerProbe, job: jobProbe },
	applies: (policy) => policy.openFiles !== undefined,
	judge({ limits, container, job }, policy): Verdict<"low"> {
		const floor = policy.openFiles ?? 0;
		const { own, starter } = limits;
		switch (own.kind) {
			case "not-linux":
				return { kind: "skip", reason: "not-applicable", message: "Only Linux tells the limits of other steps." };
			case "unreadable":
				return {
					kind: "undecided",
					message: `\`${own.source}\` cannot be read: ${own.code}.`,
					evidence: [{ source: own.source, text: own.code }],
				};
			case "read":
				break;
		}
		const evidence = evidenceOf(limits);
		const limit = limitOf(own, starter);
		if (limit.files < floor) return low(limit, floor, policy, situationOf(container, job), evidence);
		const shown = limit.atMost ? `Up to ${filesOf(limit.files)}` : filesOf(limit.files);
		const message = Number.isFinite(limit.files)
			? `${shown} (${formatCount(floor)} asked for)`
			: "Any number of open files";
		return { kind: "pass", message, evidence };
	},
});

/** A runner in Go leaves one below the hard limit, to know a raised limit from one that somebody set. */
function looksRaised(soft: number, hard: number): boolean {
	return soft >= hard - 1;
}

function limitOf(own: ReadLimit, starter: OpenFilesLimit): Limit {
	const hard = numberOf(own.hard);
	if (starter.kind !== "read") return { files: hard, atMost: true, hard };
	const soft = numberOf(starter.soft);
	return { files: Math.min(soft, hard), atMost: looksRaised(soft, numberOf(starter.hard)), hard };
}

function low(
	{ files, hard }: Limit,
	floor: number,
	policy: Policy,
	situation: Situation,
	evidence: readonly Evidence[],
): Verdict<"low"> {
	return {
		kind: "finding",
		reason: "low",
		message: `A process may hold ${filesOf(files)}; ${demandFor("openFiles", formatCount(floor), policy)}.`,
		why: "Servers under test, linkers of big programs and file watchers stop with `Too many open files` (EMFILE).",
		expected: `at least ${formatCount(floor)}`,
		observed: formatCount(files),
		evidence,
		remedy: remedyOf(hard, floor, situation),
	};
}

function remedyOf(hard: number, floor: number, situation: Situation): Remedy {
	// The second number is the hard limit, and stays as it is where it suffices.
	const keep = hard > floor && Number.isFinite(hard) ? hard : floor;
	return {
		...allow(situation, {
			cause: "The limit comes from where the job was started.",
			option: `--ulimit nofile=${floor}:${keep}`,
			unit: `LimitNOFILE=${floor}:${keep}`,
		}),
		...(hard >= floor && {
			otherwise: {
				text: "The hard limit allows it already, so that a step can raise its own.",
				commands: [`ulimit -Sn ${floor}`],
				kind: "workflow",
			},
		}),
	};
}

function evidenceOf({ own, starter }: LimitsFacts): Evidence[] {
	return [
		...entryOf(starter, ({ soft, hard }) => `soft ${countOf(soft)}, hard ${countOf(hard)}`),
		...entryOf(own, ({ hard }) => `hard ${countOf(hard)}; Node has raised the soft limit`),
	];
}

function entryOf(limit: OpenFilesLimit, textOf: (limit: ReadLimit) => string): Evidence[] {
	switch (limit.kind) {
		case "read":
			return [{ source: limit.source, text: `Max open files: ${textOf(limit)}` }];
		case "unreadable":
			return [{ source: limit.source, text: limit.code }];
		case "not-linux":
			return [];
	}
}

function numberOf(count: FileCount): number {
	return count === "unlimited" ? Number.POSITIVE_INFINITY : count;
}

function countOf(count: FileCount): string {
	return count === "unlimited" ? count : formatCount(count);
}

function filesOf(count: number): string {
	return `${formatCount(count)} open files`;
}
