import type { judgeFacts } from "../check-runner.ts";
import type { Policy, ToolExpectation } from "../policy/policy.ts";
import type { Report } from "../report/report.ts";

/** Judges the facts of a report again, by the rules of this version: by its own expectations, or by others. */
export function replay(
	judge: typeof judgeFacts,
	report: Report,
	policy?: { readonly name: string; readonly expectations: Policy },
): Report {
	const moment = { started: report.started, duration_ms: report.duration_ms };
	if (!policy) {
		const { name, decided_by, policy: policyFile } = report.profile;
		return judge(
			report.facts,
			{ ...report.expectations, profile: name },
			{ ...moment, decidedBy: decided_by, policyFile },
		);
	}
	const { skip, tools } = report.expectations;
	const expectations = { ...policy.expectations, skip, tools: withRequirements(policy.expectations.tools, tools) };
	return judge(report.facts, expectations, { ...moment, decidedBy: "replay", policyFile: policy.name });
}

/** What the repository asked for then is a fact of that run, whoever's policy judges it. */
function withRequirements(tools: Policy["tools"], then: Policy["tools"]): Policy["tools"] {
	const entries = Object.entries(tools).map(([name, tool]): [string, ToolExpectation] => {
		const alsoWanted = then[name]?.alsoWanted;
		return [name, alsoWanted ? { ...tool, alsoWanted } : tool];
	});
	return Object.fromEntries(entries);
}
