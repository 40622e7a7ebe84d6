import { type FileCount, limitsProbe, type OpenFilesLimit } from "../../probes/limits.ts";
import { formatCount } from "../../report/units.ts";
import type { Evidence, Proof } from "../check.ts";
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
		switch (own.kind) {
			case "not-linux":
				return "Only Linux reports the limits of other steps.";
			case "unreadable":
				return {
					amount: undefined,
					unreadable: [{ path: own.source, errno: own.code }],
					evidence: evidenceOf(starter, { source: own.source, text: own.code }),
				};
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
			evidence: evidenceOf(starter, {
				source: own.source,
				text: `Max open files: hard ${countOf(own.hard)}; Node has raised the soft limit`,
			}),
		};
	},
});

/** A runner in Go leaves one below the hard limit, to tell a raised limit from one that was set. */
function looksRaised({ soft, hard }: ReadLimit): boolean {
	return numberOf(soft) >= numberOf(hard) - 1;
}

/** The starter's limits first: its soft limit is what jobs get. */
function evidenceOf(starter: OpenFilesLimit, own: Evidence): Proof {
	switch (starter.kind) {
		case "read": {
			const { source, soft, hard } = starter;
			return [{ source, text: `Max open files: soft ${countOf(soft)}, hard ${countOf(hard)}` }, own];
		}
		case "unreadable":
			return [{ source: starter.source, text: starter.code }, own];
		case "not-linux":
			return [own];
	}
}

function numberOf(count: FileCount): number {
	return count === "unlimited" ? Number.POSITIVE_INFINITY : count;
}

function countOf(count: FileCount): string {
	return count === "unlimited" ? count : formatCount(count);
}
