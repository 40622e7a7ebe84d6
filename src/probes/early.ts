import type { Policy } from "../policy/policy.ts";
import { containerProbe } from "./container.ts";
import { dockerEngineProbe } from "./docker-engine.ts";
import { jobProbe } from "./job.ts";
import { nvidiaProbe } from "./nvidia.ts";
import { osProbe } from "./os.ts";
import type { Probe } from "./probe.ts";
import { selfContainerProbe } from "./self-container.ts";
import { toolProbe } from "./tools.ts";
import { versionCommand } from "./version-command.ts";

/** Probes that the head of the report is written from, whatever the checks need. */
export const headProbes: readonly Probe<unknown>[] = [jobProbe, containerProbe, osProbe];

/**
 * Probes that start programs, which take longest. They are to be started before anything else, and left alone until they have
 * done so: every other probe would first keep this thread and the queue of the file system busy.
 */
export function programProbes(policy: Policy): readonly Probe<unknown>[] {
	const tools = Object.entries(policy.tools).filter(([name]) => name !== "docker" || hasDocker(policy));
	return [...tools.map(([name, { command }]) => toolProbe(name, versionCommand(name, command))), nvidiaProbe];
}

/**
 * Probes that are worth a head start, before the checks that need them are loaded: programs, and the engine, which has to think.
 * A probe that is missing here is only a little later; one that no check needs would be in vain, and a test says so.
 */
export function earlyProbes(policy: Policy): readonly Probe<unknown>[] {
	return [...programProbes(policy), ...(hasDocker(policy) ? [dockerEngineProbe, selfContainerProbe] : [])];
}

function hasDocker(policy: Policy): boolean {
	return policy.docker.require !== "forbidden";
}
