import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** Whom the kernel takes us for. */
export interface AccountFacts {
	/** Effective; `undefined` where the platform has none. */
	readonly uid?: number;
	readonly gid?: number;
	readonly groups: readonly number[];
}

export const accountProbe: Probe<AccountFacts> = {
	name: "account",
	async collect(host: Host): Promise<AccountFacts> {
		return {
			...(host.uid !== undefined && { uid: host.uid }),
			...(host.gid !== undefined && { gid: host.gid }),
			groups: host.groups.slice(0, 100),
		};
	},
};
