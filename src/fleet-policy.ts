import type { Host } from "./host/host.ts";
import { ConfigurationError, type Mistake } from "./mistake.ts";
import { findPolicy } from "./policy/find-policy.ts";
import type { PolicyFile } from "./policy/policy-file.ts";

/** The policy that the fleet is judged by, or none. @throws ConfigurationError with every problem in it. */
export async function fleetPolicy(
	host: Host,
	workspace: string,
	named: string | undefined,
): Promise<PolicyFile | undefined> {
	const mistakes: Mistake[] = [];
	const { file } = await findPolicy(host, { named, workspace, mayUseWorkspace: true, trusts: false }, mistakes);
	if (mistakes.length > 0) throw new ConfigurationError(mistakes);
	return file;
}
