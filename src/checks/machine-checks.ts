import type { Check, Family } from "./check.ts";
import { dockerApiVersion } from "./docker/api-version.ts";
import { dockerCli } from "./docker/cli.ts";
import { dockerClient } from "./docker/client.ts";
import { dockerDaemon } from "./docker/daemon.ts";
import { dockerEndpoint } from "./docker/endpoint.ts";
import { dockerPlugins } from "./docker/plugins.ts";
import { dockerPresence } from "./docker/presence.ts";
import { dockerSocket } from "./docker/socket.ts";
import { dockerSocketExposure } from "./docker/socket-exposure.ts";
import { dockerStorage } from "./docker/storage.ts";
import { dockerWarnings } from "./docker/warnings.ts";
import { dockerWorkspace } from "./docker/workspace.ts";
import { expectFamily } from "./expect/expect.ts";
import { gpuCuda } from "./gpu/cuda.ts";
import { gpuDriver } from "./gpu/driver.ts";
import { gpuInventory } from "./gpu/inventory.ts";
import { gpuPresence } from "./gpu/presence.ts";
import { gpuVisibility } from "./gpu/visibility.ts";
import { networkMtu } from "./network/mtu.ts";
import { networkProxy } from "./network/proxy.ts";
import { registryFamily } from "./network/registry.ts";
import { cpuCount } from "./resources/cpu-count.ts";
import { diskFree } from "./resources/disk-free.ts";
import { diskInodes } from "./resources/disk-inodes.ts";
import { fsMount } from "./resources/fs-mount.ts";
import { fsWritable } from "./resources/fs-writable.ts";
import { memoryAvailable } from "./resources/memory-available.ts";
import { openFiles } from "./resources/open-files.ts";
import { shmSize } from "./resources/shm-size.ts";
import { runnerCacheServer } from "./runner/cache-server.ts";
import { runnerImageFamily } from "./runner/image.ts";
import { runnerMode } from "./runner/mode.ts";
import { runnerPrivileged } from "./runner/privileged.ts";
import { runnerProfile } from "./runner/profile.ts";
import { runnerSecrets } from "./runner/secrets.ts";
import { runnerServer } from "./runner/server.ts";
import { runnerSummary } from "./runner/summary.ts";
import { runnerToolCache } from "./runner/tool-cache.ts";
import { runnerUser } from "./runner/user.ts";
import { runnerVersionFamily } from "./runner/version.ts";
import { serviceFamily } from "./service/service.ts";
import { smokeDocker } from "./smoke/docker.ts";
import { smokeGit } from "./smoke/git.ts";
import { smokeGpu } from "./smoke/gpu.ts";
import { smokeRust } from "./smoke/rust.ts";
import { gitWorkspace } from "./toolchain/git-workspace.ts";
import { nodeRuntime } from "./toolchain/node-runtime.ts";
import { rustBuild } from "./toolchain/rust-build.ts";
import { rustConsistency } from "./toolchain/rust-consistency.ts";
import { toolFamily } from "./toolchain/tool.ts";

/** The checks of a machine, in the order of the report. A new check is one line here. */
export const machineChecks: readonly (Check | Family)[] = [
	runnerMode,
	runnerProfile,
	runnerImageFamily,
	runnerVersionFamily,
	runnerSummary,
	runnerPrivileged,
	runnerSecrets,
	runnerUser,
	runnerServer,
	runnerCacheServer,
	runnerToolCache,
	toolFamily,
	gitWorkspace,
	rustBuild,
	rustConsistency,
	nodeRuntime,
	dockerCli,
	dockerClient,
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
	gpuCuda,
	gpuInventory,
	gpuPresence,
	diskFree,
	diskInodes,
	fsMount,
	fsWritable,
	memoryAvailable,
	cpuCount,
	shmSize,
	openFiles,
	networkProxy,
	networkMtu,
	registryFamily,
	serviceFamily,
	expectFamily,
	smokeDocker,
	smokeRust,
	smokeGit,
	smokeGpu,
];
