import type { Host } from "../host/host.ts";
import type { Probe } from "./probe.ts";

/** How one request to the engine's API went. */
export type EngineAnswer<T> =
	| { readonly kind: "ok"; readonly value: T }
	/** It answered, with another status than 200. `body` is bounded. */
	| { readonly kind: "http-error"; readonly status: number; readonly body: string }
	/** It answered, but nothing that a Docker engine would say. */
	| { readonly kind: "not-docker"; readonly body: string }
	| { readonly kind: "failed"; readonly code: string; readonly message: string }
	| { readonly kind: "timed-out" }
	/** There is no endpoint to ask (no socket, an endpoint that we cannot speak to). */
	| { readonly kind: "no-endpoint" };

/** `GET /version` of the engine. Only what is judged or shown. */
export interface EngineVersion {
	readonly version: string;
	readonly apiVersion: string;
	readonly minApiVersion: string | undefined;
	readonly components: readonly { readonly name: string; readonly version: string }[];
	readonly server: string | undefined;
}

/** `GET /info` of the engine, without what could hold a secret (proxies, registry configuration, labels). */
export interface EngineInfo {
	readonly name: string;
	readonly operatingSystem: string;
	readonly driver: string;
	readonly dockerRootDir: string;
	readonly warnings: readonly string[];
	readonly runtimes: readonly string[];
	readonly defaultRuntime: string;
	/** CDI directories and discovered devices (`nvidia.com/gpu=all`), where the engine tells them. */
	readonly cdiDevices: readonly string[];
	readonly securityOptions: readonly string[];
	readonly cgroupDriver: string;
}

export interface EngineFacts {
	/** Where we asked: `unix:///var/run/docker.sock`, without credentials. */
	readonly endpoint: string;
	readonly version: EngineAnswer<EngineVersion>;
	readonly info: EngineAnswer<EngineInfo>;
}

export const dockerEngineProbe: Probe<EngineFacts> = {
	name: "docker-engine",
	async collect(host: Host): Promise<EngineFacts> {
		throw new Error(`not written yet: ${host.platform}`);
	},
};
