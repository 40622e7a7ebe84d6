import { majorOf, nodeRuntimeProbe, oldestNode } from "../../probes/node-runtime.ts";
import { defineCheck, type Proof } from "../check.ts";
import { code } from "../text.ts";
import { finding } from "../words.ts";
import { words } from "./node-runtime-words.ts";

/** The Node line that this action declares (`runs.using`), and that GitHub's runner therefore starts. */
const declaredLine = 20;

/** Last day of each line's support, as the Node project announced it. */
const lastDays: Readonly<Record<number, string>> = {
	16: "2023-09-11",
	17: "2022-06-01",
	18: "2025-04-30",
	19: "2023-06-01",
	20: "2026-04-30",
	21: "2024-06-01",
	22: "2027-04-30",
	23: "2025-06-01",
	24: "2028-04-30",
	25: "2026-06-01",
	26: "2029-04-30",
};

/** Is the Node that runs us one that can, and one that is still supported? */
export const nodeRuntime = defineCheck({
	id: "node/runtime",
	title: "The Node that runs actions is new enough and still supported",
	reasons: words,
	needs: { node: nodeRuntimeProbe },
	judge({ node: { version, path } }, _policy, { started }) {
		const line = majorOf(version);
		const evidence: Proof = [{ source: "the Node that runs this check", text: `${version} at ${path}` }];
		const seen = { observed: version, evidence };
		// Only in `replay`: on such a Node the launcher reports it and runs nothing else.
		if (line < oldestNode) return finding(words, "too-old", { version }, seen);
		const lastDay = lastDays[line];
		if (lastDay === undefined || started.slice(0, 10) <= lastDay) {
			return { kind: "pass", message: `Node ${version}`, evidence };
		}
		if (line === declaredLine) {
			return {
				kind: "pass",
				message: `Node ${version}. Its own support ended on ${lastDay}, but it is the line that actions like this one declare (${code("using: node20")}), so it will do.`,
				evidence,
			};
		}
		return finding(words, "end-of-life", { version, line, lastDay }, seen);
	},
});
