import type { Policy } from "../../policy/policy.ts";
import type { ToolFacts } from "../../probes/tools.ts";
import { versionCommand } from "../../probes/version-command.ts";
import { isSwitchedOff } from "../switched-off.ts";

/** A tool whose failure explains the failure of others. */
export interface Leader {
	readonly name: string;
	readonly command: readonly string[];
}

/** Tools that do not run without another one: the first of these in the profile reports for them all. */
const leaders: readonly { readonly of: RegExp; readonly names: readonly string[] }[] = [
	{ of: /^(?:cargo(?:-.+)?|rustc|rustdoc|rustfmt|clippy-driver|rust-.+|rls)$/, names: ["rustc", "cargo"] },
	{ of: /^(?:npm|npx|corepack|yarn|pnpm)$/, names: ["node"] },
	{ of: /^pip3?$/, names: ["python3"] },
];

/** The tool without which this one does not run, if the profile has it. */
export function leaderOf(name: string, policy: Policy): Leader | undefined {
	const program = policy.tools[name]?.command[0] ?? name;
	const names = leaders.find(({ of }) => of.test(name) || of.test(program))?.names ?? [];
	const first = names.find((candidate) => policy.tools[candidate] !== undefined);
	const expectation = first === undefined ? undefined : policy.tools[first];
	if (first === undefined || first === name || !expectation) return undefined;
	return { name: first, command: versionCommand(first, expectation.command) };
}

/** Checks of their own report these first. */
const reportedElsewhere = new Set(["docker", "nvidia-smi"]);

/**
 * The tool that reports the directory that this one is in and that PATH lacks: the first of the profile, as one entry of PATH is missing.
 * Tools with a leader come last, as they wait for it anyway. `undefined` if the tool itself reports it.
 */
export function waitsOnPathFor(
	name: string,
	{ sameDirectory = [] }: Pick<ToolFacts, "sameDirectory">,
	policy: Policy,
): string | undefined {
	const group = Object.keys(policy.tools).filter(
		(tool) =>
			(tool === name || sameDirectory.includes(tool)) &&
			!reportedElsewhere.has(tool) &&
			!policy.tools[tool]?.optional &&
			!isSwitchedOff(`tool/${tool}`, "off-path", policy),
	);
	const first = group.find((tool) => leaderOf(tool, policy) === undefined) ?? group[0];
	return first === name ? undefined : first;
}
