import { matchesFinding } from "../../checks/matches-finding.ts";
import { matchesId } from "../../checks/matches-id.ts";
import { own } from "../../own.ts";
import type { Policy, ToolExpectation } from "../../policy/policy.ts";
import { type ToolFacts, toolProbe } from "../../probes/tools.ts";
import { versionCommand } from "../../probes/version-command.ts";
import { satisfies, type Version } from "../../versions.ts";
import { type Check, defineCheck, type Family, type Pass, type Skip, type Verdict } from "../check.ts";
import { code } from "../text.ts";
import { type Ailment, type Diagnosis, diagnose, type Works } from "./diagnose.ts";
import { ailmentFinding } from "./tool-ailments.ts";
import { type Asked, commandLine, everyoneAsking, sourceOf, type ToolReason, toolReasons } from "./tool-asked.ts";
import { outOfRange } from "./tool-range.ts";

/** One check for each tool of the profile: it is on PATH, runs, and has the version asked for. */
export const toolFamily: Family = {
	id: "tool/*",
	title: "The tool is on PATH, runs and has the version asked for",
	reasons: toolReasons,
	expand: (policy) =>
		Object.entries(policy.tools).map(([name, expectation]) =>
			checkOf(name, expectation, leaderOf(name, policy), policy),
		),
};

/** A tool whose failure explains that of others. */
interface Leader {
	readonly name: string;
	readonly command: readonly string[];
}

function checkOf(name: string, expectation: ToolExpectation, leader: Leader | undefined, policy: Policy): Check {
	const command = versionCommand(name, expectation.command);
	const asked: Asked = {
		name,
		profile: policy.profile,
		expectation: { ...expectation, command, optional: isOptional(name, expectation, policy) },
		...sourceOf(name, policy),
	};
	const prerequisite = own(prerequisites, name);
	return defineCheck({
		id: `tool/${name}`,
		title: `${code(name)} is on PATH, runs and has the version asked for`,
		reasons: toolReasons,
		needs: {
			tool: toolProbe(name, command),
			...(leader && { leader: toolProbe(leader.name, leader.command) }),
		},
		...(prerequisite !== undefined && { after: [prerequisite] }),
		applies: () => name !== "docker" || policy.docker.require !== "forbidden",
		judge: (facts) => {
			const { tool, leader: leading } = facts as { tool: ToolFacts; leader?: ToolFacts };
			return judgeTool(asked, tool, leader && leading && { name: leader.name, facts: leading }, policy);
		},
	});
}

/** Checks that look at the same program more closely, and say better what is wrong with it. */
const prerequisites: Readonly<Record<string, string>> = { docker: "docker/cli", "nvidia-smi": "gpu/driver" };

function judgeTool(
	asked: Asked,
	facts: ToolFacts,
	leader: { readonly name: string; readonly facts: ToolFacts } | undefined,
	policy: Policy,
): Verdict<ToolReason> {
	const diagnosis = diagnose(facts);
	switch (diagnosis.kind) {
		case "works": {
			const ranked = isOfRust(asked.name) ? withoutChannel(diagnosis.version) : diagnosis.version;
			const unmet = everyoneAsking(asked).find(({ expectation }) => !satisfies(ranked, expectation.version));
			if (!unmet) return pass(asked, facts, diagnosis);
			return ranked.unnumbered
				? ailmentFinding(asked, facts, unnumbered(diagnosis.version))
				: outOfRange(unmet, facts, diagnosis);
		}
		case "unknown":
			return {
				kind: "undecided",
				message: `Could not find out whether ${code(asked.name)} works: ${diagnosis.message}`,
				evidence: [{ source: commandLine(facts), text: diagnosis.told }],
			};
		case "sick": {
			const absent = asked.expectation.optional ? absence(asked, diagnosis) : undefined;
			const followed = leader !== undefined && sameCause(diagnosis, leader.name, diagnose(leader.facts), policy);
			if (absent) return absent;
			return followed ? led(asked, leader.name) : ailmentFinding(asked, facts, diagnosis);
		}
	}
}

function isOfRust(name: string): boolean {
	return name === "rustc" || name === "cargo";
}

