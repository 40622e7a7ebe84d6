/** What the fleet action does between its inputs and its outputs: reads the forge and folders, judges, and tells. */
import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import { digest } from "../host/packed.ts";
import { writeReport } from "../host/write-report.ts";
import { askForge } from "../lint/read/forge-runners.ts";
import { couldNotWrite } from "../message-of.ts";
import type { PolicyFile } from "../policy/policy-file.ts";
import { labelsOf, profileNames } from "../policy/profile.ts";
import { workflowDirectories } from "../policy/workflow-directories.ts";
import { within } from "../probes/deadline.ts";
import { assembleFleet, maxAgeOf } from "./assemble.ts";
import { Looks } from "./collect-looks.ts";
import type { Change, Fleet, Rejected } from "./fleet.ts";
import { cacheFile, ForgeCache, maxCache } from "./forge/cache.ts";
import { forgeClient } from "./forge/client.ts";
import { type Issues, listIssues, type Tell, type TrackedIssue, type Transition, trackIssues } from "./forge/issues.ts";
import { type ForgeQuestion, readForge } from "./forge/read-forge.ts";
import type { FleetOptions } from "./inputs.ts";
import { type ExpectedRunner, type ListedRunner, labelKey, type WaitingJob } from "./judge-fleet.ts";
import type { Look } from "./look.ts";
import { pushGroups } from "./metrics.ts";
import { readFolders } from "./read-folders.ts";
import { sendTo } from "./tell.ts";
import { readMatrix } from "./unserved.ts";

/** Groups that a Pushgateway gets at once. */
const parallelPushes = 8;

/** What the action needs to know of its place. */
export interface Place {
	/** Absolute path of the checkout. */
	readonly workspace: string;
	readonly policy: PolicyFile | undefined;
	/** ISO 8601. */
	readonly now: string;
	/** What the log of a job says that died in set-up. */
	readonly diagnose: ForgeQuestion["diagnose"];
}

export interface Watched {
	readonly fleet: Fleet;
	/** What was asked for and could not be done, a sentence each: the step fails. */
	readonly errors: readonly string[];
	/** The same of what is not worth a failure. */
	readonly warnings: readonly string[];
	/** What was done: "opened #12 for titan-1 (titan)". */
	readonly done: readonly string[];
}

/** Looks at the fleet once, and tells who has to know. Ends at the deadline. */
export async function watchFleet(
	host: Host,
	options: FleetOptions,
	place: Place,
	signal: AbortSignal,
): Promise<Watched> {
	return within(options.timeoutMs, signal, (limited) => watch(host, options, place, limited));
}

