import type { HttpOutcome, HttpRequest } from "./host.ts";
import { requestOverSocket } from "./http-over-socket.ts";

/** One HTTP request over a unix socket or tcp, on a connection of its own. Never rejects. */
export async function request(wanted: HttpRequest): Promise<HttpOutcome> {
	const { to } = wanted;
	if ("socket" in to) return requestOverSocket(to.socket, wanted);
	// Node's own client is for the few runs that ask a server in the network: it takes long to load.
	const { requestOverTcp } = await import("./http-over-tcp.ts");
	return requestOverTcp(to, wanted);
}
