import type { Host } from "../host/host.ts";
import { dockerEngineProbe } from "./docker-engine.ts";
import type { Ask, Probe } from "./probe.ts";
import { type SelfContainerFacts, selfContainerProbe } from "./self-container.ts";

/** What Docker tells of how this container was to get a GPU. */
export interface GpuRequestFacts {
	/** `none`, `unknown`: as `self-container` has it; `no-answer`: the engine did not answer in time, or could not be asked. */
	readonly state: SelfContainerFacts["state"] | "no-answer";
	readonly privileged?: boolean;
	readonly runtime?: string;
	readonly deviceRequests?: NonNullable<SelfContainerFacts["deviceRequests"]>;
	readonly nvidiaEnv?: Readonly<Record<string, string>>;
	/** Runtimes and CDI devices that the engine knows, where it is the one that runs us and told. */
	readonly runtimes?: readonly string[];
	readonly cdiDevices?: readonly string[];
}

/**
 * Source: the answers of `self-container` and `docker-engine`. A witness like any other: an engine that hangs or cannot be
 * asked is an answer here and no failure, so that it keeps nobody from judging a GPU that can be seen without it.
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

/** `undefined` where that probe failed; its own checks say why. */
async function answerOf<T>(ask: Ask, probe: Probe<T>): Promise<T | undefined> {
	try {
		return await ask(probe);
	} catch {
		return undefined;
	}
}