async function watch(host: Host, options: FleetOptions, place: Place, signal: AbortSignal): Promise<Watched> {
	const { policy, workspace, now } = place;
	const maxAgeMs = options.maxAgeMs ?? maxAgeOf(policy);
	const looks = new Looks();
	const rejected: Rejected[] = [];
	const notes: string[] = [];
	const errors: string[] = [];
	const warnings: string[] = [];
	const expected: ExpectedRunner[] = [];
	let waiting: readonly WaitingJob[] = [];
	let issues: Issues | undefined;
	const forge = forgeClient(host, options.token, signal);
	if ("why" in forge) errors.push(forge.why);
	else {
		issues = options.issues ? await listIssues(forge) : undefined;
		const { workflow, runs, cacheDir } = options;
		const cache = new ForgeCache(forge.repository, await readCache(host, cacheDir));
		const reading = await readForge(forge, { workflow, runs, cache, diagnose: place.diagnose, now, maxAgeMs, signal });
		// A reading that broke off would forget what it did not come to.
		if (cacheDir !== undefined && reading.isComplete) await keepCache(host, cacheDir, cache.toJson(), warnings);
		for (const look of withProfiles(reading.looks, policy)) looks.add(look);
		for (const entry of reading.rejected.slice(0, 10_000)) rejected.push(entry);
		waiting = reading.waiting;
		for (const entry of reading.notes) notes.push(entry);
		if (!reading.isComplete) errors.push("The forge could not be read completely, so nobody is told of changes.");
		const matrix = fromMatrix(host, workspace, options.workflow, reading.looks, waiting, policy);
		for (const entry of await unlessDead(matrix, () => [])) expected.push(entry);
		for (const entry of fromIssues(issues?.all ?? [], [...reading.looks, ...waiting])) expected.push(entry);
	}
	const folders = {
		add: (look: Look) => looks.add(look),
		reject: (entry: Rejected) => rejected.push(entry),
		now,
		signal,
	};
	await readFolders(host, options.reports, folders);
	const listed = options.token === undefined ? undefined : await listRunners(host, options.token, notes, signal);
	const secrets = [options.notifyUrl, options.pingUrl, options.pushUrl].filter(
		(url): url is string => url !== undefined,
	);
	const sources = {
		looks,
		policy,
		workspace,
		now,
		maxAgeMs,
		rejected,
		notes,
		expected,
		waiting,
		secrets,
		...(listed && { listed: listed.runners, isListComplete: listed.isComplete }),
	};
	const fleet = await assembleFleet(host, sources, signal);
	if (signal.aborted) errors.push("The time is over: what is missing was not read, and nobody is told of changes.");
	if (errors.length > 0) return { fleet, errors, warnings, done: [] };

	const done: string[] = [];
	const tell: Tell = async (transition) => {
		if (options.notifyUrl === undefined) return true;
		const body = JSON.stringify({
			version: 1,
			repository: host.env.GITHUB_REPOSITORY ?? "",
			...transition,
			verdict: fleet.verdict,
		});
		const why = await sendTo(host, options.notifyUrl, { method: "POST", body, key: transition.id }, signal);
		if (why !== undefined) warnings.push(`\`notify-url\` was not told of ${transition.name}: ${why}.`);
		return why === undefined;
	};
	if (issues && !("why" in forge)) {
		const tracked = await trackIssues(forge, fleet, issues, tell);
		for (const entry of tracked.troubles) warnings.push(entry);
		for (const entry of tracked.done) done.push(entry);
	} else for (const change of fleet.changes) await tell(transitionFor(change, fleet));
	if (options.pushUrl !== undefined) await push(host, options.pushUrl, fleet, warnings, signal);
	if (options.pingUrl !== undefined && warnings.length === 0) {
		const why = await sendTo(host, options.pingUrl, { method: "GET" }, signal);
		if (why !== undefined) warnings.push(`\`ping-url\` was not reached: ${why}.`);
	}
	return { fleet, errors, warnings, done };
}

async function readCache(host: Host, directory: string | undefined): Promise<string | undefined> {
	if (directory === undefined) return undefined;
	const path = `${directory}/${cacheFile}`;
	const stat = await host.lstat(path);
	if (stat.kind !== "file" || stat.size > maxCache) return undefined;
	const text = await host.readText(path, stat.size);
	return text.kind === "ok" ? text.value : undefined;
}

async function keepCache(host: Host, directory: string, json: string, warnings: string[]): Promise<void> {
	try {
		await host.reach(directory);
		writeReport(directory, cacheFile, json);
	} catch (error) {
		warnings.push(couldNotWrite(`${directory}/${cacheFile}`, error));
	}
}

/** A job that died in set-up told no profile: it is that of the runner's other jobs with these labels, else the one that they select. */
function withProfiles(looks: readonly Look[], policy: PolicyFile | undefined): readonly Look[] {
	const keyOf = ({ name, labels }: Look): string => JSON.stringify([name, labelKey(labels)]);
	const profiles = new Map(
		looks.flatMap((look) => (look.profile === undefined ? [] : [[keyOf(look), look.profile] as const])),
	);
	return looks.map((look) => {
		if (look.profile !== undefined) return look;
		const selected = profileNames(policy).find((name) =>
			labelsOf(name, policy).some((label) => look.labels.includes(label)),
		);
		const profile = profiles.get(keyOf(look)) ?? selected;
		return profile === undefined ? look : { ...look, profile };
	});
}

