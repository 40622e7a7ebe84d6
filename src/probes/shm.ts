import type { Host } from "../host/host.ts";
import type { Request } from "../request.ts";
import type { Probe } from "./probe.ts";

/** The file system at /dev/shm, which holds shared memory. */
export type ShmFacts =
	| {
			readonly kind: "measured";
			/** Bytes; 0: created without a limit. */
			readonly totalBytes: number;
			readonly freeBytes: number;
			/** `statfs` or `df`. */
			readonly source: string;
	  }
	| { readonly kind: "absent" }
	| { readonly kind: "unreadable"; readonly code: string }
	/** Other systems have shared memory elsewhere. */
	| { readonly kind: "not-linux" };

/** Source: statfs of /dev/shm (df on Node 16). */
export const shmProbe: Probe<ShmFacts> = {
	name: "shm",
	async collect(host: Host, _request: Request, signal: AbortSignal): Promise<ShmFacts> {
		if (host.platform !== "linux") return { kind: "not-linux" };
		const space = await host.space("/dev/shm", signal);
		if (space.kind !== "ok") return space;
		const { totalBytes, freeBytes, source } = space.value;
		return { kind: "measured", totalBytes, freeBytes, source };
	},
};
