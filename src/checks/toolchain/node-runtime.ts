import { nodeRuntimeProbe, oldestNode } from "../../probes/node-runtime.ts";
import { defineCheck } from "../check.ts";
import { code } from "../text.ts";

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
	reasons: {
		"too-old": { level: "fail", title: "Node is too old to run this check" },
		"end-of-life": { level: "warn", title: "Node gets no security updates any more" },
	},
	needs: { node: nodeRuntimeProbe },
	judge({ node }, _policy, { started }) {
		const major = Number(node.version.split(".")[0]);
		const evidence = [{ source: "the Node that runs this check", text: `${node.version} at ${node.path}` }];
		const seen = { observed: node.version, evidence };
		const expected = `Node ${oldestNode} or newer, best a line that is still supported`;
		if (major < oldestNode) {
			return {
				kind: "finding",
				reason: "too-old",
				message: `Actions run here with Node ${node.version}, and this check needs Node ${oldestNode} or newer: nothing else could be looked at.`,
				why: "Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing module.",
				expected,
				...seen,
				remedy: newerNode,
			};
		}
		const lastDay = lastDays[major];
		if (lastDay === undefined || started.slice(0, 10) <= lastDay) {
			return { kind: "pass", message: `Node ${node.version}`, evidence };
		}
		if (major === declaredLine) {
			return {
				kind: "pass",
				message: `Node ${node.version}. Its own support ended on ${lastDay}, but it is the line that actions like this one declare (${code("using: node20")}), so it will do.`,
				evidence,
			};
		}
		return {
			kind: "finding",
			reason: "end-of-life",
			message: `Actions run here with Node ${node.version}, and the support of Node ${major} ended on ${lastDay}.`,
			why: "It gets no security updates, and actions stop working with it one after another as they are updated.",
			expected,
			...seen,
			remedy: newerNode,
		};
	},
});

const newerNode = {
	text: "Gitea's runner starts whatever `node` comes first on the PATH of the job, never one of its own: put a supported line of Node into the job's image.",
	config: {
		file: "Dockerfile",
		language: "dockerfile",
		text: "RUN curl -fsSL https://deb.nodesource.com/setup_24.x | bash - \\\n    && apt-get install -y --no-install-recommends nodejs",
	},
	kind: "image",
	otherwise: {
		text: "On a host runner, install it on the host and see that the runner's service finds that one first. A label without an image of its own may stand for an old default image (`node:16-bullseye`): give the label an image.",
		commands: ["which -a node", "systemctl show gitea-runner --property=Environment"],
		kind: "host",
	},
} as const;
