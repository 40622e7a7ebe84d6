import type { SelfContainerFacts } from "../../../src/probes/self-container.ts";

export const builderImage = "ghcr.io/fortemi/fortemi/builder:latest";
const jobName = "GITEA-ACTIONS-TASK-12-WORKFLOW-health-JOB-builder";

/** A job container of Gitea's runner, as the daemon describes it. */
export function createSelf(overrides: Partial<SelfContainerFacts> = {}): SelfContainerFacts {
	return {
		state: "found",
		id: "b01d4a40".repeat(8),
		image: builderImage,
		imageId: `sha256:${"c51b24b4".repeat(8)}`,
		imageDigests: [`ghcr.io/fortemi/fortemi/builder@sha256:${"d".repeat(64)}`],
		imageTags: [builderImage],
		imageCreated: "2026-11-10T07:51:38.129638128Z",
		imageLabels: {},
		user: "",
		privileged: false,
		binds: [],
		mounts: [
			{
				type: "volume",
				name: jobName,
				source: `/var/lib/docker/volumes/${jobName}/_data`,
				target: "/workspace/fortemi/fortemi",
				writable: true,
			},
		],
		groups: [],
		deviceRequests: [],
		nvidiaEnv: {},
		...overrides,
	};
}
