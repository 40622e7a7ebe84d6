import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** The Node that runs us. */
export interface NodeRuntimeFacts {
	/** Without the `v`. */
	readonly version: string;
	readonly path: string;
}

/** The oldest major version of Node that can run the checks. */
export const oldestNode = 16;

/** `22` of `22.11.0`. */
export function majorOf(version: string): number {
	return Number(version.split(".")[0]);
}

/** Source: the process itself. */
export const nodeRuntimeProbe: Probe<NodeRuntimeFacts> = {
	name: "node-runtime",
	async collect(host: Host): Promise<NodeRuntimeFacts> {
		return { version: host.nodeVersion, path: host.execPath };
	},
};
