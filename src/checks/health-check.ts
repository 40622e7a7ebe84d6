import type { Policy } from "../policy/policy.ts";
import { type ContainerFacts, containerProbe } from "../probes/container.ts";
import { isHealthCheck, type JobFacts, jobProbe } from "../probes/job.ts";
import type { Check, Skip } from "./check.ts";
import { matchesId } from "./matches-id.ts";

/** Checks of what a job container gets from its image and its options. */
const ofJobContainer = [
	"tool/*",
	"rust/*",
	"docker/cli",
	"docker/api-version",
	"docker/plugins",
	"docker/presence",
	"shm/size",
	"limits/*",
];

/** On the host, the health check sees the devices that job containers get. The runner's own container needs none. */
const ofDevices = ["gpu/*"];

const names = (patterns: readonly string[], id: string) => patterns.some((pattern) => matchesId(pattern, id));

/** @param missing What there is not: "no job whose place could be judged". */
export function notInHealthCheck(missing: string): Skip<never> {
	return { kind: "skip", reason: "not-applicable", message: `In the runner's health check, there is ${missing}.` };
}

/**
 * The runner's health check sees the runner's own place. If the profile's jobs have containers of their own, that place says
 * nothing about the tools in them, and a runner must not refuse jobs for that.
 */
export function inHealthCheck(check: Check, policy: Policy): Check {
	const isInside = names(ofJobContainer, check.id);
	if (policy.runsIn !== "container" || !(isInside || names(ofDevices, check.id))) return check;
	return {
		...check,
		needs: { ...check.needs, job: jobProbe, container: containerProbe },
		judge(facts, ...rest) {
			const { job, container } = facts as unknown as { job: JobFacts; container: ContainerFacts };
			const isElsewhere = isInside || container.insideContainer !== undefined;
			return isHealthCheck(job) && isElsewhere
				? notInHealthCheck("no job container to look into")
				: check.judge(facts, ...rest);
		},
	};
}
