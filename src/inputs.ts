import { join, resolve } from "node:path";
import { checkIds, knowsCheck, knowsId } from "./checks/known-checks.ts";
import { imagesAllowed, isImageName } from "./checks/network/registry-targets.ts";
import { now, timeLeft } from "./clock.ts";
import { type DeadMount, unlessDead } from "./host/dead-mount.ts";
import type { Host } from "./host/host.ts";
import { workspaceOf } from "./host/workspace.ts";
import { inputOf } from "./input-of.ts";
import { ConfigurationError, type Mistake, quoted } from "./mistake.ts";
import { own } from "./own.ts";
import type { ProfileChoice } from "./policy/auto-profile.ts";
import { type FoundPolicy, findPolicy, type UnusedFiles } from "./policy/find-policy.ts";
import { maxAsked, maxGlob, maxListed } from "./policy/limits.ts";
import { nearest } from "./policy/nearest.ts";
import type { Policy, Requirement } from "./policy/policy.ts";
import type { PolicyFile } from "./policy/policy-file.ts";
import { profileNames, type ServiceSources, servicesOf, toolsOf, toPolicy } from "./policy/profile.ts";
import type { ToolSource } from "./policy/schema.ts";
import { durationsAllowed, parseDuration, parseSize, parseWholeNumber, sizesAllowed } from "./policy/units.ts";
import { systemOf } from "./probes/job.ts";
import { type FailOn, type Format, formats as knownFormats, type Request } from "./request.ts";
import { parseSmoke, type Smoke, smokeAllowed, smokeParts } from "./smoke/parts.ts";

/** Every input of the action, in its order in `action.yml`. The terminal has the same as flags. */
export const inputNames = [
	"profile",
	"policy",
	"tools",
	"docker",
	"gpu",
	"min-free-disk",
	"min-free-inodes",
	"image",
	"registries",
	"services",
	"runner-config",
	"workflows",
	"skip",
	"fail-on",
	"timeout",
	"token",
	"smoke",
	"after",
	"trust-policy",
	"publish",
	"summary",
	"report-dir",
	"formats",
] as const;
export type InputName = (typeof inputNames)[number];
/** Inputs as they were given. An empty string counts as not given. */
export type Inputs = Readonly<Partial<Record<InputName, string>>>;

export interface ResolveOptions {
	readonly host: Host;
	/** Decides `profile: auto`; asked only then. */
	readonly decideProfile: (
		token: string | undefined,
		timeoutMs: number,
		file: PolicyFile | undefined,
		usesWorkspace: boolean,
	) => Promise<ProfileChoice>;
	/** Report directory if the input names none; `undefined` writes no report. */
	readonly defaultReportDir: string | undefined;
	/** False: no file of the workspace says what is expected, as for the runner's hooks. Default: true. */
	readonly mayUseWorkspace?: boolean;
}

/** The tool versions that the repository states are not in it yet: see `sharpen`. */
export interface Resolved {
	readonly request: Request;
	readonly decidedBy: string;
	/** Name of the policy file, if there is one. */
	readonly policyFile: string | undefined;
	/** Files of the workspace that were not used. */
	readonly unused?: UnusedFiles;
	/** The mount that the policy is on, or that may hold one, if it does not answer: the request was made without. */
	readonly lostPolicy?: DeadMount;
}

/** The inputs of an action from its environment. */
export function inputsFromEnv(env: Readonly<Record<string, string | undefined>>): Inputs {
	const given = inputNames.map((name) => [name, inputOf(env, name)] as const);
	return Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ""));
}

/**
 * Turns inputs into a request.
 * @throws ConfigurationError with every problem in them.
 */
