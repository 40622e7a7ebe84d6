import { matchesId } from "../engine.ts";
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
import { cpuCount } from "./resources/cpu-count.ts";
import { diskFree } from "./resources/disk-free.ts";
import { diskInodes } from "./resources/disk-inodes.ts";
import { fsWritable } from "./resources/fs-writable.ts";
import { memoryAvailable } from "./resources/memory-available.ts";
import { openFiles } from "./resources/open-files.ts";
import { shmSize } from "./resources/shm-size.ts";
import { runnerImage } from "./runner/image.ts";
import { runnerMode } from "./runner/mode.ts";
import { runnerPrivileged } from "./runner/privileged.ts";
import { runnerSecrets } from "./runner/secrets.ts";
import { runnerSummary } from "./runner/summary.ts";
import { runnerToolCache } from "./runner/tool-cache.ts";
import { runnerUser } from "./runner/user.ts";
import { runnerVersion } from "./runner/version.ts";
import staticCatalog from "./static-catalog.json" with { type: "json" };
import { nodeRuntime } from "./toolchain/node-runtime.ts";
import { rustConsistency } from "./toolchain/rust-consistency.ts";
import { toolFamily } from "./toolchain/tool.ts";

/** The checks of a running machine, in the order of the report. A new check is one line here, or in `static-checks.ts`. */
const runtimeChecks: readonly (Check | Family)[] = [
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
	memoryAvailable,
	cpuCount,
	shmSize,
	openFiles,
];

/**
 * Stand for the checks of configuration and workflows in a run that was given none: what they say then needs none of their
 * rules, which are as large as all the rest.
 */
const staticStandIns: readonly Check[] = staticCatalog.map(({ id, title, reasons }) =>
	defineCheck({
		id,
		title,
		reasons: reasons as Record<string, Reason>,
		needs: {},
		judge: () => ({
			kind: "skip",
			reason: "not-applicable",
			message: "No runner configuration and no workflows were named.",
		}),
	}),
);

/** Every check there is, in the order of the report. */
export const allChecks: readonly (Check | Family)[] = [...runtimeChecks, ...staticStandIns];

/**
 * The checks of a run, families expanded to the instances that the policy names.
 * @param withStatic Whether configuration or workflows are there to be judged.
 */
export async function loadChecks(policy: Policy, withStatic: boolean): Promise<readonly Check[]> {
	const checks = runtimeChecks.flatMap((entry) => ("expand" in entry ? entry.expand(policy) : [entry]));
	const { staticChecks } = withStatic ? await import("./static-checks.ts") : { staticChecks: staticStandIns };
	return [...checks, ...staticChecks];
}

export const checkIds: readonly string[] = allChecks.map((check) => check.id);

/** Does an id, or a glob of ids, name a check that exists? `tool/ffmpeg` is one of the family `tool/*`. */
export function knowsCheck(pattern: string): boolean {
	return checkIds.some((id) => (id.endsWith("/*") ? matchesId(id, pattern) : matchesId(pattern, id)));
}
