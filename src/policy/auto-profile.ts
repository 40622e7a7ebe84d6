import type { Host } from "../host/host.ts";
import { containerProbe } from "../probes/container.ts";
import { labelsFromApi } from "./api-labels.ts";
import type { PolicyFile } from "./policy-file.ts";
import { labelsOf, profileNames } from "./profile.ts";
import { labelsFromWorkflow } from "./workflow-labels.ts";

/** The profile that `auto` chose, and the step that decided. */
export interface AutoProfile {
	readonly name: string;
	readonly decidedBy: "runs-on" | "api" | "environment";
}

/**
 * Decides `profile: auto`: by the `runs-on` of the running job in the checked-out workflow, else by the labels that the
 * forge's API tells of this job, else by the environment. Each step that cannot tell leaves it to the next.
 * @param token For the API; sent to GITHUB_API_URL only.
 * @param timeoutMs Deadline of the API's answer.
 * @param file A policy, whose profiles may have labels of their own.
 */
export async function decideProfile(
	host: Host,
	token: string | undefined,
	timeoutMs: number,
	file?: PolicyFile,
): Promise<AutoProfile> {
	const byRunsOn = profileOf(await labelsFromWorkflow(host), file);
	if (byRunsOn) return { name: byRunsOn, decidedBy: "runs-on" };
	const byApi = token === undefined ? undefined : profileOf(await labelsFromApi(host, token, timeoutMs), file);
	if (byApi) return { name: byApi, decidedBy: "api" };
	return { name: await profileByEnvironment(host), decidedBy: "environment" };
}

/** The first label that a profile names: the first that a runner knows decides where the job lands, too. */
function profileOf(labels: readonly string[], file: PolicyFile | undefined): string | undefined {
	for (const label of labels) {
		const name = profileNames(file).find((profile) => labelsOf(profile, file).includes(label));
		if (name !== undefined) return name;
	}
	return undefined;
}

async function profileByEnvironment(host: Host): Promise<string> {
	const inJob = host.env.GITHUB_ACTIONS === "true" || host.env.GITEA_ACTIONS === "true";
	if (!inJob) return "generic";
	const [{ mode }, devices] = await Promise.all([containerProbe.collect(host), host.lstat("/dev/nvidiactl")]);
	const hasGpu = devices.kind === "device";
	if (mode === "container") return hasGpu ? "matric-builder-gpu" : "matric-builder";
	return hasGpu ? "gpu" : "titan";
}
