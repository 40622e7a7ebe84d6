import { isImage, parseImage } from "../checks/runner/image-reference.ts";
import { now, timeLeft } from "../clock.ts";
import type { Host } from "../host/host.ts";
import { containerProbe } from "../probes/container.ts";
import { within } from "../probes/deadline.ts";
import { dockerEndpointProbe } from "../probes/docker-endpoint.ts";
import { isHealthCheckEnv } from "../probes/job.ts";
import { inspectSelf } from "../probes/self-container.ts";
import { type ForgeLabels, labelsFromForge } from "./job-labels.ts";
import type { PolicyFile } from "./policy-file.ts";
import { builtInProfiles, labelsOf, profileNames } from "./profile.ts";
import { labelsFromWorkflow } from "./workflow-labels.ts";

/** The profile of a run, and the step that decided. */
export interface ProfileChoice {
	readonly name: string;
	readonly decidedBy: "input" | "runs-on" | "api" | "environment";
	/** The job's labels, if they are known. */
	readonly labels?: readonly string[];
	/** Why the forge did not tell the labels: only of a guess in a job. */
	readonly why?: Extract<ForgeLabels, { kind: "unknown" }>["why"];
}

/**
 * Decides `profile: auto`: by the `runs-on` of the running job in the checked-out workflow, else by the labels that the forge
 * tells, else by the environment, which is a guess in a job. Labels that no profile names select `generic`.
 * @param token For the API of the forge: see `forgeApi`.
 * @param timeoutMs Deadline of the workflows and of the forge's answers.
 * @param file A policy, whose profiles may have labels of their own.
 * @param usesWorkspace Are the workflows in the workspace this run's?
 * @param stop Ends the run.
 */
export async function decideProfile(
	host: Host,
	token: string | undefined,
	timeoutMs: number,
	file?: PolicyFile,
	usesWorkspace = true,
	stop = new AbortController().signal,
): Promise<ProfileChoice> {
	// It has the variables of a job, but no job whose labels could be known.
	if (isHealthCheckEnv(host.env)) return { name: "generic", decidedBy: "environment" };
	const inJob = host.env.GITHUB_ACTIONS === "true" || host.env.GITEA_ACTIONS === "true";
	const started = now();
	const written = usesWorkspace
		? await within(timeoutMs, stop, (signal) => labelsFromWorkflow(host, signal))
		: undefined;
	if (written) return { name: profileOf(written, file), decidedBy: "runs-on", labels: written };
	if (!inJob) return { name: "generic", decidedBy: "environment" };
	const told = await within(timeLeft(timeoutMs, started), stop, (signal) => labelsFromForge(host, token, signal));
	if (told.kind === "labels") return { name: profileOf(told.labels, file), decidedBy: "api", labels: told.labels };
	// A time of its own: a forge that does not answer must not take it away.
	const name = await within(Math.min(timeoutMs / 2, engineBudgetMs), stop, (signal) =>
		profileByEnvironment(host, signal),
	);
	return { name, decidedBy: "environment", why: told.why };
}

/** An engine that is well answers within milliseconds. */
const engineBudgetMs = 1000;

/** The profile of the first label that one names, as the forge takes the first label that a runner has. */
function profileOf(labels: readonly string[], file: PolicyFile | undefined): string {
	for (const label of labels) {
		const name = profileNames(file).find((profile) => labelsOf(profile, file).includes(label));
		if (name !== undefined) return name;
	}
	return "generic";
}

/** A GPU or the image of a profile are signs of its label. Without them, nothing says what this machine must be. */
async function profileByEnvironment(host: Host, signal: AbortSignal): Promise<string> {
	const [container, devices] = await Promise.all([containerProbe.collect(host), host.lstat("/dev/nvidiactl")]);
	const hasGpu = devices.kind === "device";
	if (container.mode !== "container") return hasGpu ? "gpu" : "generic";
	if (hasGpu) return "matric-builder-gpu";
	const { endpoint } = await dockerEndpointProbe.collect(host);
	// An engine that does not answer is a finding of its own checks; here it only tells no image.
	const self = await inspectSelf(host, container, endpoint, signal).catch(() => undefined);
	const actual = self?.image === undefined ? undefined : parseImage(self.image);
	const builder = parseImage(builtInProfiles["matric-builder"]?.image ?? "");
	return actual && builder && isImage(actual, builder) ? "matric-builder" : "generic";
}
