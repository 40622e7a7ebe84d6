import type { Policy } from "../policy/policy.ts";
import { type Check, defineCheck, type Family, type Reason } from "./check.ts";
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
import { networkProxy } from "./network/proxy.ts";
import rareCatalog from "./rare-catalog.json" with { type: "json" };
import { cpuCount } from "./resources/cpu-count.ts";
import { diskFree } from "./resources/disk-free.ts";
import { diskInodes } from "./resources/disk-inodes.ts";
import { fsWritable } from "./resources/fs-writable.ts";
import { memoryAvailable } from "./resources/memory-available.ts";
import { openFiles } from "./resources/open-files.ts";
import { shmSize } from "./resources/shm-size.ts";
import { runnerCacheServer } from "./runner/cache-server.ts";
import { runnerImage } from "./runner/image.ts";
import { runnerMode } from "./runner/mode.ts";
import { runnerPrivileged } from "./runner/privileged.ts";
import { runnerSecrets } from "./runner/secrets.ts";
import { runnerServer } from "./runner/server.ts";
import { runnerSummary } from "./runner/summary.ts";
import { runnerToolCache } from "./runner/tool-cache.ts";
import { runnerUser } from "./runner/user.ts";
import { runnerVersion } from "./runner/version.ts";
import { nodeRuntime } from "./toolchain/node-runtime.ts";
import { rustConsistency } from "./toolchain/rust-consistency.ts";
import { toolFamily } from "./toolchain/tool.ts";

/** The checks of a running machine, in the order of the report. A new check is one line here, or in `rare-checks.ts`. */
export const commonChecks: readonly (Check | Family)[] = [
	runnerMode,
	runnerImage,
	runnerVersion,
	runnerSummary,
	runnerPrivileged,
	runnerSecrets,
	runnerUser,
	runnerServer,
	runnerCacheServer,
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
	memoryAvailable,
	cpuCount,
	shmSize,
	openFiles,
	networkProxy,
];

/** Stand for the rare checks in a run that named nothing for them to look at. */
const standIns: readonly (Check | Family)[] = rareCatalog.map(({ id, title, reasons }) => {
	const known = { id, title, reasons: reasons as Record<string, Reason> };
	if (id.endsWith("/*")) return { ...known, expand: () => [] };
	const message = "No runner configuration and no workflows were named.";
	return defineCheck({ ...known, needs: {}, judge: () => ({ kind: "skip", reason: "not-applicable", message }) });
});

/** Every check there is, in the order of the report. */
export const allChecks: readonly (Check | Family)[] = [...commonChecks, ...standIns];

/**
 * The checks of a run, families expanded to the instances that the policy names.
 * @param hasFiles Whether configuration or workflows are there to be judged.
 */
export async function loadChecks(policy: Policy, hasFiles: boolean): Promise<readonly Check[]> {
	const expand = (entries: readonly (Check | Family)[]) =>
		entries.flatMap((entry) => ("expand" in entry ? entry.expand(policy) : [entry]));
	const needsRare = hasFiles || policy.registries.length > 0 || policy.services.length > 0;
	if (!needsRare) return expand([...commonChecks, ...standIns]);
	const { imageCheckFor, rareChecks } = await import("./rare-checks.ts");
	const common = commonChecks.map((check) => (check === runnerImage ? imageCheckFor(policy) : check));
	// Without files the checks of files stay what they are in every other run.
	const rare = rareChecks.map((check, index) => (hasFiles || "expand" in check ? check : (standIns[index] ?? check)));
	return expand([...common, ...rare]);
}
