import type { JobFacts } from "../probes/job.ts";
import { compareVersions, findVersion, type Version } from "../versions.ts";

/**
 * What changed in which version of Gitea's runner, and which Docker engines are known to be bad. The one table of such
 * knowledge: in-job checks choose their remedies by it, and a lint of a runner's configuration judges by it.
 */
export interface Knowledge {
	/** Whose version decides. */
	readonly of: "gitea-runner" | "docker-engine";
	/** What happens in these versions, as a sentence that can go into a finding. */
	readonly what: string;
	/** Where it holds: in any of these ranges. */
	readonly ranges: readonly KnownRange[];
	/** Where this is known from: commit, pull request, file. */
	readonly source: string;
}

/** A range of versions. No `from`: since ever. Neither `upTo` nor `before`: until today. */
export interface KnownRange {
	/** First version in which it holds. */
	readonly from?: string;
	/** Last version in which it holds (inclusive): the next release is known to be, or may be, free of it. */
	readonly upTo?: string;
	/** First version in which it holds no more (exclusive). */
	readonly before?: string;
}

const table = {
	"gpu-option-dropped": {
		of: "gitea-runner",
		what: "without `privileged: true` the runner drops `--gpus`, `--device` and `--runtime` from `container.options`, even from its own configuration",
		ranges: [{ from: "3.0.0", upTo: "3.3.0" }],
		source: "runner commit 14ec00b6, sanitizeOptionsHostConfig in act/container/docker_run.go",
	},
	"workflow-gpu-option-dropped": {
		of: "gitea-runner",
		what: "without `privileged: true` the runner drops `--gpus`, `--device` and `--runtime` from a workflow's `container.options`",
		ranges: [{ from: "3.0.0" }],
		source: "runner commit 14ec00b6; config.example.yaml of later releases keeps it for workflows",
	},
	"duplicate-socket-mount": {
		of: "gitea-runner",
		what: "the runner mounts the Docker socket itself, and a second mount of it in `container.options` makes every job die with `Duplicate mount point: /var/run/docker.sock`",
		ranges: [{ upTo: "2.3.0" }],
		source: "runner commit 01928611 (3.0.0 lets a mount of the options replace its own)",
	},
	"option-volume-displaces-mount": {
		of: "gitea-runner",
		what: "a volume in `container.options` displaces the runner's own mount on the same target even where `valid_volumes` then rejects it, so that neither is mounted",
		ranges: [{ from: "3.0.0", upTo: "3.3.0" }],
		source: "overlayVolumes and sanitizeConfig in act/container/docker_run.go",
	},
	"socket-directory": {
		of: "gitea-runner",
		what: "the runner mounts a socket path that does not exist on the daemon's host, and the engine makes a directory of it",
		ranges: [{ before: "0.3.0" }],
		source: "runner commit 50e05090, act_runner#750",
	},
	"service-volumes-dropped": {
		of: "gitea-runner",
		what: "volumes of service containers are dropped without a word",
		ranges: [{ from: "0.5.0", upTo: "3.3.0" }],
		source: "sanitizeConfig in act/container/docker_run.go: services get no valid_volumes",
	},
	"network-false-warning": {
		of: "gitea-runner",
		what: "the job's log warns that `--network` in the options is ignored although there is none: a false alarm",
		ranges: [{ upTo: "3.3.0" }],
		source: "act/container/docker_run.go:582-586, 632-634 at 3.3.0",
	},
	"network-option-ignored": {
		of: "gitea-runner",
		what: "`--network` in `container.options` is ignored; `container.network` is its place",
		ranges: [{}],
		source: "act/container/docker_run.go",
	},
	"summary-not-uploaded": {
		of: "gitea-runner",
		what: "the runner does not send job summaries to Gitea (it does from 2.0.0 on, and Gitea shows them from 1.27 on)",
		ranges: [{ before: "2.0.0" }],
		source: "runner commit 53c4db6a, gitea pull request 37500",
	},
	"annotation-place-lost": {
		of: "gitea-runner",
		what: "file and line of an annotation do not reach Gitea's log",
		ranges: [{ before: "3.1.0" }],
		source: "runner commit 8700adc9, formatAnnotation in internal/pkg/report/reporter.go",
	},
	"tool-cache-not-kept": {
		of: "gitea-runner",
		what: "nothing is mounted at `/opt/hostedtoolcache` unless `runner.tool_cache_mode` is `shared`, so tools are downloaded again in every job",
		ranges: [{ from: "3.2.0" }],
		source: "runner commit 3f708224",
	},
	"opaque-labels": {
		of: "gitea-runner",
		what: "a label with an unknown schema (`gpu:dokcer://image`) is no error: it becomes a label of the host, under its whole text",
		ranges: [{ from: "2.1.0" }],
		source: "runner commit 58c5eb8d, internal/pkg/labels/labels.go",
	},
	"unknown-label-schema-ignored": {
		of: "gitea-runner",
		what: "a label with an unknown schema (`gpu:dokcer://image`) is ignored with a warning",
		ranges: [{ before: "2.1.0" }],
		source: "internal/pkg/labels/labels.go before commit 58c5eb8d",
	},
	"unknown-keys-silent": {
		of: "gitea-runner",
		what: "unknown keys of the configuration are ignored without a word (the runner warns of them from 3.0.0 on)",
		ranges: [{ before: "3.0.0" }],
		source: "runner commit 01928611, config.go",
	},
	"old-name": {
		of: "gitea-runner",
		what: "this is `act_runner`, the generation before the rename to `gitea-runner`; it gets no more fixes",
		ranges: [{ before: "1.0.0" }],
		source: "runner commit 13dc9386",
	},
	"implicit-pull-credentials": {
		of: "gitea-runner",
		what: "the secrets `DOCKER_USERNAME` and `DOCKER_PASSWORD` are used for pulling the job's image",
		ranges: [{ before: "2.0.0" }],
		source: "runner commit 0a2f2824",
	},
	"patch-actions": {
		of: "gitea-runner",
		what: "the runner patches the bundles of remote actions so that the stock artifact and cache actions work (`runner.patch_actions`)",
		ranges: [{ from: "3.0.0" }],
		source: "runner commit e6c7ba3a, patch_actions.go",
	},
	"default-image-key": {
		of: "gitea-runner",
		what: "`runner.default_image` names the image of jobs that match no label",
		ranges: [{ from: "3.3.0" }],
		source: "runner commit 11ac12ef",
	},
	"default-image-always": {
		of: "gitea-runner",
		what: "a job that matches no label runs in `docker.gitea.com/runner-images:ubuntu-latest`, on a runner without Docker too",
		ranges: [{ before: "3.3.0" }],
		source: "runner.go before commit 11ac12ef",
	},
	"job-hooks": {
		of: "gitea-runner",
		what: "`hooks.job_started` and `hooks.job_completed` run a script in every job",
		ranges: [{ from: "3.0.0" }],
		source: "runner commits 47d5b5ad, 0cd0e52a",
	},
	"health-check": {
		of: "gitea-runner",
		what: "`health_check` stops a sick host from taking jobs",
		ranges: [{ from: "2.2.0" }],
		source: "runner commit c43cbe87",
	},
	"api-client-too-old": {
		of: "gitea-runner",
		what: "the runner's own Docker client speaks API 1.43, which Docker 29.0 to 29.2 (API 1.44 and newer) refuse",
		ranges: [{ upTo: "0.2.6" }],
		source: "act_runner#768, #769",
	},
	"needs-bin-sleep": {
		of: "gitea-runner",
		what: "the job's image must have `/bin/sleep`: without it the container does not start",
		ranges: [{ upTo: "3.3.0" }],
		source: "act/runner/run_context.go at 3.3.0",
	},
	"kubernetes-labels": {
		of: "gitea-runner",
		what: "a label with the schema `kubernetes` runs its jobs in pods",
		ranges: [{ from: "3.3.1" }],
		source: "config.example.yaml and labels.go of 4.x; not in 3.3.0, and the first release with it is not known",
	},
	"external-cache-needs-secret": {
		of: "gitea-runner",
		what: "`cache.external_server` without a shared secret is an error at the start",
		ranges: [{ from: "0.6.0" }],
		source: "internal/pkg/config/config.go",
	},
	"external-secret-file": {
		of: "gitea-runner",
		what: "`cache.external_secret_file` names a file with the secret of the cache server",
		ranges: [{ from: "2.3.0" }],
		source: "internal/pkg/config/config.go",
	},
	"volume-glob-stops-at-slash": {
		of: "gitea-runner",
		what: "in `container.valid_volumes` a `*` matches no slash: what lies deeper needs `**`",
		ranges: [{ from: "4.0.0" }],
		source: "config.example.yaml of 4.0",
	},
	"setup-job-broken": {
		of: "docker-engine",
		what: "the engine refuses to copy files below `/var/run` into a container (`path escapes from parent`, `mkdirat var/run: file exists`), so every container job dies while it is set up",
		ranges: [
			{ from: "29.5.0", before: "29.5.2" },
			{ from: "29.7.0", before: "29.7.1" },
		],
		source: "moby#53258, mended by moby#53260 and moby#53261; gitea#37793",
	},
} as const satisfies Readonly<Record<string, Knowledge>>;

