import type { Policy, ToolExpectation } from "../../policy/policy.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import type { Location } from "../check.ts";
import { code } from "../text.ts";

/** A tool, what is expected of it, and who expects it. */
export interface ExpectedTool {
	readonly name: string;
	/** Name of the profile. */
	readonly profile: string;
	readonly expectation: ToolExpectation;
	/** Unit of the runner that started the job. */
	readonly service: string;
	/** Who expects it, as part of a sentence: "the input `tools`", "`.gitea/runner-check.yml:12`". */
	readonly source: string;
	/** The place in a file where that is written. */
	readonly location?: Location;
	/** Whose range excludes this one, as part of a sentence. */
	readonly contradicts?: string;
}

/** The policy, and each file of the repository that states a version. */
export function everyoneExpecting(expected: ExpectedTool): readonly ExpectedTool[] {
	const others = expected.expectation.alsoWanted ?? [];
	return [
		expected,
		...others.map(({ version, source, contradicts }): ExpectedTool => {
			const place = /^(.+) line (\d+)$/.exec(source);
			const location = place ? { file: place[1] ?? "", line: Number(place[2]) } : undefined;
			const by = contradicts === undefined ? undefined : contradicts === "policy" ? expected.source : code(contradicts);
			return {
				name: expected.name,
				profile: expected.profile,
				service: expected.service,
				expectation: { ...expected.expectation, version },
				source: code(source),
				...(location && { location }),
				...(by !== undefined && { contradicts: by }),
			};
		}),
	];
}

/** Where the policy states the expectations of a tool. */
export function sourceOf(name: string, policy: Policy): Pick<ExpectedTool, "source" | "location"> {
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

/** What a finding about a defect expects. */
export function onPathAndWorking({ expected: { name, expectation } }: { readonly expected: ExpectedTool }): string {
	const { text } = expectation.version;
	return `${code(name)} on PATH and working${text === "*" ? "" : `, version ${code(text)}`}`;
}
