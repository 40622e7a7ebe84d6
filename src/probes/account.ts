import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** The user and groups of this process. */
export interface AccountFacts {
	/** Effective; `undefined` on a platform without uids. */
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
