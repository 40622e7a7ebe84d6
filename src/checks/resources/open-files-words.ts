import { formatCount } from "../../report/units.ts";
import type { Remedy } from "../check.ts";
import { reason } from "../words.ts";
import type { BelowFloor } from "./floor-check.ts";
import { raiseLimit } from "./limit-fixes.ts";

interface Low extends BelowFloor {
	/** The soft limit, which stops a program. */
	readonly files: number;
	readonly hard: number;
}

export const intro =
	"Judges the soft limit of open files, which stops a program. Node, which runs this check, raises its own soft limit to the hard one when it starts. So the check reads the limit of the process that started it (`/proc/<ppid>/limits`, or `/proc/1/limits` in a container, where that process is not visible).\n\nThe runners of Gitea and Forgejo are written in Go, raise their soft limit in the same way, and give their steps the original one. If such a runner starts a `host` job directly, the real soft limit can be lower than any that is visible: a passing check then says `Up to 524,288 open files`. `ulimit -Sn` in a step shows the real limit.";

export const words = {
	low: reason<Low>({
		level: "warn",
		title: "Open file limit is too low",
		headline: ({ files, floor }) => `Open file limit is too low (${formatCount(files)} of ${formatCount(floor)})`,
		why: "Servers under test, linkers of large programs and file watchers stop with `Too many open files` (EMFILE).",
		expected: ({ floor }) => `at least ${formatCount(floor)}`,
		tell: (seen) => ({
			what: `A process may have ${filesOf(seen.files)}; ${seen.demand}.`,
			fix: fixLow(seen),
		}),
		more: "In the fix, the first number is the soft limit, the second the hard one.",
	}),
};

function fixLow({ hard, floor, situation }: Low): Remedy {
	// A hard limit that suffices stays as it is.
	const keep = hard > floor && Number.isFinite(hard) ? hard : floor;
	return {
		...raiseLimit(situation, {
			option: `--ulimit nofile=${floor}:${keep}`,
			unit: `LimitNOFILE=${floor}:${keep}`,
		}),
		...(hard >= floor && {
			otherwise: {
				text: "Let the step raise its own soft limit, which the hard limit allows.",
				commands: [`ulimit -Sn ${floor}`],
				kind: "workflow",
			},
		}),
	};
}

/** `1,024 open files` */
export function filesOf(count: number): string {
	return `${formatCount(count)} open files`;
}
