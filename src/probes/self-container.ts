import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** What the daemon says of the container that we run in: what the runner really did with its configuration. */
export interface SelfContainerFacts {
	/** `none`: on the host, or no engine to ask; `unknown`: asked, and it does not know us. */
	readonly state: "found" | "none" | "unknown";
	readonly id?: string;
	/** Image as the container was asked for, and its id and digests. */
	readonly image?: string;
	readonly imageId?: string;
	readonly imageDigests?: readonly string[];
	/** ISO 8601. */
	readonly imageCreated?: string;
	readonly imageLabels?: Readonly<Record<string, string>>;
	readonly user?: string;
	readonly privileged?: boolean;
	readonly binds?: readonly string[];
	readonly mounts?: readonly {
		readonly type: string;
		readonly source: string;
		readonly target: string;
		readonly writable: boolean;
	}[];
	readonly groups?: readonly string[];
	readonly runtime?: string;
	/** Driver, count and capabilities of each device request (`--gpus all`). */
	readonly deviceRequests?: readonly {
		readonly driver: string;
		readonly count: number;
		readonly deviceIds: readonly string[];
		readonly capabilities: readonly string[];
	}[];
	/** Names of the environment only where they steer the GPU: NVIDIA_VISIBLE_DEVICES, NVIDIA_DRIVER_CAPABILITIES, with values. */
	readonly nvidiaEnv?: Readonly<Record<string, string>>;
}

export const selfContainerProbe: Probe<SelfContainerFacts> = {
	name: "self-container",
	async collect(host: Host): Promise<SelfContainerFacts> {
		throw new Error(`not written yet: ${host.platform}`);
	},
};
