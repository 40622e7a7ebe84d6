import type { JobFacts } from "../probes/job.ts";
import { compareVersions, findVersion, type Version } from "../versions.ts";
import file from "./runner-versions.json" with { type: "json" };

/** What happens in some releases of Gitea's runner or of the Docker engine. Checks and lint rules choose their fixes by it. */
export interface Knowledge {
	/** Whose release decides. */
	readonly of: "gitea-runner" | "docker-engine";
	/** What happens in these releases, as a sentence that fits after a colon in a finding. */
	readonly what: string;
	/** It happens in the releases of any of these ranges. */
	readonly ranges: readonly KnownRange[];
	/** Where this is known from: commit, pull request, file. */
	readonly source: string;
	/** Versions as programs report them -> whether it happens there. Each one is a test. */
	readonly examples: Readonly<Record<string, Answer>>;
}

/** `unknown`: the version is unknown, or it is a build between two releases, only one of which is affected. */
export type Answer = "yes" | "no" | "unknown";

/** A range of releases. Without `from`, it starts with the first one; without `upTo` and `before`, it has not ended. */
interface KnownRange {
	/** First release in which it happens. */
	readonly from?: string;
	/** Last release in which it is known to happen. The next one is free of it, or may be. */
	readonly upTo?: string;
	/** First release in which it no longer happens. */
	readonly before?: string;
}

export type KnowledgeId = keyof typeof file.entries;

/** A test validates the file against `runner-versions.schema.json`, which JSON's inferred type is too wide for. */
const entries = file.entries as unknown as Readonly<Record<KnowledgeId, Knowledge>>;

export const knowledgeIds = Object.keys(entries) as readonly KnowledgeId[];

/** One entry of `runner-versions.json`. */
export function runnerKnowledge(id: KnowledgeId): Knowledge {
	return entries[id];
}

/**
 * Does it happen in this version? `unknown` if the version is unknown (`dev`, nothing at all), or if a build between two
 * releases (`v3.3.0-5-gabc1234`) may or may not have the change. Never pass a version of Forgejo's runner: its numbers mean
 * something else. `giteaRunnerVersion` returns none for it.
 */
export function holdsFor(entry: Knowledge, version: string | undefined): Answer {
	const found = version === undefined ? undefined : findVersion(version);
	if (!found) return entry.ranges.some(isUnlimited) ? "yes" : "unknown";
	const between = /-\d+-g[0-9a-f]{4,}/.test(version ?? "");
	const answers = entry.ranges.map((range) => (between ? holdsBetween(range, found) : holds(range, found)));
	if (answers.includes("yes")) return "yes";
	return answers.includes("unknown") ? "unknown" : "no";
}

function isUnlimited(range: KnownRange): boolean {
	return range.from === undefined && range.upTo === undefined && range.before === undefined;
}

function holds(range: KnownRange, version: Version): "yes" | "no" {
	if (range.from !== undefined && compare(version, range.from) < 0) return "no";
	if (range.upTo !== undefined && compare(version, range.upTo) > 0) return "no";
	if (range.before !== undefined && compare(version, range.before) >= 0) return "no";
	return "yes";
}

/** A build some commits after the release `base`: at an edge of the range, it may or may not have the change. */
function holdsBetween(range: KnownRange, base: Version): Answer {
	const beforeIt = range.from !== undefined && compare(base, range.from) < 0;
	const atItsEnd = range.upTo !== undefined && compare(base, range.upTo) === 0;
	const maybeFixed = range.before !== undefined && compare(base, range.before) < 0;
	return beforeIt || atItsEnd || maybeFixed ? "unknown" : holds(range, base);
}

function compare(version: Version, bound: string): number {
	const other = findVersion(bound);
	return other ? compareVersions(version, other) : 0;
}

/** The ranges in words, for a finding about a runner of unknown version: `3.0.0 to 3.3.0`, `before 1.0.0`. */
export function versionsOf(entry: Knowledge): string {
	return entry.ranges.map(rangeInWords).join(" and ");
}

function rangeInWords({ from, upTo, before }: KnownRange): string {
	if (from !== undefined && upTo !== undefined) return from === upTo ? from : `${from} to ${upTo}`;
	if (from !== undefined && before !== undefined) return `from ${from}, fixed in ${before}`;
	if (upTo !== undefined) return `up to ${upTo}`;
	if (before !== undefined) return `before ${before}`;
	return from === undefined ? "all versions" : `${from} and later`;
}

/** The version of Gitea's runner; `undefined` for any other runner. */
export function giteaRunnerVersion(job: Pick<JobFacts, "system" | "runnerVersion">): string | undefined {
	return job.system === "gitea" ? job.runnerVersion : undefined;
}
