import type { Check } from "./check.ts";
import { configCache } from "./config/cache.ts";
import { configCapacity } from "./config/capacity.ts";
import { configDockerHost } from "./config/docker-host.ts";
import { configGpuLabel } from "./config/gpu-label.ts";
import { configLabel } from "./config/label.ts";
import { configOptions } from "./config/options.ts";
import { configPrivileged } from "./config/privileged.ts";
import { configRegistration } from "./config/registration.ts";
import { configService } from "./config/service.ts";
import { configSyntax } from "./config/syntax.ts";
import { configToolCache } from "./config/tool-cache.ts";
import { configType } from "./config/type.ts";
import { configUnknownKey } from "./config/unknown-key.ts";
import { workflowRunsOn } from "./workflow/runs-on.ts";
import { workflowUntrustedSocket } from "./workflow/untrusted-socket.ts";

/** The lint of the terminal goes by the same rules. */
export { runLint } from "../config/lint-command.ts";

/**
 * The checks of configuration files and workflows, in the order of the report. `static-catalog.json` is made of them by
 * `npm run build`, so that a run without such files need not load their rules.
 */
export const staticChecks: readonly Check[] = [
	configSyntax,
	configUnknownKey,
	configType,
	configLabel,
	configOptions,
	configDockerHost,
	configPrivileged,
	configGpuLabel,
	configCache,
	configToolCache,
	configCapacity,
	configRegistration,
	configService,
	workflowRunsOn,
	workflowUntrustedSocket,
];
