import type { WorkflowFacts } from "../../lint/read/workflow-facts.ts";
import { placeText } from "../../lint/rule.ts";
import type { Undecided } from "../check.ts";

/** A workflow that cannot be read: what it asks for is unknown. */
export function brokenWorkflow({ files }: WorkflowFacts): Undecided | undefined {
	const broken = files.flatMap(({ path, problem }) => (problem ? [{ path, problem }] : []));
	const [first] = broken;
	if (!first) return undefined;
	return {
		kind: "undecided",
		message: `\`${first.path}\` cannot be read: ${first.problem.message}.`,
		evidence: broken.map(({ path, problem: { line, column, message } }) => ({
			source: placeText({ file: path, line, column }),
			text: message,
		})),
	};
}
