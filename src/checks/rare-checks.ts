import type { Policy } from "../policy/policy.ts";
import { registryProbe } from "../probes/registry.ts";
import type { Check, Family } from "./check.ts";
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
import { registryFamily } from "./network/registry.ts";
import { registryTargets } from "./network/registry-targets.ts";
import { imageCheck } from "./runner/image.ts";
import { serviceFamily } from "./service/service.ts";
import { workflowRunsOn } from "./workflow/runs-on.ts";
import { workflowUntrustedSocket } from "./workflow/untrusted-socket.ts";

/** The lint of the terminal goes by the same rules, and so does the configuration that `init --runner` writes. */
export { runnerTemplate } from "../config/init-runner.ts";
export { runLint } from "../config/lint-command.ts";

/**
 * Checks that only some runs ask for, since a policy or an input has to name what they look at: registries, services,
 * configuration files and workflows; in the order of the report. `rare-catalog.json` is made of them by `npm run build`: it
 * stands for them in a run that needs none, which then need not load their rules, as large as all the rest.
 */
export const rareChecks: readonly (Check | Family)[] = [
	registryFamily,
	serviceFamily,
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

/** `runner/image` with the word of its registry, where the policy names that image among its registries. */
export function imageCheckFor(policy: Policy): Check {
	const named = registryTargets(policy.registries).targets.find(({ images }) =>
		images.some(({ name }) => name === policy.image),
	);
	return imageCheck(named && registryProbe(named));
}
