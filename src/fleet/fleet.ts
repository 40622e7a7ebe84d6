import type { DiskSpace } from "../report/disk-space.ts";
import type { Report, Result, VerdictName } from "../report/report.ts";

/**
 * What is known of one runner and profile:
 * `reported`, it sent a report that is young enough · `silent`, it was expected and sent none within `max-age` · `waiting`, its job
 * is queued and nobody takes it · `set-up-failed`, its job died before runner-check ran · `offline` and `disabled`, the forge says so.
 */
export type RunnerStatus = "reported" | "silent" | "waiting" | "set-up-failed" | "offline" | "disabled";

/** One look at a runner: what one run of the health check, or one report, said. */
export interface Sighting {
	/** When, ISO 8601. */
	readonly at: string;
	readonly status: RunnerStatus;
	/** Of a report. */
	readonly verdict?: VerdictName;
	/** `id:reason` of what failed or could not be decided. */
	readonly failures: readonly string[];
	readonly warnings: readonly string[];
	/** Address of the job on the forge. */
	readonly url?: string;
}

/** One runner under one profile. */
export interface FleetRunner {
	readonly name: string;
	readonly profile?: string;
	readonly labels: readonly string[];
	readonly status: RunnerStatus;
	/** Of the newest report, also if it is too old. */
	readonly verdict?: VerdictName;
	/** When the newest report began, ISO 8601. */
	readonly last_report?: string;
	readonly failures: readonly string[];
	readonly warnings: readonly string[];
	/** One sentence for every status but `reported`: what was expected, and since when it is missing. */
	readonly why?: string;
	/** The forge says that it runs a job now. */
	readonly busy?: boolean;
	/** Since when it is sick or silent without a break, ISO 8601, as far as the runs read reach. */
	readonly since?: string;
	/** Address of the newest job on the forge. */
	readonly url?: string;
	/** Of the newest report. */
	readonly runner?: Report["runner"];
	/** Findings of the newest report with their fixes: everything but `pass` and `skip`. Of a job that died in set-up, the diagnosis of its log. */
	readonly results: readonly Result[];
	/** Versions of tools, digests and drivers by what they are of (`tool/rustc`, `image`, `docker`, `nvidia-driver`). */
	readonly versions: Readonly<Record<string, string>>;
	/** Space of the newest report, by the name of the place: `workspace`, `docker-root`. */
	readonly disks?: Readonly<Record<string, DiskSpace>>;
	/** The last looks, oldest first, the newest included. */
	readonly history: readonly Sighting[];
	/** Of the looks in `history`, how many were not `healthy` or `degraded`. */
	readonly failed: number;
	/** Jobs of others that failed, by who caused it, where `after` records exist. */
	readonly after?: Readonly<Record<"runner" | "job" | "unknown", number>>;
}

/** Runners of one profile that differ. */
export interface Drift {
	readonly profile: string;
	/** `tool/rustc`, `image`, `docker`, `nvidia-driver`, … */
	readonly what: string;
	/** The most frequent value first. */
	readonly values: readonly { readonly value: string; readonly runners: readonly string[] }[];
	/** When the runners began to differ, ISO 8601, as far as the runs read reach. */
	readonly since?: string;
}

/** A label in a workflow that no runner serves. */
export interface Unserved {
	readonly label: string;
	readonly file: string;
	readonly line: number;
}

/** Something that was offered as a report and is not a report. */
export interface Rejected {
	readonly file: string;
	readonly reason: string;
}

/** What is not as it was in the run before. */
export interface Change {
	readonly name: string;
	readonly profile?: string;
	/** "healthy", "misconfigured", "silent", …; `undefined`: it was not known before. */
	readonly before?: string;
	readonly now: string;
	/** `id:reason` of failures and warnings that came and went. */
	readonly came: readonly string[];
	readonly went: readonly string[];
}

/** `fleet.json`: many runners, one picture. Versioned: within 1 there are only additions. */
export interface Fleet {
	readonly version: 1;
	/** When, ISO 8601. */
	readonly generated: string;
	/** Of the worst runner; any status but `reported` counts as `misconfigured`. `unknown` if there is no runner at all. */
	readonly verdict: VerdictName;
	readonly runners: readonly FleetRunner[];
	readonly drift: readonly Drift[];
	readonly unserved: readonly Unserved[];
	readonly rejected: readonly Rejected[];
	readonly changes: readonly Change[];
	/** What could not be found out, each a sentence: "The token may not list runners: …". */
	readonly notes: readonly string[];
}
