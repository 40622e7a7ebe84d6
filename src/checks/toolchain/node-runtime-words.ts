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

/** The line to install where no other is wanted. */
export const newestNode = "24";

/** Lines of a Dockerfile that install a line of Node with npm. A script from the network would run as root. */
export function nodeFromImage(major: string): readonly string[] {
	const from = `COPY --from=node:${major}-slim`;
	const link = (name: string): string => `ln -sf ../lib/node_modules/npm/bin/${name}-cli.js /usr/local/bin/${name}`;
	return [
		`${from} /usr/local/bin/node /usr/local/bin/node`,
		`${from} /usr/local/lib/node_modules /usr/local/lib/node_modules`,
		`RUN ${link("npm")} && ${link("npx")}`,
	];
}

const newerNode: Remedy = {
	text: "Gitea's runner starts whatever `node` comes first on the PATH of the job, never one of its own: put a supported line of Node into the job's image. In an image based on Alpine, copy from `-alpine` instead of `-slim`.",
	config: {
		file: "Dockerfile",
		language: "dockerfile",
		text: nodeFromImage(newestNode).join("\n"),
	},
	kind: "image",
	otherwise: {
		text: "On a host runner, install it on the host and see that the runner's service finds that one first. A label without an image of its own may stand for an old default image (`node:16-bullseye`): give the label an image.",
		commands: ["which -a node", "systemctl show '*runner*.service' --property=Id,Environment"],
		kind: "host",
	},
};
