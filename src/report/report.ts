import type { Evidence, Location, Remedy } from "../checks/check.ts";
import type { UnusedFiles } from "../policy/find-policy.ts";
import type { Policy } from "../policy/policy.ts";
import type { Facts } from "../probes/probe.ts";

export type Status = "pass" | "warn" | "fail" | "error" | "skip";
/** `unknown`: nothing was judged. */
export type VerdictName = "healthy" | "degraded" | "misconfigured" | "unknown";

/** One check's result. Texts are plain, with backquotes around code; renderers escape everything else. */
export interface Result {
	readonly id: string;
	readonly status: Status;
	/** Always there but for `pass`: a reason of the check, or `needs:<id>`, `not-in-profile`, `disabled`, … */
	readonly reason?: string;
	/** Of a finding, its case in one line: "Docker CLI 20.10.24 is too old for this daemon". Else what the check is about. */
	readonly title: string;
	readonly message: string;
	readonly why?: string;
	readonly expected?: string;
	readonly observed?: string;
	readonly evidence: readonly Evidence[];
	readonly remedy?: Remedy;
	readonly docs: string;
	/** Time of the slowest probe it needed, milliseconds. */
	readonly duration_ms: number;
	readonly location?: Location;
	/** Of `after/*`: the job did it itself. */
	readonly by?: "job";
	/** An accepted deviation: who reads this sees it, and it fails nothing. */
	readonly accepted?: { readonly reason: string; readonly until: string };
	/** Set where an acceptance ran out. */
	readonly acceptance_expired?: string;
}

export interface RunnerInfo {
	readonly name: string;
	readonly system: "gitea" | "forgejo" | "github" | "act" | "none";
	readonly version?: string;
	readonly mode: "container" | "host" | "unknown";
	readonly os: string;
	readonly arch: string;
	readonly image?: string;
	readonly user: string;
}

export interface JobInfo {
	readonly repository?: string;
	readonly workflow?: string;
	readonly job?: string;
	readonly run_id?: string;
	readonly event?: string;
}

export interface SwitchedOff {
	readonly count: number;
	/** All checks that the profile asks for. */
	readonly of: number;
}

/** `report.json`. Versioned: within 1 there are only additions. Schema: `schema/report.schema.json`. */
export interface Report {
	readonly version: 1;
	/** What `after.json` names it by; absent in reports of older versions. */
	readonly id?: string;
	readonly generator: { readonly name: "runner-check"; readonly version: string };
	readonly started: string;
	readonly duration_ms: number;
	readonly runner: RunnerInfo;
	/** Only inside a job. */
	readonly job?: JobInfo;
	readonly profile: {
		readonly name: string;
		readonly decided_by: string;
		readonly policy?: string;
		/** Files of the workspace that state expectations and were not used, as they are not of this run's commit. */
		readonly unused?: UnusedFiles;
	};
	readonly verdict: VerdictName;
	readonly counts: Readonly<Record<Status, number>>;
	/** How many of the checks that the profile asks for are switched off by `skip` or `severity`. */
	readonly switched_off: SwitchedOff;
	readonly results: readonly Result[];
	/** The effective expectations that were judged by. */
	readonly expectations: Policy;
	/** What the probes saw, redacted: enough to judge again elsewhere. */
	readonly facts: Facts;
}
