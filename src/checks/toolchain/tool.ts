import { own } from "../../own.ts";
import type { Policy, ToolExpectation } from "../../policy/policy.ts";
import { type JobFacts, jobProbe } from "../../probes/job.ts";
import { type ToolFacts, toolProbe } from "../../probes/tools.ts";
import { versionCommand } from "../../probes/version-command.ts";
import { satisfies, type Version } from "../../versions.ts";
import {
	type Check,
	defineCheck,
	type Evidence,
	type Family,
	type Finding,
	type Pass,
	type Verdict,
} from "../check.ts";
import { serviceOfJob } from "../docker/situation.ts";
import { isSwitchedOff } from "../switched-off.ts";
import { octal } from "../text.ts";
import { finding, undecided } from "../words.ts";
import { type Defect, type Diagnosis, diagnose, type Works } from "./diagnose.ts";
import { commandLine, type ExpectedTool, everyoneExpecting, sourceOf } from "./expected-tool.ts";
import { type Leader, leaderOf, waitsOnPathFor } from "./leaders.ts";
import { directoryOf, pathOf } from "./paths.ts";
import {
	absence,
	byCorepackWhenCalled,
	intro,
	notRun,
	passed,
	sameCause,
	type ToolReason,
	unknowns,
	words,
} from "./tool-words.ts";

/** One check for each tool of the profile: it is on PATH, runs, and has the expected version. */
export const toolFamily: Family = {
	id: "tool/*",
	title: "The tool is on PATH, runs, and has the expected version",
	intro,
	reasons: words,
	expand: (policy) =>
		Object.entries(policy.tools).map(([name, expectation]) =>
			checkOf(name, expectation, leaderOf(name, policy), policy),
		),
};

function checkOf(name: string, expectation: ToolExpectation, leader: Leader | undefined, policy: Policy): Check {
	const command = versionCommand(name, expectation.command);
	const expected = {
		name,
		profile: policy.profile,
		expectation: { ...expectation, command, optional: isOptional(name, expectation, policy) },
		...sourceOf(name, policy),
	};
	const prerequisite = own(prerequisites, name);
	return defineCheck({
		id: `tool/${name}`,
		title: `${name} is on PATH, runs, and has the expected version`,
		reasons: words,
		needs: {
			tool: toolProbe(name, command),
			job: jobProbe,
			...(leader && { leader: toolProbe(leader.name, leader.command) }),
		},
		...(prerequisite !== undefined && { after: [prerequisite] }),
		applies: () => name !== "docker" || policy.docker.require !== "forbidden",
		judge: (facts) => {
			const { tool, job, leader: leading } = facts as { tool: ToolFacts; job: JobFacts; leader?: ToolFacts };
			const service = serviceOfJob(job);
			return judgeTool(
				{ ...expected, service },
				tool,
				leader && leading && { name: leader.name, facts: leading },
				policy,
			);
		},
	});
}

/** Checks that look at the same program more closely. */
const prerequisites: Readonly<Record<string, string>> = { docker: "docker/cli", "nvidia-smi": "gpu/driver" };