/** Labels in the matrix of the health check that no runner has ever taken a job with. */
async function fromMatrix(
	host: Host,
	workspace: string,
	workflow: string,
	looks: readonly Look[],
	waiting: readonly WaitingJob[],
	policy: PolicyFile | undefined,
): Promise<readonly ExpectedRunner[]> {
	const seen = new Set([...looks, ...waiting].map(({ labels }) => labelKey(labels)));
	const named = policy?.source.fleet?.runners ?? [];
	const wants = await readMatrix(host, workspace, workflowDirectories(host.env), workflow);
	return wants.flatMap((labels): ExpectedRunner[] => {
		const isNamed = named.some(({ profile = "" }) => labelsOf(profile, policy).some((label) => labels.includes(label)));
		if (labels.length === 0 || seen.has(labelKey(labels)) || isNamed) return [];
		return [{ name: labels.join(", "), by: `the matrix of \`${workflow}\` names this label` }];
	});
}

/**
 * A runner with an open issue stays expected until somebody closes the issue: it must not be forgotten because it is gone for long.
 * @param jobs A runner that nobody knows goes by its labels: it is expected as long as no job shows what became of them.
 */
function fromIssues(
	issues: readonly TrackedIssue[],
	jobs: readonly { readonly labels: readonly string[] }[],
): readonly ExpectedRunner[] {
	const shown = new Set(jobs.map(({ labels }) => labels.join(", ")));
	return issues.flatMap(({ isOpen, name, profile }): ExpectedRunner[] => {
		if (!isOpen || (profile === undefined && shown.has(name))) return [];
		return [{ name, ...(profile !== undefined && { profile }), by: "an open issue is about this runner" }];
	});
}

interface ListOfRunners {
	/** By name. */
	readonly runners: ReadonlyMap<string, ListedRunner>;
	readonly isComplete: boolean;
}

/** `undefined`: the token may not list runners. */
async function listRunners(
	host: Host,
	token: string,
	notes: string[],
	signal: AbortSignal,
): Promise<ListOfRunners | undefined> {
	const answer = await askForge(host, token, signal, ["repository", "organization", "instance"]);
	if (answer && answer.scopes.length > 0) {
		// A runner that registered again leaves an entry of its name that is offline: the one that takes jobs counts, and comes last.
		const canTake = ({ online, disabled }: ListedRunner): number => Number(online && !disabled);
		const sorted = [...answer.runners].sort((a, b) => canTake(a) - canTake(b));
		const runners = new Map(sorted.map((runner) => [runner.name, runner]));
		return { runners, isComplete: answer.complete };
	}
	notes.push(
		"The token may not list runners, so it is not known which are offline, disabled or busy. The token of an owner can: see docs/fleet.md.",
	);
	return undefined;
}

function transitionFor({ name, profile, before, now, came, went }: Change, fleet: Fleet): Transition {
	const runner = fleet.runners.find((one) => one.name === name && one.profile === profile);
	const last = runner?.history[runner.history.length - 1]?.at;
	return {
		id: digest(JSON.stringify([name, profile, before, now, came, went, last])),
		name,
		...(profile !== undefined && { profile }),
		...(before !== undefined && { before }),
		now,
		came,
		went,
		...(runner?.why !== undefined && { why: runner.why }),
		...(runner?.url !== undefined && { url: runner.url }),
	};
}

async function push(host: Host, address: string, fleet: Fleet, warnings: string[], signal: AbortSignal): Promise<void> {
	const groups = pushGroups(fleet);
	for (let index = 0; index < groups.length; index += parallelPushes) {
		const sent = groups.slice(index, index + parallelPushes).map(({ path, text }) => {
			const message = { method: "PUT" as const, path, body: text, type: "text/plain; version=0.0.4; charset=utf-8" };
			return sendTo(host, address, message, signal);
		});
		const why = (await Promise.all(sent)).find((one) => one !== undefined);
		if (why === undefined) continue;
		warnings.push(`\`push-url\` did not take the metrics: ${why}.`);
		return;
	}
}
