import { own } from "../own.ts";
import type { Policy, ToolExpectation } from "../policy/policy.ts";
import type { Report } from "../report/report.ts";

/** What a report is judged by: its own expectations, or those of another policy. */
export interface Replay {
	readonly expectations: Policy;
	readonly decidedBy: string;
	readonly policyFile: string | undefined;
}

/** By its own expectations. */
export function byItself(report: Report): Replay {
	const { decided_by, policy } = report.profile;
	return { expectations: report.expectations, decidedBy: decided_by, policyFile: policy };
}

/** By others. What the run was told to skip stays skipped. */
export function byPolicy(report: Report, expectations: Policy, policyFile: string | undefined): Replay {
	const { skip, tools, smoke } = report.expectations;
	const sharpened = {
		...expectations,
		...(smoke && { smoke }),
		skip,
		tools: withRequirements(expectations.tools, tools),
	};
	return { expectations: sharpened, decidedBy: "replay", policyFile };
}

/** What the repository asked for is a fact of that run, under any policy. */
function withRequirements(tools: Policy["tools"], then: Policy["tools"]): Policy["tools"] {
	const entries = Object.entries(tools).map(([name, tool]): [string, ToolExpectation] => {
		const alsoWanted = own(then, name)?.alsoWanted;
		return [name, alsoWanted ? { ...tool, alsoWanted } : tool];
	});
	return Object.fromEntries(entries);
}
