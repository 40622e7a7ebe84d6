import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** What the runner tells the job about itself, from the environment. Names, never secrets. */
export interface JobFacts {
	/** Are we inside a job at all? */
	readonly inJob: boolean;
	readonly system: "gitea" | "forgejo" | "github" | "act" | "none";
	readonly runnerName?: string;
	/** As the runner says it: `v3.3.0`, `dev`. */
	readonly runnerVersion?: string;
	/** Words of GITEA_ACTIONS_CAPABILITIES. */
	readonly capabilities: readonly string[];
	/** JOB_CONTAINER_NAME, set by Gitea's runner in container mode only. */
	readonly containerName?: string;
	readonly repository?: string;
	readonly workflow?: string;
	readonly job?: string;
	readonly runId?: string;
	readonly event?: string;
	readonly serverUrl?: string;
	/** A pull request whose head is another repository's: code of a stranger. `undefined`: could not find out. */
	readonly fromFork?: boolean;
}

export const jobProbe: Probe<JobFacts> = {
	name: "job",
	async collect(host: Host): Promise<JobFacts> {
		throw new Error(`not written yet: ${host.platform}`);
	},
};
