import type { ProfileChoice } from "./policy/auto-profile.ts";
import type { Policy } from "./policy/policy.ts";

export type FailOn = "fail" | "warn" | "never";
export const formats = ["json", "junit", "prometheus", "html", "markdown"] as const;
export type Format = (typeof formats)[number];

/** Everything that one run was asked to do, resolved and validated: the one value that the engine gets. */
export interface Request {
	/** The effective expectations; see `policy/`. */
	readonly policy: Policy;
	/** How the policy's profile was chosen. */
	readonly profileChoice: Omit<ProfileChoice, "name">;
	/** Absolute path of the checked-out repository, or the working directory. */
	readonly workspace: string;
	/** Do the files of the workspace say what is expected? Not those of another commit, and none for the runner's hooks. */
	readonly usesWorkspace: boolean;
	/** May what is in the workspace be run, and get logins? */
	readonly trusts: boolean;
	/** Deadline of each probe in milliseconds: what the choice of the profile left of the run's. They run side by side. */
	readonly timeoutMs: number;
	readonly failOn: FailOn;
	/** Absolute path of the directory for reports, or undefined where none is written (terminal). */
	readonly reportDir: string | undefined;
	/** An input names that directory: a report that cannot be written is an error then. */
	readonly reportDirNamed?: true;
	readonly formats: readonly Format[];
	/** When an action looks again at the end of the job. */
	readonly after: "failure" | "never";
	readonly summary: boolean;
	/** `log`: the log also carries the report for the fleet. */
	readonly publish: "none" | "log";
	/** Path of a runner's configuration to lint as well, relative to the workspace or absolute. */
	readonly runnerConfig: string | undefined;
	/** Globs of workflow files whose `runs-on` is checked, relative to the workspace. */
	readonly workflows: readonly string[];
	/** For the forge's API; sent to GITHUB_API_URL only, and never a part of facts or of a report. */
	readonly token?: string;
}
