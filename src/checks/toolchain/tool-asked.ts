import type { Policy, ToolExpectation } from "../../policy/policy.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { Location } from "../check.ts";
import { code } from "../text.ts";

export const toolReasons = {
	missing: { level: "fail", title: "The tool is not installed" },
	"off-path": {
		level: "fail",
		title: "The tool is installed, but jobs cannot find it: its directory is not on PATH",
	},
	"not-executable": { level: "fail", title: "The tool is on PATH, but the jobs' user may not execute it" },
	"wrong-architecture": { level: "fail", title: "The tool was built for another kind of machine" },
	"missing-library": { level: "fail", title: "The tool needs a library that is missing or too old here" },
	broken: { level: "fail", title: "The tool is there, but does not run" },
	"no-default-toolchain": { level: "fail", title: "rustup has no toolchain to run the tool from" },
	"toolchain-not-installed": { level: "fail", title: "The Rust toolchain that is asked for is not installed" },
	"component-missing": {
		level: "fail",
		title: "The part of a toolchain or program that the tool needs is not installed",
	},
	"unreadable-version": { level: "fail", title: "The tool runs, but does not say its version" },
	"out-of-range": { level: "fail", title: "The tool has another version than the one asked for" },
	timeout: { level: "fail", title: "The tool did not answer in time" },
} as const;

export type ToolReason = keyof typeof toolReasons;

/** What asks for the tool's version and where it stands: the name, what is expected of it, and who expects it. */
export interface Asked {
	readonly name: string;
	/** Name of the profile. */
	readonly profile: string;
	readonly expectation: ToolExpectation;
	/** Who expects it, as part of a sentence: "the input `tools`", "`.gitea/runner-check.yml:12`". */
	readonly source: string;
	/** The place in a file where that is written. */
	readonly location?: Location;
	/** Who asks for what no version can be at the same time, as part of a sentence. */
	readonly contradicts?: string;
}

/** The policy, and each file of the repository that asks for a version besides. */
export function everyoneAsking(asked: Asked): readonly Asked[] {
	const others = asked.expectation.alsoWanted ?? [];
	return [
		asked,
		...others.map(({ version, source, contradicts }): Asked => {
			const place = /^(.+) line (\d+)$/.exec(source);
			const location = place ? { file: place[1] ?? "", line: Number(place[2]) } : undefined;
			const by = contradicts === undefined ? undefined : contradicts === "policy" ? asked.source : code(contradicts);
			return {
				name: asked.name,
				profile: asked.profile,
				expectation: { ...asked.expectation, version },
				source: code(source),
				...(location && { location }),
				...(by !== undefined && { contradicts: by }),
			};
		}),
	];
}

/** Where the policy has the expectations of a tool from. */
export function sourceOf(name: string, policy: Policy): Pick<Asked, "source" | "location"> {
	const source = policy.sources[`tools.${name}`] ?? policy.sources[`tools.${name}.version`];
	if (source === undefined) return { source: `the profile ${code(policy.profile)}` };
	const match = /^([^\s:]+):(\d+)(?::(\d+))?$/.exec(source);
	if (!match) return { source: source.startsWith("input ") ? `the ${source}` : source };
	const [, file = "", line, column] = match;
	const location = { file, line: Number(line), ...(column !== undefined && { column: Number(column) }) };
	return { source: code(source), location };
}

/** The command as a person would type it. */
export function commandLine(facts: Pick<ToolFacts, "command">): string {
	return facts.command.join(" ");
}
