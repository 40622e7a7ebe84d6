import type { Policy } from "../policy/policy.ts";
import { containerProbe } from "./container.ts";
import { disksProbe } from "./disks.ts";
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
 * Probes that take long: programs, and the engine. They get a head start, before the checks that need them are loaded. A probe
 * that is missing here is only a little later; one that no check needs would be in vain, and a test says so.
 */
export function earlyProbes(policy: Policy): readonly Probe<unknown>[] {
	const hasDocker = policy.docker.require !== "forbidden";
	const tools = Object.entries(policy.tools).filter(([name]) => hasDocker || name !== "docker");
	return [
		...tools.map(([name, { command }]) => toolProbe(name, versionCommand(name, command))),
		...(hasDocker ? [dockerEngineProbe, selfContainerProbe] : []),
		nvidiaProbe,
		disksProbe,
		...headProbes,
	];
}
