import { matchesId } from "../engine.ts";
import type { Policy } from "../policy/policy.ts";
import type { Check, Family } from "./check.ts";
import { dockerApiVersion } from "./docker/api-version.ts";
import { dockerCli } from "./docker/cli.ts";
import { dockerDaemon } from "./docker/daemon.ts";
import { dockerEndpoint } from "./docker/endpoint.ts";
import { dockerPlugins } from "./docker/plugins.ts";
import { dockerPresence } from "./docker/presence.ts";
import { dockerSocket } from "./docker/socket.ts";
import { gpuDriver } from "./gpu/driver.ts";
import { gpuInventory } from "./gpu/inventory.ts";
import { gpuPresence } from "./gpu/presence.ts";
import { gpuVisibility } from "./gpu/visibility.ts";
import { diskFree } from "./resources/disk-free.ts";
import { diskInodes } from "./resources/disk-inodes.ts";
import { fsWritable } from "./resources/fs-writable.ts";
import { runnerMode } from "./runner/mode.ts";
import { runnerPrivileged } from "./runner/privileged.ts";
import { runnerSummary } from "./runner/summary.ts";
import { runnerVersion } from "./runner/version.ts";
import { nodeRuntime } from "./toolchain/node-runtime.ts";
import { rustConsistency } from "./toolchain/rust-consistency.ts";
import { toolFamily } from "./toolchain/tool.ts";

/** Every check there is, in the order of the report. A new check is one line here. */
export const allChecks: readonly (Check | Family)[] = [
	runnerMode,
	runnerVersion,
	runnerSummary,
	runnerPrivileged,
	toolFamily,
	rustConsistency,
	nodeRuntime,
	dockerCli,
	dockerEndpoint,
	dockerSocket,
	dockerDaemon,
	dockerApiVersion,
	dockerPlugins,
	dockerPresence,
	gpuDriver,
	gpuVisibility,
	gpuInventory,
	gpuPresence,
	diskFree,
	diskInodes,
	fsWritable,
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
