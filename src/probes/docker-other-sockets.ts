import type { Host } from "../host/host.ts";
import { within } from "./deadline.ts";
import { defaultSocket, dockerEndpointProbe, usualSockets } from "./docker-endpoint.ts";
import { askVersion, type EngineAnswer, type EngineVersion } from "./docker-engine.ts";
import type { Probe } from "./probe.ts";

/** A socket at a usual path, other than the one that the Docker CLI of this job uses. */
export interface OtherSocket {
	readonly path: string;
	readonly version: EngineAnswer<EngineVersion>;
}

/** A local socket answers at once, or hangs. */
const patienceMs = 2000;

/** Asks every other daemon that a job can reach by unsetting a variable. For profiles that forbid Docker. */
export const dockerOtherSocketsProbe: Probe<readonly OtherSocket[]> = {
	name: "docker-other-sockets",
	async collect(host, request, signal, ask) {
		const { endpoint } = await ask(dockerEndpointProbe);
		const used = endpoint.kind === "unix" ? await realPath(host, endpoint.path) : undefined;
		const sockets = new Map<string, string>();
		for (const path of [defaultSocket, ...(await usualSockets(host))]) {
			const real = await realPath(host, path);
			if (real !== used && !sockets.has(real) && (await host.stat(path)).kind === "socket") sockets.set(real, path);
		}
		return within(Math.min(request.timeoutMs, patienceMs), signal, (limited) =>
			Promise.all(
				[...sockets.values()].map(async (path) => {
					return { path, version: await askVersion(host, { kind: "unix", path }, limited) };
				}),
			),
		);
	},
};

async function realPath(host: Host, path: string): Promise<string> {
	const real = await host.realPath(path);
	return real.kind === "ok" ? real.value : path;
}
