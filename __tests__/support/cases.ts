import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterChecks } from "../../src/after/list.ts";
import type { Check } from "../../src/checks/check.ts";
import { allChecks } from "../../src/checks/list.ts";
import { judgeAll } from "../../src/engine.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { PolicyFile } from "../../src/policy/policy-file.ts";
import { toPolicy } from "../../src/policy/profile.ts";
import type { ProfileSource } from "../../src/policy/schema.ts";
import type { Facts } from "../../src/probes/probe.ts";
import { findingBlock } from "../../src/render/summary-finding.ts";
import { marks } from "../../src/render/summary-marks.ts";
import type { Report, Result } from "../../src/report/report.ts";
import { ended, factsOf, type Situation } from "../after/support/after.ts";
import { createPolicy } from "./builders.ts";
import { isLintCase, lintCase, readLintCase } from "./lint-cases.ts";

/**
 * One folder `cases/<id>/<reason>--<what>/`. It holds the facts of a machine or the files of a runner, and what one check has
 * to say about them. Below `cases/lint/` are more files for the lint, which the docs do not show.
 */
export interface Case {
	/** `shm/size/small--on-the-host`, relative to the folder of all cases. */
	readonly name: string;
	/** The folder of all cases. */
	readonly root: string;
	/** `shm/size` */
	readonly id: string;
	/** A reason of the check, or `pass`, `skip` or `error`. */
	readonly reason: string;
	/** `On the host` */
	readonly heading: string;
}

/** `case.json` of a check of the second look: what differs from a machine that is well at both looks. */
interface AfterCase {
	readonly after: Situation;
}

/** `case.json`. */
interface CaseFile {
	/** Whose facts hold where the case says nothing: a folder of `cases/machines`. */
	readonly machine: string;
	/** Probe name -> its facts, in place of the machine's. */
	readonly facts?: Readonly<Record<string, unknown>>;
	/** Probe name -> fields that differ from the machine's. */
	readonly changes?: Readonly<Record<string, object>>;
	/** A built-in profile's name, or a profile as a policy file states it. */
	readonly profile?: string | ProfileSource;
	/** Parts of the effective policy that no profile states, such as `sources`. */
	readonly policy?: Partial<Policy>;
}

/** Every case, sorted by name. @param root The folder of all cases. */
export function casesIn(root: string): readonly Case[] {
	const names = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
		(path) => basename(path).includes("--") && statSync(join(root, path)).isDirectory(),
	);
	return names.sort().map((name) => {
		const [reason = "", what = ""] = basename(name).split("--");
		const heading = what.replace(/-/g, " ");
		return {
			name,
			root,
			id: dirname(name),
			reason,
			heading: heading.charAt(0).toUpperCase() + heading.slice(1),
		};
	});
}

/** What is said about a case. */
export interface Judged {
	/** Of the case's check. */
	readonly result: Result;
	/** What `expected.md` has to hold. */
	readonly text: string;
	/** Everything that is reported with it. */
	readonly results: readonly Result[];
}

/** Judges the case's check, or lints the case's files. */
export async function judgeCase(one: Case): Promise<Judged> {
	const folder = join(one.root, one.name);
	if (isLintCase(folder)) return lintFolder(one, folder);
	const result = await judgeFacts(one, folder);
	return { result, text: expectedText(result), results: [result] };
}

async function lintFolder({ id, reason }: Case, folder: string): Promise<Judged> {
	const { text, results } = await lintCase(readLintCase(folder));
	const found = results.find((one) => one.reason === reason && (one.id === id || id.startsWith("lint/")));
	const nothing: Result = { id, status: "pass", title: "", message: "", evidence: [], docs: "", duration_ms: 0 };
	return { result: found ?? results[0] ?? nothing, text: `\`\`\`text\n${text}\`\`\`\n`, results };
}

async function judgeFacts(one: Case, folder: string): Promise<Result> {
	const result = judgeKnown(one, folder, await known(one));
	if (!result) throw new Error(`${one.name}: no check \`${one.id}\` is judged with this policy`);
	return result;
}

/** What a machine's facts are judged with. */
export interface Known {
	readonly facts: Facts;
	readonly policy: Policy;
	readonly started: string;
}

/** Facts and policy of a case that is not one of the lint. */
export async function known({ root, name }: Case): Promise<Known> {
	const folder = join(root, name);
	const report = join(folder, "report.json");
	if (existsSync(report)) return recorded(readJson(report) as Report);
	const file = readJson(join(folder, "case.json")) as CaseFile | AfterCase;
	return "after" in file ? secondLook(file) : described(root, file);
}

function secondLook({ after }: AfterCase): Known {
	return { facts: factsOf(after), policy: createPolicy(), started: new Date(ended).toISOString() };
}

/** What the case's check says about these facts; `undefined` if the policy does not have it. */
function judgeKnown({ id }: Case, folder: string, { facts, policy, started }: Known): Result | undefined {
	const checks = id.startsWith("after/") ? afterChecks : checksOf(policy);
	// A described machine has the facts of this check alone, so its prerequisites are not judged.
	const judged = existsSync(join(folder, "report.json")) ? checks : checks.filter((check) => check.id === id);
	return judgeAll(judged, facts, policy, { started }).find((one) => one.id === id);
}

/** The checks of a policy, with one for each of its tools, registries and services. */
export function checksOf(policy: Policy): readonly Check[] {
	return allChecks.flatMap((entry): readonly Check[] => ("expand" in entry ? entry.expand(policy) : [entry]));
}

/** The finding as the job summary shows it, or the one line of another result. */
function expectedText(result: Result): string {
	const { status, reason, message, evidence } = result;
	if (status === "fail" || status === "warn" || status === "error") return `${findingBlock(result, [])}\n`;
	const lines = evidence.map(({ source, text }) => `- ${text} (${source})`);
	return `${[`${marks[status]} ${reason ?? status}: ${message}`, ...lines].join("\n")}\n`;
}

/** What the name of the case's folder has to begin with. */
export function reasonOf({ status, reason }: Result): string {
	if (status === "fail" || status === "warn") return reason ?? "";
	return status;
}

const started = "2026-11-24T06:00:00.000Z";

function recorded(report: Report): Known {
	return { facts: report.facts, policy: report.expectations, started: report.started };
}

async function described(
	root: string,
	{ machine, facts = {}, changes = {}, profile = {}, policy = {} }: CaseFile,
): Promise<Known> {
	const known = { ...readMachine(root, "any"), ...readMachine(root, machine) };
	const changed = Object.entries(changes).map(([probe, fields]) => [probe, { ...(known[probe] as object), ...fields }]);
	const values: Record<string, unknown> = { ...known, ...facts, ...Object.fromEntries(changed) };
	return {
		facts: Object.fromEntries(Object.entries(values).map(([probe, value]) => [probe, { ok: true, value, ms: 1 }])),
		policy: { ...(await policyOf(profile)), ...policy },
		started,
	};
}

async function policyOf(profile: string | ProfileSource): Promise<Policy> {
	if (typeof profile === "string") return toPolicy(profile);
	const file: PolicyFile = {
		name: ".gitea/runner-check.yml",
		source: { version: 1, profiles: { team: profile } },
		lineOf: () => ".gitea/runner-check.yml:4",
	};
	return toPolicy("team", file);
}

function readMachine(root: string, name: string): Record<string, unknown> {
	const folder = join(root, "machines", name);
	const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
	return Object.fromEntries(files.map((file) => [basename(file, ".json"), readJson(join(folder, file))]));
}

function readJson(path: string): unknown {
	return JSON.parse(readFileSync(path, "utf8"));
}
