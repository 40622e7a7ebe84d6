import type { ComposeRule } from "./rule.ts";
import { composeCache } from "./rules/cache.ts";
import { composeConfig } from "./rules/config.ts";
import { composeDocker } from "./rules/docker.ts";
import { composeInstance } from "./rules/instance.ts";
import { composeLabels } from "./rules/labels.ts";
import { composeService } from "./rules/service.ts";

/** Every rule for a service that runs a runner, in the order of the docs. */
export const composeRules: readonly ComposeRule[] = [
	composeCache,
	composeConfig,
	composeLabels,
	composeInstance,
	composeDocker,
	composeService,
];
