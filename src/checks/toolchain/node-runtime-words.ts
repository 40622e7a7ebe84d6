import { oldestNode } from "../../probes/node-runtime.ts";
import type { Remedy } from "../check.ts";
import { reason } from "../words.ts";

/** The launchers use these words on Node 6: no function here may call what that lacks. */
interface Old {
	readonly version: string;
}

interface Ended extends Old {
	/** The major version. */
	readonly line: number;
	/** Last day of the line's support: `2025-04-30`. */
	readonly lastDay: string;
}

const expected = `Node ${oldestNode} or newer, best a line that is still supported`;

export const words = {
	"too-old": reason<Old>({
		level: "fail",
		title: "Node is too old to run this check",
		why: "Most actions in JavaScript need a newer one too: they stop with a syntax error or a missing module.",
		expected,
		tell: ({ version }) => ({
			what: `Actions run here with Node ${version}, and this check needs Node ${oldestNode} or newer: nothing else could be looked at.`,
			fix: newerNode,
		}),
	}),
	"end-of-life": reason<Ended>({
		level: "warn",
		title: "Node gets no security updates any more",
		why: "It gets no security updates, and actions stop working with it one after another as they are updated.",
		expected,
		tell: ({ version, line, lastDay }) => ({
			what: `Actions run here with Node ${version}, and the support of Node ${line} ended on ${lastDay}.`,
			fix: newerNode,
		}),
	}),
};

const newerNode: Remedy = {
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
};