export async function resolveInputs(inputs: Inputs, options: ResolveOptions): Promise<Resolved> {
	const started = now();
	const mistakes: Mistake[] = [];
	const reject = (name: InputName, found: string, allowed: string): undefined => {
		mistakes.push({ place: `input \`${name}\``, found, allowed });
	};
	/** Parses one input; `undefined` if it is not given or wrong. */
	const read = <T>(name: InputName, parse: (text: string) => T | undefined, allowed: string): T | undefined => {
		const text = inputs[name];
		return text === undefined ? undefined : (parse(text) ?? reject(name, quoted(text), allowed));
	};

	const { host } = options;
	const workspace = workspaceOf(host.env, host.cwd());
	const trusts = read("trust-policy", boolean, "true, false") ?? false;
	const search = {
		named: inputs.policy,
		workspace,
		mayUseWorkspace: options.mayUseWorkspace ?? true,
		// In a terminal, somebody typed the name of the policy.
		trusts: trusts || (inputs.policy !== undefined && systemOf(host.env) === "none"),
	};
	let lostPolicy: DeadMount | undefined;
	// `fs/mount` reports the mount, and what needs no policy is judged.
	const { file, usesWorkspace, unused } = await unlessDead(findPolicy(host, search, mistakes), (dead): FoundPolicy => {
		lostPolicy = dead;
		return { usesWorkspace: search.mayUseWorkspace };
	});
	const profiles = [...profileNames(file), "auto"];
	// A policy that cannot be read may define the profile: report one problem, not two. On a dead mount, the profile is decided
	// as without the input.
	const isProfile = (name: string): boolean =>
		profiles.includes(name) || mistakes.length > 0 || lostPolicy !== undefined;
	const profileName = read("profile", (text) => (isProfile(text) ? text : undefined), profiles.join(", ")) ?? "auto";
	const smoke = smokeInput(inputs.smoke, reject);
	const timeoutMs =
		read("timeout", parseTimeout, `${durationsAllowed}, more than 0 and at most 10m`) ??
		(smoke ? smokeTimeoutMs : defaultTimeoutMs);
	const after = read("after", oneOf("failure", "never"), "failure, never") ?? "failure";
	const failOn = read("fail-on", oneOf("fail", "warn", "never"), "fail, warn, never") ?? ("fail" satisfies FailOn);
	const docker = read("docker", requirement, "required, optional, forbidden");
	const gpu = read("gpu", requirement, "required, optional, forbidden");
	const free = read("min-free-disk", parseSize, sizesAllowed);
	const inodes = read("min-free-inodes", parseWholeNumber, "a whole number such as `1000000`");
	const image = read("image", (text) => (isImageName(text) ? text : undefined), imagesAllowed);
	const publish = read("publish", oneOf("none", "log"), "none, log") ?? "none";
	const summary = read("summary", boolean, "true, false") ?? true;
	const formats = read("formats", (text) => formatsOf(text, reject), knownFormats.join(", ")) ?? ["json"];
	const listed = (name: keyof typeof maxListed): readonly string[] => {
		const entries = splitList(inputs[name]);
		if (entries.length <= maxListed[name]) return entries;
		reject(name, `${entries.length} entries`, `at most ${maxListed[name]}`);
		return [];
	};
	const workflows = listed("workflows");
	for (const glob of workflows.filter((entry) => /[*?[{]/.test(entry) && entry.length > maxGlob))
		reject("workflows", quoted(glob), `a glob of at most ${maxGlob} characters`);
	const skip = listed("skip");
	for (const pattern of skip.filter((entry) => !knowsId(entry))) {
		const like = nearest(pattern, checkIds);
		const meant = like ? `; did you mean \`${like}\`?` : knowsCheck(pattern) ? severityInstead : "";
		reject("skip", quoted(pattern), `the id of a check, or a glob of ids such as \`docker/*\`${meant}`);
	}
	const tools = await toolsInput(inputs.tools, mistakes);
	const registries = await listInput("registries", inputs, mistakes);
	const services = await listInput("services", inputs, mistakes);
	if (mistakes.length > 0) throw new ConfigurationError(mistakes);

	// At most half of the time goes to a forge that does not answer: the rest is for the checks.
	const profile: ProfileChoice =
		profileName === "auto" || !profiles.includes(profileName)
			? await options.decideProfile(inputs.token, timeLeft(timeoutMs / 2, started), file, usesWorkspace)
			: { name: profileName, decidedBy: "input" };
	const given = { docker, gpu, free, inodes, image, registries, services };
	const stated = mergeInputs(toPolicy(profile.name, file), given, toolsOf(tools));
	const tooMany = tooMuchAsked(stated);
	if (tooMany.length > 0) throw new ConfigurationError(tooMany);
	return {
		decidedBy: profile.decidedBy,
		policyFile: file?.name,
		...(lostPolicy && { lostPolicy }),
		...(unused && { unused }),
		request: {
			policy: { ...stated, ...(smoke && { smoke }), skip },
			profileChoice: withoutName(profile),
			workspace,
			usesWorkspace,
			trusts,
			timeoutMs: timeLeft(timeoutMs, started),
			failOn,
			reportDir:
				inputs["report-dir"] === undefined ? options.defaultReportDir : resolve(host.cwd(), inputs["report-dir"]),
			...(inputs["report-dir"] !== undefined && { reportDirNamed: true }),
			formats,
			after,
			summary,
			publish,
			runnerConfig: inputs["runner-config"],
			workflows,
			...(inputs.token !== undefined && { token: inputs.token }),
		},
	};
}

function withoutName({ name: _, ...choice }: ProfileChoice): Request["profileChoice"] {
	return choice;
}

/** Each of these costs a program, a connection or a look at a disk. */
function tooMuchAsked(policy: Policy): readonly Mistake[] {
	const names = ["tools", "registries", "services", "disk", "expect"] as const;
	return names.flatMap((name) => {
		const count = Object.keys(policy[name] ?? {}).length;
		const most = maxAsked[name];
		if (count <= most) return [];
		const place = `\`${name}\` of the profile \`${policy.profile}\``;
		return [{ place, found: `${count} entries`, allowed: `at most ${most}, with what it extends and the inputs` }];
	});
}

const severityInstead = "; one reason of a check is switched off by `severity` in the policy";

const defaultTimeoutMs = 10_000;
/** To start a container, or to build something, takes its time. */
const smokeTimeoutMs = 60_000;

/** The entries of a list, separated by newlines, or by commas that are not in braces: `*.{yml,yaml}` is one glob. */
function splitList(text = ""): string[] {
	const parts = text.match(/(?:\{[^{}\n]*\}|[^,\n])+/g) ?? [];
	return parts.map((part) => part.trim()).filter((part) => part !== "");
}

/** Where an action's reports go unless `report-dir` says otherwise. */
export function defaultReportDir(env: Readonly<Record<string, string | undefined>>): string {
	return join(env.RUNNER_TEMP || "/tmp", "runner-check");
}

interface GivenInputs {
	readonly docker: Requirement | undefined;
	readonly gpu: Requirement | undefined;
	readonly free: number | undefined;
	readonly inodes: number | undefined;
	readonly image: string | undefined;
	readonly registries: Policy["registries"] | undefined;
	readonly services: Policy["services"] | undefined;
}

/** The profile's expectations, overridden by the inputs, with a note of what came from an input. */
function mergeInputs(base: Policy, given: GivenInputs, tools: Policy["tools"]): Policy {
	const sources: Record<string, string> = { ...base.sources };
	const note = (path: string, input: InputName): void => {
		sources[path] = `input \`${input}\``;
	};
	for (const name of Object.keys(tools)) note(`tools.${name}`, "tools");
	if (given.docker) note("docker", "docker");
	if (given.gpu) note("gpu", "gpu");
	if (given.free !== undefined) note("disk.workspace.free", "min-free-disk");
	if (given.inodes !== undefined) note("disk.workspace.inodes", "min-free-inodes");
	for (const name of ["image", "registries", "services"] as const) if (given[name] !== undefined) note(name, name);

	const workspace = {
		...(base.disk.find((entry) => entry.path === "workspace") ?? { path: "workspace" }),
		...(given.free !== undefined && { free: given.free }),
		...(given.inodes !== undefined && { inodes: given.inodes }),
	};
	const { untrusted: stated = [], ...rest } = base;
	const untrusted = stated.filter((list) => given[list] === undefined);
	return {
		...rest,
		tools: { ...base.tools, ...askedAsBefore(tools, base.tools) },
		docker: { ...base.docker, ...(given.docker && { require: given.docker }) },
		gpu: { ...base.gpu, ...(given.gpu && { require: given.gpu }) },
		...(given.image !== undefined && { image: given.image }),
		...(given.registries && { registries: given.registries }),
		...(given.services && { services: given.services }),
		...(untrusted.length > 0 && { untrusted }),
		disk: [workspace, ...base.disk.filter((entry) => entry.path !== "workspace")],
		sources,
	};
}

/** The input states versions only: the command that asks a tool for its version stays the policy's. */
function askedAsBefore(tools: Policy["tools"], known: Policy["tools"]): Policy["tools"] {
	const entries = Object.entries(tools).map(([name, tool]): [string, Policy["tools"][string]] => {
		const { command = tool.command, commandFrom } = own(known, name) ?? {};
		return [name, { ...tool, command, ...(commandFrom && { commandFrom }) }];
	});
	return Object.fromEntries(entries);
}

function oneOf<const T extends string>(...values: readonly T[]): (text: string) => T | undefined {
	return (text) => values.find((value) => value === text);
}

const requirement = oneOf("required", "optional", "forbidden");

function boolean(text: string): boolean | undefined {
	// The words of YAML 1.2's core schema, as @actions/core takes them.
	if (/^(?:true|True|TRUE)$/.test(text)) return true;
	return /^(?:false|False|FALSE)$/.test(text) ? false : undefined;
}

function smokeInput(
	text: string | undefined,
	reject: (name: InputName, found: string, allowed: string) => undefined,
): Smoke | undefined {
	const asked = parseSmoke(splitList(text));
	if (!asked || !("unknown" in asked)) return asked;
	const like = nearest(asked.unknown, smokeParts);
	return reject("smoke", quoted(asked.unknown), `${smokeAllowed}${like ? `; did you mean \`${like}\`?` : ""}`);
}

/** How long a mount may take to answer, so that a run which meets one after the other still has time for the rest. */
export function mountPatienceMs(timeout: string | undefined): number {
	return Math.min(5000, (parseTimeout(timeout ?? "") ?? defaultTimeoutMs) / 4);
}

export function parseTimeout(text: string): number | undefined {
	const ms = parseDuration(text);
	return ms !== undefined && ms > 0 && ms <= 600_000 ? ms : undefined;
}

/** `undefined`: it names none, and nothing would be written. */
function formatsOf(
	text: string,
	reject: (name: InputName, found: string, allowed: string) => undefined,
): Format[] | undefined {
	const known = oneOf(...knownFormats);
	const words = splitList(text);
	if (words.length === 0) return undefined;
	return words.flatMap((word): Format[] => {
		const format = known(word);
		if (format) return [format];
		reject("formats", quoted(word), knownFormats.join(", "));
		return [];
	});
}

/** A list in the form of a policy. Adds its problems to `mistakes`. */
async function listInput<N extends "registries" | "services">(
	name: N,
	inputs: Inputs,
	mistakes: Mistake[],
): Promise<Policy[N] | undefined> {
	const text = inputs[name];
	if (text === undefined) return undefined;
	const { readListInput } = await import("./more.ts");
	const read = readListInput(name, text);
	if ("list" in read) return (name === "services" ? servicesOf(read.list as ServiceSources) : read.list) as Policy[N];
	mistakes.push(...read);
	return undefined;
}

async function toolsInput(
	text: string | undefined,
	mistakes: Mistake[],
): Promise<Readonly<Record<string, ToolSource>>> {
	if (text === undefined) return {};
	const { readToolsInput } = await import("./more.ts");
	return readToolsInput(text, mistakes);
}
