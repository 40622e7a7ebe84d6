import type { Request } from "../request.ts";
import { jobProbe } from "./job.ts";
import type { Ask } from "./probe.ts";

/**
 * Does this run keep its logins from the registries or services of the policy? A stranger wrote them, if the policy is the workspace's and
 * the job is for a pull request from a fork, or may be.
 */
export async function withholdsLogins(
	list: "registries" | "services",
	{ policy }: Request,
	ask: Ask,
): Promise<boolean> {
	if (!policy.untrusted?.includes(list)) return false;
	const fromFork = await ask(jobProbe).then(
		(job) => job.fromFork,
		() => undefined,
	);
	return fromFork !== false;
}