function judgeTool(
	expected: ExpectedTool,
	facts: ToolFacts,
	leader: { readonly name: string; readonly facts: ToolFacts } | undefined,
	policy: Policy,
): Verdict<ToolReason> {
	const { name } = expected;
	const diagnosis = diagnose(facts);
	switch (diagnosis.kind) {
		case "works": {
			const ranked = isOfRust(name) ? withoutChannel(diagnosis.version) : diagnosis.version;
			const unmet = everyoneExpecting(expected).find(({ expectation }) => !satisfies(ranked, expectation.version));
			if (!unmet) return pass(name, facts, diagnosis);
			if (facts.unexpanded && leader && failsForPath(leader, policy)) {
				return { kind: "skip", reason: `needs:tool/${leader.name}`, message: sameCause(name, leader.name) };
			}
			if (diagnosis.byCorepack) {
				const seen = { name, range: unmet.expectation.version.text, source: unmet.source, mode: facts.mode };
				const details = {
					observed: "not downloaded yet",
					evidence: evidenceOf(facts, unnumbered({ ...diagnosis.version, text: diagnosis.byCorepack })),
				};
				return undecided(unknowns, "corepack", seen, details);
			}
			return ranked.unnumbered
				? defectFinding(expected, facts, unnumbered(diagnosis.version))
				: rangeFinding(unmet, facts, diagnosis.version);
		}
		case "untrusted":
			return { kind: "skip", reason: "untrusted", message: notRun(name, diagnosis) };
		case "unknown":
			return undecided(
				unknowns,
				"unknown",
				{ name, unknown: diagnosis, mode: facts.mode },
				{ observed: diagnosis.errno, evidence: [{ source: commandLine(facts), text: diagnosis.told }] },
			);
		case "defect": {
			const absent = expected.expectation.optional ? absence(name, diagnosis) : undefined;
			if (absent !== undefined) return { kind: "skip", reason: "absent", message: absent };
			const first = diagnosis.variant === "place" ? waitsOnPathFor(name, facts, policy) : undefined;
			if (first !== undefined) {
				return { kind: "skip", reason: `needs:tool/${first}`, message: sameCause(name, first) };
			}
			if (leader !== undefined && hasSameCause(diagnosis, name, leader.name, diagnose(leader.facts), policy)) {
				return { kind: "skip", reason: `needs:tool/${leader.name}`, message: sameCause(name, leader.name) };
			}
			return defectFinding(expected, facts, diagnosis);
		}
	}
}

/** Is the leader another version than wanted, because an entry of PATH is not expanded? */
function failsForPath({ name, facts }: { readonly name: string; readonly facts: ToolFacts }, policy: Policy): boolean {
	const diagnosis = diagnose(facts);
	const wanted = policy.tools[name];
	if (!wanted || !facts.unexpanded || diagnosis.kind !== "works") return false;
	if (isSwitchedOff(`tool/${name}`, "out-of-range", policy)) return false;
	const ranked = isOfRust(name) ? withoutChannel(diagnosis.version) : diagnosis.version;
	return [wanted, ...(wanted.alsoWanted ?? [])].some(({ version }) => !satisfies(ranked, version));
}

function isOfRust(name: string): boolean {
	return name === "rustc" || name === "cargo";
}

/** cargo builds `rust-version = "1.92"` with 1.92.0-nightly: the part after the number is the channel. */
function withoutChannel(version: Version): Version {
	return { ...version, prerelease: [] };
}

/** The tool works, but nothing says whether its version is in the range. */
function unnumbered({ text }: Version): Defect {
	return { kind: "defect", reason: "unreadable-version", variant: "version", told: text, subject: text };
}

function pass(name: string, facts: ToolFacts, { version, insteadOf, byCorepack }: Works): Pass {
	const source = facts.run.kind === "own-node" ? "the Node that runs this check" : commandLine(facts);
	return {
		kind: "pass",
		message: byCorepack ? byCorepackWhenCalled(name) : passed(name, version.text, insteadOf),
		evidence: [
			{ source, text: byCorepack ?? version.text },
			...(facts.found ? [{ source: "PATH", text: facts.found.path }] : []),
		],
	};
}

function rangeFinding(expected: ExpectedTool, facts: ToolFacts, version: Version): Finding<ToolReason> {
	const details = {
		observed: version.text,
		evidence: [
			{ source: commandLine(facts), text: version.text },
			...(facts.found ? [{ source: "PATH", text: facts.found.path }] : []),
		],
		...(expected.location && { location: expected.location }),
	};
	return finding(words, "out-of-range", { expected, facts, version }, details);
}

function defectFinding(expected: ExpectedTool, facts: ToolFacts, defect: Defect): Finding<ToolReason> {
	return finding(
		words,
		defect.reason,
		{ expected, facts, defect },
		{
			observed: observedOf(facts, defect),
			evidence: evidenceOf(facts, defect),
			...(expected.location && { location: expected.location }),
		},
	);
}

