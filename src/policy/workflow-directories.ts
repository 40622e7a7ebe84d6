import type { Host } from "../host/host.ts";
import { systemOf } from "../probes/job.ts";

/** The directories in which the forge looks for workflows, in its order. Gitea's can be set (`WORKFLOW_DIRS`); these are the defaults. */
export function workflowDirectories(env: Host["env"]): readonly string[] {
	const gitea = [".gitea/workflows", ".github/workflows"];
	switch (systemOf(env)) {
		case "forgejo":
			return [".forgejo/workflows", ...gitea];
		case "github":
			return [".github/workflows"];
		case "act":
			// `exec` of Gitea's runner is a kind of act, too.
			return env.ACT_EXEC ? gitea : [".github/workflows"];
		default:
			return gitea;
	}
}
