import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** In a container or on the host, and with how much power. */
export interface ContainerFacts {
	readonly mode: "container" | "host" | "unknown";
	/** What showed it: `JOB_CONTAINER_NAME`, `/.dockerenv`, … */
	readonly witness: string;
	/** Effective capabilities as /proc/self/status has them, hexadecimal; `undefined`: could not find out. */
	readonly capabilities?: string;
	/** Names or ids under which the daemon may know this container, most trustworthy first. */
	readonly names: readonly string[];
}

export const containerProbe: Probe<ContainerFacts> = {
	name: "container",
	async collect(host: Host): Promise<ContainerFacts> {
		throw new Error(`not written yet: ${host.platform}`);
	},
};
