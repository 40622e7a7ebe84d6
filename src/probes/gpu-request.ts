import type { Host } from "../host/host.ts";
import { dockerEngineProbe } from "./docker-engine.ts";
import type { Ask, Probe } from "./probe.ts";
import { type SelfContainerFacts, selfContainerProbe } from "./self-container.ts";

/** How this container was supposed to get a GPU, according to Docker. */
export interface GpuRequestFacts {
	/** `none`, `unknown`: as in `self-container`; `no-answer`: the engine did not answer in time, or could not be asked. */
	readonly state: SelfContainerFacts["state"] | "no-answer";
	readonly privileged?: boolean;
	readonly runtime?: string;
	readonly deviceRequests?: NonNullable<SelfContainerFacts["deviceRequests"]>;
	readonly nvidiaEnv?: Readonly<Record<string, string>>;
	/** Runtimes and CDI devices that the engine knows, if it runs this container and lists them. */
	readonly runtimes?: readonly string[];
	readonly cdiDevices?: readonly string[];
}

/**
 * Source: the answers of `self-container` and `docker-engine`. An engine that hangs or cannot be asked is an answer here, not a
 * failure: a GPU that is visible without Docker has to be judged anyway.
 */
export const gpuRequestProbe: Probe<GpuRequestFacts> = {
	name: "gpu-request",
	async collect(_host: Host, _request, _signal, ask: Ask): Promise<GpuRequestFacts> {
		const [self, engine] = await Promise.all([answerOf(ask, selfContainerProbe), answerOf(ask, dockerEngineProbe)]);
		if (!self) return { state: "no-answer" };
		if (self.state !== "found") return { state: self.state };
		const { privileged, runtime, deviceRequests, nvidiaEnv } = self;
		const info = engine?.info.kind === "ok" ? engine.info.value : undefined;
		return {
			state: self.state,
			...(privileged !== undefined && { privileged }),
			...(runtime !== undefined && { runtime }),
			...(deviceRequests && { deviceRequests }),
			...(nvidiaEnv && { nvidiaEnv }),
			...(info && { runtimes: info.runtimes, cdiDevices: info.cdiDevices }),
		};
	},
};

/** `undefined` if that probe failed, which its own checks report. */
async function answerOf<T>(ask: Ask, probe: Probe<T>): Promise<T | undefined> {
	try {
		return await ask(probe);
	} catch {
		return undefined;
	}
}
