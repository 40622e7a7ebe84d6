import { placeOf } from "../../config/check.ts";
import type { WorkflowFacts } from "../../config/workflow-facts.ts";
import type { Undecided } from "../check.ts";

/** A workflow that cannot be read: what it asks for is not known. */
export function brokenWorkflow({ files }: WorkflowFacts): Undecided | undefined {
	const broken = files.filter((file) => file.problem);
	const [first] = broken;
	if (!first?.problem) return undefined;
	return {
		kind: "undecided",
		message: `\`${first.path}\` cannot be read: ${first.problem.message}.`,
		evidence: broken.map(({ path, problem }) => ({
			source: placeOf({ file: path, ...problem }),
			text: problem?.message ?? "",
		})),
	};
}