function observedOf(facts: ToolFacts, { reason, variant, subject }: Defect): string {
	switch (variant) {
		case "nowhere":
			return "nothing on PATH";
		case "place":
			return `only at ${subject ?? ""}`;
		case "exit":
			return subject === undefined ? "it failed" : `exit code ${subject}`;
		case "signal":
			return subject ?? "ended by a signal";
		case "nixos":
			return "a program for another distribution";
		case "snap":
			return "a snap that does not start";
		case "silent":
			return "no output";
		case "version":
			return subject ?? "no version in the output";
		case "run":
		case "search":
			return "no answer";
		case "not-a-program":
			return facts.file?.format === "empty" ? "an empty file" : "not a program";
		case "symbol-version":
		case "symbol":
		case "interpreter":
		case "delegate":
			return `${subject ?? ""} not found`;
		case "library":
		case "loader":
			return `${subject ?? ""} missing`;
		case "architecture":
			return subject ?? "another architecture";
		default:
			return `${variant.replace(/-/g, " ")}${reason === "component-missing" && subject !== undefined ? ` ${subject}` : ""}`;
	}
}

function evidenceOf(facts: ToolFacts, defect: Defect): readonly Evidence[] {
	const told = defect.told === "" ? [] : [{ source: commandLine(facts), text: defect.told }];
	const found = facts.found ? [{ source: "PATH", text: locationText(facts.found) }] : [];
	const unusable = facts.unusable.slice(0, 4).map((entry) => ({ source: entry.path, text: unusableText(entry) }));
	const elsewhere = facts.elsewhere.slice(0, 4).map((place) => ({ source: "outside PATH", text: place }));
	const file = facts.file?.format === "elf" ? [{ source: "ELF header", text: elfText(facts.file) }] : [];
	const path = facts.found ? [] : [{ source: facts.pathUnset ? "PATH is not set" : "PATH", text: pathOf(facts) }];
	return [...told, ...found, ...file, ...unusable, ...elsewhere, ...path];
}

function locationText({ path, realPath }: NonNullable<ToolFacts["found"]>): string {
	return realPath === undefined || realPath === path ? path : `${path} -> ${realPath}`;
}

function unusableText({ kind, mode, uid, gid, code: errno }: ToolFacts["unusable"][number]): string {
	switch (kind) {
		case "not-executable":
			return mode === undefined ? "not executable" : `mode ${octal(mode)}, owner ${uid}, group ${gid}`;
		case "dangling-link":
			return "a dangling link";
		default:
			return errno ?? "cannot be read";
	}
}

function elfText({ machine, interpreter, interpreterFound }: NonNullable<ToolFacts["file"]>): string {
	const loader = interpreter === undefined ? "" : `, loader ${interpreter}`;
	return `built for ${machine ?? "?"}${loader}${interpreterFound === false ? " (missing)" : ""}`;
}

/** Would fixing the leader fix this tool too? Only if the leader's failure is really reported. */
function hasSameCause(defect: Defect, name: string, leader: string, its: Diagnosis, policy: Policy): boolean {
	if (its.kind !== "defect" || isSwitchedOff(`tool/${leader}`, its.reason, policy)) return false;
	const expectation = policy.tools[leader];
	if (expectation && isOptional(leader, expectation, policy) && absence(leader, its) !== undefined) return false;
	// Nowhere on the machine, and one installation brings both.
	if (defect.variant === "nowhere") return its.variant === "nowhere" && own(installedWith, name) === leader;
	// Both in one directory that PATH lacks.
	if (defect.variant === "place") {
		return its.variant === "place" && directoryOf(defect.subject ?? "") === directoryOf(its.subject ?? "");
	}
	if (defect.rustup && its.rustup) return defect.reason === its.reason && defect.reason !== "component-missing";
	// A version manager selects both with one version.
	if (defect.variant === "shim") return its.variant === "shim";
	if (defect.variant === "interpreter") return defect.subject === leader;
	return defect.told !== "" && defect.told === its.told && defect.reason === its.reason;
}

/** Tools that the installation of their leader brings: what else is missing takes a command of its own. */
const installedWith: Readonly<Record<string, string>> = { cargo: "rustc", npm: "node", npx: "node" };

/** The CLI is as optional as Docker itself. */
function isOptional(name: string, expectation: ToolExpectation, policy: Policy): boolean {
	return expectation.optional || (name === "docker" && policy.docker.require === "optional");
}
