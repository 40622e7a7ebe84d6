import { code, cut } from "../../checks/text.ts";
import { reason } from "../../checks/words.ts";

interface Changed {
	readonly name: string;
	readonly was: { readonly version: string; readonly path: string };
	readonly is: { readonly version: string; readonly path: string };
	readonly isOwn: boolean;
}

export const intro =
	"Asks the tools of the profile for their versions once more. In a container, or if another program comes first on PATH, the job itself changed it; on a host, somebody may have upgraded it in the middle of the job.";

export const words = {
	changed: reason<Changed>({
		level: "warn",
		title: "A tool has another version than at the start",
		headline: ({ name }) => `${cut(name, 24)} has another version than at the start`,
		why: "What was built before and after does not fit together: `found crate compiled by an incompatible version`, or tests see another version than the build. That alone fails no job.",
		expected: "the version of the start",
		tell: ({ name, was, is, isOwn }) => ({
			what: `${code(cut(name, 60))} was ${was.version} at the start and is ${is.version} now (${code(cut(is.path, 100))})${isOwn ? ", which the job changed itself" : ""}.`,
			fix: isOwn
				? {
						text: "If that is on purpose, nothing is to be done. Else set the version up in the first step.",
						kind: "workflow",
					}
				: { text: "Upgrade tools of a runner when no job runs on it.", kind: "host" },
		}),
	}),
};
