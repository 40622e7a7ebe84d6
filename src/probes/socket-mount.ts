import type { Host } from "../host/host.ts";
import { dockerEndpointProbe } from "./docker-endpoint.ts";
import { type Mount, readMounts } from "./mountinfo.ts";
import type { Probe } from "./probe.ts";

/** How the Docker socket got to its path. */
export interface SocketMountFacts {
	/** The mount whose target is the socket itself, as in a job container; `undefined`: an ordinary file. */
	readonly mount?: Mount;
}

/** Source: /proc/self/mountinfo, which needs no daemon. */
export const socketMountProbe: Probe<SocketMountFacts> = {
	name: "socket-mount",
	async collect(host: Host, _request, _signal, ask): Promise<SocketMountFacts> {
		const { endpoint } = await ask(dockerEndpointProbe);
		if (endpoint.kind !== "unix") return {};
		const mount = await mountAt(host, endpoint.path);
		return mount ? { mount } : {};
	},
};

/** The mount whose target is the socket itself; the last one covers those before it. */
export async function mountAt(host: Host, socket: string): Promise<Mount | undefined> {
	// /var/run is a link to /run in most images, and the kernel names mount points without links.
	const [mounts, real] = await Promise.all([readMounts(host), host.realPath(socket)]);
	const places = [socket, real.kind === "ok" ? real.value : socket];
	return mounts?.filter(({ target }) => places.includes(target)).pop();
}