/** cargo builds `rust-version = "1.92"` with 1.92.0-nightly: what stands behind the number is the channel. */
function withoutChannel(version: Version): Version {
	return { ...version, prerelease: [] };
}

/** It works, but nobody can say whether it is in the range. */
function unnumbered({ text }: Version): Ailment {
	return { kind: "sick", reason: "unreadable-version", variant: "version", told: text, subject: text };
}

function pass({ name }: Asked, facts: ToolFacts, { version, insteadOf }: Works): Pass {
	const instead =
		insteadOf === undefined ? "" : `: the default toolchain, as ${code(insteadOf)} of the workspace is not installed`;
	return {
		kind: "pass",
		message: `${code(name)} ${version.text}${instead}`,
		evidence: [
			{
				source: facts.run.kind === "own-node" ? "the Node that runs this check" : commandLine(facts),
				text: version.text,
			},
			...(facts.found ? [{ source: "PATH", text: facts.found.path }] : []),
		],
	};
}

/** What an optional tool may lack. A tool that is there and does not work is a finding all the same. */
function absence({ name }: Asked, { reason, variant, subject }: Ailment): Skip<ToolReason> | undefined {
	const skip = (message: string): Skip<ToolReason> => ({ kind: "skip", reason: "absent", message });
	if (reason === "missing") return skip(`${code(name)} is not installed, and the profile does not insist on it.`);
	if (reason === "component-missing") {
		return skip(`${code(subject ?? name)} is not installed, and the profile does not insist on it.`);
	}
	if (reason === "off-path") {
		return skip(
			`${code(name)} is not on PATH, and the profile does not insist on it. There is one at ${code(subject ?? "")}.`,
		);
	}
	if (variant === "closed") {
		return skip(
			`${code(name)} is nowhere on PATH as far as this user may look, and the profile does not insist on it. ${code(subject ?? "")} is closed to it.`,
		);
	}
	return undefined;
}

function led({ name }: Asked, leader: string): Skip<ToolReason> {
	return {
		kind: "skip",
		reason: `needs:tool/${leader}`,
		message: `${code(name)} fails for the same reason as ${code(leader)}: see \`tool/${leader}\`.`,
	};
}

/** Would mending the leader mend this one too? Only where the leader's failure is really reported. */
function sameCause(ailment: Ailment, leader: string, its: Diagnosis, policy: Policy): boolean {
	if (its.kind !== "sick" || isSwitchedOff(`tool/${leader}`, its.reason, policy)) return false;
	if (ailment.rustup && its.rustup) return ailment.reason === its.reason && ailment.reason !== "component-missing";
	if (ailment.variant === "interpreter") return ailment.subject === leader;
	return ailment.told !== "" && ailment.told === its.told && ailment.reason === its.reason;
}

function isSwitchedOff(id: string, reason: string, policy: Policy): boolean {
	if (policy.skip.some((pattern) => matchesId(pattern, id))) return true;
	return Object.entries(policy.severity).some(
		([pattern, level]) => level === "off" && matchesFinding(pattern, id, reason),
	);
}

/** Tools that do not run without the other: the first of these that the profile asks for speaks for them all. */
const leaders: readonly { readonly of: RegExp; readonly names: readonly string[] }[] = [
	{ of: /^(?:cargo(?:-.+)?|rustc|rustdoc|rustfmt|clippy-driver|rust-.+|rls)$/, names: ["rustc", "cargo"] },
	{ of: /^(?:npm|npx|corepack|yarn|pnpm)$/, names: ["node"] },
	{ of: /^pip3?$/, names: ["python3"] },
];

function leaderOf(name: string, policy: Policy): Leader | undefined {
	const program = policy.tools[name]?.command[0] ?? name;
	const names = leaders.find(({ of }) => of.test(name) || of.test(program))?.names ?? [];
	const first = names.find((candidate) => policy.tools[candidate] !== undefined);
	const expectation = first === undefined ? undefined : policy.tools[first];
	if (first === undefined || first === name || !expectation) return undefined;
	return { name: first, command: versionCommand(first, expectation.command) };
}

/** The client is as optional as Docker itself. */
function isOptional(name: string, expectation: ToolExpectation, policy: Policy): boolean {
	return expectation.optional || (name === "docker" && policy.docker.require === "optional");
}
