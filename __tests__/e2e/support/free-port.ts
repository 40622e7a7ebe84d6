import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** A port on which nobody listens on this machine, right now. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await once(server.listen(0), "listening");
	const { port } = server.address() as AddressInfo;
	await once(server.close(), "close");
	return port;
}
