import type { ContainerFacts } from "../../../src/probes/container.ts";
import type { JobFacts } from "../../../src/probes/job.ts";

/** A job of Gitea's runner 3.3.0 in a container. */
export function createJob(overrides: Partial<JobFacts> = {}): JobFacts {
	return {
		inJob: true,
		system: "gitea",
		runnerName: "titan-host-runner",
		runnerVersion: "v3.3.0",
		capabilities: ["job-summary"],
		summaryFile: true,
		job: "builder",
		event: "schedule",
		fromFork: false,
		...overrides,
	};
}

/** A job container as Docker makes it: 14 capabilities. */
export function createContainer(overrides: Partial<ContainerFacts> = {}): ContainerFacts {
	return {
		mode: "container",
		witness: "JOB_CONTAINER_NAME",
		capabilities: "00000000a80425fb",
		boundingCapabilities: "00000000a80425fb",
		names: ["GITEA-ACTIONS-TASK-12-WORKFLOW-health-JOB-builder"],
		...overrides,
	};
}

export const onHost: ContainerFacts = {
	mode: "host",
	witness: "GITHUB_WORKSPACE is a host-mode path",
	capabilities: "000001ffffffffff",
	boundingCapabilities: "000001ffffffffff",
	names: [],
};
