import { type FileCount, type LimitsFacts, limitsProbe, type OpenFilesLimit } from "../../probes/limits.ts";
import { formatCount } from "../../report/units.ts";
import type { Evidence } from "../check.ts";
import { floorCheck } from "./floor-check.ts";
import { filesOf, intro, words } from "./open-files-words.ts";

type ReadLimit = Extract<OpenFilesLimit, { kind: "read" }>;

export const openFiles = floorCheck({
	id: "limits/open-files",
	title: "A process may open as many files as the profile asks for",
	intro,
	words,
	probe: limitsProbe,
	key: "openFiles",
	format: formatCount,
	supplyOf(limits) {
		const { own, starter } = limits;
		const evidence = evidenceOf(limits);
		switch (own.kind) {
			case "not-linux":
				return "Only Linux reports the limits of other steps.";
			case "unreadable":
				return { amount: undefined, unreadable: [{ path: own.source, errno: own.code }], evidence };
			case "read":
				break;
		}
		const hard = numberOf(own.hard);
		const soft = starter.kind === "read" ? Math.min(numberOf(starter.soft), hard) : hard;
		// Our own soft limit was raised to the hard one, and so may have been the starter's: the real one can be lower.
		const isUpperBound = starter.kind !== "read" || looksRaised(starter);
		return {
			amount: soft,
			seen: { files: soft, hard },
			passed: Number.isFinite(soft) ? `${isUpperBound ? "Up to " : ""}${filesOf(soft)}` : "Any number of open files",
			unreadable: [],
			evidence,
		};
	},
});

/** A runner in Go leaves one below the hard limit, to tell a raised limit from one that was set. */
function looksRaised({ soft, hard }: ReadLimit): boolean {
	return numberOf(soft) >= numberOf(hard) - 1;
}

function evidenceOf({ own, starter }: LimitsFacts): readonly Evidence[] {
	return [
		...entryOf(starter, ({ soft, hard }) => `soft ${countOf(soft)}, hard ${countOf(hard)}`),
		...entryOf(own, ({ hard }) => `hard ${countOf(hard)}; Node has raised the soft limit`),
	];
}

function entryOf(limit: OpenFilesLimit, textOf: (limit: ReadLimit) => string): readonly Evidence[] {
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
