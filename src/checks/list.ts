import { matchesId } from "../engine.ts";
import type { Policy } from "../policy/policy.ts";
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
import { dockerApiVersion } from "./docker/api-version.ts";
import { dockerCli } from "./docker/cli.ts";
import { dockerDaemon } from "./docker/daemon.ts";
import { dockerEndpoint } from "./docker/endpoint.ts";
import { dockerPlugins } from "./docker/plugins.ts";
import { dockerPresence } from "./docker/presence.ts";
import { dockerSocket } from "./docker/socket.ts";
import { dockerSocketExposure } from "./docker/socket-exposure.ts";
import { dockerStorage } from "./docker/storage.ts";
import { dockerWarnings } from "./docker/warnings.ts";
import { dockerWorkspace } from "./docker/workspace.ts";
import { gpuDriver } from "./gpu/driver.ts";
import { gpuInventory } from "./gpu/inventory.ts";
import { gpuPresence } from "./gpu/presence.ts";
import { gpuVisibility } from "./gpu/visibility.ts";
import { diskFree } from "./resources/disk-free.ts";
import { diskInodes } from "./resources/disk-inodes.ts";
import { fsWritable } from "./resources/fs-writable.ts";
import { runnerImage } from "./runner/image.ts";
import { runnerMode } from "./runner/mode.ts";
import { runnerPrivileged } from "./runner/privileged.ts";
import { runnerSecrets } from "./runner/secrets.ts";
import { runnerSummary } from "./runner/summary.ts";
import { runnerToolCache } from "./runner/tool-cache.ts";
import { runnerUser } from "./runner/user.ts";
import { runnerVersion } from "./runner/version.ts";
import { nodeRuntime } from "./toolchain/node-runtime.ts";
import { rustConsistency } from "./toolchain/rust-consistency.ts";
import { toolFamily } from "./toolchain/tool.ts";

/** Every check there is, in the order of the report. A new check is one line here. */
export const allChecks: readonly (Check | Family)[] = [
	runnerMode,
	runnerImage,
	runnerVersion,
	runnerSummary,
	runnerPrivileged,
	runnerSecrets,
	runnerUser,
	runnerToolCache,
	toolFamily,
	rustConsistency,
	nodeRuntime,
	dockerCli,
	dockerEndpoint,
	dockerSocket,
	dockerDaemon,
	dockerApiVersion,
	dockerPlugins,
	dockerStorage,
	dockerWarnings,
	dockerSocketExposure,
	dockerWorkspace,
	dockerPresence,
	gpuDriver,
	gpuVisibility,
	gpuInventory,
	gpuPresence,
	diskFree,
	diskInodes,
	fsWritable,
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
];

/** The checks of a run: families are expanded to the instances that the policy names. */
export function checksFor(policy: Policy): readonly Check[] {
	return allChecks.flatMap((entry) => ("expand" in entry ? entry.expand(policy) : [entry]));
}

export const checkIds: readonly string[] = allChecks.map((check) => check.id);

/** Does an id, or a glob of ids, name a check that exists? `tool/ffmpeg` is one of the family `tool/*`. */
export function knowsCheck(pattern: string): boolean {
	return checkIds.some((id) => (id.endsWith("/*") ? matchesId(id, pattern) : matchesId(pattern, id)));
}