export type KnowledgeId = keyof typeof table;

export const knowledgeIds = Object.keys(table) as readonly KnowledgeId[];

export function runnerKnowledge(id: KnowledgeId): Knowledge {
	return table[id];
}

/**
 * Does it hold in this version? `unknown` where the version is not known (`dev`, nothing at all) or where a build from
 * between two releases (`v3.3.0-5-gabc1234`) may or may not have the change already. A version of Forgejo's runner must not
 * come here: its numbers mean something else. `giteaRunnerVersion` sees to that.
 */
export function holdsFor(entry: Knowledge, version: string | undefined): "yes" | "no" | "unknown" {
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

/** A build some commits after the release `base`: at an edge of the range it may or may not have the change. */
function holdsBetween(range: KnownRange, base: Version): "yes" | "no" | "unknown" {
	const beforeIt = range.from !== undefined && compare(base, range.from) < 0;
	const atItsEnd = range.upTo !== undefined && compare(base, range.upTo) === 0;
	const maybeMended = range.before !== undefined && compare(base, range.before) < 0;
	return beforeIt || atItsEnd || maybeMended ? "unknown" : holds(range, base);
}

function compare(version: Version, bound: string): number {
	const other = findVersion(bound);
	return other ? compareVersions(version, other) : 0;
}

/** The ranges in words, for a finding about a runner whose version is not known: `3.0.0 to 3.3.0`, `before 1.0.0`. */
export function versionsOf(entry: Knowledge): string {
	return entry.ranges.map(rangeInWords).join(" and ");
}

function rangeInWords({ from, upTo, before }: KnownRange): string {
	if (from !== undefined && upTo !== undefined) return from === upTo ? from : `${from} to ${upTo}`;
	if (from !== undefined && before !== undefined) return `from ${from}, mended in ${before}`;
	if (upTo !== undefined) return `up to ${upTo}`;
	if (before !== undefined) return `before ${before}`;
	return from === undefined ? "all versions" : `from ${from} on`;
}

/** The version that this table speaks of: that of Gitea's runner, and of no other. */
export function giteaRunnerVersion(job: Pick<JobFacts, "system" | "runnerVersion">): string | undefined {
	return job.system === "gitea" ? job.runnerVersion : undefined;
}
