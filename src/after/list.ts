import type { Check } from "../checks/check.ts";
import { afterClock } from "./checks/clock.ts";
import { afterCpu } from "./checks/cpu.ts";
import { afterDocker } from "./checks/docker.ts";
import { afterFilesystem } from "./checks/filesystem.ts";
import { afterGpu } from "./checks/gpu.ts";
import { afterMemory } from "./checks/memory.ts";
import { afterNetwork } from "./checks/network.ts";
import { afterRunner } from "./checks/runner.ts";
import { afterDisk, afterInodes } from "./checks/space.ts";
import { afterTools } from "./checks/tools.ts";

/** Every check of the second look, in the order in which the sentence names a cause. */
export const afterChecks: readonly Check[] = [
	afterRunner,
	afterFilesystem,
	afterDisk,
	afterInodes,
	afterMemory,
	afterDocker,
	afterGpu,
	afterNetwork,
	afterCpu,
	afterClock,
	afterTools,
];
