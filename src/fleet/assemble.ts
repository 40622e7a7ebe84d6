import { cut } from "../checks/text.ts";
import { unlessDead } from "../host/dead-mount.ts";
import type { Host } from "../host/host.ts";
import type { PolicyFile } from "../policy/policy-file.ts";
import { labelsOf, profileNames } from "../policy/profile.ts";
import { parseDuration } from "../policy/units.ts";
import { createRedactor } from "../report/redact.ts";
import type { Looks } from "./collect-looks.ts";
import type { Fleet, Rejected } from "./fleet.ts";
import { type ExpectedRunner, judgeFleet, type ListedRunner, type WaitingJob } from "./judge-fleet.ts";
import { unservedIn, workflowsIn } from "./unserved.ts";

/** 26 h: a report of every day, and two hours for jobs that wait. */
const defaultMaxAgeMs = 26 * 3_600_000;
/** Entries of `rejected`: a folder can hold anything, any number of times. */
const maxRejected = 1000;
/** Characters of a reason: it quotes what is hostile. */
const maxReason = 300;

export interface FleetSources {
	readonly looks: Looks;
	readonly policy: PolicyFile | undefined;
	/** Absolute path: its workflows are read. */
	readonly workspace: string;
	/** ISO 8601. */
	readonly now: string;
	/** Overrides the policy's. */
	readonly maxAgeMs?: number;
	readonly rejected: readonly Rejected[];
	readonly notes?: readonly string[];
	/** Expected in addition to the policy's runners. */
	readonly expected?: readonly ExpectedRunner[];
	readonly waiting?: readonly WaitingJob[];
	readonly listed?: ReadonlyMap<string, ListedRunner>;
	/** The list has every runner that can take a job, also those of the whole instance. */
	readonly isListComplete?: boolean;
	/** Texts that must not appear in the fleet, next to those of the environment. */
	readonly secrets?: readonly string[];
}

/** Age from which on a report does not count: the policy's, else 26 h. */
export function maxAgeOf(policy: PolicyFile | undefined): number {
	return parseDuration(policy?.source.fleet?.["max-age"] ?? "") ?? defaultMaxAgeMs;
}

/** Everything that is known of the fleet, as one picture without secrets. */
export async function assembleFleet(host: Host, sources: FleetSources, signal: AbortSignal): Promise<Fleet> {
	const { looks, policy, listed, rejected, notes = [], workspace, now, waiting } = sources;
	const stated = policy?.source.fleet;
	const maxAgeMs = sources.maxAgeMs ?? maxAgeOf(policy);
	const named = (stated?.runners ?? []).map(({ name, profile }): ExpectedRunner => {
		return { name, ...(profile !== undefined && { profile }), by: "the policy expects this runner" };
	});
	const tooMany = rejected.length - maxRejected;
	const judged = judgeFleet({
		looks,
		expected: [...named, ...(sources.expected ?? [])],
		...(waiting && { waiting }),
		...(listed && { listed }),
		labelsOf: (profile) => labelsOf(profile, policy),
		now,
		maxAgeMs,
		unserved: [],
		rejected: rejected.slice(0, maxRejected).map(({ file, reason }) => ({ file, reason: cut(reason, maxReason) })),
		notes: [...notes, ...(tooMany > 0 ? [`${tooMany} more files are not reports.`] : [])],
	});
	// `fs/mount` of a check says which mount that is; here, only the labels are missing.
	const files = await unlessDead(workflowsIn(host, workspace, signal), () => []);
	const known = [...judged.runners.filter(({ status }) => status !== "waiting"), ...(listed?.values() ?? [])];
	const profileLabels = new Set(profileNames(policy).flatMap((name) => labelsOf(name, policy)));
	// Without a complete list, runners may have labels that nobody knows here; those of profiles are what the health check is about.
	const isJudged = (label: string): boolean => sources.isListComplete === true || profileLabels.has(label);
	const unserved = unservedIn(
		files,
		known.map(({ name, labels }) => ({ name, labels })),
		isJudged,
	);
	return createRedactor(host.env, sources.secrets).deep({ ...judged, unserved });
}
